"""Which earlier line the bank gave back: reversals and returned direct debits, linked to what they correct.

Only a line of which the bank's own codes say that it gives back is linked (`Line.returned`), and only to a line of
the same account with the opposite amount that bears the same payer's reference, the same mandate, or names
the same account. Of several the one that agrees best is taken, and of those the latest; each once. Where none is
found, none is linked.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from typing import NamedTuple

import sqlalchemy as sa

from importers.joining import private_values
from ledger import tables
from ledger.entry import foundation_book

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Mapping
    from collections.abc import Sequence

    from importers.planned import Account
    from importers.statement import Line
    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.installation import Installation
    from ledger.store import Appender

REACH = dt.timedelta(days=400)
"""A direct debit that was never allowed can be given back for thirteen months (SEPA Direct Debit Core Rulebook)."""
ITEMS = 1500
"""Items in one entry, so that it stays below 65,535 bytes."""


class Evidence(NamedTuple):
    """By what a line is recognised: the payer's reference, the mandate, and the other side's account."""

    end_to_end: str | None
    mandate: str | None
    iban: str | None


class GivesBack(NamedTuple):
    """A line that gives back an earlier one.

    Attributes:
        seq: Its place in the book; below nought before it is booked.
    """

    account: Account
    seq: int
    booked_on: dt.date
    amount_minor: int
    evidence: Evidence


def evidence_of(line: Line) -> Evidence | None:
    """Return by what the line is recognised that a line gives back; None for a line that gives back nothing."""
    if not (line.returned or line.reversal):
        return None
    return Evidence(line.end_to_end_id, line.mandate, line.iban)


def link_corrections(installation: Installation, appender: Appender, found: Sequence[GivesBack]) -> tuple[Entry, ...]:
    """Append which lines correct which, in the transaction that books them."""
    if not found:
        return ()
    appender.settle()
    items: dict[str, list[Json]] = {}
    used: set[tuple[str, int]] = set()
    for one in sorted(found, key=lambda one: (one.booked_on, one.seq)):
        corrected = original_of(appender.connection, one, used)
        if corrected is not None:
            used.add((one.account.foundation, corrected))
            items.setdefault(one.account.foundation, []).append([one.seq, corrected])
    appended = []
    for foundation, own in items.items():
        for start in range(0, len(own), ITEMS):
            public: dict[str, Json] = {"items": own[start : start + ITEMS]}
            draft = installation.store.draft(foundation_book(foundation), "correction linked", public)
            appended.append(appender.append(draft))
    return tuple(appended)


def original_of(connection: sa.Connection, one: GivesBack, used: Collection[tuple[str, int]] = ()) -> int | None:
    """Return the place in its book of the line that one gives back; None where there is none.

    Args:
        used: Foundations and places of lines that others give back.
    """
    line = tables.movement
    query = sa.select(line.c.idx, line.c.seq, line.c.booked_on).where(
        line.c.amount_minor == -one.amount_minor,
        line.c.foundation == one.account.foundation,
        line.c.account == one.account.id,
        line.c.booked_on.between(one.booked_on - REACH, one.booked_on),
        line.c.corrected_by.is_(None),
        line.c.corrects.is_(None),
    )
    rows = [row for row in connection.execute(query) if (one.account.foundation, row.seq) not in used]
    said = private_values(connection, [row.idx for row in rows])
    agreeing = [(_agreement(one.evidence, said.get(row.idx, {})), row.booked_on, row.seq) for row in rows]
    best = max((rank for rank in agreeing if rank[0]), default=None)
    return best[2] if best else None


def _agreement(evidence: Evidence, said: Mapping[str, Json]) -> int:
    """Return how well a line agrees with what gives it back; nought where it does not."""
    references = said.get("refs")
    own = references if isinstance(references, dict) else {}
    pairs = (
        (evidence.end_to_end, own.get("end_to_end")),
        (evidence.mandate, own.get("mandate")),
        (evidence.iban, said.get("iban")),
    )
    return sum(weight for (one, other), weight in zip(pairs, (4, 2, 1), strict=True) if one and one == other)
