"""From which day on a foundation has to be looked at again after a booking.

What was booked changes nothing about days further back than a rule reaches (`Rule.reach`), so that
only hits about later days are judged again. They are judged with everything that they depend on: the
lines back to the balance before, and the payments that used up the same decisions, which are few where
each decision names its payee, so that an upload does not cost more in a larger book. Hits about something
without a day, and those of rules that do not look at payments, are judged each time.

Whatever else was recorded (a declaration, a withdrawal, an account, a budget, a grant) may change any
judgement: then everything is looked at again.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import sqlalchemy as sa

from audit.load import load_context
from audit.load import load_earlier
from audit.payees import register_of
from audit.rules import RULES
from audit.spending import spending
from ledger import tables
from ledger.entry import DISTRICT
from ledger.entry import foundation_book

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping

    from audit.frames import Context
    from audit.rule import Hit

NARROW = frozenset({
    "statement", "transaction", "disclosed", "payee proposed", "payee approved", "decision proposed",
    "decision approved", "flag raised", "flag taken up", "flag answered", "flag ruled", "flag escalated",
    "flag confirmed", "flag closed", "flag reopened", "flag judged again", "statement confirmed", "question",
    "answer", "text released",
})  # fmt: skip
"""Types of entries in a foundation's book that change no judgement about earlier days.

An approval counts for what is booked after it was recorded. That it came too late for an earlier payment (PAY-06) is
found by the day's look at everything, which can wait: an upload should not cost more because somebody approved.
"""
PLANS = ("changed", "closed", "budget set", "deallocation")
"""Types of entries in an initiative's book that may change judgements about earlier days."""
GRANTS = ("grant awarded", "grant changed", "grant closed", "rule parameter set")
"""The same, in the district's book."""
FURTHEST = dt.timedelta(days=max(rule.reach or 0 for rule in RULES.values()))
"""How far back any rule reaches over payments."""
MOST_PAYEES = 1_000
"""Payees whose earlier payments are asked for by name; of more, everybody's are."""
AROUND = 3
"""What is judged again begins once that far before the booking. What such a hit is about begins twice that far
before it, and what changes that, three times."""


@dataclass(frozen=True, slots=True)
class Window:
    """The days that something was booked about, and those that are loaded to judge it.

    Attributes:
        booked_from: The first day that something was booked about.
        near_from: The first day whose payments are all loaded for any rule.
        far_from: The same, for the rules that reach further back.
        used_from: The first day whose payments are loaded where they went to those who are paid from `booked_from`.
    """

    booked_from: dt.date
    near_from: dt.date
    far_from: dt.date
    used_from: dt.date


@dataclass(frozen=True, slots=True)
class Loaded:
    """A foundation as it was loaded for a run: for most rules, and for those that reach further back.

    Attributes:
        near: With the payments of the window, and earlier ones that used up the same decisions.
        far: With all payments of the window and of the days before it, as far back as any rule reaches.
    """

    near: Context
    far: Context

    def hits(self) -> Iterator[Hit]:
        """Yield the hits of all rules, also those out of scope."""
        for rule in RULES.values():
            yield from rule.run(self.far if rule.reach else self.near)


@dataclass(frozen=True, slots=True)
class Scope:
    """What of a foundation a run looks at: all of it, or a window.

    Attributes:
        days: With a window, the day of each payment that was loaded and of each statement that states one, by its
            place in the book.
        statements: With a window, the places of all statements.
    """

    foundation: str
    window: Window | None = None
    days: Mapping[int, dt.date] = field(default_factory=dict)
    statements: tuple[int, ...] = ()

    def reaches(self, rule: str, about: Iterable[int]) -> bool:
        """Tell whether a hit of a rule about these places is judged again."""
        reach = RULES[rule].reach
        if self.window is None or reach is None:
            return True
        last = max((self.days[seq] for seq in about if seq in self.days), default=None)
        return last is None or last >= self.window.booked_from - dt.timedelta(days=reach)

    def places(self, connection: sa.Connection) -> list[int] | None:
        """Return the places, in order, one of which each hit that is judged again is about; None for all."""
        if self.window is None:
            return None
        first = self.window.booked_from - FURTHEST
        entry, account = tables.entry, tables.account
        declared = sa.select(entry.c.seq).join(account, account.c.idx == entry.c.idx)
        accounts = connection.execute(declared.where(account.c.foundation == self.foundation)).scalars()
        dated = (seq for seq, day in self.days.items() if day >= first)
        return sorted({*dated, *self.statements, *accounts})


def scope_of(loaded: Loaded, window: Window | None) -> Scope:
    """Return what of a foundation is looked at, given what was loaded for that."""
    context = loaded.far
    if window is None:
        return Scope(context.foundation)
    days = {**_days(context.payments, "booked_on"), **_days(context.statements, "opening_date")}
    return Scope(context.foundation, window, days, tuple(context.statements["seq"].tolist()))


def window_since(connection: sa.Connection, foundation: str, size: int) -> Window | None:
    """Return what to look at after a log size; None for everything.

    Args:
        size: Up to where the rules have looked at this foundation.
    """
    if not size or _changed_otherwise(connection, foundation, size):
        return None
    booked_from = _first_day(connection, foundation, size)
    if booked_from is None:
        return None
    small, named = _decisions_start(connection, foundation, booked_from)
    balances = _balances_before(connection, foundation, booked_from)
    near_from = min([booked_from, *small, *balances])
    return Window(booked_from, near_from, booked_from - AROUND * FURTHEST, min([near_from, *named]))


def load_window(connection: sa.Connection, foundation: str, window: Window | None, as_of: dt.date) -> Loaded:
    """Load the payments that a window needs, or all, to be judged as of a day."""
    if window is None:
        whole = load_context(connection, foundation, as_of=as_of)
        return Loaded(whole, whole)
    far = load_context(connection, foundation, min(window.far_from, window.near_from), as_of)
    near = replace(far, payments=far.payments[far.payments["booked_on"] >= pd.Timestamp(window.near_from)])
    if window.used_from == window.near_from:
        return Loaded(near, far)
    payees = _paid_since(near, window.booked_from)
    if len(payees) > MOST_PAYEES:
        return Loaded(load_context(connection, foundation, window.used_from, as_of), far)
    earlier = load_earlier(connection, foundation, window.used_from, window.near_from, payees)
    return Loaded(replace(near, payments=pd.concat([earlier, near.payments], ignore_index=True)), far)


def _paid_since(context: Context, day: dt.date) -> frozenset[str]:
    """Return the payees to whom the payments from a day on, or others through the same accounts, can have gone."""
    later = context.payments[context.payments["booked_on"] >= pd.Timestamp(day)]
    register = register_of(context)
    shares = (share for payment in spending(replace(context, payments=later)) for share in payment.shares)
    return register.accounts_shared_with({payee for share in shares for payee in register.payees(share)})


def _changed_otherwise(connection: sa.Connection, foundation: str, size: int) -> bool:
    """Tell whether something was recorded since that may change judgements about earlier days."""
    entry, payer = tables.entry, tables.initiative_payer
    plans = sa.select(sa.literal("initiative/") + payer.c.initiative).where(payer.c.foundation == foundation)
    changes = (
        sa.and_(entry.c.book == foundation_book(foundation), entry.c.type.not_in(NARROW)),
        sa.and_(entry.c.book == DISTRICT, entry.c.type.in_(GRANTS)),
        sa.and_(entry.c.book.in_(plans.scalar_subquery()), entry.c.type.in_(PLANS)),
    )
    query = sa.select(entry.c.idx).where(entry.c.idx >= size, sa.or_(*changes)).limit(1)
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


def _decisions_start(
    connection: sa.Connection, foundation: str, booked_from: dt.date
) -> tuple[list[dt.date], list[dt.date]]:
    """Return since when decisions that may be used up on the days that are judged again are used.

    Those for small expenses first, of which one with a ceiling for each month begins anew; then those with a payee.
    """
    table = tables.decision
    query = sa.select(table.c.starts, table.c.private_payee, table.c.month_ceiling_minor)
    rows = connection.execute(query.where(table.c.foundation == foundation, table.c.ends >= booked_from)).all()
    month = booked_from.replace(day=1)
    small = (row for row in rows if row.private_payee is None)
    return (
        [row.starts if row.month_ceiling_minor is None else max(row.starts, month) for row in small],
        [row.starts for row in rows if row.private_payee is not None],
    )


def _balances_before(connection: sa.Connection, foundation: str, booked_from: dt.date) -> list[dt.date]:
    """Return, for each account, the day of the last balance that was stated before."""
    table = tables.statement
    query = (
        sa.select(sa.func.max(table.c.closed_on))
        .where(table.c.foundation == foundation, table.c.opened_on < booked_from, table.c.closed_on.is_not(None))
        .group_by(table.c.account)
    )
    return list(connection.execute(query).scalars())


def _days(frame: pd.DataFrame, column: str) -> dict[int, dt.date]:
    """Return the day of each row that has one, by its place in the book."""
    dated = frame[frame[column].notna()]
    return dict(zip(dated["seq"].tolist(), dated[column].dt.date.tolist(), strict=True))
