"""From which day on a foundation has to be looked at again after a booking.

What was booked changes nothing about earlier days, so that only payments and statements from
its first day on are judged again. They are judged with everything that they depend on: the
payments that used up the same decisions, and the lines back to the balance before.

A rule may look back no further than that: to the first day of a decision that is still in force, or
to the last balance. One that looks further back has to widen `loaded_from`. Whatever else was
recorded (a declaration, a withdrawal, an account) may change any judgement: then everything is
looked at again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from ledger import tables
from ledger.entry import foundation_book

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    import pandas as pd

    from audit.frames import Context
    from audit.rule import Hit

NARROW = frozenset({
    "statement", "transaction", "disclosed", "payee proposed", "payee approved", "decision proposed",
    "decision approved", "flag raised", "flag taken up", "flag answered", "flag ruled", "flag escalated",
    "flag confirmed", "flag closed", "flag reopened", "statement confirmed", "question", "answer", "text released",
})  # fmt: skip
"""Types of entries in a foundation's book that change no judgement about earlier days.

An approval counts for what is booked after it was recorded.
"""


@dataclass(frozen=True, slots=True)
class Window:
    """The days that are judged again, and those that are loaded for it."""

    judged_from: dt.date
    loaded_from: dt.date

    def of(self, hits: Sequence[Hit], context: Context) -> list[Hit]:
        """Return the hits about days that are judged again."""
        days = {**_days(context.payments, "booked_on"), **_days(context.statements, "opening_date")}
        early = {seq for seq, day in days.items() if day < self.judged_from}
        return [hit for hit in hits if early.isdisjoint(hit.subjects)]


def window_since(connection: sa.Connection, foundation: str, size: int) -> Window | None:
    """Return what to look at after a log size; None for everything.

    Args:
        size: Up to where the rules have looked at this foundation.
    """
    if not size or _changed_otherwise(connection, foundation, size):
        return None
    judged_from = _first_day(connection, foundation, size)
    if judged_from is None:
        return None
    starts = _decisions_start(connection, foundation, judged_from)
    balances = _balances_before(connection, foundation, judged_from)
    return Window(judged_from, min([judged_from, *starts, *balances]))


def _changed_otherwise(connection: sa.Connection, foundation: str, size: int) -> bool:
    """Tell whether something was recorded since that may change judgements about earlier days."""
    entry = tables.entry
    own = sa.and_(entry.c.book == foundation_book(foundation), entry.c.type.not_in(NARROW))
    undone = entry.c.type == "deallocation"
    query = sa.select(entry.c.idx).where(entry.c.idx >= size, sa.or_(own, undone)).limit(1)
    return connection.execute(query).first() is not None


def _first_day(connection: sa.Connection, foundation: str, size: int) -> dt.date | None:
    """Return the first day that bookings or links since a log size are about."""
    movement, statement, allocation = tables.movement, tables.statement, tables.allocation
    linked = sa.and_(movement.c.foundation == allocation.c.foundation, movement.c.seq == allocation.c.seq)
    queries = (
        sa.select(sa.func.min(movement.c.booked_on)).where(movement.c.foundation == foundation, movement.c.idx >= size),
        sa.select(sa.func.min(statement.c.opened_on)).where(
            statement.c.foundation == foundation, statement.c.idx >= size
        ),
        sa.select(sa.func.min(movement.c.booked_on))
        .join(allocation, linked)
        .where(allocation.c.foundation == foundation, allocation.c.idx >= size),
    )
    days = (connection.execute(query).scalar() for query in queries)
    return min((day for day in days if day is not None), default=None)


def _decisions_start(connection: sa.Connection, foundation: str, judged_from: dt.date) -> list[dt.date]:
    """Return the first days of the decisions that may be used up on the days that are judged again."""
    table = tables.decision
    query = sa.select(table.c.starts).where(table.c.foundation == foundation, table.c.ends >= judged_from)
    return list(connection.execute(query).scalars())


def _balances_before(connection: sa.Connection, foundation: str, judged_from: dt.date) -> list[dt.date]:
    """Return, for each account, the day of the last balance that was stated before."""
    table = tables.statement
    query = (
        sa.select(sa.func.max(table.c.closed_on))
        .where(table.c.foundation == foundation, table.c.opened_on < judged_from, table.c.closed_on.is_not(None))
        .group_by(table.c.account)
    )
    return list(connection.execute(query).scalars())


def _days(frame: pd.DataFrame, column: str) -> dict[int, dt.date]:
    """Return the day of each row that has one, by its place in the book."""
    dated = frame[frame[column].notna()]
    return dict(zip(dated["seq"].tolist(), dated[column].dt.date.tolist(), strict=True))
