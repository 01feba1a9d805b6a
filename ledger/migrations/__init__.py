"""Bringing a database to the newest shape, and making its fences again afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config

from ledger.database import WRITING
from ledger.database import make_fences

if TYPE_CHECKING:
    import sqlalchemy as sa


def upgrade(engine: sa.Engine, revision: str = "head") -> None:
    """Run the migrations that the database has not seen, in one transaction, and make the fences."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    with engine.connect().execution_options(**WRITING) as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        make_fences(connection)
