"""Linking payments to initiatives: an allocation entry per statement and initiative.

A split is a part of one line, with the line's own sign. The parts of a line never exceed it, go to
initiatives that its foundation pays for, and to categories of their budgets. Transfers
between declared accounts are not spending and are never linked. Undoing is a reversing entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from dashboards.work.errors import SplitRefused
from dashboards.work.finishing import finish
from ledger import tables
from ledger.entry import initiative_book

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from collections.abc import Sequence

    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.installation import Installation
    from ledger.store import Appender

ITEMS = 1500
"""Items in one entry, so that it stays below 65,535 bytes."""


@dataclass(frozen=True, slots=True)
class Split:
    """A part of a line that counts for a category of an initiative; `amount_minor` has the line's sign."""

    initiative: str
    category: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Linked:
    """One line of a foundation's book and what it counts for.

    Attributes:
        seq: The transaction's place in the foundation's book.
        statement: Its statement's place.
        amount_minor: The line's whole amount.
        free_minor: What of it is not linked yet, with the line's sign.
    """

    seq: int
    statement: int
    amount_minor: int
    free_minor: int
    splits: tuple[Split, ...]


def link(
    installation: Installation,
    foundation: str,
    links: Mapping[int, Sequence[Split]],
    *,
    by: Sequence[str],
    now: dt.datetime,
) -> tuple[Entry, ...]:
    """Link lines that are in the book already, and let the rules judge them anew.

    Returns:
        The entries, which follow one another in the log.

    Args:
        links: From a transaction's place in the foundation's book to its splits.
        by: Who does it; that they may is for the caller to know.

    Raises:
        SplitRefused: A split does not fit its line, initiative or budget; nothing was linked.
    """
    with installation.store.writing(now) as appender:
        table = tables.movement
        query = sa.select(table).where(table.c.foundation == foundation, table.c.seq.in_(list(links)))
        rows = {row.seq: row for row in appender.connection.execute(query)}
        linked = []
        for seq, splits in sorted(links.items()):
            row = rows.get(seq)
            if row is None or row.kind == "transfer":
                raise SplitRefused(seq, "it is no payment of this foundation")
            free = row.amount_minor - row.allocated_minor
            linked.append(Linked(seq, row.statement, row.amount_minor, free, tuple(splits)))
        entries = append_allocations(installation, appender, foundation, linked, by)
    finish(installation, now)
    return entries


def unlink(
    installation: Installation, foundation: str, seq: int, reason: str, *, by: Sequence[str], now: dt.datetime
) -> int:
    """Undo everything that a line is linked to, and let the rules judge anew; return how many entries that took."""
    with installation.store.writing(now) as appender:
        table = tables.allocation
        query = sa.select(table).where(table.c.foundation == foundation, table.c.seq == seq, table.c.undone.is_(False))
        rows = appender.connection.execute(query).all()
        for row in rows:
            public: dict[str, Json] = {"allocation": row.allocation_seq, "items": [row.item]}
            book = initiative_book(row.initiative)
            appender.append(installation.store.draft(book, "deallocation", public, {"reason": reason}, by))
    finish(installation, now)
    return len(rows)


def append_allocations(
    installation: Installation,
    appender: Appender,
    foundation: str,
    linked: Sequence[Linked],
    by: Sequence[str],
) -> tuple[Entry, ...]:
    """Append the allocation entries of lines within a transaction, and return them.

    Raises:
        SplitRefused: A split does not fit.
    """
    budgets = open_budgets(appender.connection, foundation)
    items: dict[tuple[str, int], list[Json]] = {}
    for line in linked:
        _check(line, budgets)
        for split in line.splits:
            item: Json = [line.seq, split.amount_minor, split.category]
            items.setdefault((split.initiative, line.statement), []).append(item)
    appended = []
    for (initiative, statement), own in items.items():
        for start in range(0, len(own), ITEMS):
            public: dict[str, Json] = {
                "foundation": foundation,
                "statement": statement,
                "currency": "EUR",
                "items": own[start : start + ITEMS],
            }
            draft = installation.store.draft(initiative_book(initiative), "allocation", public, by=by)
            appended.append(appender.append(draft))
    return tuple(appended)


def _check(line: Linked, budgets: Mapping[str, set[int]]) -> None:
    """Refuse splits that do not fit their line or the budgets."""
    total = 0
    for split in line.splits:
        if split.initiative not in budgets:
            raise SplitRefused(line.seq, "this foundation does not pay for that initiative")
        if split.category not in budgets[split.initiative]:
            raise SplitRefused(line.seq, "that category is not in the initiative's budget")
        if split.amount_minor == 0 or (split.amount_minor < 0) != (line.amount_minor < 0):
            raise SplitRefused(line.seq, "a part has the other sign than the payment, or is nought")
        total += split.amount_minor
    if abs(total) > abs(line.free_minor):
        raise SplitRefused(line.seq, "the parts together are more than what is left of the payment")


def open_budgets(connection: sa.Connection, foundation: str) -> dict[str, set[int]]:
    """Return the categories of the open initiatives that a foundation pays for."""
    payer, line, initiative = tables.initiative_payer, tables.budget_line, tables.initiative
    query = (
        sa.select(payer.c.initiative, line.c.category)
        .join(initiative, initiative.c.id == payer.c.initiative)
        .join(line, line.c.initiative == payer.c.initiative)
        .where(payer.c.foundation == foundation, initiative.c.closed_at.is_(None))
    )
    found: dict[str, set[int]] = {}
    for row in connection.execute(query):
        found.setdefault(row.initiative, set()).add(row.category)
    return found
