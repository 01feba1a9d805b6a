"""What can happen to a bank file: bytes flipped, cut, doubled, swapped, recoded, spliced, and figures edited.

Every mutant follows from its chance alone, so that a number names it. Most mutants carry one change, some two or three.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import replace
from typing import TYPE_CHECKING

from importers.archive import DAMAGED
from tests.proofs.fuzz_packed import inside
from tests.proofs.fuzz_packed import packed
from tests.proofs.fuzz_packed import unpacked

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from tests.proofs.fuzz_formats import Format
    from tests.proofs.fuzz_formats import Seed

_NUMBER = re.compile(rb"[0-9]+(?:[.,][0-9]+)?")
_TAG = re.compile(rb"<[^<>]{1,60}>|^:[0-9]{2,3}[A-Z]?:|\"[^\"\r\n]{0,40}\"|/[A-Z]{3,4}/|>[0-9]{2}|[;,\t]", re.MULTILINE)
_CONTROLS = (
    b"\0", b"\x01", b"\x07", b"\x08", b"\x0b", b"\x0c", b"\x1a", b"\x1b[2J", b"\x1c", b"\x7f", b"\x85", b"\x81",
    b"\xa0", b"\xff", b"\xfe", b"\xc2\x85", b"\xc2\x9b", b"\xe2\x80\xa8", b"\xe2\x80\xae", b"\xe2\x80\x8b",
    b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xcc\x88", b"e\xcc\x81", b"\xef\xbf\xbe", b"\xf0\x9f\x92\xb6",
    b"\xf4\x90\x80\x80", b"\xd9\xa3", b"\xef\xbc\x91",
)  # fmt: skip
_LINE = re.compile(rb"(?<![^\n])[^\n]*\n")
"""A line from its beginning on: from elsewhere a long rest without an end would be looked through for each byte."""
_OF_THE_PACK = 0.3
_BOMB = 1_000_000


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed file, and the names of what was done to it."""

    data: bytes
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Making:
    """What a change has to work with."""

    chance: random.Random
    format: Format
    other: bytes

    def place(self, data: bytes) -> int:
        """Return any place in the file, its end included."""
        return self.chance.randint(0, len(data))

    def span(self, data: bytes) -> tuple[int, int]:
        """Return a span: mostly short, sometimes long."""
        start = self.place(data)
        longest = self.chance.choice((4, 40, 400, max(1, len(data))))
        return start, min(len(data), start + self.chance.randint(1, longest))

    def found(self, pattern: re.Pattern[bytes], data: bytes) -> tuple[int, int] | None:
        """Return where one of a pattern's matches stands."""
        spans = [found.span() for found in pattern.finditer(data)]
        return self.chance.choice(spans) if spans else None


def mutant(seed: Seed, format_: Format, chance: random.Random) -> Mutant:
    """Change a seed: once mostly, and at most three times."""
    making = Making(chance, format_, chance.choice(format_.seeds).data)
    data, changes = seed.data, []
    for _ in range(chance.choice((1, 1, 1, 1, 1, 1, 1, 2, 2, 3))):
        name = chance.choice(CHANGES_DRAWN)
        data = _changed(data, name, making)
        changes.append(name)
    return Mutant(data, tuple(changes))


def _changed(data: bytes, name: str, making: Making) -> bytes:
    """Make one change; of a ZIP that holds mostly in one of its files."""
    change = CHANGES[name]
    if not making.format.is_packed or making.chance.random() < _OF_THE_PACK:
        return change(data, making)
    try:
        members = unpacked(data)
        within = replace(making, other=inside(making.other))
    except DAMAGED:
        return change(data, making)
    if not members:
        return data
    member = making.chance.choice(sorted(members))
    return packed({**members, member: change(members[member], within)})


def _flip(data: bytes, making: Making) -> bytes:
    """Change some bytes, a bit or the whole byte each."""
    changed = bytearray(data)
    for _ in range(making.chance.choice((1, 1, 1, 2, 4)) if data else 0):
        place = making.chance.randrange(len(changed))
        is_bit = making.chance.random() < 0.5
        changed[place] = changed[place] ^ 1 << making.chance.randrange(8) if is_bit else making.chance.randrange(256)
    return bytes(changed)


def _cut_off(data: bytes, making: Making) -> bytes:
    """Lose the end, or the beginning."""
    place = making.place(data)
    return data[:place] if making.chance.random() < 0.7 else data[place:]


def _cut_out(data: bytes, making: Making) -> bytes:
    """Lose something in the middle."""
    start, end = making.span(data)
    return data[:start] + data[end:]


def _double(data: bytes, making: Making) -> bytes:
    """Write a span a second time, there or elsewhere."""
    start, end = making.span(data)
    place = making.chance.choice((end, making.place(data)))
    return data[:place] + data[start:end] + data[place:]


def _drop_entry(data: bytes, making: Making) -> bytes:
    span = making.found(making.format.entry, data)
    if span is None:
        return data
    return data[: span[0]] + data[span[1] :].removeprefix(making.format.between)


def _double_entry(data: bytes, making: Making) -> bytes:
    span, place = making.found(making.format.entry, data), making.found(making.format.entry, data)
    if span is None or place is None:
        return data
    return data[: place[0]] + data[span[0] : span[1]] + making.format.between + data[place[0] :]


def _swap_entries(data: bytes, making: Making) -> bytes:
    return _swapped(data, making.found(making.format.entry, data), making.found(making.format.entry, data))


def _swap_lines(data: bytes, making: Making) -> bytes:
    return _swapped(data, making.found(_LINE, data), making.found(_LINE, data))


def _swapped(data: bytes, one: tuple[int, int] | None, other: tuple[int, int] | None) -> bytes:
    if one is None or other is None or one == other:
        return data
    (a, b), (c, d) = sorted((one, other))
    return data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


def _drop_line(data: bytes, making: Making) -> bytes:
    span = making.found(_LINE, data)
    return data[: span[0]] + data[span[1] :] if span else data


def _double_line(data: bytes, making: Making) -> bytes:
    span = making.found(_LINE, data)
    return data[: span[1]] + data[span[0] : span[1]] + data[span[1] :] if span else data


def _recode(data: bytes, making: Making) -> bytes:
    """Save it in another character set, as editors and spreadsheets do, or as somebody who took it for another."""
    was, becomes = making.chance.choice(
        (
            ("utf-8", "cp1252"), ("utf-8", "latin-1"), ("utf-8", "utf-8-sig"), ("utf-8", "utf-16"),
            ("utf-8", "utf-16-le"), ("cp1252", "utf-8"), ("latin-1", "utf-8"), ("utf-8", "ascii"),
            ("utf-8", "cp850"), ("utf-8", "utf-32"),
        )
    )  # fmt: skip
    return data.decode(was, "replace").encode(becomes, "replace")


def _number(data: bytes, making: Making) -> bytes:
    """Edit a figure."""
    span = making.found(_NUMBER, data)
    return _edited_number(data, span, making) if span else data


def _entry_number(data: bytes, making: Making) -> bytes:
    """Edit a figure of an entry."""
    entry = making.found(making.format.entry, data)
    if entry is None:
        return data
    span = making.found(_NUMBER, data[entry[0] : entry[1]])
    return _edited_number(data, (entry[0] + span[0], entry[0] + span[1]), making) if span else data


def _edited_number(data: bytes, span: tuple[int, int], making: Making) -> bytes:
    start, end = span
    written = data[start:end]
    place = making.chance.randrange(len(written))
    digit = str(making.chance.randrange(10)).encode()
    edited = making.chance.choice(
        (
            written[:place] + digit + written[place + 1 :], written[:place] + digit + written[place:],
            written[:place] + written[place + 1 :], b"-" + written, b"+" + written, b"0" + written, written + b"0",
            written.translate(bytes.maketrans(b".,", b",.")), written[:place] + b"." + written[place:],
            written[:place] + b"," + written[place:], b"", b"0", b"0,00", b"9" * 30, written + b"E5", b" " + written,
            written[:place] + b" " + written[place:], b"NaN", b"0x1F", written[::-1],
        )
    )  # fmt: skip
    return data[:start] + edited + data[end:]


def _tag(data: bytes, making: Making) -> bytes:
    """Lose a tag or delimiter, write another one of the file for it, or its letters in the other case."""
    span, other = making.found(_TAG, data), making.found(_TAG, data)
    if span is None or other is None:
        return data
    choices = (b"", data[other[0] : other[1]], data[span[0] : span[1]].swapcase(), b" " + data[span[0] : span[1]])
    return data[: span[0]] + making.chance.choice(choices) + data[span[1] :]


def _token(data: bytes, making: Making) -> bytes:
    """Put in what means something in this format."""
    place = making.place(data)
    return data[:place] + making.chance.choice(making.format.tokens) + data[place:]


def _control(data: bytes, making: Making) -> bytes:
    """Put in what is no letter: controls, marks that turn the direction, damaged characters."""
    place = making.place(data)
    return data[:place] + making.chance.choice(_CONTROLS) * making.chance.choice((1, 1, 3)) + data[place:]


def _splice(data: bytes, making: Making) -> bytes:
    """Begin as one file and go on as another."""
    if making.chance.random() < 0.5:
        return data[: making.place(data)] + making.other[making.place(making.other) :]
    start, end = making.span(making.other)
    place = making.place(data)
    return data[:place] + making.other[start:end] + data[place:]


def _repeat(data: bytes, making: Making) -> bytes:
    """Write a short span many times; once in a while so often that it weighs megabytes."""
    start = making.place(data)
    piece = data[start : start + making.chance.choice((1, 8, 60, 800))] or b"<"
    is_bomb = making.chance.random() < 0.01
    most = _BOMB // len(piece) if is_bomb else making.chance.choice((30, 300, 3000))
    place = making.place(data)
    return data[:place] + piece * min(most, _BOMB // len(piece)) + data[place:]


CHANGES: dict[str, Callable[[bytes, Making], bytes]] = {
    "flip bytes": _flip,
    "cut off": _cut_off,
    "cut out": _cut_out,
    "double a span": _double,
    "drop an entry": _drop_entry,
    "double an entry": _double_entry,
    "swap entries": _swap_entries,
    "drop a line": _drop_line,
    "double a line": _double_line,
    "swap lines": _swap_lines,
    "recode": _recode,
    "edit a figure": _number,
    "edit an entry's figure": _entry_number,
    "edit a tag": _tag,
    "put in a token": _token,
    "put in controls": _control,
    "splice": _splice,
    "repeat": _repeat,
}
_RARE = ("repeat", "recode")
CHANGES_DRAWN = tuple(name for name in CHANGES for _ in range(1 if name in _RARE else 5))
"""The names of the changes, as often as they are drawn."""
