"""What a bank corrects, payments of one kind, accounts that are proposed, deliveries refused, how far uploads are.

The views get columns that entries written before fill too, so that they are made again afterwards.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

REBUILD = True
"""Views hold more than before."""


def upgrade() -> None:
    op.add_column("movement", sa.Column("corrects", sa.BigInteger(), nullable=True))
    op.add_column("movement", sa.Column("corrected_by", sa.BigInteger(), nullable=True))
    op.add_column("movement", sa.Column("text_from", sa.BigInteger(), nullable=True))
    op.add_column("movement", sa.Column("private_party", sa.Text(), nullable=True))
    _the_last_linked_payment_to_somebody()
    _what_is_known_of_counterparties_alone()
    _a_line_is_kept_where_its_name_leads()
    _steps_of_an_initiative()
    _what_names_a_file()
    _uploads_tell_how_far_they_are()
    _payments_of_one_kind()
    _accounts_are_proposed()
    _deliveries_are_refused()


def _the_last_linked_payment_to_somebody() -> None:
    op.drop_index("movement_last_to", table_name="movement")
    linked = sa.text("private_party IS NOT NULL AND allocated_minor <> 0")
    columns = ["foundation", "private_party", "booked_on", "idx"]
    op.create_index("movement_last_to", "movement", columns, sqlite_where=linked, postgresql_where=linked)


def _what_is_known_of_counterparties_alone() -> None:
    op.drop_index("movement_by_counter", table_name="movement")
    told = sa.text("counter IS NOT NULL")
    op.create_index("movement_by_counter", "movement", ["counter"], sqlite_where=told, postgresql_where=told)


def _a_line_is_kept_where_its_name_leads() -> None:
    """SQLite would keep the rows apart from the index of their key."""
    if op.get_bind().dialect.name != "sqlite":
        return
    op.rename_table("line_identity", "line_identity_before")
    op.create_table(
        "line_identity",
        sa.Column("account", sa.String(length=16), autoincrement=False, nullable=False),
        sa.Column("identity", sa.String(length=64), autoincrement=False, nullable=False),
        sa.Column("idx", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account", "identity"),
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO line_identity SELECT account, identity, idx FROM line_identity_before")
    op.drop_table("line_identity_before")


def _steps_of_an_initiative() -> None:
    steps = sa.text("type IN ('progress', 'report filed')")
    op.create_index("entry_of_step", "entry", ["book", "seq"], sqlite_where=steps, postgresql_where=steps)


def _what_names_a_file() -> None:
    naming = sa.text("type IN ('statement', 'receipt attached', 'report filed', 'spending declared')")
    op.create_index("entry_naming_file", "entry", ["idx"], sqlite_where=naming, postgresql_where=naming)


def _uploads_tell_how_far_they_are() -> None:
    op.add_column("upload", sa.Column("stage", sa.String(length=24), nullable=True))
    op.add_column("upload", sa.Column("done", sa.BigInteger(), nullable=True))
    op.add_column("upload", sa.Column("whole", sa.BigInteger(), nullable=True))
    op.add_column("upload", sa.Column("beat_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("upload", sa.Column("refusal", sa.JSON(), nullable=True))


def _payments_of_one_kind() -> None:
    op.create_table(
        "standing_rule",
        sa.Column("id", sa.String(length=16), autoincrement=False, nullable=False),
        sa.Column("foundation", sa.String(length=16), nullable=False),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.Column("initiative", sa.String(length=16), nullable=False),
        sa.Column("category", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(length=16), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.String(length=16), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("matched", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_standing_rule_foundation", "standing_rule", ["foundation"], unique=False)


def _accounts_are_proposed() -> None:
    op.create_table(
        "account_proposal",
        sa.Column("id", sa.String(length=16), autoincrement=False, nullable=False),
        sa.Column("foundation", sa.String(length=16), nullable=False),
        sa.Column("iban", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("mandate", sa.String(length=24), nullable=False),
        sa.Column("proposed_by", sa.String(length=16), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by", sa.String(length=16), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("account", sa.String(length=16), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_account_proposal_foundation", "account_proposal", ["foundation"], unique=False)


def _deliveries_are_refused() -> None:
    op.create_table(
        "refused_delivery",
        sa.Column("content", sa.String(length=64), autoincrement=False, nullable=False),
        sa.Column("foundation", sa.String(length=16), nullable=True),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_by", sa.String(length=16), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("content"),
    )
