"""Putting many rows into a table at once, with as little as possible done for each.

SQLAlchemy makes the statement and knows how each column's values are kept; both are asked once
for a table, not once for a row. The values themselves are always bound, never written into a statement.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING
from typing import Any

import sqlalchemy as sa

from ledger.tables import UTCDateTime

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping
    from collections.abc import Sequence

    from sqlalchemy.engine import Dialect

    Process = Callable[[Any], Any]

KEPT = 4096
"""Days and instants whose kept form is remembered: the rows of one file share them."""


@dataclass(frozen=True, slots=True)
class _Prepared:
    """How rows of certain columns are put into a table.

    Attributes:
        names: The columns in the order of the statement.
        processes: What must be done to the values in which places.
        take: Takes a row's values in that order.
    """

    statement: str
    names: tuple[str, ...]
    processes: tuple[tuple[int, Process], ...]
    take: Callable[[Mapping[str, Any]], tuple[Any, ...]]

    def values(self, row: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return a row's values as the database keeps them."""
        if not self.processes:
            return self.take(row)
        values = list(self.take(row))
        for place, process in self.processes:
            values[place] = process(values[place])
        return tuple(values)


def insert_rows(connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that name the same columns, at least two."""
    prepared = _prepare(table, frozenset(rows[0]), connection.dialect)
    made = [prepared.values(row) for row in rows]
    if connection.dialect.positional:
        connection.exec_driver_sql(prepared.statement, made)
    else:
        connection.exec_driver_sql(prepared.statement, [dict(zip(prepared.names, row, strict=True)) for row in made])


@functools.lru_cache(maxsize=256)
def _prepare(table: sa.Table, columns: frozenset[str], dialect: Dialect) -> _Prepared:
    """Work out once how rows of these columns are put into a table."""
    names = tuple(column.name for column in table.columns if column.name in columns)
    statement = str(sa.insert(table).compile(dialect=dialect, column_keys=list(names)))
    forms = [(place, _kept_form(table.c[name], dialect)) for place, name in enumerate(names)]
    processes = tuple((place, form) for place, form in forms if form is not None)
    return _Prepared(statement, names, processes, itemgetter(*names))


def _kept_form(column: sa.Column[Any], dialect: Dialect) -> Process | None:
    """Return what turns a column's value into what the database keeps; None where nothing has to be done."""
    if isinstance(column.type, sa.LargeBinary):
        return None
    process = column.type.dialect_impl(dialect).bind_processor(dialect)
    if process is not None and isinstance(column.type, sa.Date | UTCDateTime):
        return functools.lru_cache(maxsize=KEPT)(process)
    return process
