"""Looks into an XLS before it is opened: the container's directory, then the workbook's records.

Source: [MS-CFB] Compound File Binary File Format, sections 2.2 to 2.6; [MS-XLS] sections 2.3 and 2.4.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from importers.workbook import Contents
from importers.workbook import Extent
from importers.workbook import damaged
from importers.workbook import error_value
from importers.workbook import formula
from importers.workbook import macros
from importers.workbook import old_days
from importers.workbook import password

if TYPE_CHECKING:
    from collections.abc import Iterator

_FREE = 0xFFFFFFFA
_HEADER = 512
_ENTRY = 128
_STREAM, _ROOT = 2, 5
_SECTORS_IN_HEADER = 109
_MOST_TABLE = 2
"""How many times more sectors a table may tell of than there are; each has its place in it once."""
_SHORT_TABLE = 60
"""Where the header says in which sector the table of short streams begins."""
_MACROS = frozenset({"_VBA_PROJECT_CUR", "_VBA_PROJECT", "VBA"})
_ENCRYPTED = frozenset({"EncryptedPackage", "EncryptionInfo"})
_WORKBOOK = "Workbook"
_FORMULA, _FILEPASS, _DATEMODE, _BOOLERR, _DIMENSIONS = 0x0006, 0x002F, 0x0022, 0x0205, 0x0200
_NUMBER, _RK, _MULRK = 0x0203, 0x027E, 0x00BD
_OTHER_CELLS = frozenset({0x00FD, 0x0204, 0x0201, 0x00BE, 0x00D6})
_BEGINS, _ENDS = 0x0809, 0x000A
_LETTERS = 26


def look_into_ole(data: bytes) -> Contents:
    """Return a workbook that may be opened.

    Args:
        data: The file's bytes.

    Raises:
        UnreadableFile: It is too large, encrypted, damaged, or has macros, formulas or errors.
    """
    try:
        return Contents(data, _numbers(_workbook(data)))
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise damaged() from error


def _workbook(data: bytes) -> bytes:
    """Return the stream that holds the workbook."""
    shift = struct.unpack_from("<H", data, 30)[0]
    if shift not in {9, 12}:
        raise damaged()
    size = 1 << shift
    table = _table(data, size)
    _walk(data, table, size, struct.unpack_from("<I", data, _SHORT_TABLE)[0])
    found: bytes | None = None
    directory = b"".join(_chain(data, table, size, struct.unpack_from("<I", data, 48)[0]))
    for start in range(0, len(directory) - _ENTRY + 1, _ENTRY):
        entry = directory[start : start + _ENTRY]
        name = entry[: max(struct.unpack_from("<H", entry, 64)[0] - 2, 0)].decode("utf-16-le")
        if name in _ENCRYPTED:
            raise password()
        if name in _MACROS:
            raise macros()
        first, length = struct.unpack_from("<II", entry, 116)
        if entry[66] == _ROOT:
            _walk(data, table, size, first)
        if name == _WORKBOOK and entry[66] == _STREAM:
            found = b"".join(_chain(data, table, size, first))[:length]
            if len(found) < length:
                raise damaged()
    if not found:
        raise damaged()
    return found


def _table(data: bytes, size: int) -> list[int]:
    """Return which sector follows which; a table that tells of far more than there is, or twice of one, is damaged."""
    most = _SECTORS_IN_HEADER + _MOST_TABLE * (len(data) // size) // (size // 4)
    where = list(struct.unpack_from(f"<{_SECTORS_IN_HEADER}I", data, 76))
    following, seen = struct.unpack_from("<I", data, 68)[0], set[int]()
    while following < _FREE:
        if following in seen or len(where) > most:
            raise damaged()
        seen.add(following)
        *more, following = struct.unpack_from(f"<{size // 4}I", data, (following + 1) * size)
        where += more
    used = [sector for sector in where if sector < _FREE]
    if len(set(used)) < len(used) or len(used) > most:
        raise damaged()
    return [after for sector in used for after in struct.unpack_from(f"<{size // 4}I", data, (sector + 1) * size)]


def _chain(data: bytes, table: list[int], size: int, sector: int) -> Iterator[bytes]:
    """Yield a stream's sectors; one that runs in a circle is damaged."""
    for _ in range(len(data) // size + 1):
        if sector >= _FREE:
            return
        yield data[(sector + 1) * size : (sector + 2) * size]
        sector = table[sector]
    raise damaged()


def _walk(data: bytes, table: list[int], size: int, sector: int) -> None:
    """Refuse a stream that runs in a circle: what opens the workbook would follow it for ever."""
    for _ in _chain(data, table, size, sector):
        pass


def _numbers(stream: bytes) -> int:
    """Check a workbook's records, and return how many of its cells hold a number."""
    extent, numbers = Extent(), 0
    for kind, record in _records(stream):
        numbers += _look_at(kind, record, extent)
    extent.check()
    return numbers


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield records; parts that do not end, or anything between them, show that some of it was lost.

    Source: [MS-XLS] section 2.1.4: every substream begins with BOF and ends with EOF.
    """
    at = inside = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if not inside and kind != _BEGINS:
            break
        inside += (kind == _BEGINS) - (kind == _ENDS)
        if at + 4 + length > len(stream):
            raise damaged()
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length
    if inside or stream[at:].strip(b"\0"):
        raise damaged()


def _look_at(kind: int, record: bytes, extent: Extent) -> int:
    """Check a record, and return how many numbers it holds."""
    if kind == _FILEPASS:
        raise password()
    if kind == _DATEMODE and record[:1] == b"\1":
        raise old_days()
    if kind == _DIMENSIONS:
        top, rows, left, columns = struct.unpack_from("<IIHH", record)
        if top > rows or left > columns:  # what opens it would count backwards, and take all memory there is
            raise damaged()
        extent.rows, extent.columns = max(extent.rows, rows), max(extent.columns, columns)
        return 0
    if kind not in {_FORMULA, _BOOLERR, _NUMBER, _RK, _MULRK} and kind not in _OTHER_CELLS:
        return 0
    row, column = struct.unpack_from("<HH", record)
    if kind == _FORMULA:
        raise formula(_name(column, row))
    if kind == _BOOLERR and record[7:8] == b"\1":
        raise error_value(_name(column, row))
    several = (len(record) - 6) // 6 if kind == _MULRK else 1
    extent.cells += several
    extent.rows, extent.columns = max(extent.rows, row + 1), max(extent.columns, column + several)
    return several if kind in {_NUMBER, _RK, _MULRK} else 0


def _name(column: int, row: int) -> str:
    """Return a cell's name; a sheet of this kind has at most 256 columns."""
    first, last = divmod(column, _LETTERS)
    return f"{chr(64 + first) if first else ''}{chr(65 + last)}{row + 1}"
