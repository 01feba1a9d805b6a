"""The command for a bank's deliveries: watch."""

from __future__ import annotations

import contextlib
import signal
import threading
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboards.commands.frame import COULD_NOT
from dashboards.commands.frame import DOES_NOT_HOLD
from dashboards.commands.frame import clock_of
from dashboards.commands.frame import directory_option
from dashboards.commands.frame import instant_of
from dashboards.commands.frame import json_option
from dashboards.commands.frame import now_option
from dashboards.commands.frame import open_installation
from dashboards.commands.frame import refusing
from dashboards.commands.frame import say

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator

    from dashboards.work.watching import Look
    from dashboards.work.watching import Watch

EVERY = 10
SETTLE = 2
"""How many seconds `--once` lets pass between its two looks, at most."""


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--once", is_flag=True, help="Book what is there, and stop.")
@click.option(
    "--every",
    type=click.IntRange(min=1, max=3600),
    default=EVERY,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait between two looks.",
)
@directory_option
@now_option
@json_option
@refusing
def watch(folder: Path, directory: Path, instant: str | None, every: int, *, once: bool, as_json: bool) -> None:
    """Book what a bank delivers into DIR; each file goes to done/ or refused/ in it.

    A file is booked once it stood still from one look to the next. Names that end in .part, .tmp or .filepart, and
    those that begin with a dot, are left alone.
    """
    from dashboards.work.folder import Folder  # noqa: PLC0415 - pandas is slow to import; only here
    from dashboards.work.watching import Watch  # noqa: PLC0415 - same

    installation, place = open_installation(directory), Folder(folder)
    now = instant_of(installation, instant)
    clock = clock_of(installation) if instant is None else lambda: now
    with place.held(), _stopping() as stop:
        watching = Watch(installation, place, clock)
        if once:
            _once(watching, stop, every, as_json=as_json)
        else:
            _on_and_on(watching, stop, every, as_json=as_json)


@contextlib.contextmanager
def _stopping() -> Iterator[threading.Event]:
    """Give what is set when it is enough: the file at hand is finished first."""
    stop = threading.Event()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGTERM, signal.SIGINT)}
    before[signal.SIGIO] = signal.signal(signal.SIGIO, signal.SIG_IGN)  # a writer who comes while we ask for writers
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _once(watching: Watch, stop: threading.Event, every: int, *, as_json: bool) -> None:
    """Look once, and tell by the exit code whether something was refused or could not be done."""
    from dashboards.work.watching import watch_once  # noqa: PLC0415 - see above

    look = watch_once(watching, lambda: stop.wait(min(every, SETTLE)))
    _tell(as_json=as_json)(look)
    if look.troubles or look.refused:
        raise click.exceptions.Exit(COULD_NOT if look.troubles else DOES_NOT_HOLD)


def _on_and_on(watching: Watch, stop: threading.Event, every: int, *, as_json: bool) -> None:
    """Look until stopped, and tell what came."""
    from dashboards.work.watching import keep_watching  # noqa: PLC0415 - see above

    tell = _tell(as_json=as_json)
    keep_watching(
        watching,
        lambda: stop.wait(every),
        lambda look: tell(look) if look.booked or look.refused or look.troubles else None,
    )


def _tell(*, as_json: bool) -> Callable[[Look], None]:
    """Return what tells of a look: one JSON document a line, or words."""

    def tell(look: Look) -> None:
        for trouble in look.troubles:
            click.echo(f"{trouble} It is tried again.", err=True)
        text = _told(look)
        if as_json or text:
            say(_as_json(look), as_json=as_json, text=text)

    return tell


def _as_json(look: Look) -> dict[str, object]:
    """Return what a look brought."""
    return {
        "booked": [asdict(booked) for booked in look.booked],
        "refused": [asdict(refused) for refused in look.refused],
        "waiting": look.waiting,
    }


def _told(look: Look) -> str:
    """Return what a look brought in words."""
    lines = [
        f"{one.file}: {one.new} lines booked, {one.known} known, {one.flags} new flags"
        if one.new
        else f"{one.file}: nothing new"
        for one in look.booked
    ]
    lines += [f"{one.file}: refused. {one.reason}" for one in look.refused]
    if look.waiting:
        lines.append(f"{look.waiting} files wait")
    return "\n".join(lines)
