"""A foundation's page: what it got, spent, cannot explain yet, and has left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Literal

from dashboards.pages.home import FlowLink
from dashboards.pages.home import widest

if TYPE_CHECKING:
    import datetime as dt

    from dashboards.pages.parts import InitiativeCard
    from dashboards.pages.parts import Link
    from dashboards.pages.parts import LookedAt
    from dashboards.pages.parts import PaymentRow
    from dashboards.pages.parts import PendingTotal
    from dashboards.pages.parts import PrivateTotal
    from dashboards.pages.parts import StatementBadge
    from dashboards.pages.parts import Sums

FoundationKind = Literal["foundation", "association", "organisation", "intermediary", "residents", "district"]
Mandate = Literal["together", "alone", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicAccount:
    """One of the foundation's own bank accounts."""

    iban: str
    mandate: Mandate


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantLine:
    """One grant the foundation got."""

    reference: str
    amount_minor: int
    currency: str
    starts: dt.date | None = None
    ends: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundationPage:
    """All that a foundation's page shows.

    Args:
        looked_at: its payments that are being looked at, newest first.
        statements_looked_at: how many of its bank statements are.
        private: None when there is nothing; so is `pending`.
    """

    link: Link
    kind: FoundationKind
    sums: Sums
    badge: StatementBadge
    grants: tuple[GrantLine, ...]
    accounts: tuple[PublicAccount, ...]
    initiatives: tuple[InitiativeCard, ...]
    looked_at: tuple[LookedAt, ...]
    latest: tuple[PaymentRow, ...]
    payments: int
    private: PrivateTotal | None = None
    pending: PendingTotal | None = None
    flow: tuple[FlowLink, ...] = ()
    statements_looked_at: int = 0

    @property
    def widest(self) -> FlowLink | None:
        """The largest stream, for the conclusion above the picture."""
        return widest(self.flow)
