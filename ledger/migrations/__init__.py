"""Bringing a database to the newest shape, and making its fences again afterwards.

A migration that changes what views hold says `REBUILD = True`: the views are made again from the
entries in the same transaction. Nothing opens a database of another shape than `NEWEST`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from ledger.database import FENCELESS
from ledger.database import make_fences
from ledger.errors import ShapeRefused
from ledger.rebuild import refill

if TYPE_CHECKING:
    from collections.abc import Callable

NEWEST = "0003"
"""The last migration; numbers of four digits compare as text."""


def upgrade(
    engine: sa.Engine,
    revision: str = NEWEST,
    *,
    everyday: str | None = None,
    settle: Callable[[sa.Connection], None] | None = None,
) -> None:
    """Run the migrations that the database has not seen, make views and fences again, all in one transaction.

    Args:
        engine: An engine of the tables' owner.
        revision: Up to which migration.
        everyday: The role that writes every day on PostgreSQL, where it does not own the tables.
        settle: Looks at the outcome before it is committed; whatever it raises takes everything back.
    """
    config = _config()
    with engine.connect().execution_options(**FENCELESS) as connection, connection.begin():
        before = shape(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        if before and _rebuilds(config, before, shape(connection)):
            refill(connection)
        make_fences(connection, everyday)
        if settle is not None:
            settle(connection)


def shape(connection: sa.Connection) -> str:
    """Return the last migration that the database has seen; nothing for an empty database."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return ""
    found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return str(found or "")


def check_shape(connection: sa.Connection) -> None:
    """Refuse a database of another shape than this code knows.

    Raises:
        ShapeRefused: It is older or newer.
    """
    found = shape(connection)
    if found != NEWEST:
        raise ShapeRefused(found, NEWEST)


def _config() -> Config:
    """Return what Alembic needs to know."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config


def _rebuilds(config: Config, before: str, after: str) -> bool:
    """Tell whether a migration after one, up to another, changed what views hold."""
    scripts = ScriptDirectory.from_config(config).iterate_revisions(after, before)
    return any(getattr(script.module, "REBUILD", False) for script in scripts)
