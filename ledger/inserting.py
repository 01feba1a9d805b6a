"""Putting many rows into a table at once, with as little as possible done for each.

SQLAlchemy makes the statement and knows how each column's values are kept; both are asked once
for a table, not once for a row. The values themselves are always bound, never written into a statement.

On PostgreSQL rows are copied (COPY ... FROM STDIN), which waits for the server once and not once a row.
To the server that is an INSERT: the same right, triggers and constraints, and a row that is there stops it.

Source: PostgreSQL 16 documentation, "COPY".
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

FEW = 8
"""Rows that PostgreSQL takes as quickly one by one, in statements that it knows already."""
KEPT = 4096
"""Days and instants whose kept form is remembered: the rows of one file share them."""


@dataclass(frozen=True, slots=True)
class _Prepared:
    """How rows of certain columns are put into a table.

    Attributes:
        statement: Of the DBAPI, with a place for each column.
        processes: What must be done to the values in which places.
        take: Takes a row's values in that order.
    """

    statement: str
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
    if connection.dialect.name != "sqlite" and len(rows) < FEW:
        connection.execute(sa.insert(table), list(rows))
        return
    prepared = _prepare(table, frozenset(rows[0]), connection.dialect)
    connection.exec_driver_sql(prepared.statement, [prepared.values(row) for row in rows])


@functools.lru_cache(maxsize=256)
def _prepare(table: sa.Table, columns: frozenset[str], dialect: Dialect) -> _Prepared:
    """Work out once how rows of these columns are put into a table."""
    names = tuple(column.name for column in table.columns if column.name in columns)
    forms = [(place, _kept_form(table.c[name], dialect)) for place, name in enumerate(names)]
    processes = tuple((place, form) for place, form in forms if form is not None)
    return _Prepared(_statement(table, names, dialect), processes, itemgetter(*names))


def _statement(table: sa.Table, names: Sequence[str], dialect: Dialect) -> str:
    """Return the statement that takes many rows."""
    if dialect.name == "sqlite":
        return str(sa.insert(table).compile(dialect=dialect, column_keys=list(names)))
    quoted = dialect.identifier_preparer
    columns = ", ".join(quoted.format_column(table.c[name]) for name in names)
    return f"COPY {quoted.format_table(table)} ({columns}) FROM STDIN"


def _kept_form(column: sa.Column[Any], dialect: Dialect) -> Process | None:
    """Return what turns a column's value into what the database keeps; None where nothing has to be done."""
    if isinstance(column.type, sa.LargeBinary):
        return None
    process = column.type.dialect_impl(dialect).bind_processor(dialect)
    if process is not None and isinstance(column.type, sa.Date | UTCDateTime):
        return functools.lru_cache(maxsize=KEPT)(process)
    return process
