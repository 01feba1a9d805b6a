"""Lines that look like payments of the book: known again, new, or asked about; a batch and its payments count once."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from importers.errors import NotAccepted
from importers.errors import NotAnswered
from importers.planned import Repeated
from importers.statement import Balance
from importers.statement import Line
from importers.statement import Part
from importers.statement import Statement
from tests.unit.importers.conftest import OWN_IBAN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.unit.importers.conftest import Books

NAMES = ("Kwekerij Vlier", "Drukkerij Inktvlek", "Bakkerij Korst")
IBANS = ("NL20INGB0001234567", "NL91ABNA0417164300", "NL44RABO0123456789")


def on(day: int) -> dt.date:
    """Return a day of March 2025."""
    return dt.date(2025, 3, day)


def made(*lines: Line, format_: str = "psd2", frame: tuple[int, int, int] | None = None) -> Statement:
    """Return a statement; its frame is the first and last day and the balance before."""
    opening = closing = None
    if frame is not None:
        first, last, before = frame
        opening = Balance(on(first), before)
        closing = Balance(on(last), before + sum(line.amount_minor for line in lines))
    placed = tuple(replace(line, position=place) for place, line in enumerate(lines, start=1))
    return Statement(format_, None, OWN_IBAN, "EUR", None, opening, closing, placed)


def paid(reference: str | None, who: int = 0, *, day: int = 5, amount_minor: int = -1_000) -> Line:
    """Return a payment as a bank's own number tells it from others."""
    name, iban = NAMES[who], IBANS[who]
    return Line(1, on(day), None, amount_minor, "EUR", name=name, iban=iban, text="nota", bank_reference=reference)


def batch(*, has_parts: bool, amounts: Sequence[int] = (-1_000, -1_500, -500)) -> Line:
    """Return three payments as one line."""
    parts = tuple(Part(amount, NAMES[who], IBANS[who], "nota") for who, amount in enumerate(amounts))
    return Line(1, on(5), None, sum(amounts), "EUR", text="Verzamelopdracht", parts=parts if has_parts else ())


def payments(amounts: Sequence[int] = (-1_000, -1_500, -500)) -> list[Line]:
    """Return the same three one by one."""
    return [paid(None, who, amount_minor=amount) for who, amount in enumerate(amounts)]


def test_what_nothing_decides_is_asked(books: Books) -> None:
    """The same payment under another number, and no balance: nothing is booked until somebody says what it is."""
    books.book(made(paid("A1")))
    size, again = books.size(), made(paid("B1"))
    with pytest.raises(NotAnswered, match=r"1 line looks .* -10\.00.*--repeated same.*--repeated others"):
        books.book(again)
    assert books.size() == size
    assert books.book(again, repeated=Repeated.SAME) == ()
    assert (books.amounts(), books.size()) == ([-1_000], size)
    (booked,) = books.book(again, repeated=Repeated.OTHERS)
    assert books.amounts() == [-1_000, -1_000]
    assert books.private(booked.entry.idx)["reason"] == (
        "Lines: 1, together -10.00: said to be other ones than those in the book."
    )


@pytest.mark.parametrize(("count", "is_asked"), [(2, True), (3, False)])
def test_three_different_lines_of_whole_days_are_no_chance(books: Books, count: int, *, is_asked: bool) -> None:
    """A delivery that brings them under other numbers is known again; two may be a chance."""
    books.book(made(*(paid(f"A{who}", who) for who in range(count))))
    again = made(*(paid(f"B{who}", who) for who in range(count)))
    if is_asked:
        with pytest.raises(NotAnswered, match=f"{count} lines look"):
            books.book(again)
    else:
        books.book(again)
    assert books.amounts() == [-1_000] * count


def test_several_lines_of_days_of_which_the_book_holds_more_are_asked_about(books: Books) -> None:
    """A file that brings these days again would bring all of them."""
    books.book(made(*(paid(f"A{who}", who) for who in range(3)), paid("A3", amount_minor=-77)))
    with pytest.raises(NotAnswered, match="3 lines look"):
        books.book(made(*(paid(f"B{who}", who) for who in range(3))))


def test_what_differs_is_another_payment_and_nobody_is_asked(books: Books) -> None:
    """In its day or its amount."""
    books.book(made(paid("A1")))
    books.book(made(paid("B1", day=6), paid("B2", amount_minor=-1_001)))
    assert books.amounts() == [-1_001, -1_000, -1_000]


def test_another_payee_of_the_same_sum_on_one_day_is_asked_about(books: Books) -> None:
    """An export in which somebody wrote another payee looks just so."""
    books.book(made(paid("A1")))
    with pytest.raises(NotAnswered, match="1 line looks"):
        books.book(made(paid("B1", 1)))


@pytest.mark.parametrize(("before", "amounts"), [(99_000, [-1_000, -1]), (98_000, [-1_000, -1_000, -1])])
def test_a_balance_later_in_the_file_decides(books: Books, before: int, amounts: list[int]) -> None:
    """Whether the account held 10.00 less once or twice on the next day says what the line is."""
    books.book(made(frame=(1, 4, 100_000)))
    books.book(made(paid("A1")))
    later = made(paid("C1", 1, day=7, amount_minor=-1), frame=(6, 7, before))
    books.book(made(paid("B1")), later)
    assert books.amounts() == amounts


@pytest.mark.parametrize("has_parts", [True, False], ids=["the bank gives its payments", "it gives none"])
@pytest.mark.parametrize("is_first", [True, False], ids=["the batch first", "its payments first"])
def test_a_batch_and_its_payments_count_once(books: Books, *, is_first: bool, has_parts: bool) -> None:
    """In either order, where both state the balances; either file once more brings nothing."""
    frame = (1, 31, 100_000)
    files = [
        made(batch(has_parts=has_parts), format_="camt.053.001.02", frame=frame),
        made(*payments(), format_="csv-rabobank", frame=frame),
    ]
    for content in (files if is_first else files[::-1]) * 2:
        assert books.codes(content) == [[]]
        books.book(content)
    assert books.amounts() == ([-3_000] if is_first else [-1_500, -1_000, -500])


def test_a_batch_that_gives_its_payments_needs_no_balance(books: Books) -> None:
    """They agree one to one with what the book holds, in day, amount and payee; with others they do not."""
    books.book(made(*payments(), format_="csv-rabobank"))
    books.book(made(batch(has_parts=True), format_="camt.053.001.02"))
    assert books.amounts() == [-1_500, -1_000, -500]


def test_lines_of_one_sum_are_not_taken_for_each_other(books: Books) -> None:
    """An edited export and the bank's own state the same balances: the second one is refused, whichever it is."""
    frame = (1, 31, 100_000)
    books.book(made(paid("A1", 0, amount_minor=-3_000), format_="camt.053.001.02", frame=frame))
    true = made(paid("B1", 1, amount_minor=-1_000), paid("B2", 2, amount_minor=-2_000), format_="camt.053.001.02")
    with pytest.raises(NotAccepted, match="does not fit"):
        books.book(replace(true, opening=Balance(on(1), 100_000), closing=Balance(on(31), 97_000)))
    assert books.amounts() == [-3_000]


def test_a_line_that_breaks_what_the_book_states_is_refused(books: Books) -> None:
    """A file without balances brings a payment into days whose balances stand in the book, and agree there."""
    books.book(made(paid("A1"), format_="camt.053.001.02", frame=(1, 31, 100_000)))
    late = made(paid("B1", 1, day=10, amount_minor=-77), format_="csv-rabobank")
    assert books.codes(late) == [["continuity"]]
    with pytest.raises(NotAccepted, match=r"the account has 989\.23 on 2025-03-31.*says 990\.00"):
        books.book(late)
    assert books.amounts() == [-1_000]
