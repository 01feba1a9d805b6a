"""Every table of an installation.

Four kinds, each with its own promise:

- the record (`entry`): append-only, the only truth;
- the private values (`private_value`): salts and values behind commitments, deletable;
- the views: made from the two above and nothing else, by the entry types' `apply`;
- ordinary tables: logins, drafts, and the identities that keep a line from being booked twice.

In views a column named `private_...` may be shown at desks only; every other column holds
what is public, and a committed field's value only while it is disclosed.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from typing import Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

metadata = sa.MetaData()


class UTCDateTime(sa.types.TypeDecorator[dt.datetime]):
    """An aware instant, kept in UTC; refuses naive values."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Turn an aware instant into what the database keeps."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "an instant needs its time zone"
            raise TypeError(message)
        utc = value.astimezone(dt.UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Turn what the database kept into an aware instant."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


def _column(name: str, type_: Any, **options: Any) -> sa.Column[Any]:  # noqa: ANN401 - passed through to SQLAlchemy
    """Return a column that is not null unless said otherwise."""
    options.setdefault("nullable", False)
    return sa.Column(name, type_, **options)


def _key(name: str, type_: Any = None) -> sa.Column[Any]:  # noqa: ANN401 - passed through to SQLAlchemy
    """Return a column of the primary key, whose values the code chooses."""
    return sa.Column(name, type_ or sa.String(16), primary_key=True, autoincrement=False)


def _maybe(name: str, type_: Any = None) -> sa.Column[Any]:  # noqa: ANN401 - passed through to SQLAlchemy
    """Return a column that may be null."""
    return sa.Column(name, type_ or sa.Text, nullable=True)


def _money(name: str) -> sa.Column[Any]:
    """Return a column of minor units."""
    return _column(name, sa.BigInteger)


def _sum(name: str) -> sa.Column[Any]:
    """Return a column of minor units or counts that starts at nought."""
    return _column(name, sa.BigInteger, server_default="0")


BIG = sa.BigInteger
ID = sa.String(16)
LONG_ID = sa.String(64)
BOOK = sa.String(32)
WORD = sa.String(24)
JSON = sa.JSON(none_as_null=True)
"""JSON in which nothing is null in SQL too, so that a column never set equals one set to nothing."""
LINKED = sa.text("private_party IS NOT NULL AND allocated_minor <> 0")
"""Which lines the last payment to somebody is looked up among: those that count for something."""

TOLD = sa.text("counter IS NOT NULL")
"""Whose counterparty everybody may know: the others stand in no index of it."""

STEPS = sa.text("type IN ('progress', 'report filed')")
"""Which entries of an initiative's book its page looks for: a few among all its links."""

NAMING = sa.text("type IN ('statement', 'receipt attached', 'report filed', 'spending declared')")
"""Which entries name a kept file in their private values: a few among all transactions."""

# The record.
entry = sa.Table(
    "entry",
    metadata,
    _key("idx", BIG),
    _column("book", BOOK),
    _column("seq", BIG),
    _column("type", WORD),
    _column("hash", sa.LargeBinary),
    _column("body", sa.LargeBinary),
    sa.UniqueConstraint("book", "seq"),
    sa.Index("entry_of_step", "book", "seq", sqlite_where=STEPS, postgresql_where=STEPS),
    sa.Index("entry_naming_file", "idx", sqlite_where=NAMING, postgresql_where=NAMING),
)
log_head = sa.Table(
    "log_head", metadata, _key("id", sa.Integer), _column("size", BIG), _maybe("recorded_at", UTCDateTime)
)
book_head = sa.Table("book_head", metadata, _key("book", BOOK), _column("length", BIG), _column("hash", sa.LargeBinary))
log_node = sa.Table(
    "log_node", metadata, _key("level", sa.Integer), _key("place", BIG), _column("hash", sa.LargeBinary)
)

# The private values.
private_value = sa.Table("private_value", metadata, _key("idx", BIG), _column("body", sa.Text))

# The views.
disclosure = sa.Table(
    "disclosure",
    metadata,
    _key("book", BOOK),
    _key("seq", BIG),
    _key("field", WORD),
    _column("salt", sa.String(64)),
    _column("value", sa.Text),
)
round_ = sa.Table(
    "round",
    metadata,
    _key("id"),
    _column("idx", BIG, unique=True),
    _money("amount_minor"),
    _column("currency", sa.String(3)),
    _maybe("slug"),
    _maybe("neighbourhood"),
    _maybe("themes", JSON),
)
foundation = sa.Table(
    "foundation",
    metadata,
    _key("id"),
    _column("idx", BIG, unique=True),
    _column("kind", WORD),
    _column("opened_at", UTCDateTime),
    _maybe("closed_at", UTCDateTime),
    _money("limit_minor"),
    _column("currency", sa.String(3)),
    _maybe("statement_every_days", sa.Integer),
    sa.Column("slug", sa.Text, nullable=True, unique=True),
    _maybe("name"),
    _maybe("kvk"),
    _maybe("private_name"),
)
account = sa.Table(
    "account",
    metadata,
    _key("id"),
    _column("idx", BIG, unique=True),
    _column("foundation", ID, index=True),
    _column("mandate", WORD),
    _column("declared_at", UTCDateTime),
    _maybe("closed_at", UTCDateTime),
    _maybe("iban"),
    _maybe("private_iban"),
)
grant_award = sa.Table(
    "grant_award",
    metadata,
    _key("id"),
    _column("idx", BIG, unique=True),
    _maybe("round", ID),
    _column("foundation", ID, index=True),
    _maybe("initiative", ID),
    _money("amount_minor"),
    _column("currency", sa.String(3)),
    _column("starts", sa.Date),
    _column("ends", sa.Date),
    _column("awarded_at", UTCDateTime),
    _maybe("closed_at", UTCDateTime),
    _maybe("reference"),
)
initiative = sa.Table(
    "initiative",
    metadata,
    _key("id"),
    _column("idx", BIG, unique=True),
    _maybe("round", ID),
    _column("opened_at", UTCDateTime),
    _maybe("closed_at", UTCDateTime),
    _maybe("outcome", WORD),
    sa.Column("slug", sa.Text, nullable=True, unique=True),
    _maybe("name"),
    _maybe("promise"),
    _maybe("theme"),
)
initiative_payer = sa.Table("initiative_payer", metadata, _key("initiative"), _key("foundation"))
initiative_grant = sa.Table("initiative_grant", metadata, _key("initiative"), _key("grant_award"))
budget_line = sa.Table(
    "budget_line",
    metadata,
    _key("initiative"),
    _key("category", sa.Integer),
    _column("idx", BIG),
    _money("amount_minor"),
    _maybe("starts", sa.Date),
    _maybe("ends", sa.Date),
    _maybe("name"),
)
role = sa.Table(
    "role",
    metadata,
    _key("idx", BIG),
    _column("person", ID, index=True),
    _column("role", WORD),
    _maybe("foundation", ID),
    _maybe("initiative", ID),
    _column("given_at", UTCDateTime),
    _maybe("ended_at", UTCDateTime),
)
tie = sa.Table(
    "tie",
    metadata,
    _key("person"),
    _key("foundation"),
    _key("idx", BIG),
    _column("since", UTCDateTime),
    _maybe("ended_at", UTCDateTime),
)
statement = sa.Table(
    "statement",
    metadata,
    _key("foundation"),
    _key("seq", BIG),
    _column("idx", BIG, unique=True),
    _column("account", ID),
    _maybe("opened_on", sa.Date),
    _maybe("opening_minor", BIG),
    _maybe("closed_on", sa.Date),
    _maybe("closing_minor", BIG),
    _column("currency", sa.String(3)),
    _column("lines", sa.Integer),
    _column("known", sa.Integer),
    _column("channel", WORD),
    _column("accepted", sa.Boolean),
    _column("problems", sa.JSON),
    _column("recorded_at", UTCDateTime),
    _maybe("private_number"),
    _maybe("private_reason"),
    sa.Index("statement_latest", "account", "closed_on", "seq"),
)
movement = sa.Table(
    "movement",
    metadata,
    _key("idx", BIG),
    _column("foundation", ID),
    _column("seq", BIG),
    _column("account", ID),
    _column("statement", BIG),
    _column("line", sa.Integer),
    _column("booked_on", sa.Date),
    _maybe("valued_on", sa.Date),
    _money("amount_minor"),
    _column("currency", sa.String(3)),
    _column("kind", WORD),
    _sum("allocated_minor"),
    _column("recorded_at", UTCDateTime),
    _maybe("counter"),
    _maybe("name"),
    _maybe("text"),
    _maybe("corrects", BIG),
    _maybe("corrected_by", BIG),
    _maybe("text_from", BIG),
    _maybe("private_counter"),
    _maybe("private_party"),
    sa.UniqueConstraint("foundation", "seq"),
    sa.Index("movement_by_day", "foundation", "booked_on", "idx"),
    sa.Index("movement_latest", "booked_on", "idx"),
    sa.Index("movement_of_statement", "foundation", "statement"),
    sa.Index("movement_by_counter", "counter", sqlite_where=TOLD, postgresql_where=TOLD),
    sa.Index("movement_by_amount", "amount_minor"),
    sa.Index(
        "movement_last_to",
        "foundation",
        "private_party",
        "booked_on",
        "idx",
        sqlite_where=LINKED,
        postgresql_where=LINKED,
    ),
)
allocation = sa.Table(
    "allocation",
    metadata,
    _key("idx", BIG),
    _key("item", sa.Integer),
    _column("initiative", ID),
    _column("allocation_seq", BIG),
    _column("foundation", ID),
    _column("seq", BIG),
    _money("amount_minor"),
    _column("category", sa.Integer),
    _column("undone", sa.Boolean),
    _column("movement", BIG),
    _column("booked_on", sa.Date),
    sa.Index("allocation_of_movement", "foundation", "seq"),
    sa.Index("allocation_of_initiative", "initiative", "undone", "booked_on", "movement"),
)
payee = sa.Table(
    "payee",
    metadata,
    _key("id"),
    _column("idx", BIG, unique=True),
    _column("foundation", ID, index=True),
    _column("basis", WORD),
    _column("starts", sa.Date),
    _column("status", WORD),
    _column("proposed_by", ID),
    _column("proposed_at", UTCDateTime),
    _maybe("approved_by", ID),
    _maybe("approved_at", UTCDateTime),
    _maybe("revoked_at", UTCDateTime),
    _maybe("name"),
    _maybe("kvk"),
    _maybe("kind"),
    _maybe("private_name"),
    _maybe("private_kvk"),
    _maybe("private_kind"),
    _maybe("private_ibans", JSON),
)
decision = sa.Table(
    "decision",
    metadata,
    _key("id"),
    _column("idx", BIG, unique=True),
    _column("foundation", ID, index=True),
    _column("basis", WORD),
    _money("ceiling_minor"),
    _maybe("month_ceiling_minor", BIG),
    _column("currency", sa.String(3)),
    _maybe("initiative", ID),
    _maybe("category", sa.Integer),
    _column("starts", sa.Date),
    _column("ends", sa.Date),
    _column("decided_on", sa.Date),
    _column("status", WORD),
    _column("proposed_by", ID),
    _column("proposed_at", UTCDateTime),
    _maybe("approved_by", ID),
    _maybe("approved_at", UTCDateTime),
    _maybe("withdrawn_at", UTCDateTime),
    _maybe("payee"),
    _maybe("purpose"),
    _maybe("private_payee"),
    _maybe("private_purpose"),
)
declaration = sa.Table(
    "declaration",
    metadata,
    _key("id"),
    _column("idx", BIG, unique=True),
    _column("foundation", ID, index=True),
    _column("declared_at", UTCDateTime),
    _maybe("private_person"),
    _maybe("private_relation"),
    _maybe("private_ibans", JSON),
)
flag = sa.Table(
    "flag",
    metadata,
    _key("id", LONG_ID),
    _column("idx", BIG, unique=True),
    _column("foundation", ID, index=True),
    _column("about", sa.JSON),
    _column("status", WORD),
    _column("raised_at", UTCDateTime),
    _column("changed_at", UTCDateTime),
    _maybe("ruling", WORD),
    _maybe("ruled_at", UTCDateTime),
    _maybe("gone_at", UTCDateTime),
    _maybe("rule"),
    _maybe("severity"),
    _maybe("private_rule"),
    _maybe("private_severity"),
    _maybe("private_case"),
    _maybe("private_evidence", JSON),
    sa.Index("flag_standing", "status", "foundation"),
)
flag_about = sa.Table(
    "flag_about",
    metadata,
    _key("flag", LONG_ID),
    _key("seq", BIG),
    _column("foundation", ID),
    sa.Index("flag_of_entry", "foundation", "seq"),
)
flag_step = sa.Table(
    "flag_step",
    metadata,
    _key("idx", BIG),
    _column("flag", LONG_ID, index=True),
    _column("step", WORD),
    _column("status", WORD),
    _column("by", sa.JSON),
    _column("at", UTCDateTime),
    _maybe("reason"),
    _maybe("private_reason"),
)
run = sa.Table(
    "run",
    metadata,
    _key("idx", BIG),
    _column("size", BIG),
    _column("rules", LONG_ID),
    _column("at", UTCDateTime),
)
confirmation = sa.Table(
    "confirmation",
    metadata,
    _key("idx", BIG),
    _column("foundation", ID),
    _column("statement", BIG),
    _column("by", ID),
    _column("at", UTCDateTime),
    sa.Index("confirmation_of_statement", "foundation", "statement"),
)
seal = sa.Table(
    "seal",
    metadata,
    _key("idx", BIG),
    _column("day", sa.Date, unique=True),
    _column("size", BIG),
    _column("root", LONG_ID),
    _column("books", sa.Integer),
    _column("books_root", LONG_ID),
    _column("at", UTCDateTime),
)
foundation_sum = sa.Table(
    "foundation_sum",
    metadata,
    _key("foundation"),
    _sum("granted_minor"),
    _sum("paid_minor"),
    _sum("explained_minor"),
    _sum("refunded_minor"),
    _sum("received_minor"),
    _sum("booked_minor"),
    _sum("movements"),
)
category_month = sa.Table(
    "category_month",
    metadata,
    _key("initiative"),
    _key("category", sa.Integer),
    _key("month", sa.String(7)),
    _sum("spent_minor"),
    _sum("refunded_minor"),
    _sum("payments"),
)
month_sum = sa.Table(
    "month_sum",
    metadata,
    _key("foundation"),
    _key("month", sa.String(7)),
    _sum("paid_minor"),
    _sum("explained_minor"),
    _sum("received_minor"),
)

# Ordinary tables.
person = sa.Table(
    "person",
    metadata,
    _key("id"),
    _column("email", sa.Text, unique=True),
    _column("name", sa.Text),
    _maybe("password_hash"),
    _column("created_at", UTCDateTime),
)
web_session = sa.Table(
    "web_session",
    metadata,
    _key("token_hash", LONG_ID),
    _column("person", ID, index=True),
    _column("created_at", UTCDateTime),
    _column("expires_at", UTCDateTime),
)
sign_in_attempt = sa.Table(
    "sign_in_attempt",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _column("subject", LONG_ID, index=True),
    _column("at", UTCDateTime),
)
upload = sa.Table(
    "upload",
    metadata,
    _key("id"),
    _column("foundation", ID, index=True),
    _column("person", ID),
    _column("content", LONG_ID),
    _column("choices", sa.JSON),
    _column("created_at", UTCDateTime),
    _maybe("confirmed_at", UTCDateTime),
    _maybe("receipt", JSON),
    _maybe("stage", WORD),
    _maybe("done", BIG),
    _maybe("whole", BIG),
    _maybe("beat_at", UTCDateTime),
    _maybe("refusal", JSON),
)
"""An upload that somebody began; `stage`, `done` of `whole` and `beat_at` tell how far long work on it has come."""
standing_rule = sa.Table(
    "standing_rule",
    metadata,
    _key("id"),
    _column("foundation", ID, index=True),
    _column("conditions", sa.JSON),
    _column("initiative", ID),
    _column("category", sa.Integer),
    _column("made_by", ID),
    _column("made_at", UTCDateTime),
    _maybe("ended_by", ID),
    _maybe("ended_at", UTCDateTime),
    _sum("matched"),
)
"""What payments of one kind count for, as a treasurer said once; `matched` counts the payments linked so since."""
account_proposal = sa.Table(
    "account_proposal",
    metadata,
    _key("id"),
    _column("foundation", ID, index=True),
    _column("iban", sa.Text),
    _column("holder", sa.Text),
    _column("mandate", WORD),
    _column("proposed_by", ID),
    _column("proposed_at", UTCDateTime),
    _maybe("settled_by", ID),
    _maybe("settled_at", UTCDateTime),
    _maybe("account", ID),
)
"""An account that one person says is the foundation's, until a second one says so too (`account`) or refuses."""
refused_delivery = sa.Table(
    "refused_delivery",
    metadata,
    _key("content", LONG_ID),
    _maybe("foundation", ID),
    _column("filename", sa.Text),
    _column("code", WORD),
    _maybe("place"),
    _column("refused_at", UTCDateTime),
    _maybe("seen_by", ID),
    _maybe("seen_at", UTCDateTime),
)
"""What a bank delivered and was not booked, until somebody has seen it; the district, where no foundation is known."""
line_identity = sa.Table(
    "line_identity",
    metadata,
    _key("account"),
    _key("identity", LONG_ID),
    _column("idx", BIG),
    sqlite_with_rowid=False,
)
progress = sa.Table("progress", metadata, _key("name", sa.String(40)), _column("value", BIG))
hint = sa.Table(
    "hint",
    metadata,
    _key("flag", LONG_ID),
    _column("foundation", ID, index=True),
    _column("rule", WORD),
    _column("severity", WORD),
    _column("case_id", LONG_ID),
    _column("about", sa.JSON),
    _column("evidence", sa.JSON),
    _column("found_at", UTCDateTime),
    _maybe("gone_at", UTCDateTime),
    _maybe("aside_at", UTCDateTime),
    _maybe("aside_by", ID),
)
"""What indicators found, for the district alone (`audit.hints`)."""

RECORD = (entry,)
HEADS = (log_head, book_head, log_node)
VIEWS = (
    disclosure, round_, foundation, account, grant_award, initiative, initiative_payer, initiative_grant, budget_line,
    role, tie, statement, movement, allocation, payee, decision, declaration, flag, flag_about, flag_step, run,
    confirmation, seal, foundation_sum, category_month, month_sum,
)  # fmt: skip
"""Every view, for a rebuild and for the comparison with the entries."""
SUMS = frozenset({"foundation_sum", "category_month", "month_sum"})
"""Views whose rows appear, with noughts, when something is first added to them."""
