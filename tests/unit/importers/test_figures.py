"""Amounts, dates and texts as bank files write them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.errors import Unclear
from importers.figures import account_number
from importers.figures import day_and_form
from importers.figures import iso_day
from importers.figures import minor_and_mark
from importers.figures import minor_from_either
from importers.figures import minor_from_point
from importers.figures import reference
from importers.figures import shown
from importers.figures import tidy


@pytest.mark.parametrize(
    ("written", "minor"),
    [("18.15000", 1815), ("0", 0), (".5", 50), ("200000", 20_000_000), ("8.850", 885), ("+1.00", 100), ("1.", 100)],
)
def test_amounts_with_a_point_are_read_exactly(written: str, minor: int) -> None:
    """Any number of decimals that hundredths can hold is read as it is."""
    assert minor_from_point(written) == minor


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("0.001", "finer than a hundredth"),
        ("-1.00", "unsigned"),
        ("1,00", "decimal point"),
        ("", "empty"),
        (".", "empty"),
        ("1e3", "decimal point"),
        ("٣.00", "decimal point"),
        ("90071992547409.92", "larger"),
    ],
)
def test_amounts_with_a_point_are_never_guessed(written: str, why: str) -> None:
    """What is not an exact unsigned amount is refused, not rounded."""
    with pytest.raises(Unclear, match=why):
        minor_from_point(written)


@pytest.mark.parametrize(
    ("written", "minor"),
    [
        ("1,25", 125),
        ("500", 50_000),
        ("500,5", 50_050),
        ("-12,34", -1234),
        ("1.250,00", 125_000),
        ("12.50", 1250),
        ("-1,034.75", -103_475),
    ],
)
def test_amounts_with_a_comma_are_read_exactly(written: str, minor: int) -> None:
    """The bank's own form and what Excel makes of it mean the same."""
    assert minor_and_mark(written)[0] == minor


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("1.250", "thousands or decimals"),
        ("1,234", "thousands or decimals"),
        ("", "comma"),
        ("NaN", "no figure"),
        ("1,23E+10", "spreadsheet shortened"),
    ],
)
def test_ambiguous_amounts_are_refused(written: str, why: str) -> None:
    """A figure that can mean two amounts is refused."""
    with pytest.raises(Unclear, match=why):
        minor_and_mark(written)


@pytest.mark.parametrize("written", ["0310.00123459876", "0001234567.001"])
def test_a_refused_amount_shows_no_account_number(written: str) -> None:
    """Where lines run into each other an old account number is part of what should be an amount."""
    with pytest.raises(Unclear, match=r"the amount \(a long figure\) is finer"):
        minor_from_point(written)


@given(st.integers(0, 2**53 - 1))
def test_every_amount_survives_writing_and_reading(amount_minor: int) -> None:
    """Hundredths written with point or comma come back the same."""
    whole, cents = divmod(amount_minor, 100)
    assert minor_from_point(f"{whole}.{cents:02d}") == amount_minor
    assert minor_and_mark(f"{whole},{cents:02d}") == (amount_minor, ",")


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2014-01-05", dt.date(2014, 1, 5)),
        ("2014-01-04T23:00:00.000Z", dt.date(2014, 1, 5)),
        ("2014-12-31T13:15:00+01:00", dt.date(2014, 12, 31)),
        ("2025-07-23T00:00:00.000000000", dt.date(2025, 7, 23)),
        ("2025-07-23+02:00", dt.date(2025, 7, 23)),
    ],
)
def test_the_banks_day_is_the_day_in_amsterdam(written: str, day: dt.date) -> None:
    """An instant in UTC falls on the day that Amsterdam's clocks showed."""
    assert iso_day(written) == day


@pytest.mark.parametrize(
    "written", ["2014-02-30", "0000-01-01", "2014-01-05T99:00:00Z", "9999-12-31T23:59:59Z", "5 jan"]
)
def test_impossible_dates_are_refused(written: str) -> None:
    """A date that does not exist stops the reading."""
    with pytest.raises(Unclear, match="date"):
        iso_day(written)


@pytest.mark.parametrize("written", ["20200213", "2020-02-13", "13-02-2020", "13-2-2020", "13.02.2020"])
def test_dutch_dates_are_read(written: str) -> None:
    """The bank's form and Dutch Excel's form are the same day."""
    assert day_and_form(written)[0] == dt.date(2020, 2, 13)


@pytest.mark.parametrize("written", ["02/13/2020", "13-02-20", "20200230", ""])
def test_unclear_dates_are_refused(written: str) -> None:
    """American slashes, years of two figures and days that do not exist are refused."""
    with pytest.raises(Unclear, match="date"):
        day_and_form(written)


def test_a_refusal_never_repeats_a_name() -> None:
    """A text in the place of a figure does not get into the message."""
    with pytest.raises(Unclear) as caught:
        minor_and_mark("Bouwmarkt Zonnedauw")
    assert "Zonnedauw" not in str(caught.value)


def test_texts_are_tidied() -> None:
    """Spaces, line ends and control characters do not make two texts of one."""
    assert tidy(" a\n b\x00c\u0301 ") == "a b ć".replace("ć", "ć")
    assert tidy(" \n ") is None
    assert tidy(None) is None


def test_numbers_of_accounts_have_no_spaces() -> None:
    """An IBAN is written in one way."""
    assert account_number("nl69 ingb 0123 4567 89") == "NL69INGB0123456789"
    assert account_number(" ") is None


@pytest.mark.parametrize(
    "written", ["NL69\x07INGB0123456789", "NL69INGB\u202e0123456789", "NL69\x85INGB0123456789\u200b"]
)
def test_an_account_number_has_no_control_characters(written: str) -> None:
    """What nobody can see makes no other account."""
    assert account_number(written) == "NL69INGB0123456789"


def test_an_account_number_is_in_nfc() -> None:
    """Also where a letter and its accent come together only when what stood between them is left out."""
    assert account_number("re \u0301kening") == "R\u00c9KENING"
    assert account_number("\u200b") is None


@pytest.mark.parametrize("written", ["NONREF", "NOTPROVIDED", "Not Provided", "0000", "-", "", None])
def test_a_placeholder_is_no_reference(written: str | None) -> None:
    """What banks write when they have nothing to say is nothing."""
    assert reference(written) is None


def test_a_real_reference_is_kept() -> None:
    """A reference comes back as written."""
    assert reference("00000000000017") == "00000000000017"
    assert reference("E2E-X") == "E2E-X"


@pytest.mark.parametrize(
    ("written", "amount_minor"), [("000012,50", 1250), ("12.5", 1250), ("500,", 50_000), ("0,", 0), ("0.125000", None)]
)
def test_an_amount_with_either_mark_is_read_or_refused(written: str, amount_minor: int | None) -> None:
    """Zeros before it mean nothing; finer than a hundredth is refused."""
    if amount_minor is None:
        with pytest.raises(Unclear, match="finer"):
            minor_from_either(written)
    else:
        assert minor_from_either(written) == amount_minor


@pytest.mark.parametrize("written", ["", ".", ",", "1.250", "1,250", "-1", "1,2,3"])
def test_an_amount_with_no_single_meaning_is_refused(written: str) -> None:
    """Nothing, a mark alone, or a mark that can be one for thousands."""
    with pytest.raises(Unclear, match="amount"):
        minor_from_either(written)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("1.250", "'1.250'"),
        ("2025-02-31T12:00:00Z", "'2025-02-31T12:00:00Z'"),
        ("TTTTTTTT1,61", "a value that is no figure"),
        ("Zzz", "a value that is no figure"),
        ("123456789", "(a long figure)"),
    ],
)
def test_a_figure_is_shown_unless_it_could_be_somebodys(written: str, said: str) -> None:
    """Letters stand in a moment alone."""
    assert shown(written) == said
