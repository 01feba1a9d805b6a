"""Who may be paid, and what was decided beforehand, so that ordinary spending is in order.

Derived from the year itself. Invariants: whoever is paid (unless the approval was
forgotten) stands in the register before the first payment; a payee with a payment above
the limit, and every person, has one decision for one category of one initiative, whose
ceiling covers all payments to that payee; nobody approves what they proposed. What is
first needed after mid-January is proposed and approved under way, the rest at the start.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from dashboards.demo.district import INITIATIVES
from dashboards.demo.district import LIMIT_MINOR
from dashboards.demo.district import YEAR
from dashboards.demo.events import ApproveDecision
from dashboards.demo.events import ApprovePayee
from dashboards.demo.events import ProposeDecision
from dashboards.demo.events import ProposePayee
from dashboards.demo.payees import PAYEES
from dashboards.demo.people import signatories
from dashboards.demo.people import treasurer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

    from dashboards.demo.events import Event
    from dashboards.demo.months import Movement

LATER_FROM = dt.date(YEAR, 1, 15)
_CEILING_STEP_MINOR = 50_00
_ROOM_PERCENT = 105
_LAST_DAY = dt.date(YEAR, 12, 31)
DECIDED_ON = dt.date(YEAR - 1, 10, 14)
_KEYS = {payee.iban: key for key, payee in PAYEES.items()}
_PAYEE_DAYS, _DECISION_DAYS = (12, 10), (8, 5)


@dataclass(frozen=True, slots=True)
class Paid:
    """One payment to one payee: a line, or a part of a batch. The amount is positive."""

    foundation: str
    payee: str
    booked_on: dt.date
    amount_minor: int
    initiative: str
    category: str


@dataclass(frozen=True, slots=True)
class Approvals:
    """All payments to one payee of one foundation, and what they need."""

    foundation: str
    payee: str
    payments: tuple[Paid, ...]

    @property
    def first_on(self) -> dt.date:
        """The day of the first payment."""
        return min(paid.booked_on for paid in self.payments)

    @property
    def later(self) -> bool:
        """Whether it all comes up under way, and not at the start."""
        return self.first_on >= LATER_FROM

    @property
    def needs_decision(self) -> bool:
        """Whether approval of the payee alone does not do."""
        large = any(paid.amount_minor > LIMIT_MINOR for paid in self.payments)
        return large or PAYEES[self.payee].kind == "person"

    @property
    def ceiling_minor(self) -> int:
        """All payments and a little room, rounded up."""
        total = sum(paid.amount_minor for paid in self.payments) * _ROOM_PERCENT
        step = _CEILING_STEP_MINOR * 100
        return -(-total // step) * _CEILING_STEP_MINOR

    @property
    def ends(self) -> dt.date:
        """The last day of the decision: six weeks after the last payment."""
        last = max(paid.booked_on for paid in self.payments)
        return min(last + dt.timedelta(days=42), _LAST_DAY)

    @property
    def purpose(self) -> str:
        """What the decision is for, in Dutch."""
        first = self.payments[0]
        name = next(item.name for item in INITIATIVES if item.slug == first.initiative)
        if PAYEES[self.payee].kind == "person":
            return f"Terugbetaling van gemaakte kosten als vrijwilliger bij {name}"
        return f"{first.category.capitalize()} voor {name}"


def payments_of(movement: Movement) -> Iterator[Paid]:
    """Yield what a line pays to payees in the register; nothing for income and charges."""
    if movement.payee is None or movement.line.amount_minor > 0 or not movement.shares:
        return
    share = movement.shares[0]
    where = share.initiative, share.category
    if not movement.line.parts:
        line = movement.line
        yield Paid(movement.foundation, movement.payee, line.booked_on, -line.amount_minor, *where)
    for part in movement.line.parts:
        booked_on = movement.line.booked_on
        yield Paid(movement.foundation, _KEYS[part.iban], booked_on, -part.amount_minor, *where)


def approvals(movements: Iterable[Movement]) -> tuple[Approvals, ...]:
    """Return what every foundation's register and decisions must hold, by foundation and payee."""
    paid = sorted(
        (paid for item in movements if item.covered for paid in payments_of(item)),
        key=lambda one: (one.foundation, one.payee, one.booked_on),
    )
    groups = groupby(paid, key=lambda one: (one.foundation, one.payee))
    return tuple(Approvals(foundation, payee, tuple(group)) for (foundation, payee), group in groups)


def approval_events(needed: Iterable[Approvals]) -> Iterator[Event]:
    """Yield the proposals and approvals of everything that comes up under way."""
    for number, item in enumerate(item for item in needed if item.later):
        signatory = signatories(item.foundation)[number % 2]
        yield from register(item.foundation, item.payee, item.first_on, signatory)
        if item.needs_decision:
            yield from _decide(item, signatories(item.foundation)[1 - number % 2])


def register(foundation: str, key: str, first_on: dt.date, signatory: str) -> Iterator[Event]:
    """Yield the proposal and the approval of a payee, some days before `first_on`."""
    payee = PAYEES[key]
    proposed, approved = (first_on - dt.timedelta(days=days) for days in _PAYEE_DAYS)
    yield ProposePayee(
        at=_evening(proposed, 18),
        actor=treasurer(foundation),
        foundation=foundation,
        name=payee.name,
        kind=payee.kind,
        ibans=(payee.iban,),
        kvk=payee.kvk,
        starts=approved,
    )
    yield ApprovePayee(at=_evening(approved, 19), actor=signatory, foundation=foundation, name=payee.name)


def _decide(item: Approvals, signatory: str) -> Iterator[Event]:
    proposed, approved = (item.first_on - dt.timedelta(days=days) for days in _DECISION_DAYS)
    reference = f"{item.foundation}/{item.payee}"
    first = item.payments[0]
    yield ProposeDecision(
        at=_evening(proposed, 18),
        actor=treasurer(item.foundation),
        reference=reference,
        foundation=item.foundation,
        payee=PAYEES[item.payee].name,
        ceiling_minor=item.ceiling_minor,
        purpose=item.purpose,
        initiative=first.initiative,
        category=first.category,
        starts=approved,
        ends=item.ends,
        decided_on=proposed,
    )
    yield ApproveDecision(at=_evening(approved, 20), actor=signatory, foundation=item.foundation, reference=reference)


def _evening(day: dt.date, hour: int) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, hour, day.day % 12 * 5, tzinfo=dt.UTC)
