"""Statements that a second person confirmed, and daily seals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "confirmation",
        sa.Column("idx", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("foundation", sa.String(length=16), nullable=False),
        sa.Column("statement", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("idx"),
    )
    op.create_index("confirmation_of_statement", "confirmation", ["foundation", "statement"], unique=False)
    op.create_table(
        "seal",
        sa.Column("idx", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("books", sa.Integer(), nullable=False),
        sa.Column("books_root", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("idx"),
        sa.UniqueConstraint("day"),
    )
