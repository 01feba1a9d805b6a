"""What a payment is probably for: a suggestion, and why it is made.

A decision that covers the payee in that period says it best; else the last payment to the
same payee. Nothing is guessed for payees that the register does not know.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from dashboards.pages.words import word
from ledger import tables

if TYPE_CHECKING:
    import datetime as dt

BY_DECISION = word("A decision says so.")
BY_LAST_PAYMENT = word("The last payment to this payee was for the same.")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An initiative and a category, and a message id that says why."""

    initiative: str
    category: int
    why: str


class Suggestions:
    """Suggestions for one foundation's new lines.

    Args:
        connection: A connection that reads.
        foundation: The foundation's id.
    """

    def __init__(self, connection: sa.Connection, foundation: str) -> None:
        self._connection = connection
        self._foundation = foundation
        decision = tables.decision
        query = sa.select(decision).where(decision.c.foundation == foundation, decision.c.status == "approved")
        self._decisions = connection.execute(query).all()
        self._last: dict[str, Suggestion | None] = {}

    def suggest(self, counter: str | None, booked_on: dt.date) -> Suggestion | None:
        """Return what a payment to this counterparty on that day is probably for."""
        if counter is None or not counter.startswith("payee:"):
            return None
        payee = counter.partition(":")[2]
        targets = {
            (row.initiative, row.category)
            for row in self._decisions
            if row.private_payee == payee and row.starts <= booked_on <= row.ends and row.initiative and row.category
        }
        if len(targets) == 1:
            initiative, category = targets.pop()
            return Suggestion(initiative, category, BY_DECISION)
        return self._last_time(counter)

    def _last_time(self, counter: str) -> Suggestion | None:
        """Return what the last linked payment to a counterparty was for."""
        if counter not in self._last:
            movement, allocation = tables.movement, tables.allocation
            linked = (
                sa.select(movement.c.seq)
                .where(
                    movement.c.foundation == self._foundation,
                    movement.c.private_counter == counter,
                    movement.c.allocated_minor != 0,
                )
                .order_by(movement.c.booked_on.desc(), movement.c.idx.desc())
                .limit(1)
            )
            query = (
                sa.select(allocation.c.initiative, allocation.c.category)
                .where(
                    allocation.c.foundation == self._foundation,
                    allocation.c.seq == linked.scalar_subquery(),
                    allocation.c.undone.is_(False),
                )
                .order_by(allocation.c.idx.desc())
                .limit(1)
            )
            row = self._connection.execute(query).first()
            self._last[counter] = Suggestion(row.initiative, row.category, BY_LAST_PAYMENT) if row else None
        return self._last[counter]
