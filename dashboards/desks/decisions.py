"""The desk of decisions: what may be spent beforehand, proposed by one and approved by another."""

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
from dashboards.desks.payees import others_of
from dashboards.desks.payees import owner_of
from dashboards.desks.payees import payee_rows
from dashboards.desks.targets import target_groups
from dashboards.desks.targets import target_names
from dashboards.desks.typed import read_amount
from dashboards.desks.typed import read_day
from dashboards.desks.typed import read_target
from dashboards.errors import CeilingRefused
from dashboards.errors import DayRefused
from dashboards.errors import EndRefused
from dashboards.errors import FieldRefused
from dashboards.errors import Missing
from dashboards.errors import MonthCeilingRefused
from dashboards.errors import PayeeRefused
from dashboards.errors import TargetRefused
from dashboards.pages.desks import Choice
from dashboards.pages.desks import DecisionForm
from dashboards.pages.desks import DecisionRow
from dashboards.pages.desks import DecisionsPage
from dashboards.pages.words import word
from dashboards.reading.state import day_of
from dashboards.templating import translated
from dashboards.work.people import names_of
from dashboards.work.proposals import DecisionProposal
from dashboards.work.register import approve_decision
from dashboards.work.register import propose_decision
from dashboards.work.register import withdraw_decision
from ledger import tables

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from dashboards.desks.desk import DeskBook
    from dashboards.desks.desk import Office
    from dashboards.desks.desk import Route
    from dashboards.pages.desks import FieldError

CHOOSE = word("choose")
SMALL = "small"
SMALL_EXPENSES = word("Small expenses, without a payee")
FIELDS = ("payee", "ceiling", "month_ceiling", "purpose", "target", "starts", "ends")


class DecisionsDesk:
    """What may be spent."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def routes(self) -> tuple[Route, ...]:
        """Address, name, methods and function of every page."""
        return (
            ("/<slug>/besluiten", "decisions", ["GET"], self.decisions),
            ("/<slug>/besluiten/nieuw", "decision_new", ["GET", "POST"], self.new),
            ("/<slug>/besluiten/<decision>/akkoord", "decision_approve", ["POST"], self.approve),
            ("/<slug>/besluiten/<decision>/intrekken", "decision_withdraw", ["POST"], self.withdraw),
        )

    def decisions(self, slug: str) -> ResponseReturnValue:
        """Show the decisions."""
        with self._office.reading() as connection:
            book = my_foundation(connection, slug)
        return self._show(book)

    def new(self, slug: str) -> ResponseReturnValue:
        """Show the form, or propose a decision."""
        with self._office.reading() as connection:
            book = my_foundation(connection, slug)
        today = self._office.today()
        if request.method == "GET":
            return self._form(book, {"starts": today.isoformat()})
        typed = {field: request.form.get(field, "") for field in FIELDS}
        try:
            proposal = _proposal(typed, today)
            propose_decision(self._office.installation, visit().person.id, book.id, proposal, self._office.clock())
        except FieldRefused as error:
            return self._form(book, typed, field_errors([error])), UNPROCESSABLE
        return redirect(url_for("desks.decisions", slug=slug), 303)

    def approve(self, slug: str, decision: str) -> ResponseReturnValue:
        """Approve a decision."""
        with self._office.reading() as connection:
            book = my_foundation(connection, slug)
            if owner_of(connection, tables.decision, decision) != book.id:
                raise Missing
        approve_decision(self._office.installation, visit().person.id, decision, self._office.clock())
        return redirect(url_for("desks.decisions", slug=slug), 303)

    def withdraw(self, slug: str, decision: str) -> ResponseReturnValue:
        """Withdraw a decision for payments from now on."""
        with self._office.reading() as connection:
            book = my_foundation(connection, slug)
            if owner_of(connection, tables.decision, decision) != book.id:
                raise Missing
        reason = request.form.get("reason", "")
        try:
            withdraw_decision(self._office.installation, visit().person.id, decision, reason, self._office.clock())
        except FieldRefused as error:
            return self._show(book, decision, reason, field_errors([error])), UNPROCESSABLE
        return redirect(url_for("desks.decisions", slug=slug), 303)

    def _show(
        self, book: DeskBook, refused: str | None = None, reason: str = "", errors: tuple[FieldError, ...] = ()
    ) -> str:
        """Show the decisions, with what was typed."""
        who = visit()
        with self._office.reading() as connection:
            rows = decision_rows(connection, book.id, who.person.id)
            others = others_of(connection, book.id, who.person.id)
        page = DecisionsPage(
            user=desk_user(who),
            foundation=book.link,
            csrf_token=who.form_token,
            waiting=tuple(row for row in rows if row.approved_on is None),
            approved=tuple(row for row in rows if row.approved_on is not None),
            others=others,
            refused=refused,
            reason=reason,
            errors=errors,
        )
        return render_template("desks/decisions.html", page=page)

    def _form(self, book: DeskBook, typed: Mapping[str, str], errors: tuple[FieldError, ...] = ()) -> str:
        """Show the form with what was typed."""
        who = visit()
        with self._office.reading() as connection:
            payees = payee_rows(connection, book.id, who.person.id)
            targets = target_groups(connection, book.id)
            others = others_of(connection, book.id, who.person.id)
        page = DecisionForm(
            user=desk_user(who),
            foundation=book.link,
            csrf_token=who.form_token,
            payees=(
                Choice(value="", label=translated(CHOOSE)),
                *(Choice(value=payee.id, label=payee.name) for payee in sorted(payees, key=lambda row: row.name)),
                Choice(value=SMALL, label=translated(SMALL_EXPENSES)),
            ),
            targets=targets,
            others=others,
            errors=errors,
            **typed,
        )
        return render_template("desks/decision_new.html", page=page)


def decision_rows(connection: sa.Connection, foundation: str, person: str) -> tuple[DecisionRow, ...]:
    """Return the decisions that wait or stand, the newest first."""
    table = tables.decision
    query = sa.select(table).where(table.c.foundation == foundation, table.c.status != "withdrawn")
    names = names_of(connection)
    payees = {row.id: row.name for row in payee_rows(connection, foundation, person)}
    targets = target_names(connection, foundation)
    rows = connection.execute(query.order_by(table.c.idx.desc())).all()
    return tuple(_row(row, {**names, **payees, **targets}, person) for row in rows)


def _row(row: sa.Row[tuple[object, ...]], names: Mapping[str, str], person: str) -> DecisionRow:
    """Return a decision as its desk shows it; what was erased is a dash. Names are by id."""
    return DecisionRow(
        id=row.id,
        payee=names.get(row.private_payee, GONE) if row.private_payee else None,
        ceiling_minor=row.ceiling_minor,
        month_ceiling_minor=row.month_ceiling_minor,
        currency=row.currency,
        purpose=row.private_purpose or GONE,
        initiative=names.get(row.initiative) if row.initiative else None,
        starts=row.starts,
        ends=row.ends,
        proposed_by=names.get(row.proposed_by, GONE),
        proposed_on=day_of(row.proposed_at),
        approved_by=names.get(row.approved_by, GONE) if row.approved_at else None,
        approved_on=day_of(row.approved_at) if row.approved_at else None,
        may_approve=row.status == "proposed" and row.proposed_by != person,
    )


def _proposal(typed: Mapping[str, str], today: dt.date) -> DecisionProposal:
    """Return what was typed as a proposal, decided today.

    Raises:
        FieldRefused: Something cannot be read.
    """
    if not typed["payee"]:
        raise PayeeRefused
    small = typed["payee"] == SMALL
    ceiling = read_amount(typed["ceiling"], CeilingRefused)
    initiative, category = read_target(typed["target"], TargetRefused)
    return DecisionProposal(
        payee=None if small else typed["payee"],
        ceiling_minor=ceiling,
        month_ceiling_minor=read_amount(typed["month_ceiling"], MonthCeilingRefused) if small else None,
        purpose=typed["purpose"],
        initiative=initiative,
        category=category,
        starts=read_day(typed["starts"], DayRefused),
        ends=read_day(typed["ends"], EndRefused),
        decided_on=today,
    )
