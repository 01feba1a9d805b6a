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
from typing import TYPE_CHECKING
from typing import NamedTuple

import sqlalchemy as sa

from importers.joining import Candidate
from importers.joining import candidate_of
from importers.joining import candidates
from importers.joining import family_of
from importers.joining import paired
from importers.matching import Identity  # noqa: TC001 - NamedTuple reads its annotations
from ledger import tables

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from importers.matching import Names
    from importers.planned import Account
    from importers.statement import Line
    from importers.statement import Statement
    from ledger.installation import Installation

CHUNK = 500
AROUND = dt.timedelta(days=10)
"""How far apart the day of booking and the value date may lie."""
Reading = list[int | None]
"""For each line of a statement where it stands in the log; None for a new one."""


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
        known = [one.booked for one in named]
        if self._is_blank(place):
            yield known
            return
        rows = self._rows(place, known)
        family = family_of(self._statements[place].format)
        if is_weighed:
            yield self._with(place, known, rows)
        others = self._with(place, known, [row for row in rows if row.family != family])
        same = [row for row in rows if row.family == family]
        whole = set(filter(is_whole, {row.booked_on for row in same}))
        yield self._with(place, others, [row for row in same if row.booked_on in whole], within_a_day=True)
        yield others
        yield known
        if is_weighed and not any(one.booked is not None and one.identity.is_reference for one in named):
            yield [None] * len(known)

    def settle(self, place: int, named: Sequence[Named], reading: Reading) -> Iterator[Named]:
        """Take a reading, and yield the lines with what follows from it."""
        statement, account = self._statements[place], self._accounts[place]
        self._taken[account].update(idx for idx in reading if idx is not None)
        for line, one, booked in zip(statement.lines, named, reading, strict=True):
            settled = one
            if booked != one.booked:
                settled = self._renamed(account, one) if booked is None else one._replace(booked=booked)
            if self._has_members and booked is None:
                self._earlier[account].add(statement, line, settled.key)
            yield settled

    def _is_blank(self, place: int) -> bool:
        """Tell whether nothing was booked on a statement's account yet, nor comes from an earlier file."""
        account = self._accounts[place]
        return account in self._blank and account not in self._earlier

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

    def _rows(self, place: int, known: Sequence[int | None]) -> list[Candidate]:
        """Return the lines of the book, and of earlier files of an archive, that unknown lines may be."""
        statement, account = self._statements[place], self._accounts[place]
        lines = [line for line, booked in zip(statement.lines, known, strict=True) if booked is None]
        earlier = self._earlier.get(account)
        if not lines:
            return []
        days = [line.booked_on for line in lines]
        period = (_moved(min(days), -AROUND), _moved(max(days), AROUND))
        amounts = {line.amount_minor for line in lines}
        rows = candidates(self._connection, account, period, amounts, self._taken[account])
        return rows if earlier is None else rows + earlier.rows(statement, amounts, self._taken[account])

    def _with(self, place: int, known: Reading, rows: Sequence[Candidate], *, within_a_day: bool = False) -> Reading:
        """Return what is known with what some rows add."""
        if not rows:
            return known
        lines = zip(self._statements[place].lines, known, strict=True)
        unknown = [(at, line) for at, (line, booked) in enumerate(lines) if booked is None]
        found = paired(unknown, rows, within_a_day=within_a_day)
        return [found.get(at, booked) for at, booked in enumerate(known)]

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

    def rows(self, statement: Statement, amounts: set[int], taken: set[int]) -> list[Candidate]:
        """Return the lines of other files that lines of a statement may be."""
        others = (row for member, row in self._rows if member != statement.member)
        return [row for row in others if row.amount_minor in amounts and row.idx not in taken]


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
