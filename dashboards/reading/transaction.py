"""A payment's page: one line of the bank with what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import sqlalchemy as sa

from dashboards.pages.reader import PageMissing
from dashboards.pages.transaction import DecisionCover
from dashboards.pages.transaction import OtherLine
from dashboards.pages.transaction import StatementReference
from dashboards.pages.transaction import TransactionPage
from dashboards.reading.covering import cover_of
from dashboards.reading.lines import PUBLIC
from dashboards.reading.lines import parts_of
from dashboards.reading.lines import payees_of
from dashboards.reading.links import foundation_links
from dashboards.reading.links import must_find
from dashboards.reading.looks import look_at
from dashboards.reading.proofs import newest_signed
from dashboards.reading.proofs import prove
from dashboards.reading.receipts import receipt_of
from ledger import tables
from ledger.entries.foundation.spending_declared import NO_ACCOUNT
from ledger.entries.foundation.transaction import PAID

if TYPE_CHECKING:
    import datetime as dt

    from dashboards.reading.state import State


NOT_JUDGED = DecisionCover(state="not_judged")
"""What no bank booked, the rules do not look at."""


def transaction(state: State, slug: str, seq: int) -> TransactionPage:
    """Return a payment's page.

    Raises:
        PageMissing: There is no such payment.
    """
    connection = state.connection
    foundation = must_find(connection, tables.foundation, slug)
    row = _movement(connection, foundation, seq)
    link = foundation_links(connection, {foundation})[foundation]
    parts = parts_of(connection, [row.idx]).get(row.idx, [])
    decision, decided = NOT_JUDGED, None
    if row.account != NO_ACCOUNT:
        decision, decided = cover_of(connection, row, _purposes(connection, foundation, seq))
    return TransactionPage(
        foundation=link,
        seq=seq,
        booked_on=row.booked_on,
        valued_on=row.valued_on,
        amount_minor=row.amount_minor,
        currency=row.currency,
        payee=payees_of(connection, [row])[row.idx],
        parts=tuple(parts),
        purpose=row.text or (decided.purpose if decided else None),
        spending=row.kind == PAID,
        decision=decision,
        receipt=receipt_of(row),
        statement=_statement(connection, row),
        corrects=_other(connection, foundation, row.corrects),
        corrected_by=_other(connection, foundation, row.corrected_by),
        looked_at=look_at(connection, link, row.idx),
        proof=prove(connection, newest_signed(state.installation), row.idx),
    )


def _movement(connection: sa.Connection, foundation: str, seq: int) -> sa.Row[Any]:
    movement = tables.movement
    query = sa.select(*PUBLIC).where(movement.c.foundation == foundation, movement.c.seq == seq)
    row = connection.execute(query).first()
    if row is None:
        raise PageMissing
    return row


def _other(connection: sa.Connection, foundation: str, seq: int | None) -> OtherLine | None:
    """Return the line that corrects this one, or that this one corrects."""
    if seq is None:
        return None
    movement = tables.movement
    query = sa.select(movement.c.booked_on).where(movement.c.foundation == foundation, movement.c.seq == seq)
    return OtherLine(seq=seq, booked_on=connection.execute(query).scalar_one())


def _purposes(connection: sa.Connection, foundation: str, seq: int) -> list[tuple[str, int]]:
    part = tables.allocation
    query = sa.select(part.c.initiative, part.c.category).where(
        part.c.foundation == foundation, part.c.seq == seq, part.c.undone.is_(False)
    )
    return [(initiative, category) for initiative, category in connection.execute(query)]


def _statement(connection: sa.Connection, movement: sa.Row[Any]) -> StatementReference:
    """Return where the line stands in the bank's statement; the bank's own number is not public."""
    day: dt.date = movement.booked_on
    if movement.account == NO_ACCOUNT:
        return StatementReference(number=None, line=0, from_date=day, to_date=day, channel="declared")
    table, seen = tables.statement, tables.confirmation
    twice = sa.exists().where(seen.c.foundation == table.c.foundation, seen.c.statement == table.c.seq)
    query = sa.select(table.c.opened_on, table.c.closed_on, table.c.channel, twice.label("seen")).where(
        table.c.foundation == movement.foundation, table.c.seq == movement.statement
    )
    row = connection.execute(query).one()
    return StatementReference(
        number=None,
        line=movement.line,
        from_date=row.opened_on or day,
        to_date=row.closed_on or day,
        channel=row.channel,
        seen=bool(row.seen),
    )
