"""Which lines of a file stand in the book already.

A line is known by its identity; else it may be one that a file of another format brought
(`importers.joining`). Where the bank's balances contradict this, other readings are
offered in turn, and the one that the balances bear out is taken (`importers.planning`):
the same format worded a payment anew; or an equal payment followed later on the same day,
in a statement that begins where the last one ended.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from functools import partial
from itertools import product
from typing import TYPE_CHECKING
from typing import NamedTuple

import sqlalchemy as sa

from importers.batches import Found
from importers.batches import matched
from importers.batches import of_one_sum
from importers.batches import of_payments
from importers.batches import regrouped
from importers.joining import Candidate
from importers.joining import candidate_of
from importers.joining import candidates
from importers.joining import equal
from importers.joining import family_of
from importers.joining import paired
from importers.joining import rows_of
from importers.matching import Identity  # noqa: TC001 - NamedTuple reads its annotations
from importers.planned import Doubt
from ledger import tables

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from importers.joining import Row
    from importers.matching import Names
    from importers.planned import Account
    from importers.statement import Line
    from importers.statement import Statement
    from ledger.installation import Installation

CHUNK = 500
AROUND = dt.timedelta(days=10)
"""How far apart the day of booking and the value date may lie."""
PARTIAL = ("camt.054", "psd2")
"""Formats of which a file need not hold all that was booked on its days."""
WAYS = 4
"""So many ways are tried in which batches without payments may be taken apart."""
SURE_LINES = 3
"""So many different lines that all have their like, while no line of the book has none, are no chance."""


class Reading(NamedTuple):
    """Which lines of a statement stand in the book already.

    Attributes:
        known: For each of its lines where it stands in the log; None for a new one.
        parts: Further lines of the book that a batch of the statement stands for: place in the log to place in it.
        is_guess: Batches without payments may be taken apart in other ways too.
    """

    known: list[int | None]
    parts: dict[int, int] = {}  # noqa: RUF012 - never changed
    is_guess: bool = False


class Fuller(NamedTuple):
    """A reading by which more lines of a statement stand in the book than by another.

    Attributes:
        doubt: Those lines.
        is_sure: They repeat all that the book holds of their days, and are several different ones. Only a file does so
            that brings these days again; one that brings what came since has by chance a line that looks like another.
        is_summed: Nothing but the sum of a day says so. Then balances that fit prove nothing: the lines differ.
    """

    reading: Reading
    doubt: Doubt
    is_sure: bool
    is_summed: bool


Whose = tuple[str | None, str | None]
"""The account number and the file of an archive that a statement stands under."""


def whose(statement: Statement) -> Whose:
    """Return within what a statement's lines are told apart."""
    return statement.account, statement.member


class Named(NamedTuple):
    """A line's identity, the HMAC of it (32 bytes), and where in the log a line with the same one stands."""

    identity: Identity
    key: bytes
    booked: int | None


class Recognising:
    """Recognises the lines of one file, statement by statement, in the order in which they are planned."""

    def __init__(
        self,
        installation: Installation,
        connection: sa.Connection,
        statements: Sequence[Statement],
        accounts: Sequence[Account],
        names: Mapping[Whose, Names],
    ) -> None:
        self._installation, self._connection = installation, connection
        self._statements, self._accounts, self._names = statements, accounts, names
        self._earlier: dict[Account, _Earlier] = defaultdict(_Earlier)
        self._taken: dict[Account, set[int]] = defaultdict(set)
        self._named: dict[int, list[Named]] = {}
        self._renewed: set[bytes] = set()
        self._around: dict[int, _Free] = {}
        self._has_members = len({member for _, member in names}) > 1
        self._blank = {account for account in dict.fromkeys(accounts) if _has_no_lines(connection, account.id)}
        for place, account in enumerate(accounts):
            if account not in self._blank:
                self._look_up(place)

    def named(self, place: int) -> Iterable[Named]:
        """Return the lines of a statement by name; of those known from an earlier file of an archive too."""
        account = self._accounts[place]
        named = self._named.pop(place) if place in self._named else self._name(place)
        earlier = self._earlier.get(account)
        return named if earlier is None else (earlier.known(self._statements[place].member, one) for one in named)

    def readings(
        self, place: int, named: Sequence[Named], is_whole: Callable[[dt.date], bool], *, is_weighed: bool
    ) -> Iterator[Reading]:
        """Yield which lines of a statement may stand in the book, the likeliest first; each once.

        Args:
            is_whole: Tells whether the book holds all that was booked on a day. Only then, or where balances can tell,
                may a line be one that a file of the same format worded otherwise.
            is_weighed: Balances can tell whether a reading is right. Only then may a line not be one that looks the
                same.
        """
        given: list[Reading] = []
        for reading in self._possible(place, named, is_whole, is_weighed=is_weighed):
            if reading not in given:
                given.append(reading)
                yield reading

    def _possible(
        self, place: int, named: Sequence[Named], is_whole: Callable[[dt.date], bool], *, is_weighed: bool
    ) -> Iterator[Reading]:
        known = Reading([one.booked for one in named])
        account = self._accounts[place]
        if self.is_blank(account) and account not in self._earlier:
            yield known
            return
        free = self._around[place] = self._free(place, known.known)
        family = family_of(self._statements[place].format)
        is_counted = is_weighed or family not in PARTIAL
        others = free.joined(known, lambda row: row.family != family, is_counted=is_counted)
        whole = set(filter(is_whole, free.days))
        readings = [free.joined(known)] if is_weighed else []
        readings.append(
            free.joined(others, lambda row: row.family == family and row.booked_on in whole, within_a_day=True)
        )
        readings += [others, known]
        yield from readings
        if is_weighed:
            yield free.joined(known, has_batches=False)
            yield from map(free.regrouped, readings)
            for way in range(WAYS):
                taken_apart = free.regrouped(known, way)
                yield free.joined(taken_apart)._replace(is_guess=True)
                yield from (free.regrouped(reading, way)._replace(is_guess=True) for reading in readings[:-1])
        if is_weighed and not any(one.booked is not None and one.identity.is_reference for one in named):
            yield Reading([None] * len(named))

    def fuller(self, place: int, named: Sequence[Named], reading: Reading) -> Iterator[Fuller]:
        """Yield how more lines of a statement may stand in the book than a reading says.

        They agree with lines that a file of the same format brought in everything but the bank's own reference; or they
        are batches of each other; or lines of one amount, or some that merely come to the same on one day.
        """
        free = self._around.get(place)
        if free is None:
            return
        family = family_of(self._statements[place].format)
        yield from free.fuller(Reading([one.booked for one in named]), reading, lambda row: row.family == family)

    def settle(self, place: int, named: Sequence[Named], reading: Reading) -> Iterator[Named]:
        """Take a reading, and yield the lines with what follows from it."""
        self._around.pop(place, None)
        statement, account = self._statements[place], self._accounts[place]
        self._taken[account].update((idx for idx in reading.known if idx is not None), reading.parts)
        for line, one, booked in zip(statement.lines, named, reading.known, strict=True):
            settled = one
            if booked != one.booked:
                settled = self._renamed(account, one) if booked is None else one._replace(booked=booked)
            if self._has_members and booked is None:
                self._earlier[account].add(statement, line, settled.key)
            yield settled

    def is_blank(self, account: Account) -> bool:
        """Tell whether nothing was booked on an account yet."""
        return account in self._blank

    def _name(self, place: int) -> Iterator[Named]:
        """Name the lines of a statement."""
        statement, account = self._statements[place], self._accounts[place]
        names = self._names[whose(statement)]
        for line in statement.lines:
            identity = names.identity(line)
            yield Named(identity, self._key(account, identity), None)

    def _key(self, account: Account, identity: Identity) -> bytes:
        return self._installation.key("line", account.id, identity.words.hex())

    def _look_up(self, place: int) -> None:
        """Keep the lines of a statement with where each identity stands in the book."""
        account, named = self._accounts[place], list(self._name(place))
        found = _booked(self._connection, account.id, [one.key for one in named])
        self._named[place] = [one._replace(booked=found.get(one.key)) for one in named]
        self._taken[account].update(found.values())

    def _free(self, place: int, known: Sequence[int | None]) -> _Free:
        """Return the lines of the book, and of earlier files of an archive, that unknown lines may be."""
        statement, account = self._statements[place], self._accounts[place]
        load = partial(candidates, self._connection, account)
        days = [line.booked_on for line, booked in zip(statement.lines, known, strict=True) if booked is None]
        if not days:
            return _Free(statement.lines, [], [], load)
        taken, earlier = self._taken[account], self._earlier.get(account)
        rows = rows_of(self._connection, account, _moved(min(days), -AROUND), _moved(max(days), AROUND))
        others = earlier.rows(statement.member, taken) if earlier else []
        return _Free(statement.lines, [row for row in rows if row.idx not in taken], others, load)

    def _renamed(self, account: Account, one: Named) -> Named:
        """Name a line that looks like one in the book, and is another one."""
        identity, key = one.identity, one.key
        while _booked(self._connection, account.id, [key]) or key in self._renewed:
            identity = identity.next()
            key = self._key(account, identity)
        self._renewed.add(key)
        return Named(identity, key, None)


class _Earlier:
    """The new lines of the files of an archive so far, as later files of it may bring them again."""

    def __init__(self) -> None:
        self._places: dict[bytes, tuple[str | None, int]] = {}
        self._rows: list[tuple[str | None, Candidate]] = []

    def add(self, statement: Statement, line: Line, key: bytes) -> None:
        """Take in a line."""
        idx = -1 - len(self._rows)
        self._places[key] = (statement.member, idx)
        self._rows.append((statement.member, candidate_of(idx, family_of(statement.format), line)))

    def known(self, member: str | None, one: Named) -> Named:
        """Return a line of a file with its place among those of other files."""
        before = self._places.get(one.key)
        return one if before is None or before[0] == member else one._replace(booked=before[1])

    def rows(self, member: str | None, taken: set[int]) -> list[Candidate]:
        """Return the lines of other files that lines of a file may be."""
        return [row for other, row in self._rows if other != member and row.idx not in taken]


class _Free:
    """The lines of the book that nobody knows again yet, and that the unknown lines of a statement may be.

    Args:
        lines: All lines of the statement.
        rows: Those of the book around their days.
        earlier: Those of earlier files of the same archive.
        load: Loads what the bank said of lines of the book.
    """

    def __init__(
        self,
        lines: Sequence[Line],
        rows: Sequence[Row],
        earlier: Sequence[Candidate],
        load: Callable[[Sequence[Row]], list[Candidate]],
    ) -> None:
        self._lines, self._rows, self._earlier, self._load = lines, rows, earlier, load
        self._loaded: dict[int, Candidate] = {}

    @property
    def days(self) -> set[dt.date]:
        """Return the days on which such lines were booked."""
        return {row.booked_on for row in self._rows}

    def joined(
        self,
        known: Reading,
        allows: Callable[[Candidate], bool] = lambda _: True,
        *,
        within_a_day: bool = False,
        has_batches: bool = True,
        is_counted: bool = True,
    ) -> Reading:
        """Return what is known with the lines that agree with some of the book (see `importers.batches.matched`)."""
        unknown, used = self._unknown(known)
        amounts = {line.amount_minor for _, line in unknown}
        if has_batches:
            amounts |= {part.amount_minor for _, line in unknown for part in line.parts}
        rows = self._said(row for row in self._rows if row.amount_minor in amounts and row.idx not in used)
        rows += [row for row in self._earlier if row.amount_minor in amounts and row.idx not in used]
        rows = list(filter(allows, rows))
        if not has_batches:
            return _with(known, Found(paired(unknown, rows, within_a_day=within_a_day), {}))
        match = partial(matched, within_a_day=within_a_day, is_counted=is_counted)
        found = match(unknown, rows)
        left = [line for place, line in unknown if place not in found.known]
        batches = [row for row in self._of_days(left, used | {row.idx for row in rows}) if row.parts and allows(row)]
        if batches:
            found = match(unknown, [*rows, *batches])
        return _with(known, found)

    def regrouped(self, known: Reading, way: int | None = None) -> Reading:
        """Return what is known with batches that only the balances can bear out (`importers.batches.regrouped`)."""
        unknown, used = self._unknown(known)
        return _with(known, regrouped(unknown, self._of_days([line for _, line in unknown], used), way=way))

    def fuller(self, named: Reading, reading: Reading, is_same_format: Callable[[Candidate], bool]) -> Iterator[Fuller]:
        """Yield how more lines may be known (see `Recognising.fuller`)."""
        days = {line.booked_on for _, line in self._unknown(reading)[0]}
        rows = self._said(row for row in self._rows if row.booked_on in days)
        others = [row for row in rows if not is_same_format(row)]
        given: list[Fuller] = []
        for way, begin in product(range(WAYS), (reading, named)) if rows else ():
            found = self._besides(begin, [row for row in rows if is_same_format(row)], _equal)
            found = self._besides(found, rows, partial(of_payments, alone={}))
            found = self._besides(found, rows, partial(regrouped, way=way))
            found = self._besides(found, others, matched)
            summed = self._besides(found, rows, of_one_sum)
            if summed.known.count(None) < reading.known.count(None):
                fuller = self._fuller(reading, summed, is_summed=summed != found)
                given += [fuller] if fuller not in given else []
        yield from sorted(given, key=lambda one: one.reading.known.count(None))

    def _fuller(self, reading: Reading, found: Reading, *, is_summed: bool) -> Fuller:
        """Return a reading that knows more than another, and whether it can be no chance."""
        lines = [line for place, line in self._unknown(reading)[0] if found.known[place] is not None]
        held = {idx for idx in found.known if idx is not None} | set(found.parts)
        days = {line.booked_on for line in lines}
        is_whole = all(row.idx in held for row in self._rows if row.booked_on in days)
        kinds = {(line.booked_on, line.amount_minor, line.name, line.text) for line in lines}
        is_sure = not is_summed and is_whole and len(kinds) >= SURE_LINES
        doubt = Doubt(len(lines), sum(line.amount_minor for line in lines))
        return Fuller(found, doubt, is_sure=is_sure, is_summed=is_summed)

    def _besides(
        self,
        known: Reading,
        rows: Sequence[Candidate],
        find: Callable[[Sequence[tuple[int, Line]], Sequence[Candidate]], Found],
    ) -> Reading:
        """Return what is known with what is found besides among lines of the book."""
        unknown, used = self._unknown(known)
        return _with(known, find(unknown, [row for row in rows if row.idx not in used]))

    def _unknown(self, known: Reading) -> tuple[list[tuple[int, Line]], set[int]]:
        """Return the lines that are not known, and the lines of the book that known ones are."""
        lines = [(place, line) for place, line in enumerate(self._lines) if known.known[place] is None]
        return lines, {idx for idx in known.known if idx is not None} | set(known.parts)

    def _of_days(self, lines: Sequence[Line], used: set[int]) -> list[Candidate]:
        """Return the lines of the book on the days of some lines."""
        days = {line.booked_on for line in lines}
        return self._said(row for row in self._rows if row.idx not in used and days & {row.booked_on, row.valued_on})

    def _said(self, rows: Iterable[Row]) -> list[Candidate]:
        """Return lines of the book with what the bank said of them."""
        wanted = list(rows)
        unheard = [row for row in wanted if row.idx not in self._loaded]
        self._loaded.update((row.idx, row) for row in self._load(unheard))
        return [self._loaded[row.idx] for row in wanted]


def _equal(lines: Sequence[tuple[int, Line]], rows: Sequence[Candidate]) -> Found:
    return Found(equal(lines, rows), {})


def _with(known: Reading, found: Found) -> Reading:
    """Return what is known with what was found besides."""
    together = [found.known.get(place, booked) for place, booked in enumerate(known.known)]
    return known._replace(known=together, parts={**known.parts, **found.parts})


def _has_no_lines(connection: sa.Connection, account: str) -> bool:
    """Tell whether no line of an account was booked yet."""
    table = tables.line_identity
    return connection.execute(sa.select(table.c.idx).where(table.c.account == account).limit(1)).first() is None


def _booked(connection: sa.Connection, account: str, keys: Sequence[bytes]) -> dict[bytes, int]:
    """Return where in the log lines with these identities stand."""
    table = tables.line_identity
    found: dict[bytes, int] = {}
    for start in range(0, len(keys), CHUNK):
        part = [key.hex() for key in keys[start : start + CHUNK]]
        query = sa.select(table.c.identity, table.c.idx).where(table.c.account == account, table.c.identity.in_(part))
        found.update((bytes.fromhex(identity), idx) for identity, idx in connection.execute(query))
    return found


def _moved(day: dt.date, by: dt.timedelta) -> dt.date:
    """Return another day; the first or last there is where it would lie beyond."""
    return dt.date.fromordinal(min(max(day.toordinal() + by.days, 1), dt.date.max.toordinal()))
