"""A real site on a real installation, and a real Chromium that watches what the site does.

A visitor notes every breach of the content security policy, every script error, and every
request to another host; a test ends by asking that there were none.
"""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Protocol

import pytest
import waitress.server
from playwright.sync_api import sync_playwright

from dashboards.site import make_site
from dashboards.work.ordinary import changing
from dashboards.work.people import person_by_email
from dashboards.work.people import set_password
from dashboards.work.setup import create_district
from dashboards.work.setup_file import read_setup

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser
    from playwright.sync_api import Page

    from ledger.installation import Installation

PASSWORD = "een-lang-wachtwoord"
NOW = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WATCH_POLICY = """
document.addEventListener('securitypolicyviolation', event => {
  console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sourceFile);
});
"""


@dataclass
class Site:
    """A running site and the installation behind it."""

    address: str
    installation: Installation


@dataclass
class Visitor:
    """A browser's window, and what it noticed."""

    page: Page
    site: Site
    noticed: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        """Open a page of the site and wait until it is quiet."""
        self.page.goto(self.site.address + path)
        self.page.wait_for_load_state("networkidle")

    def sign_in(self, email: str) -> None:
        """Sign in at the desks."""
        self.go("/en/bureau/inloggen")
        self.page.fill("#email", email)
        self.page.fill("#password", PASSWORD)
        self.page.click("main button[type=submit]")
        self.page.wait_for_url("**/bureau")

    def next(self) -> None:
        """Press the one button that leads on."""
        self.page.click("main .next button, main .next a.button")
        self.page.wait_for_load_state("networkidle")

    def heading(self) -> str:
        """The page's heading."""
        return self.page.inner_text("h1")


class StartSite(Protocol):
    """Makes a district from a setup file and serves it."""

    def __call__(self, setup: str, opened_at: dt.datetime) -> Site:
        """Return the running site."""


@pytest.fixture(scope="session")
def chromium(chromium_path: Path) -> Iterator[Browser]:
    """A Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def start_site(
    tmp_path_factory: pytest.TempPathFactory,
    database: str,  # noqa: ARG001 - where its books lie
) -> Iterator[StartSite]:
    """A maker of running sites; everybody's password is the same."""
    running: list[tuple[waitress.server.TcpWSGIServer, threading.Thread, Installation]] = []

    def start(setup: str, opened_at: dt.datetime) -> Site:
        installation = create_district(tmp_path_factory.mktemp("site") / "books", read_setup(setup), opened_at)
        give_passwords(installation)
        return Site(serve(installation, NOW, running), installation)

    yield start
    for server, thread, installation in running:
        server.close()
        thread.join(timeout=10)
        installation.close()


def serve(
    installation: Installation,
    now: dt.datetime,
    running: list[tuple[waitress.server.TcpWSGIServer, threading.Thread, Installation]],
) -> str:
    """Serve an installation on a free port of this machine and return its address."""
    server = waitress.server.create_server(make_site(installation, lambda: now), host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=_run, args=(server,), daemon=True)
    thread.start()
    running.append((server, thread, installation))
    return f"http://127.0.0.1:{server.effective_port}"


def _run(server: waitress.server.TcpWSGIServer) -> None:
    """Serve until the server is closed; closing it under its feet is the way to stop it."""
    try:
        server.run()
    except OSError:
        if server.accepting:
            raise


def give_passwords(installation: Installation) -> None:
    """Let everybody of a setup file in with the same password."""
    with changing(installation.engine) as connection:
        emails = [row.email for row in connection.exec_driver_sql("SELECT email FROM person")]
        for email in emails:
            person = person_by_email(connection, email)
            assert person is not None
            set_password(connection, person.id, PASSWORD)


@pytest.fixture
def visit(chromium: Browser) -> Iterator[type[Visitor]]:
    """A maker of visitors; when the test ends none of them may have noticed anything wrong."""
    visitors: list[Visitor] = []

    def make(site: Site, width: int = 1280, height: int = 900) -> Visitor:
        context = chromium.new_context(viewport={"width": width, "height": height})
        context.add_init_script(WATCH_POLICY)
        visitor = Visitor(context.new_page(), site)
        _watch(visitor)
        visitors.append(visitor)
        return visitor

    yield make  # type: ignore[misc] # a function that makes visitors
    noticed = [line for visitor in visitors for line in visitor.noticed]
    for visitor in visitors:
        visitor.page.context.close()
    assert noticed == []


def _watch(visitor: Visitor) -> None:
    """Note script errors, breaches of the policy, and requests to other hosts."""
    page, address = visitor.page, visitor.site.address
    page.on("pageerror", lambda error: visitor.noticed.append(f"error: {error}"))
    page.on(
        "console",
        lambda message: (
            visitor.noticed.append(f"{message.type}: {message.text}") if message.type in {"error", "warning"} else None
        ),
    )
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((address + "/", "data:", "blob:"))
            else visitor.noticed.append(f"another host: {request.url}")
        ),
    )
