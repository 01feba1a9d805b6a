"""A plan says exactly what booking would do, in whatever order files come."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from importers.errors import AccountClosed
from importers.errors import AccountUnknown
from importers.errors import AccountUnstated
from importers.errors import OtherCurrency
from importers.errors import OtherFoundation
from importers.statement import Balance
from importers.statement import Part
from importers.statement import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from importers.statement import Statement
    from tests.unit.importers.conftest import Books
    from tests.unit.importers.conftest import StatementMaker

DAYS = ((2, -500), (5, -700), (5, -700), (9, 2_000), (9, -300), (14, -100), (20, -900), (26, 40))
"""All lines of a month, with twins and days of several lines."""
SHOP_IBAN = "NL20INGB0001234567"


def _export(maker: StatementMaker, first: int, last: int) -> Statement:
    """Return the file that the bank gives for some days of that month."""
    opening = 100_000 + sum(amount for day, amount in DAYS if day < first)
    return maker(*((day, amount) for day, amount in DAYS if first <= day <= last), opening=opening, days=(first, last))


def test_a_new_account_begins_with_any_balance(books: Books, statement: StatementMaker) -> None:
    """Nothing came before, so nothing is missing."""
    plan = books.plan(statement((3, -500), (4, 200)))
    (planned,) = plan.statements
    assert (len(planned.new), planned.problems, planned.nothing_new) == (2, (), False)
    assert plan.lengths == {books.meer: 3}


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.parametrize(
    "periods", [((1, 9), (5, 20), (14, 31)), ((1, 14), (15, 20), (9, 31)), ((1, 31), (5, 9), (9, 20))]
)
def test_overlapping_exports_fit_in_every_order(
    books: Books, statement: StatementMaker, order: tuple[int, ...], periods: tuple[tuple[int, int], ...]
) -> None:
    """Each line is booked once and nothing is reported where the bank's figures are right.

    Where a period comes before one that it should follow, the days between may still be missing: that is said.
    """
    seen: set[int] = set()
    for place in order:
        first, last = periods[place]
        export = _export(statement, first, last)
        problems = books.codes(export)[0]
        missing = any(day not in seen for day in range(min(seen, default=first), first)) if seen else False
        assert problems in ([], ["continuity"] if missing else [])
        books.book(export, accept="out of order")
        seen |= set(range(first, last + 1))
    assert books.amounts() == sorted(amount for _, amount in DAYS)


def test_an_export_made_during_the_day_is_followed_by_the_whole_day(books: Books, statement: StatementMaker) -> None:
    """The later file brings only the lines that came after."""
    books.book(statement((5, -700), days=(5, 5)))
    whole = statement((5, -700), (5, -700), (6, 10), days=(5, 6))
    assert books.codes(whole) == [[]]
    assert len(books.plan(whole).statements[0].new) == 2


def test_a_line_left_out_before_is_missed_by_the_balance(books: Books, statement: StatementMaker) -> None:
    """Where the book lacks a payment, the next balance does not fit."""
    books.book(statement((2, -500), (9, -300), days=(1, 9)))
    later = statement((9, -300), (14, -100), opening=100_000 - 500 - 777, days=(9, 14))
    (problem,) = books.plan(later).statements[0].problems
    assert problem.code == "continuity"
    assert "ended with 992.00" in problem.text
    assert "makes 991.00" in problem.text
    assert "states 983.23" in problem.text


def test_a_statement_that_does_not_follow_says_so(books: Books, statement: StatementMaker) -> None:
    """Balances that differ and numbers that are missing are told both."""
    books.book(statement((2, -500), days=(1, 9), number="3"))
    assert books.codes(statement((12, -100), opening=1, days=(10, 14), number="5")) == [["continuity", "gap"]]


def test_an_older_statement_is_compared_with_what_came_before_it(books: Books, statement: StatementMaker) -> None:
    """It follows the one before its own days, not the newest."""
    books.book(_export(statement, 1, 4))
    books.book(_export(statement, 20, 31), accept="a part comes later")
    assert books.codes(_export(statement, 5, 19)) == [[]]
    assert books.codes(replace(_export(statement, 5, 19), opening=Balance(dt.date(2025, 3, 5), 1))) == [
        ["balance", "continuity"]
    ]


def test_a_file_around_what_is_booked_fits(books: Books, statement: StatementMaker) -> None:
    """Statements of one file are compared with what is booked between them."""
    books.book(_export(statement, 5, 13))
    assert books.codes(_export(statement, 14, 31), _export(statement, 1, 4)) == [[], []]


def test_statements_of_a_file_go_by_their_days(books: Books, statement: StatementMaker) -> None:
    """A bank may write the newest first."""
    plan = books.plan(_export(statement, 14, 31), _export(statement, 1, 13))
    assert [planned.statement.closing.date.day for planned in plan.statements if planned.statement.closing] == [13, 31]
    assert [planned.place for planned in plan.statements] == [0, 1]
    assert [planned.problems for planned in plan.statements] == [(), ()]


def test_twins_are_two_payments_and_are_marked(books: Books, statement: StatementMaker) -> None:
    """Two equal lines within one file are both new."""
    (planned,) = books.plan(statement((5, -700), (5, -700), (6, -700))).statements
    assert [line.twin for line in planned.lines] == [True, True, False]
    assert len({line.identity for line in planned.lines}) == 3


def test_the_same_again_says_nothing_new(books: Books, statement: StatementMaker) -> None:
    """Neither does a part of it, or the whole after its parts."""
    books.book(_export(statement, 1, 13))
    books.book(_export(statement, 14, 31))
    for first, last in ((1, 13), (14, 31), (1, 31), (5, 9), (14, 20)):
        (planned,) = books.plan(_export(statement, first, last)).statements
        assert (planned.nothing_new, planned.new) == (True, ()), (first, last)


def test_known_lines_with_a_later_balance_are_news(books: Books, statement: StatementMaker) -> None:
    """That nothing happened since is something the book does not hold yet."""
    books.book(statement((5, -700), days=(1, 9)))
    later = statement((5, -700), days=(1, 20))
    (planned,) = books.plan(later).statements
    assert (planned.nothing_new, planned.new, planned.problems) == (False, (), ())
    books.book(later)
    assert books.plan(later).statements[0].nothing_new


def test_an_empty_statement_is_news_once(books: Books, statement: StatementMaker) -> None:
    """A period in which nothing happened is a statement too; booked or contained, it is known."""
    books.book(statement(days=(1, 9)))
    assert books.plan(statement(days=(1, 9))).statements[0].nothing_new
    assert books.plan(statement(days=(3, 9))).statements[0].nothing_new
    assert not books.plan(statement(days=(10, 12))).statements[0].nothing_new
    without_opening = replace(statement(days=(3, 3)), opening=None)
    assert books.plan(without_opening).statements[0].nothing_new


def test_a_statement_that_says_nothing_at_all_is_no_news(books: Books, statement: StatementMaker) -> None:
    """Only pending entries and no balance: there is nothing to book yet."""
    waiting = replace(statement(opening=None), pending=tuple(statement((2, -1)).lines))
    assert books.plan(waiting).statements[0].nothing_new
    assert books.book(waiting) == ()


def test_a_file_without_balances_is_booked_and_the_next_balance_closes_the_gap(
    books: Books, statement: StatementMaker
) -> None:
    """What came without a balance counts between two that are stated."""
    books.book(statement((2, -500), days=(1, 4)))
    unstated = statement((6, -40), (8, -60), opening=None)
    assert books.codes(unstated) == [[]]
    books.book(unstated)
    assert books.plan(unstated).statements[0].nothing_new
    assert books.codes(statement((12, -1), opening=100_000 - 600, days=(10, 14))) == [[]]
    assert books.codes(statement((12, -1), opening=100_000 - 601, days=(10, 14))) == [["continuity"]]
    no_opening = replace(statement((12, -1), opening=100_000 - 600, days=(10, 14)), opening=None)
    assert books.codes(no_opening) == [[]]
    assert books.codes(replace(no_opening, closing=Balance(dt.date(2025, 3, 14), 99_400))) == [["continuity"]]
    overlapping = statement((8, -60), (12, -1), opening=None)
    assert books.codes(overlapping) == [[]]


def test_every_problem_of_one_kind_is_told(books: Books, statement: StatementMaker) -> None:
    """Two entries without a booking date are two problems, and the same one is told once."""
    found = (
        Problem("booking_date", "Entry 1."),
        Problem("booking_date", "Entry 2."),
        Problem("booking_date", "Entry 1."),
    )
    plan = books.plan(replace(statement((2, -1)), problems=found))
    assert [problem.text for problem in plan.statements[0].problems] == ["Entry 1.", "Entry 2."]


def test_several_accounts_of_one_foundation_come_in_one_file(books: Books, statement: StatementMaker) -> None:
    """Each continues its own account."""
    plan = books.plan(statement((2, -1)), statement((2, 1), opening=5, account=books.savings), foundation=books.meer)
    assert {planned.account.id for planned in plan.statements} == {
        books.account(books.own),
        books.account(books.savings),
    }
    assert [planned.problems for planned in plan.statements] == [(), ()]


def test_another_foundations_account_refuses_the_whole_file(books: Books, statement: StatementMaker) -> None:
    """One statement of another foundation is enough."""
    both = (statement((2, -1)), statement((2, -1), account=books.other))
    with pytest.raises(OtherFoundation, match=r"NL39…5264 belongs to another foundation"):
        books.plan(*both, foundation=books.meer)
    assert set(books.plan(*both).lengths) == {books.meer, books.eik}


def test_an_account_must_be_stated_and_declared(books: Books, statement: StatementMaker) -> None:
    """A file of nobody's account is refused."""
    with pytest.raises(AccountUnstated, match="does not say which account"):
        books.plan(statement((2, -1), account=None))
    with pytest.raises(AccountUnknown, match=r"NL02…6789 is not declared"):
        books.plan(statement((2, -1), account="NL02ABNA0123456789"))


def test_a_closed_account_takes_what_came_before_it_was_closed(books: Books, statement: StatementMaker) -> None:
    """Its last statement comes after the closing; lines of later days are refused."""
    books.now = dt.datetime(2025, 3, 10, 23, 30, tzinfo=dt.UTC)
    books.close(books.own)
    assert books.codes(statement((11, -1), days=(1, 11))) == [[]]
    with pytest.raises(AccountClosed, match="was closed, and this file has lines of later days"):
        books.plan(statement((12, -1)))
    books.declare(books.meer, "00000000000000d9", books.own)
    assert books.plan(statement((12, -1))).statements[0].account.id == "00000000000000d9"


@pytest.mark.parametrize("where", ["statement", "line"])
def test_another_currency_is_refused(books: Books, statement: StatementMaker, where: str) -> None:
    """A sum in euros cannot hold dollars, whatever reason is given."""
    march = statement((2, -1), (3, -1))
    foreign = replace(march, currency="USD")
    if where == "line":
        foreign = replace(march, lines=(march.lines[0], replace(march.lines[1], currency="USD")))
    with pytest.raises(OtherCurrency, match="amounts in USD"):
        books.book(foreign, accept="it is the same money")
    assert books.codes(replace(march, currency=None)) == [[]]


def test_counterparties_are_known_from_the_register(books: Books, statement: StatementMaker) -> None:
    """By IBAN, or a card payment by the shop's name; persons by their IBAN alone, and what is typed by nothing."""
    shop = books.approve("Kwekerij  Vlier", "organisation", [SHOP_IBAN])
    person = books.approve("Wiebe Kwikstaart", "person", ["NL02ABNA0123456789", "NL69INGB0123456700"])
    (line,) = statement((2, -1)).lines
    for changes, expected in (
        ({"iban": SHOP_IBAN}, f"payee:{shop}"),
        ({"name": "KWEKERIJ VLIER", "type_code": "ba"}, f"payee:{shop}"),
        ({"name": "KWEKERIJ VLIER", "type_code": "PMNT-CCRD-POSD"}, f"payee:{shop}"),
        ({"name": "KWEKERIJ VLIER", "type_code": "DEBIT"}, None),
        ({"name": "KWEKERIJ VLIER"}, None),
        ({"name": "KWEKERIJ VLIER", "iban": "NL44RABO0123456789", "type_code": "ba"}, None),
        ({"name": "Kwekerij Vlier", "type_code": "ba", "parts": (Part(-1),)}, None),
        ({"name": None}, None),
        ({"name": "Wiebe Kwikstaart", "type_code": "ba"}, None),
        ({"iban": "NL02ABNA0123456789"}, f"payee:{person}"),
        ({"iban": books.savings}, f"account:{books.account(books.savings)}"),
        ({"iban": books.other}, f"account:{books.account(books.other)}"),
    ):
        made = replace(statement(), lines=(replace(line, **changes),), opening=None, closing=None)
        assert books.plan(made).statements[0].lines[0].counter == expected, changes


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_is_planned_is_what_is_booked(
    fresh_books: Callable[[], Books], statement: StatementMaker, data: st.DataObject
) -> None:
    """After any exports in any order: new lines, known lines and what is booked agree, each line once."""
    books = fresh_books()
    periods = st.tuples(st.integers(1, 31), st.integers(1, 31)).map(lambda pair: (min(pair), max(pair)))
    booked_days: set[int] = set()
    for first, last in data.draw(st.lists(periods, min_size=1, max_size=5)):
        export = _export(statement, first, last)
        (planned,) = books.plan(export).statements
        expected = [day for day, _ in DAYS if first <= day <= last and day not in booked_days]
        assert [line.line.booked_on.day for line in planned.new] == expected
        before = books.size()
        done = books.book(export, accept="any")
        assert bool(done) is not planned.nothing_new
        assert books.size() - before == (0 if planned.nothing_new else 1 + len(planned.new))
        assert books.book(export) == ()
        booked_days |= set(range(first, last + 1))
    books.installation.close()
    assert books.amounts() == sorted(amount for day, amount in DAYS if day in booked_days)


def test_a_day_that_a_longer_statement_covered_brings_nothing(books: Books, statement: StatementMaker) -> None:
    """The same format with other references, of days before any balance that could tell."""
    march = statement((2, -500), (5, -700), days=(1, 31))
    books.book(march)
    second = replace(march.lines[0], bank_reference="R1", text="anders gezegd")
    day = replace(statement((2, -500), days=(1, 2)), lines=(second,))
    assert books.codes(day) == [[]]
    books.book(day)
    assert books.amounts() == [-700, -500]


def test_what_a_later_balance_brought_counts_before_an_opening(books: Books, statement: StatementMaker) -> None:
    """A payment late on the day of a balance came with a file that ends later; a file between the two fits."""
    books.book(statement(days=(5, 5)))
    books.book(replace(statement((5, -500), (7, -300), days=(5, 7)), opening=None))
    assert books.codes(statement(opening=99_500, days=(6, 6))) == [[]]
    assert books.codes(statement(opening=99_400, days=(6, 6))) == [["continuity"]]


def test_an_older_export_that_words_payments_anew_brings_only_earlier_days(
    books: Books, statement: StatementMaker
) -> None:
    """A statement in the book holds all of the days that it reaches beyond, so that they bring nothing new."""
    books.book(_export(statement, 9, 20))
    older = _export(statement, 5, 14)
    renamed = tuple(replace(line, text="dezelfde nota", bank_reference=f"R{line.position}") for line in older.lines)
    (planned,) = books.plan(replace(older, lines=renamed)).statements
    assert [line.line.booked_on.day for line in planned.new] == [day for day, _ in DAYS if 5 <= day < 9]
    assert planned.problems == ()


def test_a_payment_on_the_day_before_a_covered_one_is_another(books: Books, statement: StatementMaker) -> None:
    """Only on the day itself may the same format have worded it otherwise."""
    books.book(statement((9, -500), (20, -100), days=(9, 20)))
    older = statement((8, -500), days=(5, 8), opening=100_500)
    renamed = tuple(replace(line, text="een ander", valued_on=dt.date(2025, 3, 9)) for line in older.lines)
    assert len(books.plan(replace(older, lines=renamed)).statements[0].new) == 1


def test_statements_of_one_file_that_overlap_are_not_called_a_gap(books: Books, statement: StatementMaker) -> None:
    """Brought one by one they join; in one file nothing tells which lines are the same."""
    first, second = _export(statement, 1, 14), _export(statement, 9, 31)
    (problem,) = books.plan(first, second).statements[1].problems
    assert "Their days overlap: if both are in this file, bring each in a file of its own." in problem.text
    books.book(first)
    assert books.codes(second) == [[]]
