"""Finishing what an interruption left: the rules that did not run, the entries that are not signed."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from audit.run import run_rules
from audit.run import unfinished
from dashboards.work.alarms import write_alarms
from ledger.errors import BooksMoved
from ledger.errors import ClockRefused
from ledger.signing import have_signed

if TYPE_CHECKING:
    import datetime as dt

    from ledger.installation import Installation


def finish(installation: Installation, now: dt.datetime) -> int:
    """Run the rules over what they have not looked at, have the rest signed, and raise the alarm.

    Returns:
        How many flags were raised.
    """
    flags = 0
    if unfinished(installation):
        with contextlib.suppress(BooksMoved, ClockRefused):  # others went ahead; their run or the next looks at this
            flags = run_rules(installation, now, ())
    sign_rest(installation)
    with contextlib.suppress(OSError):  # a full disk takes no booking back; the next run writes them
        write_alarms(installation, now)
    return flags


def sign_rest(installation: Installation) -> None:
    """Have entries signed that are not signed yet; the signer's process is waited for a moment, and no longer."""
    have_signed(installation)
