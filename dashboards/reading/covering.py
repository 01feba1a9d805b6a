"""Whether somebody had agreed to a payment beforehand, as far as public columns tell.

The rules know the payee and judge exactly; their word on a payment (PAY-07) is public and decides here.
Where they found nothing missing, a decision is named only if its public side (period, ceiling,
initiative, category, the day it was recorded, and a payee where that is disclosed) leaves no other.

Source: RULES PAY-07; DESIGN "Beforehand means recorded beforehand".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

import sqlalchemy as sa

from dashboards.pages.transaction import DecisionCover
from dashboards.reading.lines import PAYEE
from dashboards.reading.looks import rules_shown
from dashboards.reading.state import day_of
from ledger import tables
from ledger.entries.foundation.transaction import PAID

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection
    from collections.abc import Iterable

NO_DECISION = "PAY-07"
AUDITED_TO = "audited_to/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """What is public about a payment.

    Attributes:
        amount_minor: Above zero.
        payee: The id in the register, where it is disclosed.
        alike: Other ids under which the register shows a payee of that name: a decision is for all its accounts.
        purposes: What it counts for, as (initiative, category).
        refused: The rules found that no decision covers it, and that is public.
        judged: The rules have looked at it.
    """

    booked_on: dt.date
    amount_minor: int
    payee: str | None
    purposes: frozenset[tuple[str, int]]
    refused: bool
    judged: bool
    alike: frozenset[str] = frozenset()

    def is_to(self, payee: str | None) -> bool:
        """Return whether it went to this payee, as far as that is disclosed of both."""
        return payee is not None and (payee == self.payee or payee in self.alike)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is public about an approved decision; `payee` is None for small expenses and where it is not disclosed."""

    id: str
    ceiling_minor: int
    initiative: str | None
    category: int | None
    starts: dt.date
    ends: dt.date
    recorded_on: dt.date
    withdrawn_on: dt.date | None
    payee: str | None
    purpose: str | None

    def may_cover(self, payment: Payment) -> bool:
        """Return whether nothing that is public speaks against it."""
        return (
            self.recorded_on <= payment.booked_on
            and self.starts <= payment.booked_on <= self.ends
            and (self.withdrawn_on is None or self.withdrawn_on >= payment.booked_on)
            and payment.amount_minor <= self.ceiling_minor
            and (self.payee is None or payment.payee is None or payment.is_to(self.payee))
            and self._fits(payment.purposes)
        )

    def _fits(self, purposes: Collection[tuple[str, int]]) -> bool:
        if self.initiative is None or not purposes:
            return True
        return any(
            initiative == self.initiative and self.category in {None, category} for initiative, category in purposes
        )


def choose(payment: Payment, decisions: Iterable[Decision]) -> Decision | None:
    """Return the decision that it must have been; None where public columns leave several, or none."""
    fitting = [decision for decision in decisions if decision.may_cover(payment)]
    named = [decision for decision in fitting if payment.is_to(decision.payee)]
    left = named or fitting
    return left[0] if len(left) == 1 and len(payment.purposes) <= 1 else None


def cover(
    payment: Payment, limit_minor: int, opened_on: dt.date, decisions: Iterable[Decision]
) -> tuple[DecisionCover, Decision | None]:
    """Return what may be said about a payment's prior approval, and the decision it is said of.

    Args:
        limit_minor: Up to it an approved payee needs no decision.
        opened_on: The day the foundation began here.
        decisions: Approved ones, of its foundation.
    """
    if payment.booked_on < opened_on:
        return DecisionCover(state="before_buurtkas"), None
    if payment.refused:
        return DecisionCover(state="none"), None
    if not payment.judged:
        return DecisionCover(state="not_judged"), None
    if payment.amount_minor <= limit_minor:
        return _within(payment, limit_minor), None
    found = choose(payment, decisions)
    if found is None:
        return DecisionCover(state="nothing_missing"), None
    return DecisionCover(state="covered", ceiling_minor=found.ceiling_minor, recorded_on=found.recorded_on), found


def _within(payment: Payment, limit_minor: int) -> DecisionCover:
    """Return what is said of a small payment: whether its payee is approved is public where the payee is."""
    if payment.payee is None:
        return DecisionCover(state="nothing_missing")
    return DecisionCover(state="within_limit", limit_minor=limit_minor)


def cover_of(
    connection: sa.Connection, movement: sa.Row[Any], purposes: Iterable[tuple[str, int]]
) -> tuple[DecisionCover, Decision | None]:
    """Return what may be said about a line's prior approval; see `cover`."""
    if movement.kind != PAID:
        return DecisionCover(state="not_needed"), None
    foundation = tables.foundation
    query = sa.select(foundation.c.limit_minor, foundation.c.opened_at).where(foundation.c.id == movement.foundation)
    own = connection.execute(query).one()
    payee = movement.counter.removeprefix(PAYEE) if movement.counter else None
    payment = Payment(
        booked_on=movement.booked_on,
        amount_minor=-movement.amount_minor,
        payee=payee,
        alike=_alike(connection, payee) if payee else frozenset(),
        purposes=frozenset(purposes),
        refused=NO_DECISION in rules_shown(connection, movement.idx),
        judged=movement.idx < audited_to(connection, movement.foundation),
    )
    return cover(payment, own.limit_minor, day_of(own.opened_at), _decisions(connection, movement.foundation))


def _alike(connection: sa.Connection, payee: str) -> frozenset[str]:
    """Return the ids under which a foundation's register shows a payee of the same name."""
    one, other = tables.payee.alias(), tables.payee
    same = sa.and_(other.c.foundation == one.c.foundation, other.c.name == one.c.name)
    return frozenset(connection.execute(sa.select(other.c.id).join(one, same).where(one.c.id == payee)).scalars())


def audited_to(connection: sa.Connection, foundation: str) -> int:
    """Return up to which size of the log the rules have looked at a foundation."""
    table = tables.progress
    query = sa.select(table.c.value).where(table.c.name == f"{AUDITED_TO}{foundation}")
    return int(connection.execute(query).scalar() or 0)


def _decisions(connection: sa.Connection, foundation: str) -> list[Decision]:
    """Return the approved decisions of a foundation, their public columns alone."""
    table = tables.decision
    columns = [table.c[name] for name in _DECIDED]
    query = sa.select(*columns).where(table.c.foundation == foundation, table.c.approved_at.is_not(None))
    return [_decision(row) for row in connection.execute(query)]


_DECIDED = ("id ceiling_minor initiative category starts ends approved_at withdrawn_at payee purpose").split()


def _decision(row: sa.Row[Any]) -> Decision:
    return Decision(
        id=row.id,
        ceiling_minor=row.ceiling_minor,
        initiative=row.initiative,
        category=row.category,
        starts=row.starts,
        ends=row.ends,
        recorded_on=day_of(row.approved_at),
        withdrawn_on=day_of(row.withdrawn_at) if row.withdrawn_at else None,
        payee=row.payee,
        purpose=row.purpose,
    )
