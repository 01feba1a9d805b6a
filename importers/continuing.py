"""What a statement says beside those in the book: which one came before it, and whether it says anything new.

Files come in any order and overlap: a statement is compared with the one that ended last before it ends, whether that
stands in the book or earlier in the same file. Whether balances and lines agree is told by `importers.agreeing`; here
that is put into words.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import sqlalchemy as sa

from importers.balances import OF_FILE
from importers.balances import Stated
from importers.balances import stated_by
from importers.reconcile import decimal_text
from importers.reconcile import follows
from importers.statement import Balance
from importers.statement import Problem
from ledger import tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from importers.agreeing import Misfit
    from importers.statement import Statement

_DAY = dt.timedelta(1)


def stated_before(connection: sa.Connection, account: str) -> tuple[Stated, ...]:
    """Return what the statements of an account in the book state, in the order of booking."""
    table = tables.statement
    columns = (
        table.c.seq,
        table.c.opened_on,
        table.c.opening_minor,
        table.c.closed_on,
        table.c.closing_minor,
        table.c.private_number,
    )
    stated = sa.or_(table.c.opening_minor.is_not(None), table.c.closing_minor.is_not(None))
    query = sa.select(*columns).where(table.c.account == account, stated).order_by(table.c.seq)
    return tuple(Stated(*row) for row in connection.execute(query))


@dataclass(frozen=True, slots=True)
class Ended:
    """A statement that states a closing balance, in the book or earlier in the file.

    Attributes:
        opened_on: The day of its opening balance, where it has one.
        number: The bank's number of the statement.
        member: The file of an archive that it stands in, of one that is not booked yet.
    """

    opened_on: dt.date | None
    closed_on: dt.date
    amount_minor: int
    number: str | None
    member: str | None = None


class Closings:
    """The statements of an account that state a closing balance: those in the book, and those before in a file."""

    def __init__(self, stated: Sequence[Stated]) -> None:
        self._past = [
            Ended(one.opened_on, one.closed_on, one.closing_minor, one.number)
            for one in stated
            if one.closed_on is not None and one.closing_minor is not None
        ]
        self._said = {(one.opened_on, one.opening_minor, one.closed_on, one.closing_minor) for one in stated}
        self._ordered = sorted((one.closed_on, place) for place, one in enumerate(self._past))
        self._latest: Ended | None = None
        self._members: list[Ended] = []

    def add(self, statement: Statement) -> None:
        """Take in the next statement of the file, which ends no earlier; one that states no balance says nothing."""
        if statement.closing is None:
            return
        opened_on = statement.opening.date if statement.opening else None
        closing = statement.closing
        made = Ended(opened_on, closing.date, closing.amount_minor, statement.number, statement.member)
        self._latest = made
        if statement.member is not None:
            self._members.append(made)

    def last_before(self, statement: Statement) -> Ended | None:
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

        That is so where statements with both their balances reach from its first day to its last without a gap.

        Args:
            new: How many of its lines are new.
        """
        if new:
            return False
        if statement.closing is None:
            return len(statement.lines) > 0 or statement.opening is None
        ends = statement.closing.date
        begins = statement.opening.date if statement.opening else ends
        others = chain(self._past, (one for one in self._members if one.member != statement.member))
        reached = begins - _DAY
        for opened_on, closed_on in sorted((one.opened_on, one.closed_on) for one in others if one.opened_on):
            if opened_on <= reached + _DAY:
                reached = max(reached, closed_on)
        return reached >= ends

    def say(self, statement: Statement) -> bool:
        """Tell whether a statement in the book states the same balances."""
        own = stated_by(statement, OF_FILE)
        return (own.opened_on, own.opening_minor, own.closed_on, own.closing_minor) in self._said


def _ends(statement: Statement) -> dt.date | None:
    """Return the last day that a statement speaks of."""
    if statement.closing:
        return statement.closing.date
    return max((line.booked_on for line in statement.lines), default=None)


def problems_of_misfits(
    statement: Statement, last: Ended | None, misfits: Sequence[Misfit], *, is_known: bool
) -> tuple[Problem, ...]:
    """Say which stated balance the lines do not lead to, and whether statements are missing before.

    Args:
        last: The statement before, see `Closings.last_before`.
        misfits: What `importers.agreeing` found.
        is_known: The book holds lines of this one.
    """
    opening, is_next = statement.opening, not is_known and statement.opening is not None
    gap = follows(None, statement, last.number) if is_next and last else ()
    if not misfits:
        return gap
    fact = misfits[0].fact
    if is_next and opening and last and last.amount_minor != opening.amount_minor and fact.whose == OF_FILE:
        return follows(Balance(last.closed_on, last.amount_minor), statement, last.number)
    return (_differs(statement, last, misfits[0]), *gap)


def _differs(statement: Statement, last: Ended | None, misfit: Misfit) -> Problem:
    """Say which balance the lines lead to, and which one the bank states."""
    closing, fact = statement.closing, misfit.fact
    if fact.whose != OF_FILE:
        text = (
            f"With the lines of this file the account has {decimal_text(misfit.reached_minor)} on {fact.day}, "
            f"but a statement in the book says {decimal_text(fact.amount_minor)}."
        )
    elif closing is not None and last is not None:
        reached = closing.amount_minor + misfit.reached_minor - fact.amount_minor
        text = (
            f"The statement before ended with {decimal_text(last.amount_minor)}; with the new lines "
            f"of this one that makes {decimal_text(reached)}, but the bank states {decimal_text(closing.amount_minor)}."
        )
    else:
        text = (
            f"By the lines in the book and in this file the account has {decimal_text(misfit.reached_minor)} on "
            f"{fact.day}, but the bank states {decimal_text(fact.amount_minor)}."
        )
    return Problem("continuity", text)
