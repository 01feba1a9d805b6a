"""The fictional district as a whole: one setup file, and everything that happens after it.

The same seed gives the same bytes. Nothing here reads a clock or a database: whoever plays
the events does so through the ordinary use cases, on a simulated clock.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - the type of a field that players read
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from dashboards.demo import story
from dashboards.demo.approvals import approval_events
from dashboards.demo.approvals import approvals
from dashboards.demo.chance import Chance
from dashboards.demo.district import OPENED_AT
from dashboards.demo.events import Upload
from dashboards.demo.months import whole_year
from dashboards.demo.plan_district import declared_events
from dashboards.demo.setup import setup_text
from dashboards.demo.uploads import upload_events

if TYPE_CHECKING:
    from dashboards.demo.events import Event
    from dashboards.demo.months import Movement

SEED = 20260420
TRANSACTIONS = 2_600


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
    ordered = tuple(sorted(events, key=attrgetter("at")))
    return World(setup_text(needed), ordered, OPENED_AT, movements)
