"""What a desk answers when a use case refuses: the same page as any fault, with the refusal's own advice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template

from audit.errors import NotYourStep
from audit.errors import SecondPersonNeeded
from audit.errors import StepRefused
from audit.errors import TiedToFoundation
from dashboards import errors
from dashboards.faults import FaultPage
from dashboards.faults import fault_page
from dashboards.pages.words import word

if TYPE_CHECKING:
    from flask import Blueprint
    from flask.typing import ResponseReturnValue

    from ledger.errors import BuurtkasError

CONFLICT = 409
STATUSES: tuple[tuple[type[BuurtkasError], int], ...] = (
    (errors.Missing, 404),
    (errors.Refused, 403),
    (errors.CrossSite, 400),
    (errors.TooManyAttempts, 429),
    (NotYourStep, 403),
    (SecondPersonNeeded, 403),
    (TiedToFoundation, 403),
)
"""The status of an answer by kind of refusal, the first that fits; what is not here is a conflict."""
NOT_NOW = word("This could not be done now")
AGAIN = word("Something changed while you were looking. Go back, look again, and try once more.")
STEP_ADVICE = {
    "wrong_status": word("This case is not where that step begins. Look at the case again."),
    "not_your_step": word("That step is for somebody with another role."),
    "tied_to_foundation": errors.Tied.advice,
    "second_person_needed": errors.OwnProposal.advice,
    "foundation_not_heard": word("The foundation has not answered yet and still has time to. Wait for its answer."),
    "new_evidence_needed": word("A closed case opens again only when there is something new."),
}


def status_of(error: BuurtkasError) -> int:
    """Return the status of the answer to a refusal."""
    return next((status for kind, status in STATUSES if isinstance(error, kind)), CONFLICT)


def advice_of(error: BuurtkasError) -> str:
    """Return what to do next, as a message id."""
    if isinstance(error, errors.DeskError):
        return error.advice
    return STEP_ADVICE.get(error.code, AGAIN)


def answer(error: BuurtkasError) -> ResponseReturnValue:
    """Answer a refusal with a page."""
    status = status_of(error)
    title = NOT_NOW if status == CONFLICT else fault_page(status).title
    page = FaultPage(code=status, title=title, advice=advice_of(error), desk=True)
    return render_template("fault.html", page=page), status


def install(blueprint: Blueprint) -> None:
    """Answer what the desks' use cases refuse."""
    blueprint.register_error_handler(errors.DeskError, answer)
    blueprint.register_error_handler(StepRefused, answer)
