"""Views as dictionaries: a model, simple enough to be right, that the views in the database are held against."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from typing import Any

from ledger import tables
from ledger.errors import MalformedEntry
from ledger.views import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping
    from collections.abc import Sequence

    import sqlalchemy as sa

    from ledger.commitment import Opening
    from ledger.entry import Entry


class MemoryViews:
    """Views as dictionaries: table name -> primary key -> row."""

    def __init__(self, find: Callable[[str, int], Entry], openings: Callable[[int], Mapping[str, Opening]]) -> None:
        self._find = find
        self._openings = openings
        self._by_idx: dict[str, dict[object, tuple[object, ...]]] = defaultdict(dict)
        self.rows: dict[str, dict[tuple[object, ...], dict[str, Any]]] = {name: {} for name in BY_NAME}

    def insert(self, table: str, row: Mapping[str, object]) -> None:
        """Add a row."""
        key = _primary_key(table, row)
        if key in self.rows[table]:
            raise MalformedEntry(f"the view {table} would have a row twice")
        full = {column.name: row.get(column.name, _nought(column)) for column in BY_NAME[table].columns}
        self.rows[table][key] = full
        if BY_NAME[table].c.get("idx") is not None and BY_NAME[table].c.idx.unique:
            self._by_idx[table][full["idx"]] = key

    def update(self, table: str, key: Mapping[str, object], changes: Mapping[str, object]) -> None:
        """Change the rows whose columns equal `key`."""
        for row in self._matching(table, key):
            row.update(changes)

    def put(self, table: str, key: Mapping[str, object], values: Mapping[str, object]) -> None:
        """Add the row with this primary key, or change the one that is there."""
        self.remove(table, key)
        self.insert(table, {**key, **values})

    def remove(self, table: str, key: Mapping[str, object]) -> None:
        """Take away the rows whose columns equal `key`."""
        for row in self._matching(table, key):
            del self.rows[table][_primary_key(table, row)]

    def add(self, table: str, key: Mapping[str, object], amounts: Mapping[str, int]) -> None:
        """Add amounts to the row with this primary key, made at need with noughts."""
        primary = _primary_key(table, key)
        if primary not in self.rows[table]:
            if table not in tables.SUMS:
                return
            self.insert(table, key)
        row = self.rows[table][primary]
        for name, amount in amounts.items():
            row[name] += amount

    def find(self, book: str, seqs: Sequence[int]) -> list[Entry]:
        """Return entries of a book, in the order asked."""
        return [self._find(book, seq) for seq in seqs]

    def openings(self, indices: Sequence[int]) -> list[Mapping[str, Opening]]:
        """Return the openings that still exist of entries' commitments, in the order asked."""
        return [self._openings(idx) for idx in indices]

    def _matching(self, table: str, key: Mapping[str, object]) -> list[dict[str, Any]]:
        """Return the rows whose columns equal `key`, by index where there is one."""
        rows = self.rows[table]
        if all(column.name in key for column in BY_NAME[table].primary_key):
            candidates = [rows[primary]] if (primary := _primary_key(table, key)) in rows else []
        elif table in self._by_idx and key.keys() == {"idx"}:
            primary = self._by_idx[table].get(key["idx"], ())
            candidates = [rows[primary]] if primary in rows else []
        else:
            candidates = list(rows.values())
        return [row for row in candidates if all(row[name] == value for name, value in key.items())]


def _primary_key(table: str, row: Mapping[str, object]) -> tuple[object, ...]:
    """Return a row's primary key."""
    return tuple(row[column.name] for column in BY_NAME[table].primary_key)


def _nought(column: sa.Column[Any]) -> object:
    """Return what a column holds when nothing is said: 0 for sums, else null."""
    return 0 if column.server_default is not None else None
