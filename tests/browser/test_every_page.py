"""Every public page in a real browser: nothing inline, nothing from elsewhere, nothing too wide, charts drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from dashboards.demo.events import Upload
from dashboards.demo.play import Player
from dashboards.demo.world import make_world
from dashboards.work.verification import run_verification
from ledger import tables
from tests.browser.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser

    from tests.browser.conftest import Site
    from tests.browser.conftest import StartSite
    from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser

PAGES = (
    "/",
    "/stichting/ekster",
    "/initiatief/soep-op-woensdag",
    "/betalingen",
    "/regels",
    "/regels/PAY-01",
    "/controleer",
    "/uitleg",
    "/bureau/inloggen",
)
CHARTS = ("/", "/stichting/ekster", "/initiatief/soep-op-woensdag")
DRAW_ALL = """async () => {
  for (let y = 0; y < document.body.scrollHeight; y += 400) {
    window.scrollTo(0, y);
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  }
}"""


@pytest.fixture(scope="module")
def district(start_site: StartSite) -> Site:
    """A site with a month of every foundation."""
    world = make_world()
    site = start_site(world.setup, world.opened_at)
    player = Player(site.installation)
    uploads = [event for event in world.events if isinstance(event, Upload)]
    first = {event.foundation: event for event in reversed(uploads)}
    for event in sorted(first.values(), key=uploads.index):
        player.play(event)
    run_verification(site.installation, NOW)
    return site


def a_payment(site: Site) -> str:
    """The address of some payment."""
    movement, foundation = tables.movement, tables.foundation
    query = sa.select(foundation.c.slug, movement.c.seq).join(movement, movement.c.foundation == foundation.c.id)
    with site.installation.store.reading() as connection:
        slug, seq = connection.execute(query.order_by(movement.c.idx).limit(1)).one()
    return f"/betaling/{slug}/{seq}"


@pytest.mark.parametrize("width", [320, 1280])
def test_pages_keep_the_policy_and_fit(district: Site, visit: Callable[..., Visitor], width: int) -> None:
    """No page breaks the policy, asks another host, or is wider than the screen, in either language."""
    visitor = visit(district, width=width)
    for language in ("", "/en"):
        for path in (*PAGES, a_payment(district)):
            visitor.go(language + path)
            served = visitor.page.request.get(district.address + language + path).text()
            assert " style=" not in served, path
            assert "<style" not in served, path
            visitor.page.evaluate(DRAW_ALL)
            assert visitor.page.evaluate("document.documentElement.scrollWidth") <= width, path
            assert visitor.page.locator("h1").count() == 1, path


def test_charts_are_drawn_when_they_come_into_view(district: Site, visit: Callable[..., Visitor]) -> None:
    """Every chart has its sentence and its table, and is drawn once somebody looks."""
    visitor = visit(district)
    for path in CHARTS:
        visitor.go(path)
        figures = visitor.page.locator("figure[data-chart]")
        assert figures.count() > 0, path
        for figure in figures.all():
            figure.scroll_into_view_if_needed()
            expect(figure.locator("svg.main-svg").first).to_be_visible(timeout=30_000)
            assert figure.locator("figcaption").inner_text().strip()
            assert figure.locator("table").count() == 1


def test_all_facts_stand_there_without_scripts(district: Site, chromium: Browser) -> None:
    """Without JavaScript the same figures and the data of each chart are readable."""
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    for path in CHARTS:
        page.goto(district.address + path)
        assert page.locator("figure table").first.is_visible(), path
        assert "over" in page.inner_text("main"), path
    page.goto(district.address + "/controleer")
    assert "Niets is veranderd" in page.inner_text("main")
    context.close()


def test_a_changed_cent_is_caught_before_the_visitors_eyes(district: Site, visit: Callable[..., Visitor]) -> None:
    """The verify page shows a real line; one cent more makes another fingerprint, and putting it back mends it."""
    visitor = visit(district)
    visitor.go("/en/controleer")
    before = visitor.page.inner_text("main")
    visitor.page.get_by_role("button", name="One cent more").click()
    visitor.page.wait_for_function("text => document.querySelector('main').innerText !== text", arg=before)
    changed = visitor.page.inner_text("main")
    assert changed != before
    visitor.page.get_by_role("button", name="As it was").click()
    visitor.page.wait_for_function("text => document.querySelector('main').innerText === text", arg=before)
