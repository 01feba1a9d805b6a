"""The migrations: a fresh database has exactly the tables that the code knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from ledger import tables
from ledger.database import check_fences
from ledger.database import open_database
from ledger.migrations import upgrade

if TYPE_CHECKING:
    from pathlib import Path


def test_migrations_lead_to_the_tables_of_the_code(tmp_path: Path) -> None:
    """After all migrations nothing is missing, left over, or of another type; a second upgrade changes nothing."""
    engine = open_database(tmp_path / "fresh.sqlite3")
    upgrade(engine)
    upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, tables.metadata) == []
        check_fences(connection)
    engine.dispose()
