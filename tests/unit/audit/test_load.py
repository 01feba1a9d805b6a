"""From the views and private values to frames, with everything a rule may ask for."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from audit.load import load_context
from audit.load import up_to
from ledger import tables
from ledger.entry import foundation_book
from ledger.entry import initiative_book

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audit.frames import Context
    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.installation import Installation

MEER, TUIN, ACCOUNT = "00000000000000aa", "00000000000000c1", "00000000000000d1"
PERSON, SECOND = "00000000000000e1", "00000000000000e2"
PAYEE, DECISION = "00000000000000f1", "00000000000000f2"
BOOK = foundation_book(MEER)
NOW = dt.datetime(2026, 3, 1, 22, 30, tzinfo=dt.UTC)
"""An instant of 1 March, UTC; of 1 March in Amsterdam too."""


def _append(
    installation: Installation,
    book: str,
    type_: str,
    public: Mapping[str, Json],
    private: Mapping[str, Json] | None = None,
    *,
    days: int = 0,
) -> Entry:
    store = installation.store
    with store.writing(NOW + dt.timedelta(days=days)) as appender:
        return appender.append(store.draft(book, type_, public, private, (PERSON,)))


def _line(installation: Installation, day: str, amount: int, name: str | None, *, days: int = 0) -> int:
    public: dict[str, Json] = {
        "account": ACCOUNT, "statement": 2, "line": 1, "booked_on": day, "valued_on": None, "amount": amount,
        "currency": "EUR",
    }  # fmt: skip
    private: dict[str, Json] = {
        "name": name, "iban": None, "text": None, "counter": None,
        "refs": {"creditor": "NL00ZZZ123456780000", "mandate": "M1"}, "code": {"type": "PMNT-RDDT-ESDD"},
        "parts": [{"amount": amount, "name": "Fiets Ooievaar", "iban": None, "text": "band", "end_to_end": None}],
    }  # fmt: skip
    return _append(installation, BOOK, "transaction", public, private, days=days).seq


@pytest.fixture
def booked(installation: Installation) -> Installation:
    """A foundation with one of everything, on the first of March and ten days later."""
    opened: dict[str, Json] = {
        "kind": "foundation",
        "limit": 25_000,
        "currency": "EUR",
        "every": 35,
        "basis": "opening",
    }
    _append(installation, BOOK, "opened", opened, {"slug": "meer", "name": "Meer", "kvk": None})
    declared: dict[str, Json] = {"account": ACCOUNT, "mandate": "alone", "basis": "opening"}
    _append(installation, BOOK, "account declared", declared, {"iban": "NL02", "holder": None, "viewers": None})
    statement: dict[str, Json] = {
        "account": ACCOUNT, "opened_on": "2026-02-01", "opening": 10, "closed_on": "2026-02-28", "closing": 5,
        "currency": "EUR", "lines": 1, "known": 0, "channel": "upload", "accepted": True, "problems": ["gap"],
    }  # fmt: skip
    private: dict[str, Json] = {"number": "2", "bank": None, "format": "camt", "file": "5e" * 32, "reason": None}
    _append(installation, BOOK, "statement", statement, private)
    early = _line(installation, "2026-02-20", -5, "Fiets Ooievaar")
    unstated: dict[str, Json] = {"opened_on": None, "opening": None, "closed_on": None, "closing": None}
    _append(installation, BOOK, "statement", {**statement, **unstated}, private)
    payee: dict[str, Json] = {"payee": PAYEE, "starts": "2026-01-01", "basis": "desk"}
    values: dict[str, Json] = {"name": "Fiets Ooievaar", "kvk": None, "ibans": ["NL20", "NL21"], "kind": "organisation"}
    _append(installation, BOOK, "payee proposed", payee, values)
    decision: dict[str, Json] = {
        "decision": DECISION, "ceiling": 100, "month_ceiling": None, "currency": "EUR", "initiative": None,
        "category": None, "starts": "2026-01-01", "ends": "2026-12-31", "decided_on": "2026-01-01", "basis": "desk",
    }  # fmt: skip
    _append(installation, BOOK, "decision proposed", decision, {"payee": PAYEE, "purpose": "banden"})
    with installation.engine.begin() as connection:
        row = {"id": PERSON, "email": "t@meer.example", "name": "T\u00e9t Kwikstaart", "created_at": NOW}
        connection.execute(sa.insert(tables.person), row)
    accounts: dict[str, Json] = {"tet kwikstaart": ["NL30"], "Oda Zandoog": None}
    for person, ibans in accounts.items():
        private = {"person": person, "relation": "board", "ibans": ibans}
        public: dict[str, Json] = {"declaration": f"{len(person):016x}", "basis": "opening"}
        _append(installation, BOOK, "declaration", public, private)
    _initiative(installation, early)
    _append(installation, BOOK, "payee approved", {"payee": PAYEE, "basis": "desk"}, days=10)
    _append(installation, BOOK, "decision approved", {"decision": DECISION, "basis": "desk"}, days=10)
    _append(
        installation,
        BOOK,
        "account declared",
        {**declared, "account": SECOND},
        {"iban": None, "holder": None, "viewers": None},
        days=10,
    )
    _line(installation, "2026-03-11", -7, None, days=10)
    return installation


def _initiative(installation: Installation, seq: int) -> None:
    """Open an initiative and count a payment for it."""
    book = initiative_book(TUIN)
    opened: dict[str, Json] = {"round": None, "payers": [MEER], "grants": [], "basis": "opening"}
    private: dict[str, Json] = {"slug": "tuin", "name": "Tuin", "promise": None, "theme": None, "contact": None}
    _append(installation, book, "opened", opened, private)
    _append(installation, book, "budget set", {"lines": [[1, 100, None, None]], "currency": "EUR"}, {"names": ["x"]})
    items: Json = [[seq, -5, 1]]
    allocation: dict[str, Json] = {"foundation": MEER, "statement": 2, "currency": "EUR", "items": items}
    _append(installation, book, "allocation", allocation)


def _load(installation: Installation) -> Context:
    with installation.store.reading() as connection:
        return load_context(connection, MEER)


def test_a_payment_has_all_that_the_bank_said(booked: Installation) -> None:
    """Names, references, code, parts and what it was counted for."""
    first, second = _load(booked).payments.to_dict("records")
    said = ("name", "creditor_id", "mandate", "type_code")
    assert [first[name] for name in said] == ["Fiets Ooievaar", "NL00ZZZ123456780000", "M1", "PMNT-RDDT-ESDD"]
    assert first["parts"] == ({"amount_minor": -5, "name": "Fiets Ooievaar", "iban": None, "text": "band"},)
    assert (first["allocations"], second["allocations"]) == (((TUIN, 1, -5),), ())


def test_a_line_that_gives_back_another_says_which(booked: Installation) -> None:
    """As the bank's codes said when it was booked."""
    first, second = (int(seq) for seq in _load(booked).payments["seq"])
    _append(booked, BOOK, "correction linked", {"items": [[second, first]]}, days=10)
    assert _load(booked).payments["corrects"].astype(object).tolist()[1] == first
    assert _load(booked).payments["corrects"].isna().tolist() == [True, False]


def test_the_register_has_a_row_per_account(booked: Installation) -> None:
    """With who proposed and who approved; decisions count both people once."""
    context = _load(booked)
    assert context.register["iban"].tolist() == ["NL20", "NL21"]
    assert context.register["approved_by"].tolist() == [(PERSON,), (PERSON,)]
    assert context.decisions["approved_by"].tolist() == [(PERSON,)]
    assert context.opened_on == dt.date(2026, 3, 1)


def test_a_declared_person_with_an_account_is_known_by_id(booked: Installation) -> None:
    """However the name is written, so that approvals can be compared; others keep their name."""
    rows = _load(booked).declarations.astype(object)
    assert rows["person"].tolist() == [PERSON, "Oda Zandoog"]
    assert rows["iban"].isna().tolist() == [False, True]


def test_an_erased_value_is_as_if_the_bank_had_not_said_it(booked: Installation) -> None:
    """The payment stays."""
    with booked.engine.begin() as connection:
        connection.execute(sa.delete(tables.private_value))
    payments = _load(booked).payments
    assert len(payments) == 2
    assert payments["name"].isna().all()
    assert payments["parts"].tolist() == [(), ()]


def test_facts_up_to_a_day_leave_out_what_came_later(booked: Installation) -> None:
    """Bookings by their day, entries by the day in Amsterdam on which they were recorded."""
    context = _load(booked)
    before = up_to(context, dt.date(2026, 3, 10))
    frames = ("payments", "accounts", "decisions", "register", "statements")
    assert [len(getattr(before, name)) for name in frames] == [1, 1, 0, 2, 2]
    after = up_to(context, dt.date(2026, 3, 11))
    assert [len(getattr(after, name)) for name in frames] == [2, 2, 1, 2, 2]
    assert len(up_to(context, dt.date(2026, 2, 28)).register) == 0
    assert len(up_to(context, dt.date(2026, 2, 27)).statements) == 1
