"""The home page: how much there was, how much is gone, how much is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboards.pages.parts import NO_LOOKS
from dashboards.pages.words import word

if TYPE_CHECKING:
    from dashboards.pages.parts import BankSum
    from dashboards.pages.parts import FoundationCard
    from dashboards.pages.parts import InitiativeCard
    from dashboards.pages.parts import LookCounts
    from dashboards.pages.parts import PaymentRow
    from dashboards.pages.parts import StatementBadge
    from dashboards.pages.parts import Sums
    from dashboards.pages.verify import FirstProblem

DISTRICT_MONEY = word("the district's money")
"""Where every stream begins, as a message id: a grant's reference says nothing to a neighbour."""
OTHERS = word("the other initiatives")
"""Where the streams of the smallest initiatives go together, as a message id."""
OWN_PLACES = frozenset({DISTRICT_MONEY, OTHERS})
"""Places that have no name of their own: they are said in the reader's language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowLink:
    """Money from one place to another, by their public names.

    Args:
        step: 0 for grant to initiative, 1 for initiative to category; keeps places of one name apart.
        source: where it came from; of step 0 a message id.
        target: where it went.
        amount_minor: how much, above zero.
    """

    step: int
    source: str
    target: str
    amount_minor: int


def widest(flow: tuple[FlowLink, ...]) -> FlowLink | None:
    """Return the largest stream out of a grant, None when there is none."""
    first = [link for link in flow if link.step == 0]
    return max(first, key=lambda link: link.amount_minor, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The outcome of the installation's own last check; `problem` is the first thing that does not hold."""

    ok: bool
    checked: int
    total: int
    problem: FirstProblem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """All that the home page shows.

    Args:
        neighbourhood: for whom the money is, or the district's own name when there are several.
        sums: over all foundations.
        latest: the newest payments, at most three.
        foundations: all of them, by name.
        initiatives: all of them, largest budget first.
        flow: grant to initiative to category; empty before the first payment.
        verdict: None before the first check.
        unawarded_minor: what of the rounds was not granted to anyone yet; None without a round.
        looks: what is looked at, and what became of it.
        bank: how the banks come to their balance; None while one of them has not said.
        badge: how far the figures of all foundations go; None where no bank stands behind them.
    """

    neighbourhood: str
    sums: Sums
    latest: tuple[PaymentRow, ...]
    foundations: tuple[FoundationCard, ...]
    initiatives: tuple[InitiativeCard, ...]
    flow: tuple[FlowLink, ...] = ()
    verdict: Verdict | None = None
    unawarded_minor: int | None = None
    looks: LookCounts = NO_LOOKS
    bank: BankSum | None = None
    badge: StatementBadge | None = None

    @property
    def widest(self) -> FlowLink | None:
        """The largest stream, for the conclusion above the picture."""
        return widest(self.flow)
