"""The frozen frames that a rule sees, and the contract of each column.

A frame is made by its constructor from rows (mappings with exactly the schema's keys), which
checks every value; a `Context` checks columns and dtypes again. Nobody writes to a frame
afterwards. Money is int64 minor units, negative when it leaves the account; never a float.

| kind | dtype | missing |
|---|---|---|
| number | int64 | never |
| maybe number | Int64 | pandas.NA |
| yes or no | bool | never |
| word, maybe word | str | never, NaN |
| date, maybe date | datetime64[s], the bank's day | never, NaT |
| instant, maybe instant | datetime64[s, UTC], when it was recorded | never, NaT |
| words | object, tuples of str | an empty tuple |
| parts | object, tuples of mappings amount_minor, name, iban, text | an empty tuple |
| allocations | object, tuples of (initiative, category, amount_minor) | an empty tuple |
| links | object, tuples of (foundation, seq, booked_on, amount_minor) | an empty tuple |
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Final

import pandas as pd

from audit.errors import SchemaMismatch
from audit.processors import ACCOUNTS as PROCESSORS
from audit.values import CONVERTERS
from audit.values import DTYPES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from collections.abc import Mapping

    from audit.classify import NameCheck

Schema = dict[str, tuple[str, str]]

PAYMENTS: Final[Schema] = {
    "seq": ("number", "its place in the foundation's book, which is its identity"),
    "statement": ("number", "seq of the statement that it came with"),
    "account": ("word", "id of the account"),
    "booked_on": ("date", "booking day"),
    "amount_minor": ("number", "minor units; negative leaves the account"),
    "currency": ("word", "ISO 4217"),
    "name": ("maybe word", "private: the counterparty's name as the bank gives it"),
    "iban": ("maybe word", "private: the counterparty's IBAN without spaces"),
    "text": ("maybe word", "private: remittance text"),
    "creditor_id": ("maybe word", "private: the collector's id on a direct debit"),
    "mandate": ("maybe word", "private: the mandate's reference on a direct debit"),
    "type_code": ("maybe word", "private: the bank's code; CAMT as domain-family-subfamily"),
    "counter": ("maybe word", "private: payee:<id>, or account:<id> for a declared account, as resolved on booking"),
    "parts": ("parts", "private: the payments of a batch, which add up to the amount"),
    "allocations": ("allocations", "what the payment was counted for; the sign of the amount is that of the payment"),
    "corrects": ("maybe number", "place of the earlier line that this one gives back, as the bank's codes say"),
}
REGISTER: Final[Schema] = {
    "payee": ("word", "id of the payee; one row per payee and IBAN"),
    "foundation": ("word", "id of the foundation whose register it is"),
    "name": ("maybe word", "private"),
    "iban": ("maybe word", "private; without spaces"),
    "kvk": ("maybe word", "private: chamber of commerce number"),
    "kind": ("maybe word", "organisation, sole_trader or person"),
    "status": ("word", "proposed, approved or revoked, as it is now"),
    "proposed_by": ("word", "id of a person"),
    "approved_by": ("words", "ids of those who approved; empty before"),
    "proposed_at": ("instant", "when the proposal was recorded"),
    "approved_at": ("maybe instant", "when the approval was recorded"),
    "revoked_at": ("maybe instant", "when the revocation was recorded"),
    "basis": ("word", "opening or desk"),
    "starts": ("date", "claimed first day"),
}
DECISIONS: Final[Schema] = {
    "id": ("word", "id of the decision"),
    "entry": ("number", "place of its proposal in the log: the earlier one comes first where nothing else decides"),
    "payee": ("maybe word", "id of the payee; missing: small expenses"),
    "ceiling_minor": ("number", "minor units; all payments together, or for small expenses each"),
    "month_ceiling_minor": ("maybe number", "minor units; all payments of a calendar month"),
    "initiative": ("maybe word", "id of the initiative; missing: any"),
    "category": ("maybe number", "number of the category; missing: any"),
    "starts": ("date", "first booking day that it covers"),
    "ends": ("date", "last booking day that it covers"),
    "decided_on": ("date", "claimed day of the decision"),
    "proposed_by": ("word", "id of a person"),
    "approved_by": ("words", "ids of those who approved; the proposer may be among them"),
    "recorded_at": ("maybe instant", "when the approval was recorded; missing: not approved"),
    "withdrawn_at": ("maybe instant", "when the withdrawal was recorded"),
    "basis": ("word", "opening or desk"),
    "purpose": ("maybe word", "private"),
}
STATEMENTS: Final[Schema] = {
    "seq": ("number", "its place in the foundation's book"),
    "account": ("word", "id of the account"),
    "number": ("maybe word", "private: the bank's number of it"),
    "opening_date": ("maybe date", "day of the opening balance"),
    "opening_minor": ("maybe number", "minor units"),
    "closing_date": ("maybe date", "day of the closing balance"),
    "closing_minor": ("maybe number", "minor units"),
    "channel": ("word", "upload, delivery or api"),
    "accepted": ("yes or no", "it had problems and was accepted with a reason"),
    "problems": ("words", "codes of what did not fit"),
    "last_on": ("maybe date", "last day that it is about: the closing balance's, else that of its last line"),
}
ACCOUNTS: Final[Schema] = {
    "id": ("word", "id of the account"),
    "iban": ("maybe word", "private; without spaces"),
    "declared_at": ("instant", "when it was declared"),
    "closed_at": ("maybe instant", "when it was closed"),
    "foundation": ("word", "id of the foundation that holds it"),
    "seq": ("number", "place of its declaration in that foundation's book"),
    "mandate": ("word", "alone, together or unknown, as the district checked it"),
    "viewers": ("maybe number", "private: how many people besides who pays can look in; missing: not known"),
}
DECLARATIONS: Final[Schema] = {
    "id": ("word", "id of the declaration"),
    "person": ("maybe word", "private: id of the person whom the account belongs to, where known"),
    "name": ("maybe word", "private: the person's name as it was declared"),
    "relation": ("word", "private: board, household or related"),
    "iban": ("maybe word", "private; one row per person and IBAN"),
    "declared_at": ("instant", "when it was declared"),
}
CLAIMS: Final[Schema] = {
    "payment": ("number", "place in the book of the payment that repaid an advance"),
    "amount_minor": ("number", "minor units: what was claimed"),
    "approved_by": ("words", "ids of those who approved the claim"),
    "approved_at": ("instant", "when the approval was recorded"),
}
GRANTS: Final[Schema] = {
    "id": ("word", "id of the grant; those of this foundation, and those of initiatives that it pays for"),
    "foundation": ("word", "id of the foundation that it was awarded to"),
    "initiatives": ("words", "ids of the initiatives that are paid out of it"),
    "amount_minor": ("number", "minor units"),
    "starts": ("date", "first day"),
    "ends": ("date", "last day"),
    "closed_at": ("maybe instant", "when it was closed before its end"),
}
BUDGETS: Final[Schema] = {
    "initiative": ("word", "id of an initiative that this foundation pays for"),
    "category": ("number", "number of the category; one row per initiative and category"),
    "amount_minor": ("number", "minor units"),
    "starts": ("maybe date", "first day, where the line has a period of its own"),
    "ends": ("maybe date", "last day, where the line has a period of its own"),
    "links": ("links", "payments and refunds of all foundations; empty while less than `NEARLY_USED` percent is spent"),
}
NEARLY_USED: Final = 50
"""From which part of a budget line, in percent, a frame says which payments were counted for it."""


def payments_frame(rows: Iterable[Mapping[str, object]] = ()) -> pd.DataFrame:
    """Return the frame of a foundation's transaction lines; columns as in `PAYMENTS`."""
    return _frame("payments", PAYMENTS, rows)


def register_frame(rows: Iterable[Mapping[str, object]] = ()) -> pd.DataFrame:
    """Return the frame of the payees' register; columns as in `REGISTER`."""
    return _frame("register", REGISTER, rows)


def decisions_frame(rows: Iterable[Mapping[str, object]] = ()) -> pd.DataFrame:
    """Return the frame of prior decisions; columns as in `DECISIONS`."""
    return _frame("decisions", DECISIONS, rows)


def statements_frame(rows: Iterable[Mapping[str, object]] = ()) -> pd.DataFrame:
    """Return the frame of statements; columns as in `STATEMENTS`."""
    return _frame("statements", STATEMENTS, rows)


def accounts_frame(rows: Iterable[Mapping[str, object]] = ()) -> pd.DataFrame:
    """Return the frame of declared accounts; columns as in `ACCOUNTS`."""
    return _frame("accounts", ACCOUNTS, rows)


def claims_frame(rows: Iterable[Mapping[str, object]] = ()) -> pd.DataFrame:
    """Return the frame of claims that were repaid; columns as in `CLAIMS`."""
    return _frame("claims", CLAIMS, rows)


def grants_frame(rows: Iterable[Mapping[str, object]] = ()) -> pd.DataFrame:
    """Return the frame of grants; columns as in `GRANTS`."""
    return _frame("grants", GRANTS, rows)


def budgets_frame(rows: Iterable[Mapping[str, object]] = ()) -> pd.DataFrame:
    """Return the frame of budget lines; columns as in `BUDGETS`."""
    return _frame("budgets", BUDGETS, rows)


def declarations_frame(rows: Iterable[Mapping[str, object]] = ()) -> pd.DataFrame:
    """Return the frame of declared people's accounts; columns as in `DECLARATIONS`."""
    return _frame("declarations", DECLARATIONS, rows)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Context:
    """All that a rule sees of one foundation.

    Args:
        foundation: Its id.
        opened_on: The day it was opened here; payments booked before are judged by the claims declared at opening.
        as_of: The day on which it is judged, in Amsterdam.
        approval_limit_minor: Up to it a payment to an approved payee needs no decision of its own.
        payments: Columns as in `PAYMENTS`.
        register: Columns as in `REGISTER`.
        decisions: Columns as in `DECISIONS`.
        statements: Columns as in `STATEMENTS`.
        accounts: Columns as in `ACCOUNTS`.
        declarations: Columns as in `DECLARATIONS`.
        grants: Columns as in `GRANTS`.
        budgets: Columns as in `BUDGETS`.
        kind: What it is: foundation, intermediary, district and so on.
        closed_on: The day it was closed here, if it was.
        statement_every_days: How often a statement is due at least, where that was agreed.
        earlier: Payments of days before those of `payments`, of which only what they used up of decisions counts;
            columns as in `PAYMENTS`.
        claims: Advances that were repaid, columns as in `CLAIMS`; none until advances have a view to be read from.
        name_check: A bank's own check of a name with an IBAN, if there is one.
        processors: Accounts on which a firm that passes payments on for shops is known to collect.
        shared: What `audit.sharing` keeps, so that several rules work it out once.

    Raises:
        SchemaMismatch: A frame has other columns or dtypes.
    """

    foundation: str
    opened_on: dt.date
    as_of: dt.date
    approval_limit_minor: int
    payments: pd.DataFrame
    register: pd.DataFrame
    decisions: pd.DataFrame
    statements: pd.DataFrame
    accounts: pd.DataFrame
    declarations: pd.DataFrame
    grants: pd.DataFrame
    budgets: pd.DataFrame
    kind: str = "foundation"
    closed_on: dt.date | None = None
    statement_every_days: int | None = None
    earlier: pd.DataFrame = field(default_factory=payments_frame)
    claims: pd.DataFrame = field(default_factory=claims_frame)
    name_check: NameCheck | None = None
    processors: frozenset[str] = PROCESSORS
    shared: dict[object, object] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        check_frame("payments", PAYMENTS, self.payments)
        check_frame("payments", PAYMENTS, self.earlier)
        check_frame("register", REGISTER, self.register)
        check_frame("decisions", DECISIONS, self.decisions)
        check_frame("statements", STATEMENTS, self.statements)
        check_frame("accounts", ACCOUNTS, self.accounts)
        check_frame("declarations", DECLARATIONS, self.declarations)
        check_frame("claims", CLAIMS, self.claims)
        check_frame("grants", GRANTS, self.grants)
        check_frame("budgets", BUDGETS, self.budgets)


def empty_context(foundation: str, opened_on: dt.date, approval_limit_minor: int) -> Context:
    """Return a context in which nothing happened yet."""
    return Context(
        foundation=foundation,
        opened_on=opened_on,
        as_of=opened_on,
        approval_limit_minor=approval_limit_minor,
        payments=payments_frame(),
        register=register_frame(),
        decisions=decisions_frame(),
        statements=statements_frame(),
        accounts=accounts_frame(),
        declarations=declarations_frame(),
        grants=grants_frame(),
        budgets=budgets_frame(),
    )


def check_frame(name: str, schema: Schema, frame: pd.DataFrame) -> None:
    """Refuse a frame that has not exactly the schema's columns and dtypes.

    Raises:
        SchemaMismatch: It differs; the message names the columns.
    """
    _check_names(name, schema, frame.columns)
    for column, (kind, _) in schema.items():
        found = str(frame[column].dtype)
        if found != DTYPES[kind]:
            raise SchemaMismatch(name, f"{column} is {found} and should be {DTYPES[kind]}")


def _check_names(name: str, schema: Schema, found: Iterable[str]) -> None:
    names = list(found)
    missing = [column for column in schema if column not in names]
    extra = sorted(str(column) for column in names if column not in schema)
    if missing or extra or len(names) != len(schema):
        raise SchemaMismatch(name, f"missing columns {missing}, unexpected columns {extra}")


def _frame(name: str, schema: Schema, rows: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    """Return a frame of rows whose every value was checked."""
    columns: dict[str, list[object]] = {column: [] for column in schema}
    converters = [(column, columns[column], CONVERTERS[kind]) for column, (kind, _) in schema.items()]
    for row in rows:
        if row.keys() != columns.keys():
            _check_names(name, schema, row)
        for column, values, convert in converters:
            try:
                values.append(convert(row[column]))
            except TypeError as error:
                raise SchemaMismatch(name, f"{column} holds {error}") from error
    return pd.DataFrame(
        {column: pd.Series(columns[column], dtype=DTYPES[kind]) for column, (kind, _) in schema.items()}
    )
