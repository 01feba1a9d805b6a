"""The database of an installation: a SQLite file, or a schema on a PostgreSQL server.

Whoever asks for a transaction says whether it writes (`WRITING`); everything else sees one frozen
state. What the drivers raise when the database cannot do something now becomes one of our own errors, in
words for people; no error carries values, so that logs do not.

Source: DESIGN "Append-only, three fences", "Growth".
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import psycopg
import sqlalchemy as sa

from ledger import postgresql
from ledger import sqlite
from ledger.errors import DatabaseBusy
from ledger.errors import DatabaseGone
from ledger.errors import DatabaseTrouble
from ledger.errors import DiskFull
from ledger.errors import FenceMissing
from ledger.errors import StrangersFound

if TYPE_CHECKING:
    from types import ModuleType

WRITING = {sqlite.WRITING: True}
"""For transactions that change something."""
FENCELESS = {sqlite.WRITING: True, sqlite.FENCELESS: True}
"""For migrations, which take the fences away and make them again."""
FENCES = sqlite.FENCES

SAID: dict[str, type[DatabaseTrouble]] = {
    "database is locked": DatabaseBusy,
    "database or disk is full": DiskFull,
    "disk I/O error": DiskFull,
    "unable to open database file": DatabaseGone,
}
"""What SQLite says."""
STATES: dict[str, type[DatabaseTrouble]] = {
    "40001": DatabaseBusy,
    "40P01": DatabaseBusy,
    "53100": DiskFull,
    "53300": DatabaseBusy,
    "55P03": DatabaseBusy,
    "57014": DatabaseBusy,
}
"""What PostgreSQL says. Source: PostgreSQL 16 documentation, appendix A."""


def open_database(where: Path | str, schema: str = "") -> sa.Engine:
    """Return an engine.

    Args:
        where: A SQLite file, made if it is missing; or the address of a PostgreSQL database.
        schema: The installation's schema there.

    Raises:
        SettingRefused: The address or the schema's name cannot be used.
    """
    engine = sqlite.open_file(where) if isinstance(where, Path) else postgresql.open_schema(where, schema)
    sa.event.listen(engine, "handle_error", _explain)
    return engine


def on_postgresql(bind: sa.Engine | sa.Connection) -> bool:
    """Say whether this is PostgreSQL."""
    return bind.dialect.name == "postgresql"


def make_fences(connection: sa.Connection, everyday: str | None = None) -> None:
    """Make what refuses every change of an entry; again if need be.

    Args:
        connection: A connection in a transaction begun with `FENCELESS`.
        everyday: The role that writes every day on PostgreSQL, where it does not own the tables.
    """
    if on_postgresql(connection):
        postgresql.make_fences(connection, everyday)
    else:
        sqlite.make_fences(connection)


def check_fences(connection: sa.Connection) -> None:
    """Refuse a database in which a fence is missing or reads otherwise, or something stands that fences do not stop.

    Raises:
        FenceMissing: Names the fences.
        RoleTooMighty: The role on a server is one that no fence stops.
        StrangersFound: Names what is not ours.
    """
    module = _module(connection)
    missing = module.missing_fences(connection)
    if missing:
        raise FenceMissing(missing)
    strange = module.strangers(connection)
    if strange:
        raise StrangersFound(strange)


def is_sound(connection: sa.Connection) -> bool:
    """Say whether the database finds its own file in order; a server looks after its files itself."""
    return on_postgresql(connection) or sqlite.is_sound(connection)


def _module(connection: sa.Connection) -> ModuleType:
    """Return the module that knows this database."""
    return postgresql if on_postgresql(connection) else sqlite


def _explain(context: sa.engine.ExceptionContext) -> BaseException | None:
    """Return our own error for what the database cannot do now; None for what is wrong with the question."""
    if context.is_pre_ping:  # the pool looks whether a connection still stands, and makes another one
        return None
    original = context.original_exception
    if isinstance(original, psycopg.Error):
        _forget_values(original, context.sqlalchemy_exception)
        gone = context.is_disconnect or (isinstance(original, psycopg.OperationalError) and not original.sqlstate)
        kind = DatabaseGone if gone else STATES.get(original.sqlstate or "")
    else:
        kind = next((kind for said, kind in SAID.items() if said in str(original)), None)
    return kind() if kind else None


def _forget_values(original: psycopg.Error, wrapped: Any) -> None:  # noqa: ANN401 - SQLAlchemy's error, or None
    """Take the server's details out of an error: they quote the row."""
    primary = original.diag.message_primary
    if primary is not None and wrapped is not None:
        original.args = (primary,)
        wrapped.args = (f"({type(original).__name__}) {primary}",)
