"""What the district pays itself, from its own financial system: two crossings at the school, and fruit trees.

Each payment is declared some days later, with the page of the financial system that it stands on.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from dashboards.demo.district import date_of
from dashboards.demo.events import Declare
from dashboards.demo.months import workday
from dashboards.demo.people import treasurer

if TYPE_CHECKING:
    from collections.abc import Iterator

FOUNDATION = "merelwoude"
_CROSSING, _TREES = "veilig-oversteken", "plukbomen"
_ROADS, _SIGNS, _NURSERY = "Stratenmakers De Vlakke Hand", "Bordenmakerij Pijlstaart", "Boomgaard De Bolle Peer"
_PAID = (
    (11, 24, 1_150_00, _ROADS, "Meten en tekenen", _CROSSING, "straatwerk"),
    (1, 19, 2_384_50, _NURSERY, "Eerste acht fruitbomen", _TREES, "bomen"),
    (2, 16, 1_260_00, _NURSERY, "Planten eerste bomen", _TREES, "aanplant"),
    (3, 9, 6_480_75, _ROADS, "Oversteek noordkant", _CROSSING, "straatwerk"),
    (3, 30, 1_312_40, _SIGNS, "Borden noordkant", _CROSSING, "borden"),
    (4, 20, 742_30, _ROADS, "Strepen noordkant", _CROSSING, "verf"),
    (6, 8, 468_00, _SIGNS, "Naambordjes bomen", _TREES, "bordjes"),
    (9, 21, 5_935_20, _ROADS, "Oversteek zuidkant", _CROSSING, "straatwerk"),
    (10, 12, 2_897_60, _NURSERY, "Twaalf fruitbomen", _TREES, "bomen"),
)
_DECLARED_AFTER = dt.timedelta(days=6)


def declared_events() -> Iterator[Declare]:
    """Yield what the district declares."""
    for number, (month, day, minor, name, text, initiative, category) in enumerate(_PAID, start=1):
        paid_on = date_of(month, day)
        at = workday(paid_on + _DECLARED_AFTER)
        page = f"Financieel systeem van het stadsdeel (verzonnen), boeking {number:04d}\n{paid_on} {name}: {text}\n"
        yield Declare(
            at=dt.datetime(at.year, at.month, at.day, 9, 40, tzinfo=dt.UTC),
            actor=treasurer(FOUNDATION),
            foundation=FOUNDATION,
            paid_on=paid_on,
            amount_minor=minor,
            name=name,
            text=text,
            initiative=initiative,
            category=category,
            document=page.encode(),
        )
