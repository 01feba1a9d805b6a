"""How soon it would have been seen, from the book's own days and amounts.

Read are the payments that were ruled not in order, the largest sum of them between which no gap is longer
than `GAP`: one story, not a year of small ones. A rhythm's upload shows the first payment on the
first of its days that is not before it; what is gone by then are the payments booked up to that day.
Nothing is guessed: that the flag stands at once is what the rules do after every upload.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import cast

import sqlalchemy as sa

from dashboards.pages.reader import PageMissing
from dashboards.pages.soon import SoonLine
from dashboards.pages.soon import SoonPage
from dashboards.reading.links import foundation_links
from dashboards.reading.links import must_find
from dashboards.reading.looks import movements_standing
from dashboards.reading.state import day_of
from dashboards.reading.sums import STATEMENT_DAYS
from ledger import tables

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence

    from dashboards.pages.soon import Rhythm
    from dashboards.reading.state import State

GAP = dt.timedelta(days=7)
MONDAY = 0


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment that was not in order; the amount is positive."""

    seq: int
    booked_on: dt.date
    amount_minor: int


def soon(state: State, slug: str) -> SoonPage:
    """Return how soon a foundation's payments that were not in order would have been seen.

    Raises:
        PageMissing: There is no such foundation, or nothing of it was ruled not in order.
    """
    connection = state.connection
    id_ = must_find(connection, tables.foundation, slug)
    payments = story(_not_in_order(connection, id_))
    if not payments:
        raise PageMissing
    table = tables.foundation
    kept = sa.select(table.c.currency, table.c.statement_every_days).where(table.c.id == id_)
    currency, every = connection.execute(kept).one()
    first_on, every_days = payments[0].booked_on, every or STATEMENT_DAYS
    due = _brought_up_to(connection, id_, first_on) + dt.timedelta(days=every_days)
    days: dict[Rhythm, dt.date] = {
        "daily": first_on,
        "weekly": next_monday(first_on),
        "monthly": next_first(first_on),
        "agreed": max(due, first_on),
        "happened": _flagged_on(connection, id_, payments),
    }
    return SoonPage(
        link=foundation_links(connection, {id_})[id_],
        currency=currency,
        payments=len(payments),
        first_on=first_on,
        last_on=payments[-1].booked_on,
        total_minor=sum(payment.amount_minor for payment in payments),
        every_days=every_days,
        lines=tuple(
            SoonLine(rhythm=rhythm, seen_on=day, gone_minor=gone(payments, day), days=(day - first_on).days)
            for rhythm, day in days.items()
        ),
    )


def story(payments: Iterable[Payment]) -> tuple[Payment, ...]:
    """Return the payments of the largest sum between which no gap is longer than `GAP`, oldest first."""
    runs: list[list[Payment]] = []
    for payment in sorted(payments, key=lambda payment: (payment.booked_on, payment.seq)):
        if runs and payment.booked_on - runs[-1][-1].booked_on <= GAP:
            runs[-1].append(payment)
        else:
            runs.append([payment])
    return tuple(max(runs, key=lambda run: sum(payment.amount_minor for payment in run), default=()))


def next_monday(day: dt.date) -> dt.date:
    """Return the first Monday that is not before a day."""
    return day + dt.timedelta(days=(MONDAY - day.weekday()) % 7)


def next_first(day: dt.date) -> dt.date:
    """Return the first day of a month that is not before a day."""
    return day if day.day == 1 else (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def gone(payments: Iterable[Payment], day: dt.date) -> int:
    """Return what had been paid by the end of a day."""
    return sum(payment.amount_minor for payment in payments if payment.booked_on <= day)


def _not_in_order(connection: sa.Connection, foundation: str) -> list[Payment]:
    movement = tables.movement
    query = sa.select(movement.c.seq, movement.c.booked_on, movement.c.amount_minor).where(
        movement.c.idx.in_(movements_standing("confirmed", foundation)), movement.c.amount_minor < 0
    )
    return [Payment(seq, day, -amount) for seq, day, amount in connection.execute(query)]


def _flagged_on(connection: sa.Connection, foundation: str, payments: Sequence[Payment]) -> dt.date:
    """Return the day on which the first flag about one of the payments stood."""
    flag, about = tables.flag, tables.flag_about
    query = (
        sa.select(sa.func.min(flag.c.idx))
        .select_from(flag.join(about, about.c.flag == flag.c.id))
        .where(about.c.foundation == foundation, about.c.seq.in_([payment.seq for payment in payments]))
    )
    first = sa.select(flag.c.raised_at).where(flag.c.idx == query.scalar_subquery())
    return day_of(connection.execute(first).scalar_one())


def _brought_up_to(connection: sa.Connection, foundation: str, before: dt.date) -> dt.date:
    """Return the last day that was stated before another day, or else the day on which the book began."""
    statement, table = tables.statement, tables.foundation
    query = sa.select(sa.func.max(statement.c.closed_on)).where(
        statement.c.foundation == foundation, statement.c.closed_on < before
    )
    last = connection.execute(query).scalar()
    if last is None:
        return day_of(connection.execute(sa.select(table.c.opened_at).where(table.c.id == foundation)).scalar_one())
    return cast("dt.date", last)
