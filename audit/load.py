"""From the ledger's views and private values to the frames that rules see.

Reads one foundation in a handful of queries. A value that was erased is missing in the
frame, as if the bank had not said it.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from dataclasses import dataclass
from dataclasses import replace
from typing import TYPE_CHECKING
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import sqlalchemy as sa

from audit.frames import NEARLY_USED
from audit.frames import Context
from audit.frames import accounts_frame
from audit.frames import budgets_frame
from audit.frames import decisions_frame
from audit.frames import declarations_frame
from audit.frames import grants_frame
from audit.frames import payments_frame
from audit.frames import register_frame
from audit.frames import statements_frame
from audit.naming import fold
from audit.processors import ACCOUNTS
from ledger import tables
from ledger.commitment import SALT_BYTES
from ledger.entries.foundation.spending_declared import NO_ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Iterator
    from collections.abc import Mapping

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
IN_BATCH: sa.ColumnElement[bool] = tables.private_value.c.body.like('%"parts":["' + "_" * 2 * SALT_BYTES + '",[{%')
"""The condition that a line is a batch with parts.

Told from how private values are kept: the salt, then the value. A quote within a value is written otherwise.
"""
WITHOUT_ACCOUNT: sa.ColumnElement[bool] = tables.private_value.c.body.like(
    '%"iban":["' + "_" * 2 * SALT_BYTES + '",null]%'
)
"""The condition that the bank names no account on the other side of a line, as of its own charges."""
EVERY_LINE: sa.ColumnElement[bool] = sa.true()


def load_context(
    connection: sa.Connection,
    foundation: str,
    loaded_from: dt.date | None = None,
    as_of: dt.date | None = None,
    processors: Collection[str] = (),
) -> Context:
    """Return all that a rule sees of one foundation.

    Args:
        connection: One consistent state of the database.
        foundation: The foundation's id.
        loaded_from: Leaves out the payments booked before that day.
        as_of: The day on which it is judged; None for the day on which something was last recorded.
        processors: Accounts on which firms that pass payments on collect, beside those that the code knows.
    """
    table = tables.foundation
    row = connection.execute(sa.select(table).where(table.c.id == foundation)).one()
    recorded_at = connection.execute(sa.select(tables.log_head.c.recorded_at)).scalar_one()
    since = loaded_from or dt.date.min
    lines = (tables.movement.c.foundation == foundation, tables.movement.c.booked_on >= since)
    return Context(
        foundation=foundation,
        opened_on=_day(row.opened_at),
        as_of=as_of or _day(recorded_at or row.opened_at),
        approval_limit_minor=row.limit_minor,
        payments=payments_frame(_payments(connection, *lines)),
        register=register_frame(_register(connection, foundation)),
        decisions=decisions_frame(_decisions(connection, foundation)),
        statements=statements_frame(_statements(connection, foundation)),
        accounts=accounts_frame(_accounts(connection)),
        declarations=declarations_frame(_declarations(connection, foundation)),
        grants=grants_frame(_grants(connection, foundation)),
        budgets=budgets_frame(_budgets(connection, foundation)),
        kind=row.kind,
        closed_on=_day(row.closed_at) if row.closed_at else None,
        statement_every_days=row.statement_every_days,
        processors=ACCOUNTS.union(processors),
    )


def up_to(context: Context, day: dt.date) -> Context:
    """Return a context with the facts dated up to a day: what was booked or recorded later is left out."""
    last = pd.Timestamp(day)
    after = pd.Timestamp(dt.datetime.combine(day, dt.time.max, AMSTERDAM)).tz_convert("UTC")
    payments, statements = context.payments, context.statements
    register, decisions, accounts = context.register, context.decisions, context.accounts
    links = context.budgets["links"].map(lambda links: tuple(link for link in links if link[2] <= day))
    return replace(
        context,
        as_of=day,
        budgets=context.budgets.assign(links=links.astype(object)),
        payments=payments[payments["booked_on"] <= last],
        statements=statements[~(statements["closing_date"] > last)],
        register=register[register["proposed_at"] <= after],
        decisions=decisions[~(decisions["recorded_at"] > after)],
        accounts=accounts[accounts["declared_at"] <= after],
    )


def _day(instant: dt.datetime) -> dt.date:
    """Return the day in Amsterdam on which an instant fell."""
    return instant.astimezone(AMSTERDAM).date()


@dataclass(frozen=True, slots=True)
class Days:
    """Days of a foundation of which payments are loaded, up to the day before the last."""

    foundation: str
    since: dt.date
    before: dt.date

    @property
    def lines(self) -> tuple[sa.ColumnElement[bool], ...]:
        """Return the condition that a line of these days fulfils."""
        line = tables.movement
        return (line.c.foundation == self.foundation, line.c.booked_on >= self.since, line.c.booked_on < self.before)


def load_payments(connection: sa.Connection, days: Days, which: sa.ColumnElement[bool] = EVERY_LINE) -> pd.DataFrame:
    """Return the payments of some days: all, or those that a condition holds for.

    Returns:
        Columns as in `audit.frames.PAYMENTS`.
    """
    return payments_frame(_payments(connection, *days.lines, which))


def paid_to(payees: Collection[str]) -> sa.ColumnElement[bool]:
    """Return the condition that a line went to one of these payees, or to nobody that the register knew."""
    counter = tables.movement.c.private_counter
    return sa.or_(counter.is_(None), counter.in_([f"payee:{payee}" for payee in payees]))


def of_amounts(amounts: Collection[int]) -> sa.ColumnElement[bool]:
    """Return the condition that a line, but no batch, is of one of these amounts (minor units), paid or come back."""
    either = [sign * amount for amount in amounts for sign in (-1, 1)]
    return sa.and_(tables.movement.c.amount_minor.in_(either), IN_BATCH.is_not(sa.true()))


def _payments(connection: sa.Connection, *which: sa.ColumnElement[bool]) -> Iterator[Mapping[str, object]]:
    """Yield the rows of the payments frame: what a bank booked, not what a district declares without one."""
    movement, private = tables.movement, tables.private_value
    lines = sa.and_(movement.c.account != NO_ACCOUNT, *which)
    allocations = _allocations(connection, lines)
    columns = (movement, private.c.body.label("kept"))
    query = sa.select(*columns).outerjoin(private, private.c.idx == movement.c.idx).where(lines)
    for row in connection.execute(query.order_by(movement.c.seq).execution_options(yield_per=1000)):
        said = _said(row.kept)
        refs, code = said.get("refs") or {}, said.get("code") or {}
        yield {
            "seq": row.seq,
            "statement": row.statement,
            "account": row.account,
            "booked_on": row.booked_on,
            "amount_minor": row.amount_minor,
            "currency": row.currency,
            "name": said.get("name"),
            "iban": said.get("iban"),
            "text": said.get("text"),
            "creditor_id": refs.get("creditor"),
            "mandate": refs.get("mandate"),
            "type_code": code.get("type"),
            "counter": row.private_counter,
            "parts": tuple(_part(part) for part in said.get("parts") or ()),
            "allocations": tuple(allocations.get(row.seq, ())),
            "corrects": row.corrects,
        }


def _said(kept: str | None) -> dict[str, Any]:
    """Return what the bank said of a line, as far as it still exists; whether it is written well, `verify` tells."""
    return {name: value for name, (_, value) in json.loads(kept).items()} if kept else {}


def _part(part: Mapping[str, object]) -> dict[str, object]:
    """Return one payment of a batch."""
    return {"amount_minor": part["amount"], "name": part["name"], "iban": part["iban"], "text": part["text"]}


def _allocations(connection: sa.Connection, lines: sa.ColumnElement[bool]) -> dict[int, list[tuple[str, int, int]]]:
    """Return what each of these lines counts for."""
    table, line, private = tables.allocation, tables.movement, tables.private_value
    match = sa.and_(table.c.foundation == line.c.foundation, table.c.seq == line.c.seq, table.c.undone.is_(False))
    columns = (table.c.seq, table.c.initiative, table.c.category, table.c.amount_minor)
    query = sa.select(*columns).join(line, match).outerjoin(private, private.c.idx == line.c.idx).where(lines)
    found: dict[int, list[tuple[str, int, int]]] = defaultdict(list)
    for row in connection.execute(query.order_by(table.c.idx, table.c.item)):
        found[row.seq].append((row.initiative, row.category, row.amount_minor))
    return found


def _register(connection: sa.Connection, foundation: str) -> Iterator[Mapping[str, object]]:
    """Yield the rows of the register frame: one per payee and IBAN."""
    table = tables.payee
    for row in connection.execute(sa.select(table).where(table.c.foundation == foundation).order_by(table.c.idx)):
        for iban in row.private_ibans or (None,):
            yield {
                "payee": row.id,
                "foundation": row.foundation,
                "name": row.private_name,
                "iban": iban,
                "kvk": row.private_kvk,
                "kind": row.private_kind,
                "status": row.status,
                "proposed_by": row.proposed_by,
                "approved_by": (row.approved_by,) if row.approved_by else (),
                "proposed_at": row.proposed_at,
                "approved_at": row.approved_at,
                "revoked_at": row.revoked_at,
                "basis": row.basis,
                "starts": row.starts,
            }


def _decisions(connection: sa.Connection, foundation: str) -> Iterator[Mapping[str, object]]:
    """Yield the rows of the decisions frame."""
    table = tables.decision
    for row in connection.execute(sa.select(table).where(table.c.foundation == foundation).order_by(table.c.idx)):
        yield {
            "id": row.id,
            "entry": row.idx,
            "payee": row.private_payee,
            "ceiling_minor": row.ceiling_minor,
            "month_ceiling_minor": row.month_ceiling_minor,
            "initiative": row.initiative,
            "category": row.category,
            "starts": row.starts,
            "ends": row.ends,
            "decided_on": row.decided_on,
            "proposed_by": row.proposed_by,
            "approved_by": tuple(dict.fromkeys((row.proposed_by, row.approved_by))) if row.approved_by else (),
            "recorded_at": row.approved_at,
            "withdrawn_at": row.withdrawn_at,
            "basis": row.basis,
            "purpose": row.private_purpose,
        }


def _statements(connection: sa.Connection, foundation: str) -> Iterator[Mapping[str, object]]:
    """Yield the rows of the statements frame."""
    table = tables.statement
    last = _last_days(connection, foundation)
    for row in connection.execute(sa.select(table).where(table.c.foundation == foundation).order_by(table.c.seq)):
        yield {
            "seq": row.seq,
            "account": row.account,
            "number": row.private_number,
            "opening_date": row.opened_on,
            "opening_minor": row.opening_minor,
            "closing_date": row.closed_on,
            "closing_minor": row.closing_minor,
            "channel": row.channel,
            "accepted": row.accepted,
            "problems": tuple(row.problems),
            "last_on": row.closed_on or last.get(row.seq),
        }


def _last_days(connection: sa.Connection, foundation: str) -> dict[int, dt.date]:
    """Return the day of the last line of each statement that states no day itself."""
    table, line = tables.statement, tables.movement
    mine = (line.c.foundation == table.c.foundation, line.c.statement == table.c.seq)
    day = sa.select(sa.func.max(line.c.booked_on)).where(*mine).scalar_subquery().label("day")
    silent = sa.select(table.c.seq, day).where(table.c.foundation == foundation, table.c.closed_on.is_(None))
    return {row.seq: row.day for row in connection.execute(silent) if row.day is not None}


def _accounts(connection: sa.Connection) -> Iterator[Mapping[str, object]]:
    """Yield the rows of the accounts frame: every foundation's, so that transfers are seen."""
    table, entry, private = tables.account, tables.entry, tables.private_value
    query = (
        sa.select(table, entry.c.seq, private.c.body.label("kept"))
        .join(entry, entry.c.idx == table.c.idx)
        .outerjoin(private, private.c.idx == table.c.idx)
        .order_by(table.c.idx)
    )
    for row in connection.execute(query):
        viewers = _said(row.kept).get("viewers")
        yield {
            "id": row.id,
            "iban": row.private_iban,
            "declared_at": row.declared_at,
            "closed_at": row.closed_at,
            "foundation": row.foundation,
            "seq": row.seq,
            "mandate": row.mandate,
            "viewers": len(viewers) if isinstance(viewers, list) else None,
        }


def _grants(connection: sa.Connection, foundation: str) -> Iterator[Mapping[str, object]]:
    """Yield the rows of the grants frame: the foundation's, and those of the initiatives that it pays for."""
    grant, link, payer = tables.grant_award, tables.initiative_grant, tables.initiative_payer
    linked: dict[str, list[str]] = defaultdict(list)
    links = sa.select(link).join(payer, payer.c.initiative == link.c.initiative)
    for row in connection.execute(links.where(payer.c.foundation == foundation).order_by(link.c.initiative)):
        linked[row.grant_award].append(row.initiative)
    mine = sa.or_(grant.c.foundation == foundation, grant.c.id.in_(list(linked)))
    for row in connection.execute(sa.select(grant).where(mine).order_by(grant.c.idx)):
        own = [row.initiative] if row.initiative else []
        yield {
            "id": row.id,
            "foundation": row.foundation,
            "initiatives": tuple(dict.fromkeys([*linked[row.id], *own])),
            "amount_minor": row.amount_minor,
            "starts": row.starts,
            "ends": row.ends,
            "closed_at": row.closed_at,
        }


def _budgets(connection: sa.Connection, foundation: str) -> Iterator[Mapping[str, object]]:
    """Yield the rows of the budgets frame: the lines of the initiatives that a foundation pays for."""
    line, payer = tables.budget_line, tables.initiative_payer
    query = sa.select(line).join(payer, payer.c.initiative == line.c.initiative)
    mine = query.where(payer.c.foundation == foundation).order_by(line.c.initiative, line.c.category)
    rows = connection.execute(mine).all()
    spent = _spent(connection, sorted({row.initiative for row in rows}))
    nearly_used = [
        (row.initiative, row.category)
        for row in rows
        if 100 * spent.get((row.initiative, row.category), 0) >= NEARLY_USED * row.amount_minor
    ]
    links = _links(connection, nearly_used)
    for row in rows:
        yield {
            "initiative": row.initiative,
            "category": row.category,
            "amount_minor": row.amount_minor,
            "starts": row.starts,
            "ends": row.ends,
            "links": tuple(links.get((row.initiative, row.category), ())),
        }


def _spent(connection: sa.Connection, initiatives: list[str]) -> dict[tuple[str, int], int]:
    """Return what was spent less refunded, by initiative and category."""
    table = tables.category_month
    spent = sa.func.sum(table.c.spent_minor - table.c.refunded_minor).label("minor")
    query = sa.select(table.c.initiative, table.c.category, spent).where(table.c.initiative.in_(initiatives))
    rows = connection.execute(query.group_by(table.c.initiative, table.c.category))
    return {(row.initiative, row.category): int(row.minor) for row in rows}


def _links(
    connection: sa.Connection, lines: list[tuple[str, int]]
) -> dict[tuple[str, int], list[tuple[str, int, dt.date, int]]]:
    """Return what was counted for budget lines, in order of booking."""
    table, wanted = tables.allocation, set(lines)
    query = sa.select(
        table.c.initiative, table.c.category, table.c.foundation, table.c.seq, table.c.booked_on, table.c.amount_minor
    ).where(table.c.initiative.in_({initiative for initiative, _ in lines}), table.c.undone.is_(False))
    found: dict[tuple[str, int], list[tuple[str, int, dt.date, int]]] = defaultdict(list)
    for row in connection.execute(query.order_by(table.c.booked_on, table.c.movement, table.c.item)):
        if (row.initiative, row.category) in wanted:
            found[row.initiative, row.category].append((row.foundation, row.seq, row.booked_on, row.amount_minor))
    return found


def _declarations(connection: sa.Connection, foundation: str) -> Iterator[Mapping[str, object]]:
    """Yield the rows of the declarations frame: one per person and IBAN.

    A declaration names somebody; who has an account here is known by id, as in approvals.
    """
    table = tables.declaration
    people = {
        _bare(row.name): row.id for row in connection.execute(sa.select(tables.person.c.name, tables.person.c.id))
    }
    for row in connection.execute(sa.select(table).where(table.c.foundation == foundation).order_by(table.c.idx)):
        for iban in row.private_ibans or (None,):
            yield {
                "id": row.id,
                "name": row.private_person,
                "person": people.get(_bare(row.private_person or ""), row.private_person),
                "relation": row.private_relation or "related",
                "iban": iban,
                "declared_at": row.declared_at,
            }


def _bare(name: str) -> str:
    """Return a name without case, accents and spaces."""
    return "".join(fold(name).split())
