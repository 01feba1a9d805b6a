"""Page values from the database: one function a page, each from one consistent state.

Public pages read public columns only. The one exception is `masked`, which gives totals over payees
that are not shown. No page reads the whole ledger: sums stand in tables of their own, lists are read by
index, and a proof reads a few hundred hashes.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import sqlalchemy as sa

from dashboards.reading import foundation as foundation_page
from dashboards.reading import home as home_page
from dashboards.reading import initiative as initiative_page
from dashboards.reading import payments as payments_page
from dashboards.reading import rules as rule_pages
from dashboards.reading import site as site_line
from dashboards.reading import soon as soon_page
from dashboards.reading import transaction as transaction_page
from dashboards.reading import verify as verify_page
from dashboards.reading.looks import LookTotals
from dashboards.reading.masked import MaskedTotals
from dashboards.reading.state import State
from dashboards.reading.state import day_of
from dashboards.work.verification import kept_verification
from ledger import tables

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from collections.abc import Hashable
    from collections.abc import Iterator

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
    from ledger.installation import Installation

_HEAD = sa.select(tables.log_head.c.size, tables.log_head.c.recorded_at)


class DatabaseReader:
    """Makes the values of the public pages from an installation; safe to share between threads.

    Args:
        installation: Where to read.
        clock: What time it is (aware). Where the clock is played, the log's last instant counts instead.
    """

    def __init__(self, installation: Installation, clock: Callable[[], dt.datetime]) -> None:
        self._installation = installation
        self._clock = clock
        self._masked = MaskedTotals()
        self._looks = LookTotals()

    def mark(self) -> Hashable:
        """Return the state that all pages show: what is recorded, signed and checked, and the day."""
        with self._installation.store.reading() as connection:
            size, last = connection.execute(_HEAD).one()
        signed, checked = self._installation.signer.published(), kept_verification(self._installation)
        return size, signed, checked, self._today(last)

    def site(self) -> Site:
        """Return what stands around every page."""
        with self._state() as state:
            return site_line.site(state)

    def home(self) -> HomePage:
        """Return the start page."""
        with self._state() as state:
            return home_page.home(state)

    def foundation(self, slug: str) -> FoundationPage:
        """Return a foundation.

        Raises:
            PageMissing: There is none.
        """
        with self._state() as state:
            return foundation_page.foundation(state, slug)

    def soon(self, slug: str) -> SoonPage:
        """Return how soon a foundation's payments that were not in order would have been seen.

        Raises:
            PageMissing: There is no such foundation, or nothing of it was ruled not in order.
        """
        with self._state() as state:
            return soon_page.soon(state, slug)

    def initiative(self, slug: str) -> InitiativePage:
        """Return an initiative.

        Raises:
            PageMissing: There is none.
        """
        with self._state() as state:
            return initiative_page.initiative(state, slug)

    def transaction(self, slug: str, seq: int) -> TransactionPage:
        """Return a payment by its foundation's slug and its number in that book.

        Raises:
            PageMissing: There is none.
        """
        with self._state() as state:
            return transaction_page.transaction(state, slug, seq)

    def payments(self, asked: PaymentFilter, page: int) -> PaymentsPage:
        """Return a page of payments.

        Raises:
            PageMissing: There are fewer pages.
        """
        with self._state() as state:
            return payments_page.payments(state, asked, page)

    def rules(self) -> tuple[RuleSummary, ...]:
        """Return every rule, in order of id."""
        return rule_pages.rules()

    def rule(self, rule_id: str) -> RulePage:
        """Return one rule.

        Raises:
            PageMissing: There is none.
        """
        with self._state() as state:
            return rule_pages.rule(state, rule_id)

    def verify(self) -> VerifyPage:
        """Return the outcome of the last check, and a line to try it on."""
        with self._state() as state:
            return verify_page.verify(state)

    @contextlib.contextmanager
    def _state(self) -> Iterator[State]:
        with self._installation.store.reading() as connection:
            _, last = connection.execute(_HEAD).one()
            yield State(connection, self._installation, self._today(last), self._masked, self._looks)

    def _today(self, last: dt.datetime | None) -> dt.date:
        """Return the day in Amsterdam; where the clock is played, that of the last entry."""
        return day_of(last if last and self._installation.settings.simulated else self._clock())
