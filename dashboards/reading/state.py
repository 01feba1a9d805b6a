"""What one page is made from: one consistent state of the database, and the day it is there.

Days of instants are those of Amsterdam, where a booking day is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    import datetime as dt

    import sqlalchemy as sa

    from dashboards.reading.looks import LookTotals
    from dashboards.reading.masked import MaskedTotals
    from ledger.installation import Installation

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True, slots=True)
class State:
    """One consistent state.

    Attributes:
        connection: Reads from it; every query of a page goes through it.
        today: The day in Amsterdam.
        masked: Totals over payees that are not shown.
        looks: How many payments stand how.
    """

    connection: sa.Connection
    installation: Installation
    today: dt.date
    masked: MaskedTotals
    looks: LookTotals


def day_of(instant: dt.datetime) -> dt.date:
    """Return the day of an aware instant in Amsterdam."""
    return instant.astimezone(AMSTERDAM).date()
