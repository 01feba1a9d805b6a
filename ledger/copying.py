"""Copying a database as a whole: into one SQLite file, and out of it again.

Both databases are copied into the same form, a SQLite file, so that what was taken from one can be put into the
other. A copy is one consistent state, taken while others write. What a visitor's browser or a guesser left
(web sessions, attempts) is no part of it.
"""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING
from typing import Any

import sqlalchemy as sa

from ledger import tables
from ledger.database import WRITING
from ledger.database import open_database
from ledger.migrations import NEWEST
from ledger.migrations import shape
from ledger.migrations import upgrade

if TYPE_CHECKING:
    from pathlib import Path

PASSING = (tables.web_session, tables.sign_in_attempt)
ROWS = 1000


def copy_out(engine: sa.Engine, target: Path) -> None:
    """Write a database of any shape, as it is at one instant, into a new SQLite file of the same shape.

    Views of another shape than this code's stay behind on a server: they are made again from the entries.
    """
    if engine.dialect.name == "sqlite":
        _vacuum_into(engine, target)
    else:
        with engine.connect() as connection, connection.begin():
            found = shape(connection)
        copy = open_database(target)
        upgrade(copy, found)
        _copy_rows(engine, copy, whole=found == NEWEST)
        copy.dispose()
    _close_copy(target)


def copy_in(source: Path, engine: sa.Engine) -> None:
    """Fill an empty database of the newest shape from such a file of that shape, in one transaction."""
    copy = open_database(source)
    _copy_rows(copy, engine)
    copy.dispose()


def _vacuum_into(engine: sa.Engine, target: Path) -> None:
    """Let SQLite write the copy itself; nothing that was deleted goes along."""
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("VACUUM INTO ?", (str(target),))
    finally:
        raw.close()


def _copy_rows(source: sa.Engine, target: sa.Engine, *, whole: bool = True) -> None:
    """Copy tables from one state of the source, within one transaction of the target.

    Args:
        source: What is copied.
        target: A database of the same shape with nothing in it.
        whole: With the views; otherwise without, and without columns that the source does not have.
    """
    with (
        source.connect() as reading,
        reading.begin(),
        target.connect().execution_options(**WRITING) as writing,
        writing.begin(),
    ):
        present = sa.inspect(reading)
        for table in tables.metadata.sorted_tables:
            if table in PASSING or (not whole and (table in tables.VIEWS or not present.has_table(table.name))):
                continue
            columns = list(table.columns) if whole else _shared(table, present)
            rows = reading.execute(sa.select(*columns).execution_options(yield_per=ROWS))
            for batch in rows.mappings().partitions():
                writing.execute(sa.insert(table), [dict(row) for row in batch])


def _shared(table: sa.Table, present: sa.Inspector) -> list[sa.Column[Any]]:
    """Return the columns that a table of an older shape has as well."""
    known = {column["name"] for column in present.get_columns(table.name)}
    return [column for column in table.columns if column.name in known]


def _close_copy(target: Path) -> None:
    """Leave one file with nothing passing in it, and no journal beside it."""
    with contextlib.closing(sqlite3.connect(target, isolation_level=None)) as copy:
        for pragma in ("journal_mode=DELETE", "secure_delete=ON"):
            copy.execute(f"PRAGMA {pragma}")
        for table in PASSING:
            copy.execute(str(sa.delete(table)))
    target.chmod(0o600)
