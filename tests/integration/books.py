"""Installations with a random history, and of an older shape, for tests of operations."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING
from typing import Any

import sqlalchemy as sa

from ledger import tables
from ledger.database import FENCELESS
from ledger.database import WRITING
from ledger.installation import everyday_role
from ledger.installation import owning
from ledger.migrations import upgrade
from tests.proofs.histories import History

if TYPE_CHECKING:
    from ledger.installation import Installation

STEPS = 60


def with_history(installation: Installation, seed: int = 1) -> History:
    """Give an installation a history, a kept file, people, names of lines, and a signature."""
    history = History(installation, random.Random(seed))
    history.open()
    history.grow(STEPS)
    history.erase(2)
    installation.keep_file(b"a bank file")
    person = {"id": "00aa", "email": "x@example.org", "name": "Tet Kwikstaart", "created_at": history.now}
    with installation.engine.connect().execution_options(**WRITING) as connection, connection.begin():
        connection.execute(sa.insert(tables.person).values(password_hash=None, **person))
        connection.execute(sa.insert(tables.sign_in_attempt).values(subject="5e" * 32, at=history.now))
        names = [{"account": account, "identity": name * 32, "idx": 1} for account in "ab" for name in ("0a", "0b")]
        connection.execute(sa.insert(tables.line_identity), names)
    history.sign()
    return history


def rows(installation: Installation) -> dict[str, list[Any]]:
    """Return every row of every table."""
    with installation.store.reading() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(sa.select(table))), key=repr)
            for table in tables.metadata.sorted_tables
        }


def make_older(installation: Installation, to: str = "0001") -> None:
    """Give an installation the shape that an earlier migration made, with everything that it had room for."""
    kept = rows(installation)
    around, schema = installation.around, installation.settings.schema
    with owning(installation.directory, schema, around) as engine:
        with engine.connect().execution_options(**FENCELESS) as connection, connection.begin():
            tables.metadata.drop_all(connection)
            connection.exec_driver_sql("DROP TABLE alembic_version")
        upgrade(engine, to, everyday=everyday_role(around))
        with engine.connect().execution_options(**WRITING) as connection, connection.begin():
            _fill(connection, kept)
    installation.engine.dispose()


def _fill(connection: sa.Connection, kept: dict[str, list[Any]]) -> None:
    """Put rows back into the tables and columns that are there."""
    present = sa.inspect(connection)
    for table in tables.metadata.sorted_tables:
        if not present.has_table(table.name) or not kept[table.name]:
            continue
        known = {column["name"] for column in present.get_columns(table.name)}
        names = [column.name for column in table.columns]
        values = [
            {name: value for name, value in zip(names, row, strict=True) if name in known} for row in kept[table.name]
        ]
        connection.execute(sa.insert(table), values)
