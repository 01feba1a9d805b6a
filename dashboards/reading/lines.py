"""Lines of the bank as everyone may see them, a handful at a time.

A line's counterparty has a name here only where it was disclosed: as a payee of the register, as a
declared account, or as the bank's own words. Everything else is masked alike, whoever was paid.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from typing import Any

import sqlalchemy as sa

from dashboards.pages.parts import Payee
from dashboards.pages.parts import PaymentRow
from dashboards.pages.transaction import AllocationPart
from dashboards.reading.links import foundation_links
from dashboards.reading.links import initiative_links
from dashboards.reading.looks import looked_at_now
from ledger import tables
from ledger.entries.foundation.spending_declared import NO_ACCOUNT
from ledger.entries.foundation.transaction import PAID

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Mapping
    from collections.abc import Sequence

    from dashboards.pages.parts import Link

LATEST = (tables.movement.c.booked_on.desc(), tables.movement.c.idx.desc())
"""Newest first, in an order that never changes."""

PUBLIC = tuple(
    tables.movement.c[name]
    for name in (
        "idx foundation seq account statement line booked_on valued_on amount_minor currency kind allocated_minor "
        "counter name text corrects corrected_by"
    ).split()
)
"""The columns of a movement that pages read."""

PAYEE = "payee:"
ACCOUNT = "account:"
MASKED = Payee(kind="masked")


def payment_rows(connection: sa.Connection, movements: Sequence[int]) -> tuple[PaymentRow, ...]:
    """Return lines by their places in the log, in the order asked."""
    query = sa.select(*PUBLIC).where(tables.movement.c.idx.in_(movements))
    found = {row.idx: row for row in connection.execute(query)}
    rows = [found[idx] for idx in movements]
    foundations = foundation_links(connection, {row.foundation for row in rows})
    payees = payees_of(connection, rows)
    parts = parts_of(connection, movements)
    looked_at = looked_at_now(connection, movements)
    return tuple(
        _row(row, foundations[row.foundation], payees[row.idx], parts.get(row.idx, []), row.idx in looked_at)
        for row in rows
    )


def payees_of(connection: sa.Connection, rows: Collection[sa.Row[Any]]) -> dict[int, Payee]:
    """Return who was paid, or who paid, by the lines' places in the log."""
    counters = {row.counter for row in rows if row.counter}
    names = _payee_names(connection, counters)
    accounts = _accounts(connection, counters)
    return {row.idx: _payee(row, names, accounts) for row in rows}


def parts_of(connection: sa.Connection, movements: Collection[int]) -> dict[int, list[AllocationPart]]:
    """Return what lines count for, largest part first, by their places in the log."""
    movement, part, budget = tables.movement, tables.allocation, tables.budget_line
    same_line = sa.and_(part.c.foundation == movement.c.foundation, part.c.seq == movement.c.seq)
    same_category = sa.and_(budget.c.initiative == part.c.initiative, budget.c.category == part.c.category)
    query = (
        sa.select(movement.c.idx, part.c.initiative, part.c.category, part.c.amount_minor, budget.c.name)
        .select_from(movement.join(part, same_line).outerjoin(budget, same_category))
        .where(movement.c.idx.in_(movements), part.c.undone.is_(False))
        .order_by(part.c.idx, part.c.item)
    )
    rows = connection.execute(query).all()
    links = initiative_links(connection, {row.initiative for row in rows})
    found: dict[int, list[AllocationPart]] = defaultdict(list)
    for row in rows:
        name = row.name or str(row.category)
        part_of = AllocationPart(initiative=links[row.initiative], category=name, amount_minor=abs(row.amount_minor))
        found[row.idx].append(part_of)
    for parts in found.values():
        parts.sort(key=lambda part: -part.amount_minor)
    return found


def _row(row: sa.Row[Any], foundation: Link, payee: Payee, parts: list[AllocationPart], looked_at: bool) -> PaymentRow:  # noqa: FBT001 -- one of five facts about a line
    largest = parts[0] if parts else None
    return PaymentRow(
        foundation=foundation,
        seq=row.seq,
        booked_on=row.booked_on,
        amount_minor=row.amount_minor,
        currency=row.currency,
        payee=payee,
        initiative=largest.initiative if largest else None,
        category=largest.category if largest else None,
        looked_at=looked_at,
        spending=row.kind == PAID,
        partly=row.kind == PAID and 0 > row.allocated_minor > row.amount_minor,
        declared=row.account == NO_ACCOUNT,
    )


def _payee(row: sa.Row[Any], names: Mapping[str, str], accounts: Mapping[str, tuple[str, str | None, Link]]) -> Payee:
    if row.counter in names:
        return Payee(kind="named", name=names[row.counter])
    if row.counter in accounts:
        owner, iban, link = accounts[row.counter]
        return Payee(kind="own", iban=iban) if owner == row.foundation else Payee(kind="named", name=link.name)
    return Payee(kind="named", name=row.name) if row.name else MASKED


def _payee_names(connection: sa.Connection, counters: Collection[str]) -> dict[str, str]:
    payee = tables.payee
    ids = [counter.removeprefix(PAYEE) for counter in counters if counter.startswith(PAYEE)]
    query = sa.select(payee.c.id, payee.c.name).where(payee.c.id.in_(ids), payee.c.name.is_not(None))
    return {f"{PAYEE}{row.id}": row.name for row in connection.execute(query)}


def _accounts(connection: sa.Connection, counters: Collection[str]) -> dict[str, tuple[str, str | None, Link]]:
    account = tables.account
    ids = [counter.removeprefix(ACCOUNT) for counter in counters if counter.startswith(ACCOUNT)]
    rows = connection.execute(
        sa.select(account.c.id, account.c.foundation, account.c.iban).where(account.c.id.in_(ids))
    )
    found = list(rows)
    links = foundation_links(connection, {row.foundation for row in found})
    return {f"{ACCOUNT}{row.id}": (row.foundation, row.iban, links[row.foundation]) for row in found}
