"""The inbox and a case, as a browser meets them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledger import tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.dashboards.desks.conftest import Browser
    from tests.unit.dashboards.district import District

INBOX = "/bureau/signalen"
CASE = f"{INBOX}/ca5e00000000"


@pytest.fixture
def flag(district: District) -> str:
    """A high flag on a payment to a person."""
    return district.flag("PAY-02", "high", district.pay("Gijs Hermelijn", "NL20INGB0001234567", 450_000))


@pytest.mark.usefixtures("flag")
@pytest.mark.parametrize(
    ("who", "inbox", "case"),
    [
        ("officer", 200, 200),
        ("head", 200, 200),
        ("treasurer", 200, 200),
        ("signatory", 200, 200),
        ("tied", 200, 403),
        ("other", 200, 403),
        ("owner", 403, 403),
        ("nobody", 403, 403),
    ],
)
def test_a_case_is_for_the_district_and_the_foundation(
    browse: Callable[[str], Browser], who: str, inbox: int, case: int
) -> None:
    """Others are refused, and an officer with a tie too."""
    browser = browse(who)
    seen = browser.get(INBOX, inbox)
    assert ("ca5e00000000" in seen) == (case == 200)
    assert ("Gijs Hermelijn" in browser.get(CASE, case)) == (case == 200)
    if case != 200:
        browser.post(CASE, 403, action="take_up", reason="x")


def test_two_officers_rule_and_close(browse: Callable[[str], Browser], district: District, flag: str) -> None:
    """Taken up, accepted, and closed by two; each step stands in the book."""
    first, second = browse("officer"), browse("second")
    first.get(CASE)
    assert first.post(CASE, action="take_up", reason="") == CASE
    assert first.post(CASE, action="accept", reason="De bon is gezien.") == CASE
    first.post(CASE, action="close", reason="Klaar.")
    assert district.status(tables.flag, flag) == "closing"
    page = first.get(CASE)
    assert "De bon is gezien." in page
    assert 'value="close"' not in page
    first.post(CASE, 403, action="close", reason="Klaar.")
    assert 'value="close"' in second.get(CASE)
    second.post(CASE, action="close", reason="Klaar.")
    assert district.status(tables.flag, flag) == "closed"
    assert "ca5e00000000" not in first.get(INBOX)


@pytest.mark.usefixtures("flag")
def test_the_foundation_only_answers(browse: Callable[[str], Browser]) -> None:
    """A treasurer finds one step; another one is refused."""
    browser = browse("treasurer")
    page = browser.get(CASE)
    assert 'value="answer"' in page
    assert 'value="accept"' not in page
    browser.post(CASE, 403, action="accept", reason="Het klopt.")
    browser.post(CASE, action="answer", reason="De bon komt nog.")
    assert "De bon komt nog." in browse("officer").get(CASE)


@pytest.mark.usefixtures("flag")
def test_a_ruling_needs_a_step_and_a_reason(browse: Callable[[str], Browser], district: District) -> None:
    """What was typed is kept, and nothing is appended."""
    browser = browse("officer")
    browser.get(CASE)
    size = district.size()
    assert "omdat" in browser.post(CASE, 422, reason="omdat")
    assert 'href="#action"' in browser.post(CASE, 422, action="erase", reason="omdat")
    browser.post(CASE, action="take_up", reason="")
    assert 'href="#reason"' in browser.post(CASE, 422, action="accept", reason=" ")
    browser.post(CASE, 409, action="close", reason="omdat")
    assert district.size() == size + 1


@pytest.mark.usefixtures("flag")
def test_the_inbox_counts_what_a_tie_hides(browse: Callable[[str], Browser]) -> None:
    """An officer with a tie reads that a colleague has it."""
    browser = browse("tied")
    page = browser.get(f"/en{INBOX}")
    assert "1 case is with a colleague" in page


def test_a_case_that_is_not_there_is_not_found(browse: Callable[[str], Browser]) -> None:
    """A wrong number is a page that is not there."""
    browser = browse("officer")
    browser.get(f"{INBOX}/{'f' * 12}", 404)
    browser.get(f"{INBOX}/x", 404)


@pytest.mark.usefixtures("flag")
def test_my_desk_counts_the_cases_that_wait_for_me(browse: Callable[[str], Browser]) -> None:
    """An officer reads how many cases she can do something in."""
    assert "case where you can do something" in browse("officer").get("/en/bureau")
