"""The desk of accounts: those that are declared, and approving or refusing one as the second person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect
from flask import render_template
from flask import url_for

from dashboards.access.guard import visit
from dashboards.desks.desk import GONE
from dashboards.desks.desk import desk_user
from dashboards.desks.desk import my_foundation
from dashboards.desks.payees import others_of
from dashboards.desks.payees import owner_of
from dashboards.errors import Missing
from dashboards.pages.accounts import AccountRow
from dashboards.pages.accounts import AccountsPage
from dashboards.pages.accounts import ProposedAccount
from dashboards.pages.words import word
from dashboards.reading.state import day_of
from dashboards.templating import translated
from dashboards.work.accounts import approve_account
from dashboards.work.accounts import declared_accounts
from dashboards.work.accounts import proposals
from dashboards.work.accounts import refuse_account
from dashboards.work.people import names_of
from ledger import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from dashboards.desks.desk import Office
    from dashboards.desks.desk import Route
    from dashboards.work.accounts import AccountProposal

MANDATES = {
    "together": word("two people together"),
    "alone": word("one person alone"),
    "unknown": word("I do not know"),
}
"""Who can pay from an account, as a form asks and a list says."""
NOT_KNOWN = word("nobody has said who can pay")


class AccountsDesk:
    """A foundation's accounts."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def routes(self) -> tuple[Route, ...]:
        """Address, name, methods and function of every page."""
        return (
            ("/<slug>/rekeningen", "accounts", ["GET"], self.accounts),
            ("/<slug>/rekeningen/<proposal>/akkoord", "account_approve", ["POST"], self.approve),
            ("/<slug>/rekeningen/<proposal>/weigeren", "account_refuse", ["POST"], self.refuse),
        )

    def accounts(self, slug: str) -> ResponseReturnValue:
        """Show what waits and what is declared."""
        who = visit()
        with self._office.reading() as connection:
            book = my_foundation(connection, slug)
            names = names_of(connection)
            page = AccountsPage(
                user=desk_user(who),
                foundation=book.link,
                csrf_token=who.form_token,
                waiting=tuple(proposed(one, names, who.person.id) for one in proposals(connection, book.id)),
                declared=tuple(
                    AccountRow(iban=one.iban, mandate=mandate_words(one.mandate), declared_on=day_of(one.declared_at))
                    for one in declared_accounts(connection, book.id)
                ),
                others=others_of(connection, book.id, who.person.id),
            )
        return render_template("desks/accounts.html", page=page)

    def approve(self, slug: str, proposal: str) -> ResponseReturnValue:
        """Declare an account as the second person."""
        self._check(slug, proposal)
        approve_account(self._office.installation, visit().person.id, proposal, self._office.clock())
        return redirect(url_for("desks.accounts", slug=slug), 303)

    def refuse(self, slug: str, proposal: str) -> ResponseReturnValue:
        """Say that an account is not declared, or take back that it should be."""
        self._check(slug, proposal)
        refuse_account(self._office.installation, visit().person.id, proposal, self._office.clock())
        return redirect(url_for("desks.accounts", slug=slug), 303)

    def _check(self, slug: str, proposal: str) -> None:
        """Refuse a proposal that is not of this foundation."""
        with self._office.reading() as connection:
            if owner_of(connection, tables.account_proposal, proposal) != my_foundation(connection, slug).id:
                raise Missing


def proposed(one: AccountProposal, names: Mapping[str, str], person: str) -> ProposedAccount:
    """Return an account that waits, as its desk shows it to somebody."""
    return ProposedAccount(
        id=one.id,
        iban=one.iban,
        holder=one.holder,
        mandate=mandate_words(one.mandate),
        proposed_by=names.get(one.proposed_by, GONE),
        proposed_on=day_of(one.proposed_at),
        may_approve=one.proposed_by != person,
    )


def mandate_words(mandate: str) -> str:
    """Return who can pay from an account, in words."""
    return translated(NOT_KNOWN if mandate == "unknown" else MANDATES[mandate])
