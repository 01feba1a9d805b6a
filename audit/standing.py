"""Which of the flags that stand a run no longer finds, and which it finds once more.

A flag is told gone only where the run judged all that it is about (`audit.window`), and only while
everything that was said about it is still there: a hit that vanished with an erasure stands.

Source: RULES "What a rule is": a hit that vanished for another reason than erasure becomes "no longer reproduced".
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple
from typing import Protocol
from typing import TypeVar
from typing import cast

import sqlalchemy as sa

from audit.life import judged_again
from audit.rule import severity_rank
from audit.rules import RULES
from ledger import tables
from ledger.entries import entry_type
from ledger.entry import foundation_book

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from audit.life import Status
    from audit.rule import Hit
    from audit.window import Scope

FindingT = TypeVar("FindingT", bound="Found")
AT_ONCE = 500
"""How many values one query asks for."""


class Found(Protocol):
    """A hit with the flag that it has."""

    @property
    def flag(self) -> str:
        """The flag's identity."""

    @property
    def hit(self) -> Hit:
        """What was found."""


class JudgedAgain(NamedTuple):
    """A flag whose hit vanished or came back, and its status after that."""

    flag: str
    found: bool
    status: Status


class _Standing(NamedTuple):
    flag: str
    rule: str
    about: tuple[int, ...]
    status: Status
    gone: bool


def known_flags(connection: sa.Connection, flags: Sequence[str]) -> set[str]:
    """Return which of these flags stand in a book."""
    table = tables.flag
    return {
        row.id
        for some in _portions(flags)
        for row in connection.execute(sa.select(table.c.id).where(table.c.id.in_(some)))
    }


RULED: tuple[Status, ...] = ("accepted", "confirmed", "closing", "closed", "not_reproduced")
"""Statuses in which a flag weighs what it weighed: somebody ruled on it so, or nothing is found any more."""


def graver_flags(connection: sa.Connection, findings: Sequence[FindingT]) -> list[tuple[FindingT, str]]:
    """Return the findings that weigh more than their flags that wait for a ruling, with the status of these.

    Args:
        connection: As the run's entries are appended.
        findings: Findings whose flags stand in a book, in the order of their flags.
    """
    table = tables.flag
    columns = (table.c.id, table.c.status, table.c.private_severity)
    rows = {
        row.id: row
        for some in _portions([finding.flag for finding in findings])
        for row in connection.execute(sa.select(*columns).where(table.c.id.in_(some), table.c.status.not_in(RULED)))
    }
    return [
        (finding, rows[finding.flag].status)
        for finding in findings
        if finding.flag in rows
        and rows[finding.flag].private_severity is not None
        and severity_rank(finding.hit.severity) > severity_rank(rows[finding.flag].private_severity)
    ]


def judged_anew(connection: sa.Connection, scope: Scope, found: Collection[str]) -> list[JudgedAgain]:
    """Return the flags of a foundation that a run no longer finds, or finds once more, in order of their identities.

    Args:
        connection: As the run's entries are appended.
        scope: What of the foundation the run looked at.
        found: The flags of all hits in that scope.
    """
    moved = [flag for flag in _standing(connection, scope) if flag.gone == (flag.flag in found)]
    erased = _erased(connection, scope.foundation, [flag for flag in moved if not flag.gone])
    return [
        JudgedAgain(flag.flag, flag.gone, judged_again(flag.status, found=flag.gone))
        for flag in sorted(moved)
        if flag.flag not in erased
    ]


def _standing(connection: sa.Connection, scope: Scope) -> Iterator[_Standing]:
    """Yield the flags that the run judged anew; not those of a rule that is gone, or was erased."""
    table = tables.flag
    columns = (table.c.id, table.c.private_rule, table.c.about, table.c.status, table.c.gone_at)
    rows = _about(connection, sa.select(*columns), scope)
    for row in rows:
        about = tuple(row.about)
        if row.private_rule in RULES and scope.reaches(row.private_rule, about):
            yield _Standing(row.id, row.private_rule, about, cast("Status", row.status), row.gone_at is not None)


def _about(connection: sa.Connection, query: sa.Select[Any], scope: Scope) -> Iterable[sa.Row[Any]]:
    """Return the flags of a foundation, each once: all, or those about what the run may have judged anew."""
    flag, about = tables.flag, tables.flag_about
    places = scope.places(connection)
    if places is None:
        return connection.execute(query.where(flag.c.foundation == scope.foundation))
    joined = query.join(about, about.c.flag == flag.c.id).where(about.c.foundation == scope.foundation)
    found: dict[str, sa.Row[Any]] = {}
    for some in _portions(places):
        found.update((row.id, row) for row in connection.execute(joined.where(about.c.seq.in_(some))))
    return found.values()


def _erased(connection: sa.Connection, foundation: str, flags: Sequence[_Standing]) -> set[str]:
    """Return the flags about something of which a private value is gone."""
    by_place: dict[int, list[str]] = {}
    for flag in flags:
        for seq in flag.about:
            by_place.setdefault(seq, []).append(flag.flag)
    entry, private, book = tables.entry, tables.private_value, foundation_book(foundation)
    query = sa.select(entry.c.seq, entry.c.type, private.c.body).outerjoin(private, private.c.idx == entry.c.idx)
    erased: set[str] = set()
    for some in _portions(sorted(by_place)):
        for row in connection.execute(query.where(entry.c.book == book, entry.c.seq.in_(some))):
            kept: Mapping[str, object] = json.loads(row.body) if row.body else {}
            if not kept.keys() >= set(entry_type(book, row.type).committed):
                erased.update(by_place[row.seq])
    return erased


def _portions(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Yield portions that one query can ask for."""
    return (items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE))
