"""The fictional district as a whole: one setup file, and everything that happens after it.

The same seed gives the same bytes. Nothing here reads a clock or a database: whoever plays
the events does so through the ordinary use cases, on a simulated clock.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from dashboards.demo import story
from dashboards.demo.approvals import approval_events
from dashboards.demo.approvals import approvals
from dashboards.demo.chance import Chance
from dashboards.demo.district import OPENED_AT
from dashboards.demo.events import Day
from dashboards.demo.events import Upload
from dashboards.demo.months import whole_year
from dashboards.demo.plan_district import declared_events
from dashboards.demo.setup import setup_text
from dashboards.demo.uploads import upload_events

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dashboards.demo.events import Event
    from dashboards.demo.months import Movement

SEED = 20260420
TRANSACTIONS = 2_600
EVERY = dt.timedelta(weeks=4)


@dataclass(frozen=True, slots=True)
class World:
    """What a player needs, and what tests compare with.

    Attributes:
        setup: The setup file, TOML.
        events: In order of time.
        opened_at: When the setup is done; before every event.
        movements: What the banks booked, with what is known about it: the expected result.
    """

    setup: str
    events: tuple[Event, ...]
    opened_at: dt.datetime
    movements: tuple[Movement, ...]


def days(opened_at: dt.datetime, until: dt.datetime) -> Iterator[Day]:
    """Yield the machine's day on a Monday each four weeks, because all rules take a while; it seals every day since."""
    first = opened_at.date() + dt.timedelta(days=7 - opened_at.weekday())
    for number in range((until.date() - first) // EVERY + 1):
        day = first + number * EVERY
        yield Day(at=dt.datetime(day.year, day.month, day.day, 4, 30, tzinfo=dt.UTC))


def make_world(seed: int = SEED, transactions: int = TRANSACTIONS) -> World:
    """Return the fictional district.

    Args:
        seed: The same seed gives the same bytes.
        transactions: How many bank lines in the year. Fewer than what the plans need
            (about 450) are not made; up to about 50,000 stay within the grants.
    """
    chance = Chance(seed)
    movements = whole_year(chance, transactions, story.moved())
    needed = approvals(movements)
    uploads = tuple(upload_events(movements, chance))
    files = tuple(event for event in uploads if isinstance(event, Upload))
    events = (
        *approval_events(needed),
        *uploads,
        *declared_events(),
        *story.forgotten_events(files),
        *story.moved_events(files),
    )
    last = max(event.at for event in events)
    ordered = tuple(sorted((*events, *days(OPENED_AT, last)), key=attrgetter("at")))
    return World(setup_text(needed), ordered, OPENED_AT, movements)
