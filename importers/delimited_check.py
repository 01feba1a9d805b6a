"""A second count and sum of a CSV file, made in another way than the reader's.

The reader takes rows from the `csv` module and amounts from `importers.figures`. Here a
regular expression finds the records in the bytes, and the amounts are added up digit by
digit. Where the two differ, the file is refused: a row was swallowed or an amount misread.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from importers.errors import MalformedFile
from importers.reconcile import decimal_text

if TYPE_CHECKING:
    from importers.delimited_table import Table
    from importers.encoding import Octets

_FIELDS = ("amount", "direction", "fee", "state")
_MARKS = frozenset({b",", b"."})
_AROUND = b' "\t'
_GROUPING = bytes({*"'\u00a0\u2009\u202f\u2019€EUR".encode(), 0xA0, 0x92, 0x80})
"""Blanks and apostrophes between thousands and the euro's sign, in UTF-8 and in cp1252."""
_AT_ONCE = 1000
_WHOLE_CENTS = re.compile(rb"-?[0-9]+,[0-9]{2}(?:\n-?[0-9]+,[0-9]{2})*+")
_groups = re.Match.groups


def check(data: Octets, table: Table, count: int, total_minor: int) -> None:
    """Count the booked records and add up their amounts once more.

    Args:
        data: The file's bytes.
        table: What the file is.
        count: How many booked lines were read.
        total_minor: What they come to.

    Raises:
        MalformedFile: The second count or sum is another.
    """
    try:
        counted, summed = _count(data, table)
    except ValueError as error:
        raise MalformedFile("the file", "an amount is not read the same way twice") from error
    if (counted, summed) != (count, total_minor):
        raise MalformedFile(
            "the file",
            f"{count} booked rows were read that make {decimal_text(total_minor)}, but a second count finds {counted} "
            f"that make {decimal_text(summed)}",
        )


def _count(data: Octets, table: Table) -> tuple[int, int]:
    """Return the number of booked records and the sum of their amounts."""
    asked = sorted((field for field in _FIELDS if field in table.columns), key=table.columns.__getitem__)
    if not asked:
        return 0, 0
    amount, direction, fee, state = (asked.index(field) if field in asked else None for field in _FIELDS)
    assert amount is not None, "every table has amounts"
    debit, booked = _Words(table.profile.debit), _Words(table.profile.states.booked if table.profile.states else ())
    counted = summed = 0
    records = map(_groups, _records(table, asked).finditer(data, table.begins))
    while cells := list(islice(records, _AT_ONCE)):
        if state is not None:
            cells = [cell for cell in cells if booked[cell[state]]]
        cents = _cents([cell[amount] for cell in cells])
        if direction is not None:
            cents = [-one if debit[cell[direction]] else one for one, cell in zip(cents, cells, strict=True)]
        counted += len(cells)
        summed += sum(cents)
        if fee is not None:
            summed -= sum(_cents([cell[fee] for cell in cells if cell[fee].strip(_AROUND)]))
    return counted, summed


def _records(table: Table, asked: list[str]) -> re.Pattern[bytes]:
    """Return what finds a record that is neither blank nor a comment, and in it the cells asked for.

    Source: RFC 4180, section 2; spaces before a quotation mark are let pass, as the reader does.
    """
    mark = re.escape(table.delimiter.encode())
    cell = rb' *+(?:"[^"]*+"(?:"[^"]*+")*+|[^" ' + mark + rb"\r\n][^" + mark + rb"\r\n]*+|)"
    places = {table.columns[field] for field in asked}
    cells = [b"(" + cell + b")" if place in places else cell for place in range(max(places) + 1)]
    start = rb'(?:(?<![^\r\n])|(?<=\A\xef\xbb\xbf))(?![ "' + mark + rb"]*+(?:[\r\n]|\Z))(?!#)"
    return re.compile(start + mark.join(cells) + rb"(?:" + mark + cell + rb")*+[ \r]*(?:\n|\r|\Z)")


class _Words(dict[bytes, bool]):
    """Whether a cell is one of some words."""

    def __init__(self, words: frozenset[str] | tuple[str, ...]) -> None:
        super().__init__()
        self._words = words

    def __missing__(self, cell: bytes) -> bool:
        word = cell.strip(b' "').decode("utf-8", "replace").casefold()
        found = self[cell] = word in self._words
        return found


def _cents(cells: list[bytes]) -> list[int]:
    """Return amounts in hundredths."""
    written = b"\n".join(cells).translate(None, _AROUND)
    if _WHOLE_CENTS.fullmatch(written):
        return [*map(int, written.replace(b",", b"").split())]
    return [*map(_cents_of, written.split(b"\n"))] if cells else []


def _cents_of(figure: bytes) -> int:
    """Return an amount in hundredths; its last mark is the decimal one if one or two digits follow."""
    if figure.endswith(b"-"):
        return -_cents_of(figure[:-1])
    figure = figure.translate(None, _GROUPING)
    bare = int(figure.replace(b",", b"").replace(b".", b""))
    if figure[-3:-2] in _MARKS:
        return bare
    return bare * (10 if figure[-2:-1] in _MARKS else 100)
