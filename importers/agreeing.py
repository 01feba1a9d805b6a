"""Whether the balances that a bank states hold over all booked lines of an account, old and new together.

Of two stated balances the lines between them must make the difference. A line lies where its day puts it; on the day
of a balance itself the order is known in part: a statement's own lines come after its opening and before its closing
balance, and what it does not hold lies outside of it.

So each balance tells a base: its amount less the lines before it, which is what the account held before all lines that
count here; one for each place on its day where it may stand. Balances agree where they share a base. Statements whose
days join or overlap are a run, and what a run states must agree. A file must agree with itself, with each run that it
joins, and with the run before it, else a statement is missing; what agreed before must still agree with its lines.
"""

from __future__ import annotations

import datetime as dt
from array import array
from bisect import bisect_left
from collections import Counter
from collections import defaultdict
from functools import reduce
from itertools import accumulate
from itertools import islice
from itertools import pairwise
from itertools import product
from typing import TYPE_CHECKING
from typing import NamedTuple

from importers.balances import OF_FILE
from importers.balances import stated_by

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from importers.balances import Balances
    from importers.balances import Fact
    from importers.statement import Statement

MOST_ORDERS = 64
"""Of the orders in which the lines of a file and others of its days may have been booked so many are tried."""
_DAY = dt.timedelta(1)
_Bases = frozenset[int]


class Misfit(NamedTuple):
    """A stated balance that the lines do not lead to.

    Attributes:
        reached_minor: What they lead to.
    """

    fact: Fact
    reached_minor: int


class Lines(NamedTuple):
    """What counts here of a statement's lines: their days (ordinals) and amounts."""

    days: array[int]
    amounts: array[int]


def lines_of(statement: Statement) -> Lines:
    """Return the days and amounts of a statement's lines."""
    days, amounts = array("l"), array("q")
    for line in statement.lines:
        days.append(line.booked_on.toordinal())
        amounts.append(line.amount_minor)
    return Lines(days, amounts)


class Item(NamedTuple):
    """A line on the day of a stated balance.

    Attributes:
        whose: The statement that brought it.
        place: In the file, of a line that the file holds; else None.
        is_new: The file brings it.
    """

    amount_minor: int
    whose: int
    place: int | None
    is_new: bool


class Run(NamedTuple):
    """What statements of the book state whose days join or overlap, and the bases that all of it shares."""

    facts: tuple[Fact, ...]
    bases: _Bases

    @property
    def ends_on(self) -> dt.date:
        """Return the last day that it tells of."""
        return max(max(fact.day, fact.other_on or fact.day) for fact in self.facts)


class Look:
    """One look at an account with a file read in one way.

    Args:
        lines: What counts of the file's lines.
        known: For each of them where it stands in the log; None for a new one.
        parts: Further lines of the book that a batch of the file stands for: place in the log to place in the file.
    """

    def __init__(
        self,
        balances: Balances,
        statement: Statement,
        lines: Lines,
        known: Sequence[int | None],
        parts: Mapping[int, int],
    ) -> None:
        days = sorted(map(dt.date.fromordinal, set(lines.days)))
        self.balances = balances
        self.own = balances.as_one_of_its_day(stated_by(statement, OF_FILE, days[0] if days else None))
        self.places = dict(parts)
        for place, idx in enumerate(known):
            if idx is not None:
                self.places.setdefault(idx, place)
        self.new: dict[dt.date, list[Item]] = defaultdict(list)
        for place, (ordinal, amount_minor, booked) in enumerate(zip(*lines, known, strict=True)):
            if booked is None:
                self.new[dt.date.fromordinal(ordinal)].append(Item(amount_minor, OF_FILE, place, is_new=True))
        self._mine = tuple(self.own.facts)
        self._span = sorted({*days, *(fact.day for fact in self._mine)})
        around = balances.facts_around(self._span[0], self._span[-1]) if self._span else {}
        self._booked = sorted((fact for facts in around.values() for fact in facts), key=_order)

    def misfits(self) -> tuple[Misfit, ...]:
        """Return the stated balances that the lines do not lead to, though they did before or the file states them."""
        if not (self._mine or self._booked):
            return ()
        days = sorted({*self._span, *(fact.day for fact in self._booked)})
        totals = self.balances.totals(days[0], days[-1])
        least: tuple[Misfit, ...] = ()
        runs = tuple(_runs(self._booked, _Order(self, totals, None)))
        for splits in self._splits(days):
            order = _Order(self, totals, splits)
            found = (*self._alone(order), *self._broken(runs, order), *self._beside(runs, order))
            if not found:
                return ()
            least = found if not least or len(found) < len(least) else least
        return least

    def goes_on(self, opening: Fact, *, has_file: bool) -> bool:
        """Tell whether another statement ended on the day of an opening balance with that very balance."""
        stated = (*self._booked, *self._mine) if has_file else self._booked
        ending = (opening.day, opening.amount_minor)
        return any(
            (fact.day, fact.amount_minor) == ending and not fact.opens and fact.whose != opening.whose
            for fact in stated
        )

    def _splits(self, days: Iterable[dt.date]) -> Iterator[dict[dt.date, int]]:
        """Yield how many of the lines of each day that the file does not hold may lie before its own."""
        opened_on, closed_on = self.own.opened_on or self.own.first_on, self.own.closed_on
        choices: dict[dt.date, Iterable[int]] = {}
        for day in days:
            others = sum(idx not in self.places for _, idx, _ in self.balances.lines_on(day))
            if opened_on is not None and closed_on is not None and opened_on != closed_on:
                choices[day] = (0,) if day == closed_on else (others,)
            elif self._span[0] <= day <= self._span[-1]:
                choices[day] = range(others, -1, -1)
        for chosen in islice(product(*choices.values()), MOST_ORDERS):
            yield dict(zip(choices, chosen, strict=True))

    def _alone(self, order: _Order) -> Iterator[Misfit]:
        """Yield where the file's own balances do not agree with each other: the book has other lines between them."""
        if self._mine and not order.shared(self._mine):
            first, last = (order.bases(fact) for fact in self._mine)
            yield Misfit(self._mine[-1], self._mine[-1].amount_minor + _apart(first, last))

    def _broken(self, runs: Sequence[Run], order: _Order) -> Iterator[Misfit]:
        """Yield where balances of the book do not agree any more.

        Those of two runs need not where the file ends between them and leaves out days: what lies there may be missing.
        """
        after = [order.shared(run.facts) for run in runs]
        for run, bases in zip(runs, after, strict=True):
            if run.bases and not bases:
                yield _first_misfit(run.facts, order)
        for (one, other), (bases, others) in zip(pairwise(runs), pairwise(after), strict=True):
            fact = other.facts[0]
            is_open = self.own.closed_on is not None and one.ends_on <= self._span[-1] < fact.day - _DAY
            if one.bases & other.bases and bases and others and not bases & others and not is_open:
                yield Misfit(fact, fact.amount_minor + _apart(bases, others))

    def _beside(self, runs: Sequence[Run], order: _Order) -> Iterator[Misfit]:
        """Yield where the file's balances do not agree with those of a run that it joins, or of the one before it.

        A run that begins the day after need not agree if the book was told of the file's last day already and that did
        not lead there: what is missing came late on that day.
        """
        mine = order.shared(self._mine) if self._mine else None
        if not mine:
            return
        first_on, last_on = self._span[0], self._span[-1]
        before = [run for run in runs if run.ends_on < first_on - _DAY]
        joined = [run for run in runs if run.ends_on >= first_on - _DAY and run.facts[0].day <= last_on]
        for place, run in enumerate(runs):
            was_told = place > 0 and runs[place - 1].ends_on >= last_on
            if run.facts[0].day == last_on + _DAY and not (was_told and not runs[place - 1].bases & run.bases):
                joined.append(run)
        if before and not (joined and joined[0].facts[0].day <= first_on):
            joined = [before[-1], *joined]
        for run in joined:
            bases = order.shared(run.facts)
            if bases and not bases & mine:
                is_first = run.facts[0].day <= first_on
                fact = self._mine[0] if is_first else run.facts[0]
                away = _apart(bases, mine) if is_first else _apart(mine, bases)
                yield Misfit(fact, fact.amount_minor + away)
            mine = (mine & bases) or mine


def _first_misfit(facts: Sequence[Fact], order: _Order) -> Misfit:
    """Return the first of several balances that does not agree with those before it."""
    count = next(count for count in range(1, len(facts) + 1) if not order.shared(facts[:count]))
    before = order.shared(facts[: count - 1]) if count > 1 else frozenset[int]()
    fact = facts[count - 1]
    return Misfit(fact, fact.amount_minor + _apart(before, order.bases(fact)))


def _runs(facts: Sequence[Fact], order: _Order) -> Iterator[Run]:
    """Yield the runs of what the book states; where it breaks in itself, another one begins."""
    run: list[Fact] = []
    bases, until = frozenset[int](), dt.date.min
    for fact in facts:
        own = order.bases(fact)
        if run and (fact.day > until + _DAY or not bases & own):
            yield Run(tuple(run), bases)
            run = []
        bases = bases & own if run else own
        run.append(fact)
        until = max(until, fact.day, fact.other_on or fact.day)
    if run:
        yield Run(tuple(run), bases)


class _Order:
    """The lines of an account in one of the orders in which they may have been booked.

    Args:
        totals: What the lines of the book come to by day.
        splits: How many of the lines of a day that the file does not hold lie before its own; None without the file.
    """

    def __init__(self, look: Look, totals: Mapping[dt.date, int], splits: Mapping[dt.date, int] | None) -> None:
        self._look, self._splits = look, splits
        by_day = dict(totals)
        for day, items in look.new.items() if splits is not None else ():
            by_day[day] = by_day.get(day, 0) + sum(item.amount_minor for item in items)
        self._days = sorted(by_day)
        self._sums = list(accumulate((by_day[day] for day in self._days), initial=0))
        self._bases: dict[Fact, _Bases] = {}

    def shared(self, facts: Sequence[Fact]) -> _Bases:
        """Return the bases that balances share."""
        return reduce(frozenset.intersection, map(self.bases, facts))

    def bases(self, fact: Fact) -> _Bases:
        """Return what the account may have held before all lines by one balance."""
        if fact not in self._bases:
            items = self._items(fact.day)
            before = fact.amount_minor - self._until(fact.day)
            places = self._places_of_file(fact, items) if fact.whose == OF_FILE else self._places_of_book(fact, items)
            sums = list(accumulate((item.amount_minor for item in items), initial=0))
            self._bases[fact] = frozenset(before - sums[place] for place in places)
        return self._bases[fact]

    def _until(self, day: dt.date) -> int:
        """Return what the lines of all days before one come to."""
        return self._sums[bisect_left(self._days, day)]

    def _items(self, day: dt.date) -> Sequence[Item]:
        """Return the lines of a day in order."""
        look = self._look
        places = look.places if self._splits is not None else {}
        lines = [
            Item(amount_minor, whose, places.get(idx), is_new=False)
            for whose, idx, amount_minor in look.balances.lines_on(day)
        ]
        if self._splits is None:
            return lines
        held = [*(item for item in lines if item.place is not None), *look.new.get(day, ())]
        held.sort(key=lambda item: item.place or 0)
        others = [item for item in lines if item.place is None]
        split = self._splits.get(day, len(others))
        return [*others[:split], *held, *others[split:]]

    def _places_of_file(self, fact: Fact, items: Sequence[Item]) -> Iterable[int]:
        """Return among the lines of its day where a balance of the file may stand: how many lie before it.

        On a day of which it has lines, others lie before its opening balance only if another statement ended there.
        """
        own = [place for place, item in enumerate(items) if item.place is not None]
        begins_on = self._look.own.opened_on or self._look.own.first_on
        if own and fact.opens:
            return (own[0] if self._goes_on(fact) else 0,)
        if own:
            return (own[-1] + 1,)
        if fact.opens and fact.other_on is not None and fact.other_on > fact.day:
            return (len(items),)
        if not fact.opens and begins_on is not None and begins_on < fact.day:
            return (0,)
        return range(len(items) + 1)

    def _places_of_book(self, fact: Fact, items: Sequence[Item]) -> Iterable[int]:
        """Return among the lines of its day where a balance of the book may stand: how many lie before it.

        A new line is not in its statement, so that it came before the opening or after the closing balance. On a day of
        which the statement has lines, others lie before its opening balance only if another one ended there. Which of
        two lines of one amount is which does not matter here, and is not always known.
        """
        own = Counter(item.amount_minor for item in items if item.whose == fact.whose)
        new = Counter(item.amount_minor for item in items if item.is_new)
        amounts = [item.amount_minor for item in items]
        if not fact.opens:
            is_longer = fact.other_on is None or fact.other_on < fact.day
            last = len(items) - (_needed(amounts[::-1], new) if is_longer else 0)
            return range(_needed(amounts, own), last + 1)
        is_longer = fact.other_on is not None and fact.other_on > fact.day
        if own and not self._goes_on(fact):
            return () if is_longer and new else (0,)
        return range(_needed(amounts, new) if is_longer else 0, len(items) - _needed(amounts[::-1], own) + 1)

    def _goes_on(self, opening: Fact) -> bool:
        return self._look.goes_on(opening, has_file=self._splits is not None)


def _needed(amounts: Iterable[int], wanted: Counter[int]) -> int:
    """Return how many amounts from the first on are needed to hold all that are wanted."""
    left, needed = Counter(wanted), 0
    for count, amount_minor in enumerate(amounts, start=1):
        if left[amount_minor] > 0:
            left[amount_minor] -= 1
            needed = count
    return needed


def _apart(bases: _Bases, others: _Bases) -> int:
    """Return by how much the one base differs from the other, as little as can be."""
    return min((base - other for base in bases for other in others), key=abs, default=0)


def _order(fact: Fact) -> tuple[dt.date, int, int, bool]:
    """Return what puts stated balances in order: on a day what ends there, what is of that day alone, what begins."""
    if fact.other_on == fact.day:
        return fact.day, 1, fact.whose, not fact.opens
    return fact.day, (2 if fact.opens else 0), fact.whose, not fact.opens
