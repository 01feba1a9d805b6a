"""Whether a statement continues its account, and whether it says anything that the book does not hold.

Files come in any order and overlap: a statement is compared with the one that ended last
before it ends, whether that stands in the book or earlier in the same file. From that one's
closing balance, what was booked since and the statement's new lines must lead to its own.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import sqlalchemy as sa

from importers.reconcile import decimal_text
from importers.reconcile import follows
from importers.statement import Balance
from importers.statement import Problem
from ledger import tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from importers.planned import Account
    from importers.statement import Statement


@dataclass(frozen=True, slots=True)
class Stated:
    """The closing balance of a statement in the book or earlier in the file.

    Attributes:
        opened_on: The day of its opening balance, where it has one.
        number: The bank's number of the statement.
        seq: The statement's place in its book; None for one that is not booked yet.
        member: The file of an archive that it stands in, for one that is not booked yet.
    """

    opened_on: dt.date | None
    closed_on: dt.date
    amount_minor: int
    number: str | None
    seq: int | None = None
    member: str | None = None


class Closings:
    """The statements of an account that state a closing balance: those in the book, and those before in a file."""

    def __init__(self, connection: sa.Connection, account: str) -> None:
        self._past: list[Stated] = _stated_before(connection, account)
        self._ordered = sorted((one.closed_on, place) for place, one in enumerate(self._past))
        self._latest: Stated | None = None
        self._members: list[Stated] = []

    def add(self, statement: Statement) -> None:
        """Take in the next statement of the file, which ends no earlier; one that states no balance says nothing."""
        if statement.closing is None:
            return
        opened_on = statement.opening.date if statement.opening else None
        closing = statement.closing
        made = Stated(opened_on, closing.date, closing.amount_minor, statement.number, None, statement.member)
        self._latest = made
        if statement.member is not None:
            self._members.append(made)

    def last_before(self, statement: Statement) -> Stated | None:
        """Return the last statement that ends no later than this one does; of several the one that came last."""
        ends = _ends(statement)
        place = len(self._ordered) if ends is None else bisect_right(self._ordered, (ends, len(self._past)))
        booked = self._past[self._ordered[place - 1][1]] if place else None
        latest = self._latest if ends is None or (self._latest and self._latest.closed_on <= ends) else None
        if booked is None or latest is None:
            return latest or booked
        return latest if latest.closed_on >= booked.closed_on else booked

    @property
    def are_known(self) -> bool:
        """Tell whether the book holds any."""
        return bool(self._past)

    def cover(self, first_on: dt.date, last_on: dt.date) -> bool:
        """Tell whether one statement in the book, with both its balances, reaches around some days and ends later."""
        return any(
            one.opened_on is not None and one.opened_on <= first_on and last_on < one.closed_on for one in self._past
        )

    def hold_day(self, day: dt.date) -> bool:
        """Tell whether one statement in the book holds all of a day."""
        return self.cover(day, day)

    def hold(self, statement: Statement, new: int) -> bool:
        """Tell whether a statement says nothing that the book, or another file of an archive, does not hold.

        Args:
            new: How many of its lines are new.
        """
        if new:
            return False
        has_lines = len(statement.lines) > 0
        if statement.closing is None:
            return has_lines or statement.opening is None
        ends = statement.closing.date
        others = chain(self._past, (one for one in self._members if one.member != statement.member))
        if has_lines:
            return any(one.closed_on >= ends for one in others)
        begins = statement.opening.date if statement.opening else ends
        return any((one.opened_on or one.closed_on) <= begins <= ends <= one.closed_on for one in others)


def _stated_before(connection: sa.Connection, account: str) -> list[Stated]:
    """Return the statements in the book that state a closing balance, in the order of booking."""
    table = tables.statement
    columns = (table.c.opened_on, table.c.closed_on, table.c.closing_minor, table.c.private_number, table.c.seq)
    stated = (table.c.account == account, table.c.closing_minor.is_not(None))
    query = sa.select(*columns).where(*stated).order_by(table.c.seq)
    return [Stated(*row) for row in connection.execute(query)]


def _ends(statement: Statement) -> dt.date | None:
    """Return the last day that a statement speaks of."""
    if statement.closing:
        return statement.closing.date
    return max((line.booked_on for line in statement.lines), default=None)


def continuity(
    connection: sa.Connection,
    account: Account,
    statement: Statement,
    booked: Sequence[int | None],
    last: Stated | None,
) -> tuple[Problem, ...]:
    """Check that a statement continues the account: from the last balance its lines lead to its own.

    A closing balance holds the days before its own, so that new lines of those days fill a gap that it spans; unless
    its day is only the end of the period that somebody asked for: then all new lines came after it.

    Args:
        booked: For each line where it stands in the log already; None for a new one.
        last: The statement before, see `Closings.last_before`.
    """
    if last is None:
        return ()
    opening, closing = statement.opening, statement.closing
    problems: tuple[Problem, ...] = ()
    if opening is not None and not any(place is not None for place in booked):
        problems = follows(_balance_before(connection, account, statement, last), statement, last.number)
        differs = any(problem.code == "continuity" for problem in problems)
        if not differs or opening.date > last.closed_on:
            return problems
    if closing is None:
        return problems
    reached = _reached(connection, account, statement, booked, last)
    if closing.amount_minor not in reached:
        return problems or (_differs(last, reached[0], closing),)
    return tuple(problem for problem in problems if problem.code != "continuity")


def _reached(
    connection: sa.Connection,
    account: Account,
    statement: Statement,
    booked: Sequence[int | None],
    last: Stated,
) -> tuple[int, int]:
    """Return what the last closing balance and the new lines come to: without new lines of earlier days, and with."""
    assert statement.closing is not None, "there is a balance to reach"
    new = [line for line, place in zip(statement.lines, booked, strict=True) if place is None]
    since = sum(line.amount_minor for line in new if line.booked_on >= last.closed_on)
    since += _since(connection, account, last, statement.closing.date)
    return last.amount_minor + since, last.amount_minor + sum(line.amount_minor for line in new)


def _since(connection: sa.Connection, account: Account, last: Stated, until: dt.date) -> int:
    """Return what was booked after a closing balance: on later days, and by later statements on its own day."""
    movement = tables.movement
    later = movement.c.booked_on > last.closed_on
    if last.seq is not None:
        late = (movement.c.booked_on == last.closed_on) & (movement.c.statement > last.seq)
        later = sa.or_(later, late)
    query = sa.select(sa.func.sum(movement.c.amount_minor)).where(
        movement.c.foundation == account.foundation,
        movement.c.account == account.id,
        movement.c.booked_on.between(last.closed_on, until),
        later,
    )
    return int(connection.execute(query).scalar() or 0)


def _balance_before(connection: sa.Connection, account: Account, statement: Statement, last: Stated) -> Balance:
    """Return the balance to go on from: the last stated one, with what was booked since.

    That is what came without a balance, or with one of a later day; banks date an opening balance by its own day or
    by the one before.
    """
    stated = Balance(last.closed_on, last.amount_minor)
    opening = statement.opening
    if opening is None or opening.amount_minor == stated.amount_minor:
        return stated
    movement, table = tables.movement, tables.statement
    query = (
        sa.select(sa.func.sum(movement.c.amount_minor))
        .join(table, (table.c.foundation == movement.c.foundation) & (table.c.seq == movement.c.statement))
        .where(
            movement.c.foundation == account.foundation,
            movement.c.account == account.id,
            movement.c.booked_on.between(last.closed_on, opening.date),
            table.c.closing_minor.is_(None),
        )
    )
    unstated = int(connection.execute(query).scalar() or 0)
    days = (opening.date - dt.timedelta(1), opening.date)
    between = {unstated, *(_since(connection, account, last, until) for until in days)}
    return opening if opening.amount_minor - stated.amount_minor in between else stated


def _differs(last: Stated, reached_minor: int, closing: Balance) -> Problem:
    """Say that the bank states another balance than the new lines lead to."""
    return Problem(
        "continuity",
        f"The statement before ended with {decimal_text(last.amount_minor)}; with the new lines "
        f"of this one that makes {decimal_text(reached_minor)}, "
        f"but the bank states {decimal_text(closing.amount_minor)}.",
    )
