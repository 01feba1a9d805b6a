"""Steps on a case: one entry for each of its flags that can take the step, all or none.

What may follow what, and by whom, is for `audit.life` alone; here roles and ties are read from
the views inside the transaction that writes, so that nothing is appended before it is allowed.

What a confirmation shows. The rule and severity of a flag on an agreement are public from the
start, except where the rule itself tells something about a person ("paid to what looks private",
"paid to a board member"): those stay hidden after a ruling too, because the public entry of the
ruling already says that this payment was found not in order, and naming the rule beside a masked
payee would say about somebody what only a court may. A hint on anything else becomes public with
its confirmation. Reasons stay committed: they are free text and may name people.

Source: RULES.md "A flag's life", DESIGN "Cases".
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Literal

import sqlalchemy as sa

from audit.errors import StepRefused
from audit.errors import WrongStatus
from audit.life import Actor
from audit.life import Step
from audit.life import next_status
from dashboards.errors import NotAllowed
from dashboards.errors import ReasonRefused
from dashboards.errors import Tied
from dashboards.work.casebook import Case
from dashboards.work.casebook import cases
from dashboards.work.casebook import find_case
from dashboards.work.people import roles_of
from dashboards.work.proposals import plain_text
from ledger import tables
from ledger.entry import foundation_book

if TYPE_CHECKING:
    import datetime as dt

    from audit.life import Status
    from dashboards.work.casebook import CaseFlag
    from dashboards.work.people import Roles
    from ledger.canonical import Json
    from ledger.installation import Installation
    from ledger.store import Appender

Action = Literal["take_up", "answer", "accept", "escalate", "confirm", "close", "reopen"]
STEPS: dict[Action, Step] = {
    "take_up": Step(name="flag taken up"),
    "answer": Step(name="flag answered"),
    "accept": Step(name="flag ruled", outcome="accepted"),
    "escalate": Step(name="flag escalated"),
    "confirm": Step(name="flag confirmed"),
    "close": Step(name="flag closed"),
    "reopen": Step(name="flag reopened", new_evidence=True),
}


def take_up(installation: Installation, person: str, case: str, reason: str, now: dt.datetime) -> str:
    """Take a case up for the district; the reason may be empty. See `take_step`."""
    return take_step(installation, person, case, "take_up", reason=reason, now=now)


def answer(installation: Installation, person: str, case: str, reason: str, now: dt.datetime) -> str:
    """Answer for the foundation. See `take_step`."""
    return take_step(installation, person, case, "answer", reason=reason, now=now)


def accept(installation: Installation, person: str, case: str, reason: str, now: dt.datetime) -> str:
    """Rule that it is in order. See `take_step`."""
    return take_step(installation, person, case, "accept", reason=reason, now=now)


def escalate(installation: Installation, person: str, case: str, reason: str, now: dt.datetime) -> str:
    """Ask a second officer. See `take_step`."""
    return take_step(installation, person, case, "escalate", reason=reason, now=now)


def confirm(installation: Installation, person: str, case: str, reason: str, now: dt.datetime) -> str:
    """Rule as the second officer that it is not in order. See `take_step`."""
    return take_step(installation, person, case, "confirm", reason=reason, now=now)


def close(installation: Installation, person: str, case: str, reason: str, now: dt.datetime) -> str:
    """Close a case that was ruled on; a high or critical one is closed by the second who says so."""
    return take_step(installation, person, case, "close", reason=reason, now=now)


def reopen(installation: Installation, person: str, case: str, reason: str, now: dt.datetime) -> str:
    """Open a closed case again; the reason says what is new. See `take_step`."""
    return take_step(installation, person, case, "reopen", reason=reason, now=now)


def take_step(
    installation: Installation, person: str, case: str, action: Action, *, reason: str, now: dt.datetime
) -> str:
    """Take one step with every flag of a case that can take it, and return the case's id.

    Raises:
        Missing: There is no such case.
        ReasonRefused: There is no reason.
        audit.errors.StepRefused: One of its kinds; nothing was appended.
    """
    with installation.store.writing(now) as appender:
        found = find_case(appender.connection, case)
        actor = actor_of(roles_of(appender.connection, person), person, found.foundation)
        step, book = STEPS[action], foundation_book(found.foundation)
        moves = _moves(found, step, actor, now)
        private: dict[str, Json] = {"reason": _reason(action, reason)}
        for flag, status in moves:
            appender.append(installation.store.draft(book, step.name, _public(flag, status, step), private, (person,)))
        if action == "confirm":
            _show_rules(installation, appender, found, moves, person)
    return found.id


def actor_of(roles: Roles, person: str, foundation: str) -> Actor:
    """Return what counts of a person in a case of this foundation."""
    return Actor(
        person=person,
        district=roles.rules,
        member=foundation in roles.foundations,
        tied=foundation in roles.ties,
    )


def inbox(connection: sa.Connection, person: str) -> tuple[tuple[Case, ...], int]:
    """Return the cases that a person may look at, and how many are hidden because of a tie.

    An officer sees all but those of foundations that she has a tie with; whoever acts for a
    foundation sees its own, hints only once the district asks about them.

    Raises:
        NotAllowed: The person has no role in any case.
    """
    roles = roles_of(connection, person)
    if not roles.rules and not roles.foundations:
        raise NotAllowed
    found = cases(connection, None if roles.rules else roles.foundations)
    seen = tuple(case for case in (_seen(case, roles) for case in found) if case is not None)
    tied = sum(roles.rules and case.foundation in roles.ties - roles.foundations for case in found)
    return seen, tied


def case_for(connection: sa.Connection, person: str, case: str) -> Case:
    """Return a case as a person may see it.

    Raises:
        Missing: There is no such case.
        NotAllowed: The person has no role in it.
        Tied: The person is an officer who has a tie with its foundation.
    """
    roles = roles_of(connection, person)
    if not roles.rules and not roles.foundations:
        raise NotAllowed
    found = find_case(connection, case)
    if roles.rules and found.foundation in roles.ties - roles.foundations:
        raise Tied
    seen = _seen(found, roles)
    if seen is None:
        raise NotAllowed
    return seen


def actions(case: Case, actor: Actor, now: dt.datetime) -> tuple[Action, ...]:
    """Return the steps that somebody may take in a case now."""
    return tuple(action for action in STEPS if _possible(case, STEPS[action], actor, now))


def _possible(case: Case, step: Step, actor: Actor, now: dt.datetime) -> bool:
    """Tell whether a step may be taken."""
    try:
        return bool(_moves(case, step, actor, now))
    except StepRefused:
        return False


def _seen(case: Case, roles: Roles) -> Case | None:
    """Return what of a case a person may see, or None."""
    if case.foundation in roles.foundations:
        flags = tuple(flag for flag in case.flags if flag.kind == "policy" or flag.status != "open")
        return _only(case, flags) if flags else None
    return case if roles.rules and case.foundation not in roles.ties else None


def _only(case: Case, flags: tuple[CaseFlag, ...]) -> Case:
    """Return a case with some of its flags, and their steps and lines alone."""
    ids, seqs = {flag.id for flag in flags}, {seq for flag in flags for seq in flag.about}
    return Case(
        id=case.id,
        foundation=case.foundation,
        flags=flags,
        steps=tuple(step for step in case.steps if step.flag in ids),
        payments=tuple(payment for payment in case.payments if payment.seq in seqs),
    )


def _moves(case: Case, step: Step, actor: Actor, now: dt.datetime) -> list[tuple[CaseFlag, Status]]:
    """Return the flags that take a step, with the status after it.

    A flag that is elsewhere in its life stays where it is; any other refusal stops all.

    Raises:
        StepRefused: No flag can take the step, or somebody else must take it.
    """
    moves: list[tuple[CaseFlag, Status]] = []
    elsewhere: WrongStatus | None = None
    states = case.states(now)
    for flag in case.flags:
        try:
            moves.append((flag, next_status(states[flag.id], step, actor)))
        except WrongStatus as error:
            elsewhere = error
    if not moves and elsewhere is not None:
        raise elsewhere
    return moves


def _public(flag: CaseFlag, status: Status, step: Step) -> dict[str, Json]:
    """Return the public fields of one flag's step."""
    public: dict[str, Json] = {"flag": flag.id, "status": status}
    return public if step.outcome is None else {**public, "outcome": step.outcome}


def _reason(action: Action, reason: str) -> str | None:
    """Return the reason; only taking up needs none."""
    if action == "take_up" and not reason.strip():
        return None
    return plain_text(reason, ReasonRefused)


def _show_rules(
    installation: Installation, appender: Appender, case: Case, moves: list[tuple[CaseFlag, Status]], person: str
) -> None:
    """Show rule and severity of confirmed flags that tell nothing about a person."""
    hidden = [flag.idx for flag, _ in moves if not flag.shown and not flag.personal]
    if not hidden:
        return
    entry = tables.entry
    seqs = appender.connection.execute(sa.select(entry.c.seq).where(entry.c.idx.in_(hidden)).order_by(entry.c.seq))
    pairs: Json = [[seq, field] for seq in seqs.scalars() for field in ("rule", "severity")]
    book = foundation_book(case.foundation)
    appender.append(installation.store.draft(book, "disclosed", {"pairs": pairs}, by=(person,)))
