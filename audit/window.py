"""From which day on a foundation has to be looked at again after a booking.

What was booked changes nothing about days further back than a rule reaches (`Rule.reach`), so that
only hits about later days are judged again. They are judged with everything that they depend on: the
lines back to the balance before, the payments that used up the same decisions, which are few where
each decision names its payee, and for rules that reach back the payments of the same amounts, so that
an upload does not cost more in a larger book. Hits about something
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

from audit.load import EVERY_LINE
from audit.load import IN_BATCH
from audit.load import WITHOUT_ACCOUNT
from audit.load import Days
from audit.load import load_context
from audit.load import load_payments
from audit.load import of_amounts
from audit.load import paid_to
from audit.payees import register_of
from audit.rules import RULES
from audit.spending import came_back
from audit.spending import spending
from ledger import tables
from ledger.entry import DISTRICT
from ledger.entry import foundation_book
from ledger.entry import initiative_book

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from audit.frames import Context
    from audit.rule import Hit

NARROW = frozenset({
    "statement", "transaction", "disclosed", "payee proposed", "payee approved", "decision proposed",
    "decision approved", "flag raised", "flag taken up", "flag answered", "flag ruled", "flag escalated",
    "flag confirmed", "flag closed", "flag reopened", "flag judged again", "flag severity raised",
    "statement confirmed", "question", "answer", "text released", "correction linked",
})  # fmt: skip
"""Types of entries in a foundation's book that change no judgement about earlier days.

An approval counts for what is booked after it was recorded, and what came back for what is booked after it. That an
approval came too late for an earlier payment (PAY-06) is found by the day's look at everything, which can wait: an
upload should not cost more because somebody approved.
"""
PLANS = ("changed", "closed", "budget set", "deallocation")
"""Types of entries in an initiative's book that may change judgements about earlier days."""
GRANTS = ("grant awarded", "grant changed", "grant closed", "rule parameter set")
"""The same, in the district's book."""
FURTHEST = dt.timedelta(days=max(rule.reach or 0 for rule in RULES.values()))
"""How far back any rule reaches over payments."""
MOST = 1_000
"""Payees, or amounts, whose earlier payments are asked for by name; of more, everybody's are."""
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
        used_from: The first day whose payments are loaded where they went to those who are paid from `small_from`.
        small_from: The first day on which something used up what payments from `booked_from` are judged by, whoever
            was paid: `booked_from`, or earlier where a decision for small expenses was in force.
    """

    booked_from: dt.date
    near_from: dt.date
    far_from: dt.date
    used_from: dt.date
    small_from: dt.date


@dataclass(frozen=True, slots=True)
class Loaded:
    """A foundation as it was loaded for a run: for most rules, and for those that reach further back.

    Attributes:
        near: With the payments of the window; earlier ones that used up the same decisions have a frame of their own.
        far: With the payments of the window and, as far back as any rule reaches, those of the same amounts.
        alike: Places of the payments of which all of the same amount were loaded; None for every payment.
    """

    near: Context
    far: Context
    alike: frozenset[int] | None = None

    def hits(self, overrides: Mapping[str, Mapping[str, int]]) -> Iterator[Hit]:
        """Yield the hits of all rules, also those out of scope.

        Args:
            overrides: What the foundation set instead of the defaults.
        """
        for rule in RULES.values():
            yield from rule.run(self.far if rule.reach else self.near, overrides.get(rule.id))


@dataclass(frozen=True, slots=True)
class Scope:
    """What of a foundation a run looks at: all of it, or a window.

    Attributes:
        days: With a window, the day of each payment that was loaded and of each statement that states one, by its
            place in the book.
        statements: With a window, the places of all statements.
        alike: See `Loaded`.
    """

    foundation: str
    window: Window | None = None
    days: Mapping[int, dt.date] = field(default_factory=dict)
    statements: tuple[int, ...] = ()
    alike: frozenset[int] | None = None

    def reaches(self, rule: str, about: Sequence[int]) -> bool:
        """Tell whether a hit of a rule about these places is judged again."""
        reach = RULES[rule].reach
        if self.window is None or reach is None:
            return True
        if reach and self.alike is not None and not self.alike.issuperset(about):
            return False
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
    return Scope(context.foundation, window, days, tuple(context.statements["seq"].tolist()), loaded.alike)


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
    small_from = min([booked_from, *small])
    near_from = min([small_from, *balances])
    return Window(booked_from, near_from, booked_from - AROUND * FURTHEST, min([near_from, *named]), small_from)


def load_window(
    connection: sa.Connection,
    foundation: str,
    window: Window | None,
    as_of: dt.date,
    processors: Collection[str] = (),
) -> Loaded:
    """Load the payments that a window needs, or all, to be judged as of a day.

    Args:
        processors: See `load_context`.
    """
    if window is None:
        whole = load_context(connection, foundation, as_of=as_of, processors=processors)
        return Loaded(whole, whole)
    near = load_context(connection, foundation, window.near_from, as_of, processors)
    booked_from = pd.Timestamp(window.booked_from)
    later = spending(replace(near, payments=near.payments[near.payments["booked_on"] >= booked_from]))
    amounts = {share.amount_minor for payment in later for share in payment.shares}
    far, alike = _with_same_amounts(connection, near, window, amounts)
    return Loaded(_with_same_decisions(connection, near, window), far, alike)


def _with_same_decisions(connection: sa.Connection, near: Context, window: Window) -> Context:
    """Return a context with what used up the same decisions before, and with the bank's charges of the month before.

    Those are payments to the same payees, or to others through the same accounts.
    """
    month = window.booked_from.replace(day=1)
    since = min(window.used_from, month)
    if since >= window.near_from:
        return near
    line, which = tables.movement, []
    if window.used_from < window.near_from:
        register = register_of(near)
        paid = replace(near, payments=near.payments[near.payments["booked_on"] >= pd.Timestamp(window.small_from)])
        shares = [*(share for each in spending(paid) for share in each.shares), *(one.share for one in came_back(paid))]
        payees = register.accounts_shared_with({payee for share in shares for payee in register.payees(share)})
        used = paid_to(payees) if len(payees) <= MOST else EVERY_LINE
        which.append(sa.and_(line.c.booked_on >= window.used_from, used))
    if month < min(window.used_from, window.near_from):  # from `used_from` they are among those to nobody known
        which.append(sa.and_(line.c.booked_on >= month, line.c.amount_minor < 0, WITHOUT_ACCOUNT))
    days = Days(near.foundation, since, window.near_from)
    return replace(near, earlier=load_payments(connection, days, sa.or_(*which)))


def _with_same_amounts(
    connection: sa.Connection, near: Context, window: Window, amounts: set[int]
) -> tuple[Context, frozenset[int] | None]:
    """Return a context with payments of the same amounts before, and the places of those of which all were loaded.

    A batch has several amounts, so that all of each batch's count.
    """
    days = Days(near.foundation, min(window.far_from, window.near_from), window.near_from)
    far = _with(near, load_payments(connection, days, IN_BATCH))
    batches = replace(far, payments=far.payments[far.payments["parts"].astype(bool)])
    amounts = amounts | {share.amount_minor for payment in spending(batches) for share in payment.shares}
    if len(amounts) > MOST:
        return _with(near, load_payments(connection, days)), None
    far = _with(far, load_payments(connection, days, of_amounts(amounts)))
    paid = spending(far)
    return far, frozenset(each.seq for each in paid if any(share.amount_minor in amounts for share in each.shares))


def _with(context: Context, before: pd.DataFrame) -> Context:
    """Return a context with the payments of days before as well."""
    return replace(context, payments=pd.concat([before, context.payments], ignore_index=True))


def _changed_otherwise(connection: sa.Connection, foundation: str, size: int) -> bool:
    """Tell whether something was recorded since that may change judgements about earlier days."""
    entry, payer = tables.entry, tables.initiative_payer
    query = sa.select(payer.c.initiative).where(payer.c.foundation == foundation)
    plans = {initiative_book(initiative) for initiative in connection.execute(query).scalars()}
    for book, type_ in connection.execute(sa.select(entry.c.book, entry.c.type).where(entry.c.idx >= size).distinct()):
        if book == foundation_book(foundation) and type_ not in NARROW:
            return True
        if (book == DISTRICT and type_ in GRANTS) or (book in plans and type_ in PLANS):
            return True
    return False


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
