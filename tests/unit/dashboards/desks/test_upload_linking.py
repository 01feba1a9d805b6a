"""Linking the lines of an upload: suggestions, parts, standing rules, and a month with nothing to ask."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest

from dashboards.work.ordinary import changing
from dashboards.work.standing import Conditions
from dashboards.work.standing import Target
from dashboards.work.standing import make_rule
from ledger import tables
from ledger.check_views import verify_installation
from tests.unit.dashboards.desks.test_upload import bring
from tests.unit.dashboards.desks.test_upload import line
from tests.unit.dashboards.desks.test_upload import statement

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.dashboards.desks.conftest import Browser
    from tests.unit.dashboards.district import District

MEER = "00000000000000aa"
TARGET = "00000000000000c1/1"
SHOP, PERSON = "NL91ABNA0417164300", "NL20INGB0001234567"
RULES = "/bureau/meer/vaste-regels"


def rule(district: District, iban: str = SHOP, foundation: str = MEER) -> str:
    with changing(district.installation.engine) as connection:
        target, by = Target("00000000000000c1", 1), district.ids["treasurer"]
        return make_rule(connection, foundation, Conditions(iban=iban), target, by, district.now)


def plain(page: str) -> str:
    """A page's text, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_a_month_with_nothing_to_ask_goes_straight_to_the_check(
    browse: Callable[[str], Browser], district: District
) -> None:
    """Every payment has a suggestion: the check shows them line by line, and confirming books exactly those."""
    rule(district)
    rule(district, PERSON)
    browser = browse("treasurer")
    content = statement(lines=(line("A1", 5, -12_000, "Zon", SHOP), line("A2", 6, -500, "Gijs", PERSON)))
    preview = bring(browser, content)
    assert "What each payment is for is known already" in browser.get(f"/en{preview}")
    check = browser.post(preview)
    assert check.endswith("/controleren")
    page = plain(browser.get(f"/en{check}"))
    assert "2 of 2 lines count for something" in page
    assert page.count("A standing rule says so.") == 2
    assert district.rows(tables.movement) == []
    with changing(district.installation.engine) as connection:
        connection.execute(tables.standing_rule.update().values(category=9))
    browser.post(check)
    assert sorted(row.amount_minor for row in district.rows(tables.allocation)) == [-12_000, -500]


@pytest.mark.parametrize(("minor", "step"), [(2_000, "toedelen"), (-100, "toedelen")])
def test_one_question_is_enough_to_ask(
    browse: Callable[[str], Browser], district: District, minor: int, step: str
) -> None:
    """A payment to somebody new, or money back from somebody who was paid: then the lines are shown."""
    rule(district)
    browser = browse("treasurer")
    first = bring(browser, statement(lines=(line("A1", 5, -12_000, "Zon", SHOP),), days=(1, 6)))
    browser.post(first)
    browser.post(first.replace("bekijken", "controleren"))
    other = SHOP if minor > 0 else PERSON
    more = (line("B1", 7, -300, "Zon", SHOP), line("B2", 8, minor, "Zon", other))
    preview = bring(browser, statement(opening=488_000, lines=more, days=(7, 31)))
    assert browser.post(preview).endswith(step)


def test_a_line_is_divided_and_adds_up(browse: Callable[[str], Browser], district: District) -> None:
    """The button keeps the form; one amount may stay empty; the parts stand on the lines and in the check."""
    browser = browse("treasurer")
    link = bring(browser, statement()).replace("bekijken", "toedelen")
    browser.get(link)
    one = browser.post(link, **{"line-0-1": TARGET, "split": "0-0"})
    assert one == f"{link}/0-0"
    assert "€120.00" in plain(browser.get(f"/en{one}"))
    parts = {"target-1": TARGET, "amount-1": "70", "target-2": TARGET, "amount-2": ""}
    assert browser.post(one, **parts) == f"{link}#line-0-0"
    page = browser.get(f"/en{link}")
    assert "€50.00" in plain(page)
    assert f'value="{TARGET}" selected' in page
    assert 'name="line-0-0"' not in page
    assert 'value="50,00"' in browser.get(one)
    check = browser.post(link, **{"line-0-1": TARGET})
    assert "3" in plain(browser.get(f"/en{check}"))
    browser.post(check)
    assert sorted(row.amount_minor for row in district.rows(tables.allocation)) == [-45_000, -7_000, -5_000]
    assert verify_installation(district.installation).problems == ()


def test_a_divided_line_can_be_whole_again(browse: Callable[[str], Browser], district: District) -> None:
    """And then counts for what its select says."""
    browser = browse("treasurer")
    link = bring(browser, statement()).replace("bekijken", "toedelen")
    browser.get(link)
    parts = {"target-1": TARGET, "amount-1": "70", "target-2": TARGET, "amount-2": "50"}
    browser.post(f"{link}/0-0", **parts)
    assert "whole" in browser.get(f"{link}/0-0")
    browser.post(f"{link}/0-0", whole="1", **parts)
    assert 'name="line-0-0"' in browser.get(link)
    assert district.rows(tables.upload)[0].choices["splits"] == {}


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ({"target-1": TARGET, "amount-1": "70", "target-2": TARGET, "amount-2": "49,99"}, "amount-1"),
        ({"target-1": TARGET, "amount-1": "70", "target-2": TARGET, "amount-2": "50,01"}, "amount-1"),
        ({"target-1": TARGET, "amount-1": "", "target-2": TARGET, "amount-2": ""}, "amount-1"),
        ({"target-1": "00000000000000c2/1", "amount-1": "120"}, "target-1"),
        ({}, "target-1"),
    ],
)
def test_parts_that_are_not_the_whole_are_said_so(
    browse: Callable[[str], Browser], district: District, parts: dict[str, str], field: str
) -> None:
    """The summary leads to the field, and nothing is kept."""
    browser = browse("treasurer")
    link = bring(browser, statement()).replace("bekijken", "toedelen")
    browser.get(link)
    page = browser.post(f"{link}/0-0", 422, **parts)
    assert f'href="#{field}"' in page
    assert "splits" not in district.rows(tables.upload)[0].choices


@pytest.mark.parametrize("place", ["0-9", "9-0", "x", "0.0"])
def test_a_line_that_is_not_there_has_no_page(browse: Callable[[str], Browser], place: str) -> None:
    """Whatever the address names."""
    browser = browse("treasurer")
    link = bring(browser, statement()).replace("bekijken", "toedelen")
    status = 200 if place == "0.0" else 404
    browser.get(f"{link}/{place}", status)


def test_always_like_this_makes_a_rule_when_the_month_is_booked(
    browse: Callable[[str], Browser], district: District
) -> None:
    """The check names it; before confirming there is none; the next month needs no linking."""
    browser = browse("treasurer")
    link = bring(browser, statement(days=(1, 8))).replace("bekijken", "toedelen")
    assert "payments to NL91 ABNA 0417 1643 00" in browser.get(f"/en{link}")
    choices = {"line-0-0": TARGET, "always-line-0-0": "1", "always-line-0-1": "1", "line-0-2": ""}
    check = browser.post(link, **choices)
    assert 'id="always-line-0-0" name="always-line-0-0" value="1" checked' in browser.get(link)
    page = plain(browser.get(f"/en{check}"))
    assert "payments to NL91 ABNA 0417 1643 00: De Tuin, planten" in page
    assert "NL20" not in page
    assert district.rows(tables.standing_rule) == []
    browser.post(check)
    (made,) = district.rows(tables.standing_rule)
    assert (made.conditions, made.made_by) == ({"iban": SHOP}, district.ids["treasurer"])
    preview = bring(browser, statement(opening=445_000, lines=(line("B1", 9, -100, "Zon", SHOP),), days=(9, 31)))
    assert browser.post(preview).endswith("/controleren")


def test_a_line_that_a_rule_speaks_for_offers_none(browse: Callable[[str], Browser], district: District) -> None:
    """It is always like this already."""
    rule(district)
    browser = browse("treasurer")
    page = browser.get(bring(browser, statement()).replace("bekijken", "toedelen"))
    assert "always-line-0-0" not in page
    assert "always-line-0-1" in page


def test_the_foundations_people_see_its_rules_and_its_treasurer_ends_them(
    browse: Callable[[str], Browser], district: District
) -> None:
    """Who made it, when, how often it matched; one click ends it, and it stays to be read."""
    one = rule(district)
    foreign = rule(district, foundation="00000000000000bb")
    signatory = browse("signatory")
    page = plain(signatory.get(f"/en{RULES}"))
    assert "Payments to NL91 ABNA 0417 1643 00" in page
    assert "Made by Wiebe Kwikstaart on 2 November 2026" in page
    assert "No payment was linked by it yet." in page
    assert "End this rule" not in page
    signatory.post(f"{RULES}/{one}/einde", 403)
    browser = browse("treasurer")
    assert "End this rule" in browser.get(f"/en{RULES}")
    browser.post(f"{RULES}/{foreign}/einde", 409)
    assert browser.post(f"{RULES}/{one}/einde") == RULES
    assert "Ended by Wiebe Kwikstaart" in plain(browser.get(f"/en{RULES}"))
    browser.post(f"{RULES}/{one}/einde", 409)
    browser.token = "wrong"
    browser.post(f"{RULES}/{one}/einde", 400)


@pytest.mark.parametrize("who", ["other", "owner", "officer", "head", "nobody"])
def test_nobody_else_sees_rules(browse: Callable[[str], Browser], district: District, who: str) -> None:
    """Their conditions hold account numbers."""
    one, browser = rule(district), browse(who)
    browser.get(RULES, 403)
    browser.post(f"{RULES}/{one}/einde", 403)
    assert district.rows(tables.standing_rule)[0].ended_at is None


def test_a_rule_without_its_initiative_says_so(browse: Callable[[str], Browser], district: District) -> None:
    """It stays until somebody ends it, and suggests nothing."""
    rule(district)
    district.append("initiative/00000000000000c1", "closed", {"outcome": "finished"}, {"reason": None})
    assert "The rule says nothing now" in browse("treasurer").get(f"/en{RULES}")


def test_rules_are_made_where_payments_are_explained(browse: Callable[[str], Browser], district: District) -> None:
    """Beside a line of the list, or on the page of a payment that is linked as a whole."""
    first, second = district.pay("Zon", SHOP), district.pay("Zon", SHOP)
    third = district.pay("Gijs", PERSON)
    browser, explain = browse("treasurer"), "/bureau/meer/toelichten"
    browser.get(explain)
    browser.post(explain, **{f"line-{first}": TARGET, f"always-line-{first}": "1", "always-line-999": "1"})
    (made,) = district.rows(tables.standing_rule)
    assert (made.conditions, made.matched) == ({"iban": SHOP}, 0)
    page = browser.get(f"/en{explain}")
    assert "A standing rule says so." in page
    assert f"always-line-{second}" not in page
    assert f"always-line-{third}" in page
    browser.post(explain, **{f"line-{second}": TARGET})
    assert district.rows(tables.standing_rule)[0].matched == 1
    browser.post(f"{explain}/{third}/altijd", 409)
    browser.post(explain, **{f"line-{third}": TARGET})
    assert "Always like this?" in browser.get(f"/en{explain}/{third}")
    assert browser.post(f"{explain}/{third}/altijd", amount="1") == RULES
    conditions = {row.id: row.conditions for row in district.rows(tables.standing_rule)}
    assert {"iban": PERSON, "amount_minor": -30_000} in conditions.values()
    assert "of exactly €300.00" in browser.get(f"/en{RULES}")
    assert "A standing rule says so." in browser.get(f"/en{explain}/{third}")
    browse("signatory").post(f"{explain}/{third}/altijd", 403)


def test_a_draft_of_before_knows_no_parts(browse: Callable[[str], Browser], district: District) -> None:
    """What was kept without them is read as it is."""
    browser = browse("treasurer")
    browser.get("/bureau/meer/afschrift")
    preview = browser.post("/bureau/meer/afschrift", statement=(io.BytesIO(statement()), "x.xml"))
    assert set(district.rows(tables.upload)[0].choices) == {"filename"}
    assert 'name="line-0-0"' in browser.get(preview.replace("bekijken", "toedelen"))
