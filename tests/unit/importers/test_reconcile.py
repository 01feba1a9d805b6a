"""Whether a bank's figures fit together."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from importers.reconcile import decimal_text
from importers.reconcile import follows
from importers.reconcile import problems_of
from importers.statement import Balance
from importers.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Callable

    from importers.statement import Line

DAY = dt.date(2025, 3, 1)


def _statement(opening: int | None, closing: int | None, *lines: Line, number: str | None = None) -> Statement:
    first, last = (None if amount is None else Balance(DAY, amount) for amount in (opening, closing))
    return Statement("camt.053", None, "NL69INGB0123456789", "EUR", number, first, last, lines)


def test_lines_that_make_the_closing_balance_are_no_problem(line: Callable[..., Line]) -> None:
    """Opening plus lines is closing."""
    assert problems_of(_statement(1000, 250, line(-750))) == ()


def test_lines_that_miss_the_closing_balance_are_named_with_figures(line: Callable[..., Line]) -> None:
    """The problem shows what the bank states and what the lines make."""
    (problem,) = problems_of(_statement(1000, 251, line(-750)))
    assert problem.code == "balance"
    assert "2.50" in problem.text
    assert "2.51" in problem.text


def test_a_balance_not_stated_is_not_judged(line: Callable[..., Line]) -> None:
    """A file that states one balance only cannot be wrong about both."""
    assert problems_of(_statement(None, 250, line(-750))) == ()
    assert problems_of(_statement(1000, None, line(-750))) == ()


@pytest.mark.parametrize(
    ("before", "now", "codes"),
    [
        ((1000, "4"), (1000, "5"), []),
        ((1000, "4"), (1001, "5"), ["continuity"]),
        ((1000, "4"), (1000, "6"), ["gap"]),
        ((1000, "4"), (999, "9"), ["continuity", "gap"]),
        ((1000, "365"), (1000, "1"), []),
        ((1000, "20250301"), (1000, "20250310"), []),
        ((1000, None), (1000, "9"), []),
    ],
)
def test_a_statement_must_continue_the_one_before(
    before: tuple[int, str | None], now: tuple[int, str | None], codes: list[str]
) -> None:
    """Balances continue and numbers leave no gap; a new year begins again at 1."""
    statement = _statement(now[0], None, number=now[1])
    assert [problem.code for problem in follows(Balance(DAY, before[0]), statement, before[1])] == codes


def test_the_first_statement_follows_nothing() -> None:
    """Without a statement before there is nothing to continue."""
    assert follows(None, _statement(5, 5)) == ()


@pytest.mark.parametrize(("minor", "text"), [(-1299, "-12.99"), (5, "0.05"), (-5, "-0.05"), (0, "0.00"), (100, "1.00")])
def test_amounts_are_written_with_a_point(minor: int, text: str) -> None:
    """Hundredths are written exactly, also between -1 and 0."""
    assert decimal_text(minor) == text
