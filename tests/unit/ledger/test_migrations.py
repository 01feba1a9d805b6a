"""The migrations: a fresh database has exactly the tables that the code knows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from ledger import migrations
from ledger import tables
from ledger.check_views import verify_installation
from ledger.database import check_fences
from ledger.database import open_database
from ledger.errors import BooksMoved
from ledger.errors import ShapeRefused
from ledger.installation import Installation
from ledger.migrations import NEWEST
from ledger.migrations import shape
from ledger.migrations import upgrade

if TYPE_CHECKING:
    from tests.conftest import MakeInstallation


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


def test_a_database_of_another_shape_is_refused_in_words(make_installation: MakeInstallation) -> None:
    """Older: upgrade; newer: install what made it. The verifier reports it instead."""
    installation = make_installation()
    for found, remedy in (("0001", "older than .*buurtkas upgrade"), ("9999", "newer than .*Install the version")):
        with installation.engine.begin() as connection:
            connection.execute(sa.text("UPDATE alembic_version SET version_num = :found"), {"found": found})
        with pytest.raises(ShapeRefused, match=remedy):
            Installation(installation.directory)
        first = verify_installation(installation).first
        assert first is not None
        assert first.what.startswith(f"database: The database has shape {found}")


def test_the_newest_shape_is_that_of_the_last_migration(tmp_path: Path) -> None:
    """The constant that every start compares with is not forgotten; an empty database has no shape."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_current_head() == NEWEST
    engine = open_database(tmp_path / "fresh.sqlite3")
    with engine.connect() as connection:
        assert shape(connection) == ""
    engine.dispose()


def test_what_refuses_to_settle_takes_the_migration_back(tmp_path: Path) -> None:
    """Nothing of a migration stays where its outcome is not accepted."""

    def refuse(_connection: sa.Connection) -> None:
        raise BooksMoved

    engine = open_database(tmp_path / "fresh.sqlite3")
    upgrade(engine, "0001")
    with pytest.raises(BooksMoved, match="try again"):
        upgrade(engine, settle=refuse)
    with engine.connect() as connection:
        assert shape(connection) == "0001"
        assert not sa.inspect(connection).has_table("seal")
    engine.dispose()
