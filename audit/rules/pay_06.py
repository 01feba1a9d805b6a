"""PAY-06: a payee's approval, or the decision to pay, was recorded only after the booking day.

Somebody did agree, but too late to have stopped the payment. Where another approval or decision was in
time, nothing is late. A late decision counts where it would otherwise be for this payment: its period,
its purpose and its ceiling fit.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from audit.covering import RECORDED_LATER
from audit.covering import judged
from audit.examples import STRANGER
from audit.examples import ZON
from audit.examples import day
from audit.examples import decision
from audit.examples import instant
from audit.examples import listed
from audit.examples import payment
from audit.examples import world
from audit.payees import APPROVED_LATER
from audit.rule import Example
from audit.rule import Hit
from audit.rule import Parameter
from audit.rule import Parameters
from audit.rule import Rule
from audit.spending import recorded_day
from audit.spending import rows_of
from audit.wording import N_
from audit.wording import as_json
from audit.wording import reason

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping

    from audit.covering import Book
    from audit.covering import Judged
    from audit.frames import Context
    from audit.rule import Expected
    from audit.spending import Payment
    from audit.spending import Row
    from audit.wording import Json
    from audit.wording import Reason

APPROVED = N_("It was booked on %(booked_on)s, and the payee's approval was recorded only at %(recorded_at)s.")
DECIDED = N_("It was booked on %(booked_on)s, and the decision was recorded only at %(recorded_at)s.")

Late = tuple[str, str, dt.datetime]
"""What was late: approval or decision, its id, and when it was recorded."""


def rule(context: Context, parameters: Parameters) -> Iterator[Hit]:
    """Yield a hit for every payment that was agreed on only after it was booked."""
    approvals = {row["payee"]: row["approved_at"] for row in rows_of(context.register)}
    decisions = {row["id"]: row for row in rows_of(context.decisions)}
    book, payments = judged(context, parameters["people"])
    grace = dt.timedelta(days=parameters["days"])
    for paid, shares in payments:
        found = {
            late
            for share in shares
            for late in (
                *_late_approvals(book, paid, share, approvals, parameters["people"]),
                *_late_decisions(paid, share, decisions),
            )
            if recorded_day(late[2]) > paid.booked_on + grace
        }
        if found:
            yield _hit(paid, sorted(found, key=lambda late: (late[0], late[2], late[1])))


def _late_approvals(
    book: Book, paid: Payment, share: Judged, approvals: Mapping[str, dt.datetime], people: int
) -> Iterator[Late]:
    if share.approved is not None:
        return
    for payee, why in book.register.refusals(share.share, paid.booked_on, people):
        if payee and why.message == APPROVED_LATER:
            yield "approval", payee, approvals[payee]


def _late_decisions(paid: Payment, share: Judged, decisions: Mapping[str, Row]) -> Iterator[Late]:
    for identity, why in share.considered:
        if identity and why.message == RECORDED_LATER and _meant(decisions[identity], paid, share):
            yield "decision", identity, decisions[identity]["recorded_at"]


def _meant(row: Row, paid: Payment, share: Judged) -> bool:
    """Tell whether a decision is for a payment, save that it was recorded too late."""
    purposes = {(name, category) for name, category, _ in paid.allocations}
    fits = not purposes or any(
        row["initiative"] in {None, name} and row["category"] in {None, category} for name, category in purposes
    )
    in_period = row["starts"].date() <= paid.booked_on <= row["ends"].date()
    return fits and in_period and share.uncovered_minor <= row["ceiling_minor"]


def _hit(paid: Payment, late: list[Late]) -> Hit:
    booked_on = paid.booked_on.isoformat()
    evidence: dict[str, Json] = {
        "amount_minor": paid.amount_minor,
        "currency": paid.currency,
        "booked_on": booked_on,
        "late": [{"what": what, "id": identity, "recorded_at": _written(at)} for what, identity, at in late],
        "reasons": as_json(dict.fromkeys(_reason(what, booked_on, at) for what, _, at in late)),
    }
    return Hit("PAY-06", (paid.seq,), "medium", evidence)


def _reason(what: str, booked_on: str, at: dt.datetime) -> Reason:
    return reason(APPROVED if what == "approval" else DECIDED, booked_on=booked_on, recorded_at=_written(at))


def _written(instant: dt.datetime) -> str:
    return instant.astimezone(dt.UTC).isoformat()


def examples() -> tuple[Example, ...]:
    """Return what the rule must find and what it must leave alone."""
    zon = listed()
    too_late = listed(approved_at=instant("2026-03-10T23:00"))
    decided_late = decision(recorded_at=instant("2026-03-10T23:00"))
    found: Expected = (((10,), "medium"),)
    tuin = (("tuin", 1, -30_000),)
    batch = ({"amount_minor": -1_000, "iban": ZON}, {"amount_minor": -1_000, "iban": STRANGER})
    return (
        Example("agreed on in time", world(payment(), register=[zon], decisions=[decision()])),
        Example(
            "recorded on the booking day, a minute before midnight in Amsterdam",
            world(
                payment(),
                register=[listed(approved_at=instant("2026-03-10T22:59"))],
                decisions=[decision(recorded_at=instant("2026-03-10T22:59"))],
            ),
        ),
        Example("the payee was approved the day after", world(payment(amount_minor=-1), register=[too_late]), found),
        Example(
            "the decision was recorded the day after", world(payment(), register=[zon], decisions=[decided_late]), found
        ),
        Example("both", world(payment(), register=[too_late], decisions=[decided_late]), found),
        Example(
            "another decision was in time",
            world(payment(), register=[zon], decisions=[decided_late, decision("earlier")]),
        ),
        Example(
            "the payee had been approved under the same account",
            world(payment(amount_minor=-1), register=[zon, {**too_late, "payee": "zon-2"}]),
        ),
        Example(
            "up to the limit no decision is needed",
            world(payment(amount_minor=-25_000), register=[zon], decisions=[decided_late]),
        ),
        Example("never agreed on", world(payment(), register=[zon])),
        Example(
            "never approved",
            world(
                payment(),
                register=[listed(approved_at=None, approved_by=())],
                decisions=[decision(recorded_at=None, approved_by=())],
            ),
        ),
        Example(
            "a later decision for another period",
            world(payment(), register=[zon], decisions=[{**decided_late, "starts": day("2026-03-11")}]),
        ),
        Example(
            "a later decision for less",
            world(payment(), register=[zon], decisions=[{**decided_late, "ceiling_minor": 29_999}]),
        ),
        Example(
            "a later decision for another purpose",
            world(payment(allocations=tuin), register=[zon], decisions=[{**decided_late, "initiative": "feest"}]),
        ),
        Example(
            "a later decision for this purpose",
            world(payment(allocations=tuin), register=[zon], decisions=[{**decided_late, "initiative": "tuin"}]),
            found,
        ),
        Example(
            "from before Buurtkas, by what was claimed at opening",
            world(
                payment(booked_on=day("2025-12-31")),
                register=[listed(basis="opening", starts=day("2025-01-01"), approved_at=instant("2026-01-01"))],
                decisions=[decision(basis="opening", decided_on=day("2025-12-01"), starts=day("2025-12-01"))],
            ),
        ),
        Example(
            "from before Buurtkas, agreed on at a desk afterwards",
            world(payment(booked_on=day("2025-12-31")), register=[listed(starts=day("2025-01-01"))]),
            found,
        ),
        Example("a part of a batch", world(payment(iban=None, parts=batch), register=[too_late]), found),
        Example("money received", world(payment(amount_minor=1), register=[too_late])),
    )


RULE = Rule(
    id="PAY-06",
    version="2",
    status="active",
    kind="policy",
    severities=("medium",),
    severity_note=N_("Always medium."),
    title=N_("Agreed on only after the payment"),
    why=N_("Who agrees afterwards cannot stop a payment any more."),
    how=N_(
        "An approval or a decision counts from the day on which it was written down here. "
        "This rule finds payments for which that was done only after the bank had booked them."
    ),
    example=N_("The bank books €300 on 3 March. The decision to pay it is written down on 5 March."),
    false_positives=N_("Often people had agreed in time, and only wrote it down later."),
    references=("RULES PAY-06",),
    parameters=(
        Parameter("days", N_("Days too late that are left alone"), "days", 0),
        Parameter("people", N_("How many people approve a payee or a decision"), "count", 2, 1),
    ),
    personal=False,
    check=rule,
    examples=examples,
)
