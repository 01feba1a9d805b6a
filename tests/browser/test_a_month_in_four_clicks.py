"""A whole month in a real browser: where all payees are known it takes four clicks, and nothing is typed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from dashboards.demo.banks import BankLine
from dashboards.demo.banks import BankStatement
from dashboards.demo.banks import camt053
from ledger import tables
from ledger.check_views import verify_installation
from tests.browser.test_whole_path import SMALL

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.browser.conftest import Site
    from tests.browser.conftest import StartSite
    from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser

PAYEES = """
[[payee]]
foundation = "proef"
name = "{name}"
ibans = ["{iban}"]
kind = "organisation"
starts = 2026-01-01
approved_by = ["kas@proef.example", "mee@proef.example"]
[[decision]]
foundation = "proef"
payee = "{name}"
ceiling = "900.00"
purpose = "planten voor de tuin"
initiative = "tuin"
category = "planten"
starts = 2026-10-01
ends = 2026-10-31
decided_on = 2026-09-28
proposed_by = "kas@proef.example"
approved_by = "mee@proef.example"
"""
SHOPS = (("Kwekerij Vlier", "NL91ABNA0417164300"), ("Bouwmarkt Zon", "NL20INGB0001234567"))
OWN = "NL26VAYB8060476890"
COUNTING = """
for (const [kind, name] of [['click', 'clicks'], ['keydown', 'keys'], ['change', 'files']]) {
  document.addEventListener(kind, event => {
    if (kind === 'change' && event.target.type !== 'file') return;
    sessionStorage.setItem(name, Number(sessionStorage.getItem(name)) + 1);
  }, true);
}
"""


def month(number: int, opening: int, lines: tuple[tuple[int, str, str], ...]) -> bytes:
    """A bank's file of one month, a line a day: amount, name and IBAN."""
    first = dt.date(2026, number, 1)
    booked = tuple(
        BankLine(f"R{number}-{at}", first + dt.timedelta(days=at), minor, "transfer", f"nota {at}", name, iban)
        for at, (minor, name, iban) in enumerate(lines)
    )
    last = first + dt.timedelta(days=29)
    statement = BankStatement(OWN, "Stichting Proef", number, first, last, opening, booked)
    made = dt.datetime(2026, 11, 20, 6, tzinfo=dt.UTC)
    return camt053([statement], version="08", message_id=f"M{number}", created_at=made)


def counted(visitor: Visitor) -> tuple[int, int, int]:
    """How often somebody clicked, pressed a key, and chose a file."""
    read = "['clicks', 'keys', 'files'].map(name => Number(sessionStorage.getItem(name)))"
    clicks, keys, files = visitor.page.evaluate(read)
    return clicks, keys, files


def begin(visitor: Visitor, path: Path, content: bytes) -> None:
    """Stand before the form, forget what was counted, and choose a file."""
    path.write_bytes(content)
    visitor.go("/en/bureau/proef/afschrift")
    visitor.page.evaluate("sessionStorage.clear()")
    visitor.page.set_input_files("#statement", path)


def test_a_month_of_known_payees_takes_four_clicks_and_no_typing(
    start_site: StartSite, visit: Callable[[Site], Visitor], tmp_path: Path
) -> None:
    """Choose, look, check, book; the next month, of somebody new beside them, asks about that one alone."""
    setup = SMALL + "".join(PAYEES.format(name=name, iban=iban) for name, iban in SHOPS)
    site = start_site(setup, dt.datetime(2026, 9, 30, 9, 0, tzinfo=dt.UTC))
    treasurer = visit(site)
    treasurer.page.add_init_script(COUNTING)
    treasurer.sign_in("kas@proef.example")

    lines = tuple((-100 * (at + 1), *SHOPS[at % 2]) for at in range(25))
    begin(treasurer, tmp_path / "oktober.xml", month(10, 100_000, lines))
    treasurer.next()
    assert treasurer.heading() == "25 new lines"
    treasurer.next()
    assert treasurer.heading() == "Is this right?"
    assert "25 of 25 lines count for something" in treasurer.page.inner_text("main")
    with site.installation.store.reading() as connection:
        assert connection.execute(tables.movement.select()).all() == []
    treasurer.next()
    assert treasurer.heading() == "25 lines are in the book"
    clicks, keys, files = counted(treasurer)
    assert (clicks, keys, files) == (3, 0, 1)

    more = (*lines[:3], (-1_500, "Drukkerij Inktvis", "NL39RABO0300065264"))
    begin(treasurer, tmp_path / "november.xml", month(11, 67_500, more))
    treasurer.next()
    treasurer.next()
    assert treasurer.heading() == "What was each payment for?"
    assert "There is a suggestion for 3 of 4 lines." in treasurer.page.inner_text("main")
    open_row = treasurer.page.locator(".link-row--open")
    assert "Drukkerij Inktvis" in open_row.inner_text()
    assert not open_row.locator(".always").is_visible()
    open_row.locator("select").select_option(index=1)
    open_row.get_by_label("Always like this").check()
    treasurer.next()
    assert "Always like this from now on" in treasurer.page.inner_text("main")
    treasurer.next()
    assert treasurer.heading() == "4 lines are in the book"
    assert counted(treasurer)[1] == 0

    with site.installation.store.reading() as connection:
        movement = tables.movement
        open_lines = movement.select().where(movement.c.amount_minor != movement.c.allocated_minor)
        assert connection.execute(open_lines).all() == []
        (rule,) = connection.execute(tables.standing_rule.select()).all()
    assert rule.conditions == {"iban": "NL39RABO0300065264"}
    assert verify_installation(site.installation).ok
