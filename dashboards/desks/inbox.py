"""The inbox and a case: what the rules found, and the step that is mine to take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect
from flask import render_template
from flask import request
from flask import url_for

from audit.rule import severity_rank
from dashboards.access.guard import visit
from dashboards.desks.desk import GONE
from dashboards.desks.desk import UNPROCESSABLE
from dashboards.desks.desk import desk_user
from dashboards.desks.desk import field_errors
from dashboards.desks.desk import foundation_by_id
from dashboards.desks.wording import case_sentence
from dashboards.desks.wording import evidence_lines
from dashboards.desks.wording import flag_sentence
from dashboards.desks.wording import rule_title
from dashboards.errors import ActionRefused
from dashboards.errors import FieldRefused
from dashboards.pages import desks as pages
from dashboards.pages.desks import CasePage
from dashboards.pages.desks import InboxPage
from dashboards.pages.desks import InboxRow
from dashboards.reading.state import day_of
from dashboards.work.cases import STEPS
from dashboards.work.cases import actions
from dashboards.work.cases import actor_of
from dashboards.work.cases import case_for
from dashboards.work.cases import inbox
from dashboards.work.cases import take_step
from dashboards.work.people import names_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import sqlalchemy as sa
    from flask.typing import ResponseReturnValue

    from dashboards.desks.desk import DeskBook
    from dashboards.desks.desk import Office
    from dashboards.desks.desk import Route
    from dashboards.pages.desks import FieldError
    from dashboards.work.casebook import Case
    from dashboards.work.casebook import CasePayment
    from dashboards.work.casebook import CaseStep


class InboxDesk:
    """The cases."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def routes(self) -> tuple[Route, ...]:
        """Address, name, methods and function of every page."""
        return (
            ("/signalen", "inbox", ["GET"], self.inbox),
            ("/signalen/<case>", "case", ["GET", "POST"], self.case),
        )

    def inbox(self) -> ResponseReturnValue:
        """Show the cases, by risk and then by age."""
        who = visit()
        with self._office.reading() as connection:
            found, tied = inbox(connection, who.person.id)
            rows = tuple(self._row(connection, case) for case in found)
        return render_template("desks/inbox.html", page=InboxPage(user=desk_user(who), rows=rows, tied=tied))

    def case(self, case: str) -> ResponseReturnValue:
        """Show a case, or take a step in it."""
        if request.method == "GET":
            return self._show(case)
        reason, action = request.form.get("reason", ""), request.form.get("action", "")
        known = next((name for name in STEPS if name == action), None)
        person, office = visit().person.id, self._office
        try:
            if known is None:
                raise ActionRefused
            with office.reading() as connection:
                case_for(connection, person, case)
            take_step(office.installation, person, case, known, reason=reason, now=office.clock())
        except FieldRefused as error:
            return self._show(case, reason, field_errors([error])), UNPROCESSABLE
        return redirect(url_for("desks.case", case=case), 303)

    def _row(self, connection: sa.Connection, case: Case) -> InboxRow:
        """Return a case as the inbox shows it."""
        since = day_of(case.raised_at)
        book = foundation_by_id(connection, case.foundation)
        return InboxRow(
            id=case.number,
            foundation=book.link,
            severity=case.severity,
            state=case.status,
            since=since,
            days=(self._office.today() - since).days,
            amount_minor=case.amount_minor,
            currency=book.currency,
            why=case_sentence(case),
        )

    def _show(self, number: str, reason: str = "", errors: tuple[FieldError, ...] = ()) -> str:
        """Show a case with what was typed."""
        who, now = visit(), self._office.clock()
        with self._office.reading() as connection:
            case = case_for(connection, who.person.id, number)
            book = foundation_by_id(connection, case.foundation)
            names = names_of(connection)
        page = CasePage(
            user=desk_user(who),
            csrf_token=who.form_token,
            id=case.number,
            foundation=book.link,
            severity=case.severity,
            state=case.status,
            since=day_of(case.raised_at),
            sentence=case_sentence(case),
            flags=_flags(case),
            payments=tuple(_payment(book, payment) for payment in case.payments),
            events=_events(case.steps, names),
            actions=actions(case, actor_of(who.roles, who.person.id, case.foundation), now),
            needs_second=severity_rank(case.severity) >= severity_rank("high"),
            reason=reason,
            errors=errors,
        )
        return render_template("desks/case.html", page=page)


def _flags(case: Case) -> tuple[pages.CaseFlag, ...]:
    """Return what the rules found."""
    return tuple(
        pages.CaseFlag(
            rule=flag.rule,
            title=rule_title(flag.rule),
            severity=flag.severity,
            why=flag_sentence(flag),
            evidence=evidence_lines(flag),
        )
        for flag in case.flags
    )


def _payment(book: DeskBook, payment: CasePayment) -> pages.CasePayment:
    """Return a line with what the bank says."""
    return pages.CasePayment(
        foundation=book.link,
        seq=payment.seq,
        booked_on=payment.booked_on,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        counterparty=payment.name,
        iban=payment.iban,
        remittance=payment.text,
    )


def _events(steps: tuple[CaseStep, ...], names: Mapping[str, str]) -> tuple[pages.CaseEvent, ...]:
    """Return the steps so far; one step with several flags of the case is one event."""
    events = {
        (step.at, step.status, step.by, step.reason): pages.CaseEvent(
            at=step.at,
            state=step.status,
            actor=", ".join(names.get(person, GONE) for person in step.by),
            reason=step.reason,
        )
        for step in steps
    }
    return tuple(events.values())
