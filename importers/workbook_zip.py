"""Looks into an XLSX before it is opened: sizes first, then the sheets' own bytes.

Sizes come from the directory at the end of the file, and nothing is unpacked beyond them.
Only the parts that a sheet needs are handed on, so that nothing else in the file is ever read.

Source: ECMA-376 part 1, sections 18.3 (worksheets) and 18.2.28 (date1904); part 2 (packages).
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from importers.errors import FileTooLarge
from importers.errors import ForbiddenContent
from importers.errors import UnknownFormat
from importers.workbook import Contents
from importers.workbook import Extent
from importers.workbook import Order
from importers.workbook import damaged
from importers.workbook import error_value
from importers.workbook import formula
from importers.workbook import macros
from importers.workbook import old_days
from importers.workbook import password

MAX_MEMBERS = 500
MAX_UNPACKED = 64 * 1024 * 1024
MAX_RATIO = 200
_SMALL = 1024 * 1024
_NEEDED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/(?:_rels/)?workbook\.xml(?:\.rels)?|xl/(?:sharedStrings|styles)\.xml"
    r"|xl/worksheets/[^/]{1,60}\.xml"
)
_SHEET = "xl/worksheets/"
_PREFIX = rb"<(?:[^\s<>:/]{1,60}:)?"
_LONG_NAME = re.compile(rb"<[^\s<>:/]{61}")
_OPEN_VALUE = re.compile(rb"""<[^<>]*=\s*(?:"[^"<>]*>|'[^'<>]*>)""")
_FORMULA = re.compile(_PREFIX + rb"f[\s/>]")
_CELL = re.compile(_PREFIX + rb"c((?:\s[^<>]*)?)>(" + _PREFIX + rb"v[\s>])?")
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,4})?([0-9]{1,9})["']""")
_PLACED = re.compile(rb"\br\s*=")
_KIND = re.compile(rb"""\bt\s*=\s*["']([A-Za-z]{1,12})["']""")
_ROW = re.compile(_PREFIX + rb"row((?:\s[^<>]*)?)>")
_AREA = re.compile(_PREFIX + rb"""dimension\s[^<>]*?:([A-Z]{1,4})([0-9]{1,9})["']""")
_1904 = re.compile(rb"""\bdate1904\s*=\s*["'](?:1|true)["']""")


def look_into_zip(data: bytes) -> Contents:
    """Return a workbook that may be opened.

    Args:
        data: The file's bytes.

    Raises:
        UnreadableFile: It is too large, encrypted, damaged, or has macros, formulas or errors.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            members = packed.infolist()
            _check_sizes(members)
            _check_names(members)
            parts = {one.filename: packed.read(one) for one in members if _NEEDED.fullmatch(one.filename)}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise damaged() from error
    for part in parts.values():
        if b"<!" in part or b"\0" in part:
            raise ForbiddenContent("a DOCTYPE, a comment or UTF-16 inside a workbook")
    if _1904.search(parts.get("xl/workbook.xml", b"")):
        raise old_days()
    numbers = sum(_numbers(part) for name, part in parts.items() if name.startswith(_SHEET))
    return Contents(_packed(parts), numbers)


def _check_sizes(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_MEMBERS:
        raise FileTooLarge(f"{len(members)} parts", f"{MAX_MEMBERS} parts of a workbook")
    if sum(one.file_size for one in members) > MAX_UNPACKED:
        raise FileTooLarge("more inside than a bank's workbook", f"{MAX_UNPACKED // 1024 // 1024} MB unpacked")
    for one in members:
        if one.file_size > _SMALL and one.file_size > MAX_RATIO * one.compress_size:
            raise FileTooLarge("a part that grows without end", f"{MAX_RATIO} times its packed size")


def _check_names(members: list[zipfile.ZipInfo]) -> None:
    names = [one.filename for one in members]
    if any(one.flag_bits & 1 for one in members):
        raise password()
    if any(name.endswith("vbaProject.bin") for name in names):
        raise macros()
    if "xl/workbook.bin" in names:
        raise UnknownFormat("a binary workbook (XLSB)", "Save it as XLSX, or better choose CSV at the bank itself.")
    if not any(name.startswith("xl/") for name in names):
        raise UnknownFormat(
            "a file of an office program, but not a workbook of Excel (XLSX)", "Choose CSV at the bank."
        )
    if "xl/workbook.xml" not in names or len(set(names)) != len(names):
        raise damaged()


def _numbers(sheet: bytes) -> int:
    """Check a sheet, and return how many of its cells hold a number."""
    if _LONG_NAME.search(sheet) or _OPEN_VALUE.search(sheet):
        raise damaged()
    if found := _FORMULA.search(sheet):
        raise formula(_cell_before(sheet, found.start()))
    extent, numbers, cells, rows = Extent(), 0, Order(), Order()
    for found in _CELL.finditer(sheet):
        extent.cells += 1
        place, kind = _place(found[1]), _KIND.search(found[1])
        cells.take(_reach(extent, place[1], place[2]) if place else None)
        if kind and kind[1] == b"e":
            raise error_value(_cell_before(sheet, found.end()))
        numbers += bool(found[2]) and (kind is None or kind[1] in {b"n", b"d"})
    for area in _AREA.finditer(sheet):
        _reach(extent, area[1], area[2])
    for row in _ROW.finditer(sheet):
        number = _place(row[1])
        rows.take((int(number[2]), 0) if number else None)
        extent.rows = max(extent.rows, int(number[2]) if number else 0)
    extent.check()
    return numbers


def _place(attributes: bytes) -> re.Match[bytes] | None:
    """Return where a cell or a row says that it stands; None where it follows the one before it.

    A place that is not written as a spreadsheet writes it is refused: whoever opens the sheet may take it for one
    further away than any memory reaches.
    """
    place = _PLACE.search(attributes)
    if len(_PLACED.findall(attributes)) != bool(place):
        raise damaged()
    return place


def _reach(extent: Extent, letters: bytes | None, row: bytes) -> tuple[int, int]:
    """Note how far a sheet reaches, and return the row and the column."""
    column = 0
    for letter in letters or b"":
        column = column * 26 + letter - 64
    extent.rows, extent.columns = max(extent.rows, int(row)), max(extent.columns, column)
    return int(row), column


def _cell_before(sheet: bytes, place: int) -> str:
    """Return the name of the last cell that begins before a place in a sheet's bytes."""
    named = [found for found in _PLACE.finditer(sheet, max(place - 500, 0), place) if found[1]]
    return (named[-1][1] + named[-1][2]).decode() if named else "without a name"


def _packed(parts: dict[str, bytes]) -> bytes:
    """Put the parts together again, without packing them: whoever unpacks them gets these bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    return out.getvalue()
