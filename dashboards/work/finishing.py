"""Finishing what an interruption left: the rules that did not run, the entries that are not signed."""

from __future__ import annotations

import contextlib
import fcntl
import os
from typing import TYPE_CHECKING

from audit.run import run_rules
from audit.run import unfinished
from dashboards.work.alarms import write_alarms
from ledger.errors import BooksMoved
from ledger.errors import ClockRefused
from ledger.signing import have_signed

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.installation import Installation

LOCK = "rules.lock"


def finish(installation: Installation, now: dt.datetime) -> int:
    """Run the rules over what they have not looked at, have the rest signed, and raise the alarm.

    Returns:
        How many flags were raised.
    """
    flags = 0
    if unfinished(installation):
        with _one_by_one(installation), contextlib.suppress(BooksMoved, ClockRefused):  # the next run looks at this
            flags = run_rules(installation, now, ()) if unfinished(installation) else 0
    sign_rest(installation)
    with contextlib.suppress(OSError):  # a full disk takes no booking back; the next run writes them
        write_alarms(installation, now)
    return flags


@contextlib.contextmanager
def _one_by_one(installation: Installation) -> Iterator[None]:
    """Let processes of one machine run the rules one after the other: who waited finds the work done.

    Nothing depends on it but time: two runs at once would look at the same, and one of them for nothing.
    """
    handle = os.open(installation.directory / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def sign_rest(installation: Installation) -> None:
    """Have entries signed that are not signed yet; the signer's process is waited for a moment, and no longer."""
    have_signed(installation)
