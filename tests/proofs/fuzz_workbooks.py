"""The seeds of the fuzzing in ABN AMRO's workbook, as XLSX and as XLS, written record by record.

Source: ECMA-376 part 1, section 18.3; [MS-CFB] sections 2.2 to 2.6; [MS-XLS] sections 2.4.21 (BOF), 2.4.28
(BoundSheet8), 2.4.90 (Dimensions), 2.4.148 (Label) and 2.4.180 (Number).
"""

from __future__ import annotations

import html
import struct
from typing import TYPE_CHECKING
from typing import TypeAlias

from tests.proofs.fuzz_packed import packed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    from tests.proofs.fuzz_books import Book
    from tests.proofs.fuzz_books import Row

Cell: TypeAlias = str | int
"""A text, or a number of hundredths."""

_HEADER = "accountNumber mutationcode transactiondate valuedate startsaldo endsaldo amount description".split()
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets>'
        "</workbook>"
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    ),
}
_SECTOR = 512
_LEAST = 4096
XLS_STREAM = (3 * _SECTOR, 3 * _SECTOR + _LEAST)
"""Where the workbook lies in an XLS that is written here: after the header, the table and the directory."""
_END, _FAT, _FREE = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF


def xlsx(books: Sequence[Book]) -> bytes:
    """Return the workbook of some accounts; every row is a line of the sheet's XML."""
    rows = "".join(_xml_row(number, cells) for number, cells in enumerate(_rows(books), start=1))
    sheet = f'<worksheet xmlns="{_MAIN}"><sheetData>\n{rows}</sheetData></worksheet>\n'
    parts = {**_PARTS, "xl/worksheets/sheet1.xml": sheet}
    return packed({name: f"{_XML}{part}".encode() for name, part in parts.items()})


def xls(books: Sequence[Book]) -> bytes:
    """Return the same in the older form."""
    return _container(_workbook(list(_rows(books))))


def _rows(books: Sequence[Book]) -> Iterator[list[Cell]]:
    yield list(_HEADER)
    for book in books:
        for row, balance in zip(book.rows, book.balances(), strict=True):
            yield _cells(book.account, row, balance)


def _cells(account: str, row: Row, balance: int) -> list[Cell]:
    day = f"{row.day:%Y%m%d}"
    details = f"/TRTP/SEPA OVERBOEKING/IBAN/{row.iban}/NAME/{row.name}/REMI/{row.text}/EREF/{row.reference}"
    return [account, "EUR", day, day, balance - row.minor, balance, row.minor, details]


def _xml_row(number: int, cells: Sequence[Cell]) -> str:
    written = "".join(_xml_cell(f"{chr(65 + place)}{number}", cell) for place, cell in enumerate(cells))
    return f'<row r="{number}">{written}</row>\n'


def _xml_cell(name: str, cell: Cell) -> str:
    if isinstance(cell, int):
        return f'<c r="{name}"><v>{cell / 100}</v></c>'
    return f'<c r="{name}" t="inlineStr"><is><t>{html.escape(cell)}</t></is></c>'


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _workbook(rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return the workbook's records: the book's own, then those of its one sheet."""
    begin = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6))
    sheet_begins = len(begin) + 4 + 9 + 4
    named = _record(0x0085, struct.pack("<IHBBB", sheet_begins, 0, 1, 0, 0x53))
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))
    size = _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, len(_HEADER), 0))
    cells = b"".join(_xls_cell(at, place, cell) for at, row in enumerate(rows) for place, cell in enumerate(row))
    return begin + named + _record(0x000A, b"") + sheet + size + cells + _record(0x000A, b"")


def _xls_cell(row: int, column: int, cell: Cell) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(cell, int):
        return _record(0x0203, place + struct.pack("<d", cell / 100))
    return _record(0x0204, place + struct.pack("<HB", len(cell), 0) + cell.encode("latin-1"))


def _container(stream: bytes) -> bytes:
    """Put a stream into a compound file: one sector of its table, one of its directory, then the stream."""
    padded = stream.ljust(max(_LEAST, -(-len(stream) // _SECTOR) * _SECTOR), b"\0")
    count = len(padded) // _SECTOR
    table = [_FAT, _END, *range(3, count + 2), _END]
    sectors = struct.pack(f"<{_SECTOR // 4}I", *table, *[_FREE] * (_SECTOR // 4 - len(table)))
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, _LEAST, _END, 0, _END, 0)
    header += struct.pack("<109I", 0, *[_FREE] * 108)
    directory = _entry("Root Entry", 5, _END, 0, child=1) + _entry("Workbook", 2, 2, len(padded), child=_FREE)
    return header + sectors + directory.ljust(_SECTOR, b"\0") + padded


def _entry(name: str, kind: int, first: int, size: int, *, child: int) -> bytes:
    written = (name + "\0").encode("utf-16-le")
    head = written.ljust(64, b"\0") + struct.pack("<HBBIII", len(written), kind, 1, _FREE, _FREE, child)
    return head + bytes(36) + struct.pack("<IQ", first, size)
