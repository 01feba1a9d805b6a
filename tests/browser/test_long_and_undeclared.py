"""A long file in a real browser: how far it is, a reload, two tabs, cancelling, booking; two people and an account."""

from __future__ import annotations

import datetime as dt
import re
import threading
from typing import TYPE_CHECKING

import pytest

from dashboards.work import background
from dashboards.work.statements import preview
from importers.progress import Step
from ledger import tables
from tests.browser.test_whole_path import SMALL
from tests.browser.test_whole_path import upload
from tests.proofs.bank import Account

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    from dashboards.work.statements import Preview
    from ledger.installation import Installation
    from tests.browser.conftest import Site
    from tests.browser.conftest import StartSite
    from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser

OPENED = dt.datetime(2026, 11, 1, 9, tzinfo=dt.UTC)
LINES = 20_000


def long_file(path: Path) -> Path:
    """Write a file of some twenty thousand lines, as ING's CSV has them: they take the fewest bytes."""
    head = (
        '"Datum";"Naam / Omschrijving";"Rekening";"Tegenrekening";"Code";"Af Bij";"Bedrag (EUR)";"Mutatiesoort";'
        '"Mededelingen";"Saldo na mutatie";"Tag"\n'
    )
    rows = (
        f'"{20260101 + n // 800}";"Winkel {n % 97}";"NL26VAYB8060476890";"";"BA";"Af";"1,00";"Betaalautomaat";'
        f'"bon {n}";"{50_000 - n - 1},00";""\n'
        for n in range(LINES)
    )
    path.write_text(head + "".join(reversed(list(rows))))
    return path


def test_a_long_file_is_read_cancelled_and_read_again(
    start_site: StartSite, visit: Callable[[Site], Visitor], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bar moves by itself, stays through a reload and in another tab, and the first lines are shown."""
    go_on = threading.Event()

    def held(installation: Installation, *words: Any, **more: Any) -> Preview:  # noqa: ANN401 - passed on
        more["progress"](Step.PLAN, 4_600, LINES)
        assert go_on.wait(60)
        return preview(installation, *words, **more)

    monkeypatch.setattr(background, "preview", held)
    monkeypatch.setattr(background, "PATIENCE", 0)
    site, path = start_site(SMALL, OPENED), long_file(tmp_path / "jaar.csv")
    treasurer = visit(site)
    treasurer.sign_in("kas@proef.example")
    upload(treasurer, "proef", path)
    treasurer.page.wait_for_selector("progress[value='4600']")
    assert treasurer.heading() == "This file is being read"
    assert "4,600 of 20,000 lines have been compared with the book." in treasurer.page.inner_text("main")
    treasurer.page.reload()
    assert treasurer.page.locator("progress").get_attribute("value") == "4600"
    treasurer.page.click("button:has-text('Cancel')")
    treasurer.page.wait_for_url("**/afschrift")
    assert treasurer.heading() == "Which file does the bank give you?"

    upload(treasurer, "proef", path)
    here = treasurer.page.url
    go_on.set()
    treasurer.page.wait_for_selector("h1:has-text('20,000 new lines')", timeout=120_000)
    assert treasurer.page.locator("main tbody tr").count() == 50
    other = treasurer.page.context.new_page()
    other.goto(here)
    assert other.inner_text("h1") == "20,000 new lines"
    other.close()


def test_a_long_file_is_booked_while_the_page_waits(
    start_site: StartSite, visit: Callable[[Site], Visitor], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two clicks in two tabs book it once; the receipt comes by itself."""
    monkeypatch.setattr(background, "LONG_BYTES", 1_000)
    monkeypatch.setattr(background, "PATIENCE", 0)
    site, path = start_site(SMALL, OPENED), tmp_path / "maand.xml"
    content = Account(1, 150).statement(0, 0).replace(Account(1).iban.encode(), b"NL26VAYB8060476890")
    path.write_bytes(content)
    treasurer = visit(site)
    treasurer.sign_in("kas@proef.example")
    upload(treasurer, "proef", path)
    treasurer.page.wait_for_selector("h1:has-text('150 new lines')", timeout=60_000)
    treasurer.next()
    assert "Page 1 of 2" in treasurer.page.inner_text("main")
    treasurer.page.click("button[name=check]")
    treasurer.page.wait_for_selector("h1:has-text('Is this right?')")
    other = treasurer.page.context.new_page()
    other.goto(treasurer.page.url)
    for page in (treasurer.page, other):
        page.click("#book button")
    for page in (treasurer.page, other):
        page.wait_for_selector("h1:has-text('150 lines are in the book')", timeout=60_000)
    assert other.inner_text(".done__number") == treasurer.page.inner_text(".done__number")
    with site.installation.store.reading() as connection:
        assert len(connection.execute(tables.movement.select()).all()) == 150


def test_two_people_declare_an_account(start_site: StartSite, visit: Callable[..., Visitor], tmp_path: Path) -> None:
    """The treasurer at a desk, the second signatory on a phone; then the upload goes on where it was."""
    site, path = start_site(SMALL, OPENED), tmp_path / "dag.xml"
    path.write_bytes(Account(1, 3).statement(0, 0))
    treasurer = visit(site)
    treasurer.sign_in("kas@proef.example")
    upload(treasurer, "proef", path)
    assert treasurer.heading() == "Whose account is this?"
    assert re.sub(r"\W", "", treasurer.page.inner_text(".panel h2")) == Account(1).iban
    treasurer.page.check("#mandate-together")
    treasurer.next()
    assert treasurer.heading() == "This waits for a second person"

    signatory = visit(site, 360, 740)
    signatory.sign_in("mee@proef.example")
    signatory.page.click("text=account to approve")
    signatory.page.click("button:has-text('Approve')")
    signatory.page.wait_for_load_state("networkidle")
    assert "two people together" in signatory.page.inner_text("main")

    treasurer.go("/en/bureau")
    treasurer.page.click("text=statement that you have not finished")
    treasurer.page.wait_for_load_state("networkidle")
    assert treasurer.heading() == "3 new lines"
