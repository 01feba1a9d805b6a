"""Comparing an installation's own tables with its entries.

A forged view misleads readers as much as a forged entry. Everything that pages read is made
again in memory from the entries and the private values that still exist, and compared value
by value, as the database keeps it. Private values must open their commitments; as many
may be missing as erasures say.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from typing import Any

import sqlalchemy as sa

from ledger import tables
from ledger.commitment import Opening
from ledger.commitment import load_openings
from ledger.commitment import matches
from ledger.database import check_fences
from ledger.entries import known_type
from ledger.entry import Entry
from ledger.entry import read_entry
from ledger.errors import BuurtkasError
from ledger.errors import FenceMissing
from ledger.errors import MalformedEntry
from ledger.record import Disclosed
from ledger.record import StoredEntry
from ledger.tiles import NodeMaker
from ledger.verify import MOST_PROBLEMS
from ledger.verify import Problem
from ledger.verify import Report
from ledger.verify import verify
from ledger.views import MemoryViews

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping

    from ledger.checkpoint import VerifierKey
    from ledger.installation import Installation
    from ledger.signer import Signer

ROWS = 1000


class DatabaseRecord:
    """The record inside an installation's database, with the signer's checkpoint."""

    def __init__(self, connection: sa.Connection, signer: Signer) -> None:
        self._connection = connection
        self._signer = signer

    def entries(self) -> Iterator[StoredEntry]:
        """Yield the entries in the order of the log."""
        query = sa.select(tables.entry).order_by(tables.entry.c.idx).execution_options(yield_per=ROWS)
        for row in self._connection.execute(query):
            yield StoredEntry(row.idx, row.book, row.seq, row.type, row.hash, row.body)

    def disclosures(self) -> Iterator[Disclosed]:
        """Yield what opens commitments."""
        for row in self._connection.execute(sa.select(tables.disclosure)):
            yield Disclosed(row.book, row.seq, row.field, Opening(row.salt, _value(row.value)))

    def checkpoint(self) -> str | None:
        """Return the newest signed checkpoint, or None before the first."""
        return self._signer.published()

    def vkey(self) -> VerifierKey:
        """Return the key that checkpoints are verified with."""
        return self._signer.vkey()


def verify_installation(installation: Installation) -> Report:
    """Check an installation: its record first, and if that holds everything made from it."""
    with installation.store.reading() as connection:
        report = verify(DatabaseRecord(connection, installation.signer))
        problems = list(report.problems) or list(_check(connection, installation))
    return Report(
        report.entries,
        report.books,
        report.checkpoint,
        report.unsigned,
        report.not_understood,
        tuple(problems[:MOST_PROBLEMS]),
    )


def _check(connection: sa.Connection, installation: Installation) -> Iterator[Problem]:
    """Yield what does not fit the entries, which hold."""
    try:
        check_fences(connection)
    except FenceMissing as error:
        yield Problem(f"fences: {error}")
    replay = _Replay(connection, installation.settings.origin)
    yield from replay.run()
    for table in tables.VIEWS:
        yield from _compare(connection, table, list(replay.views.rows[table.name].values()))
    yield from _compare(connection, tables.book_head, replay.book_heads())
    yield from _compare(connection, tables.log_node, replay.nodes())
    head = {"id": 1, "size": replay.size, "recorded_at": replay.recorded_at}
    yield from _compare(connection, tables.log_head, [head])


class _Replay:
    """Makes everything again that is made from the entries."""

    def __init__(self, connection: sa.Connection, log: str) -> None:
        self._connection = connection
        self._log = log
        self._places: dict[tuple[str, int], int] = {}
        self._missing = 0
        self._erased = 0
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
        if self._missing != self._erased:
            yield Problem(f"private values: {self._missing} are missing, {self._erased} were erased")

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
        openings = _load(kept)
        if openings is None:
            yield Problem(f"private values of {entry.book} entry {entry.seq}: they cannot be read")
            openings = {}
        yield from self._check_openings(entry, openings)
        if entry.type == "erasure":
            self._erased += entry.integer("values")
        type_ = known_type(entry.body)
        if type_ is not None:
            type_.apply(entry, {name: opening.value for name, opening in openings.items()}, self.views)

    def _check_openings(self, entry: Entry, openings: Mapping[str, Opening]) -> Iterator[Problem]:
        """Check that private values open their commitments, and count the missing ones."""
        commitments = entry.commitments()
        self._missing += len(commitments.keys() - openings.keys())
        for name, opening in openings.items():
            if name not in commitments or not _opens(self._log, entry, name, opening, commitments[name]):
                yield Problem(f"private value {name} of {entry.book} entry {entry.seq} does not open its commitment")

    def _strays(self) -> Iterator[Problem]:
        """Yield private values that belong to no entry."""
        private, entry = tables.private_value, tables.entry
        query = sa.select(private.c.idx).outerjoin(entry, entry.c.idx == private.c.idx).where(entry.c.idx.is_(None))
        for (idx,) in self._connection.execute(query):
            yield Problem(f"private values {idx}: they belong to no entry")

    def _find(self, book: str, seq: int) -> Entry:
        """Return an entry of a book."""
        idx = self._places.get((book, seq))
        if idx is None:
            raise MalformedEntry(f"{book} has no entry {seq}")
        body = self._connection.execute(sa.select(tables.entry.c.body).where(tables.entry.c.idx == idx)).scalar_one()
        return read_entry(idx, body)

    def _openings(self, idx: int) -> Mapping[str, Opening]:
        """Return the openings that still exist of an entry."""
        private = tables.private_value
        kept = self._connection.execute(sa.select(private.c.body).where(private.c.idx == idx)).scalar()
        return _load(kept) or {}


def _opens(log: str, entry: Entry, name: str, opening: Opening, commitment: str) -> bool:
    """Tell whether a private value opens its commitment."""
    try:
        return matches(log, entry.book, name, opening, commitment)
    except (ValueError, TypeError, BuurtkasError):
        return False


def _load(kept: str | None) -> dict[str, Opening] | None:
    """Return kept openings, or None where they cannot be read."""
    if kept is None:
        return {}
    try:
        return load_openings(kept)
    except (ValueError, TypeError, AttributeError):
        return None


def _value(text: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return a disclosed value; where it cannot be read, one that opens nothing."""
    try:
        return json.loads(text)
    except ValueError:
        return {"unreadable": True}


def _compare(connection: sa.Connection, table: sa.Table, expected: list[dict[str, Any]]) -> Iterator[Problem]:
    """Yield the rows of a table that differ from what the entries make."""
    keys = [column.name for column in table.primary_key]
    wanted = {tuple(row[key] for key in keys): row for row in (_as_kept(connection, table, row) for row in expected)}
    for row in connection.execute(sa.select(sa.literal_column("*")).select_from(table)).mappings():
        key = tuple(row[name] for name in keys)
        if wanted.pop(key, None) != dict(row):
            yield Problem(f"view {table.name}: the row {_named(key)} differs from the entries")
    for key in wanted:
        yield Problem(f"view {table.name}: the row {_named(key)} is missing")


def _as_kept(connection: sa.Connection, table: sa.Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row's values in the form in which the database keeps them."""
    kept = {}
    for column in table.columns:
        process = column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
        kept[column.name] = process(row[column.name]) if process else row[column.name]
    return kept


def _named(key: tuple[object, ...]) -> str:
    """Return a primary key for a message; keys of views hold no personal data."""
    return "/".join(str(part) for part in key)
