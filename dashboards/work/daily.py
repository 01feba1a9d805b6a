"""What a day brings, once a day: rules about time, the seal, signature, alarms, tidying, a full check.

Doing it twice on one day finishes what is unfinished and adds nothing. Days on which nobody did it get their seal when
it is done again, each its own, and each seal says when it was made. `progress` remembers when it was last done in
full, so that pages and `doctor` can show it.

Source: DESIGN "The command line".
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.run import run_rules
from dashboards.work.alarms import write_alarms
from dashboards.work.finishing import finish
from dashboards.work.finishing import sign_rest
from dashboards.work.ordinary import changing
from dashboards.work.progress import DAILY
from dashboards.work.progress import keep_progress
from dashboards.work.progress import last_done
from dashboards.work.tidying import tidy
from dashboards.work.verification import run_verification
from ledger.errors import BooksMoved
from ledger.errors import ClockRefused
from ledger.sealing import AMSTERDAM
from ledger.sealing import seal_days

if TYPE_CHECKING:
    import datetime as dt

    from ledger.installation import Installation


@dataclass(frozen=True, slots=True)
class DayDone:
    """What was done.

    Attributes:
        sealed: The days that got their seal.
        flags: How many flags were raised.
        alarms: How many messages went into the outbox.
        tidied: How many expired sessions, attempts and drafts are gone.
        holds: What the full check found; None where today's was made before.
    """

    sealed: tuple[dt.date, ...] = ()
    flags: int = 0
    alarms: int = 0
    tidied: int = 0
    holds: bool | None = None


def do_day(installation: Installation, now: dt.datetime) -> DayDone:
    """Do what a day brings; what was done today already is not done again.

    Args:
        now: The clock (aware).
    """
    flags = finish(installation, now)
    if done_today(installation, now):
        return DayDone(flags=flags)
    with contextlib.suppress(BooksMoved, ClockRefused):  # others keep writing; what they wrote is looked at after them
        flags += run_rules(installation, now)
    sealed = seal_days(installation.store, now)
    sign_rest(installation)
    alarms = write_alarms(installation, now)
    tidied = tidy(installation, now)
    with changing(installation.engine) as connection:
        keep_progress(connection, DAILY, int(now.timestamp()))
    return DayDone(sealed, flags, alarms, tidied, run_verification(installation, now).ok)


def done_today(installation: Installation, now: dt.datetime) -> bool:
    """Tell whether the day's work was done today in Amsterdam."""
    with installation.store.reading() as connection:
        last = last_done(connection)
    return last is not None and last.astimezone(AMSTERDAM).date() >= now.astimezone(AMSTERDAM).date()
