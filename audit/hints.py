"""Hints: what indicators found, kept for the district alone until an officer takes one up.

An indicator gets no flag before somebody ruled, because a flag is public. So its hits stand in an
ordinary table, under the identity that a flag of theirs would have: a hint that is found again is the
same hint, also after it was set aside, and one that is no longer found says so. What it holds is
evidence as flags have it: ids, amounts and days, no names.

Source: DESIGN "Audit": an indicator is for the district only until it has ruled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from audit.rules import RULES
from ledger import tables

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from audit.run import Finding
    from audit.window import Scope


def keep_hints(connection: sa.Connection, scope: Scope, findings: Iterable[Finding], now: dt.datetime) -> None:
    """Keep the hits of indicators that a run found, and say which it found no more.

    Args:
        connection: As the run's entries are appended.
        scope: What of a foundation the run looked at.
        findings: All that it found in that scope; only those of indicators count.
        now: When it ran.
    """
    table = tables.hint
    found = {each.flag: each for each in findings if each.kind == "indicator"}
    known = connection.execute(sa.select(table).where(table.c.foundation == scope.foundation)).all()
    fresh = sorted(found.keys() - {row.flag for row in known})
    if fresh:
        connection.execute(sa.insert(table), [_row(found[flag], now) for flag in fresh])
    for row in known:
        judged = row.rule not in RULES or scope.reaches(row.rule, tuple(row.about))
        if row.flag in found and row.gone_at is not None:
            _set_gone(connection, row.flag, None)
        elif row.flag not in found and row.gone_at is None and judged:
            _set_gone(connection, row.flag, now)


def _set_gone(connection: sa.Connection, flag: str, at: dt.datetime | None) -> None:
    """Remember since when a hint is no longer found."""
    table = tables.hint
    connection.execute(sa.update(table).where(table.c.flag == flag).values(gone_at=at))


def _row(finding: Finding, now: dt.datetime) -> dict[str, object]:
    """Return a hint as it is kept."""
    return {
        "flag": finding.flag,
        "foundation": finding.foundation,
        "rule": finding.hit.rule,
        "severity": finding.hit.severity,
        "case_id": finding.case,
        "about": list(finding.hit.subjects),
        "evidence": finding.hit.evidence,
        "found_at": now,
    }
