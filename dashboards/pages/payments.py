"""The list of payments: everything, or what a search found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Literal

if TYPE_CHECKING:
    import datetime as dt

    from dashboards.pages.parts import Link
    from dashboards.pages.parts import PaymentRow
    from dashboards.pages.parts import StatementBadge

Standing = Literal["looked_at", "not_in_order", "unexplained"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFilter:
    """What was asked for; None and "" ask for everything. `month` is a month's first day.

    Args:
        standing: only what is being looked at, was ruled not in order, or is not fully explained.
    """

    foundation: str | None = None
    initiative: str | None = None
    month: dt.date | None = None
    text: str = ""
    standing: Standing | None = None

    @property
    def narrow(self) -> bool:
        """Whether anything is filtered at all."""
        return self != PaymentFilter()

    @property
    def month_value(self) -> str:
        """The month as a form writes it."""
        return f"{self.month:%Y-%m}" if self.month else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentsPage:
    """One page of payments, newest first.

    Args:
        asked: the filter this answers.
        rows: the payments of this page.
        total: how many the filter finds.
        out_minor: what they took out together, above zero.
        in_minor: what they brought in together.
        page: this page's number, from 1.
        pages: how many pages there are, at least 1.
        foundations: to choose from.
        initiatives: to choose from.
        months: to choose from, newest first, each a month's first day.
        unexplained_minor: what the foundations asked about cannot explain yet, together.
        badge: how far their figures go; None where no bank stands behind them.
    """

    asked: PaymentFilter
    rows: tuple[PaymentRow, ...]
    total: int
    out_minor: int
    in_minor: int
    currency: str
    page: int
    pages: int
    foundations: tuple[Link, ...]
    initiatives: tuple[Link, ...]
    months: tuple[dt.date, ...]
    unexplained_minor: int = 0
    badge: StatementBadge | None = None

    @property
    def previous_page(self) -> int | None:
        """The number of the page before, if there is one."""
        return self.page - 1 if self.page > 1 else None

    @property
    def next_page(self) -> int | None:
        """The number of the page after, if there is one."""
        return self.page + 1 if self.page < self.pages else None
