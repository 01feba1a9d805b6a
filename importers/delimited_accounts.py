"""The lines of each account of a CSV file, put in order and made into Statements.

Lines come in batches, newest or oldest first. Their moments decide which; where all are
one moment, the running balances do; else the bank's habit. Many lines lie on the disk (see
`importers.spool`); what order and balances need of each stays in memory: three numbers.
"""

from __future__ import annotations

import datetime as dt
from array import array
from dataclasses import dataclass
from dataclasses import replace
from itertools import islice
from operator import add
from operator import eq
from operator import le
from typing import TYPE_CHECKING

from importers.delimited_batch import BOOKED
from importers.delimited_batch import NEVER
from importers.delimited_batch import UNSTATED
from importers.delimited_columns import LINE_FIELDS
from importers.delimited_values import DAY_SECONDS
from importers.figures import other_than
from importers.lines import LINES
from importers.reconcile import decimal_text
from importers.reconcile import problems_of
from importers.spool import BATCH
from importers.spool import IN_MEMORY
from importers.spool import Kept
from importers.spool import Packing
from importers.spool import Spool
from importers.statement import Balance
from importers.statement import Line
from importers.statement import Problem
from importers.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Hashable
    from collections.abc import Iterator
    from collections.abc import Sequence

    from importers.delimited_batch import Batch
    from importers.delimited_batch import PlainLine
    from importers.profiles.profile import Profile
    from importers.spool import Chunk

FORWARDS, BACKWARDS, MIXED = "forwards", "backwards", "mixed"
_POSITION, _IBAN = LINE_FIELDS.index("position"), LINE_FIELDS.index("iban")


def _as_it_is(line: PlainLine) -> PlainLine:
    return line


_PLAIN = Packing(_as_it_is, _as_it_is)


@dataclass(slots=True)
class Track:
    """What order and balances need of each line, in the order of the file."""

    moments: array[int]
    amounts: array[int]
    runnings: array[int]

    @classmethod
    def empty(cls) -> Track:
        """Return one without lines."""
        return cls(array("q"), array("q"), array("q"))

    def add(self, batch: Batch) -> None:
        """Take in more lines."""
        self.moments.extend(batch.moments)
        self.amounts.extend(batch.amounts)
        self.runnings.extend(batch.runnings)

    def arranged(self, places: Sequence[int]) -> Track:
        """Return the same in another order."""
        return Track(*(array("q", map(values.__getitem__, places)) for values in self._columns()))

    def turned(self) -> Track:
        """Return the same, last line first."""
        return Track(*(values[::-1] for values in self._columns()))

    def _columns(self) -> tuple[array[int], ...]:
        return self.moments, self.amounts, self.runnings

    def order(self, *, newest_first: bool) -> str:
        """Tell which way the lines run: moments first, then running balances, then the bank's habit decide."""
        forwards = all(map(le, self.moments, islice(self.moments, 1, None)))
        backwards = all(map(le, islice(self.moments, 1, None), self.moments))
        if forwards != backwards:
            return FORWARDS if forwards else BACKWARDS
        if not forwards:
            return MIXED
        closes, closes_backwards = self.closes(), self.turned().closes()
        if closes != closes_backwards:
            return FORWARDS if closes else BACKWARDS
        return BACKWARDS if newest_first else FORWARDS

    def closes(self) -> bool:
        """Tell whether each running balance continues from the one before it."""
        following = islice(self.runnings, 1, None)
        return all(map(eq, map(add, self.runnings, islice(self.amounts, 1, None)), following)) or not any(self.breaks())

    def opening(self) -> Balance | None:
        """Return the balance before the first line, of lines oldest first."""
        if not self.amounts or self.runnings[0] == UNSTATED:
            return None
        return Balance(_day(self.moments[0]), self.runnings[0] - self.amounts[0])

    def closing(self) -> Balance | None:
        """Return the balance after the last line, of lines oldest first."""
        if not self.amounts or self.runnings[-1] == UNSTATED:
            return None
        return Balance(_day(self.moments[-1]), self.runnings[-1])

    def adds_up(self) -> bool:
        """Tell whether opening and lines make closing, where both are stated."""
        opening, closing = self.opening(), self.closing()
        if opening is None or closing is None:
            return True
        return opening.amount_minor + sum(self.amounts) == closing.amount_minor

    def breaks(self) -> Iterator[tuple[int, int]]:
        """Yield the place of each line that the running balance does not reach, and the balance it should have."""
        for place in range(1, len(self.runnings)):
            before, stated = self.runnings[place - 1], self.runnings[place]
            expected = before + self.amounts[place]
            if UNSTATED not in {before, stated} and expected != stated:
                yield place, expected


class Account:
    """One account's lines, as they come.

    Args:
        number: Its IBAN or number, None where the file does not state it.
        spool: Where many lines lie.
        newest_first: How the bank sorts.
    """

    def __init__(self, number: str | None, spool: Spool, *, newest_first: bool) -> None:
        self._number, self._spool = number, spool
        self._newest_first = newest_first
        self._held: list[PlainLine] = []
        self._chunks: list[Chunk] = []
        self._put_away_as = ""
        self._track = Track.empty()
        self._currencies: dict[str, None] = {}
        self._misfits: list[int] = []
        self.pending: list[PlainLine] = []

    @property
    def count(self) -> int:
        """Return how many booked lines there are."""
        return len(self._track.amounts)

    @property
    def total_minor(self) -> int:
        """Return what they come to."""
        return sum(self._track.amounts)

    def take(self, batch: Batch) -> None:
        """Take in more booked lines."""
        self._held += batch.lines if self._number is None else [self._told(line) for line in batch.lines]
        self._track.add(batch)
        self._currencies.update(dict.fromkeys(batch.currencies))
        if batch.misfits:
            self._misfits += batch.misfits.intersection([line[_POSITION] for line in batch.lines])

    def _told(self, line: PlainLine) -> PlainLine:
        """Return a line whose counterparty is never the very account."""
        if line[_IBAN] and other_than(self._number, line[_IBAN]) is None:
            line[_IBAN] = None
        return line

    def put_away(self) -> None:
        """Move what is held to the disk if it is worth a write."""
        if len(self._held) >= BATCH:
            self._write()

    def _write(self) -> None:
        """Write lines oldest first, if they seem to come newest first: then nobody has to turn them around."""
        self._put_away_as = self._put_away_as or self._track.order(newest_first=self._newest_first)
        lines = self._held[::-1] if self._put_away_as == BACKWARDS else self._held
        written = list(self._spool.put_away(lines, _PLAIN))
        self._chunks += written[::-1] if self._put_away_as == BACKWARDS else written
        self._held = []

    def statement(self, form: str, profile: Profile) -> Statement:
        """Return the statement: lines oldest first, with what does not fit."""
        order = self._track.order(newest_first=self._newest_first)
        places = self._places(order)
        track = self._track
        if order != FORWARDS:
            track = track.turned() if order == BACKWARDS else track.arranged(places)
        lines = self._lines(order, places)
        statement = Statement(
            form,
            profile.bank,
            self._number,
            next(iter(self._currencies), None),
            None,
            track.opening(),
            track.closing(),
            lines,
            (*_chain_problem(track, lines), *_misfit_problem(self._misfits)),
            tuple(map(LINES.unpack, self.pending)),
        )
        if statement.problems or (track.adds_up() and len(self._currencies) <= 1):
            return statement
        return replace(statement, problems=problems_of(statement))

    def _places(self, order: str) -> Sequence[int]:
        """Return which line of the file comes where, oldest first."""
        places = range(self.count)
        if order == MIXED:
            habit = places[::-1] if self._newest_first else places
            return sorted(habit, key=self._track.moments.__getitem__)
        return places[::-1] if order == BACKWARDS else places

    def _lines(self, order: str, places: Sequence[int]) -> Sequence[Line]:
        if not self._chunks:
            return tuple(LINES.unpack(self._held[place]) for place in places)
        if self._held:
            self._write()
        chunks: Sequence[Chunk] = self._chunks[::-1] if self._put_away_as == BACKWARDS else self._chunks
        if order != self._put_away_as or order == MIXED:
            chunks = self._written_anew(chunks, places)
        return Kept(self._spool, LINES, tuple(chunks))

    def _written_anew(self, chunks: Sequence[Chunk], places: Sequence[int]) -> Sequence[Chunk]:
        """Write lines again that turned out to run another way than they seemed to; no bank writes many such."""
        lines = list(Kept(self._spool, _PLAIN, tuple(chunks)))
        if self._put_away_as == BACKWARDS:
            lines.reverse()
        return list(self._spool.put_away([lines[place] for place in places], _PLAIN))


class Accounts:
    """All accounts of one file, in the order in which they appear.

    Args:
        profile: What the file is.
    """

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._spool = Spool()
        self._taken = 0
        self._accounts: dict[Hashable, Account] = {}

    @property
    def count(self) -> int:
        """Return how many booked lines there are."""
        return sum(account.count for account in self._accounts.values())

    @property
    def total_minor(self) -> int:
        """Return what they come to."""
        return sum(account.total_minor for account in self._accounts.values())

    def take(self, batch: Batch) -> None:
        """Take in more rows."""
        self._taken += len(batch.lines)
        for key, state, rows in batch.apart():
            if state == NEVER:
                continue
            account = self._account(key)
            if state == BOOKED:
                account.take(rows)
            else:
                account.pending += rows.lines
            if self._taken > IN_MEMORY:
                account.put_away()

    def _account(self, key: Hashable) -> Account:
        account = self._accounts.get(key)
        if account is None:
            account = self._accounts[key] = Account(_number(key), self._spool, newest_first=self._profile.newest_first)
        return account

    def statements(self, form: str) -> tuple[Statement, ...]:
        """Return a statement of each account; one without account and lines where there is none."""
        found = tuple(account.statement(form, self._profile) for account in self._accounts.values())
        return found or (Statement(form, self._profile.bank, None, None, None, None, None, ()),)


def _number(key: Hashable) -> str | None:
    """Return the account's number out of what tells accounts apart."""
    number = key[0] if isinstance(key, tuple) else key
    return number if isinstance(number, str) else None


def _day(moment: int) -> dt.date:
    return dt.date.fromordinal(moment // DAY_SECONDS)


def _chain_problem(track: Track, lines: Sequence[Line]) -> tuple[Problem, ...]:
    if track.closes():
        return ()
    breaks = list(track.breaks())
    place, expected = breaks[0]
    return (
        Problem(
            "balance",
            f"The balance after each line does not continue at {len(breaks)} of {len(lines)} lines; first at row "
            f"{lines[place].position}, {_day(track.moments[place])}: the bank states "
            f"{decimal_text(track.runnings[place])} where the lines make {decimal_text(expected)}. "
            "A row may be missing.",
        ),
    )


def _misfit_problem(misfits: Sequence[int]) -> tuple[Problem, ...]:
    if not misfits:
        return ()
    return (
        Problem(
            "balance",
            f"At {len(misfits)} rows the balances before and after do not differ by the amount; first at row "
            f"{min(misfits)}.",
        ),
    )
