"""Filling the tables that pages read.

A view is a function of the entries and the private values that still exist, whatever database it
is made in. Work is gathered and sent in few statements.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from typing import Any

import sqlalchemy as sa

from ledger import tables
from ledger.commitment import load_openings
from ledger.entry import read_entry
from ledger.errors import MalformedEntry
from ledger.inserting import insert_rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping
    from collections.abc import Sequence

    from ledger.commitment import Opening
    from ledger.entry import Entry

CHUNK = 500
"""Values in one IN (...), below every database's limit."""

BY_NAME = {table.name: table for table in tables.VIEWS}


class DatabaseViews:
    """Views in the database, within one transaction.

    Args:
        connection: A connection in a transaction.
        before_reading: Called before entries are read, so that pending ones are there.
        record: Where the entries are, if it is another database.
    """

    def __init__(
        self, connection: sa.Connection, before_reading: Callable[[], None], record: sa.Connection | None = None
    ) -> None:
        self._connection = connection
        self._record = connection if record is None else record
        self._before_reading = before_reading
        self._work: dict[str, list[tuple[str, tuple[str, ...], list[dict[str, Any]]]]] = defaultdict(list)
        self._sums: dict[tuple[str, tuple[tuple[str, object], ...]], dict[str, int]] = {}

    def insert(self, table: str, row: Mapping[str, object]) -> None:
        """Add a row."""
        self._queue(table, "insert", (), dict(row))

    def update(self, table: str, key: Mapping[str, object], changes: Mapping[str, object]) -> None:
        """Change the rows whose columns equal `key`."""
        known = tuple(sorted(name for name, value in key.items() if value is not None))
        empty = tuple(sorted(name for name, value in key.items() if value is None))
        values = {f"k_{name}": key[name] for name in known} | dict(changes)
        self._queue(table, "update", (*known, "|", *empty), values)

    def put(self, table: str, key: Mapping[str, object], values: Mapping[str, object]) -> None:
        """Add the row with this primary key, or change the one that is there."""
        self.remove(table, key)
        self.insert(table, {**key, **values})

    def remove(self, table: str, key: Mapping[str, object]) -> None:
        """Take away the rows whose columns equal `key`."""
        self._queue(table, "delete", tuple(sorted(key)), {f"k_{name}": value for name, value in key.items()})

    def add(self, table: str, key: Mapping[str, object], amounts: Mapping[str, int]) -> None:
        """Add amounts to the row with this primary key, made at need with noughts."""
        sums = self._sums.setdefault((table, tuple(sorted(key.items()))), {})
        for name, amount in amounts.items():
            sums[name] = sums.get(name, 0) + amount

    def find(self, book: str, seqs: Sequence[int]) -> list[Entry]:
        """Return entries of a book, in the order asked."""
        self._before_reading()
        found: dict[int, Entry] = {}
        entry = tables.entry
        wanted = sorted(set(seqs))
        for start in range(0, len(wanted), CHUNK):
            query = sa.select(entry.c.idx, entry.c.seq, entry.c.body).where(
                entry.c.book == book, entry.c.seq.in_(wanted[start : start + CHUNK])
            )
            found.update({seq: read_entry(idx, body) for idx, seq, body in self._record.execute(query)})
        return _in_order(found, seqs)

    def openings(self, indices: Sequence[int]) -> list[Mapping[str, Opening]]:
        """Return the openings that still exist of entries' commitments, in the order asked."""
        self._before_reading()
        found: dict[int, Mapping[str, Opening]] = {}
        private = tables.private_value
        wanted = sorted(set(indices))
        for start in range(0, len(wanted), CHUNK):
            query = sa.select(private).where(private.c.idx.in_(wanted[start : start + CHUNK]))
            found.update({idx: load_openings(body) for idx, body in self._record.execute(query)})
        return [found.get(idx, {}) for idx in indices]

    def flush(self) -> None:
        """Send all gathered work to the database."""
        for name, work in self._work.items():
            for verb, columns, rows in work:
                if verb == "insert":
                    insert_rows(self._connection, BY_NAME[name], rows)
                else:
                    self._connection.execute(_statement(BY_NAME[name], verb, columns, rows[0]), rows)
        self._work.clear()
        for (name, key), amounts in self._sums.items():
            self._add(BY_NAME[name], dict(key), amounts)
        self._sums.clear()

    def _queue(self, table: str, verb: str, columns: tuple[str, ...], row: dict[str, Any]) -> None:
        """Gather one piece of work, together with equal ones that came just before."""
        work = self._work[table]
        if work and work[-1][0] == verb and work[-1][1] == columns and work[-1][2][0].keys() == row.keys():
            work[-1][2].append(row)
        else:
            work.append((verb, columns, [row]))

    def _add(self, table: sa.Table, key: dict[str, Any], amounts: dict[str, int]) -> None:
        """Add amounts to one row."""
        match = [table.c[name] == value for name, value in key.items()]
        changes: dict[str, Any] = {name: table.c[name] + amount for name, amount in amounts.items()}
        if changes and self._connection.execute(sa.update(table).where(*match).values(changes)).rowcount:
            return
        if table.name in tables.SUMS and not self._connection.execute(sa.select(table).where(*match)).first():
            self._connection.execute(sa.insert(table).values({**key, **amounts}))


def _statement(table: sa.Table, verb: str, columns: tuple[str, ...], row: Mapping[str, object]) -> sa.Executable:
    """Return the statement for one group of gathered work."""
    known = columns[: columns.index("|")] if "|" in columns else columns
    empty = columns[len(known) + 1 :]
    match = [table.c[name] == sa.bindparam(f"k_{name}") for name in known]
    match += [table.c[name].is_(None) for name in empty]
    if verb == "delete":
        return sa.delete(table).where(*match)
    changes: dict[str, Any] = {name: sa.bindparam(name) for name in row if not name.startswith("k_")}
    return sa.update(table).where(*match).values(changes)


def _in_order(found: Mapping[int, Entry], seqs: Sequence[int]) -> list[Entry]:
    """Return the found entries in the order asked."""
    missing = [seq for seq in seqs if seq not in found]
    if missing:
        raise MalformedEntry(f"the book has no entry {missing[0]}")
    return [found[seq] for seq in seqs]
