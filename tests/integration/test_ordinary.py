"""Changes of ordinary tables queue, on both databases: none is lost, doubled, or slips past a limit."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from threading import Event
from typing import TYPE_CHECKING

from dashboards.access import throttle
from dashboards.errors import TooManyAttempts
from dashboards.work.ordinary import changing
from dashboards.work.progress import DAILY
from dashboards.work.progress import keep_progress
from dashboards.work.progress import progress_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.installation import Installation

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
GUESSERS = 12


def at_once(count: int, work: Callable[[int], bool]) -> list[bool]:
    """Have threads do something at the same moment; return what each says."""
    gate = Barrier(count)

    def begin(number: int) -> bool:
        gate.wait()
        return work(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(begin, range(count)))


def test_guesses_sent_at_once_do_not_slip_through_together(installation: Installation) -> None:
    """No more are let in than one after the other would be."""
    who = throttle.subjects(installation, "a@meer.example", "203.0.113.9")

    def guess(_: int) -> bool:
        try:
            with changing(installation.engine) as connection:
                throttle.count_attempt(connection, who, NOW)
        except TooManyAttempts:
            return False
        return True

    assert sum(at_once(GUESSERS, guess)) == throttle.PER_ACCOUNT


def test_the_first_to_remember_something_are_not_in_each_others_way(installation: Installation) -> None:
    """A second one waits, and what is remembered only grows."""

    def keep(number: int) -> bool:
        with changing(installation.engine) as connection:
            keep_progress(connection, DAILY, 100 - number)
        return True

    assert all(at_once(8, keep))
    with installation.store.reading() as connection:
        assert progress_of(connection, DAILY) == 100


def test_a_change_waits_until_the_one_before_it_is_done(installation: Installation) -> None:
    """What it reads is what the other one left."""
    begun = Event()

    def second() -> int:
        begun.set()
        with changing(installation.engine) as connection:
            return progress_of(connection, DAILY)

    with ThreadPoolExecutor(1) as pool:
        with changing(installation.engine) as connection:
            waiting = pool.submit(second)
            begun.wait()
            keep_progress(connection, DAILY, 7)
        assert waiting.result() == 7
