"""The inbox and a case, as a browser meets them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from ledger import tables
from tests.unit.dashboards.district import MEER

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


def test_a_case_says_that_it_weighs_more(browse: Callable[[str], Browser], district: District, flag: str) -> None:
    """Among its steps, as the rules' doing; it is not said to be looked at once more."""
    public = {"flag": flag, "level": None, "status": "open"}
    district.append("foundation/00000000000000aa", "flag severity raised", public, {"severity": "critical"})
    page = browse("officer").get(f"/en{CASE}")
    (event,) = (step for step in page.split("<li") if "timeline__step" in step)
    assert "Weighs more since then" in event
    assert "the rules" in event.lower()
    assert "Being looked at" not in event


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


def part(page: str, heading: str) -> str:
    """What stands under a heading of the inbox, up to the next one."""
    return page.split(f">{heading}")[1].split("</section>", maxsplit=1)[0] if f">{heading}" in page else ""


def test_a_title_says_who_how_much_and_when(browse: Callable[[str], Browser], district: District) -> None:
    """Two payments of one case are one title with their sum; why stands once, however many rules found it."""
    for _ in range(2):
        place = district.pay("Gijs Hermelijn", "NL20INGB0001234567", 164_030)
        district.flag("PAY-01", "high", place)
        district.flag("PAY-02", "medium", place)
    browser = browse("officer")
    page = browser.get(f"/en{INBOX}")
    title = 'Gijs Hermelijn</bdi>: <bdi class="money">€3,280.60</bdi> in 2 payments, 20 October'
    assert title in page
    assert page.count("no decision beforehand") <= 1
    assert "open since" in page
    assert "Hermelijn" not in "".join(part.split('"')[0] for part in page.split('href="')[1:])
    case = browser.get(f"/en{CASE}")
    assert title in case
    assert case.count('class="panel"') == 2
    assert "-€" not in case
    assert "€1,640.30</bdi> out" in case
    assert "Nothing yet." in case


def test_a_payee_without_a_name_is_called_so(browse: Callable[[str], Browser], district: District) -> None:
    """A title never begins with nothing."""
    district.flag("PAY-01", "high", district.pay("", "NL20INGB0001234567"))
    assert "a payee without a name" in browse("officer").get(f"/en{INBOX}")


def test_a_case_on_several_payees_names_one(browse: Callable[[str], Browser], district: District) -> None:
    """The first is named, the others are counted; the same name written otherwise is the same."""
    for name in ("Gijs Hermelijn", "GIJS  HERMELIJN", "Zaden & Zo", "Kar en Kist"):
        district.flag("PAY-01", "high", district.pay(name, "NL20INGB0001234567"))
    assert "and 2 others" in browse("officer").get(f"/en{INBOX}")


def test_the_inbox_is_split_by_whose_turn_it_is(browse: Callable[[str], Browser], district: District) -> None:
    """What I closed waits for another officer; the number on my desk is the number under "Your turn"."""
    for case, name in (("c1", "Kar en Kist"), ("c2", "Zaden & Zo"), ("c3", "Gijs Hermelijn")):
        district.flag("PAY-01", "high", district.pay(name, "NL20INGB0001234567"), case=case)
    first, path = browse("officer"), f"{INBOX}/c10000000000"
    first.get(path)
    first.post(path, action="take_up", reason="")
    first.post(path, action="accept", reason="De bon is gezien.")
    first.post(path, action="close", reason="Klaar.")
    page = first.get(f"/en{INBOX}")
    assert "Kar en Kist" in part(page, "Waiting for others (1)")
    assert "Kar en Kist" not in part(page, "Your turn (2)")
    assert ">2</bdi></span> <span>cases where you can do something" in first.get("/en/bureau")
    second = browse("second").get(f"/en{INBOX}")
    mine = part(second, "Your turn (3)")
    assert mine.rindex("Kar en Kist") > max(mine.index("Zaden"), mine.index("Hermelijn"))


def test_my_own_escalation_waits_for_another(browse: Callable[[str], Browser], district: District) -> None:
    """Whoever asked a second officer is not told that it is her turn."""
    district.flag("PAY-01", "high", district.pay("Gijs Hermelijn", "NL20INGB0001234567"))
    first = browse("officer")
    first.get(CASE)
    first.post(CASE, action="take_up", reason="")
    first.post(CASE, action="escalate", reason="Wij komen er niet uit.")
    assert "Hermelijn" in part(first.get(f"/en{INBOX}"), "Waiting for others (1)")
    assert "cases where you can" not in first.get("/en/bureau")
    assert "Hermelijn" in part(browse("second").get(f"/en{INBOX}"), "Your turn (1)")


@pytest.mark.usefixtures("flag")
def test_the_only_step_is_chosen_and_its_button_names_it(browse: Callable[[str], Browser]) -> None:
    """One possible step needs no choosing; of several none is chosen for the officer."""
    officer, treasurer = browse("officer"), browse("treasurer")
    page = officer.get(f"/en{CASE}")
    assert 'id="action-take_up" name="action" value="take_up" checked' in page
    assert '<button class="button" type="submit">Take it up' in page
    assert "Now a district officer looks at it." in page
    answer = treasurer.get(f"/en{CASE}")
    assert "Give the answer" in answer
    officer.get(CASE)
    officer.post(CASE, action="take_up", reason="")
    page = officer.get(f"/en{CASE}")
    assert 'value="accept" checked' not in page
    assert "Record it" in page


@pytest.mark.parametrize(
    ("severity", "before", "after"),
    [
        ("medium", "Now the foundation gives an answer, or", "Now the foundation gives an answer."),
        ("high", "Now a district officer looks", "Now a district officer says"),
    ],
)
def test_a_case_says_whose_turn_it_is(
    browse: Callable[[str], Browser], district: District, severity: str, before: str, after: str
) -> None:
    """A light case is answered first; a grave one, or one whose time to answer passed, is the district's."""
    district.flag("PAY-01", severity, district.pay("Gijs Hermelijn", "NL20INGB0001234567"))
    officer = browse("officer")
    assert before in officer.get(f"/en{CASE}")
    officer.post(CASE, action="take_up", reason="")
    assert after in officer.get(f"/en{CASE}")
    district.later(days=15)
    late = browse("officer").get(f"/en{CASE}")
    assert "Now a district officer says whether it is in order." in late


@pytest.fixture
def hint(district: District) -> str:
    """A hint about one payment."""
    row = {
        "flag": "41" * 32,
        "foundation": MEER,
        "rule": "AMT-01",
        "severity": "medium",
        "case_id": "ca5e".ljust(64, "0"),
        "about": [district.pay("Drukkerij Inktvlek", "NL20INGB0001234567", 12_345)],
        "evidence": {"currency": "EUR", "reasons": []},
        "found_at": district.now,
    }
    with district.installation.engine.begin() as connection:
        connection.execute(sa.insert(tables.hint).values(row))
    return "41" * 32


def test_an_officer_takes_a_hint_up(browse: Callable[[str], Browser], hint: str) -> None:
    """It stands in the inbox with its payment, and becomes a case."""
    browser = browse("officer")
    page = browser.get(f"/en{INBOX}")
    assert "Hints (1)" in page
    assert "Drukkerij Inktvlek" in page
    assert browser.post(f"{INBOX}/aanwijzing/{hint}", action="take_up") == CASE
    assert "Hints" not in browser.get(f"/en{INBOX}")


def test_an_officer_sets_a_hint_aside(browse: Callable[[str], Browser], hint: str) -> None:
    """It is gone from the inbox; another step there is none, and it is there for officers alone."""
    browser = browse("officer")
    browser.get(INBOX)
    browser.post(f"{INBOX}/aanwijzing/{hint}", 409, action="erase")
    assert browser.post(f"{INBOX}/aanwijzing/{hint}", action="set_aside") == INBOX
    assert "Drukkerij Inktvlek" not in browser.get(INBOX)
    browser.post(f"{INBOX}/aanwijzing/{hint}", 404, action="set_aside")


def test_a_treasurer_knows_of_no_hint(browse: Callable[[str], Browser], hint: str) -> None:
    """Neither in the inbox nor by its address."""
    browser = browse("treasurer")
    assert "Drukkerij Inktvlek" not in browser.get(INBOX)
    browser.post(f"{INBOX}/aanwijzing/{hint}", 403, action="take_up")
