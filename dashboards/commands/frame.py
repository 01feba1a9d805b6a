"""What every command shares: which installation, which clock, one JSON document, and exit codes.

0 done, 1 the thing checked does not hold, 2 it could not be done. With `--json` standard output
holds one JSON document and nothing else.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import TypeVar

import click

from dashboards.work.safety import check_owner
from ledger.errors import BuurtkasError
from ledger.errors import MalformedEntry
from ledger.header import read_instant
from ledger.installation import Installation

if TYPE_CHECKING:
    from collections.abc import Callable

DONE = 0
DOES_NOT_HOLD = 1
COULD_NOT = 2

Command = TypeVar("Command", bound="Callable[..., Any]")


class ClockOnlyPlayed(BuurtkasError):
    """An instant was given to an installation with a real clock."""

    code = "clock_only_played"

    def __init__(self) -> None:
        super().__init__("--now is only for installations with a simulated clock. Leave it out here.")


def directory_option(command: Command) -> Command:
    """Add `--dir`: the installation's directory."""
    return click.option(
        "--dir",
        "directory",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="BUURTKAS_DIR",
        default=Path("var"),
        show_default=True,
        help="The installation's directory.",
    )(command)


def now_option(command: Command) -> Command:
    """Add `--now`: the instant to act at, in installations with a simulated clock alone."""
    return click.option("--now", "instant", help="Act at this instant (2026-10-01T12:00:00Z); simulated clocks only.")(
        command
    )


def json_option(command: Command) -> Command:
    """Add `--json`."""
    return click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")(command)


def refusing(command: Command) -> Command:
    """Turn our own errors, and files out of reach, into a sentence on standard error and exit code 2."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - a command's own arguments
        try:
            return command(*args, **kwargs)
        except BuurtkasError as error:
            click.echo(str(error), err=True)
            raise click.exceptions.Exit(COULD_NOT) from error
        except OSError as error:
            click.echo(f"{error.filename or 'A file'} cannot be read or written: {error.strerror or error}", err=True)
            raise click.exceptions.Exit(COULD_NOT) from error

    return run  # type: ignore[return-value] # the same arguments and result


def open_installation(directory: Path) -> Installation:
    """Open the installation of a command, as who may.

    Raises:
        StartRefused: It belongs to another user, and this is root.
    """
    check_owner(directory)
    return Installation(directory)


def instant_of(installation: Installation, given: str | None) -> dt.datetime:
    """Return the instant to act at: the machine's clock, or what is played.

    Raises:
        ClockOnlyPlayed: An instant was given to an installation with a real clock.
        click.BadParameter: The instant cannot be read.
    """
    if given is None:
        return clock_of(installation)()
    if not installation.settings.simulated:
        raise ClockOnlyPlayed
    try:
        return read_instant(given)
    except MalformedEntry as error:
        text = "write day and time in UTC, whole seconds, as 2026-10-01T12:00:00Z."
        raise click.BadParameter(text, param_hint="--now") from error


def clock_of(installation: Installation) -> Callable[[], dt.datetime]:
    """Return the installation's clock; a simulated one goes on from the last entry, in real time."""
    if not installation.settings.simulated:
        return machine_clock
    started, last = machine_clock(), installation.store.last_recorded()
    return lambda: (last or started) + (machine_clock() - started)


def machine_clock() -> dt.datetime:
    """Return the machine's clock; the one place where it is read."""
    return dt.datetime.now(dt.UTC)


def say(document: object, *, as_json: bool, text: str) -> None:
    """Print the JSON document or the text."""
    click.echo(json.dumps(document, ensure_ascii=False) if as_json else text)
