"""Opening an installation's SQLite file, safely.

A writing transaction begins IMMEDIATE, so that two writers queue instead of failing half way.
Before 3.51.3 SQLite's write-ahead log can be corrupted by two connections, so the newer of two
SQLites is taken, Python's own or that of pysqlite3, and one that is still too old keeps a
rollback journal with synchronous=EXTRA. An authorizer refuses this program's own connections whatever
takes a fence away; only a migration, which makes the fences again, goes without.

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
PRAGMAS = ("secure_delete=ON", "recursive_triggers=ON")
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
_DROP_TABLE, _DROP_TRIGGER, _PRAGMA, _ALTER_TABLE = 11, 16, 19, 26
"""Action codes: https://sqlite.org/c3ref/c_alter_table.html."""


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
    """Refuse what would take a fence away: a trigger, the table under it, or the text of the schema."""
    taken = (
        action == _DROP_TRIGGER
        or (action == _DROP_TABLE and first == "entry")
        or (action == _ALTER_TABLE and second == "entry")
        or (action == _PRAGMA and first in {"writable_schema", "recursive_triggers"} and second is not None)
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
    rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    present: dict[str, str] = {row[0]: row[1] for row in rows}
    return tuple(name for name, body in FENCES.items() if present.get(name) != f"CREATE TRIGGER {name} {body}")


def is_sound(connection: sa.Connection) -> bool:
    """Say whether SQLite itself finds its file in order."""
    return bool(connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar() == "ok")
