"""The small worlds in which rules show what they find and what they leave alone.

Every row has a likely value for each column, so that an example says only what it is about. The
foundation `meer` was opened on 1 January 2026 with an approval limit of EUR 250; `ann`
and `bob` approve; the register knows `zon`, an organisation at `ZON`. It is judged on 31 March 2026.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from audit.frames import Context
from audit.frames import accounts_frame
from audit.frames import budgets_frame
from audit.frames import claims_frame
from audit.frames import decisions_frame
from audit.frames import declarations_frame
from audit.frames import grants_frame
from audit.frames import payments_frame
from audit.frames import register_frame
from audit.frames import statements_frame

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping

OPENED_ON = dt.date(2026, 1, 1)
AS_OF = dt.date(2026, 3, 31)
LIMIT_MINOR = 25_000
ZON = "NL02ABNA0123456789"
STRANGER = "NL91ABNA0417164300"
COLLECTING = "NL53ABNA0627535577"
"""An account on which a firm that passes payments on is known to collect (`audit.processors`)."""

Values = dict[str, object]


def day(text: str) -> dt.date:
    """Return a date written as YYYY-MM-DD."""
    return dt.date.fromisoformat(text)


def instant(text: str) -> dt.datetime:
    """Return an instant in UTC written as YYYY-MM-DDTHH:MM, or a day for its noon."""
    return dt.datetime.fromisoformat(text if "T" in text else f"{text}T12:00").replace(tzinfo=dt.UTC)


def payment(seq: int = 10, amount_minor: int = -30_000, **changes: object) -> Values:
    """Return a payment to `zon` on 10 March 2026, with changes."""
    row: Values = {
        "seq": seq,
        "statement": 5,
        "account": "main",
        "booked_on": day("2026-03-10"),
        "amount_minor": amount_minor,
        "currency": "EUR",
        "name": "Bouwmarkt Zon",
        "iban": ZON,
        "text": None,
        "creditor_id": None,
        "mandate": None,
        "type_code": "PMNT-ICDT-ESCT",
        "counter": None,
        "parts": (),
        "allocations": (),
        "corrects": None,
    }
    return _changed(row, changes)


def listed(payee: str = "zon", **changes: object) -> Values:
    """Return a payee approved on 2 February 2026, with changes."""
    row: Values = {
        "payee": payee,
        "foundation": "meer",
        "name": "Bouwmarkt Zon",
        "iban": ZON,
        "kvk": None,
        "kind": "organisation",
        "status": "approved",
        "proposed_by": "ann",
        "approved_by": ("bob",),
        "proposed_at": instant("2026-02-01"),
        "approved_at": instant("2026-02-02"),
        "revoked_at": None,
        "basis": "desk",
        "starts": day("2026-01-01"),
    }
    return _changed(row, changes)


def decision(identity: str = "tools", **changes: object) -> Values:
    """Return a decision of at most EUR 800 for `zon` in February to April 2026, with changes."""
    row: Values = {
        "id": identity,
        "entry": 3,
        "payee": "zon",
        "ceiling_minor": 80_000,
        "month_ceiling_minor": None,
        "initiative": None,
        "category": None,
        "starts": day("2026-02-01"),
        "ends": day("2026-04-30"),
        "decided_on": day("2026-01-28"),
        "proposed_by": "ann",
        "approved_by": ("ann", "bob"),
        "recorded_at": instant("2026-02-02"),
        "withdrawn_at": None,
        "basis": "desk",
        "purpose": None,
    }
    return _changed(row, changes)


def statement(seq: int, opening_minor: int | None, closing_minor: int | None, **changes: object) -> Values:
    """Return a statement of January 2026, with changes."""
    row: Values = {
        "seq": seq,
        "account": "main",
        "number": None,
        "opening_date": day("2026-01-01"),
        "opening_minor": opening_minor,
        "closing_date": day("2026-01-31"),
        "closing_minor": closing_minor,
        "channel": "upload",
        "accepted": False,
        "problems": (),
        "last_on": None,
    }
    changed = _changed(row, changes)
    return {**changed, "last_on": changed["last_on"] or changed["closing_date"]}


def account(identity: str, iban: str, **changes: object) -> Values:
    """Return an account declared on 1 January 2026, with changes."""
    row: Values = {
        "id": identity,
        "iban": iban,
        "declared_at": instant("2026-01-01"),
        "closed_at": None,
        "foundation": "meer",
        "seq": 2,
        "mandate": "together",
        "viewers": None,
    }
    return _changed(row, changes)


def declaration(person: str | None, iban: str, **changes: object) -> Values:
    """Return a board member's declared account, with changes."""
    row: Values = {
        "id": "declared",
        "person": person,
        "name": None,
        "relation": "board",
        "iban": iban,
        "declared_at": instant("2026-01-01"),
    }
    return _changed(row, changes)


def claim(seq: int = 10, amount_minor: int = 30_000, **changes: object) -> Values:
    """Return an advance that a payment repaid, approved by `ann` on 2 March 2026, with changes."""
    row: Values = {
        "payment": seq,
        "amount_minor": amount_minor,
        "approved_by": ("ann",),
        "approved_at": instant("2026-03-02"),
    }
    return _changed(row, changes)


def grant(identity: str = "grant", **changes: object) -> Values:
    """Return a grant of EUR 10,000 for the initiative `tuin` in 2026, with changes."""
    row: Values = {
        "id": identity,
        "foundation": "meer",
        "initiatives": ("tuin",),
        "amount_minor": 1_000_000,
        "starts": day("2026-01-01"),
        "ends": day("2026-12-31"),
        "closed_at": None,
    }
    return _changed(row, changes)


def budget(*links: tuple[str, int, dt.date, int], **changes: object) -> Values:
    """Return the budget of EUR 4,000 for category 1 of the initiative `tuin`, with what was counted for it."""
    row: Values = {
        "initiative": "tuin",
        "category": 1,
        "amount_minor": 400_000,
        "starts": None,
        "ends": None,
        "links": links,
    }
    return _changed(row, changes)


def world(
    *payments: Mapping[str, object],
    register: Iterable[Mapping[str, object]] = (),
    decisions: Iterable[Mapping[str, object]] = (),
    statements: Iterable[Mapping[str, object]] = (),
    accounts: Iterable[Mapping[str, object]] = (),
    declarations: Iterable[Mapping[str, object]] = (),
    claims: Iterable[Mapping[str, object]] = (),
    grants: Iterable[Mapping[str, object]] = (),
    budgets: Iterable[Mapping[str, object]] = (),
    as_of: dt.date = AS_OF,
    closed_on: dt.date | None = None,
    statement_every_days: int | None = None,
    processors: frozenset[str] = frozenset({COLLECTING}),
) -> Context:
    """Return a context of these rows."""
    return Context(
        foundation="meer",
        opened_on=OPENED_ON,
        as_of=as_of,
        approval_limit_minor=LIMIT_MINOR,
        payments=payments_frame(payments),
        register=register_frame(register),
        decisions=decisions_frame(decisions),
        statements=statements_frame(statements),
        accounts=accounts_frame(accounts),
        declarations=declarations_frame(declarations),
        claims=claims_frame(claims),
        grants=grants_frame(grants),
        budgets=budgets_frame(budgets),
        closed_on=closed_on,
        statement_every_days=statement_every_days,
        processors=processors,
    )


def _changed(row: Values, changes: Mapping[str, object]) -> Values:
    """Return a row with changes, none of which may be misspelt."""
    assert changes.keys() <= row.keys()  # a misspelt change would make an example prove nothing
    return {**row, **changes}
