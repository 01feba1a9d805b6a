"""A foundation's page: what it got, spent, cannot explain yet, and has left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Literal

from dashboards.pages.home import FlowLink
from dashboards.pages.home import widest
from dashboards.pages.parts import NO_LOOKS

if TYPE_CHECKING:
    import datetime as dt

    from dashboards.pages.parts import BankSum
    from dashboards.pages.parts import InitiativeCard
    from dashboards.pages.parts import Link
    from dashboards.pages.parts import LookCounts
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
        looked_at: the newest of its payments that are being looked at.
        not_in_order: the newest of its payments that were ruled not in order.
        looks: how many there are of each, and how many were found in order.
        statements_looked_at: how many of its bank statements are.
        accounts_looked_at: about how many of its accounts themselves something is.
        private: None when there is nothing; so is `pending`.
        bank: how the bank comes to its balance; None while an account's balance is not known.
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
    accounts_looked_at: int = 0
    not_in_order: tuple[LookedAt, ...] = ()
    looks: LookCounts = NO_LOOKS
    bank: BankSum | None = None

    @property
    def was_paid_out(self) -> bool:
        """Whether money was paid that was ruled not in order, so that there is a page on how soon it was seen."""
        return any(look.amount_minor < 0 for look in self.not_in_order)

    @property
    def budgets_left_minor(self) -> int:
        """What its initiatives together have left by their budgets; it may be more than the foundation has."""
        return sum(card.sums.left_minor for card in self.initiatives)

    @property
    def widest(self) -> FlowLink | None:
        """The largest stream, for the conclusion above the picture."""
        return widest(self.flow)
