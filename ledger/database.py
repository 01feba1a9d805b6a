"""Opening the database, and the fences that keep entries unchangeable.

On SQLite a writing transaction begins IMMEDIATE, so that two writers queue instead of
failing half way. Before 3.51.3 SQLite's write-ahead log can be corrupted by two
connections, so older versions keep a rollback journal with synchronous=EXTRA.

Source: https://sqlite.org/wal.html (the WAL-reset bug), DESIGN "Append-only, three fences".
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING
from typing import Any

import sqlalchemy as sa

from ledger.errors import FenceMissing

if TYPE_CHECKING:
    from pathlib import Path

SAFE_WAL = (3, 51, 3)
BUSY_SECONDS = 30
SAFE_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL")
OLD_PRAGMAS = ("journal_mode=DELETE", "synchronous=EXTRA")
PRAGMAS = ("secure_delete=ON", "recursive_triggers=ON")
WRITING = {"buurtkas_writing": True}

FENCES = {
    "entry_no_update": "BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END",
    "entry_no_delete": "BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END",
    "entry_no_replace": (
        "BEFORE INSERT ON entry WHEN EXISTS "
        "(SELECT 1 FROM entry WHERE idx = NEW.idx OR (book = NEW.book AND seq = NEW.seq)) "
        "BEGIN SELECT RAISE(ABORT, 'entries are never replaced'); END"
    ),
}


def open_database(path: Path) -> sa.Engine:
    """Return an engine on a SQLite file, made if it is missing; its errors carry no values, so that logs do not."""
    engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True)
    sa.event.listen(engine, "connect", _prepare)
    sa.event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DBAPI connection
    """Set up one SQLite connection."""
    connection.isolation_level = None
    connection.text_factory = _decode
    wal = sqlite3.sqlite_version_info >= SAFE_WAL
    for pragma in (SAFE_PRAGMAS if wal else OLD_PRAGMAS) + PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _decode(raw: bytes) -> str:
    """Return text as the database keeps it; damaged text comes back as something that equals nothing."""
    return raw.decode(errors="surrogateescape")


def _begin(connection: sa.Connection) -> None:
    """Begin a transaction: at once exclusive for writers."""
    writing = connection.get_execution_options().get("buurtkas_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def make_fences(connection: sa.Connection) -> None:
    """Make the triggers that refuse UPDATE, DELETE and REPLACE on entries; again if need be."""
    for name, body in FENCES.items():
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        connection.exec_driver_sql(f"CREATE TRIGGER {name} {body}")


def check_fences(connection: sa.Connection) -> None:
    """Refuse a database in which a fence is missing or reads otherwise.

    Raises:
        FenceMissing: Names the fences.
    """
    rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    present: dict[str, str] = {row[0]: row[1] for row in rows}
    missing = tuple(name for name, body in FENCES.items() if present.get(name) != f"CREATE TRIGGER {name} {body}")
    if missing:
        raise FenceMissing(missing)
