"""The list of statements and confirming one, as the second signatory meets them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from dashboards.work.statements import confirm
from ledger import tables
from tests.unit.dashboards.desks.test_upload import line
from tests.unit.dashboards.desks.test_upload import statement

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.dashboards.desks.conftest import Browser
    from tests.unit.dashboards.district import District

LIST, UPLOAD = "/bureau/meer/afschriften", "/bureau/meer/afschrift"


def booked(district: District, *who: str) -> None:
    """Let somebody bring October."""
    by = [district.ids[one] for one in who]
    confirm(district.installation, None, statement(), {}, by=by, now=district.now)


def bring(browser: Browser, content: bytes) -> str:
    browser.get(UPLOAD)
    return browser.post(UPLOAD, statement=(io.BytesIO(content), "oktober.xml"))


def test_the_second_signatory_confirms_a_statement(browse: Callable[[str], Browser], district: District) -> None:
    """My desk says that one waits; bringing the same file confirms it, and nothing is linked or booked."""
    booked(district, "treasurer")
    browser, size = browse("signatory"), district.size()
    assert LIST in browser.get("/bureau")
    page = browser.get(LIST)
    assert "Wacht op u als tweede" in page
    assert "door de penningmeester" in page
    preview = bring(browser, statement())
    assert "U bent de tweede die 1 afschrift ziet" in browser.get(preview)
    check = browser.post(preview)
    assert check.endswith("/controleren")
    assert "In het boek komt te staan dat u de tweede was" in browser.get(check)
    assert "U was de tweede die 1 afschrift zag" in browser.get(browser.post(check))
    assert district.types(size) == ["statement confirmed"]
    page = browser.get(LIST)
    assert "Door twee mensen gezien" in page
    assert "door de tweede ondertekenaar" in page


def test_who_brought_it_waits_for_somebody_else(browse: Callable[[str], Browser], district: District) -> None:
    """And what nobody brought can have no second."""
    booked(district, "treasurer")
    page = browse("treasurer").get(LIST)
    assert "U bracht het" in page
    assert "Wacht op u" not in page


def test_what_came_by_command_has_no_second(browse: Callable[[str], Browser], district: District) -> None:
    """Nobody brought it, so that nobody is asked."""
    booked(district)
    page = browse("signatory").get(LIST)
    assert "de beheerder, met een opdracht" in page
    assert "Wacht op u" not in page


def test_the_list_is_for_its_own_people(browse: Callable[[str], Browser], district: District) -> None:
    """Another foundation's people and officers do not see it; an empty one says so."""
    assert district.size()
    browse("other").get(LIST, 403)
    browse("officer").get(LIST, 403)
    assert "Er staat nog geen afschrift" in browse("signatory").get(LIST)


def test_what_differs_is_said_before_and_nobody_keeps_it_out(
    browse: Callable[[str], Browser], district: District
) -> None:
    """The second signatory books it with a reason, although that is else for the treasurer."""
    booked(district, "treasurer")
    other = (
        line("A1", 5, -12_000, "Bouwmarkt Zonnehoed", "NL91ABNA0417164300"),
        line("A3", 7, 2_000, "Bouwmarkt Zonnehoed", "NL91ABNA0417164300"),
    )
    browser = browse("signatory")
    preview = bring(browser, statement(lines=other))
    assert "die twee zijn niet gelijk" in browser.get(preview)
    check = browser.post(preview, reason="Dit geeft de bank mij.")
    receipt = browser.post(check)
    assert receipt.endswith("/klaar")
    assert "BNK-01" in {row.private_rule for row in district.rows(tables.flag)}
    assert "Anders dan het bestand van iemand anders" in browser.get(LIST)
