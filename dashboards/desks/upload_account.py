"""The question of an upload that waits for an account: one that nobody declared, or one that the file does not name."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from flask import redirect
from flask import render_template
from flask import request
from flask import url_for

from dashboards.access.guard import visit
from dashboards.desks.accounts import MANDATES
from dashboards.desks.accounts import proposed
from dashboards.desks.begun import is_treasurer
from dashboards.desks.desk import UNPROCESSABLE
from dashboards.desks.desk import desk_user
from dashboards.desks.desk import field_errors
from dashboards.desks.payees import others_of
from dashboards.errors import AccountRefused
from dashboards.errors import FieldRefused
from dashboards.errors import NotAllowed
from dashboards.errors import Settled
from dashboards.pages.accounts import UndeclaredAccount
from dashboards.pages.accounts import UploadAccountPage
from dashboards.pages.desks import Choice
from dashboards.templating import translated
from dashboards.work.accounts import declared_accounts
from dashboards.work.accounts import proposals
from dashboards.work.accounts import propose_account
from dashboards.work.claiming import ask
from dashboards.work.drafts import Stage
from dashboards.work.drafts import keep_account
from dashboards.work.people import names_of

if TYPE_CHECKING:
    import sqlalchemy as sa
    from flask.typing import ResponseReturnValue

    from dashboards.desks.begun import Opening
    from dashboards.desks.desk import DeskBook
    from dashboards.desks.desk import Office
    from dashboards.desks.desk import Route
    from dashboards.pages.desks import FieldError
    from dashboards.work.drafts import Draft


class AccountStep:
    """Asking which account a file is about, or whose it is.

    Args:
        office: The installation and the clock.
        opening: Opens the upload.
    """

    def __init__(self, office: Office, opening: Opening) -> None:
        self._office = office
        self._opening = opening

    def routes(self) -> tuple[Route, ...]:
        """Address, name, methods and function of every page."""
        return (("/afschrift/<draft>/rekening", "upload_account", ["GET", "POST"], self.account),)

    def account(self, draft: str) -> ResponseReturnValue:
        """Ask for what the file waits for, or take the answer; where it waits for nothing, go on."""
        own, book = self._opening.own(draft)
        on = redirect(url_for("desks.upload_preview", draft=draft), 303)
        if own.receipt is not None or own.working:
            return on
        unknown = self._opening.waits(own, book)
        if unknown is None:
            return on
        if not unknown:
            return self._choose(own, book) if request.method == "GET" else self._chosen(own, book)
        if not is_treasurer(book):
            raise NotAllowed
        return self._ask(own, book, unknown) if request.method == "GET" else self._proposed(own, book, unknown)

    def _choose(self, own: Draft, book: DeskBook, errors: tuple[FieldError, ...] = ()) -> str:
        """Ask which of the foundation's accounts a file is about; the only one there is, is chosen already."""
        with self._office.reading() as connection:
            accounts = [one.iban for one in declared_accounts(connection, book.id)]
        choices = tuple(Choice(value=iban, label=iban) for iban in accounts)
        return self._show(own, book, choices=choices, chosen=accounts[0] if len(accounts) == 1 else "", errors=errors)

    def _chosen(self, own: Draft, book: DeskBook) -> ResponseReturnValue:
        """Keep which account a file is about."""
        account = request.form.get("account", "")
        with self._office.reading() as connection:
            declared = {one.iban for one in declared_accounts(connection, book.id)}
        if account not in declared:
            return self._choose(own, book, field_errors([AccountRefused()])), UNPROCESSABLE
        keep_account(self._office.installation, own, account)
        if own.stage is not None:
            ask(self._office.installation, own, Stage.READING)
        return redirect(url_for("desks.upload_preview", draft=own.id), 303)

    def _ask(
        self, own: Draft, book: DeskBook, unknown: tuple[str, ...], refused: FieldRefused | None = None
    ) -> ResponseReturnValue:
        """Ask whose the accounts are, with what was typed about one of them."""
        with self._office.reading() as connection:
            undeclared = self._undeclared(connection, book, unknown, refused)
            others = others_of(connection, book.id, visit().person.id)
        mandates = tuple(Choice(value=value, label=translated(label)) for value, label in MANDATES.items())
        errors = field_errors([refused]) if refused else ()
        page = self._show(own, book, undeclared=undeclared, mandates=mandates, others=others, errors=errors)
        return (page, UNPROCESSABLE) if refused else page

    def _undeclared(
        self, connection: sa.Connection, book: DeskBook, unknown: tuple[str, ...], refused: FieldRefused | None
    ) -> tuple[UndeclaredAccount, ...]:
        """Return the accounts that nobody declared, as the page shows them."""
        names, person = names_of(connection), visit().person.id
        waiting = {one.iban: proposed(one, names, person) for one in proposals(connection, book.id)}
        before = {one.iban for one in proposals(connection, book.id, settled=True) if one.account is None}
        typed = request.form if refused else {}
        return tuple(
            UndeclaredAccount(
                iban=iban,
                holder=typed["holder"] if iban == typed.get("account") else book.name,
                mandate=typed.get("mandate", "") if iban == typed.get("account") else "",
                waits=waiting.get(iban),
                refused=iban in before,
                errors=field_errors([refused]) if refused and iban == typed.get("account") else (),
            )
            for iban in unknown
        )

    def _proposed(self, own: Draft, book: DeskBook, unknown: tuple[str, ...]) -> ResponseReturnValue:
        """Propose one of the accounts; its number is the file's, not the form's."""
        account, holder, mandate = (request.form.get(name, "") for name in ("account", "holder", "mandate"))
        if account not in unknown:
            raise Settled
        person, now = visit().person.id, self._office.clock()
        try:
            propose_account(self._office.installation, person, book.id, account, holder, mandate, now)
        except FieldRefused as error:
            return self._ask(own, book, unknown, error)
        return redirect(url_for("desks.upload_account", draft=own.id), 303)

    def _show(self, own: Draft, book: DeskBook, **more: Any) -> str:  # noqa: ANN401 - the page's other fields
        """Show the page."""
        who = visit()
        page = UploadAccountPage(
            user=desk_user(who),
            foundation=book.link,
            csrf_token=who.form_token,
            draft=own.id,
            filename=own.filename,
            **more,
        )
        return render_template("desks/upload_account.html", page=page)
