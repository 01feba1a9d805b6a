"""What rules see of grants, budgets, silent statements, and of a few payments alone."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from audit.load import IN_BATCH
from audit.load import Days
from audit.load import load_context
from audit.load import load_payments
from audit.load import of_amounts
from audit.load import paid_to
from ledger.entry import DISTRICT
from ledger.entry import initiative_book
from tests.unit.audit.books import ACCOUNT
from tests.unit.audit.books import BOOK
from tests.unit.audit.books import FIRST
from tests.unit.audit.books import IBANS
from tests.unit.audit.books import MEER
from tests.unit.audit.books import PAYEES
from tests.unit.audit.books import PLOT
from tests.unit.audit.books import TUIN

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    import sqlalchemy as sa

    from audit.frames import Context
    from ledger.canonical import Json
    from tests.unit.audit.books import Books

EIK, PLEIN = "00000000000000ab", "00000000000000c2"


@pytest.fixture
def books(make_books: Callable[[], Books]) -> Books:
    """Books in which nothing was paid yet."""
    return make_books()


def load(books: Books, foundation: str = MEER) -> Context:
    with books.installation.store.reading() as connection:
        return load_context(connection, foundation)


def award(books: Books, grant: str, foundation: str, initiative: str | None = None) -> None:
    public: dict[str, Json] = {
        "grant": grant, "round": None, "foundation": foundation, "initiative": initiative, "amount": 5_000,
        "currency": "EUR", "starts": "2026-01-01", "ends": "2026-06-30", "tranches": [], "basis": "desk",
    }  # fmt: skip
    books.append(DISTRICT, "grant awarded", public, {"reference": grant, "conditions": None})


def plan(books: Books, initiative: str, payers: list[str], grants: list[str]) -> None:
    opened: dict[str, Json] = {"round": None, "payers": [*payers], "grants": [*grants], "basis": "desk"}
    names: dict[str, Json] = {"slug": initiative, "name": "Plein", "promise": None, "theme": None, "contact": None}
    books.append(initiative_book(initiative), "opened", opened, names)


def test_a_foundation_has_its_grants_and_those_of_what_it_pays_for(books: Books) -> None:
    """An initiative can be paid out of another foundation's grant; what is nobody's of both stays out."""
    award(books, "00000000000000b1", MEER)
    award(books, "00000000000000b2", EIK)
    award(books, "00000000000000b3", EIK)
    award(books, "00000000000000b4", MEER, TUIN)
    plan(books, PLEIN, [MEER, EIK], ["00000000000000b2"])
    rows = {row["id"][-2:]: row for row in load(books).grants.to_dict("records")}
    assert {name: row["initiatives"] for name, row in rows.items()} == {"b1": (), "b2": (PLEIN,), "b4": (TUIN,)}
    assert (rows["b2"]["foundation"], rows["b2"]["amount_minor"]) == (EIK, 5_000)


def test_a_budget_line_names_its_payments_once_half_of_it_is_used(books: Books) -> None:
    """Before, no rule can need them; what was undone does not count."""
    first, second, third = books.pay(None, [(2, 0, 49), (0, 0, 1), (3, 0, 60)])
    books.link(first, 49, 1)
    undone = books.link(third, 60, 2)
    books.append(PLOT, "deallocation", {"allocation": undone, "items": [0]}, {"reason": None})
    assert load(books).budgets["links"].tolist() == [(), ()]
    books.link(second, 1, 1)
    budgets = load(books).budgets
    days = (FIRST, FIRST + dt.timedelta(days=2))
    assert budgets["links"].tolist() == [((MEER, second, days[0], -1), (MEER, first, days[1], -49)), ()]
    assert budgets["amount_minor"].tolist() == [100, 100]


def test_a_statement_without_days_goes_up_to_its_last_line(books: Books) -> None:
    """One that states a day goes up to that, and one with neither is silent."""
    books.pay(1_000, [(0, 0, 10), (4, 0, 10)])
    books.pay(None, [(9, 0, 10), (7, 0, 10)])
    books.pay(None, [])
    last = [
        None if day is None else day.date() for day in load(books).statements["last_on"].astype(object).tolist()[:2]
    ]
    assert last == [FIRST + dt.timedelta(days=4), FIRST + dt.timedelta(days=9)]
    assert load(books).statements["last_on"].isna().tolist() == [False, False, True]


def some(books: Books, which: sa.ColumnElement[bool], since: int = 0, before: int = 99) -> pd.DataFrame:
    days = Days(MEER, FIRST + dt.timedelta(days=since), FIRST + dt.timedelta(days=before))
    with books.installation.store.reading() as connection:
        return load_payments(connection, days, which)


def batch(books: Books, day: int, amounts: list[int]) -> int:
    """Book a batch through the third account; return its place."""
    public: dict[str, Json] = {
        "account": ACCOUNT, "statement": 5, "line": 0, "booked_on": (FIRST + dt.timedelta(days=day)).isoformat(),
        "valued_on": None, "amount": -sum(amounts), "currency": "EUR",
    }  # fmt: skip
    parts: Json = [
        {"amount": -amount, "name": "Naam", "iban": IBANS[2], "text": None, "end_to_end": None} for amount in amounts
    ]
    said: dict[str, Json] = {"name": None, "iban": None, "text": '"parts":["', "refs": {}, "code": {}, "counter": None}
    return books.append(BOOK, "transaction", public, {**said, "parts": parts}).seq


def test_payments_are_loaded_by_payee_amount_and_batch(books: Books) -> None:
    """With what they were counted for; those to nobody whom the register knew come with every payee."""
    known, other, stranger = books.pay(None, [(0, 0, 70), (1, 1, 80), (2, 2, 70)])
    many = batch(books, 3, [30, 40])
    books.link(known, 70, 1)
    assert some(books, paid_to([PAYEES[0]]))["seq"].tolist() == [known, stranger, many]
    assert some(books, of_amounts([70, 90]))["seq"].tolist() == [known, stranger]
    assert some(books, of_amounts([80]), 1, 2)["seq"].tolist() == [other]
    assert some(books, of_amounts([80]), 0, 1).empty
    found = some(books, IN_BATCH)
    assert found["seq"].tolist() == [many]
    assert [part["amount_minor"] for part in found["parts"].item()] == [-30, -40]
    assert some(books, of_amounts([70]))["allocations"].tolist() == [((TUIN, 1, -70),), ()]


def test_an_upload_is_compared_with_the_parts_of_earlier_batches(books: Books) -> None:
    """The same bill, first in a batch and then alone; and a pair within batches stays what it was."""
    books.pay(1_000_000, [(0, 0, 10)])
    first = batch(books, 20, [12_345, 55_501])
    batch(books, 22, [55_501])
    books.day = 25
    books.run(MEER)
    assert len(books.hints()) == 1
    (second,) = books.pay(919_132, [(25, 2, 12_345)])
    books.run()
    assert books.hints() == books.all_hints()
    assert len(books.hints()) == 2
    assert first < second
