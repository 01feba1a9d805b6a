"""The life of a flag: which step leads where, and who may take it.

    open, (policy only) ----answered----> explained      by the foundation
    open --taken up--> under review                       by the district
    under review --answered--> explained                  by the foundation
    explained, under review --ruled accepted--> accepted  by the district
    explained, under review --escalated--> escalated      by the district
    escalated --ruled, confirmed--> accepted, confirmed   by a second officer
    accepted, confirmed --closed--> closed                by the district
    the same, high or critical --closed--> closing --closed--> closed, by two people
    open --judged again--> not reproduced                 by a run, which no longer finds it
    not reproduced --judged again--> open                 by a run, which finds it once more
    not reproduced --taken up--> under review             by the district, which wants to know all the same
    closing, closed --reopened--> open                    on new evidence only

What people work on, or ruled on, a run leaves as it is. Nobody with a tie to the foundation takes a
step of the district, and nobody who is a member of it: foundation members never close a flag. A flag
below high is escalated only after the foundation answered or let its time pass. Steps carry the names
of their entry types.

Source: RULES "A flag's life", DESIGN "Cases".
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace
from typing import TYPE_CHECKING
from typing import Final
from typing import Literal

from audit.errors import FoundationNotHeard
from audit.errors import NewEvidenceNeeded
from audit.errors import NotYourStep
from audit.errors import SecondPersonNeeded
from audit.errors import TiedToFoundation
from audit.errors import WrongStatus
from audit.rule import severity_rank

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audit.rule import Kind
    from audit.rule import Severity

Status = Literal[
    "open", "under_review", "explained", "accepted", "escalated", "confirmed", "closing", "closed", "not_reproduced"
]
Outcome = Literal["accepted", "confirmed"]
StepName = Literal[
    "flag taken up",
    "flag answered",
    "flag ruled",
    "flag escalated",
    "flag confirmed",
    "flag closed",
    "flag reopened",
]

_MOVES: Final[dict[tuple[str, Outcome | None], dict[Status, Status]]] = {
    ("flag taken up", None): {"open": "under_review", "not_reproduced": "under_review"},
    ("flag answered", None): {"open": "explained", "under_review": "explained"},
    ("flag ruled", "accepted"): {"explained": "accepted", "under_review": "accepted", "escalated": "accepted"},
    ("flag ruled", "confirmed"): {"escalated": "confirmed"},
    ("flag escalated", None): {"explained": "escalated", "under_review": "escalated"},
    ("flag confirmed", None): {"escalated": "confirmed"},
    ("flag closed", None): {"accepted": "closed", "confirmed": "closed", "closing": "closed"},
    ("flag reopened", None): {"closing": "open", "closed": "open"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagState:
    """Where a flag is in its life.

    Attributes:
        severity: The flag's; where a case has one ruling, the highest of the case's flags.
        kind: Of the rule that raised it.
        escalated_by: Who escalated it, since it was last opened.
        close_asked_by: Who asked to close it, since it was last opened.
        answer_overdue: The foundation's time to answer has passed.
    """

    status: Status = "open"
    severity: Severity
    kind: Kind = "policy"
    escalated_by: str | None = None
    close_asked_by: str | None = None
    answer_overdue: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step that somebody wants to take; `outcome` with `flag ruled` only."""

    name: StepName
    outcome: Outcome | None = None
    new_evidence: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """What counts of the person who wants to take it.

    Attributes:
        district: She is a district officer or head today.
        member: She has a role in the foundation today.
        tied: She declared a tie with the foundation.
    """

    person: str
    district: bool = False
    member: bool = False
    tied: bool = False


def next_status(state: FlagState, step: Step, actor: Actor) -> Status:
    """Return the status after a step.

    Raises:
        StepRefused: One of its kinds, in the order: whose step, from where, by whom else.
    """
    _check_role(step, actor)
    status = _MOVES.get((step.name, step.outcome), {}).get(state.status)
    if status is None:
        raise WrongStatus(step.name, state.status)
    _check_evidence(state, step)
    _check_second_person(state, actor)
    if status == "closed" and state.status != "closing" and severity_rank(state.severity) >= severity_rank("high"):
        return "closing"
    return status


def advance(state: FlagState, step: Step, actor: Actor) -> FlagState:
    """Return the flag's state after a step, with who took it where a later step asks.

    Raises:
        StepRefused: The step may not be taken.
    """
    return _moved(state, next_status(state, step, actor), actor.person)


def judged_again(status: Status, *, found: bool) -> Status:
    """Return the status after a run that finds a flag's hit, or does not."""
    if found:
        return "open" if status == "not_reproduced" else status
    return "not_reproduced" if status == "open" else status


def replay(state: FlagState, steps: Iterable[tuple[Status, str]]) -> FlagState:
    """Return the state after recorded steps, oldest first, each as (status after it, person)."""
    for status, person in steps:
        state = _moved(state, status, person)
    return state


def _moved(state: FlagState, status: Status, person: str) -> FlagState:
    if status == "open":
        return replace(state, status=status, escalated_by=None, close_asked_by=None, answer_overdue=False)
    if status == "escalated":
        return replace(state, status=status, escalated_by=person)
    if status == "closing":
        return replace(state, status=status, close_asked_by=person)
    return replace(state, status=status)


def _check_role(step: Step, actor: Actor) -> None:
    """Refuse who has no say: an answer is the foundation's, evidence either's, the rest the district's."""
    if step.name == "flag answered":
        if not actor.member:
            raise NotYourStep("somebody with a role in the foundation")
        return
    if step.name == "flag reopened" and actor.member:
        return
    if not actor.district:
        raise NotYourStep("a district officer")
    if actor.member or actor.tied:
        raise TiedToFoundation


def _check_evidence(state: FlagState, step: Step) -> None:
    if step.name == "flag reopened" and not step.new_evidence:
        raise NewEvidenceNeeded
    if step.name == "flag answered" and state.kind == "indicator" and state.status == "open":
        # a foundation sees an indicator only when the district asks about it
        raise WrongStatus(step.name, state.status)
    unheard = state.status == "under_review" and not state.answer_overdue
    if step.name == "flag escalated" and unheard and severity_rank(state.severity) < severity_rank("high"):
        raise FoundationNotHeard


def _check_second_person(state: FlagState, actor: Actor) -> None:
    before = {"escalated": state.escalated_by, "closing": state.close_asked_by}.get(state.status)
    if before == actor.person and before is not None:
        raise SecondPersonNeeded
