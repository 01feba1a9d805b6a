"""Opening an installation's SQLite file, safely.

A writing transaction begins IMMEDIATE, so that two writers queue instead of failing half way.
Before 3.51.3 SQLite's write-ahead log can be corrupted by two connections, so the newer of two
SQLites is taken, Python's own or that of pysqlite3, and one that is still too old keeps a
rollback journal with synchronous=EXTRA. An authorizer refuses this program's own connections whatever
takes a fence away, changes how a connection works, or puts something in front of a table; only a migration, which
makes the fences again, goes without. What another program put into the file is found at the door.

Source: https://sqlite.org/wal.html (the WAL-reset bug), DESIGN "Append-only, three fences".
"""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING
from typing import Any

import sqlalchemy as sa

from ledger.errors import JournalRefused

try:
    from pysqlite3 import dbapi2 as bundled
except ImportError:  # pragma: no cover - only Linux has it
    bundled = sqlite3

if TYPE_CHECKING:
    from pathlib import Path

DRIVER: Any = max((sqlite3, bundled), key=lambda module: module.sqlite_version_info)
"""The module with the newest SQLite at hand."""
SAFE_WAL = (3, 51, 3)
BUSY_SECONDS = 120
"""How long a writer waits for its turn: a queue of large files is long."""
SAFE_PRAGMAS = ("synchronous=FULL",)
OLD_PRAGMAS = ("synchronous=EXTRA",)
PRAGMAS = ("secure_delete=ON", "recursive_triggers=ON", "cache_size=-16384")
JSON_SERIALIZER = json.JSONEncoder(sort_keys=True).encode
"""Writes equal values with equal bytes, whatever order their keys came in: rows are compared as they are kept."""
WRITING = "buurtkas_writing"
FENCELESS = "buurtkas_fenceless"

FENCES = {
    "entry_no_update": "BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END",
    "entry_no_delete": "BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END",
    "entry_no_replace": (
        "BEFORE INSERT ON entry WHEN EXISTS "
        "(SELECT 1 FROM entry WHERE idx = NEW.idx OR (book = NEW.book AND seq = NEW.seq)) "
        "BEGIN SELECT RAISE(ABORT, 'entries are never replaced'); END"
    ),
}

_OK, _DENY = 0, 1
_DROP_TABLE, _PRAGMA, _ALTER_TABLE = 11, 19, 26
_TRIGGERS, _TEMPORARY = {7, 14, 16}, {4, 5, 6}
"""Action codes, https://sqlite.org/c3ref/c_alter_table.html: triggers made or dropped; what is temporary comes first
wherever a name is looked for."""
_ASKING = {
    "foreign_key_list",
    "index_info",
    "index_list",
    "index_xinfo",
    "integrity_check",
    "max_page_count",
    "read_uncommitted",
    "table_info",
    "table_list",
    "table_xinfo",
}
"""Pragmas that may be given a value: they say something, or make room no larger. SQLAlchemy sets `read_uncommitted`
back when a connection is handed on; it matters in a shared cache alone, which nobody has here."""


def open_file(path: Path) -> sa.Engine:
    """Return an engine on a SQLite file, made if it is missing."""
    options: dict[str, Any] = {"timeout": BUSY_SECONDS}
    driver: dict[str, Any] = {"module": DRIVER, "connect_args": options, "json_serializer": JSON_SERIALIZER}
    engine = sa.create_engine(f"sqlite:///{path}", hide_parameters=True, **driver)
    sa.event.listen(engine, "connect", _prepare)
    sa.event.listen(engine, "begin", _begin)
    sa.event.listen(engine, "checkin", _guard_again)
    return engine


def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DBAPI connection
    """Set up one connection.

    Raises:
        JournalRefused: The file keeps a journal that is not safe with this SQLite.
    """
    connection.isolation_level = None
    connection.text_factory = _decode
    safe = DRIVER.sqlite_version_info >= SAFE_WAL
    wanted = "wal" if safe else "delete"
    kept = connection.execute(f"PRAGMA journal_mode={wanted}").fetchone()[0]
    if kept != wanted:
        raise JournalRefused(kept, DRIVER.sqlite_version)
    for pragma in (SAFE_PRAGMAS if safe else OLD_PRAGMAS) + PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    connection.set_authorizer(_authorize)


def _decode(raw: bytes) -> str:
    """Return text as the database keeps it; damaged text comes back as something that equals nothing."""
    return raw.decode(errors="surrogateescape")


def _authorize(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    """Refuse what takes a fence away, what hides a table, and what changes how this connection works."""
    taken = (
        action in _TRIGGERS
        or action in _TEMPORARY
        or (action == _DROP_TABLE and first == "entry")
        or (action == _ALTER_TABLE and second == "entry")
        or (action == _PRAGMA and second is not None and str(first).lower() not in _ASKING)
    )
    return _DENY if taken else _OK


def _begin(connection: sa.Connection) -> None:
    """Begin a transaction: at once exclusive for writers."""
    options = connection.get_execution_options()
    if options.get(FENCELESS):
        proxied = connection.connection
        proxied.info[FENCELESS] = True
        proxied.driver_connection.set_authorizer(None)  # type: ignore[union-attr] # it is open
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(WRITING) else "BEGIN")


def _guard_again(connection: Any, record: Any) -> None:  # noqa: ANN401 - a DBAPI connection and its place in the pool
    """Have a connection guard the fences again that went without."""
    if record.info.pop(FENCELESS, False) and connection is not None:
        connection.set_authorizer(_authorize)


def make_fences(connection: sa.Connection) -> None:
    """Make the triggers that refuse UPDATE, DELETE and REPLACE on entries; again if need be."""
    for name, body in FENCES.items():
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        connection.exec_driver_sql(f"CREATE TRIGGER {name} {body}")


def missing_fences(connection: sa.Connection) -> tuple[str, ...]:
    """Return the names of the fences that are missing or read otherwise."""
    present = _triggers(connection)
    return tuple(name for name, body in FENCES.items() if present.get(name) != f"CREATE TRIGGER {name} {body}")


def strangers(connection: sa.Connection) -> tuple[str, ...]:
    """Return what else in the file acts by itself: triggers that are not ours, on whatever table."""
    return tuple(f"the trigger {name}" for name in sorted(_triggers(connection)) if name not in FENCES)


def _triggers(connection: sa.Connection) -> dict[str, str]:
    """Return every trigger's text by its name."""
    rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    return {row[0]: row[1] for row in rows}


def is_sound(connection: sa.Connection) -> bool:
    """Say whether SQLite itself finds its file in order."""
    return bool(connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar() == "ok")
