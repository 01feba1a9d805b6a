"""What a foundation paid the same counterparty for before: the last linked payments to somebody.

A counterparty is known again as a payee of the register, by its IBAN, or by the name that the bank gives a
card payment. One look in an index for each; who comes twice in a file is looked up once.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

import sqlalchemy as sa

from dashboards.work.standing import Target
from ledger import tables
from ledger.entries.foundation.transaction import PAID
from ledger.entries.foundation.transaction import party_of

if TYPE_CHECKING:
    import datetime as dt

    from dashboards.work.standing import Payment

LOOKED_BACK = 12
"""How many payments to somebody are looked at."""


def _last_to() -> sa.Select[Any]:
    """Return the query for what the last payments to one counterparty count for."""
    foundation, party = sa.bindparam("foundation", type_=tables.ID), sa.bindparam("party", type_=sa.Text())
    line, part = tables.movement, tables.allocation
    newest = (line.c.booked_on.desc(), line.c.idx.desc())
    mine = (line.c.foundation == foundation, line.c.private_party == party, tables.LINKED, line.c.kind == PAID)
    columns = (line.c.booked_on, line.c.idx, line.c.amount_minor, line.c.seq)
    last = sa.select(*columns).where(*mine).order_by(*newest).limit(LOOKED_BACK).subquery()
    here = sa.and_(part.c.foundation == foundation, part.c.seq == last.c.seq, part.c.undone.is_(False))
    query = sa.select(last, part.c.initiative, part.c.category).join(part, here)
    return query.order_by(last.c.booked_on.desc(), last.c.idx.desc())


LAST_TO = _last_to()
"""Made once: it is asked for every counterparty of a file."""


class Earlier(NamedTuple):
    """An earlier payment, and what its parts count for now."""

    booked_on: dt.date
    idx: int
    amount_minor: int
    targets: frozenset[Target]


class History:
    """The linked payments of one foundation.

    Args:
        connection: A connection that reads.
        foundation: The foundation's id.
    """

    def __init__(self, connection: sa.Connection, foundation: str) -> None:
        self._connection = connection
        self._foundation = foundation
        part = tables.allocation
        linked = sa.select(part.c.idx).where(part.c.foundation == foundation).limit(1)
        self._empty = connection.execute(linked).first() is None
        self._known: dict[str, tuple[Earlier, ...]] = {}

    def of(self, payment: Payment) -> list[Earlier]:
        """Return the last payments to the same counterparty, the newest first."""
        if self._empty or payment.batch:
            return []
        bank = party_of({"iban": payment.iban, "name": payment.name})
        parties = dict.fromkeys(party for party in (payment.counter, bank) if party)
        return sorted((found for party in parties for found in self._to(party)), reverse=True)

    def _to(self, party: str) -> tuple[Earlier, ...]:
        """Return the last payments to one counterparty."""
        if party not in self._known:
            rows = self._connection.execute(LAST_TO, {"foundation": self._foundation, "party": party}).all()
            payments = groupby(rows, key=lambda row: (row.booked_on, row.idx, row.amount_minor))
            self._known[party] = tuple(
                Earlier(*payment, frozenset(Target(row.initiative, row.category) for row in parts))
                for payment, parts in payments
            )
        return self._known[party]
