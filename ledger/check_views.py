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
from ledger.comparing import differences
from ledger.comparing import scratch_database
from ledger.database import check_fences
from ledger.database import is_sound
from ledger.entries import known_type
from ledger.entry import Entry
from ledger.entry import checked_entry
from ledger.errors import BuurtkasError
from ledger.errors import DatabaseTrouble
from ledger.errors import FenceMissing
from ledger.errors import MalformedEntry
from ledger.errors import ShapeRefused
from ledger.inserting import insert_rows
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
from ledger.views import DatabaseViews

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from collections.abc import Sequence

    from ledger.checkpoint import VerifierKey
    from ledger.installation import Installation
    from ledger.signer import Signer

ROWS = 1000
CHECKED = (*tables.VIEWS, *tables.HEADS)
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
        for rows in self._connection.execute(query.execution_options(yield_per=ROWS)).partitions():
            for idx, book, seq, type_, hash_, body in rows:
                yield StoredEntry(idx, hash_, body if isinstance(body, bytes) else b"", (book, seq, type_))

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


def verify_installation(
    installation: Installation, within: sa.Connection | None = None, begin: Callable[[str], None] = lambda _part: None
) -> Report:
    """Check an installation: its record first, and if that holds everything made from it.

    Whatever was done to the database is reported, never raised.

    Args:
        installation: What is checked.
        within: Look at what this transaction sees, such as a migration that is not committed yet.
        begin: Told which part begins, for those who want to know what takes how long.
    """
    report = Report(0, 0, None, 0, 0, ())
    try:
        with contextlib.nullcontext(within) if within is not None else installation.store.reading() as connection:
            check_shape(connection)
            begin("record")
            report = verify(DatabaseRecord(connection, installation.signer), installation.signer.signed_leaves())
            if report.ok:
                found = itertools.islice(_check(connection, installation, begin), MOST_PROBLEMS)
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


def _check(connection: sa.Connection, installation: Installation, begin: Callable[[str], None]) -> Iterator[Problem]:
    """Yield what does not fit the entries, which hold."""
    with scratch_database() as made:
        begin("private values, and views made again")
        yield from _Replay(connection, made, installation.settings.origin).run()
        begin("views compared")
        for table in CHECKED:
            yield from differences(table, connection, made)
    begin("fences and indexes")
    try:
        check_fences(connection)
    except FenceMissing as error:
        yield Problem(clean(f"fences: {error}"))
    if not is_sound(connection):
        yield Problem("database: its indexes do not fit its tables")


class _Replay:
    """Makes everything again that is made from the entries."""

    def __init__(self, connection: sa.Connection, made: sa.Connection, log: str) -> None:
        self._connection = connection
        self._made = made
        self._log = log
        self._missing: Counter[str] = Counter()
        self._erased: Counter[str] = Counter()
        self._heads: dict[str, tuple[int, bytes]] = {}
        self.views = DatabaseViews(made, lambda: None, connection)
        self._nodes = NodeMaker(0, lambda _level, _start, _end: [])

    def run(self) -> Iterator[Problem]:
        """Walk along the log once; yield what is wrong with private values."""
        entry, private = tables.entry, tables.private_value
        query = (
            sa.select(entry.c.idx, entry.c.body, private.c.body.label("private"))
            .outerjoin(private, private.c.idx == entry.c.idx)
            .order_by(entry.c.idx)
            .execution_options(yield_per=ROWS)
        )
        last = None
        for rows in self._connection.execute(query).partitions():
            for idx, body, kept in rows:
                last = checked_entry(idx, body)
                yield from self._step(last, kept)
            yield from self._fill()
        self._fill_heads(last)
        yield from self._strays()
        for book in sorted(self._heads):
            missing, erased = self._missing[book], self._erased[book]
            if missing != erased:
                yield Problem(f"private values of {book}: {missing} are missing, {erased} were erased")

    def _fill(self) -> Iterator[Problem]:
        """Send what was replayed to the views."""
        try:
            self.views.flush()
        except sa.exc.IntegrityError:
            yield Problem("views: two entries make the same row")

    def _fill_heads(self, last: Entry | None) -> None:
        """Fill the tables of heads and nodes."""
        heads = [{"book": book, "length": length, "hash": hash_} for book, (length, hash_) in self._heads.items()]
        head = {"id": 1, "size": last.idx + 1 if last else 0, "recorded_at": last.recorded_at if last else None}
        for table, rows in ((tables.book_head, heads), (tables.log_node, self._nodes.made), (tables.log_head, [head])):
            if rows:
                insert_rows(self._made, table, rows)

    def _step(self, entry: Entry, kept: object) -> Iterator[Problem]:
        """Replay one entry."""
        book = entry.book
        self._heads[book] = (entry.seq + 1, entry.hash)
        self._nodes.append(entry.hash)
        openings, problems = self._held(entry, kept)
        yield from problems
        self._missing[book] += len(entry.commitments()) - len(openings) - len(problems)
        type_ = known_type(entry.body)
        if type_ is None:
            return
        if entry.type == "erasure":
            self._erased[book] += entry.integer("values")
        try:
            type_.apply(entry, {name: opening.value for name, opening in openings.items()}, self.views)
        except BuurtkasError as error:
            yield Problem(clean(f"no view can be made of it: {error}"), entry.idx, book, entry.seq)

    def _held(self, entry: Entry, kept: object) -> tuple[dict[str, Opening], list[Problem]]:
        """Return the private values that open their commitments, and what is wrong with the others."""
        book = entry.book
        place = f"of {book} entry {entry.seq}"
        try:
            openings = _load(kept)
        except MalformedEntry:
            return {}, [Problem(f"private values {place}: they cannot be read")]
        if kept is not None and not openings:
            return {}, [Problem(f"private values {place}: there are none in their row")]
        commitments = entry.commitments()
        wrong = [
            name
            for name, opening in openings.items()
            if not matches(self._log, book, name, opening, commitments.get(name, ""))
        ]
        what = "private value {} {} does not open its commitment"
        problems = [Problem(clean(what.format(name, place))) for name in wrong]
        return {
            name: opening for name, opening in openings.items() if name not in wrong
        } if wrong else openings, problems

    def _strays(self) -> Iterator[Problem]:
        """Yield private values that belong to no entry."""
        private, entry = tables.private_value, tables.entry
        query = sa.select(private.c.idx).outerjoin(entry, entry.c.idx == private.c.idx).where(entry.c.idx.is_(None))
        for (idx,) in self._connection.execute(query):
            yield Problem(clean(f"private values {idx}: they belong to no entry"))


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
