"""The life of a flag: every step from every status, and who may take it."""

from __future__ import annotations

import itertools
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from audit.errors import FoundationNotHeard
from audit.errors import NewEvidenceNeeded
from audit.errors import NotYourStep
from audit.errors import SecondPersonNeeded
from audit.errors import StepRefused
from audit.errors import TiedToFoundation
from audit.errors import WrongStatus
from audit.life import Actor
from audit.life import FlagState
from audit.life import Status
from audit.life import Step
from audit.life import StepName
from audit.life import advance
from audit.life import judged_again
from audit.life import next_status
from audit.life import replay
from audit.rule import SEVERITIES

OLGA = Actor(person="olga", district=True)
OSCAR = Actor(person="oscar", district=True)
TINE = Actor(person="tine", member=True)
NOBODY = Actor(person="nobody")
TIED = Actor(person="tied", district=True, tied=True)
BOTH = Actor(person="both", district=True, member=True)

TAKE_UP = Step(name="flag taken up")
ANSWER = Step(name="flag answered")
ACCEPT = Step(name="flag ruled", outcome="accepted")
RULE_CONFIRMED = Step(name="flag ruled", outcome="confirmed")
ESCALATE = Step(name="flag escalated")
CONFIRM = Step(name="flag confirmed")
CLOSE = Step(name="flag closed")
REOPEN = Step(name="flag reopened", new_evidence=True)
STEPS = (TAKE_UP, ANSWER, ACCEPT, RULE_CONFIRMED, ESCALATE, CONFIRM, CLOSE, REOPEN)
STATUSES: tuple[Status, ...] = get_args(Status)

ALLOWED: dict[tuple[Status, Step], Status] = {
    ("open", TAKE_UP): "under_review",
    ("open", ANSWER): "explained",
    ("under_review", ANSWER): "explained",
    ("under_review", ACCEPT): "accepted",
    ("under_review", ESCALATE): "escalated",
    ("explained", ACCEPT): "accepted",
    ("explained", ESCALATE): "escalated",
    ("escalated", ACCEPT): "accepted",
    ("escalated", RULE_CONFIRMED): "confirmed",
    ("escalated", CONFIRM): "confirmed",
    ("accepted", CLOSE): "closing",
    ("confirmed", CLOSE): "closing",
    ("closing", CLOSE): "closed",
    ("closing", REOPEN): "open",
    ("closed", REOPEN): "open",
    ("not_reproduced", TAKE_UP): "under_review",
}


@pytest.mark.parametrize("status", STATUSES)
def test_a_run_moves_only_what_nobody_took_up(status: Status) -> None:
    """What people work on, or ruled on, is theirs, whether the rules still find it or not."""
    untouched = ("open", "not_reproduced")
    assert judged_again(status, found=False) == ("not_reproduced" if status in untouched else status)
    assert judged_again(status, found=True) == ("open" if status in untouched else status)


@pytest.mark.parametrize(("status", "step"), list(itertools.product(STATUSES, STEPS)))
def test_a_step_leads_where_the_table_says_or_nowhere(status: Status, step: Step) -> None:
    """Of all pairs of status and step of a high flag, the table's are allowed and no others."""
    state = FlagState(status=status, severity="high", escalated_by="oscar", close_asked_by="oscar")
    actor = TINE if step is ANSWER else OLGA
    if (status, step) in ALLOWED:
        assert next_status(state, step, actor) == ALLOWED[status, step]
    else:
        with pytest.raises(WrongStatus, match="Load the page again"):
            next_status(state, step, actor)


@pytest.mark.parametrize("step", [step for step in STEPS if step is not ANSWER])
def test_only_the_district_takes_its_steps(step: Step) -> None:
    """Somebody without a role takes none of them, and says whom to ask."""
    with pytest.raises(NotYourStep, match="a district officer"):
        next_status(FlagState(severity="low"), step, NOBODY)


@pytest.mark.parametrize("step", [TAKE_UP, ACCEPT, RULE_CONFIRMED, ESCALATE, CONFIRM, CLOSE])
def test_a_foundation_member_takes_no_step_of_the_district(step: Step) -> None:
    """Not as a member, and not as an officer who is a member too."""
    with pytest.raises(NotYourStep, match="a district officer"):
        next_status(FlagState(severity="low"), step, TINE)
    with pytest.raises(TiedToFoundation, match="Hand it to a colleague"):
        next_status(FlagState(severity="low"), step, BOTH)


@pytest.mark.parametrize("step", [TAKE_UP, ACCEPT, RULE_CONFIRMED, ESCALATE, CONFIRM, CLOSE, REOPEN])
def test_nobody_with_a_tie_takes_a_step(step: Step) -> None:
    """A declared tie ends every say, from any status."""
    for status in STATUSES:
        with pytest.raises(TiedToFoundation, match="You have a tie"):
            next_status(FlagState(status=status, severity="low"), step, TIED)


def test_only_the_foundation_answers() -> None:
    """An officer cannot answer in its place."""
    with pytest.raises(NotYourStep, match="a role in the foundation"):
        next_status(FlagState(severity="low"), ANSWER, OLGA)


def test_an_escalated_flag_needs_a_second_officer() -> None:
    """Who escalated neither confirms nor accepts."""
    state = advance(FlagState(status="explained", severity="low"), ESCALATE, OLGA)
    for step in (CONFIRM, ACCEPT, RULE_CONFIRMED):
        with pytest.raises(SecondPersonNeeded, match="Somebody else"):
            next_status(state, step, OLGA)
    assert next_status(state, CONFIRM, OSCAR) == "confirmed"


@pytest.mark.parametrize("severity", SEVERITIES)
def test_a_high_or_critical_flag_closes_only_with_two_people(severity: str) -> None:
    """One asks and another closes; below high, one is enough."""
    state = FlagState(status="accepted", severity=severity)  # type: ignore[arg-type] # a parameter is a str
    if severity not in {"high", "critical"}:
        assert next_status(state, CLOSE, OLGA) == "closed"
        return
    asked = advance(state, CLOSE, OLGA)
    assert (asked.status, asked.close_asked_by) == ("closing", "olga")
    with pytest.raises(SecondPersonNeeded, match="ask a colleague"):
        next_status(asked, CLOSE, OLGA)
    assert next_status(asked, CLOSE, OSCAR) == "closed"


def test_a_flag_opens_again_on_new_evidence_only() -> None:
    """The district and the foundation may bring some; without it nobody may, and who did what is forgotten."""
    state = FlagState(status="closed", severity="high", escalated_by="olga", close_asked_by="olga")
    for actor in (OLGA, TINE):
        assert next_status(state, REOPEN, actor) == "open"
    with pytest.raises(NewEvidenceNeeded, match="Add what is new"):
        next_status(state, Step(name="flag reopened"), OLGA)
    assert advance(state, REOPEN, OLGA) == FlagState(status="open", severity="high")


def test_the_foundation_answers_before_a_flag_below_high_is_escalated() -> None:
    """Unless its time has passed, or the flag is high."""
    state = FlagState(status="under_review", severity="medium")
    with pytest.raises(FoundationNotHeard, match="Wait for its answer"):
        next_status(state, ESCALATE, OLGA)
    overdue = FlagState(status="under_review", severity="medium", answer_overdue=True)
    assert next_status(overdue, ESCALATE, OLGA) == "escalated"
    assert next_status(state, ACCEPT, OLGA) == "accepted"


def test_a_foundation_answers_an_indicator_only_when_asked() -> None:
    """An open indicator is unknown to it; under review it was asked."""
    with pytest.raises(WrongStatus, match="cannot be answered"):
        next_status(FlagState(severity="low", kind="indicator"), ANSWER, TINE)
    asked = FlagState(status="under_review", severity="low", kind="indicator")
    assert next_status(asked, ANSWER, TINE) == "explained"


def test_a_recorded_life_can_be_replayed() -> None:
    """The state after recorded steps is the state after taking them."""
    taken = [(TAKE_UP, OLGA), (ANSWER, TINE), (ESCALATE, OLGA), (CONFIRM, OSCAR), (CLOSE, OLGA)]
    state = FlagState(severity="critical")
    recorded: list[tuple[Status, str]] = []
    for step, actor in taken:
        state = advance(state, step, actor)
        recorded.append((state.status, actor.person))
    assert state == replay(FlagState(severity="critical"), recorded)
    assert (state.status, state.escalated_by, state.close_asked_by) == ("closing", "olga", "olga")


@settings(max_examples=100, deadline=None)
@given(
    severity=st.sampled_from(SEVERITIES),
    walk=st.lists(st.tuples(st.sampled_from(STEPS), st.sampled_from([OLGA, OSCAR, TINE, NOBODY, TIED, BOTH]))),
)
def test_no_walk_closes_a_grave_flag_alone(severity: str, walk: list[tuple[Step, Actor]]) -> None:
    """Whatever is tried, only free officers close, a grave flag took two, and confirming took two."""
    state = FlagState(severity=severity)  # type: ignore[arg-type] # a parameter is a str
    for step, actor in walk:
        try:
            after = advance(state, step, actor)
        except StepRefused:
            continue
        if after.status == "closed":
            assert actor in (OLGA, OSCAR)
            assert severity not in {"high", "critical"} or actor.person != state.close_asked_by
        if after.status == "confirmed":
            assert actor.person != state.escalated_by
        state = after


def test_every_step_is_an_entry_type() -> None:
    """The names of steps are those of the entries that record them."""
    assert {step.name for step in STEPS} == set(get_args(StepName))
