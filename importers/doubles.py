"""A statement that stands twice in one file: booked twice, its money would count twice.

Cheap for honest files: only statements that say the same of themselves are compared line by line.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from importers.lines import statements_in
from importers.matching import identities
from importers.spool import Kept
from importers.statement import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    from importers.statement import Statement

_DOUBLE = Problem("double", "The same statement stands in this file more than once.")


def with_doubles(statements: Sequence[Statement]) -> Sequence[Statement]:
    """Return statements, those marked that stood in the file before."""
    often = {key for key, count in Counter(map(_key, statements)).items() if count > 1}
    if not often:
        return statements
    if isinstance(statements, Kept):
        return statements.spool.keep(_marked(statements, often), statements_in(statements.spool))
    return tuple(_marked(statements, often))


def _marked(statements: Sequence[Statement], often: set[int]) -> Iterator[Statement]:
    """Yield statements; of those with a key that others have too, compare the lines."""
    seen: set[tuple[int, bytes]] = set()
    for statement in statements:
        key = _key(statement)
        if key not in often or not statement.lines:
            yield statement
            continue
        whole = (key, _digest(statement))
        yield replace(statement, problems=(*statement.problems, _DOUBLE)) if whole in seen else statement
        seen.add(whole)


def _key(statement: Statement) -> int:
    """Return a number that is the same for statements that say the same of themselves."""
    return hash((statement.account, statement.number, statement.opening, statement.closing, len(statement.lines)))


def _digest(statement: Statement) -> bytes:
    """Return what stands for a statement's lines where only equality counts."""
    digest = hashlib.sha256()
    for identity in identities(statement.lines):
        digest.update(hashlib.sha256(identity).digest())
    return digest.digest()
