"""Sealing the days: one `seal` entry for each day, silent days too.

A seal is made on its day, or later where nobody ran it in time: it then holds the log as it stands when it is made,
and `recorded` says when that was. Never is there a seal of a day to come, nor two of one day.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from ledger import tables
from ledger.entry import DISTRICT
from ledger.entry import foundation_book
from ledger.seal import COUNTED
from ledger.seal import SEAL
from ledger.seal import BookState
from ledger.seal import books_root
from ledger.tiles import root_of_range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.canonical import Json
    from ledger.store import Appender
    from ledger.store import Store

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
A_DAY = dt.timedelta(days=1)


def seal_days(store: Store, now: dt.datetime) -> tuple[dt.date, ...]:
    """Seal each day since the last sealed one, up to today in Amsterdam; return which.

    Args:
        now: The clock (aware).
    """
    sealed = []
    while (day := _seal_next(store, now)) is not None:
        sealed.append(day)
    return tuple(sealed)


def last_sealed(connection: sa.Connection) -> dt.date | None:
    """Return the last day that has a seal."""
    return connection.execute(sa.select(sa.func.max(tables.seal.c.day))).scalar()


def books_at(connection: sa.Connection, *sizes: int) -> Iterator[list[BookState]]:
    """Yield every book as it stood at some sizes of the log, the largest first; reads what came since, once."""
    head, sums = tables.book_head, tables.foundation_sum
    states = {row.book: (row.length, row.hash) for row in connection.execute(sa.select(head))}
    booked = connection.execute(sa.select(sums.c.foundation, sums.c.booked_minor))
    balances = Counter({foundation_book(foundation): amount_minor for foundation, amount_minor in booked})
    since: sa.ColumnElement[bool] = sa.true()
    for size in sizes:
        came = sa.and_(tables.entry.c.idx >= size, since)
        states.update(_heads_before(connection, came))
        balances.subtract(_booked(connection, came))
        yield [
            BookState(book, length, hash_.hex(), balances[book]) for book, (length, hash_) in states.items() if length
        ]
        since = tables.entry.c.idx < size


def _heads_before(connection: sa.Connection, came: sa.ColumnElement[bool]) -> dict[str, tuple[int, bytes]]:
    """Return the length and last hash that books had before some entries came."""
    entry, found = tables.entry, {}
    first = sa.select(entry.c.book, sa.func.min(entry.c.seq)).where(came).group_by(entry.c.book)
    for book, length in connection.execute(first).all():
        last = sa.select(entry.c.hash).where(entry.c.book == book, entry.c.seq == length - 1)
        found[book] = (length, connection.execute(last).scalar() or b"")
    return found


def _booked(connection: sa.Connection, came: sa.ColumnElement[bool]) -> dict[str, int]:
    """Return the sum of the transactions among some entries, by book."""
    movement, entry = tables.movement, tables.entry
    query = (
        sa.select(entry.c.book, sa.func.sum(movement.c.amount_minor))
        .join(movement, movement.c.idx == entry.c.idx)
        .where(came, entry.c.type == COUNTED)
        .group_by(entry.c.book)
    )
    return {book: int(amount_minor) for book, amount_minor in connection.execute(query)}


def _seal_next(store: Store, now: dt.datetime) -> dt.date | None:
    """Seal the first day that has no seal yet; return it, or None where all are sealed."""
    with store.writing(now) as appender:
        today = appender.now.astimezone(AMSTERDAM).date()
        last = last_sealed(appender.connection)
        day = last + A_DAY if last else today
        if day > today:
            return None
        appender.append(store.draft(DISTRICT, SEAL, _fields(appender, day)))
        return day


def _fields(appender: Appender, day: dt.date) -> dict[str, Json]:
    """Return what a seal says of the log as it is before it."""
    connection, size = appender.connection, appender.size
    books = next(books_at(connection, size))
    return {
        "day": day.isoformat(),
        "size": size,
        "root": root_of_range(connection, 0, size).hex(),
        "books": len(books),
        "books_root": books_root(books).hex(),
    }
