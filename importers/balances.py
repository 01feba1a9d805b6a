"""What a bank stated of an account and what was booked on it by day: the book's, and a file's as far as it is planned.

A stated balance is a fact about a moment of its day: some lines were booked before it, all others after it. Whether the
facts and the lines agree is told by `importers.agreeing`.
"""

from __future__ import annotations

from bisect import bisect_left
from bisect import bisect_right
from bisect import insort
from collections import defaultdict
from typing import TYPE_CHECKING
from typing import NamedTuple

import sqlalchemy as sa

from ledger import tables

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Sequence

    from importers.planned import Account
    from importers.statement import Statement

OF_FILE = 1 << 62
"""Stands for the statement that is being planned; a statement before it in the same file stands below by one each."""
MOST_STATEMENTS = 1_000_000_000
"""More than a file holds."""
BEFORE, AFTER = 4, 2
"""Of so many days with facts before and after a file is asked: a fact on a busy day alone may allow several bases."""


class Stated(NamedTuple):
    """The balances that a statement states; amounts in hundredths.

    Attributes:
        whose: The statement's place in its book, or where it stands in the file (see `OF_FILE`).
        number: The bank's number of the statement.
        member: The file of an archive that it stands in, of a statement that is not booked yet.
        first_on: The day of its first line, of a statement that is not booked yet.
    """

    whose: int
    opened_on: dt.date | None
    opening_minor: int | None
    closed_on: dt.date | None
    closing_minor: int | None
    number: str | None = None
    member: str | None = None
    first_on: dt.date | None = None

    @property
    def facts(self) -> Iterator[Fact]:
        """Yield its balances."""
        if self.opened_on is not None and self.opening_minor is not None:
            yield Fact(self.opened_on, True, self.opening_minor, self.whose, self.closed_on)  # noqa: FBT003 - opens
        if self.closed_on is not None and self.closing_minor is not None:
            yield Fact(self.closed_on, False, self.closing_minor, self.whose, self.opened_on)  # noqa: FBT003 - same


class Fact(NamedTuple):
    """A stated balance.

    Attributes:
        opens: It is the balance before its statement's lines, not the one after them.
        other_on: The day of its statement's other balance.
    """

    day: dt.date
    opens: bool
    amount_minor: int
    whose: int
    other_on: dt.date | None


class Balances:
    """The stated balances of one account and its lines by day: those of the book, and those before in a file.

    Args:
        stated: What the book's statements state.
        days: All days on which the file states a balance of this account.
        is_blank: The book holds no line of the account.
    """

    def __init__(
        self,
        connection: sa.Connection,
        account: Account,
        stated: Iterable[Stated],
        days: Iterable[dt.date],
        *,
        is_blank: bool,
    ) -> None:
        self._connection, self._account, self._is_blank = connection, account, is_blank
        self._closing: dict[tuple[dt.date | None, int | None], list[Stated]] = defaultdict(list)
        self._stated = [self._keep(one) for one in stated]
        self._facts: dict[dt.date, list[Fact]] = defaultdict(list)
        for one in self._stated:
            for fact in one.facts:
                self._facts[fact.day].append(fact)
        self._days = sorted(self._facts)
        self._span = sorted(days)
        self._awaited = {*self._days, *self._span}
        self._loaded: tuple[dt.date, dt.date] | None = None
        self._totals: dict[dt.date, int] = {}
        self._booked_on: list[dt.date] = []
        self._planned: dict[dt.date, int] = defaultdict(int)
        self._lines: dict[dt.date, list[tuple[int, int, int]]] = defaultdict(list)
        self._looked_up: set[dt.date] = set()
        self._waiting: list[tuple[int, Statement, Sequence[int | None]]] = []
        self._made = self._brought = 0

    @property
    def are_none(self) -> bool:
        """Tell whether nothing was stated or booked yet, in the book or before in the file."""
        return self._is_blank and not self._stated and not self._waiting

    def add(self, statement: Statement, known: Sequence[int | None]) -> None:
        """Take in a statement of the file as it was planned."""
        self._made += 1
        whose = OF_FILE - MOST_STATEMENTS + self._made
        first_on = min((line.booked_on for line in statement.lines), default=None)
        one = self._keep(stated_by(statement, whose, first_on))
        for fact in one.facts:
            if fact.day not in self._facts:
                insort(self._days, fact.day)
            self._facts[fact.day].append(fact)
        self._stated.append(one)
        self._waiting.append((whose, statement, known))

    def as_one_of_its_day(self, one: Stated) -> Stated:
        """Return what one of several statements of a day states, its opening balance dated by that day.

        Banks date the opening balance of each by the day before, though all but the first open with what the one
        before them closed with.
        """
        day, opened_on = one.closed_on, one.opened_on
        if day is None or opened_on is None or opened_on >= day:
            return one
        goes_on = any(
            before.opened_on is not None and opened_on <= before.opened_on
            for before in self._closing.get((day, one.opening_minor), ())
        )
        return one._replace(opened_on=day) if goes_on and self._first_on(one) in {None, day} else one

    def _keep(self, one: Stated) -> Stated:
        """Keep what a statement states, so that the next one of its day is known as such."""
        dated = self.as_one_of_its_day(one)
        self._closing[dated.closed_on, dated.closing_minor].append(dated)
        return dated

    def _first_on(self, one: Stated) -> dt.date | None:
        """Return the day of a statement's first line, of the lines that it brought where it is booked."""
        if one.whose > OF_FILE - MOST_STATEMENTS:
            return one.first_on
        line = tables.movement
        query = sa.select(sa.func.min(line.c.booked_on)).where(
            line.c.foundation == self._account.foundation, line.c.statement == one.whose
        )
        return self._connection.execute(query).scalar()

    def facts_around(self, first: dt.date, last: dt.date) -> dict[dt.date, list[Fact]]:
        """Return the facts on some days and on a few days with facts before and after them."""
        start = max(bisect_left(self._days, first) - BEFORE, 0)
        return {day: self._facts[day] for day in self._days[start : bisect_right(self._days, last) + AFTER]}

    def totals(self, first: dt.date, last: dt.date) -> dict[dt.date, int]:
        """Return what the lines of each day come to."""
        self._take_in()
        self._load(first, last)
        days = self._booked_on
        return {day: self._totals[day] for day in days[bisect_left(days, first) : bisect_right(days, last)]}

    def lines_on(self, day: dt.date) -> Sequence[tuple[int, int, int]]:
        """Return the lines of a day in the order in which they came: statement, place in the log and amount."""
        if not self._is_blank and day in self._totals and day not in self._looked_up:
            line = tables.movement
            query = (
                sa.select(line.c.statement, line.c.idx, line.c.amount_minor)
                .where(
                    line.c.foundation == self._account.foundation,
                    line.c.account == self._account.id,
                    line.c.booked_on == day,
                )
                .order_by(line.c.idx)
            )
            self._lines[day][:0] = [
                (row.statement, row.idx, row.amount_minor) for row in self._connection.execute(query)
            ]
            self._looked_up.add(day)
        return self._lines.get(day, ())

    def _take_in(self) -> None:
        """Count the lines of the statements that were planned before; only now, since most files hold one."""
        for whose, statement, known in self._waiting:
            for line, booked in zip(statement.lines, known, strict=True):
                if booked is not None:
                    continue
                self._brought += 1
                self._count(line.booked_on, line.amount_minor)
                self._planned[line.booked_on] += line.amount_minor
                if line.booked_on in self._awaited:
                    self._lines[line.booked_on].append((whose, -self._brought, line.amount_minor))
        self._waiting = []

    def _count(self, day: dt.date, amount_minor: int) -> None:
        """Count a line of a statement that was planned before."""
        if day not in self._totals:
            insort(self._booked_on, day)
        self._totals[day] = self._totals.get(day, 0) + amount_minor

    def _load(self, first: dt.date, last: dt.date) -> None:
        """Load what the lines of the book come to by day, of all days that the file may ask for at once."""
        if self._is_blank or (self._loaded and self._loaded[0] <= first and last <= self._loaded[1]):
            return
        reach = (first, last, *self._span, *(self._loaded or ()))
        first, last = min(reach), max(reach)
        line = tables.movement
        query = (
            sa.select(line.c.booked_on, sa.func.sum(line.c.amount_minor))
            .where(
                line.c.foundation == self._account.foundation,
                line.c.account == self._account.id,
                line.c.booked_on.between(first, last),
            )
            .group_by(line.c.booked_on)
        )
        self._loaded = (first, last)
        self._totals = {day: int(total) for day, total in self._connection.execute(query)}
        for day, total in self._planned.items():
            self._totals[day] = self._totals.get(day, 0) + total
        self._booked_on = sorted(self._totals)


def stated_by(statement: Statement, whose: int, first_on: dt.date | None = None) -> Stated:
    """Return what a statement of a file states."""
    opening, closing = statement.opening, statement.closing
    return Stated(
        whose,
        opening.date if opening else None,
        opening.amount_minor if opening else None,
        closing.date if closing else None,
        closing.amount_minor if closing else None,
        statement.number,
        statement.member,
        first_on,
    )
