"""Totals over payees that are not shown: the one place where public pages read private columns.

Only a number of payments, a sum and a number of persons come out. Lines are never changed once they are
booked, so that each is read once: what a foundation's book had before is remembered, as
ids and sums, and only what came since is added.

Source: DESIGN "Words" ("to 3 private persons together").
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from types import MappingProxyType
from typing import TYPE_CHECKING
from typing import Any

import sqlalchemy as sa

from audit.booking import booking_of
from dashboards.pages.parts import PendingTotal
from dashboards.pages.parts import PrivateTotal
from ledger import tables
from ledger.commitment import load_openings
from ledger.entries.foundation.transaction import PAID
from ledger.errors import MalformedEntry

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping

PERSONS = ("person", "sole_trader")
CHARGE = "charge"


@dataclass(frozen=True, slots=True)
class Pile:
    """How many payments, and what they come to together, above zero."""

    payments: int = 0
    amount_minor: int = 0

    def __add__(self, other: Pile) -> Pile:
        return Pile(self.payments + other.payments, self.amount_minor + other.amount_minor)


@dataclass(frozen=True, slots=True)
class Counted:
    """What a foundation's book held up to a place in it."""

    upto: int = -1
    known: Mapping[str, Pile] = field(default_factory=lambda: MappingProxyType({}))
    unknown: Pile = Pile()


class MaskedTotals:
    """Remembers per foundation what was counted; safe to share between threads."""

    def __init__(self) -> None:
        self._counted: dict[str, Counted] = {}

    def read(
        self, connection: sa.Connection, foundation: str, currency: str
    ) -> tuple[PrivateTotal | None, PendingTotal | None]:
        """Return what went to private persons together, and to payees that nobody has approved.

        Args:
            connection: One state of the database.
            foundation: Its id.
            currency: Of its book.

        Returns:
            None for each where there is nothing.
        """
        counted = _count_on(connection, foundation, self._counted.get(foundation, Counted()))
        self._counted[foundation] = counted
        own = [counted.known[f"payee:{id_}"] for id_ in _persons(connection, foundation, counted)]
        return _private(own, currency), _pending(counted.unknown, currency)


def _count_on(connection: sa.Connection, foundation: str, before: Counted) -> Counted:
    """Add the payments that came since."""
    movement = tables.movement
    later = sa.and_(movement.c.foundation == foundation, movement.c.seq > before.upto)
    known = dict(before.known)
    groups = sa.select(
        movement.c.private_counter, sa.func.count(), sa.func.sum(-movement.c.amount_minor), sa.func.max(movement.c.seq)
    )
    upto = before.upto
    for counter, payments, amount_minor, last in connection.execute(
        groups.where(later, movement.c.kind == PAID).group_by(movement.c.private_counter)
    ):
        upto = max(upto, last)
        if counter is not None:
            known[counter] = known.get(counter, Pile()) + Pile(payments, int(amount_minor))
    fresh = _unknown(connection, sa.and_(later, movement.c.seq <= upto))
    return Counted(upto, MappingProxyType(known), sum(fresh, before.unknown))


def _unknown(connection: sa.Connection, lines: sa.ColumnElement[bool]) -> Iterable[Pile]:
    """Yield payments to whom the register did not know, the bank's own charges left out."""
    movement, private = tables.movement, tables.private_value
    query = (
        sa.select(movement.c.amount_minor, private.c.body)
        .outerjoin(private, private.c.idx == movement.c.idx)
        .where(lines, movement.c.kind == PAID, movement.c.private_counter.is_(None))
    )
    for amount_minor, body in connection.execute(query):
        if not _is_charge(body):
            yield Pile(1, -amount_minor)


def _is_charge(body: str | None) -> bool:
    said = _said(body)
    code = (said.get("code") or {}).get("type")
    return booking_of(code, iban=said.get("iban"), name=said.get("name"), text=said.get("text")) == CHARGE


def _said(body: str | None) -> dict[str, Any]:
    """Return what the bank said of a line, as far as it still exists and can be read."""
    try:
        return {name: opening.value for name, opening in load_openings(body).items()} if body else {}
    except MalformedEntry:
        return {}


def _persons(connection: sa.Connection, foundation: str, counted: Counted) -> list[str]:
    """Return the ids of those who were paid as private persons."""
    payee = tables.payee
    query = sa.select(payee.c.id).where(payee.c.foundation == foundation, payee.c.private_kind.in_(PERSONS))
    return [id_ for id_ in connection.execute(query).scalars() if f"payee:{id_}" in counted.known]


def _private(own: list[Pile], currency: str) -> PrivateTotal | None:
    if not own:
        return None
    together = sum(own, Pile())
    return PrivateTotal.counted(
        persons=len(own), payments=together.payments, amount_minor=together.amount_minor, currency=currency
    )


def _pending(unknown: Pile, currency: str) -> PendingTotal | None:
    if not unknown.payments:
        return None
    return PendingTotal(payments=unknown.payments, amount_minor=unknown.amount_minor, currency=currency)
