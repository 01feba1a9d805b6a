"""The statements of a foundation: who brought each, and whether somebody else has seen it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from dashboards.work.confirming import DIFFERS
from ledger import tables
from ledger.entry import read_entry

if TYPE_CHECKING:
    import datetime as dt
    from typing import Any

MOST = 60
"""How many are listed: five years of months for one account."""


@dataclass(frozen=True, slots=True)
class Brought:
    """A statement in the book.

    Attributes:
        account: The account's number, as its own people know it.
        by: Ids of who brought it; nobody for a delivery or a command without a name.
        differs: It says other things than somebody else's file of the same days.
        seen_by: Who brought the same after that; None while nobody did.
    """

    seq: int
    account: str
    opened_on: dt.date | None
    closed_on: dt.date | None
    closing_minor: int | None
    currency: str
    channel: str
    by: tuple[str, ...]
    at: dt.datetime
    differs: bool
    seen_by: str | None
    seen_at: dt.datetime | None

    def waits_for(self, person: str) -> bool:
        """Tell whether somebody can be the second to see it."""
        return bool(self.by) and person not in self.by and self.seen_by is None and not self.differs


def brought(connection: sa.Connection, foundation: str) -> list[Brought]:
    """Return the newest statements of a foundation, the newest first."""
    table, entry, account = tables.statement, tables.entry, tables.account
    query = (
        sa.select(table, entry.c.body, account.c.private_iban)
        .join(entry, entry.c.idx == table.c.idx)
        .join(account, account.c.id == table.c.account)
        .where(table.c.foundation == foundation)
        .order_by(sa.func.coalesce(table.c.closed_on, table.c.opened_on).desc(), table.c.seq.desc())
        .limit(MOST)
    )
    rows = connection.execute(query).all()
    seen = _seen(connection, foundation)
    return [_brought(row, seen.get(row.seq)) for row in rows]


def _seen(connection: sa.Connection, foundation: str) -> dict[int, sa.Row[Any]]:
    """Return the first confirmation of each statement."""
    table = tables.confirmation
    query = sa.select(table).where(table.c.foundation == foundation).order_by(table.c.idx.desc())
    return {row.statement: row for row in connection.execute(query)}


def _brought(row: sa.Row[Any], seen: sa.Row[Any] | None) -> Brought:
    return Brought(
        seq=row.seq,
        account=row.private_iban or "",
        opened_on=row.opened_on,
        closed_on=row.closed_on,
        closing_minor=row.closing_minor,
        currency=row.currency,
        channel=row.channel,
        by=tuple(read_entry(row.idx, row.body).by),
        at=row.recorded_at,
        differs=DIFFERS in row.problems,
        seen_by=seen.by if seen else None,
        seen_at=seen.at if seen else None,
    )
