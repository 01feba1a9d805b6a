"""The desk of payees: the register, proposing, and approving as the second person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for

from dashboards.access.guard import visit
from dashboards.desks.desk import GONE
from dashboards.desks.desk import UNPROCESSABLE
from dashboards.desks.desk import desk_user
from dashboards.desks.desk import field_errors
from dashboards.desks.desk import my_foundation
from dashboards.desks.typed import read_day
from dashboards.desks.wording import CODES
from dashboards.errors import DayRefused
from dashboards.errors import FieldRefused
from dashboards.errors import Missing
from dashboards.pages.desks import Choice
from dashboards.pages.desks import PayeeForm
from dashboards.pages.desks import PayeeRow
from dashboards.pages.desks import PayeesPage
from dashboards.pages.words import word
from dashboards.reading.state import day_of
from dashboards.templating import translated
from dashboards.work.people import names_of
from dashboards.work.people import people_of
from dashboards.work.proposals import PayeeProposal
from dashboards.work.register import approve_payee
from dashboards.work.register import propose_payee
from dashboards.work.register import revoke_payee
from ledger import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from dashboards.desks.desk import DeskBook
    from dashboards.desks.desk import Office
    from dashboards.desks.desk import Route
    from dashboards.pages.desks import FieldError

KINDS = {
    "organisation": word("an organisation, such as a shop or an association"),
    "sole_trader": word("somebody with an own business"),
    "person": word("a person, such as a volunteer"),
}
LONGEST_SEARCH = 140
FIELDS = ("name", "iban", "kvk", "kind", "starts")


class PayeesDesk:
    """The register of who may be paid."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def routes(self) -> tuple[Route, ...]:
        """Address, name, methods and function of every page."""
        return (
            ("/<slug>/begunstigden", "payees", ["GET"], self.payees),
            ("/<slug>/begunstigden/nieuw", "payee_new", ["GET", "POST"], self.new),
            ("/<slug>/begunstigden/<payee>/akkoord", "payee_approve", ["POST"], self.approve),
            ("/<slug>/begunstigden/<payee>/intrekken", "payee_revoke", ["POST"], self.revoke),
        )

    def payees(self, slug: str) -> ResponseReturnValue:
        """Show the register, or what a search finds in it."""
        with self._office.reading() as connection:
            book = my_foundation(connection, slug)
        return self._show(book)

    def new(self, slug: str) -> ResponseReturnValue:
        """Show the form, or propose a payee."""
        with self._office.reading() as connection:
            book = my_foundation(connection, slug)
        if request.method == "GET":
            return self._form(book, {"kind": "organisation", "starts": self._office.today().isoformat()})
        typed = {field: request.form.get(field, "") for field in FIELDS}
        try:
            proposal = _proposal(typed)
            propose_payee(self._office.installation, visit().person.id, book.id, proposal, self._office.clock())
        except FieldRefused as error:
            return self._form(book, typed, field_errors([error])), UNPROCESSABLE
        return redirect(url_for("desks.payees", slug=slug), 303)

    def approve(self, slug: str, payee: str) -> ResponseReturnValue:
        """Approve a payee."""
        with self._office.reading() as connection:
            book = my_foundation(connection, slug)
            if owner_of(connection, tables.payee, payee) != book.id:
                raise Missing
        approve_payee(self._office.installation, visit().person.id, payee, self._office.clock())
        return redirect(url_for("desks.payees", slug=slug), 303)

    def revoke(self, slug: str, payee: str) -> ResponseReturnValue:
        """Take a payee out of the register."""
        with self._office.reading() as connection:
            book = my_foundation(connection, slug)
            if owner_of(connection, tables.payee, payee) != book.id:
                raise Missing
        reason = request.form.get("reason", "")
        try:
            revoke_payee(self._office.installation, visit().person.id, payee, reason, self._office.clock())
        except FieldRefused as error:
            return self._show(book, payee, reason, field_errors([error])), UNPROCESSABLE
        return redirect(url_for("desks.payees", slug=slug), 303)

    def _show(
        self, book: DeskBook, refused: str | None = None, reason: str = "", errors: tuple[FieldError, ...] = ()
    ) -> str:
        """Show the register with what was searched for, and what was typed."""
        who, search = visit(), request.args.get("zoek", "").strip()[:LONGEST_SEARCH]
        with self._office.reading() as connection:
            rows = payee_rows(connection, book.id, who.person.id)
            others = others_of(connection, book.id, who.person.id)
        page = PayeesPage(
            user=desk_user(who),
            foundation=book.link,
            csrf_token=who.form_token,
            waiting=tuple(row for row in rows if row.approved_on is None),
            approved=tuple(row for row in rows if row.approved_on is not None and _found(row, search)),
            others=others,
            search=search,
            refused=refused,
            reason=reason,
            errors=errors,
        )
        return render_template("desks/payees.html", page=page)

    def _form(self, book: DeskBook, typed: Mapping[str, str], errors: tuple[FieldError, ...] = ()) -> str:
        """Show the form with what was typed."""
        who = visit()
        with self._office.reading() as connection:
            others = others_of(connection, book.id, who.person.id)
        page = PayeeForm(
            user=desk_user(who),
            foundation=book.link,
            csrf_token=who.form_token,
            kinds=tuple(Choice(value=kind, label=translated(label)) for kind, label in KINDS.items()),
            others=others,
            errors=errors,
            **typed,
        )
        return render_template("desks/payee_new.html", page=page)


def owner_of(connection: sa.Connection, table: sa.Table, id_: str) -> str | None:
    """Return the foundation whose payee or decision this is."""
    return connection.execute(sa.select(table.c.foundation).where(table.c.id == id_)).scalar_one_or_none()


def others_of(connection: sa.Connection, foundation: str, person: str) -> tuple[str, ...]:
    """Return the names of who else can approve what this person proposes."""
    names = names_of(connection)
    return tuple(sorted(names.get(other, GONE) for other in people_of(connection, foundation) - {person}))


def payee_rows(connection: sa.Connection, foundation: str, person: str) -> tuple[PayeeRow, ...]:
    """Return the payees that wait or stand, the newest first."""
    table = tables.payee
    query = sa.select(table).where(table.c.foundation == foundation, table.c.status != "revoked")
    names = names_of(connection)
    rows = connection.execute(query.order_by(table.c.idx.desc())).all()
    return tuple(_row(row, names, person) for row in rows)


def _row(row: sa.Row[tuple[object, ...]], names: Mapping[str, str], person: str) -> PayeeRow:
    """Return a payee as its desk shows it; what was erased is a dash."""
    approved = day_of(row.approved_at) if row.approved_at else None
    return PayeeRow(
        id=row.id,
        name=row.private_name or GONE,
        ibans=tuple(row.private_ibans or ()),
        kvk=row.private_kvk,
        kind=translated(CODES["kind"][row.private_kind]) if row.private_kind in CODES["kind"] else None,
        starts=row.starts,
        proposed_by=names.get(row.proposed_by, GONE),
        proposed_on=day_of(row.proposed_at),
        approved_by=names.get(row.approved_by, GONE) if approved else None,
        approved_on=approved,
        may_approve=row.status == "proposed" and row.proposed_by != person,
    )


def _found(row: PayeeRow, search: str) -> bool:
    """Tell whether a name or an IBAN holds what was searched for, however it is written."""
    wanted = "".join(search.casefold().split())
    return any(wanted in "".join(text.casefold().split()) for text in (row.name, *row.ibans))


def _proposal(typed: Mapping[str, str]) -> PayeeProposal:
    """Return what was typed as a proposal.

    Raises:
        DayRefused: The first day cannot be read.
    """
    return PayeeProposal(
        name=typed["name"],
        ibans=(typed["iban"],),
        kvk=typed["kvk"] or None,
        kind=typed["kind"],
        starts=read_day(typed["starts"], DayRefused),
    )
