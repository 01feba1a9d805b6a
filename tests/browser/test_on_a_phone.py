"""A bank's file brought on a phone: nothing is wider than the screen, nothing is cut off, nothing chosen gets lost."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from dashboards.demo.banks import BankLine
from dashboards.demo.banks import BankStatement
from dashboards.demo.banks import camt053
from tests.browser.test_whole_path import SMALL
from tests.browser.test_whole_path import upload

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.browser.conftest import StartSite
    from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser

OWN, SAVINGS = "NL26VAYB8060476890", "NL91ABNA0417164300"
LONG = "Tuincentrum en Bloemkwekerij De Zonnehoed"
CUT_OFF = """() => [...document.querySelectorAll('.scroll')]
  .filter(box => box.clientWidth && box.scrollWidth > box.clientWidth).map(box => box.innerText.slice(0, 40))"""


def month(path: Path) -> Path:
    """Write a file with large amounts, long names, lines that look the same, and money that came in."""
    paid = ((-1_253_065, LONG, 3), (-1_450, LONG, 4), (-1_450, LONG, 4), (-1_195, None, 5), (25_000, "Geefkring", 6))
    lines = tuple(
        BankLine(f"R{at}", dt.date(2026, 11, day), minor, "transfer" if minor < 0 else "received", "nota", name)
        for at, (minor, name, day) in enumerate(paid)
    )
    days = (dt.date(2026, 11, 1), dt.date(2026, 11, 20))
    statement = BankStatement(OWN, "Stichting Proef", 11, *days, 12_500_000, lines)
    made = dt.datetime(2026, 11, 21, 6, tzinfo=dt.UTC)
    path.write_bytes(camt053([statement], version="08", message_id="M1", created_at=made))
    return path


def look(visitor: Visitor, width: int) -> None:
    """Look at a page in both languages: it fits, and so does every table in it."""
    here = visitor.page.url.removeprefix(visitor.site.address)
    for path in (here.removeprefix("/en"), here):
        visitor.go(path)
        assert visitor.page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert visitor.page.evaluate(CUT_OFF) == [], path


@pytest.mark.parametrize("width", [320, 360])
def test_every_step_fits_a_phone(
    start_site: StartSite, visit: Callable[..., Visitor], tmp_path: Path, width: int
) -> None:
    """Look, go on, go back, check and book: each step fits, and going back keeps what was chosen."""
    site = start_site(SMALL, dt.datetime(2026, 11, 1, 9, tzinfo=dt.UTC))
    treasurer = visit(site, width, 740)
    treasurer.sign_in("kas@proef.example")
    upload(treasurer, "proef", month(tmp_path / "november.xml"))
    look(treasurer, width)
    assert treasurer.page.locator(".state--twin:visible").count() == 2
    treasurer.next()
    look(treasurer, width)
    treasurer.page.locator(".link-row select").first.select_option(index=1)
    treasurer.page.click("button[name=back]")
    treasurer.page.wait_for_url("**/bekijken")
    treasurer.next()
    assert treasurer.page.locator(".link-row select").first.input_value()
    treasurer.next()
    look(treasurer, width)
    assert "1 line is money that came in" in treasurer.page.inner_text("main")
    treasurer.next()
    look(treasurer, width)
    assert treasurer.heading() == "5 lines are in the book"
    for step in (
        "",
        "/proef/afschrift",
        "/proef/toelichten",
        "/proef/teksten",
        "/proef/rekeningen",
        "/proef/afschriften",
    ):
        treasurer.go(f"/en/bureau{step}")
        look(treasurer, width)
