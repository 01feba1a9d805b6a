"""Comparing tables of an installation with the same tables made again in a scratch database.

Both sides are read side by side in the order of their keys, so that memory stays small however long
they are. A row is passed over only where both sides hold the very same values.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING
from typing import Any

import sqlalchemy as sa

from ledger import tables
from ledger.database import on_postgresql
from ledger.sqlite import DRIVER
from ledger.sqlite import JSON_SERIALIZER
from ledger.verify import Problem
from ledger.verify import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

ROWS = 1000
MOST_OF_KEY = 80
PRAGMAS = ("journal_mode=OFF", "synchronous=OFF", "cache_size=-32768")

Row = tuple[Any, ...]


@contextlib.contextmanager
def scratch_database() -> Iterator[sa.Connection]:
    """Give a database with all views and heads, empty, in memory or a private file that SQLite removes by itself."""
    engine = sa.create_engine(
        "sqlite://",
        creator=lambda: DRIVER.connect(""),
        module=DRIVER,
        poolclass=sa.NullPool,
        json_serializer=JSON_SERIALIZER,
        hide_parameters=True,
    )
    with engine.connect() as connection:
        for pragma in PRAGMAS:
            connection.exec_driver_sql(f"PRAGMA {pragma}")
        for table in (*tables.VIEWS, *tables.HEADS):
            connection.execute(sa.schema.CreateTable(table))
        yield connection


def differences(table: sa.Table, kept: sa.Connection, made: sa.Connection) -> Iterator[Problem]:
    """Yield the rows of a table that differ from what the entries make.

    Args:
        table: The table, in both databases.
        kept: The installation's database.
        made: The one in which everything was made again.
    """
    query = _in_order(table, typed=on_postgresql(kept))
    ours, theirs = _rows(kept, query), _rows(made, query)
    row, wanted = next(ours, None), next(theirs, None)
    places = [place for place, column in enumerate(table.columns) if column.primary_key]
    while row is not None or wanted is not None:
        if row == wanted:
            row, wanted = next(ours, None), next(theirs, None)
            continue
        key, wanted_key = _key(row, places), _key(wanted, places)
        if key <= wanted_key:
            yield Problem(f"view {table.name}: the row {_named(key)} differs from the entries")
            row = next(ours, None)
        else:
            yield Problem(f"view {table.name}: the row {_named(wanted_key)} is missing")
        if wanted_key <= key:
            wanted = next(theirs, None)


def _in_order(table: sa.Table, *, typed: bool) -> sa.Select[Any]:
    """Select a table in the order of its key.

    SQLite's columns may hold anything, so they are read as they are kept; PostgreSQL's hold only their type.
    """
    columns = [column if typed else sa.type_coerce(column, sa.types.NullType()) for column in table.columns]
    return sa.select(*columns).order_by(*table.primary_key)


def _rows(connection: sa.Connection, query: sa.Select[Any]) -> Iterator[Row]:
    """Yield rows, some at a time."""
    for rows in connection.execute(query.execution_options(yield_per=ROWS)).partitions():
        yield from map(tuple, rows)


def _key(row: Row | None, places: list[int]) -> tuple[tuple[int, Any], ...]:
    """Return a row's key so that keys of whatever type have an order: SQLite's; where there is no row, the last."""
    if row is None:
        return ((len(RANKS) + 1, None),)
    return tuple((_rank(row[place]), row[place]) for place in places)


RANKS = ((type(None),), (int, float), (str,), (bytes,))  # float: of what SQLite may keep
"""The order of types in SQLite."""


def _rank(value: object) -> int:
    """Return the place of a value's type."""
    return next((rank for rank, types in enumerate(RANKS) if isinstance(value, types)), len(RANKS))


def _named(key: tuple[tuple[int, Any], ...]) -> str:
    """Return a primary key for a message; keys of views hold no personal data."""
    return clean("/".join(str(part) for _, part in key))[:MOST_OF_KEY]
