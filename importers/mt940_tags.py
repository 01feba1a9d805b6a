"""The tags of an MT940 file, one after the other.

A tag begins a line: a colon, a known number and a colon. Everything up to the next
one is its value, in the lines in which the bank folded it. Payers' texts are folded
too, so that a line of text can look like a tag; therefore a new statement (`:20:`)
begins inside an open one only where its account follows at once, and a lone `-`
ends a statement only after its closing balance.

Source: SWIFT MT940 and MT942, field specifications.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_TAG = re.compile(r":(20|21|13D|25P?|28C?|34F|60[FM]|61|62[FM]|64|65|86|90[CD]|NS|940):", re.ASCII)
_CLOSING = frozenset({"62F", "62M"})
_ACCOUNT_FOLLOWS = re.compile(r":(?:21|25P?):", re.ASCII)


@dataclass(slots=True)
class Tag:
    """A tag and its value.

    Attributes:
        name: Such as ``60F``; ``""`` for what stands before a statement, such as the bank's address.
        lines: The value as it was folded, without line ends.
        number: The line of the file in which it begins, from 1.
    """

    name: str
    lines: list[str]
    number: int


def tags(text: str) -> Iterator[Tag]:
    """Take a file apart.

    Args:
        text: The file.

    Yields:
        Its tags in order; the lines between two statements as a tag without a name.
    """
    tag = Tag("", [], 1)
    is_open = False
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines, start=1):
        if line[:1] == ":" and (found := _TAG.match(line)) and _is_tag(found[1], lines, number, is_open=is_open):
            yield tag
            tag = Tag(found[1], [line[found.end() :]], number)
            is_open = (is_open or tag.name == "20") and tag.name not in _CLOSING
        elif line[:1] in {"-", "{"} and not is_open:
            yield tag
            tag = Tag("", [line], number)
        else:
            tag.lines.append(line)
    yield tag


def _is_tag(name: str, lines: list[str], number: int, *, is_open: bool) -> bool:
    """Tell a new statement from a text that has been folded before something like a time of day."""
    if name != "20" or not is_open:
        return True
    following = next((line for line in lines[number : number + 3] if line.strip()), "")
    return _ACCOUNT_FOLLOWS.match(following) is not None
