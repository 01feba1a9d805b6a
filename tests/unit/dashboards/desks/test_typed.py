"""Reading what people type: amounts, days and picks."""

from __future__ import annotations

import contextlib
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.desks.typed import read_amount
from dashboards.desks.typed import read_day
from dashboards.desks.typed import read_target
from dashboards.desks.typed import write_target
from dashboards.errors import CeilingRefused
from dashboards.errors import DayRefused
from dashboards.errors import TargetRefused


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("250", 25_000),
        ("250,5", 25_050),
        ("250,00", 25_000),
        ("250.00", 25_000),
        (" € 1.250,00 ", 125_000),
        ("EUR 1,250.00", 125_000),
        ("1.250", 125_000),
        ("1.234.567,89", 123_456_789),
        ("€\N{NO-BREAK SPACE}0,01", 1),
        ("0", 0),
    ],
)
def test_an_amount_is_read_as_people_write_it(text: str, minor: int) -> None:
    """Comma or point, with or without thousands."""
    assert read_amount(text, CeilingRefused) == minor


@pytest.mark.parametrize(
    "text",
    [
        "",
        "veel",
        "-5",
        "1,2,3",
        "1.25,000",
        "12.34,56",
        "1e3",
        "0x10",
        "٢٥",
        "1" * 16,
        "250,005",
        "1,250",
        "9999999999999999",
    ],
)
def test_what_is_no_clear_amount_is_refused(text: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(CeilingRefused, match="most that may be paid"):
        read_amount(text, CeilingRefused)


@given(minor=st.integers(0, 10**14))
def test_an_amount_comes_back(minor: int) -> None:
    """Written with a comma or a point, with thousands or without, every amount is read exactly."""
    whole, cents = divmod(minor, 100)
    plain = f"{whole},{cents:02d}"
    english = f"{whole:,}.{cents:02d}"
    dutch = english.translate(str.maketrans(",.", ".,"))
    assert {read_amount(text, CeilingRefused) for text in (plain, english, dutch)} == {minor}


@given(text=st.text(max_size=40))
def test_no_text_breaks_a_reader(text: str) -> None:
    """Whatever is typed is read or refused in words, never with another error."""
    with contextlib.suppress(CeilingRefused):
        assert read_amount(text, CeilingRefused) >= 0
    with contextlib.suppress(DayRefused):
        assert read_day(text, DayRefused)
    with contextlib.suppress(TargetRefused):
        assert read_target(text, TargetRefused)


@pytest.mark.parametrize("text", ["2026-03-01", "1-3-2026", "01/03/2026", " 1.3.2026 "])
def test_a_day_is_read_year_first_or_day_first(text: str) -> None:
    """As browsers send it and as people write it."""
    assert read_day(text, DayRefused) == dt.date(2026, 3, 1)


@pytest.mark.parametrize("text", ["", "30-2-2026", "2026-13-01", "1-3-26", "gisteren"])
def test_what_is_no_day_is_refused(text: str) -> None:
    """A day that does not exist is refused."""
    with pytest.raises(DayRefused, match="first day"):
        read_day(text, DayRefused)


@given(initiative=st.text("0123456789abcdef", min_size=16, max_size=16), category=st.integers(0, 99_999_999))
def test_a_pick_comes_back(initiative: str, category: int) -> None:
    """What a select wrote is what is read."""
    assert read_target(write_target(initiative, category), TargetRefused) == (initiative, category)
