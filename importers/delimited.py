"""CSV of a bank that a profile describes, from bytes to Statements.

The header, or the shape of the rows, decides which bank it is and which column means what;
nothing is guessed, and no value changes its type on the way. Lines come back oldest first,
one Statement per account. Where the bank states a balance with each row, every row is
checked against the one before it, and the first and last give the opening and closing
balance. Count and sum are made a second time, in another way.
"""

from __future__ import annotations

import contextlib
import csv
import io
import re
from dataclasses import dataclass
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from importers.delimited_accounts import Accounts
from importers.delimited_check import check
from importers.delimited_columns import Columns
from importers.delimited_table import COMMENT
from importers.delimited_table import with_text_in_one
from importers.encoding import UNKNOWN
from importers.encoding import decoded
from importers.encoding import encoding_of
from importers.encoding import refuse_long_lines
from importers.encoding import trimmed
from importers.errors import MalformedFile
from importers.errors import Unclear
from importers.figures import SLASHED
from importers.progress import Step
from importers.progress import nothing

if TYPE_CHECKING:
    from _csv import Reader
    from collections.abc import Iterator
    from collections.abc import Sequence

    from _typeshed import WriteableBuffer

    from importers.delimited_batch import Batch
    from importers.delimited_table import Table
    from importers.encoding import Octets
    from importers.progress import Progress
    from importers.statement import Statement

_AT_ONCE = 500
_BUFFER = 65_536
_MONTHS = 12
_TOLD_EVERY = 10_000
_FILLED_IN_A_TITLE = 3
_SPECIAL = frozenset({"", COMMENT})
_DAY_FIELDS = ("booked_on", "booked_at_utc", "started_on", "valued_on")
_DAY = re.compile(r"[0-9]{8}\b|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,2}[-./][0-9]{1,2}[-./][0-9]{2,4}", re.ASCII)
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class _Rows:
    """Some rows of the file, in one piece.

    Attributes:
        numbers: The number of the line in which each ends.
    """

    numbers: Sequence[int]
    cells: Sequence[Sequence[str]]


def read_delimited(
    data: Octets, table: Table, form: str = "csv", progress: Progress = nothing
) -> tuple[Statement, ...]:
    """Read a CSV file.

    Args:
        data: The file's bytes.
        table: What it is, from `find_table`.
        form: What the statements say of their format; in anything but a CSV, days may be a workbook's numbers.
        progress: Is told how far it has come; may raise Cancelled.

    Returns:
        A statement per account, in the order in which the accounts appear; one without account and lines where
        the file has no rows.

    Raises:
        UnreadableFile: The file cannot be read in full.
        Cancelled: It was stopped.
    """
    data = trimmed(data)
    refuse_long_lines(data)
    _refuse_rows_above(data, table)
    encoding = _encoding(data)
    table = replace(table, day_first=table.profile.day_first or _day_comes_first(data, encoding, table))
    columns = Columns(table, serials=form != "csv")
    accounts = Accounts(table.profile)
    position = 1
    stream = _Stream(data, table.begins)
    for rows in _rows(stream, encoding, table):
        accounts.take(_lines(columns, rows, position))
        position += len(rows.cells)
        if position // _TOLD_EVERY > (position - len(rows.cells)) // _TOLD_EVERY:
            progress(Step.READ, stream.at, len(data))
    check(data, table, accounts.count, accounts.total_minor)
    return accounts.statements(form)


def _refuse_rows_above(data: Octets, table: Table) -> None:
    """Refuse a row above the header, which would be lost; a title has hardly anything beside it."""
    for number, line in enumerate(data[: table.begins].splitlines()[:-1], start=1):
        filled = sum(bool(cell.strip(b' "')) for cell in line.split(table.delimiter.encode()))
        if filled > _FILLED_IN_A_TITLE:
            raise MalformedFile(f"line {number}", "a row stands above the line that names the columns")


def _day_comes_first(data: Octets, encoding: str, table: Table) -> bool | None:
    """Tell whether days with slashes have the day first: one over the twelfth settles it for the whole file.

    Returns:
        None where the file has none, or none that settles it.

    Raises:
        MalformedFile: Days on both sides do.
    """
    places = [table.columns[field] for field in _DAY_FIELDS if field in table.columns]
    found: dict[bool, int] = {}
    reader = _reader(_Stream(data, table.begins), encoding, table)
    with contextlib.suppress(csv.Error):  # whoever reads the rows next says where they break
        for row in reader:
            written = [SLASHED.fullmatch(row[place].strip()) for place in places if place < len(row)]
            if not any(written) and any(row):
                return None
            for slashed in filter(None, written):
                for day_first in (True, False):
                    if int(slashed[1 if day_first else 2]) > _MONTHS:
                        found.setdefault(day_first, reader.line_num + table.header)
    if len(found) > 1:
        raise MalformedFile(f"line {max(found.values())}", "days are written day/month here and month/day elsewhere")
    return next(iter(found), None)


def _encoding(data: Octets) -> str:
    """Tell how the characters are written; where that is not known, refuse the line that shows it."""
    encoding = encoding_of(data)
    if encoding == UNKNOWN:
        decoded(data[:])
    return encoding


class _Stream(io.RawIOBase):
    """Bytes in memory or on the disk as a stream that can be buffered.

    Attributes:
        at: How many were read.
    """

    def __init__(self, data: Octets, begins: int) -> None:
        super().__init__()
        self._data = data
        self.at = begins

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Give the next bytes."""
        room = memoryview(buffer)
        piece = self._data[self.at : self.at + len(room)]
        room[: len(piece)] = piece
        self.at += len(piece)
        return len(piece)


def _lines(columns: Columns, rows: _Rows, position: int) -> Batch:
    """Read rows; where that fails, find the one that is wrong."""
    try:
        return columns.read(rows.cells, position)
    except Unclear as unclear:
        for number, row in zip(rows.numbers, rows.cells, strict=True):
            try:
                columns.read([row], position)
            except Unclear as why:
                raise MalformedFile(f"line {number}", why.why) from why
        raise MalformedFile(f"line {rows.numbers[0]} or after it", unclear.why) from unclear


def _rows(stream: _Stream, encoding: str, table: Table) -> Iterator[_Rows]:
    """Yield the rows below the header; blank ones and comments are left out."""
    reader = _reader(stream, encoding, table)
    try:
        while True:
            before = reader.line_num + table.header
            rows = list(islice(reader, _AT_ONCE))
            if not rows:
                return
            checked = _checked(rows, before, reader.line_num + table.header - before, table)
            if checked.cells:
                yield checked
    except csv.Error as error:
        number = _broken_row(stream, encoding, table)
        raise MalformedFile(f"line {number}", "quotation marks do not fit together, or the line is too long") from error


def _broken_row(stream: _Stream, encoding: str, table: Table) -> int:
    """Return the line in which the first row begins that is no row."""
    stream.at = table.begins
    reader = _reader(stream, encoding, table)
    while True:
        begins = reader.line_num
        try:
            next(reader)
        except csv.Error:
            return begins + table.header + 1


def _reader(stream: _Stream, encoding: str, table: Table) -> Reader:
    lines = io.TextIOWrapper(io.BufferedReader(stream, _BUFFER), encoding, newline="")
    spaces = not table.profile.apostrophes
    return csv.reader(lines, delimiter=table.delimiter, strict=True, skipinitialspace=spaces)


def _checked(rows: list[list[str]], before: int, lines: int, table: Table) -> _Rows:
    """Return rows as wide as they should be; nothing more is looked at where each is a line of its own."""
    if lines == len(rows) and set(map(len, rows)) == {table.width} and _SPECIAL.isdisjoint(row[0][:1] for row in rows):
        return _Rows(range(before + 1, before + 1 + lines), rows)
    numbers, kept = [], []
    number = before
    for row in rows:
        number += 1 + sum(len(_LINE_END.findall(cell)) for cell in row)
        if any(cell.strip() for cell in row) and not row[0].startswith(COMMENT):
            numbers.append(number)
            kept.append(_fitting(row, number, table))
    return _Rows(numbers, kept)


def _fitting(row: list[str], number: int, table: Table) -> list[str]:
    """Refuse a row that is not as wide as it should be, or that swallowed the next one."""
    if not table.width:
        raise MalformedFile(f"line {number}", "the line with the names of the columns is missing")
    if table.profile.apostrophes and len(row) > table.width:
        row = with_text_in_one(row, table.columns["text"], table.width, table.delimiter)
    if len(row) < table.width or any(row[table.width :]):
        raise MalformedFile(f"line {number}", f"it has {len(row)} columns where the header has {table.width}")
    for cell in row:
        if ("\n" in cell or "\r" in cell) and table.delimiter in cell and _swallows_a_row(cell, table):
            begins = number - sum(len(_LINE_END.findall(cell)) for cell in row)
            raise MalformedFile(f"line {begins}", "a quotation mark opens a text that does not end before the next row")
    return row


def _swallows_a_row(cell: str, table: Table) -> bool:
    """Tell whether a line inside a quoted text has a day where rows have theirs.

    Source: RFC 4180, section 2.6: a quoted text may hold line breaks, delimiters and doubled quotation marks.
    """
    places = [table.columns[field] for field in _DAY_FIELDS if field in table.columns]
    for line in _LINE_END.split(cell)[1:]:
        cells = line.split(table.delimiter)
        if any(place < len(cells) - 1 and _DAY.match(cells[place].strip(' "')) for place in places):
            return True
    return False
