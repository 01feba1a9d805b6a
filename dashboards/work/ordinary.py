"""Changing the ordinary tables: people, web sessions, attempts, drafts of an upload.

They say nothing about money, so they need no entry; what they share with the ledger is that
writers queue instead of failing half way.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from ledger import postgresql
from ledger.database import WRITING
from ledger.database import on_postgresql

if TYPE_CHECKING:
    from collections.abc import Iterator

    import sqlalchemy as sa


@contextlib.contextmanager
def changing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Change ordinary tables within one transaction, one at a time; all of it or nothing."""
    with engine.connect().execution_options(**WRITING) as connection, connection.begin():
        wait_for_change(connection)
        yield connection


def wait_for_change(connection: sa.Connection) -> None:
    """Have others wait until this transaction ends; whoever needs the lock of the log too takes that first."""
    if on_postgresql(connection):  # SQLite lets one write at a time by itself
        postgresql.queue(connection)
