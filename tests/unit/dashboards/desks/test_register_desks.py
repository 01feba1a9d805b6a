"""The desks of payees and decisions, and my desk, as a browser meets them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledger import tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.dashboards.desks.conftest import Browser
    from tests.unit.dashboards.district import District

PAYEES, DECISIONS = "/bureau/meer/begunstigden", "/bureau/meer/besluiten"
SHOP = {
    "name": "Bouwmarkt Zonnehoed",
    "iban": "NL91 ABNA 0417 1643 00",
    "kvk": "12345678",
    "kind": "organisation",
    "starts": "2026-11-01",
}
SPEND = {
    "payee": "small",
    "ceiling": "50,00",
    "month_ceiling": "1.250,00",
    "purpose": "koffie en papier",
    "target": "00000000000000c1/1",
    "starts": "2026-11-01",
    "ends": "31-12-2026",
}
DESKS = (PAYEES, f"{PAYEES}/nieuw", DECISIONS, f"{DECISIONS}/nieuw", "/bureau/meer/afschrift")


@pytest.mark.parametrize("who", ["other", "owner", "officer", "head", "tied", "nobody"])
def test_a_foundations_desks_are_for_its_own_people(browse: Callable[[str], Browser], who: str) -> None:
    """Everybody else is told that the page is not for them, there or not."""
    browser = browse(who)
    for path in (*DESKS, "/bureau/geen/begunstigden"):
        browser.get(path, 403)


@pytest.mark.parametrize("who", ["other", "owner", "officer", "nobody"])
def test_nobody_else_changes_a_register(browse: Callable[[str], Browser], district: District, who: str) -> None:
    """A form from somebody without a role is refused, and nothing is appended."""
    browse("treasurer").post(f"{PAYEES}/nieuw", **SHOP)
    (payee,) = district.rows(tables.payee)
    size = district.size()
    browser = browse(who)
    browser.post(f"{PAYEES}/nieuw", 403, **{**SHOP, "iban": "NL20INGB0001234567"})
    browser.post(f"{PAYEES}/{payee.id}/akkoord", 403)
    browser.post(f"{DECISIONS}/nieuw", 403, **SPEND)
    assert district.size() == size


def test_a_payee_is_proposed_by_one_and_approved_by_another(
    browse: Callable[[str], Browser], district: District
) -> None:
    """The proposer finds no button, the signatory does; then the organisation is public."""
    treasurer, signatory = browse("treasurer"), browse("signatory")
    assert treasurer.post(f"{PAYEES}/nieuw", **SHOP) == PAYEES
    (payee,) = district.rows(tables.payee)
    path = f"{PAYEES}/{payee.id}/akkoord"
    assert path not in treasurer.get(PAYEES)
    treasurer.post(path, 403)
    assert path in signatory.get(PAYEES)
    assert "payee to approve" in signatory.get("/en/bureau")
    assert signatory.post(path) == PAYEES
    assert district.rows(tables.payee)[0].name == "Bouwmarkt Zonnehoed"
    signatory.post(path, 409)


def test_a_role_that_ends_ends_at_the_next_request(browse: Callable[[str], Browser], district: District) -> None:
    """Whoever is signed in and loses the role sees nothing more."""
    browser = browse("treasurer")
    browser.get(PAYEES)
    district.end_role("treasurer", "treasurer", "00000000000000aa")
    browser.get(PAYEES, 403)
    browser.post(f"{PAYEES}/nieuw", 403, **SHOP)


def test_another_foundations_payee_is_not_approved_here(browse: Callable[[str], Browser], district: District) -> None:
    """A payee is found only under its own foundation."""
    browse("treasurer").post(f"{PAYEES}/nieuw", **SHOP)
    (payee,) = district.rows(tables.payee)
    browse("other").post(f"/bureau/eik/begunstigden/{payee.id}/akkoord", 404)
    assert district.status(tables.payee, payee.id) == "proposed"


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("iban", "NL91ABNA0417164301"), ("kvk", "123"), ("kind", "friend"), ("starts", "gisteren")],
)
def test_a_wrong_payee_keeps_what_was_typed(browse: Callable[[str], Browser], field: str, value: str) -> None:
    """The summary leads to the field, and the rest of the form is as it was."""
    page = browse("treasurer").post(f"{PAYEES}/nieuw", 422, **{**SHOP, field: value})
    assert f'href="#{field}"' in page
    assert ("Bouwmarkt Zonnehoed" in page) == (field != "name")
    assert "NL91" in page


def test_a_decision_is_proposed_by_one_and_approved_by_another(
    browse: Callable[[str], Browser], district: District
) -> None:
    """Small expenses with a ceiling per payment and per month, as people write amounts and days."""
    treasurer, signatory = browse("treasurer"), browse("signatory")
    assert "De Tuin" in treasurer.get(f"{DECISIONS}/nieuw")
    assert treasurer.post(f"{DECISIONS}/nieuw", **SPEND) == DECISIONS
    (row,) = district.rows(tables.decision)
    assert (row.ceiling_minor, row.month_ceiling_minor, row.ends.isoformat()) == (5_000, 125_000, "2026-12-31")
    path = f"{DECISIONS}/{row.id}/akkoord"
    assert path not in treasurer.get(DECISIONS)
    treasurer.post(path, 403)
    assert signatory.post(path) == DECISIONS
    assert "koffie en papier" in signatory.get(DECISIONS)
    assert district.status(tables.decision, row.id) == "approved"


def test_a_decision_names_a_payee_of_the_register(browse: Callable[[str], Browser], district: District) -> None:
    """The payee is picked from the list."""
    treasurer = browse("treasurer")
    treasurer.post(f"{PAYEES}/nieuw", **SHOP)
    (payee,) = district.rows(tables.payee)
    assert payee.id in treasurer.get(f"{DECISIONS}/nieuw")
    treasurer.post(f"{DECISIONS}/nieuw", **{**SPEND, "payee": payee.id, "month_ceiling": ""})
    assert district.rows(tables.decision)[0].private_payee == payee.id
    assert "Bouwmarkt Zonnehoed" in treasurer.get(DECISIONS)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("payee", ""),
        ("ceiling", "veel"),
        ("month_ceiling", ""),
        ("purpose", " "),
        ("target", ""),
        ("target", "00000000000000c2/1"),
        ("starts", ""),
        ("ends", "2026-10-01"),
    ],
)
def test_a_wrong_decision_keeps_what_was_typed(browse: Callable[[str], Browser], field: str, value: str) -> None:
    """The summary leads to the field, and the rest of the form is as it was."""
    page = browse("treasurer").post(f"{DECISIONS}/nieuw", 422, **{**SPEND, field: value})
    assert f'href="#{field}"' in page
    assert ("koffie en papier" in page) == (field != "purpose")


def test_my_desk_shows_what_is_mine(browse: Callable[[str], Browser], district: District) -> None:
    """A treasurer sees her foundation, an officer none; a payee who may not be named is not named."""
    district.pay("Gijs Hermelijn", "NL20INGB0001234567")
    page = browse("treasurer").get("/bureau")
    assert "Stichting Kievitsmeer" in page
    assert "Stichting Dikke Eik" not in page
    assert "Hermelijn" not in page
    assert "Stichting Kievitsmeer" not in browse("officer").get("/bureau")
    assert browse("nobody").get("/bureau")


def test_the_forms_begin_today(browse: Callable[[str], Browser]) -> None:
    """A fresh form has today as its first day, and its own kind of words."""
    browser = browse("treasurer")
    assert 'value="2026-11-02"' in browser.get(f"{PAYEES}/nieuw")
    assert 'value="2026-11-02"' in browser.get(f"{DECISIONS}/nieuw")


def test_another_foundations_decision_is_not_approved_here(
    browse: Callable[[str], Browser], district: District
) -> None:
    """A decision is found only under its own foundation; my desk counts it for who can approve it."""
    browse("treasurer").post(f"{DECISIONS}/nieuw", **SPEND)
    (decision,) = district.rows(tables.decision)
    browse("other").post(f"/bureau/eik/besluiten/{decision.id}/akkoord", 404)
    assert district.status(tables.decision, decision.id) == "proposed"
    assert "decision to approve" in browse("signatory").get("/en/bureau")
    assert "decision to approve" not in browse("treasurer").get("/en/bureau")


def test_the_register_is_searched_by_name_and_iban(browse: Callable[[str], Browser], district: District) -> None:
    """Spaces and capitals do not matter; what waits is always shown."""
    treasurer, signatory = browse("treasurer"), browse("signatory")
    treasurer.post(f"{PAYEES}/nieuw", **SHOP)
    (payee,) = district.rows(tables.payee)
    signatory.post(f"{PAYEES}/{payee.id}/akkoord")
    for search in ("zonneHOED", "nl91 abna", "0417164300", "Bouwmarkt Zonnehoed"):
        assert "1 payee found" in treasurer.get(f"/en{PAYEES}?zoek={search}")
    page = treasurer.get(f"/en{PAYEES}?zoek=<b>kwekerij</b>")
    assert "0 payees found" in page
    assert "Zonnehoed" not in page


def test_the_register_says_what_it_is_and_who_approved(browse: Callable[[str], Browser], district: District) -> None:
    """Two names and a day stand with an approved payee, and the kind that both confirmed."""
    treasurer, signatory = browse("treasurer"), browse("signatory")
    assert "somebody else approves" in treasurer.get(f"/en{PAYEES}/nieuw")
    assert "Doutzen Morgenster" in treasurer.get(f"{DECISIONS}/nieuw")
    treasurer.post(f"{PAYEES}/nieuw", **SHOP)
    (payee,) = district.rows(tables.payee)
    page = signatory.get(f"/en{PAYEES}")
    assert "If you approve, <bdi>Stichting Kievitsmeer</bdi> may pay <bdi>Bouwmarkt Zonnehoed</bdi>" in page
    signatory.post(f"{PAYEES}/{payee.id}/akkoord")
    page = treasurer.get(f"/en{PAYEES}")
    assert "Approved by <bdi>Wiebe Kwikstaart</bdi> and <bdi>Doutzen Morgenster</bdi>, on" in page
    assert "an organisation" in page
    assert "looks like" not in page


def test_a_foundation_with_one_person_is_told_so(browse: Callable[[str], Browser]) -> None:
    """Whoever is alone reads that nobody can approve."""
    assert "Nobody else can approve yet" in browse("other").get("/en/bureau/eik/begunstigden/nieuw")


def test_a_payee_is_taken_out_with_a_reason(browse: Callable[[str], Browser], district: District) -> None:
    """Without one the form comes back open; with one the payee is gone from the register."""
    treasurer, signatory = browse("treasurer"), browse("signatory")
    treasurer.post(f"{PAYEES}/nieuw", **SHOP)
    (payee,) = district.rows(tables.payee)
    signatory.post(f"{PAYEES}/{payee.id}/akkoord")
    path = f"{PAYEES}/{payee.id}/intrekken"
    page = treasurer.post(path, 422, reason=" ")
    assert 'href="#reason"' in page
    assert '<details class="withdraw" open' in page
    browse("other").post(f"/bureau/eik/begunstigden/{payee.id}/intrekken", 404, reason="omdat")
    browse("officer").post(path, 403, reason="omdat")
    assert treasurer.post(path, reason="De winkel is gesloten.") == PAYEES
    assert district.status(tables.payee, payee.id) == "revoked"
    assert "Zonnehoed" not in treasurer.get(PAYEES)
    treasurer.post(path, 409, reason="omdat")


def test_a_decision_is_withdrawn_with_a_reason(browse: Callable[[str], Browser], district: District) -> None:
    """Its proposer takes it back before, anybody with a role afterwards."""
    treasurer, signatory = browse("treasurer"), browse("signatory")
    treasurer.post(f"{DECISIONS}/nieuw", **SPEND)
    (decision,) = district.rows(tables.decision)
    path = f"{DECISIONS}/{decision.id}/intrekken"
    assert "Take the proposal back" in treasurer.get(f"/en{DECISIONS}")
    page = signatory.get(f"/en{DECISIONS}")
    assert "may make small payments for" in page
    assert "Do not approve it" in page
    signatory.post(f"{DECISIONS}/{decision.id}/akkoord")
    assert "Approved by <bdi>Wiebe Kwikstaart</bdi>" in signatory.get(f"/en{DECISIONS}")
    assert 'href="#reason"' in signatory.post(path, 422, reason="")
    browse("other").post(f"/bureau/eik/besluiten/{decision.id}/intrekken", 404, reason="omdat")
    assert signatory.post(path, reason="Het feest gaat niet door.") == DECISIONS
    assert district.status(tables.decision, decision.id) == "withdrawn"
    assert "koffie en papier" not in signatory.get(DECISIONS)


def test_what_waits_for_me_stands_before_what_i_can_begin(browse: Callable[[str], Browser]) -> None:
    """A second person with a phone meets the button to approve first."""
    browse("treasurer").post(f"{PAYEES}/nieuw", **SHOP)
    page = browse("signatory").get(PAYEES)
    assert page.index("/akkoord") < page.index(f'href="{PAYEES}/nieuw"')


def test_my_desk_names_approved_payees_and_money_in(browse: Callable[[str], Browser], district: District) -> None:
    """The latest lines say what neighbours read: an approved organisation by name, and money in as money in."""
    treasurer, signatory = browse("treasurer"), browse("signatory")
    treasurer.post(f"{PAYEES}/nieuw", **SHOP)
    (payee,) = district.rows(tables.payee)
    district.pay("Bouwmarkt Zonnehoed", "NL91ABNA0417164300")
    assert "Zonnehoed" not in treasurer.get("/en/bureau")
    signatory.post(f"{PAYEES}/{payee.id}/akkoord")
    district.pay("Gijs Hermelijn", "NL20INGB0001234567", -1_500)
    page = treasurer.get("/en/bureau")
    assert "<bdi>Bouwmarkt Zonnehoed</bdi>" in page
    assert "money in" in page
    assert "Received from the district" not in page
