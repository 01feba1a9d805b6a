"""How a batch is known again: one format books as one line what another lists payment by payment.

A batch that gives its payments is the lines that agree with them one to one in day, amount and whatever both say about
the other side. A batch that gives none may be any lines of its day that come to its amount, where the batch itself
names no other side: only the bank's balances can bear that out (`importers.agreeing`), and it must be the only way.
"""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING
from typing import NamedTuple

from importers.joining import Candidate
from importers.joining import paired
from importers.statement import Line

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

MOST_WAYS = 50
"""Of the ways in which lines may be a batch so many are looked at."""
MOST_STEPS = 20_000
"""A day on which more than that would have to be tried is left as it is."""


class Found(NamedTuple):
    """Which lines of a file stand in the book.

    Attributes:
        known: Place in the file to place in the log; of a batch in the book for each of its payments.
        parts: Further lines of the book that a batch of the file stands for: place in the log to place in the file.
    """

    known: dict[int, int]
    parts: dict[int, int]


def matched(
    lines: Sequence[tuple[int, Line]],
    rows: Sequence[Candidate],
    *,
    within_a_day: bool = False,
    is_counted: bool = True,
) -> Found:
    """Pair lines of a file with lines of the book, and batches that give their payments with those.

    A batch goes before single lines, but not before the same batch.

    Args:
        lines: Place and line, in the order of the file.
        rows: In the order of the book.
        within_a_day, is_counted: See `importers.joining.paired`.
    """
    pair = partial(paired, within_a_day=within_a_day, is_counted=is_counted)
    alone = pair(lines, rows)
    found = of_payments(lines, rows, alone, within_a_day=within_a_day)
    if not found.known:
        return Found(alone, {})
    used = {*found.known.values(), *found.parts}
    left = [(place, line) for place, line in lines if place not in found.known]
    free = [row for row in rows if row.idx not in used]
    return found._replace(known=pair(left, free) | found.known)


def of_payments(
    lines: Sequence[tuple[int, Line]],
    rows: Sequence[Candidate],
    alone: Mapping[int, int],
    *,
    within_a_day: bool = False,
) -> Found:
    """Find batches that give their payments, on either side, and lines of the other side that are those payments.

    Args:
        alone: Lines that are known otherwise, with what they are: those are no batches to look for.
    """
    found, used = Found({}, {}), set[int]()
    for place, line in lines:
        if line.parts and place not in alone:
            free = [row for row in rows if row.idx not in used]
            held = sorted(paired(_payments(line), free, within_a_day=within_a_day).values())
            if len(held) == len(line.parts):
                used.update(held)
                found.known[place] = held[0]
                found.parts.update(dict.fromkeys(held[1:], place))
    for row in rows:
        if row.parts and row.idx not in alone.values():
            left = [(place, line) for place, line in lines if place not in found.known]
            places = paired(left, _payments_of(row), within_a_day=within_a_day)
            if len(places) == len(row.parts):
                found.known.update(dict.fromkeys(places, row.idx))
    return found


def _payments(batch: Line) -> list[tuple[int, Line]]:
    """Return the payments of a batch as lines of its day."""
    return [
        (
            place,
            Line(
                batch.position,
                batch.booked_on,
                batch.valued_on,
                part.amount_minor,
                batch.currency,
                name=part.name,
                iban=part.iban,
                text=part.text,
                end_to_end_id=part.end_to_end_id,
            ),
        )
        for place, part in enumerate(batch.parts)
    ]


def _payments_of(batch: Candidate) -> list[Candidate]:
    """Return the payments of a batch of the book as lines of its day."""
    return [
        batch._replace(
            idx=place,
            amount_minor=part.amount_minor,
            name=part.name,
            iban=part.iban,
            end_to_end=part.end_to_end_id,
            text=part.text,
            parts=(),
        )
        for place, part in enumerate(batch.parts)
    ]


class _One(NamedTuple):
    """A line of a day on either side.

    Attributes:
        place: In the file or in the log.
        is_own: It is the file's, not the book's.
        is_batch: It may be a batch: it neither gives payments nor names another side.
    """

    place: int
    amount_minor: int
    is_own: bool
    is_batch: bool


def regrouped(lines: Sequence[tuple[int, Line]], rows: Sequence[Candidate], *, way: int | None = None) -> Found:
    """Find batches that give no payments: a line that comes to as much as several of the other side on one day.

    All lines of a day are explained so if that can be, else all of the file's or all of the book's; else each line
    that can be a batch in one way only.

    Args:
        lines: Place and line of what is not known yet.
        rows: Lines of the book that the file does not hold yet.
        way: Which of several ways to take, where somebody will be asked; None where there must be one alone.
    """
    found = Found({}, {})
    days: dict[dt.date, tuple[list[_One], list[_One]]] = defaultdict(lambda: ([], []))
    for place, line in lines:
        is_batch = not (line.iban or line.parts)
        days[line.booked_on][0].append(_One(place, line.amount_minor, is_own=True, is_batch=is_batch))
    for row in rows:
        if row.booked_on in days:
            is_batch = not (row.iban or row.parts)
            days[row.booked_on][1].append(_One(row.idx, row.amount_minor, is_own=False, is_batch=is_batch))
    for own, others in days.values():
        musts = ((True, True), (True, False), (False, True)) if own and others else ()
        ways = (_Ways((own, others), must).only() for must in musts)
        for batch, payments in next(filter(None, ways), None) or _one_by_one(own, others, way):
            places = [one.place for one in payments]
            if batch.is_own:
                found.known[batch.place] = places[0]
                found.parts.update(dict.fromkeys(places[1:], batch.place))
            else:
                found.known.update(dict.fromkeys(sorted(places), batch.place))
    return found


def of_one_sum(lines: Sequence[tuple[int, Line]], rows: Sequence[Candidate]) -> Found:
    """Find days of which file and book hold other lines that come to the same: nothing tells how they belong together.

    Args:
        lines: Place and line of what is not known yet.
        rows: Lines of the book that the file does not hold yet.
    """
    found = Found({}, {})
    for day in {line.booked_on for _, line in lines}:
        own = [(place, line.amount_minor) for place, line in lines if line.booked_on == day]
        others = [(row.idx, row.amount_minor) for row in rows if row.booked_on == day]
        if others and sum(amount for _, amount in own) == sum(amount for _, amount in others):
            found.known.update((place, others[0][0]) for place, _ in own)
            found.parts.update((idx, own[0][0]) for idx, _ in others[1:])
    return found


class _Group(NamedTuple):
    """A batch on one side, and its payments on the other."""

    batch: _One
    payments: tuple[_One, ...]


def _one_by_one(own: Sequence[_One], others: Sequence[_One], way: int | None) -> list[_Group]:
    """Return the batches that are so in one way only, or in one of several, the largest first.

    Ways whose payments lie close together go first: so a bank lists them.
    """
    found: list[_Group] = []
    left = (list(own), list(others))
    for one in sorted((*own, *others), key=lambda one: -abs(one.amount_minor)):
        side = 0 if one.is_own else 1
        if one.is_batch and one in left[side]:
            ways = sorted(islice(_Ways(left, (False, False)).payments_of(one), MOST_WAYS), key=_strangers)
            if len(ways) == 1 or (ways and way is not None):
                payments = ways[min(way or 0, len(ways) - 1)]
                found.append(_Group(one, payments))
                left[side].remove(one)
                for payment in payments:
                    left[1 - side].remove(payment)
    return found


def _strangers(payments: Sequence[_One]) -> int:
    """Return how many other lines lie between payments."""
    places = [one.place for one in payments]
    return max(places) - min(places) + 1 - len(places)


class _Ways:
    """The ways in which the lines of one day are batches of each other.

    Args:
        sides: The file's lines, and the book's.
        must: Whether all of the file's lines must be explained, and all of the book's.
    """

    def __init__(self, sides: tuple[list[_One], list[_One]], must: tuple[bool, bool]) -> None:
        own, others = (sorted(side, key=lambda one: -abs(one.amount_minor)) for side in sides)
        self._sides = (own, others)
        self._must, self._steps = must, 0

    def only(self) -> list[_Group]:
        """Return the only way there is; of ways with the same amounts the first; none where others are."""
        found: dict[tuple[int, ...], list[_Group]] = {}
        for groups in self._explained(self._sides):
            amounts = sorted(one.amount_minor for group in groups for one in (group.batch, *group.payments))
            found.setdefault(tuple(amounts), groups)
            if len(found) > 1 or all(self._must):
                break
        return next(iter(found.values())) if len(found) == 1 and self._steps <= MOST_STEPS else []

    def _explained(self, left: tuple[list[_One], list[_One]]) -> Iterator[list[_Group]]:
        """Yield how what is left is explained, beginning with the largest line that must be."""
        self._steps += 1
        largest = max(
            ((abs(one.amount_minor), side, one) for side in (0, 1) if self._must[side] for one in left[side]),
            key=lambda entry: entry[0],
            default=None,
        )
        if largest is None:
            yield []
            return
        _, side, one = largest
        for group in self._groups_with(one, side, left):
            used = {group.batch, *group.payments}
            rest = ([own for own in left[0] if own not in used], [other for other in left[1] if other not in used])
            for groups in self._explained(rest):
                yield [group, *groups]

    def payments_of(self, batch: _One) -> Iterator[tuple[_One, ...]]:
        """Yield the lines of the other side that may be the payments of a batch."""
        return self._summing(self._sides[1 if batch.is_own else 0], batch.amount_minor, ())

    def _groups_with(self, one: _One, side: int, left: tuple[list[_One], list[_One]]) -> Iterator[_Group]:
        """Yield the batches that a line may be, or be a payment of."""
        if one.is_batch:
            for payments in self._summing(left[1 - side], one.amount_minor, ()):
                yield _Group(one, payments)
        beside = [other for other in left[side] if other != one]
        for batch in left[1 - side]:
            if batch.is_batch:
                for payments in self._summing(beside, batch.amount_minor, (one,)):
                    yield _Group(batch, payments)

    def _summing(self, lines: list[_One], total_minor: int, so_far: tuple[_One, ...]) -> Iterator[tuple[_One, ...]]:
        """Yield several lines that all go one way and come to a total together; of equal amounts the first ones."""
        self._steps += 1
        missing = total_minor - sum(one.amount_minor for one in so_far)
        if missing == 0 and len(so_far) > 1:
            yield so_far
        if missing * total_minor <= 0 or self._steps > MOST_STEPS:
            return
        tried = set[int]()
        for place, one in enumerate(lines):
            if one.amount_minor * total_minor > 0 and one.amount_minor not in tried:
                tried.add(one.amount_minor)
                yield from self._summing(lines[place + 1 :], total_minor, (*so_far, one))
