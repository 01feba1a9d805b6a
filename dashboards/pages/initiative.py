"""An initiative's page: what was promised, what it may cost, what it has cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Literal

from dashboards.pages.parts import NO_LOOKS

if TYPE_CHECKING:
    import datetime as dt

    from dashboards.pages.parts import Link
    from dashboards.pages.parts import LookCounts
    from dashboards.pages.parts import PaymentRow
    from dashboards.pages.parts import StatementBadge
    from dashboards.pages.parts import Sums

StepKind = Literal["granted", "opened", "first_payment", "progress", "closed", "reported"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryLine:
    """One line of the budget."""

    name: str
    budget_minor: int
    spent_minor: int

    @property
    def left_minor(self) -> int:
        """Budget less spent; below zero when over."""
        return self.budget_minor - self.spent_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthLine:
    """What was spent in one month; `month` is its first day."""

    month: dt.date
    spent_minor: int
    total_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineStep:
    """One step from plan to result; without a date it is still to come."""

    kind: StepKind
    on: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptCount:
    """How many payments that need a receipt have one."""

    present: int
    wanted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiativePage:
    """All that an initiative's page shows.

    Args:
        link: name and address.
        foundations: who pays for it.
        theme: the round's own word.
        neighbourhood: where; None when the round names none.
        promise: the public text of the plan; None when none was given.
        sums: granted is the budget; what is not yet explained belongs to no initiative and is 0.
        categories: the budget's lines, largest first.
        months: every month from the first payment to the last, also empty ones.
        steps: in order of time, those to come last.
        more: there are more payments than the newest few in latest.
        unexplained_minor: what its foundations together cannot explain yet; may be for it.
        badge: how far the figures of those foundations go; None where no bank stands behind them.
        looks: what of its payments is looked at, and what became of it.
    """

    link: Link
    foundations: tuple[Link, ...]
    theme: str
    neighbourhood: str | None
    promise: str | None
    sums: Sums
    categories: tuple[CategoryLine, ...]
    months: tuple[MonthLine, ...]
    steps: tuple[TimelineStep, ...]
    receipts: ReceiptCount
    latest: tuple[PaymentRow, ...]
    more: bool
    starts: dt.date | None = None
    ends: dt.date | None = None
    unexplained_minor: int = 0
    badge: StatementBadge | None = None
    looks: LookCounts = NO_LOOKS

    @property
    def over(self) -> bool:
        """Whether any line of the budget cost more than was planned."""
        return any(line.left_minor < 0 for line in self.categories)

    @property
    def largest(self) -> CategoryLine | None:
        """The category that took most, None when nothing was spent."""
        spent = [line for line in self.categories if line.spent_minor > 0]
        return max(spent, key=lambda line: line.spent_minor, default=None)

    @property
    def busiest(self) -> MonthLine | None:
        """The month that took most, None when nothing was spent."""
        spent = [line for line in self.months if line.spent_minor > 0]
        return max(spent, key=lambda line: line.spent_minor, default=None)
