"""What the words of a search stand for: only names that are public, so that no private one can be found.

Each word is looked for in the disclosed names of payees, foundations, initiatives and categories,
whatever its case and accents; a word that is an amount is looked for among amounts as well. A line is found
when every word fits it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from dashboards.reading.initiative import movements_linked
from dashboards.reading.lines import PAYEE
from ledger import tables

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence

MOST_WORDS = 6
AMOUNT = re.compile(r"(?P<whole>\d{1,3}(?:\.\d{3})+|\d{1,9})(?:[.,](?P<cents>\d{2}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one word stands for: ids of what bears it in its name, and amounts in hundredths."""

    counters: tuple[str, ...]
    foundations: tuple[str, ...]
    initiatives: tuple[str, ...]
    categories: tuple[tuple[str, int], ...]
    amount_minor: int | None

    def condition(self) -> sa.ColumnElement[bool]:
        """Return the condition on a movement; false where the word stands for nothing."""
        movement, part = tables.movement, tables.allocation
        ways: list[sa.ColumnElement[bool]] = [sa.false()]
        if self.counters:
            ways.append(movement.c.counter.in_(self.counters))
        if self.foundations:
            ways.append(movement.c.foundation.in_(self.foundations))
        if self.initiatives:
            ways.append(movement.c.idx.in_(movements_linked(part.c.initiative.in_(self.initiatives))))
        if self.categories:
            lines = sa.tuple_(part.c.initiative, part.c.category).in_(self.categories)
            ways.append(movement.c.idx.in_(movements_linked(lines)))
        if self.amount_minor is not None:
            ways.append(movement.c.amount_minor.in_((self.amount_minor, -self.amount_minor)))
        return sa.or_(*ways)


def conditions(connection: sa.Connection, text: str) -> list[sa.ColumnElement[bool]]:
    """Return what every word of a search asks of a movement."""
    return [meaning.condition() for meaning in meanings(connection, text)]


def meanings(connection: sa.Connection, text: str) -> list[Meaning]:
    """Return what each word stands for; of many words the first few count."""
    words = [word for word in text.replace("€", " ").split() if bare(word)][:MOST_WORDS]
    if not words:
        return []
    payees = _names(connection, tables.payee)
    foundations = _names(connection, tables.foundation)
    initiatives = _names(connection, tables.initiative)
    line = tables.budget_line
    rows = connection.execute(
        sa.select(line.c.initiative, line.c.category, line.c.name).where(line.c.name.is_not(None))
    )
    categories = [((row.initiative, row.category), bare(row.name)) for row in rows]
    return [
        Meaning(
            tuple(f"{PAYEE}{id_}" for id_ in _bearing(payees, word)),
            _bearing(foundations, word),
            _bearing(initiatives, word),
            tuple(key for key, name in categories if bare(word) in name),
            amount_of(word),
        )
        for word in words
    ]


def amount_of(word: str) -> int | None:
    """Return the hundredths of a word that is an amount, such as 120 or 1.240,50; None of any other."""
    found = AMOUNT.fullmatch(word)
    if found is None:
        return None
    return int(found["whole"].replace(".", "")) * 100 + int(found["cents"] or 0)


def bare(text: str) -> str:
    """Return a text without case and accents, as it is compared."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _names(connection: sa.Connection, table: sa.Table) -> Sequence[tuple[str, str]]:
    query = sa.select(table.c.id, table.c.name).where(table.c.name.is_not(None)).order_by(table.c.id)
    return [(row.id, bare(row.name)) for row in connection.execute(query)]


def _bearing(names: Iterable[tuple[str, str]], word: str) -> tuple[str, ...]:
    return tuple(id_ for id_, name in names if bare(word) in name)
