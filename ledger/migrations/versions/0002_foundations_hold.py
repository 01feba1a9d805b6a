"""Statements that a second person confirmed, daily seals, and what pages of large ledgers read by.

Views get new columns, so that they are made again from the entries afterwards (`ledger.rebuild`).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

REBUILD = True
"""Views hold more than before."""


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
    _flags_keep_their_ruling()
    _district_has_hints()
    _allocations_know_their_day()
    op.create_index("movement_by_counter", "movement", ["counter"], unique=False)
    op.create_index("movement_by_amount", "movement", ["amount_minor"], unique=False)
    known = sa.text("private_counter IS NOT NULL")
    columns = ["foundation", "private_counter", "booked_on", "idx"]
    op.create_index("movement_last_to", "movement", columns, sqlite_where=known, postgresql_where=known)
    op.drop_index("ix_statement_account", table_name="statement")
    op.create_index("statement_latest", "statement", ["account", "closed_on", "seq"], unique=False)


def _district_has_hints() -> None:
    op.create_table(
        "hint",
        sa.Column("flag", sa.String(length=64), autoincrement=False, nullable=False),
        sa.Column("foundation", sa.String(length=16), nullable=False),
        sa.Column("rule", sa.String(length=24), nullable=False),
        sa.Column("severity", sa.String(length=24), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("aside_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("aside_by", sa.String(length=16), nullable=True),
        sa.PrimaryKeyConstraint("flag"),
    )
    op.create_index("ix_hint_foundation", "hint", ["foundation"], unique=False)


def _flags_keep_their_ruling() -> None:
    op.add_column("flag", sa.Column("ruling", sa.String(length=24), nullable=True))
    op.add_column("flag", sa.Column("ruled_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("flag", sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("flag_standing", "flag", ["status", "foundation"], unique=False)


def _allocations_know_their_day() -> None:
    op.drop_table("allocation")
    op.create_table(
        "allocation",
        sa.Column("idx", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("initiative", sa.String(length=16), nullable=False),
        sa.Column("allocation_seq", sa.BigInteger(), nullable=False),
        sa.Column("foundation", sa.String(length=16), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("category", sa.Integer(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.Column("movement", sa.BigInteger(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("idx", "item"),
    )
    columns = ["initiative", "undone", "booked_on", "movement"]
    op.create_index("allocation_of_initiative", "allocation", columns, unique=False)
    op.create_index("allocation_of_movement", "allocation", ["foundation", "seq"], unique=False)
