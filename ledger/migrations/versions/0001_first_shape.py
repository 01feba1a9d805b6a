"""The first shape of all tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:  # noqa: PLR0915 - one statement a table
    op.create_table(
        "account",
        sa.Column("id", sa.String(length=16), autoincrement=False, nullable=False),
        sa.Column("idx", sa.BigInteger(), nullable=False),
        sa.Column("foundation", sa.String(length=16), nullable=False),
        sa.Column("mandate", sa.String(length=24), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("iban", sa.Text(), nullable=True),
        sa.Column("private_iban", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("idx"),
    )
    op.create_index(op.f("ix_account_foundation"), "account", ["foundation"], unique=False)
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
        sa.PrimaryKeyConstraint("idx", "item"),
    )
    op.create_index("allocation_of_initiative", "allocation", ["initiative", "idx"], unique=False)
    op.create_index("allocation_of_movement", "allocation", ["foundation", "seq"], unique=False)
    op.create_table(
        "book_head",
        sa.Column("book", sa.String(length=32), autoincrement=False, nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("book"),
    )
    op.create_table(
        "budget_line",
        sa.Column("initiative", sa.String(length=16), autoincrement=False, nullable=False),
        sa.Column("category", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("idx", sa.BigInteger(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("initiative", "category"),
    )
    op.create_table(
        "category_month",
        sa.Column("initiative", sa.String(length=16), autoincrement=False, nullable=False),
        sa.Column("category", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("month", sa.String(length=7), autoincrement=False, nullable=False),
        sa.Column("spent_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("refunded_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("payments", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("initiative", "category", "month"),
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.String(length=16), autoincrement=False, nullable=False),
        sa.Column("idx", sa.BigInteger(), nullable=False),
        sa.Column("foundation", sa.String(length=16), nullable=False),
        sa.Column("basis", sa.String(length=24), nullable=False),
        sa.Column("ceiling_minor", sa.BigInteger(), nullable=False),
        sa.Column("month_ceiling_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("initiative", sa.String(length=16), nullable=True),
        sa.Column("category", sa.Integer(), nullable=True),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("proposed_by", sa.String(length=16), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.String(length=16), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("payee", sa.Text(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("private_payee", sa.Text(), nullable=True),
        sa.Column("private_purpose", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("idx"),
    )
    op.create_index(op.f("ix_decision_foundation"), "decision", ["foundation"], unique=False)
    op.create_table(
        "declaration",
        sa.Column("id", sa.String(length=16), autoincrement=False, nullable=False),
        sa.Column("idx", sa.BigInteger(), nullable=False),
        sa.Column("foundation", sa.String(length=16), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("private_person", sa.Text(), nullable=True),
        sa.Column("private_relation", sa.Text(), nullable=True),
        sa.Column("private_ibans", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("idx"),
    )
    op.create_index(op.f("ix_declaration_foundation"), "declaration", ["foundation"], unique=False)
    op.create_table(
        "disclosure",
        sa.Column("book", sa.String(length=32), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("field", sa.String(length=24), autoincrement=False, nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("book", "seq", "field"),
    )
    op.create_table(
        "entry",
        sa.Column("idx", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("book", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.String(length=24), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("idx"),
        sa.UniqueConstraint("book", "seq"),
    )
    op.create_table(
        "flag",
        sa.Column("id", sa.String(length=64), autoincrement=False, nullable=False),
        sa.Column("idx", sa.BigInteger(), nullable=False),
        sa.Column("foundation", sa.String(length=16), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rule", sa.Text(), nullable=True),
        sa.Column("severity", sa.Text(), nullable=True),
        sa.Column("private_rule", sa.Text(), nullable=True),
        sa.Column("private_severity", sa.Text(), nullable=True),
        sa.Column("private_case", sa.Text(), nullable=True),
        sa.Column("private_evidence", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("idx"),
    )
    op.create_index(op.f("ix_flag_foundation"), "flag", ["foundation"], unique=False)
    op.create_table(
        "flag_about",
        sa.Column("flag", sa.String(length=64), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("foundation", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("flag", "seq"),
    )
    op.create_index("flag_of_entry", "flag_about", ["foundation", "seq"], unique=False)
    op.create_table(
        "flag_step",
        sa.Column("idx", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("flag", sa.String(length=64), nullable=False),
        sa.Column("step", sa.String(length=24), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("by", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("private_reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("idx"),
    )
    op.create_index(op.f("ix_flag_step_flag"), "flag_step", ["flag"], unique=False)
    op.create_table(
        "foundation",
        sa.Column("id", sa.String(length=16), autoincrement=False, nullable=False),
        sa.Column("idx", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("limit_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("statement_every_days", sa.Integer(), nullable=True),
        sa.Column("slug", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("kvk", sa.Text(), nullable=True),
        sa.Column("private_name", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("idx"),
        sa.UniqueConstraint("slug"),
    )
    op.create_table(
        "foundation_sum",
        sa.Column("foundation", sa.String(length=16), autoincrement=False, nullable=False),
        sa.Column("granted_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("paid_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("explained_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("refunded_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("received_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("booked_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("movements", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("foundation"),
    )
    op.create_table(
        "grant_award",
        sa.Column("id", sa.String(length=16), autoincrement=False, nullable=False),
        sa.Column("idx", sa.BigInteger(), nullable=False),
        sa.Column("round", sa.String(length=16), nullable=True),
        sa.Column("foundation", sa.String(length=16), nullable=False),
        sa.Column("initiative", sa.String(length=16), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("awarded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("idx"),
    )
    op.create_index(op.f("ix_grant_award_foundation"), "grant_award", ["foundation"], unique=False)
    op.create_table(
        "initiative",
        sa.Column("id", sa.String(length=16), autoincrement=False, nullable=False),
        sa.Column("idx", sa.BigInteger(), nullable=False),
        sa.Column("round", sa.String(length=16), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=24), nullable=True),
        sa.Column("slug", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("promise", sa.Text(), nullable=True),
        sa.Column("theme", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("idx"),
        sa.UniqueConstraint("slug"),
    )
    op.create_table(
        "initiative_grant",
        sa.Column("initiative", sa.String(length=16), autoincrement=False, nullable=False),
        sa.Column("grant_award", sa.String(length=16), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("initiative", "grant_award"),
    )
    op.create_table(
        "initiative_payer",
        sa.Column("initiative", sa.String(length=16), autoincrement=False, nullable=False),
        sa.Column("foundation", sa.String(length=16), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("initiative", "foundation"),
    )
    op.create_table(
        "line_identity",
        sa.Column("account", sa.String(length=16), autoincrement=False, nullable=False),
        sa.Column("identity", sa.String(length=64), autoincrement=False, nullable=False),
        sa.Column("idx", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account", "identity"),
    )
    op.create_table(
        "log_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "log_node",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "place"),
    )
    op.create_table(
        "month_sum",
        sa.Column("foundation", sa.String(length=16), autoincrement=False, nullable=False),
        sa.Column("month", sa.String(length=7), autoincrement=False, nullable=False),
        sa.Column("paid_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("explained_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("received_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("foundation", "month"),
    )
    op.create_table(
        "movement",
        sa.Column("idx", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("foundation", sa.String(length=16), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.String(length=16), nullable=False),
        sa.Column("statement", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("valued_on", sa.Date(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("allocated_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counter", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("private_counter", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("idx"),
        sa.UniqueConstraint("foundation", "seq"),
    )
    op.create_index("movement_by_day", "movement", ["foundation", "booked_on", "idx"], unique=False)
    op.create_index("movement_latest", "movement", ["booked_on", "idx"], unique=False)
    op.create_index("movement_of_statement", "movement", ["foundation", "statement"], unique=False)
    op.create_table(
        "payee",
        sa.Column("id", sa.String(length=16), autoincrement=False, nullable=False),
        sa.Column("idx", sa.BigInteger(), nullable=False),
        sa.Column("foundation", sa.String(length=16), nullable=False),
        sa.Column("basis", sa.String(length=24), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("proposed_by", sa.String(length=16), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.String(length=16), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("kvk", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("private_name", sa.Text(), nullable=True),
        sa.Column("private_kvk", sa.Text(), nullable=True),
        sa.Column("private_kind", sa.Text(), nullable=True),
        sa.Column("private_ibans", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("idx"),
    )
    op.create_index(op.f("ix_payee_foundation"), "payee", ["foundation"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", sa.String(length=16), autoincrement=False, nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("email"),
    )
    op.create_table(
        "private_value",
        sa.Column("idx", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("idx"),
    )
    op.create_table(
        "progress",
        sa.Column("name", sa.String(length=40), autoincrement=False, nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "role",
        sa.Column("idx", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("foundation", sa.String(length=16), nullable=True),
        sa.Column("initiative", sa.String(length=16), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("idx"),
    )
    op.create_index(op.f("ix_role_person"), "role", ["person"], unique=False)
    op.create_table(
        "round",
        sa.Column("id", sa.String(length=16), autoincrement=False, nullable=False),
        sa.Column("idx", sa.BigInteger(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("slug", sa.Text(), nullable=True),
        sa.Column("neighbourhood", sa.Text(), nullable=True),
        sa.Column("themes", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("idx"),
    )
    op.create_table(
        "run",
        sa.Column("idx", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("rules", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("idx"),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_sign_in_attempt_subject"), "sign_in_attempt", ["subject"], unique=False)
    op.create_table(
        "statement",
        sa.Column("foundation", sa.String(length=16), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("idx", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.String(length=16), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("opening_minor", sa.BigInteger(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closing_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=24), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("private_number", sa.Text(), nullable=True),
        sa.Column("private_reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("foundation", "seq"),
        sa.UniqueConstraint("idx"),
    )
    op.create_index(op.f("ix_statement_account"), "statement", ["account"], unique=False)
    op.create_table(
        "tie",
        sa.Column("person", sa.String(length=16), autoincrement=False, nullable=False),
        sa.Column("foundation", sa.String(length=16), autoincrement=False, nullable=False),
        sa.Column("idx", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("person", "foundation", "idx"),
    )
    op.create_table(
        "upload",
        sa.Column("id", sa.String(length=16), autoincrement=False, nullable=False),
        sa.Column("foundation", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipt", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_upload_foundation"), "upload", ["foundation"], unique=False)
    op.create_table(
        "web_session",
        sa.Column("token_hash", sa.String(length=64), autoincrement=False, nullable=False),
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index(op.f("ix_web_session_person"), "web_session", ["person"], unique=False)
