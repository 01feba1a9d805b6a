"""Where pages get their values from: a protocol, so that pages know no database.

Every method returns one page's value. What is not there, or may not be shown, raises `PageMissing`.
The values are the same in every language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Protocol

from ledger.errors import BuurtkasError

if TYPE_CHECKING:
    from collections.abc import Hashable

    from dashboards.pages.foundation import FoundationPage
    from dashboards.pages.home import HomePage
    from dashboards.pages.initiative import InitiativePage
    from dashboards.pages.payments import PaymentFilter
    from dashboards.pages.payments import PaymentsPage
    from dashboards.pages.rules import RulePage
    from dashboards.pages.rules import RuleSummary
    from dashboards.pages.shell import Site
    from dashboards.pages.soon import SoonPage
    from dashboards.pages.transaction import TransactionPage
    from dashboards.pages.verify import VerifyPage


class PageMissing(BuurtkasError):
    """There is no such page; the web answers 404."""

    code = "page_missing"

    def __init__(self) -> None:
        super().__init__("There is no such page. Go back to the start page and search from there.")


class Reader(Protocol):
    """Makes the values of the public pages."""

    def mark(self) -> Hashable:
        """What stands for all that pages show: another one whenever any of them may say something else."""
        ...

    def site(self) -> Site:
        """What stands around every page."""
        ...

    def home(self) -> HomePage:
        """The start page."""
        ...

    def foundation(self, slug: str) -> FoundationPage:
        """A foundation; PageMissing when there is none."""
        ...

    def soon(self, slug: str) -> SoonPage:
        """How soon a foundation's payments that were not in order would have been seen; PageMissing without any."""
        ...

    def initiative(self, slug: str) -> InitiativePage:
        """An initiative; PageMissing when there is none."""
        ...

    def transaction(self, slug: str, seq: int) -> TransactionPage:
        """A payment by its foundation's slug and its number in that book; PageMissing when it is none."""
        ...

    def payments(self, asked: PaymentFilter, page: int) -> PaymentsPage:
        """A page of payments; an unknown foundation or initiative finds nothing, a page too far is missing."""
        ...

    def rules(self) -> tuple[RuleSummary, ...]:
        """Every rule, in order of id."""
        ...

    def rule(self, rule_id: str) -> RulePage:
        """One rule; PageMissing when there is none."""
        ...

    def verify(self) -> VerifyPage:
        """The outcome of the last check, and a line to try it on."""
        ...
