"""What is booked and not explained yet, what a line is linked to, and what a step of linking did.

A line stands open as long as a part of it is not linked; transfers between declared accounts never
do. What the bank says about a line is private and comes along for the foundation's own people.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from dashboards.errors import Missing
from dashboards.work.allocations import Split
from dashboards.work.standing import Payment
from ledger import tables
from ledger.commitment import load_openings
from ledger.entries.foundation.transaction import MOVED
from ledger.entries.foundation.transaction import PAID

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection
    from collections.abc import Mapping
    from typing import Any

    from ledger.canonical import Json


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line of a foundation's book that can be linked.

    Attributes:
        seq: Its place in the book.
        amount_minor: The whole line; negative where money went out.
        rest_minor: What of it is not linked yet, with the line's sign.
        paid: Whether money went out; what came in can be linked as a refund.
        name: As the bank writes it; None where it was erased. So is text.
        payment: What else the bank says, for suggestions.
        corrects: The place in the book of the line that the bank gives back with this one.
    """

    seq: int
    booked_on: dt.date
    amount_minor: int
    rest_minor: int
    currency: str
    paid: bool
    name: str | None
    text: str | None
    payment: Payment
    corrects: int | None


@dataclass(frozen=True, slots=True)
class OpenCount:
    """How many payments are not explained, and how much that is; and how many lines that came in are not linked."""

    payments: int
    amount_minor: int
    income: int


@dataclass(frozen=True, slots=True)
class Explained:
    """What one step of linking did: how many lines, and how much together, refunds taken as they are."""

    lines: int
    amount_minor: int


def count_open(connection: sa.Connection, foundation: str) -> OpenCount:
    """Return how much of a foundation's book stands open."""
    line = tables.movement
    rest = sa.func.sum(line.c.amount_minor - line.c.allocated_minor)
    query = sa.select(line.c.kind, sa.func.count(), rest).where(*_open(foundation)).group_by(line.c.kind)
    found = {kind: (number, int(amount)) for kind, number, amount in connection.execute(query)}
    payments, amount = found.pop(PAID, (0, 0))
    return OpenCount(payments, -amount, sum(number for number, _ in found.values()))


def open_lines(connection: sa.Connection, foundation: str, *, limit: int, offset: int = 0) -> tuple[OpenLine, ...]:
    """Return lines that stand open, the oldest first; what came in stands behind all payments."""
    line = tables.movement
    order = (line.c.kind != PAID, line.c.booked_on, line.c.idx)
    return _lines(connection, sa.select(line).where(*_open(foundation)).order_by(*order).limit(limit).offset(offset))


def open_lines_at(connection: sa.Connection, foundation: str, seqs: Collection[int]) -> dict[int, OpenLine]:
    """Return those of some places in the book where a line stands open, by place."""
    query = sa.select(tables.movement).where(*_open(foundation), tables.movement.c.seq.in_(seqs))
    return {found.seq: found for found in _lines(connection, query)}


def line_at(connection: sa.Connection, foundation: str, seq: int) -> OpenLine:
    """Return a line that can be linked, or is linked.

    Raises:
        Missing: There is no such line in this book, or it moves money between declared accounts.
    """
    line = tables.movement
    mine = (line.c.foundation == foundation, line.c.seq == seq, line.c.kind != MOVED)
    found = _lines(connection, sa.select(line).where(*mine))
    if not found:
        raise Missing
    return found[0]


def parts_at(connection: sa.Connection, foundation: str, seq: int) -> tuple[Split, ...]:
    """Return what a line counts for now."""
    table = tables.allocation
    mine = (table.c.foundation == foundation, table.c.seq == seq, table.c.undone.is_(False))
    columns = (table.c.initiative, table.c.category, table.c.amount_minor)
    query = sa.select(*columns).where(*mine).order_by(table.c.idx, table.c.item)
    return tuple(Split(*row) for row in connection.execute(query))


def last_linked(connection: sa.Connection, foundation: str, limit: int) -> tuple[OpenLine, ...]:
    """Return the lines that were linked last, the newest link first."""
    line, part = tables.movement, tables.allocation
    newest = sa.func.max(part.c.idx)
    linked = sa.select(part.c.seq, newest.label("newest")).where(
        part.c.foundation == foundation, part.c.undone.is_(False)
    )
    top = linked.group_by(part.c.seq).order_by(newest.desc(), part.c.seq.desc()).limit(limit).subquery()
    query = sa.select(line).join(top, top.c.seq == line.c.seq).where(line.c.foundation == foundation)
    return _lines(connection, query.order_by(top.c.newest.desc(), line.c.seq.desc()))


def explained_by(connection: sa.Connection, foundation: str, first: int, entries: int) -> Explained:
    """Return what entries of the log linked for a foundation, as far as it was not undone.

    Args:
        first: The place in the log of the first entry.
        entries: How many there are.
    """
    table = tables.allocation
    total = sa.func.coalesce(sa.func.sum(sa.func.abs(table.c.amount_minor)), 0)
    written = (table.c.idx >= first, table.c.idx < first + entries)
    mine = (table.c.foundation == foundation, table.c.undone.is_(False), *written)
    lines, amount = connection.execute(sa.select(sa.func.count(table.c.seq.distinct()), total).where(*mine)).one()
    return Explained(lines, int(amount))


def _open(foundation: str) -> tuple[sa.ColumnElement[bool], ...]:
    """Return what makes a line of a foundation stand open."""
    line = tables.movement
    return (line.c.foundation == foundation, line.c.kind != MOVED, line.c.amount_minor != line.c.allocated_minor)


def _lines(connection: sa.Connection, query: sa.Select[tuple[Any, ...]]) -> tuple[OpenLine, ...]:
    """Return the lines that a query finds, with what the bank says about them."""
    rows = connection.execute(query).all()
    private = tables.private_value
    bodies = sa.select(private.c.idx, private.c.body).where(private.c.idx.in_([row.idx for row in rows]))
    said = {row.idx: row.body for row in connection.execute(bodies)}
    return tuple(_line(row, said.get(row.idx, "{}")) for row in rows)


def _line(row: sa.Row[tuple[Any, ...]], body: str) -> OpenLine:
    """Return a line with the private values that stand in a body."""
    values = {field: opening.value for field, opening in load_openings(body).items()}
    payment = _payment(row, values)
    return OpenLine(
        seq=row.seq,
        booked_on=row.booked_on,
        amount_minor=row.amount_minor,
        rest_minor=row.amount_minor - row.allocated_minor,
        currency=row.currency,
        paid=row.kind == PAID,
        name=payment.name,
        text=payment.text,
        payment=payment,
        corrects=row.corrects,
    )


def _payment(row: sa.Row[tuple[Any, ...]], values: Mapping[str, Json]) -> Payment:
    """Return what is known of a line, as far as it was not erased."""
    references = values.get("refs")
    mandate = references.get("mandate") if isinstance(references, dict) else None
    name, text, iban, mandate = (
        value if isinstance(value, str) else None
        for value in (values.get("name"), values.get("text"), values.get("iban"), mandate)
    )
    return Payment(
        booked_on=row.booked_on,
        amount_minor=row.amount_minor,
        counter=row.private_counter,
        iban=iban,
        mandate=mandate,
        name=name,
        text=text,
        batch=bool(values.get("parts")),
    )
