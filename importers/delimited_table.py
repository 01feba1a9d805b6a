"""Which bank's CSV a file is, and which column of it means what.

The header decides where there is one: its names, never the file's. Where a bank writes
none, the first rows must all have the bank's shape, in every column. Nothing else is
guessed.
"""

from __future__ import annotations

import csv
import itertools
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from stdnum import iban as iban_number

from importers.figures import account_number
from importers.figures import is_card
from importers.profiles import PROFILES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from importers.encoding import Octets
    from importers.profiles.profile import Profile

MAX_COLUMNS = 200
COMMENT = "#"
_BOM = b"\xef\xbb\xbf"
_LOOK_AT = 16_384
_HEADER_LINES = 25
_FEWEST_COLUMNS = 5
_SHAPED_ROWS = 20
_DELIMITERS = (";", ",", "\t")
_SHORTEST_IBAN = 15
_CELL_END = re.compile(r"[;,\t]")
_SEPARATOR = re.compile(rb"sep=.[\r\n]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Table:
    """A recognised file.

    Attributes:
        header: How many lines stand above the first row.
        begins: At which byte the first row begins.
        columns: The place of each field in a row.
        width: How many columns a row has.
        account: The account's number, where it stands above the header.
        day_first: Of days with slashes the day comes first; False where the month does, None where nothing says which.
    """

    profile: Profile
    delimiter: str
    header: int
    begins: int
    columns: dict[str, int]
    width: int
    account: str | None = None
    day_first: bool | None = None


def find_table(data: Octets) -> Table | None:
    """Recognise a bank's CSV by its header, or by the shape of its rows.

    Args:
        data: The file's bytes.

    Returns:
        What the header or the shape says, or None where no profile knows it.
    """
    begins = len(_BOM) if data[: len(_BOM)] == _BOM else 0
    lines = data[begins:_LOOK_AT].splitlines(keepends=True)
    return _by_header(lines, begins) or _by_opening(lines, begins) or _by_shape(data, lines, begins)


def _by_header(lines: Sequence[bytes], begins: int) -> Table | None:
    for number, line in enumerate(lines[:_HEADER_LINES], start=1):
        begins += len(line)
        header = _text(line)
        for delimiter in _DELIMITERS:
            if not _FEWEST_COLUMNS - 1 <= header.count(delimiter) < MAX_COLUMNS:
                continue
            cells = tuple(_name(cell) for cell in header.split(delimiter))
            for profile in PROFILES:
                columns, width = _columns(cells, profile)
                if columns:
                    above = "" if "account" in columns else _account_above(lines[: number - 1])
                    return Table(profile, delimiter, number, begins, columns, width, above or None)
    return None


def _account_above(lines: Sequence[bytes]) -> str | None:
    """Return the one IBAN, else the one card number, that stands above the header."""
    cells = [cell.strip(' "\r\n') for line in lines for cell in _CELL_END.split(_text(line))]
    for find in (_iban_in, _card_in):
        found = {number for cell in cells if (number := find(cell)) is not None}
        if len(found) == 1:
            return found.pop()
    return None


def _iban_in(cell: str) -> str | None:
    number = "".join(cell.partition("/")[0].split()).upper()
    return number if len(number) >= _SHORTEST_IBAN and iban_number.is_valid(number) else None


def _card_in(cell: str) -> str | None:
    number = account_number(cell)
    return number if number and is_card(number) else None


def _text(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def _name(cell: str) -> str:
    return " ".join(cell.strip(' "\r\n').casefold().split())


def _columns(cells: tuple[str, ...], profile: Profile) -> tuple[dict[str, int], int]:
    """Return the place of each field and the header's width; no places where it is another header."""
    columns = {}
    for field, names in profile.columns.items():
        known = next((name for name in names if cells.count(name) == 1), None)
        if known is not None:
            columns[field] = cells.index(known)
    if not columns or not profile.required <= columns.keys():
        return {}, 0
    width = max(place for place, cell in enumerate(cells, start=1) if cell)
    if width == profile.width:
        columns = {**profile.places, **columns}
    return columns, width


def _by_opening(lines: Sequence[bytes], begins: int) -> Table | None:
    """Recognise a file of which the bank wrote only what stands above the header."""
    written = [_text(line) for line in lines if line.strip(b' ;,"\t\r\n')]
    if len(written) != 1:
        return None
    opening = _name(written[0].rstrip(' ;,"\t\r\n'))
    for profile in PROFILES:
        if profile.opening and profile.opening == opening:
            return Table(profile, ";", len(lines), begins + sum(map(len, lines)), {}, 0)
    return None


def _by_shape(data: Octets, lines: Sequence[bytes], begins: int) -> Table | None:
    """Recognise a file without a header: each of its first rows has the shape."""
    header = 1 if lines and _SEPARATOR.fullmatch(lines[0]) else 0
    whole = lines[header : -1 if begins + sum(map(len, lines)) < len(data) else None]
    rows = [row for row in map(_text, whole) if row.strip() and not row.startswith(COMMENT)][:_SHAPED_ROWS]
    if not rows:
        return None
    for delimiter in _DELIMITERS:
        cells = [_cells(row, delimiter) for row in rows]
        for profile, shape in itertools.chain.from_iterable(((p, s) for s in p.shapes) for p in PROFILES):
            if all(_has_shape(row, shape, profile, delimiter) for row in cells):
                columns = {field: place for field, place in profile.places.items() if place < len(shape)}
                return Table(profile, delimiter, header, begins + sum(map(len, lines[:header])), columns, len(shape))
    return None


def _cells(row: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([row], delimiter=delimiter), [])
    except csv.Error:
        return []


def _has_shape(row: list[str], shape: tuple[str, ...], profile: Profile, delimiter: str) -> bool:
    if len(row) > MAX_COLUMNS:
        return False
    if profile.apostrophes:
        row = with_text_in_one(row, profile.places["text"], len(shape), delimiter)
    while len(row) > len(shape) and not row[-1].strip():
        row = row[:-1]
    return len(row) == len(shape) and all(
        _pattern(kind).fullmatch(cell.strip()) for kind, cell in zip(shape, row, strict=True)
    )


@lru_cache(maxsize=64)
def _pattern(kind: str) -> re.Pattern[str]:
    return re.compile(kind, re.ASCII | re.DOTALL)


def with_text_in_one(row: list[str], place: int, width: int, delimiter: str) -> list[str]:
    """Put together a text in apostrophes that holds the delimiter, where that makes the row as wide as it should be."""
    more = len(row) - width
    if more <= 0 or not row[place].startswith("'") or not row[place + more].endswith("'"):
        return row
    return [*row[:place], delimiter.join(row[place : place + more + 1]), *row[place + more + 1 :]]
