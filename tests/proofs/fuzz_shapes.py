"""Whole statements by Hypothesis, and what may happen to one line of them.

Of these, what a file can tell is known exactly, so the claims hold in both directions: what must be noticed, and that a
sound file is never suspected.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal
from typing import TypeAlias

from hypothesis import strategies as st

from importers.reading import read
from tests.proofs.fuzz_books import PAYEE_IBAN
from tests.proofs.fuzz_books import Book
from tests.proofs.fuzz_books import Row
from tests.proofs.fuzz_formats import FORMATS
from tests.proofs.fuzz_formats import Format

What: TypeAlias = Literal["lost", "doubled", "changed"]
_FIRST = dt.date(2025, 3, 1)
_WORDS = st.text("abcdefghijklmnoprstuvwyzé ", min_size=1, max_size=20).map(lambda text: f"W{text.strip()}")
_AMOUNT = st.integers(2, 10_000_000).flatmap(lambda minor: st.sampled_from((minor, -minor)))


@dataclass(frozen=True, slots=True)
class Shape:
    """A statement, and one change of one of its lines."""

    format: Format
    book: Book
    place: int
    what: What

    @property
    def sound(self) -> bytes:
        """The file before the change."""
        return self.format.write((self.book,))

    @property
    def changed(self) -> bytes:
        """The file after it: figures that state or frame are as before."""
        spans = [found.span() for found in self.format.entry.finditer(self.sound)]
        entries = [self.sound[start:end] for start, end in spans]
        entry = entries[self._written]
        instead = {"lost": [], "doubled": [entry, entry], "changed": [self._other_amount()]}[self.what]
        entries[self._written : self._written + 1] = instead
        return self.sound[: spans[0][0]] + self.format.between.join(entries) + self.sound[spans[-1][1] :]

    @property
    def tells(self) -> bool:
        """Whether the file can tell; a table of balances after each row cannot at its ends, where the chain stops."""
        if self.format.guard == "running":
            last = len(self.book.rows) - 1
            at_an_end = {"lost": (0, last), "changed": (0,), "doubled": ()}[self.what]
            return self.place not in at_an_end
        return self.format.guard in {"balances", "framing", "totals"}

    @property
    def _written(self) -> int:
        """Where the line stands among the entries as written."""
        (statement,) = read(self.sound)
        return tuple(statement.lines)[self.place].position - 1

    def _other_amount(self) -> bytes:
        """Return the line as it would be with another amount, and the balance after it as it was."""
        row = self.book.rows[self.place]
        other = Row(row.day, row.minor + (1 if row.minor > 0 else -1), row.name, row.iban, row.text, row.reference)
        before = self.book.opening + sum(one.minor for one in self.book.rows[: self.place])
        alone = Book(self.book.account, self.book.number, before + row.minor - other.minor, (other,))
        (entry,) = self.format.entry.findall(self.format.write((alone,)))
        assert isinstance(entry, bytes)
        return entry


def _leave_a_trace(amounts: list[int]) -> bool:
    """Tell whether no neighbours cancel each other out, so that what is lost or changed leaves a trace."""
    ends = range(1, len(amounts) + 1)
    return all(abs(sum(amounts[start:end])) > 1 for end in ends for start in range(end))


@st.composite
def books(draw: st.DrawFn, account: str) -> Book:
    """Draw a statement of some lines in the order of their days."""
    amounts = draw(st.lists(_AMOUNT, min_size=1, max_size=6).filter(_leave_a_trace))
    days = sorted(draw(st.lists(st.integers(0, 30), min_size=len(amounts), max_size=len(amounts))))
    rows = tuple(
        Row(_FIRST + dt.timedelta(day), minor, draw(_WORDS), PAYEE_IBAN, draw(_WORDS), f"B25C{place:08d}")
        for place, (day, minor) in enumerate(zip(days, amounts, strict=True), start=1)
    )
    return Book(account, 3, draw(st.integers(-(10**9), 10**9)), rows)


@st.composite
def shapes(draw: st.DrawFn) -> Shape:
    """Draw a format that is not packed, a statement, and a change of one of its lines."""
    format_ = draw(st.sampled_from([one for one in FORMATS.values() if not one.is_packed]))
    book = draw(books(format_.choices[0][0].account))
    return Shape(
        format_,
        book,
        draw(st.integers(0, len(book.rows) - 1)),
        draw(st.sampled_from(("lost", "doubled", "changed"))),
    )
