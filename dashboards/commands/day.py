"""The command of every day: daily."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dashboards.commands.frame import DOES_NOT_HOLD
from dashboards.commands.frame import directory_option
from dashboards.commands.frame import instant_of
from dashboards.commands.frame import json_option
from dashboards.commands.frame import now_option
from dashboards.commands.frame import open_installation
from dashboards.commands.frame import refusing
from dashboards.commands.frame import say

if TYPE_CHECKING:
    from pathlib import Path

    from dashboards.work.daily import DayDone


@click.command()
@directory_option
@now_option
@json_option
@refusing
def daily(directory: Path, instant: str | None, *, as_json: bool) -> None:
    """Do what a day brings: rules about time, the seal, alarms, tidying, a full check. Twice a day is harmless."""
    from dashboards.work.daily import do_day  # noqa: PLC0415 - pandas is slow to import; only here

    installation = open_installation(directory)
    done = do_day(installation, instant_of(installation, instant))
    say(_as_json(done), as_json=as_json, text=_told(done))
    if done.holds is False:
        raise click.exceptions.Exit(DOES_NOT_HOLD)


def _as_json(done: DayDone) -> dict[str, object]:
    """Return what was done."""
    return {
        "sealed": [day.isoformat() for day in done.sealed],
        "flags": done.flags,
        "alarms": done.alarms,
        "tidied": done.tidied,
        "holds": done.holds,
    }


def _told(done: DayDone) -> str:
    """Return what was done in words."""
    if done.holds is None:
        return f"Today's work was done before; {done.flags} new flags."
    sealed = ", ".join(day.isoformat() for day in done.sealed) or "none"
    found = "everything holds" if done.holds else "NOT in order: run `buurtkas verify`"
    return (
        f"Sealed: {sealed}. {done.flags} new flags, {done.alarms} alarms in the outbox, {done.tidied} old rows gone. "
        f"The full check: {found}."
    )
