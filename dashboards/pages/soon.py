"""How soon it would have been seen: when the first flag stood, and how much was gone by then.

Only about payments that the district has ruled not in order. A day means its evening: whoever brings a
statement on a day brings all that the bank booked up to and including that day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Literal

if TYPE_CHECKING:
    import datetime as dt

    from dashboards.pages.parts import Link

Rhythm = Literal["daily", "weekly", "monthly", "agreed", "happened"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SoonLine:
    """One way of bringing statements, and what it comes to.

    Args:
        rhythm: every day, every Monday, every first of the month, as late as agreed, or as it went.
        seen_on: the day on which the first flag stands.
        gone_minor: what had been paid by the end of that day.
        days: from the first payment to that day.
    """

    rhythm: Rhythm
    seen_on: dt.date
    gone_minor: int
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SoonPage:
    """All that the page shows.

    Args:
        payments: how many were ruled not in order, with little time between one and the next.
        every_days: how often the foundation agreed to bring a statement.
        lines: soonest rhythm first; what happened comes last.
    """

    link: Link
    currency: str
    payments: int
    first_on: dt.date
    last_on: dt.date
    total_minor: int
    every_days: int
    lines: tuple[SoonLine, ...]

    @property
    def soonest(self) -> SoonLine:
        """With a statement every day."""
        return self.lines[0]

    @property
    def happened(self) -> SoonLine:
        """As it went."""
        return self.lines[-1]

    def kept_minor(self, line: SoonLine) -> int:
        """Return how much was still there when the first flag stood."""
        return self.total_minor - line.gone_minor
