"""What the bank gave back is linked to the line that it corrects, and to no other."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from ledger import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from importers.statement import Statement
    from tests.unit.importers.conftest import Books
    from tests.unit.importers.conftest import StatementMaker

ENERGY = "NL91ABNA0417164300"


def _with(statement: Statement, *changes: Mapping[str, object]) -> Statement:
    """Return a statement with its lines changed, each by its own."""
    lines = [replace(line, **change) for line, change in zip(statement.lines, changes, strict=True)]  # type: ignore[arg-type]  # fields of a line
    return replace(statement, lines=tuple(lines))


def _links(books: Books) -> dict[tuple[dt.date, int], tuple[dt.date, int] | None]:
    """Return for each line that gives back, by day and amount, the line that it corrects."""
    table = tables.movement
    query = sa.select(table.c.seq, table.c.booked_on, table.c.amount_minor, table.c.corrects, table.c.corrected_by)
    with books.installation.store.reading() as connection:
        rows = {row.seq: row for row in connection.execute(query.where(table.c.foundation == books.meer))}
    for row in rows.values():
        if row.corrects is not None:
            assert rows[row.corrects].corrected_by == row.seq
    return {
        (row.booked_on, row.amount_minor): (rows[row.corrects].booked_on, rows[row.corrects].amount_minor)
        for row in rows.values()
        if row.corrects is not None
    }


def _day(day: int) -> dt.date:
    return dt.date(2025, 3, day)


@pytest.mark.parametrize(
    "shared", [{"end_to_end_id": "E1"}, {"mandate": "M1"}, {"iban": ENERGY}], ids=["reference", "mandate", "account"]
)
def test_a_returned_direct_debit_names_what_it_gives_back(
    books: Books, statement: StatementMaker, shared: dict[str, str]
) -> None:
    """By the payer's reference, the mandate or the account, also in a later file."""
    books.book(_with(statement((2, -5000), (3, -5000), days=(1, 4)), shared, {"iban": "NL02ABNA0123456789"}))
    later = statement((9, 5000), opening=90_000, days=(5, 14))
    books.book(_with(later, {**shared, "returned": True}))
    assert _links(books) == {(_day(9), 5000): (_day(2), -5000)}


def test_a_reversal_in_the_same_file_is_linked_too(books: Books, statement: StatementMaker) -> None:
    """The bank corrects a mistake on the same day."""
    books.book(_with(statement((2, -700), (2, 700)), {"iban": ENERGY}, {"iban": ENERGY, "reversal": True}))
    assert _links(books) == {(_day(2), 700): (_day(2), -700)}


def test_the_line_that_agrees_best_is_taken_and_each_once(books: Books, statement: StatementMaker) -> None:
    """A reference says more than a later day; two returns never correct one line."""
    lines = [{"iban": ENERGY, "end_to_end_id": "E1"}, {"iban": ENERGY}, {"iban": ENERGY}]
    books.book(_with(statement((2, -5000), (3, -5000), (4, -5000), days=(1, 5)), *lines))
    back = [{"iban": ENERGY, "end_to_end_id": "E1", "returned": True}, {"iban": ENERGY, "returned": True}]
    books.book(_with(statement((9, 5000), (10, 5000), opening=85_000, days=(6, 14)), *back))
    assert _links(books) == {(_day(9), 5000): (_day(2), -5000), (_day(10), 5000): (_day(4), -5000)}


@pytest.mark.parametrize(
    "change",
    [
        {"returned": False},
        {"amount_minor": 4999},
        {"iban": "NL02ABNA0123456789"},
        {"iban": None},
        {"booked_on": dt.date(2025, 3, 1)},
        {"booked_on": dt.date(2026, 5, 1)},
    ],
    ids=["no return", "another amount", "another account", "nothing shared", "before", "much later"],
)
def test_what_does_not_agree_is_not_linked(books: Books, statement: StatementMaker, change: dict[str, object]) -> None:
    """Better no link than a wrong one."""
    books.book(_with(statement((2, -5000), days=(1, 4)), {"iban": ENERGY}))
    later = replace(statement((9, 5000)), opening=None, closing=None)
    books.book(_with(later, {"iban": ENERGY, "returned": True, **change}))
    assert _links(books) == {}


def test_a_file_twice_links_nothing_twice(books: Books, statement: StatementMaker) -> None:
    """Links belong to the lines that are new."""
    march = _with(statement((2, -700), (5, 700)), {"iban": ENERGY}, {"iban": ENERGY, "returned": True})
    books.book(march)
    before = books.size()
    books.book(march)
    assert books.size() == before
