"""The one writer: it appends entries, and nothing else ever writes them.

Within one database transaction it locks the head of the log, gives each entry its place in
its book and in the log, links it to the book's last entry, keeps its private values apart,
and fills the views. Either all of it happens or none.

Invariants: `seq` and the log's index have no gaps; `prev` is the hash of the same book's
last entry; `recorded` never decreases along the log.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

import sqlalchemy as sa

from ledger import tables
from ledger.commitment import seal
from ledger.database import WRITING
from ledger.entries import entry_type
from ledger.entry import FIRST_PREV
from ledger.entry import make_entry
from ledger.errors import BooksMoved
from ledger.errors import ClockRefused
from ledger.errors import MalformedEntry
from ledger.forms import quick_making
from ledger.header import HEADER
from ledger.header import write_instant
from ledger.inserting import insert_rows
from ledger.tiles import NodeMaker
from ledger.tiles import hashes
from ledger.views import DatabaseViews

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from ledger.canonical import Json
    from ledger.commitment import Sealed
    from ledger.entry import Entry

BATCH = 1000
BEHIND = dt.timedelta(seconds=5)
AHEAD = dt.timedelta(days=400)


class Draft(NamedTuple):
    """An entry before it has a place: its values salted and committed, before any lock.

    Attributes:
        book: Such as ``foundation/00112233445566aa``.
        private: The values that stay behind commitments.
        sealed: The commitments to them, and what opens them.
        by: Ids of the people who do it; empty for what the installation does by itself.
    """

    book: str
    type: str
    public: Mapping[str, Json]
    private: Mapping[str, Json]
    sealed: Sealed
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """A book's length and the hash of its last entry (hex)."""

    length: int
    hash_hex: str


class Appender:
    """Appends entries within one transaction; made by `Store.writing` alone.

    Attributes:
        connection: For the ordinary tables that belong to the same transaction.
        now: The instant of recording (UTC, whole seconds).
    """

    def __init__(self, connection: sa.Connection, log: str, now: dt.datetime, size: int) -> None:
        self.connection = connection
        self.now = now
        self.size = size
        self._before = size
        self._whole = True
        self._log = log
        self._recorded = write_instant(now)
        self._heads: dict[str, Head] = {}
        self._entries: list[dict[str, Any]] = []
        self._private: list[dict[str, Any]] = []
        self._views = DatabaseViews(connection, self._write_entries)
        self._nodes = NodeMaker(size, functools.partial(hashes, connection))

    def append(self, draft: Draft) -> Entry:
        """Append one entry and fill its views.

        Raises:
            MalformedEntry: The draft's fields are not exactly its type's closed list.
            UnknownType: The book knows no such type.
        """
        type_ = entry_type(draft.book, draft.type)
        head = self.head(draft.book)
        if not HEADER.isdisjoint(draft.public):
            raise MalformedEntry("a draft says what only the writer may say")
        body: dict[str, Json] = {
            "v": type_.version,
            "log": self._log,
            "book": draft.book,
            "seq": head.length,
            "prev": head.hash_hex,
            "type": draft.type,
            "recorded": self._recorded,
            "by": list(draft.by),
            **draft.public,
        }
        if draft.sealed.commitments:
            body["commit"] = dict(draft.sealed.commitments)
        entry = quick_making(self.size, body, type_)
        if entry is None:
            type_.check(body)
            entry = make_entry(self.size, body)
        self._keep(entry, draft)
        try:
            type_.apply(entry, draft.private, self._views)
        except BaseException:
            self._whole = False
            raise
        return entry

    def extend(self, drafts: Sequence[Draft]) -> list[Entry]:
        """Append entries in order."""
        return [self.append(draft) for draft in drafts]

    def head(self, book: str) -> Head:
        """Return a book's head as this transaction sees it."""
        if book not in self._heads:
            table = tables.book_head
            row = self.connection.execute(sa.select(table).where(table.c.book == book)).first()
            self._heads[book] = Head(row.length, row.hash.hex()) if row else Head(0, FIRST_PREV)
        return self._heads[book]

    def expect(self, book: str, length: int) -> None:
        """Refuse to go on where a book is not as long as it was when it was read.

        Raises:
            BooksMoved: Somebody else wrote in it.
        """
        if self.head(book).length != length:
            raise BooksMoved

    def settle(self) -> None:
        """Send everything gathered so far to the database, so that it can be read back."""
        self._write_entries()
        self._views.flush()

    def finish(self) -> None:
        """Write what is pending, and the heads.

        Raises:
            MalformedEntry: An append broke off half way, and somebody went on all the same.
        """
        if not self._whole:
            raise MalformedEntry("an append broke off half way, so that nothing of it may stay")
        self.settle()
        if self._nodes.made:
            self.connection.execute(sa.insert(tables.log_node), self._nodes.made)
        if self.size > self._before:
            head = tables.log_head
            self.connection.execute(sa.update(head).values(size=self.size, recorded_at=self.now))
        for book, place in self._heads.items():
            self._write_head(book, place)

    def _keep(self, entry: Entry, draft: Draft) -> None:
        """Gather an entry's rows and move the heads on."""
        self._entries.append(
            {
                "idx": entry.idx,
                "book": entry.book,
                "seq": entry.seq,
                "type": entry.type,
                "hash": entry.hash,
                "body": entry.data,
            }
        )
        if draft.sealed.openings:
            self._private.append({"idx": entry.idx, "body": draft.sealed.openings})
        self._heads[entry.book] = Head(entry.seq + 1, entry.hash.hex())
        self._nodes.append(entry.hash)
        self.size += 1
        if len(self._entries) >= BATCH:
            self.settle()

    def _write_entries(self) -> None:
        """Insert the gathered entries and private values."""
        if self._entries:
            insert_rows(self.connection, tables.entry, self._entries)
            self._entries.clear()
        if self._private:
            insert_rows(self.connection, tables.private_value, self._private)
            self._private.clear()

    def _write_head(self, book: str, head: Head) -> None:
        """Write one book's head."""
        table = tables.book_head
        values = {"length": head.length, "hash": bytes.fromhex(head.hash_hex)}
        done = self.connection.execute(sa.update(table).where(table.c.book == book).values(values))
        if not done.rowcount and head.length:
            self.connection.execute(sa.insert(table).values(book=book, **values))


class Store:
    """The ledger of one installation.

    Args:
        engine: Its database.
        log: The log's origin, such as ``buurtkas.example/voorbeeld``.
    """

    def __init__(self, engine: sa.Engine, log: str) -> None:
        self.engine = engine
        self.log = log

    def draft(
        self,
        book: str,
        type_: str,
        public: Mapping[str, Json] | None = None,
        private: Mapping[str, Json] | None = None,
        by: Sequence[str] = (),
    ) -> Draft:
        """Salt and commit to the private values of an entry to come."""
        values = private or {}
        return Draft(book, type_, public or {}, values, seal(self.log, book, values), tuple(by))

    @contextlib.contextmanager
    def writing(self, now: dt.datetime, *, confirm_clock: bool = False) -> Iterator[Appender]:
        """Lock the head and append within one transaction; all of it or nothing.

        Args:
            now: The clock (aware); that others were recorded while this waited for the lock is no fault of it.
            confirm_clock: Accept an instant far ahead of the last entry.

        Raises:
            ClockRefused: The clock is more than 5 s behind the last entry, or more than 400 days ahead.
        """
        asked = time.monotonic()
        with self.engine.connect().execution_options(**WRITING) as connection, connection.begin():
            head = connection.execute(sa.select(tables.log_head).with_for_update()).one()
            patience = BEHIND + dt.timedelta(seconds=int(time.monotonic() - asked))
            at = _instant(now, head.recorded_at, patience, confirm_clock=confirm_clock)
            appender = Appender(connection, self.log, at, head.size)
            yield appender
            appender.finish()

    def last_recorded(self) -> dt.datetime | None:
        """Return the instant of the last entry, or None before the first."""
        with self.reading() as connection:
            found: dt.datetime | None = connection.execute(sa.select(tables.log_head.c.recorded_at)).scalar_one()
        return found

    @contextlib.contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Read from one consistent state of the database."""
        with self.engine.connect() as connection, connection.begin():
            yield connection


def _instant(now: dt.datetime, last: dt.datetime | None, patience: dt.timedelta, *, confirm_clock: bool) -> dt.datetime:
    """Return the instant of recording: the clock's, never before the last entry's."""
    if now.tzinfo is None:
        raise MalformedEntry("an instant needs its time zone")
    at = now.astimezone(dt.UTC).replace(microsecond=0)
    if last is None:
        return at
    if at < last - patience or (at > last + AHEAD and not confirm_clock):
        raise ClockRefused(at, last)
    return max(at, last)
