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

from collections import Counter
from typing import TYPE_CHECKING

from importers.figures import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Container
    from collections.abc import Sequence

    from importers.statement import Line

_SEPARATOR = "\x1f"


def identities(lines: Sequence[Line]) -> tuple[bytes, ...]:
    """Name each line, so that another file's copy of it gets the same name.

    Args:
        lines: All lines of one account in one file, in any order. Where a file holds several statements of
            the account, give the lines of all of them together: equal lines are counted over the whole file.

    Returns:
        One identity per line, in the order given; no two are equal.
    """
    marks = [_mark(line) for line in lines]
    times = Counter(mark for mark in marks if mark is not None)
    seen: Counter[tuple[str, ...]] = Counter()
    names = []
    for line, mark in zip(lines, marks, strict=True):
        if mark is not None and times[mark] == 1:
            names.append(_encode("reference", *mark))
            continue
        content = _content(line)
        seen[content] += 1
        names.append(_encode("content", *content, str(seen[content])))
    return tuple(names)


def new_lines(known: Container[bytes], lines: Sequence[Line]) -> tuple[bool, ...]:
    """Tell which lines are not booked yet.

    Args:
        known: Identities of the account's booked lines.
        lines: All lines of that account in one file, see `identities`.

    Returns:
        For each line, in the order given, True if it is new.
    """
    return tuple(identity not in known for identity in identities(lines))


def _mark(line: Line) -> tuple[str, str, str, str] | None:
    """Return what the bank's reference says together with day and amount; None without a real reference."""
    if line.bank_reference is None or is_placeholder(line.bank_reference):
        return None
    return (line.booked_on.isoformat(), str(line.amount_minor), line.currency, line.bank_reference)


def _content(line: Line) -> tuple[str, ...]:
    counterparty = line.iban or line.name
    return (
        line.booked_on.isoformat(),
        str(line.amount_minor),
        line.currency,
        _bare(counterparty),
        _bare(line.text),
    )


def _bare(text: str | None) -> str:
    """Leave out spaces and case: a bank folds the same text differently from one export to the next."""
    return "".join(text.split()).casefold() if text else ""


def _encode(*words: str) -> bytes:
    return _SEPARATOR.join(words).encode("utf-8", "surrogatepass")
