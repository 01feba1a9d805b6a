"""Running the rules over what is booked: the second step, after booking and before signing.

A run reads one consistent state, evaluates each foundation, and appends a flag for every hit that
has none yet, what of it may be public at once, which flags are no longer found or found once more,
and one `run` entry of fixed shape, hits or none. Flags stand in the order of their identities: in the
order of rules or payees, those around it would tell the rule of one that is not shown. They are
appended in portions, so that nobody waits long for the head of the log; the last portion closes the run.

`audited_to` says how far the rules have looked; what was interrupted is done by the next run, whatever
it is asked to look at, or at the next start. A rerun never raises a flag twice. What is booked while a
run works does not hold it up: its findings are true of the size that it names, and the rest is for the
next run. A run that another one overtook (it read a later state, and appended first) keeps its findings
about that foundation to itself.

Source: DESIGN "Audit", RULES "What a rule is".
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from dataclasses import field
from operator import attrgetter
from typing import TYPE_CHECKING

import sqlalchemy as sa

from audit.cases import case_identity
from audit.cases import case_keys
from audit.cases import case_of
from audit.cases import flag_identity
from audit.hints import keep_hints
from audit.load import load_context
from audit.load import up_to
from audit.parameters import parameters_of
from audit.rising import risen
from audit.rules import RULES
from audit.rules import rules_hash
from audit.spending import recorded_day
from audit.standing import graver_flags
from audit.standing import judged_anew
from audit.standing import known_flags
from audit.window import Loaded
from audit.window import Scope
from audit.window import load_window
from audit.window import scope_of
from audit.window import window_since
from ledger import tables
from ledger.entry import DISTRICT
from ledger.entry import foundation_book
from ledger.errors import BooksMoved

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection
    from collections.abc import Mapping
    from collections.abc import Sequence

    from audit.rule import Hit
    from audit.rules import Overrides
    from audit.window import Window
    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.installation import Installation
    from ledger.store import Appender

TRIES = 5
PORTION = 2_000
"""Findings that are appended at a time."""
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
        BooksMoved: Others kept looking further at a foundation that was asked for; the next run will look at it.
    """
    raised = 0
    for _ in range(TRIES):
        with installation.store.reading() as connection:
            look = _look(installation, connection, recorded_day(now), foundations)
        done = _append(installation, now, look)
        raised += done.raised
        foundations = done.overtaken & (look.scopes.keys() if foundations is None else set(foundations))
        if not foundations:
            return raised
    raise BooksMoved


def findings_now(
    installation: Installation, connection: sa.Connection, foundations: Collection[str], day: dt.date
) -> list[Finding]:
    """Return every hit from facts dated up to a day, without appending anything."""
    processors = installation.around.processors
    contexts = (
        up_to(load_context(connection, foundation, processors=processors), day) for foundation in sorted(foundations)
    )
    overrides = parameters_of(connection, foundations)
    return [
        finding
        for context in contexts
        for finding in _evaluate(
            installation, Loaded(context, context), Scope(context.foundation), overrides[context.foundation]
        )
    ]


def unfinished(installation: Installation) -> bool:
    """Tell whether entries were appended that the rules have not looked at."""
    with installation.store.reading() as connection:
        return bool(_left_over(connection))


@dataclass(frozen=True, slots=True)
class _Look:
    """What a run saw: the log's size, what it looked at by foundation, and all hits in order of their flags.

    Attributes:
        rules: The hash of the rules as they stood, for all foundations, so that everybody can compute it.
    """

    size: int
    scopes: dict[str, Scope]
    findings: list[Finding]
    rules: str


@dataclass(slots=True)
class _Done:
    """What a run appended, and the foundations that another run overtook it with."""

    raised: int = 0
    overtaken: set[str] = field(default_factory=set)
    private: list[Json] = field(default_factory=list)


def _look(
    installation: Installation, connection: sa.Connection, as_of: dt.date, foundations: Collection[str] | None
) -> _Look:
    """Evaluate foundations on one state: as a whole, or from the first day that something was booked about."""
    if foundations is None:
        foundations = set(connection.execute(sa.select(tables.foundation.c.id)).scalars())
    windows: dict[str, Window | None] = {
        foundation: window_since(connection, foundation, size) for foundation, size in _left_over(connection).items()
    }
    windows.update(dict.fromkeys(foundations))
    size = connection.execute(sa.select(tables.log_head.c.size)).scalar_one()
    scopes: dict[str, Scope] = {}
    findings: list[Finding] = []
    overrides = parameters_of(connection, connection.execute(sa.select(tables.foundation.c.id)).scalars().all())
    for foundation, window in sorted(windows.items()):
        loaded = load_window(connection, foundation, window, as_of, installation.around.processors)
        scopes[foundation] = scope_of(loaded, window)
        findings.extend(_evaluate(installation, loaded, scopes[foundation], overrides[foundation]))
    return _Look(size, scopes, sorted(findings, key=attrgetter("flag")), rules_hash(overrides))


def _evaluate(installation: Installation, loaded: Loaded, scope: Scope, overrides: Overrides) -> list[Finding]:
    """Return the hits of one foundation that are in a run's scope."""
    secret, foundation, payments = installation.secret, scope.foundation, loaded.far.payments
    hits = risen(foundation, loaded.hits(overrides), payments, overrides)
    hits = [hit for hit in hits if scope.reaches(hit.rule, hit.subjects)]
    keys = case_keys(foundation, payments[payments["seq"].isin({min(hit.subjects) for hit in hits})])
    identity = functools.cache(functools.partial(case_identity, secret))
    return [
        Finding(
            hit,
            foundation,
            flag_identity(secret, hit.rule, foundation, hit.subjects),
            identity(case_of(foundation, hit.subjects, keys)),
        )
        for hit in hits
    ]


def _append(installation: Installation, now: dt.datetime, look: _Look) -> _Done:
    """Append new flags, portion by portion, and the run."""
    done = _Done()
    findings = look.findings
    for start in range(0, max(len(findings), 1), PORTION):
        with installation.store.writing(now) as appender:
            done.overtaken = _overtaken(appender.connection, look)
            portion = [each for each in findings[start : start + PORTION] if each.foundation not in done.overtaken]
            _append_portion(installation, appender, portion, done)
            if start + PORTION >= len(findings):
                _close(installation, appender, look, done)
    return done


def _append_portion(installation: Installation, appender: Appender, portion: Sequence[Finding], done: _Done) -> None:
    """Raise the flags of a portion that do not stand yet, and show what may be public of them."""
    known = known_flags(appender.connection, [finding.flag for finding in portion])
    fresh = [finding for finding in portion if finding.flag not in known]
    shown: dict[str, list[Json]] = {}
    for finding in fresh:
        if finding.kind == "policy":
            entry = _raise(installation, appender, finding)
            done.raised += 1
            if not _hidden(finding):
                shown.setdefault(finding.foundation, []).extend([[entry.seq, "rule"], [entry.seq, "severity"]])
    _show(installation, appender, shown)
    for finding, status in graver_flags(appender.connection, [each for each in portion if each.flag in known]):
        _raise_severity(installation, appender, finding, status)
    done.private.extend(_as_json(finding) for finding in fresh if _hidden(finding))


def _close(installation: Installation, appender: Appender, look: _Look, done: _Done) -> None:
    """Say which flags are no longer found or found once more, and append the run."""
    found = {finding.flag for finding in look.findings}
    draft = installation.store.draft
    for foundation, scope in look.scopes.items():
        if foundation in done.overtaken:
            continue
        for flag in judged_anew(appender.connection, scope, found):
            public: dict[str, Json] = {"flag": flag.flag, "found": flag.found, "status": flag.status}
            appender.append(draft(foundation_book(foundation), "flag judged again", public))
        mine = (finding for finding in look.findings if finding.foundation == foundation)
        keep_hints(appender.connection, scope, mine, appender.now)
        _keep_audited_to(appender.connection, foundation, look.size)
    size: dict[str, Json] = {"size": look.size, "rules": look.rules}
    appender.append(draft(DISTRICT, "run", size, {"hits": done.private}))


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


def _raise_severity(installation: Installation, appender: Appender, finding: Finding, status: str) -> None:
    """Say that a flag that stands weighs more than before."""
    severity = finding.hit.severity
    level = None if _hidden(finding) else severity
    public: dict[str, Json] = {"flag": finding.flag, "level": level, "status": status}
    book = foundation_book(finding.foundation)
    appender.append(installation.store.draft(book, "flag severity raised", public, {"severity": severity}))


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


def _overtaken(connection: sa.Connection, look: _Look) -> set[str]:
    """Return the foundations at which another run has looked further since this one looked."""
    looked = _audited_to(connection)
    return {foundation for foundation in look.scopes if looked.get(AUDITED_TO + foundation, 0) > look.size}


def _audited_to(connection: sa.Connection) -> dict[str, int]:
    """Return how far the rules have looked, by name."""
    table = tables.progress
    return {row.name: row.value for row in connection.execute(sa.select(table.c.name, table.c.value))}


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
    table = tables.statement
    newest = sa.select(table.c.foundation, sa.func.max(table.c.idx).label("idx")).group_by(table.c.foundation)
    looked = _audited_to(connection)
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
