"""The tags of an MT940 file, one after the other.

A tag begins a line: a colon, a known number and a colon, which may be folded themselves.
Everything up to the next one is its value, in the lines in which the bank folded it. Payers' texts are folded
too, so that a line of text can look like a tag; therefore a new statement (`:20:`)
begins inside an open one only where its own head follows at once, and a lone `-`
ends a statement only after its closing balance.

The file is walked along where it lies; only one tag at a time is turned into text.

Source: SWIFT MT940 and MT942, field specifications.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from importers.encoding import Octets

_NAMES = ("20", "21", "13D", "25P", "25", "28C", "28", "34F", "60F", "60M", "61", "62F", "62M", "64", "65", "86")
_OTHERS = ("90C", "90D", "NS", "940")
_TAG = re.compile(b":(" + "|".join((*_NAMES, *_OTHERS)).encode() + b"):")
_FOLD = rb"(?:\r?\n)?"
_FOLDED = b"|".join(_FOLD.join(bytes([letter]) for letter in name.encode()) for name in (*_NAMES, *_OTHERS))
_FOLDED_TAG = re.compile(b":" + _FOLD + b"(" + _FOLDED + b")" + _FOLD + b":")
_IS_FOLDED = re.compile(rb"\n:[0-9A-Z]{0,3}\r?\n[0-9A-Z]{0,3}:")
_BREAKS = b"\r\n"
_OPENING = frozenset({"20", "25", "25P", "28", "28C", "34F", "60F", "60M"})
_CLOSING = frozenset({"62F", "62M"})
_HEAD_FOLLOWS = re.compile(rb"[^\r\n]*[\r\n]+:(?:21|25P?|28C?|60[FM]):")
_ENVELOPE = re.compile(rb"(?:\A|(?<=[\r\n]))[-{]")
_LINE_END = re.compile(rb"\r\n|\r|\n")
_MARKS = b"\x03\x1a\xef\xbb\xbf"
_LEAD = 8


@dataclass(slots=True)
class Tag:
    """A tag and its value.

    Attributes:
        name: Such as ``60F``; ``""`` for what stands before a statement, such as the bank's address.
        lines: The value as it was folded, without line ends; at least one.
        start: Where in the file it begins, in bytes.
    """

    name: str
    lines: list[str]
    start: int


def tags(data: Octets, encoding: str) -> Iterator[Tag]:
    """Take a file apart.

    Args:
        data: The file.
        encoding: How its characters are written, see `encoding_of`.

    Yields:
        Its tags in order; the lines between two statements as a tag without a name.
    """
    name, start, value = "", 0, 0
    is_open = False
    is_folded = _IS_FOLDED.search(data) is not None or _IS_FOLDED.match(b"\n" + data[:_LEAD]) is not None
    for found in (_FOLDED_TAG if is_folded else _TAG).finditer(data):
        written = found[1].translate(None, _BREAKS) if is_folded else found[1]
        if not begins_line(data, found.start()) or (is_open and not _is_tag(data, written, found.end())):
            continue
        if is_open:
            yield Tag(name, _lines(data[value : found.start()], encoding), start)
        else:
            yield from _taken(name, start, data[value : found.start()], encoding)
        name, start, value = written.decode(), found.start(), found.end()
        is_open = (is_open or name in _OPENING) and name not in _CLOSING
    if is_open:
        yield Tag(name, _lines(data[value:], encoding), start)
    else:
        yield from _taken(name, start, data[value:], encoding)


def line_number(data: Octets, place: int) -> int:
    """Return which line of a file a place stands in, from 1."""
    return len(_LINE_END.findall(data[:place])) + 1


def begins_line(data: Octets, place: int) -> bool:
    """Tell whether a line begins here, apart from marks that programs leave where files were put together."""
    if place == 0 or data[place - 1 : place] in b"\r\n":
        return True
    before = data[max(0, place - _LEAD) : place].rstrip(_MARKS)
    return before[-1:] in b"\r\n"


def _is_tag(data: Octets, name: bytes, end: int) -> bool:
    """Tell a new statement from a text that has been folded before something like a time of day."""
    return name != b"20" or _HEAD_FOLLOWS.match(data, end) is not None


def _taken(name: str, start: int, value: bytes, encoding: str) -> Iterator[Tag]:
    """Yield a tag outside the statements, and apart from it the envelope that follows one."""
    envelope = _ENVELOPE.search(value)
    if envelope is None:
        yield Tag(name, _lines(value, encoding), start)
        return
    yield Tag(name, _lines(value[: envelope.start()], encoding), start)
    yield Tag("", _lines(value[envelope.start() :], encoding), start)


def _lines(value: bytes, encoding: str) -> list[str]:
    if value.count(b"\n") <= 1 and value.endswith(b"\n") and b"\r" not in value[:-2]:
        return [value.decode(encoding, "replace").rstrip("\r\n")]
    return [line.decode(encoding, "replace") for line in value.splitlines()] or [""]
