"""What of the flags anyone may see: that a payment is looked at, since when, and how far that is.

A rule's id only where it is disclosed. A payment with several flags is shown by the one that is
least far, and of those by one whose rule may be named; once all are ruled on, one that was not in order
speaks before one that was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any
from typing import TypeVar
from typing import cast

import sqlalchemy as sa

from dashboards.pages.parts import LookCounts
from dashboards.pages.parts import LookedAt
from dashboards.reading.state import day_of
from ledger import tables
from ledger.entry import initiative_book

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Collection

    from dashboards.pages.parts import Link
    from dashboards.pages.parts import LookState

Made = TypeVar("Made")

BEING_LOOKED_AT = ("open", "under_review", "explained", "escalated")
RULED = ("confirmed", "accepted")
CLOSING = "closing"
CLOSED = "closed"
NOT_REPRODUCED = "not_reproduced"
SHOWN = 10
"""How many payments a list names."""
PROGRESS = (*BEING_LOOKED_AT, *RULED, NOT_REPRODUCED, CLOSED)


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
    return _looked_at(foundation, min(rows, key=_order))


class LookTotals:
    """Remembers what takes looking through all flags until a flag or a link changes; safe to share between threads.

    What may change without a flag, such as a name or a rule that is disclosed, is never remembered.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str | None, str | None], tuple[object, Any]] = {}

    def count(
        self, connection: sa.Connection, foundation: str | None = None, initiative: str | None = None
    ) -> LookCounts:
        """Count payments by how far the looks at them are, each once; of one foundation or initiative, or of all."""
        return self._remembered(
            connection, ("count", foundation, initiative), lambda: _count(connection, foundation, initiative)
        )

    def open_looks(self, connection: sa.Connection, foundation: str, link: Link) -> tuple[LookedAt, ...]:
        """Return the newest of a foundation's payments that are being looked at."""
        order = self._remembered(connection, ("open", foundation, None), lambda: _newest_open(connection, foundation))
        return _speaking(connection, link, order)

    def not_in_order(self, connection: sa.Connection, foundation: str, link: Link) -> tuple[LookedAt, ...]:
        """Return the newest of a foundation's payments that were ruled not in order."""
        order = self._remembered(connection, ("bad", foundation, None), lambda: _newest_bad(connection, foundation))
        return _speaking(connection, link, order)

    def open_statements(self, connection: sa.Connection, foundation: str) -> int:
        """Return how many of a foundation's bank statements are being looked at."""
        return self._remembered(
            connection, ("statements", foundation, None), lambda: _open_statements(connection, foundation)
        )

    def open_accounts(self, connection: sa.Connection, foundation: str) -> int:
        """Return about how many of a foundation's accounts themselves something is being looked at."""
        return self._remembered(
            connection, ("accounts", foundation, None), lambda: _open_accounts(connection, foundation)
        )

    def _remembered(
        self, connection: sa.Connection, key: tuple[str, str | None, str | None], make: Callable[[], Made]
    ) -> Made:
        """Return what was made under a key, made anew once a flag or a link of the initiative moved."""
        newest = _newest(connection, key[2])
        kept = self._kept.get(key)
        if kept is None or kept[0] != newest:
            kept = newest, make()
            self._kept[key] = kept
        made: Made = kept[1]
        return made


def _newest(connection: sa.Connection, initiative: str | None) -> tuple[int | None, ...]:
    """Return what differs once a flag came or moved, or something was linked to an initiative or undone."""
    head = tables.book_head
    length = sa.select(head.c.length).where(head.c.book == initiative_book(initiative or ""))
    raised, moved = sa.select(sa.func.max(tables.flag.c.idx)), sa.select(sa.func.max(tables.flag_step.c.idx))
    queries = (raised.scalar_subquery(), moved.scalar_subquery(), length.scalar_subquery())
    return tuple(connection.execute(sa.select(*queries)).one())


def _count(connection: sa.Connection, foundation: str | None, initiative: str | None) -> LookCounts:
    standing = _standing(foundation)
    if initiative is not None:
        part, about = tables.allocation, tables.flag_about
        own = sa.and_(part.c.foundation == about.c.foundation, part.c.seq == about.c.seq, part.c.undone.is_(False))
        standing = standing.where(sa.exists().where(own, part.c.initiative == initiative))
    found = standing.subquery()
    counted = sa.select(found.c.standing, sa.func.count()).group_by(found.c.standing)
    counts = {_STANDINGS[standing]: count for standing, count in connection.execute(counted)}
    return LookCounts(
        open=counts.get("open", 0), not_in_order=counts.get("confirmed", 0), in_order=counts.get("accepted", 0)
    )


def movements_standing(state: str, foundation: str | None = None) -> sa.Select[tuple[int]]:
    """Return the places in the log of movements whose looks stand at `open`, `confirmed` or `accepted`."""
    found = _standing(foundation).subquery()
    return sa.select(found.c.idx).where(found.c.standing == _STANDINGS.index(state))


def _standing(foundation: str | None) -> sa.Select[Any]:
    """Return for each movement with flags the least far of them, as a place in `_STANDINGS`.

    Flags are few: a database begins with them, and does not read through what they are about.
    """
    order = {status: _STANDINGS.index("open") for status in BEING_LOOKED_AT}
    order |= {status: _STANDINGS.index(status) for status in RULED}
    least = sa.func.min(sa.case(order, value=_REACHED, else_=_STANDINGS.index(CLOSED)))
    movement = tables.movement
    flags = sa.select(tables.flag.c.id)
    if foundation is not None:
        flags = flags.where(tables.flag.c.foundation == foundation)
    query = sa.select(movement.c.idx, least.label("standing")).select_from(_JOIN).group_by(movement.c.idx)
    return query.where(tables.flag_about.c.flag.in_(flags))


def _newest_open(connection: sa.Connection, foundation: str) -> list[int]:
    """Return the newest of a foundation's payments with a flag that is not ruled on, by their places in the log."""
    return _newest_with(connection, _BEING, tables.flag.c.foundation == foundation)


def _newest_bad(connection: sa.Connection, foundation: str) -> list[int]:
    """Return the newest of a foundation's payments ruled not in order, none of whose flags is open again."""
    own = tables.flag.c.foundation == foundation
    open_ones = sa.select(tables.movement.c.idx).select_from(_JOIN).where(_BEING, own)
    return _newest_with(connection, _BAD, own, tables.movement.c.idx.not_in(open_ones))


def _newest_with(connection: sa.Connection, *which: sa.ColumnElement[bool]) -> list[int]:
    """Return the newest payments with certain flags."""
    movement = tables.movement
    newest = sa.select(movement.c.idx, movement.c.booked_on).select_from(_JOIN).where(*which).distinct()
    rows = connection.execute(newest.order_by(movement.c.booked_on.desc(), movement.c.idx.desc()).limit(SHOWN))
    return [idx for idx, _ in rows]


def _speaking(connection: sa.Connection, link: Link, order: list[int]) -> tuple[LookedAt, ...]:
    """Return what is said of payments, each by the one flag that speaks for it."""
    movement = tables.movement
    chosen: dict[int, sa.Row[Any]] = {}
    for row in sorted(connection.execute(_looks().where(movement.c.idx.in_(order))), key=_order):
        chosen.setdefault(row.idx, row)
    return tuple(_looked_at(link, chosen[idx]) for idx in order)


def _open_statements(connection: sa.Connection, foundation: str) -> int:
    flag, about, statement = tables.flag, tables.flag_about, tables.statement
    same = sa.and_(statement.c.foundation == about.c.foundation, statement.c.seq == about.c.seq)
    query = (
        sa.select(sa.func.count(sa.distinct(about.c.seq)))
        .select_from(flag.join(about, about.c.flag == flag.c.id).join(statement, same))
        .where(flag.c.foundation == foundation, flag.c.status.in_(BEING_LOOKED_AT))
    )
    return connection.execute(query).scalar_one()


def _open_accounts(connection: sa.Connection, foundation: str) -> int:
    flag, about, account, entry = tables.flag, tables.flag_about, tables.account, tables.entry
    query = (
        sa.select(sa.func.count(sa.distinct(account.c.id)))
        .select_from(flag.join(about, about.c.flag == flag.c.id))
        .join(account, account.c.foundation == about.c.foundation)
        .join(entry, sa.and_(entry.c.idx == account.c.idx, entry.c.seq == about.c.seq))
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

_STANDINGS = ("open", *RULED, CLOSED)
"""How far the looks at a payment are, the least far first."""

_BEING = tables.flag.c.status.in_(BEING_LOOKED_AT)
_AFTER = tables.flag.c.status.in_((CLOSING, CLOSED))
_REACHED = sa.case(
    (_AFTER, sa.func.coalesce(tables.flag.c.ruling, CLOSED)),
    else_=tables.flag.c.status,
)
"""A flag's status; after a ruling, that ruling, also while and after it is closed."""
_BAD = sa.and_(tables.flag.c.status.in_(("confirmed", CLOSING, CLOSED)), _REACHED == "confirmed")


def _looks() -> sa.Select[Any]:
    flag, movement = tables.flag, tables.movement
    return sa.select(
        flag.c.id,
        _REACHED.label("status"),
        flag.c.ruled_at,
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


def _looked_at(foundation: Link, row: sa.Row[Any]) -> LookedAt:
    return LookedAt(
        foundation=foundation,
        seq=row.seq,
        booked_on=row.booked_on,
        amount_minor=row.amount_minor,
        currency=row.currency,
        state=cast("LookState", row.status),
        since=day_of(row.raised_at),
        rule=row.rule,
        ruled_on=day_of(row.ruled_at) if row.ruled_at and row.status in RULED else None,
    )
