"""What of the flags anyone may see: that a payment is looked at, since when, and how far that is.

A rule's id only where it is disclosed. A payment with several flags is shown by the one that is
least far, and of those by one whose rule may be named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any
from typing import cast

import sqlalchemy as sa

from dashboards.pages.parts import LookedAt
from dashboards.reading.state import day_of
from ledger import tables

if TYPE_CHECKING:
    from collections.abc import Collection

    from dashboards.pages.parts import Link
    from dashboards.pages.parts import LookState

BEING_LOOKED_AT = ("open", "under_review", "explained", "escalated")
PROGRESS = (*BEING_LOOKED_AT, "accepted", "confirmed", "closing", "closed")
RULED = ("accepted", "confirmed")
CLOSING = "closing"


def looked_at_now(connection: sa.Connection, movements: Collection[int]) -> set[int]:
    """Return which movements, by their place in the log, have a flag that is not ruled on."""
    query = sa.select(tables.movement.c.idx).select_from(_JOIN)
    query = query.where(tables.movement.c.idx.in_(movements), tables.flag.c.status.in_(BEING_LOOKED_AT))
    return set(connection.execute(query).scalars())


def look_at(connection: sa.Connection, foundation: Link, movement: int) -> LookedAt | None:
    """Return what may be said of the flags on one movement; None where there are none."""
    rows = connection.execute(_looks().where(tables.movement.c.idx == movement)).all()
    if not rows:
        return None
    return _looked_at(connection, foundation, min(rows, key=_order))


def open_looks(connection: sa.Connection, foundation: str, link: Link) -> tuple[LookedAt, ...]:
    """Return a foundation's payments that are being looked at, newest first."""
    flag = tables.flag
    query = _looks().where(flag.c.foundation == foundation, flag.c.status.in_(BEING_LOOKED_AT))
    chosen: dict[int, sa.Row[Any]] = {}
    for row in sorted(connection.execute(query), key=_order):
        chosen.setdefault(row.idx, row)
    newest = sorted(chosen.values(), key=lambda row: (row.booked_on, row.idx), reverse=True)
    return tuple(_looked_at(connection, link, row) for row in newest)


def open_statement_looks(connection: sa.Connection, foundation: str) -> int:
    """Return how many of a foundation's bank statements are being looked at."""
    flag, about, statement = tables.flag, tables.flag_about, tables.statement
    same = sa.and_(statement.c.foundation == about.c.foundation, statement.c.seq == about.c.seq)
    query = (
        sa.select(sa.func.count(sa.distinct(about.c.seq)))
        .select_from(flag.join(about, about.c.flag == flag.c.id).join(statement, same))
        .where(flag.c.foundation == foundation, flag.c.status.in_(BEING_LOOKED_AT))
    )
    return connection.execute(query).scalar_one()


def rules_shown(connection: sa.Connection, movement: int) -> set[str]:
    """Return the disclosed rules of all flags on one movement."""
    query = sa.select(tables.flag.c.rule).select_from(_JOIN).where(tables.movement.c.idx == movement)
    return {rule for rule in connection.execute(query).scalars() if rule is not None}


_JOIN = tables.flag_about.join(
    tables.movement,
    sa.and_(
        tables.movement.c.foundation == tables.flag_about.c.foundation,
        tables.movement.c.seq == tables.flag_about.c.seq,
    ),
).join(tables.flag, tables.flag.c.id == tables.flag_about.c.flag)


def _looks() -> sa.Select[Any]:
    flag, movement = tables.flag, tables.movement
    return sa.select(
        flag.c.id,
        flag.c.status,
        flag.c.raised_at,
        flag.c.rule,
        movement.c.idx,
        movement.c.seq,
        movement.c.booked_on,
        movement.c.amount_minor,
        movement.c.currency,
    ).select_from(_JOIN)


def _order(row: sa.Row[Any]) -> tuple[int, bool, Any]:
    return (PROGRESS.index(row.status), row.rule is None, row.raised_at)


def _looked_at(connection: sa.Connection, foundation: Link, row: sa.Row[Any]) -> LookedAt:
    status = _outcome(connection, row.id) if row.status == CLOSING else row.status
    return LookedAt(
        foundation=foundation,
        seq=row.seq,
        booked_on=row.booked_on,
        amount_minor=row.amount_minor,
        currency=row.currency,
        state=cast("LookState", status),
        since=day_of(row.raised_at),
        rule=row.rule,
    )


def _outcome(connection: sa.Connection, flag: str) -> str:
    """Return the ruling on a flag that only waits for its closing."""
    step = tables.flag_step
    query = sa.select(step.c.status).where(step.c.flag == flag, step.c.status.in_(RULED)).order_by(step.c.idx.desc())
    return str(connection.execute(query.limit(1)).scalar() or "closed")
