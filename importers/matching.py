"""How a line is known again when a later file brings it a second time.

Every line has exactly one identity, so that "is it booked already?" is one look-up.
Where the bank's reference singles a line out on its day and at its amount, that is
the identity: texts may be worded anew in a later export. A reference alone is not
enough: banks reuse them every year. Otherwise the day, amount, text and counterparty
say which line it is, and the k-th of k equal lines in a file gets number k. Two equal
rows in one file are thus two payments, and the same two rows in the next export are
known. The order of the file does not matter.

An identity says nothing about the account: whoever stores it binds it to one. It
holds names and texts in the clear: store only its HMAC. How a line is known again in
a file of another format is told by `importers.joining`.
"""

from __future__ import annotations

import sqlite3
import weakref
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING
from typing import NamedTuple

from importers.figures import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence

    from importers.statement import Line

_SEPARATOR = b"\x1f"
_IN_MEMORY = 20_000


class Identity(NamedTuple):
    """A line's identity.

    Attributes:
        words: What says which line it is.
        is_reference: The bank's reference does; otherwise day, amount, text, counterparty and occurrence do.
        has_twin: Another line of the file looks the same.
    """

    words: bytes
    is_reference: bool
    has_twin: bool

    def next(self) -> Identity:
        """Return the identity of the next line that looks the same."""
        content, _, number = self.words.rpartition(_SEPARATOR)
        return self._replace(words=_SEPARATOR.join((content, str(int(number) + 1).encode())))


class Names:
    """What tells the lines of one account in one file apart: equal lines are counted over the whole file."""

    def __init__(self) -> None:
        self._marks, self._contents = Repeated(), Repeated()
        self._seen: Counter[int] = Counter()

    def add(self, line: Line) -> None:
        """Take in a line; all lines of the account in the file before the first question is asked."""
        mark = _mark(line)
        if mark is not None:
            self._marks.add(hash(mark))
        self._contents.add(hash(_content(line)))

    def identity(self, line: Line) -> Identity:
        """Return a line's identity, so that another file's copy of it gets the same; to be asked once for each line."""
        content = _content(line)
        number = hash(content)
        has_twin = number in self._contents
        mark = _mark(line)
        if mark is not None and hash(mark) not in self._marks:
            return Identity(_encode("reference", mark), is_reference=True, has_twin=has_twin)
        if has_twin:
            self._seen[number] += 1
        words = _SEPARATOR.join((_encode("content", content), b"%d" % (self._seen[number] if has_twin else 1)))
        return Identity(words, is_reference=False, has_twin=has_twin)


def identities(lines: Sequence[Line]) -> tuple[bytes, ...]:
    """Name each line of a file that holds one statement of the account; no two names are equal."""
    names = Names()
    for line in lines:
        names.add(line)
    return tuple(names.identity(line).words for line in lines)


class Repeated:
    """Which numbers were added more than once; of very many they lie on the disk, and only those that repeat do not.

    The numbers are hashes under a key that is drawn anew for each process, so that nobody can make them collide.
    """

    def __init__(self) -> None:
        self._last: list[int] = []
        self._sheet: sqlite3.Connection | None = None
        self._often: frozenset[int] | None = None

    def add(self, number: int) -> None:
        """Add a number; all of them before the first question is asked."""
        self._last.append(number)
        if len(self._last) >= _IN_MEMORY:
            self._put_away()

    def __contains__(self, number: int) -> bool:
        if self._often is None:
            self._often = frozenset(self._repeated())
        return number in self._often

    def _repeated(self) -> Iterable[int]:
        if self._sheet is None:
            return [number for number, count in Counter(self._last).items() if count > 1]
        self._put_away()
        rows = self._sheet.execute("SELECT number FROM added GROUP BY number HAVING count(*) > 1")
        return [number for (number,) in rows]

    def _put_away(self) -> None:
        """Move the last numbers to SQLite's own temporary file, which is gone with the connection."""
        if self._sheet is None:
            self._sheet = sqlite3.connect("")
            weakref.finalize(self, self._sheet.close)
            self._sheet.execute("CREATE TABLE added (number INTEGER)")
        self._sheet.executemany("INSERT INTO added VALUES (?)", ((number,) for number in self._last))
        self._last = []


def _mark(line: Line) -> tuple[str, ...] | None:
    """Return what the bank's reference says together with day and amount; None without a real reference."""
    if line.bank_reference is None or is_placeholder(line.bank_reference):
        return None
    return (_iso(line.booked_on), str(line.amount_minor), line.currency, line.bank_reference)


def _content(line: Line) -> tuple[str, ...]:
    who = line.iban or line.name
    return (_iso(line.booked_on), str(line.amount_minor), line.currency, bare(who), bare(line.text))


_iso = lru_cache(maxsize=4096)(lambda day: day.isoformat())


def bare(text: str | None) -> str:
    """Leave out spaces and case: a bank folds the same text differently from one export to the next."""
    return "".join(text.split()).casefold() if text else ""


def _encode(kind: str, words: Iterable[str]) -> bytes:
    return "\x1f".join((kind, *words)).encode("utf-8", "surrogatepass")
