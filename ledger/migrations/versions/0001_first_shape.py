"""The first shape of all tables."""

from __future__ import annotations

from alembic import op

from ledger import tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    tables.metadata.create_all(op.get_bind())
