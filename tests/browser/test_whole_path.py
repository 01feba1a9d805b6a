"""The whole path in a real browser: upload, link, book; rule on a case; the books still hold."""

from __future__ import annotations

import datetime as dt
import tomllib
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from dashboards.demo.events import Upload
from dashboards.demo.world import make_world
from importers.reading import read
from ledger import tables
from ledger.check_views import verify_installation

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from ledger.installation import Installation
    from tests.browser.conftest import Site
    from tests.browser.conftest import StartSite
    from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser

DASH = "\N{EN DASH}"
SMALL = """
[district]
name = "Stadsdeel Proefveld"
origin = "buurtkas.example/proefveld"
[[person]]
email = "kas@proef.example"
name = "Wies Waterpas"
[[person]]
email = "mee@proef.example"
name = "Bas Bezemsteel"
[[person]]
email = "stad@proef.example"
name = "Noor Nagelvast"
[[role]]
person = "kas@proef.example"
role = "treasurer"
foundation = "proef"
[[role]]
person = "mee@proef.example"
role = "signatory"
foundation = "proef"
[[role]]
person = "stad@proef.example"
role = "officer"
[[round]]
slug = "ronde"
neighbourhood = "Proefveld"
amount = "1000.00"
[[foundation]]
slug = "proef"
name = "Stichting Proef"
accounts = ["NL26VAYB8060476890"]
[[grant]]
round = "ronde"
foundation = "proef"
reference = "P-1"
amount = "1000.00"
starts = 2014-01-01
ends = 2027-12-31
[[initiative]]
foundation = "proef"
grants = ["P-1"]
slug = "tuin"
name = "De Proeftuin"
budget = { planten = "1000.00" }
"""


def upload(visitor: Visitor, slug: str, path: Path) -> None:
    """Choose a file and look at it."""
    visitor.go(f"/en/bureau/{slug}/afschrift")
    visitor.page.set_input_files("#statement", path)
    visitor.next()


def labels_by_name(month: Upload, setup: str) -> dict[str, str]:
    """Return what each payee of a month is paid for, as the desk writes it."""
    names = {row["slug"]: row["name"] for row in tomllib.loads(setup)["initiative"]}
    found = {}
    for line in (line for statement in read(month.content) for line in statement.lines):
        shares = month.links.get(line.end_to_end_id or "", ())
        if len(shares) == 1 and line.name:
            found[line.name] = f"{shares[0].category} {DASH} {names[shares[0].initiative]}"
    return found


def choose(page: Page, wanted: Callable[[str], str | None]) -> int:
    """Link lines by what stands beside them, as far as nothing was suggested; return how many are linked."""
    linked = 0
    for row in page.locator(".link-row").all():
        select = row.locator("select")
        target = wanted(row.inner_text())
        if select.input_value() == "" and target is not None:
            select.select_option(label=target)
        linked += select.input_value() != ""
    return linked


def steps_in_book(installation: Installation) -> list[str]:
    """The steps of flags' lives that stand in the book, in order."""
    table = tables.flag_step
    with installation.store.reading() as connection:
        return list(connection.execute(sa.select(table.c.step).order_by(table.c.idx)).scalars())


def test_a_generated_month_goes_from_upload_to_ruling(
    start_site: StartSite, visit: Callable[[Site], Visitor], tmp_path: Path
) -> None:
    """A treasurer books a month, neighbours see it, an officer rules on a case, and everything still holds."""
    world = make_world()
    month = next(event for event in world.events if isinstance(event, Upload) and event.foundation == "steunpunt")
    path = tmp_path / month.filename
    path.write_bytes(month.content)
    site = start_site(world.setup, world.opened_at)

    treasurer = visit(site)
    treasurer.sign_in(month.actor)
    upload(treasurer, "steunpunt", path)
    assert treasurer.heading() == "56 new lines"
    assert "This adds up." in treasurer.page.inner_text("main")
    treasurer.next()
    labels = labels_by_name(month, world.setup)
    linked = choose(treasurer.page, lambda text: next((labels[name] for name in labels if name in text), None))
    assert linked >= 35
    treasurer.next()
    assert treasurer.heading() == "Is this right?"
    treasurer.next()
    assert treasurer.heading() == "56 lines are in the book"
    assert "will be looked at" in treasurer.page.inner_text("main")

    neighbour = visit(site)
    neighbour.go("/en/stichting/steunpunt")
    assert "Lijmfabriek" not in neighbour.page.inner_text("main")
    neighbour.go("/en/betalingen?stichting=steunpunt")
    neighbour.page.click("main .payment a, main .payments a >> nth=0")
    neighbour.page.wait_for_load_state("networkidle")
    assert "Steunpunt Kruidenhoek" in neighbour.heading()
    assert "is number" in neighbour.page.inner_text("main")

    officer = visit(site)
    officer.sign_in("marijntje@merelwoude.example")
    officer.go("/en/bureau/signalen")
    officer.page.click("li:has-text('Lijmfabriek') .case__link")
    officer.page.wait_for_load_state("networkidle")
    assert "Lijmfabriek De Plakpoot" in officer.page.inner_text("main")
    for action, reason in (("take_up", "Wij kijken ernaar."), ("accept", "De bon is gezien.")):
        officer.page.check(f"#action-{action}")
        officer.page.fill("#reason", reason)
        officer.next()
    assert steps_in_book(site.installation) == ["flag taken up"] * 3 + ["flag ruled"] * 3

    report = verify_installation(site.installation)
    assert report.ok, report.first
    assert report.unsigned == 0


@pytest.mark.statements
def test_a_real_bank_file_goes_the_whole_way(
    start_site: StartSite, visit: Callable[[Site], Visitor], statements_dir: Path
) -> None:
    """A file that nobody here wrote, with two statements, is booked and linked, and its lines are public."""
    opened_at = dt.datetime(2026, 11, 1, 9, 0, tzinfo=dt.UTC)
    site = start_site(SMALL, opened_at)
    path = statements_dir / "genkgo__camt/test/data/camt053.v2.multi.statement.xml"

    treasurer = visit(site)
    treasurer.sign_in("kas@proef.example")
    upload(treasurer, "proef", path)
    assert treasurer.heading() == "2 new lines"
    treasurer.next()
    assert (
        choose(treasurer.page, lambda text: f"planten {DASH} De Proeftuin" if "Company Name 2" in text else None) == 1
    )
    treasurer.next()
    treasurer.next()
    assert treasurer.heading() == "2 lines are in the book"

    neighbour = visit(site)
    neighbour.go("/en/initiatief/tuin")
    assert "€7.00" in neighbour.page.inner_text("main")
    neighbour.page.click("main .payment a >> nth=0")
    neighbour.page.wait_for_load_state("networkidle")
    sentence = neighbour.heading()
    assert "31 December 2014" in sentence
    assert "Stichting Proef" in sentence
    assert "€7.00" in sentence
    assert "Company Name" not in neighbour.page.content()

    officer = visit(site)
    officer.sign_in("stad@proef.example")
    officer.go("/en/bureau/signalen")
    officer.page.click(".case__link >> nth=0")
    officer.page.wait_for_load_state("networkidle")
    officer.page.check("#action-take_up")
    officer.page.fill("#reason", "Wij kijken ernaar.")
    officer.next()
    assert set(steps_in_book(site.installation)) == {"flag taken up"}
    assert verify_installation(site.installation).ok

    treasurer.go("/en/bureau/proef/afschrift")
    treasurer.page.set_input_files("#statement", path)
    treasurer.next()
    assert treasurer.heading() == "Nothing new in this file"
