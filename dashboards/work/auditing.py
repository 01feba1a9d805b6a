"""Running the rules by command, and listing flags.

`run_and_list` appends what is new; `flags_as_of` uses facts dated up to a day, prints, and
appends nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import sqlalchemy as sa

from audit.run import findings_now
from audit.run import run_rules
from dashboards.work.alarms import write_alarms
from dashboards.work.errors import FoundationUnknown
from dashboards.work.finishing import sign_rest
from dashboards.work.hints import waiting_hints
from importers.reconcile import decimal_text
from ledger import tables
from ledger.entry import foundation_book
from ledger.header import write_instant

if TYPE_CHECKING:
    import datetime as dt

    from ledger.installation import Installation

HINT = "hint"
"""The status of what an indicator found, which is no flag yet."""
OVER = ("accepted", "closed", "not_reproduced")
"""Statuses of flags that are no longer open."""


def run_and_list(installation: Installation, slug: str | None, now: dt.datetime) -> list[dict[str, Any]]:
    """Run the rules, have the log signed, and return the open flags, and then the hints that wait for an officer.

    Args:
        slug: The only foundation to look at; None for all.

    Raises:
        FoundationUnknown: There is no foundation of that slug.
    """
    foundations = _foundations(installation, slug)
    run_rules(installation, now, set(foundations))
    sign_rest(installation)
    write_alarms(installation, now)
    table = tables.flag
    with installation.store.reading() as connection:
        query = sa.select(table).where(table.c.foundation.in_(list(foundations)), table.c.status.not_in(OVER))
        flags = [
            _kept(connection, row, foundations[row.foundation])
            for row in connection.execute(query.order_by(table.c.idx))
        ]
        hints = connection.execute(waiting_hints().where(tables.hint.c.foundation.in_(list(foundations))))
        return flags + [_hint(connection, row, foundations[row.foundation]) for row in hints]


def flags_as_of(installation: Installation, slug: str | None, day: dt.date) -> list[dict[str, Any]]:
    """Return what the rules would find from facts dated up to a day; nothing is appended.

    Raises:
        FoundationUnknown: There is no foundation of that slug.
    """
    foundations = _foundations(installation, slug)
    with installation.store.reading() as connection:
        return [
            {
                "id": finding.flag,
                "rule": finding.hit.rule,
                "kind": finding.kind,
                "severity": finding.hit.severity,
                "foundation": foundations[finding.foundation],
                "status": "open",
                "first_seen": None,
                "transactions": _transactions(connection, finding.foundation, finding.hit.subjects),
                "evidence": finding.hit.evidence,
            }
            for finding in findings_now(installation, connection, set(foundations), day)
        ]


def _foundations(installation: Installation, slug: str | None) -> dict[str, str]:
    """Return slugs by id."""
    table = tables.foundation
    with installation.store.reading() as connection:
        found = {row.id: row.slug for row in connection.execute(sa.select(table.c.id, table.c.slug))}
    if slug is None:
        return found
    if slug not in found.values():
        raise FoundationUnknown(slug)
    return {id_: name for id_, name in found.items() if name == slug}


def _kept(connection: sa.Connection, row: Any, slug: str) -> dict[str, Any]:  # noqa: ANN401 - a row of `flag`
    """Return a flag in the book as JSON."""
    return {
        "id": row.id,
        "rule": row.private_rule,
        "kind": "policy",
        "severity": row.private_severity,
        "foundation": slug,
        "status": row.status,
        "first_seen": write_instant(row.raised_at),
        "transactions": _transactions(connection, row.foundation, row.about),
        "evidence": row.private_evidence,
    }


def _hint(connection: sa.Connection, row: Any, slug: str) -> dict[str, Any]:  # noqa: ANN401 - a row of `hint`
    """Return what an indicator found as JSON; it is in no book until an officer takes it up."""
    return {
        "id": row.flag,
        "rule": row.rule,
        "kind": "indicator",
        "severity": row.severity,
        "foundation": slug,
        "status": HINT,
        "first_seen": write_instant(row.found_at),
        "transactions": _transactions(connection, row.foundation, row.about),
        "evidence": row.evidence,
    }


def _transactions(connection: sa.Connection, foundation: str, seqs: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - a list of places
    """Return the payments that a flag is about."""
    table = tables.movement
    query = sa.select(table).where(table.c.foundation == foundation, table.c.seq.in_(list(seqs))).order_by(table.c.seq)
    return [
        {
            "book": foundation_book(foundation),
            "seq": row.seq,
            "booked_on": row.booked_on.isoformat(),
            "amount": decimal_text(row.amount_minor),
        }
        for row in connection.execute(query)
    ]
