"""Accounts at the desk: what waits for a second person, and what is declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dashboards.work.accounts import propose_account
from ledger import tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.dashboards.desks.conftest import Browser
    from tests.unit.dashboards.district import District

MEER = "00000000000000aa"
NEW = "NL91ABNA0417164300"
PAGE = "/en/bureau/meer/rekeningen"


@pytest.fixture
def proposal(district: District) -> str:
    """An account that waits."""
    treasurer = district.ids["treasurer"]
    return propose_account(district.installation, treasurer, MEER, NEW, "<i>Stichting</i>", "unknown", district.now)


def test_a_second_person_approves(browse: Callable[[str], Browser], district: District, proposal: str) -> None:
    """It waits at her desk and nowhere else, and stands among the declared ones afterwards."""
    assert "account to approve" not in browse("treasurer").get("/en/bureau")
    browser = browse("signatory")
    assert "account to approve" in browser.get("/en/bureau")
    page = browser.get(PAGE)
    assert "nobody has said who can pay" in page
    assert "&lt;i&gt;Stichting" in browser.client.get(PAGE).text
    browser.post(f"{PAGE}/{proposal}/akkoord")
    assert "Waiting for a second person" not in browser.get(PAGE)
    assert [row.private_iban for row in district.rows(tables.account)].count(NEW) == 1


def test_a_proposal_is_refused_or_taken_back(
    browse: Callable[[str], Browser], district: District, proposal: str
) -> None:
    """Who proposed it sees no button to approve it, and cannot by other means."""
    browser = browse("treasurer")
    page = browser.get(PAGE)
    assert ("Take the proposal back" in page, "/akkoord" in page) == (True, False)
    browser.post(f"{PAGE}/{proposal}/akkoord", 403)
    browser.post(f"{PAGE}/{proposal}/weigeren")
    assert [row.settled_by for row in district.rows(tables.account_proposal)] == [district.ids["treasurer"]]
    assert len(district.rows(tables.account)) == 1


def test_others_see_nothing_of_it(browse: Callable[[str], Browser], proposal: str) -> None:
    """Not by the foundation's page, and not by their own."""
    browser = browse("other")
    browser.get(PAGE, 403)
    browser.post(f"/bureau/eik/rekeningen/{proposal}/akkoord", 404)
    assert "No account is declared yet." in browser.get("/en/bureau/eik/rekeningen")
