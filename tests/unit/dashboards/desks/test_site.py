"""The whole site: what a request appended is signed after it, or said not to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dashboards.security import HEADERS
from dashboards.site import make_site
from dashboards.work.daily import do_day
from ledger import tables
from ledger.checkpoint import open_note
from ledger.seal import root_of_list

if TYPE_CHECKING:
    from types import ModuleType

    from tests.unit.dashboards.desks.conftest import Browser
    from tests.unit.dashboards.district import District

FORM = {"name": "Bouwmarkt Zonnehoed", "iban": "NL91ABNA0417164300", "kvk": "", "kind": "organisation"}


@pytest.fixture
def treasurer(district: District, made_up: ModuleType, make_browser: type[Browser]) -> Browser:
    """The treasurer's browser at the site itself."""
    made_up.give_passwords(district)
    return make_browser(make_site(district.installation, district.clock).test_client()).sign_in("treasurer")


def signed(district: District) -> int:
    note = district.installation.signer.published()
    return open_note(note, district.installation.signer.vkey()).size if note else 0


def test_what_a_request_appended_is_signed(district: District, treasurer: Browser) -> None:
    """Right after the answer was made."""
    treasurer.post("/bureau/meer/begunstigden/nieuw", **FORM, starts="2026-11-02")
    assert signed(district) == district.size()


def test_a_signer_that_refuses_takes_nothing_back(
    district: District, treasurer: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    """The answer stays what it was, with its headers; the operator reads of it, and reads no name."""
    before = signed(district)
    (district.installation.signer.directory / "state.json").write_text("{}")
    form = {**FORM, "starts": "2026-11-02", "csrf_token": treasurer.token}
    response = treasurer.client.post("/bureau/meer/begunstigden/nieuw", data=form)
    assert response.status_code == 303
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS
    assert (len(district.rows(tables.payee)), signed(district)) == (1, before)
    assert "not signed yet" in caplog.text
    assert "Zonnehoed" not in caplog.text


def test_the_list_of_a_sealed_day_is_public(district: District, treasurer: Browser) -> None:
    """With its seal; any other day, and what is no day, is not there."""
    do_day(district.installation, district.now)
    answer = treasurer.client.get("/log/seals/2026-11-02")
    (seal,) = district.rows(tables.seal)
    assert root_of_list(answer.data).hex() == seal.books_root
    assert "immutable" in answer.headers["Cache-Control"]
    for day in ("2026-11-01", "2026-11-31", "gisteren"):
        assert treasurer.client.get(f"/log/seals/{day}").status_code == 404
