"""Running the rules over what is booked: the second step, after booking and before signing.

A run reads one consistent state, evaluates each foundation, and appends in one transaction: a
flag for every hit that has none yet, what of it may be public at once, and one `run` entry of fixed
shape, hits or none. Flags stand in the order of their identities: in the order of rules or payees,
those around it would tell the rule of one that is not shown. `audited_to` says how far the rules
have looked; what was interrupted is done by the next run, whatever it is asked to look at, or at
the next start. A rerun never raises a flag twice.

Source: DESIGN "Audit", RULES "What a rule is".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from audit.cases import case_identity
from audit.cases import case_keys
from audit.cases import case_of
from audit.cases import flag_identity
from audit.load import load_context
from audit.load import up_to
from audit.rules import RULES
from audit.rules import evaluate
from audit.rules import rule_set_hash
from audit.window import window_since
from ledger import tables
from ledger.entry import DISTRICT
from ledger.entry import foundation_book
from ledger.errors import BooksMoved

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection
    from collections.abc import Mapping

    from audit.frames import Context
    from audit.rule import Hit
    from audit.window import Window
    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.installation import Installation
    from ledger.store import Appender

TRIES = 5
PAIRS = 1500
"""Pairs in one `disclosed` entry, so that it stays below 65,535 bytes."""
AUDITED_TO = "audited_to/"
"""Before a foundation's id, the name of how far the rules have looked at it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A hit with the identities under which it stands in the book."""

    hit: Hit
    foundation: str
    flag: str
    case: str

    @property
    def kind(self) -> str:
        """Return the kind of the rule: policy or indicator."""
        return RULES[self.hit.rule].kind


def run_rules(installation: Installation, now: dt.datetime, foundations: Collection[str] | None = None) -> int:
    """Evaluate foundations and append what is new; return how many flags were raised.

    Args:
        foundations: Ids, to be looked at as a whole; None for all. What was booked since the rules last looked at
            a foundation is looked at in any case.

    Raises:
        BooksMoved: Others kept writing in the same books; the next run will find it.
    """
    for _ in range(TRIES):
        with installation.store.reading() as connection:
            look = _look(installation, connection, foundations)
        try:
            return _append(installation, now, look)
        except BooksMoved:
            continue
    raise BooksMoved


def findings_now(
    installation: Installation, connection: sa.Connection, foundations: Collection[str], day: dt.date
) -> list[Finding]:
    """Return every hit from facts dated up to a day, without appending anything."""
    contexts = (up_to(load_context(connection, foundation), day) for foundation in sorted(foundations))
    return [finding for context in contexts for finding in _evaluate(installation, context)]


def unfinished(installation: Installation) -> bool:
    """Tell whether entries were appended that the rules have not looked at."""
    with installation.store.reading() as connection:
        return bool(_left_over(connection))


@dataclass(frozen=True, slots=True)
class _Look:
    """What a run saw: the log's size, the lengths of the books that it looked at, and all hits."""

    size: int
    lengths: dict[str, int]
    findings: list[Finding]


def _look(installation: Installation, connection: sa.Connection, foundations: Collection[str] | None) -> _Look:
    """Evaluate foundations on one state: as a whole, or from the first day that something was booked about."""
    if foundations is None:
        foundations = set(connection.execute(sa.select(tables.foundation.c.id)).scalars())
    windows: dict[str, Window | None] = {
        foundation: window_since(connection, foundation, size) for foundation, size in _left_over(connection).items()
    }
    windows.update(dict.fromkeys(foundations))
    size = connection.execute(sa.select(tables.log_head.c.size)).scalar_one()
    lengths, findings = {}, []
    for foundation, window in sorted(windows.items()):
        head = tables.book_head
        book = foundation_book(foundation)
        lengths[foundation] = connection.execute(sa.select(head.c.length).where(head.c.book == book)).scalar_one()
        context = load_context(connection, foundation, window.loaded_from if window else None)
        findings.extend(_evaluate(installation, context, window))
    return _Look(size, lengths, findings)


def _evaluate(installation: Installation, context: Context, window: Window | None = None) -> list[Finding]:
    """Return the hits of one foundation, of all days or of those that are judged again."""
    secret, foundation = installation.secret, context.foundation
    hits = evaluate(context).hits
    keys = case_keys(foundation, context.payments)
    return [
        Finding(
            hit,
            foundation,
            flag_identity(secret, hit.rule, foundation, hit.subjects),
            case_identity(secret, case_of(foundation, hit.subjects, keys)),
        )
        for hit in (window.of(hits, context) if window else hits)
    ]


def _append(installation: Installation, now: dt.datetime, look: _Look) -> int:
    """Append new flags and the run, in one transaction."""
    with installation.store.writing(now) as appender:
        for foundation, length in look.lengths.items():
            appender.expect(foundation_book(foundation), length)
        known = set(appender.connection.execute(sa.select(tables.flag.c.id)).scalars())
        fresh = [finding for finding in look.findings if finding.flag not in known]
        raised = sorted((finding for finding in fresh if finding.kind == "policy"), key=lambda finding: finding.flag)
        shown: dict[str, list[Json]] = {}
        for finding in raised:
            entry = _raise(installation, appender, finding)
            if not _hidden(finding):
                shown.setdefault(finding.foundation, []).extend([[entry.seq, "rule"], [entry.seq, "severity"]])
        _show(installation, appender, shown)
        public: dict[str, Json] = {"size": look.size, "rules": rule_set_hash()}
        hits: list[Json] = [_as_json(finding) for finding in fresh if _hidden(finding)]
        appender.append(installation.store.draft(DISTRICT, "run", public, {"hits": hits}))
        for foundation in look.lengths:
            _keep_audited_to(appender.connection, foundation, look.size)
        return len(raised)


def _raise(installation: Installation, appender: Appender, finding: Finding) -> Entry:
    """Append one flag."""
    private: dict[str, Json] = {
        "rule": finding.hit.rule,
        "severity": finding.hit.severity,
        "case": finding.case,
        "evidence": finding.hit.evidence,
    }
    public: dict[str, Json] = {"flag": finding.flag, "about": list(finding.hit.subjects)}
    book = foundation_book(finding.foundation)
    return appender.append(installation.store.draft(book, "flag raised", public, private))


def _show(installation: Installation, appender: Appender, shown: Mapping[str, list[Json]]) -> None:
    """Disclose rules and severities by foundation, except those that tell something about a person."""
    for foundation, pairs in shown.items():
        for start in range(0, len(pairs), PAIRS):
            public: dict[str, Json] = {"pairs": pairs[start : start + PAIRS]}
            appender.append(installation.store.draft(foundation_book(foundation), "disclosed", public))


def _hidden(finding: Finding) -> bool:
    """Tell whether a hit may not be public before a ruling."""
    return RULES[finding.hit.rule].personal or finding.kind == "indicator"


def _as_json(finding: Finding) -> Json:
    """Return a hit as the `run` entry commits to it."""
    return {
        "flag": finding.flag,
        "foundation": finding.foundation,
        "rule": finding.hit.rule,
        "severity": finding.hit.severity,
        "subjects": list(finding.hit.subjects),
    }


def _keep_audited_to(connection: sa.Connection, foundation: str, size: int) -> None:
    """Remember how far the rules have looked; another run may have looked further meanwhile."""
    table, name = tables.progress, AUDITED_TO + foundation
    known = connection.execute(sa.select(table.c.value).where(table.c.name == name)).scalar()
    if known is None:
        connection.execute(sa.insert(table).values(name=name, value=size))
    elif known < size:
        connection.execute(sa.update(table).where(table.c.name == name).values(value=size))


def _left_over(connection: sa.Connection) -> dict[str, int]:
    """Return the foundations about which something was recorded since the rules looked, and up to where they looked."""
    table, progress = tables.statement, tables.progress
    newest = sa.select(table.c.foundation, sa.func.max(table.c.idx).label("idx")).group_by(table.c.foundation)
    looked = {row.name: row.value for row in connection.execute(sa.select(progress.c.name, progress.c.value))}
    found = {}
    for row in connection.execute(newest).all():
        size = looked.get(AUDITED_TO + row.foundation, 0)
        if row.idx >= size or _linked_since(connection, row.foundation, size):
            found[row.foundation] = size
    return found


def _linked_since(connection: sa.Connection, foundation: str, size: int) -> bool:
    """Tell whether payments of a foundation were linked, or links undone, since a log size."""
    entry, allocation, payer = tables.entry, tables.allocation, tables.initiative_payer
    linked = sa.select(allocation.c.idx).where(allocation.c.idx >= size, allocation.c.foundation == foundation)
    books = sa.select(sa.literal("initiative/") + payer.c.initiative).where(payer.c.foundation == foundation)
    undone = sa.select(entry.c.idx).where(
        entry.c.idx >= size, entry.c.type == "deallocation", entry.c.book.in_(books.scalar_subquery())
    )
    return any(connection.execute(query.limit(1)).first() is not None for query in (linked, undone))
