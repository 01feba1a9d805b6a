"""Comparing an installation's own tables with its entries.

A forged view misleads readers as much as a forged entry. Everything that pages read is made
again in memory from the entries and the private values that still exist, and compared value
by value, as the database keeps it. Private values must open their commitments; as many
may be missing as erasures say.
"""

from __future__ import annotations

import contextlib
import itertools
import json
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING
from typing import Any

import sqlalchemy as sa

from ledger import tables
from ledger.commitment import Opening
from ledger.commitment import load_openings
from ledger.commitment import matches
from ledger.database import check_fences
from ledger.database import is_sound
from ledger.database import on_postgresql
from ledger.entries import known_type
from ledger.entry import Entry
from ledger.entry import read_entry
from ledger.errors import BuurtkasError
from ledger.errors import DatabaseTrouble
from ledger.errors import FenceMissing
from ledger.errors import MalformedEntry
from ledger.errors import ShapeRefused
from ledger.migrations import check_shape
from ledger.record import Disclosed
from ledger.record import StoredEntry
from ledger.sqlite import DRIVER
from ledger.tiles import NodeMaker
from ledger.verify import MOST_PROBLEMS
from ledger.verify import Problem
from ledger.verify import Report
from ledger.verify import clean
from ledger.verify import verify
from ledger.views import MemoryViews

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from ledger.checkpoint import VerifierKey
    from ledger.installation import Installation
    from ledger.signer import Signer

ROWS = 1000
MOST_OF_KEY = 80
UNREADABLE = 0.5
"""Stands for a value that cannot be read: a number that no commitment is made to."""


class DatabaseRecord:
    """The record inside an installation's database, with the signer's checkpoint.

    The checkpoint is read before anything else, so that the log holds at least what it covers.
    """

    def __init__(self, connection: sa.Connection, signer: Signer) -> None:
        self._note = signer.published()
        self._connection = connection
        self._signer = signer

    def entries(self) -> Iterator[StoredEntry]:
        """Yield the entries in the order of the log."""
        query = _raw(tables.entry, "idx", "book", "seq", "type", "hash", "body").order_by(tables.entry.c.idx)
        for row in self._connection.execute(query.execution_options(yield_per=ROWS)):
            body = row.body if isinstance(row.body, bytes) else b""
            yield StoredEntry(row.idx, row.hash, body, (row.book, row.seq, row.type))

    def disclosures(self) -> Iterator[Disclosed]:
        """Yield what opens commitments."""
        query = _raw(tables.disclosure, "book", "seq", "field", "salt", "value")
        for book, seq, field, salt, value in self._connection.execute(query):
            place = seq if isinstance(seq, int) else -1
            yield Disclosed(str(book), place, str(field), Opening(salt, _value(value)))

    def seal_lists(self, days: Sequence[str]) -> Iterator[tuple[str, bytes]]:  # noqa: ARG002 - those of a record
        """Yield nothing: a database makes its lists from the same entries."""
        yield from ()

    def checkpoint(self) -> str | None:
        """Return the newest signed checkpoint, or None before the first."""
        return self._note

    def vkey(self) -> VerifierKey:
        """Return the key that checkpoints are verified with."""
        return self._signer.vkey()


def verify_installation(installation: Installation, within: sa.Connection | None = None) -> Report:
    """Check an installation: its record first, and if that holds everything made from it.

    Whatever was done to the database is reported, never raised.

    Args:
        installation: What is checked.
        within: Look at what this transaction sees, such as a migration that is not committed yet.
    """
    report = Report(0, 0, None, 0, 0, ())
    try:
        with contextlib.nullcontext(within) if within is not None else installation.store.reading() as connection:
            check_shape(connection)
            report = verify(DatabaseRecord(connection, installation.signer), installation.signer.signed_leaves())
            if report.ok:
                found = itertools.islice(_check(connection, installation), MOST_PROBLEMS)
                report = replace(report, problems=tuple(found))
    except ShapeRefused as error:
        return replace(report, problems=(Problem(f"database: {error}"),))
    except (sa.exc.SQLAlchemyError, DRIVER.Error, DatabaseTrouble, UnicodeError):
        return replace(report, problems=(*report.problems, Problem("database: it cannot be read")))
    except (BuurtkasError, OSError) as error:
        return replace(report, problems=(*report.problems, Problem(f"signer: {clean(str(error))}")))
    return report


def _raw(table: sa.Table, *names: str) -> sa.Select[Any]:
    """Select columns as the database keeps them, of whatever type they have become."""
    columns: list[sa.ColumnElement[Any]] = [sa.literal_column(name) for name in names]
    return sa.select(*columns).select_from(table)


def _check(connection: sa.Connection, installation: Installation) -> Iterator[Problem]:
    """Yield what does not fit the entries, which hold."""
    replay = _Replay(connection, installation.settings.origin)
    yield from replay.run()
    for table in tables.VIEWS:
        yield from _compare(connection, table, list(replay.views.rows[table.name].values()))
    yield from _compare(connection, tables.book_head, replay.book_heads())
    yield from _compare(connection, tables.log_node, replay.nodes())
    head = {"id": 1, "size": replay.size, "recorded_at": replay.recorded_at}
    yield from _compare(connection, tables.log_head, [head])
    try:
        check_fences(connection)
    except FenceMissing as error:
        yield Problem(clean(f"fences: {error}"))
    if not is_sound(connection):
        yield Problem("database: its indexes do not fit its tables")


class _Replay:
    """Makes everything again that is made from the entries."""

    def __init__(self, connection: sa.Connection, log: str) -> None:
        self._connection = connection
        self._log = log
        self._places: dict[tuple[str, int], int] = {}
        self._missing: Counter[str] = Counter()
        self._erased: Counter[str] = Counter()
        self._heads: dict[str, Entry] = {}
        self.views = MemoryViews(self._find, self._openings)
        self._nodes = NodeMaker(0, lambda _level, _start, _end: [])
        self.size = 0
        self.recorded_at: object = None

    def run(self) -> Iterator[Problem]:
        """Walk along the log once; yield what is wrong with private values."""
        entry, private = tables.entry, tables.private_value
        query = (
            sa.select(entry.c.idx, entry.c.body, private.c.body.label("private"))
            .outerjoin(private, private.c.idx == entry.c.idx)
            .order_by(entry.c.idx)
            .execution_options(yield_per=ROWS)
        )
        for idx, body, kept in self._connection.execute(query):
            yield from self._step(read_entry(idx, body), kept)
        yield from self._strays()
        for book in sorted(self._heads):
            missing, erased = self._missing[book], self._erased[book]
            if missing != erased:
                yield Problem(f"private values of {book}: {missing} are missing, {erased} were erased")

    def nodes(self) -> list[dict[str, Any]]:
        """Return the rows of `log_node`."""
        return self._nodes.made

    def book_heads(self) -> list[dict[str, Any]]:
        """Return the rows of `book_head`."""
        return [
            {"book": book, "length": entry.seq + 1, "hash": entry.hash} for book, entry in sorted(self._heads.items())
        ]

    def _step(self, entry: Entry, kept: str | None) -> Iterator[Problem]:
        """Replay one entry."""
        self._places[entry.book, entry.seq] = entry.idx
        self._heads[entry.book] = entry
        self.recorded_at = entry.recorded_at
        self.size += 1
        self._nodes.append(entry.hash)
        openings, problems = self._held(entry, kept)
        yield from problems
        self._missing[entry.book] += len(entry.commitments().keys() - openings.keys()) - len(problems)
        type_ = known_type(entry.body)
        if type_ is None:
            return
        if entry.type == "erasure":
            self._erased[entry.book] += entry.integer("values")
        try:
            type_.apply(entry, {name: opening.value for name, opening in openings.items()}, self.views)
        except BuurtkasError as error:
            yield Problem(clean(f"no view can be made of it: {error}"), entry.idx, entry.book, entry.seq)

    def _held(self, entry: Entry, kept: object) -> tuple[dict[str, Opening], list[Problem]]:
        """Return the private values that open their commitments, and what is wrong with the others."""
        place = f"of {entry.book} entry {entry.seq}"
        try:
            openings = _load(kept)
        except MalformedEntry:
            return {}, [Problem(f"private values {place}: they cannot be read")]
        if kept is not None and not openings:
            return {}, [Problem(f"private values {place}: there are none in their row")]
        commitments, held = entry.commitments(), {}
        problems: list[Problem] = []
        for name, opening in openings.items():
            if matches(self._log, entry.book, name, opening, commitments.get(name, "")):
                held[name] = opening
            else:
                problems.append(Problem(clean(f"private value {name} {place} does not open its commitment")))
        return held, problems

    def _strays(self) -> Iterator[Problem]:
        """Yield private values that belong to no entry."""
        private, entry = tables.private_value, tables.entry
        query = sa.select(private.c.idx).outerjoin(entry, entry.c.idx == private.c.idx).where(entry.c.idx.is_(None))
        for (idx,) in self._connection.execute(query):
            yield Problem(clean(f"private values {idx}: they belong to no entry"))

    def _find(self, book: str, seq: int) -> Entry:
        """Return an entry of a book."""
        idx = self._places.get((book, seq))
        if idx is None:
            raise MalformedEntry(f"{book} has no entry {seq}")
        return self._read(idx)

    def _read(self, idx: int) -> Entry:
        """Return the entry in a place of the log."""
        body = self._connection.execute(sa.select(tables.entry.c.body).where(tables.entry.c.idx == idx)).scalar_one()
        return read_entry(idx, body)

    def _openings(self, idx: int) -> Mapping[str, Opening]:
        """Return the openings that still exist of an entry."""
        private = tables.private_value
        kept = self._connection.execute(sa.select(private.c.body).where(private.c.idx == idx)).scalar()
        return self._held(self._read(idx), kept)[0]


def _load(kept: object) -> dict[str, Opening]:
    """Return kept openings.

    Raises:
        MalformedEntry: They cannot be read.
    """
    if kept is None:
        return {}
    if not isinstance(kept, str):
        raise MalformedEntry("private values are not text")
    return load_openings(kept)


def _value(text: object) -> Any:  # noqa: ANN401 - any JSON value
    """Return a disclosed value; where it cannot be read, one that opens nothing."""
    try:
        return json.loads(text) if isinstance(text, str) else UNREADABLE
    except (ValueError, RecursionError):
        return UNREADABLE


def _compare(connection: sa.Connection, table: sa.Table, expected: list[dict[str, Any]]) -> Iterator[Problem]:
    """Yield the rows of a table that differ from what the entries make."""
    keys = [column.name for column in table.primary_key]
    wanted = {tuple(row[key] for key in keys): row for row in (_as_kept(connection, table, row) for row in expected)}
    typed = on_postgresql(connection)
    columns = sa.select(table) if typed else sa.select(sa.literal_column("*")).select_from(table)
    for row in connection.execute(columns).mappings():
        key = tuple(row[name] for name in keys)
        if wanted.pop(key, None) != dict(row):
            yield Problem(f"view {table.name}: the row {_named(key)} differs from the entries")
    for key in wanted:
        yield Problem(f"view {table.name}: the row {_named(key)} is missing")


def _as_kept(connection: sa.Connection, table: sa.Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row's values in the form in which the database keeps them; PostgreSQL's columns hold only their type."""
    if on_postgresql(connection):
        return {column.name: _as_typed(column, row[column.name]) for column in table.columns}
    kept = {}
    for column in table.columns:
        process = column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
        kept[column.name] = process(row[column.name]) if process else row[column.name]
    return kept


def _as_typed(column: sa.Column[Any], value: object) -> object:
    """Return a value as a typed column gives it back."""
    return json.loads(json.dumps(value)) if isinstance(column.type, sa.JSON) else value


def _named(key: tuple[object, ...]) -> str:
    """Return a primary key for a message; keys of views hold no personal data."""
    return clean("/".join(str(part) for part in key))[:MOST_OF_KEY]
