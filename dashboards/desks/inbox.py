"""The inbox and a case: what the rules found, and the step that is mine to take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect
from flask import render_template
from flask import request
from flask import url_for

from audit.rule import severity_rank
from dashboards.access.guard import visit
from dashboards.desks.case_words import case_title
from dashboards.desks.case_words import days_text
from dashboards.desks.case_words import findings
from dashboards.desks.case_words import turn_sentence
from dashboards.desks.caseload import caseload
from dashboards.desks.desk import GONE
from dashboards.desks.desk import UNPROCESSABLE
from dashboards.desks.desk import desk_user
from dashboards.desks.desk import field_errors
from dashboards.desks.desk import foundation_by_id
from dashboards.errors import ActionRefused
from dashboards.errors import FieldRefused
from dashboards.pages import cases as pages
from dashboards.pages.words import word
from dashboards.reading.state import day_of
from dashboards.templating import translated
from dashboards.work.casebook import NUMBER_DIGITS
from dashboards.work.casebook import RISEN
from dashboards.work.casebook import with_names
from dashboards.work.cases import STEPS
from dashboards.work.cases import actions
from dashboards.work.cases import actor_of
from dashboards.work.cases import case_for
from dashboards.work.cases import take_step
from dashboards.work.hints import open_hints
from dashboards.work.hints import set_aside
from dashboards.work.hints import take_up_hint
from dashboards.work.people import names_of

if TYPE_CHECKING:
    import datetime as dt
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

THE_RULES = word("the rules")
"""Who took a step that no person took."""


class InboxDesk:
    """The cases."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def routes(self) -> tuple[Route, ...]:
        """Address, name, methods and function of every page."""
        return (
            ("/signalen", "inbox", ["GET"], self.inbox),
            ("/signalen/<case>", "case", ["GET", "POST"], self.case),
            ("/signalen/aanwijzing/<hint>", "hint", ["POST"], self.hint),
        )

    def inbox(self) -> ResponseReturnValue:
        """Show the cases, those where it is this person's turn first."""
        who, office = visit(), self._office
        with office.reading() as connection:
            load = caseload(connection, who, office.clock())
            hints, waiting = open_hints(connection, who.person.id)
            page = pages.InboxPage(
                user=desk_user(who),
                csrf_token=who.form_token,
                hints=self._hints(connection, hints),
                waiting=waiting,
                yours=self._rows(connection, load.yours),
                others=self._rows(connection, load.others),
                tied=load.tied,
            )
        return render_template("desks/inbox.html", page=page)

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

    def hint(self, hint: str) -> ResponseReturnValue:
        """Take a hint up, which makes it a case, or set it aside."""
        person, office, action = visit().person.id, self._office, request.form.get("action", "")
        if action == "take_up":
            case = take_up_hint(office.installation, person, hint, office.clock())
            return redirect(url_for("desks.case", case=case[:NUMBER_DIGITS]), 303)
        if action != "set_aside":
            raise ActionRefused
        set_aside(office.installation, person, hint, office.clock())
        return redirect(url_for("desks.inbox"), 303)

    def _hints(self, connection: sa.Connection, found: tuple[Case, ...]) -> tuple[pages.HintRow, ...]:
        """Return hints as the inbox shows them."""
        books = {id_: foundation_by_id(connection, id_) for id_ in {case.foundation for case in found}}
        return tuple(
            _hint(case, books[case.foundation], self._office.today()) for case in with_names(connection, found)
        )

    def _rows(self, connection: sa.Connection, found: tuple[Case, ...]) -> tuple[pages.InboxRow, ...]:
        """Return cases as the inbox shows them."""
        links = {id_: foundation_by_id(connection, id_).link for id_ in {case.foundation for case in found}}
        today = self._office.today()
        return tuple(
            pages.InboxRow(
                id=case.number,
                foundation=links[case.foundation],
                severity=case.severity,
                state=case.status,
                since=days_text([day_of(case.raised_at)], today),
                title=case_title(case, today),
            )
            for case in with_names(connection, found)
        )

    def _show(self, number: str, reason: str = "", errors: tuple[FieldError, ...] = ()) -> str:
        """Show a case with what was typed."""
        who, now = visit(), self._office.clock()
        with self._office.reading() as connection:
            case = case_for(connection, who.person.id, number)
            book = foundation_by_id(connection, case.foundation)
            names = names_of(connection)
        payments = tuple(_payment(book, payment) for payment in case.payments)
        page = pages.CasePage(
            user=desk_user(who),
            csrf_token=who.form_token,
            id=case.number,
            foundation=book.link,
            severity=case.severity,
            state=case.status,
            since=days_text([day_of(case.raised_at)], day_of(now)),
            title=case_title(case, day_of(now)),
            turn=turn_sentence(case, now),
            findings=findings(case, payments),
            payments=payments,
            events=_events(case.steps, names),
            actions=actions(case, actor_of(who.roles, who.person.id, case.foundation), now),
            needs_second=severity_rank(case.severity) >= severity_rank("high"),
            reason=reason,
            errors=errors,
        )
        return render_template("desks/case.html", page=page)


def _hint(case: Case, book: DeskBook, today: dt.date) -> pages.HintRow:
    """Return a hint as the inbox shows it."""
    (finding,) = findings(case, tuple(_payment(book, payment) for payment in case.payments))
    return pages.HintRow(
        id=case.id,
        foundation=book.link,
        since=days_text([day_of(case.raised_at)], today),
        title=case_title(case, today),
        finding=finding,
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
        (step.at, step.step, step.status, step.by, step.reason): pages.CaseEvent(
            at=step.at,
            state=step.status,
            actor=", ".join(names.get(person, GONE) for person in step.by) or translated(THE_RULES),
            reason=step.reason,
            graver=step.step == RISEN,
        )
        for step in steps
    }
    return tuple(events.values())
