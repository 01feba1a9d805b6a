"""How a line is known again when a later file brings it a second time.

Every line has exactly one identity, so that "is it booked already?" is one look-up.
Where the bank's reference singles a line out on its day and at its amount, that is
the identity: texts may be worded anew in a later export. A reference alone is not
enough: banks reuse them every year. Otherwise the day, amount, text and counterparty
say which line it is, and the k-th of k equal lines in a file gets number k. Two equal
rows in one file are thus two payments, and the same two rows in the next export are
known. The order of the file does not matter.

An identity says nothing about the account: whoever stores it binds it to one. It
holds names and texts in the clear: store only its HMAC.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING

from importers.figures import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Container
    from collections.abc import Iterable
    from collections.abc import Sequence

    from importers.statement import Line

_SEPARATOR = b"\x1f"


class Names:
    """What tells the lines of one account in one file apart: equal lines are counted over the whole file."""

    def __init__(self) -> None:
        self._marks, self._looks = _Once(), _Once()
        self._seen: Counter[bytes] = Counter()

    def add(self, lines: Iterable[Line]) -> None:
        """Take in the lines of one statement; of all statements before the first question is asked."""
        for line in lines:
            mark = _mark(line)
            if mark is not None:
                self._marks.add(mark)
            self._looks.add(_look(line))

    def identity(self, line: Line) -> bytes:
        """Return a line's identity, so that another file's copy of it gets the same; to be asked once for each line."""
        mark = _mark(line)
        if mark is not None and mark in self._marks:
            return mark
        content = _content(line)
        digest = _digest(content)
        self._seen[digest] += 1
        return _SEPARATOR.join((content, str(self._seen[digest]).encode()))

    def has_twin(self, line: Line) -> bool:
        """Tell whether another line of the file looks the same."""
        return _look(line) not in self._looks


def identities(lines: Sequence[Line]) -> tuple[bytes, ...]:
    """Name each line of a file that holds one statement of the account; no two names are equal."""
    names = Names()
    names.add(lines)
    return tuple(map(names.identity, lines))


def new_lines(known: Container[bytes], lines: Sequence[Line]) -> tuple[bool, ...]:
    """Tell which lines are not booked yet.

    Args:
        known: Identities of the account's booked lines.
        lines: All lines of that account in one file, see `identities`.

    Returns:
        For each line, in the order given, True if it is new.
    """
    return tuple(identity not in known for identity in identities(lines))


class _Once:
    """The words that were added exactly once."""

    def __init__(self) -> None:
        self._once: set[bytes] = set()
        self._often: set[bytes] = set()

    def add(self, word: bytes) -> None:
        digest = _digest(word)
        if digest in self._once:
            self._once.discard(digest)
            self._often.add(digest)
        elif digest not in self._often:
            self._once.add(digest)

    def __contains__(self, word: bytes) -> bool:
        return _digest(word) in self._once


def _digest(word: bytes) -> bytes:
    """Return what stands for a word where only equality counts: a file may have a million of them."""
    return hashlib.sha256(word).digest()[:16]


def _mark(line: Line) -> bytes | None:
    """Return what the bank's reference says together with day and amount; None without a real reference."""
    if line.bank_reference is None or is_placeholder(line.bank_reference):
        return None
    return _encode("reference", line.booked_on.isoformat(), str(line.amount_minor), line.currency, line.bank_reference)


def _content(line: Line) -> bytes:
    return _encode(
        "content",
        line.booked_on.isoformat(),
        str(line.amount_minor),
        line.currency,
        _bare(line.iban or line.name),
        _bare(line.text),
    )


def _look(line: Line) -> bytes:
    """Return what people see of a line."""
    return repr((line.booked_on.toordinal(), line.amount_minor, line.iban or line.name, line.text)).encode()


def _bare(text: str | None) -> str:
    """Leave out spaces and case: a bank folds the same text differently from one export to the next."""
    return "".join(text.split()).casefold() if text else ""


def _encode(*words: str) -> bytes:
    return _SEPARATOR.join(word.encode("utf-8", "surrogatepass") for word in words)
