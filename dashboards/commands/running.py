"""Commands that make and run an installation: init, password, demo, serve."""

from __future__ import annotations

import shutil
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboards.commands.frame import ClockOnlyPlayed
from dashboards.commands.frame import clock_of
from dashboards.commands.frame import directory_option
from dashboards.commands.frame import machine_clock
from dashboards.commands.frame import now_option
from dashboards.commands.frame import open_installation
from dashboards.commands.frame import refusing
from dashboards.work.errors import PersonUnknown
from dashboards.work.errors import SetupRefused
from dashboards.work.ordinary import changing
from dashboards.work.people import person_by_email
from dashboards.work.people import set_password
from dashboards.work.safety import check_listening
from dashboards.work.safety import check_safe
from dashboards.work.setup import create_district
from dashboards.work.setup_file import read_setup
from ledger.header import read_instant
from ledger.installation import SETTINGS

if TYPE_CHECKING:
    from ledger.installation import Installation

LOOPBACK = "127.0.0.1"
THREADS = 8
LARGEST_BODY = 64 * 1024 * 1024
"""What the server takes in at all, so that nobody fills the disk; the desks refuse sooner, and kindly."""
PROXY_HEADERS = {"x-forwarded-for", "x-forwarded-proto"}
"""Who asks, so that the brake on passwords is not one for all, and by https, so that cookies are Secure."""


@click.command()
@click.option("--from", "source", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=True)
@directory_option
@now_option
@refusing
def init(source: Path, directory: Path, instant: str | None) -> None:
    """Make a new installation from a setup file."""
    setup = read_setup(_text_of(source))
    if instant is not None and setup.district["clock"] != "simulated":
        raise ClockOnlyPlayed
    now = read_instant(instant) if instant is not None else machine_clock()
    installation = create_district(directory, setup, now)
    click.echo(f"{setup.district['name']} stands in {directory}. Set passwords with: buurtkas password E-MAIL")
    click.echo(f"Key for verifiers: {installation.signer.vkey().text()}")


def _text_of(source: Path) -> str:
    """Return a setup file's text.

    Raises:
        SetupRefused: It is not in UTF-8; names the line.
    """
    content = source.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise SetupRefused(line, "this is not written in UTF-8; save the file as UTF-8") from error


@click.command()
@click.argument("email")
@click.password_option(help="Asked for when left out.")
@directory_option
@refusing
def password(email: str, password: str, directory: Path) -> None:
    """Give the person with this E-MAIL a password, and end their sessions."""
    with changing(open_installation(directory).engine) as connection:
        person = person_by_email(connection, email)
        if person is None:
            raise PersonUnknown
        set_password(connection, person.id, password)
    click.echo("Done.")


@click.command()
@click.option("--port", default=8000, show_default=True)
@click.option("--no-serve", is_flag=True, help="Make it, and stop.")
@click.option("--transactions", default=2_600, show_default=True, help="How many bank lines.")
@directory_option
@refusing
def demo(port: int, transactions: int, directory: Path, *, no_serve: bool) -> None:
    """Make a complete fictional district by importing bank files, and serve it."""
    if not (directory / SETTINGS).exists():
        _make_demo(directory, transactions)
    if no_serve:
        return
    _welcome(port)
    _serve(open_installation(directory), LOOPBACK, port)


def _make_demo(directory: Path, transactions: int) -> None:
    """Make the demonstration beside its place, so that an interrupted one leaves nothing half done."""
    from dashboards.demo.play import play  # noqa: PLC0415 - pandas is slow to import; only here
    from dashboards.demo.world import make_world  # noqa: PLC0415 - same
    from dashboards.work.verification import run_verification  # noqa: PLC0415 - same

    draft = directory.with_name(directory.name + ".new")
    shutil.rmtree(draft, ignore_errors=True)
    world = make_world(transactions=transactions)
    with click.progressbar(length=len(world.events), label="A year of bookings") as bar:
        installation = play(draft, world, lambda _done, _all: bar.update(1))
    run_verification(installation, clock_of(installation)())
    installation.close()
    directory.parent.mkdir(parents=True, exist_ok=True)
    draft.rename(directory)


def _welcome(port: int) -> None:
    """Say where the demonstration is and how to get in."""
    from dashboards.demo.play import PASSWORD  # noqa: PLC0415 - pandas is slow to import; only here

    click.echo(f"""
Merelwoude, a district that does not exist: http://{LOOPBACK}:{port}/
Desks: http://{LOOPBACK}:{port}/bureau   password for everybody: {PASSWORD}
  treasurer  hanneke@melkput.example      second signatory  aysel@melkput.example
  district   marijntje@merelwoude.example
Stop with Ctrl-C.""")


@click.command()
@directory_option
@refusing
def signer(directory: Path) -> None:
    """Sign what is committed, until stopped; beside an installation on PostgreSQL."""
    from ledger.signing import keep_signing  # noqa: PLC0415 - only here

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    keep_signing(open_installation(directory), stop, lambda trouble: click.echo(trouble, err=True))


@click.command()
@click.option("--host", default=LOOPBACK, show_default=True, help="Put a proxy with https in front of another one.")
@click.option("--port", default=8000, show_default=True)
@click.option("--proxy", metavar="ADDRESS", help="Believe the proxy at this address about visitors and https.")
@directory_option
@refusing
def serve(host: str, port: int, proxy: str | None, directory: Path) -> None:
    """Serve the pages and desks of an installation."""
    check_listening(host, proxy)
    installation = open_installation(directory)
    check_safe(installation)
    click.echo(f"http://{host}:{port}/")
    _serve(installation, host, port, proxy)


def _serve(installation: Installation, host: str, port: int, proxy: str | None = None) -> None:
    """Finish what was interrupted, and serve until stopped.

    Args:
        installation: What is served.
        host: The address to listen on.
        port: And the port.
        proxy: Whose word on where a request comes from is taken; nobody's where this is None.
    """
    import waitress  # noqa: PLC0415 - only for serving

    from dashboards.daybreak import Daybreak  # noqa: PLC0415 - Flask only for serving
    from dashboards.logs import write_lines  # noqa: PLC0415 - Flask only for serving
    from dashboards.site import SERVED  # noqa: PLC0415 - same
    from dashboards.site import make_site  # noqa: PLC0415 - same
    from dashboards.work.finishing import finish  # noqa: PLC0415 - same

    write_lines()
    clock = clock_of(installation)
    finish(installation, clock())
    site = make_site(installation, clock, SERVED)
    Daybreak(installation, clock).install(site)
    believed = {"trusted_proxy": proxy, "trusted_proxy_headers": PROXY_HEADERS} if proxy else {}
    limits = {"threads": THREADS, "max_request_body_size": LARGEST_BODY}
    waitress.serve(site, host=host, port=port, ident=None, clear_untrusted_proxy_headers=True, **limits, **believed)
