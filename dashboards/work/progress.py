"""How far something has come that an interruption may leave half way: a name and a number that only grows."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from ledger import tables

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
DAILY = "daily"
"""The name of the second (since the epoch) at which a day's work was last begun and then done in full."""


def progress_of(connection: sa.Connection, name: str) -> int:
    """Return how far it has come; nought before it began."""
    table = tables.progress
    return connection.execute(sa.select(table.c.value).where(table.c.name == name)).scalar() or 0


def keep_progress(connection: sa.Connection, name: str, value: int) -> None:
    """Remember how far it has come; somebody else may have come further meanwhile."""
    table = tables.progress
    known = connection.execute(sa.select(table.c.value).where(table.c.name == name)).scalar()
    if known is None:
        connection.execute(sa.insert(table).values(name=name, value=value))
    elif known < value:
        connection.execute(sa.update(table).where(table.c.name == name).values(value=value))


def last_done(connection: sa.Connection) -> dt.datetime | None:
    """Return when a day's work was last done; None where it never was."""
    seconds = progress_of(connection, DAILY)
    return EPOCH + dt.timedelta(seconds=seconds) if seconds else None
