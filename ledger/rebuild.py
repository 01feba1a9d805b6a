"""Making every view again from the entries and the private values that still exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from ledger import tables
from ledger.commitment import load_openings
from ledger.database import WRITING
from ledger.entries import known_type
from ledger.entry import read_entry
from ledger.views import DatabaseViews

if TYPE_CHECKING:
    from ledger.store import Store

ROWS = 1000


def rebuild(store: Store) -> int:
    """Empty all views and fill them again, in one transaction; return how many entries were replayed."""
    with store.engine.connect().execution_options(**WRITING) as connection, connection.begin():
        connection.execute(sa.select(tables.log_head).with_for_update()).one()
        return refill(connection)


def refill(connection: sa.Connection) -> int:
    """Empty all views and fill them again within the caller's transaction; return how many entries were replayed."""
    for table in tables.VIEWS:
        connection.execute(sa.delete(table))
    return _replay(connection)


def _replay(connection: sa.Connection) -> int:
    """Apply every entry in the order of the log, a thousand at a time."""
    views = DatabaseViews(connection, lambda: None)
    entry, private = tables.entry, tables.private_value
    count = start = 0
    while True:
        query = (
            sa.select(entry.c.idx, entry.c.body, private.c.body.label("private"))
            .outerjoin(private, private.c.idx == entry.c.idx)
            .where(entry.c.idx >= start)
            .order_by(entry.c.idx)
            .limit(ROWS)
        )
        rows = connection.execute(query).all()
        if not rows:
            return count
        for idx, body, kept in rows:
            made = read_entry(idx, body)
            openings = {} if kept is None else load_openings(kept)
            type_ = known_type(made.body)
            if type_ is not None:
                type_.apply(made, {name: opening.value for name, opening in openings.items()}, views)
        views.flush()
        count += len(rows)
        start = rows[-1].idx + 1
