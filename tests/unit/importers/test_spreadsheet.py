"""Workbooks: what a spreadsheet did to a bank's CSV is undone exactly, or refused in words."""

from __future__ import annotations

import io
import re
import struct
import time
import tracemalloc
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from importers.errors import FileTooLarge
from importers.errors import ForbiddenContent
from importers.errors import MalformedFile
from importers.errors import UnknownFormat
from importers.errors import UnreadableFile
from importers.reading import read
from importers.spreadsheet import cell_name

if TYPE_CHECKING:
    from collections.abc import Mapping

_SAMPLES = Path(__file__).parents[2] / "data" / "importers"
_XLSX, _XLS = (_SAMPLES / "ing.xlsx").read_bytes(), (_SAMPLES / "ing.xls").read_bytes()
_HEADER = ("Date", "Amount", "Account", "Counterparty", "Name", "Description")
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
    'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
_RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
_RELATION = (
    '<Relationship Id="rId{0}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{1}" '
    'Target="{2}"/>'
)
_BOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">{0}<sheets>{1}</sheets></workbook>'
)
_SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}<sheetData>{}</sheetData></worksheet>'


def _cell(column: int, row: int, written: str, kind: str = "inlineStr") -> str:
    name = cell_name(column, row)
    if kind == "inlineStr":
        return f'<c r="{name}" t="inlineStr"><is><t>{written}</t></is></c>'
    return f'<c r="{name}"{kind and f" t={chr(34)}{kind}{chr(34)}"}><v>{written}</v></c>'


def _row(number: int, *cells: str) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def _header() -> str:
    return _row(1, *(_cell(column, 1, name) for column, name in enumerate(_HEADER)))


def _line(number: int, *, day: str = "45719", amount: str = "-12.34", day_kind: str = "", kind: str = "") -> str:
    texts = ("NL23BUNQ0123456789", "", "Bakkerij Zon", "0012345")
    return _row(
        number,
        _cell(0, number, day, day_kind),
        _cell(1, number, amount, kind),
        *(_cell(column, number, text) for column, text in enumerate(texts, start=2)),
    )


def _book(*sheets: str, before: str = "", properties: str = "", parts: Mapping[str, bytes] | None = None) -> bytes:
    """Pack rows as a workbook with a sheet of each."""
    numbers = range(1, len(sheets) + 1)
    files: dict[str, bytes | str] = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATIONS.format(_RELATION.format(1, "officeDocument", "xl/workbook.xml")),
        "xl/_rels/workbook.xml.rels": _RELATIONS.format(
            "".join(_RELATION.format(n, "worksheet", f"worksheets/sheet{n}.xml") for n in numbers)
        ),
        "xl/workbook.xml": _BOOK.format(
            properties, "".join(f'<sheet name="Blad{n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
        ),
        **{f"xl/worksheets/sheet{n}.xml": _SHEET.format(before, rows) for n, rows in zip(numbers, sheets, strict=True)},
        **(parts or {}),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("name", ["ing.xlsx", "ing.xls"])
def test_a_workbook_says_what_the_csv_said(name: str) -> None:
    """Dates, amounts and texts come back the same as from the CSV of the same rows."""
    (ours,), (theirs,) = read((_SAMPLES / name).read_bytes()), read((_SAMPLES / "ing-excel.csv").read_bytes())
    assert ours.lines == theirs.lines
    assert (ours.opening, ours.closing, ours.problems) == (theirs.opening, theirs.closing, ())
    assert ours.format == name.partition(".")[2]


@pytest.mark.parametrize(
    ("amount", "minor"),
    [
        ("-12.34", -1234),
        ("500", 50_000),
        ("0.1", 10),
        ("0.30000000000000004", 30),
        ("-1234567.8900000001", -123_456_789),
        ("1E2", 10_000),
    ],
)
def test_a_number_is_read_as_whole_hundredths(amount: str, minor: int) -> None:
    """A double that lies within a billionth of hundredths is those, and days may be a workbook's numbers."""
    (statement,) = read(_book(_header() + _line(2, amount=amount)))
    assert [line.amount_minor for line in statement.lines] == [minor]
    assert statement.lines[0].booked_on.isoformat() == "2025-03-03"
    assert statement.lines[0].text == "0012345"


@given(st.integers(-(10**11), 10**11))
@settings(max_examples=30)
def test_every_amount_survives_being_a_double(minor: int) -> None:
    """Up to a thousand million euros, to the cent."""
    written = repr(minor / 100)
    assert read(_book(_header() + _line(2, amount=written)))[0].lines[0].amount_minor == minor


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (_line(2, amount="0.001"), "line 2: the amount is '0,001'|can mean thousands"),
        (_line(2, amount="12.345"), "line 2: the amount '12,345' can mean thousands or decimals"),
        (_line(2, amount="1234567890123456"), "cell B2: it is a number of more than fifteen figures"),
        (_line(2, amount="=1+1", kind="inlineStr"), "cell B2: it begins with ="),
        (_line(2, amount="#REF!", kind="e"), "cell B2: a spreadsheet shows an error"),
        (_line(2).replace("<v>-12", "<f>A1</f><v>-12"), "cell B2: a formula"),
        (_line(2, day="13-03-2025", day_kind="inlineStr") + _line(3), "line 3: the date .* in another way"),
        (_line(2, amount="12.34", kind="inlineStr") + _line(3), "line 3: .*another decimal mark"),
        (_line(2).replace("NL23BUNQ0123456789", "1,23E+10"), "line 2: a spreadsheet shortened"),
        (_line(2, amount="1", kind="b"), "line 2: .*no figure"),
    ],
)
def test_what_a_spreadsheet_spoiled_is_refused_with_its_place(line: str, why: str) -> None:
    """The refusal names the cell or the row, and what happened to it."""
    with pytest.raises(MalformedFile, match=f"In {why}"):
        read(_book(_header() + line))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (_book(_header() + _line(2), _header()), "2 of its sheets have something"),
        (_book(""), "0 of its sheets have something"),
        (_book(_header() + _line(2), properties='<workbookPr date1904="1"/>'), "from 1904"),
        (_XLSX[:200], "end is missing"),
        (_XLS[:600], "damaged"),
        (_XLS[:100], "damaged"),
        (_XLS.replace("Workbook".encode("utf-16-le"), "Somebook".encode("utf-16-le")), "damaged"),
    ],
)
def test_a_workbook_that_does_not_hold_is_refused(data: bytes, why: str) -> None:
    """Damaged, cut off, or not to be understood in one way."""
    with pytest.raises(MalformedFile, match=why):
        read(data)


def test_macros_and_passwords_are_refused() -> None:
    """Nothing in them is opened."""
    with pytest.raises(ForbiddenContent, match="macros"):
        read(_book(_header(), parts={"xl/vbaProject.bin": b"x"}))
    with pytest.raises(ForbiddenContent, match="macros"):
        read(_renamed("_VBA_PROJECT_CUR"))
    with pytest.raises(UnknownFormat, match="password"):
        read(_renamed("EncryptedPackage"))
    with pytest.raises(UnknownFormat, match="password"):
        read(_with_record(0x002F, b"\0" * 6))
    locked = bytearray(_XLSX)
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(UnknownFormat, match="password"):
        read(bytes(locked))


@pytest.mark.parametrize(
    ("kind", "record", "why"),
    [
        (0x0006, b"\x06\0\x01\0" + b"\0" * 16, "cell B7: a formula"),
        (0x0006, b"\0\0\x1b\0" + b"\0" * 16, "cell AB1: a formula"),
        (0x0205, b"\0\0\0\0\0\0\x17\1", "cell A1: a spreadsheet shows an error"),
        (0x0022, b"\1\0", "from 1904"),
        (0x0203, b"\0" * 14, "it has 5 numbers, but|it has 7 numbers, but"),
    ],
)
def test_an_xls_is_looked_through_before_it_is_opened(kind: int, record: bytes, why: str) -> None:
    """Formulas, errors, days from 1904, and numbers that a reader passes over."""
    with pytest.raises(MalformedFile, match=why):
        read(_with_record(kind, record))


def test_a_far_corner_is_refused() -> None:
    """One cell in the last corner would make a reader fill all that lies between."""
    corner = _row(1_048_576, _cell(5, 1_048_576, "1", ""))
    with pytest.raises(FileTooLarge, match="far more rows"):
        read(_book(_header() + corner))
    with pytest.raises(FileTooLarge, match="200 columns"):
        read(_book(_header() + _row(2, _cell(16_383, 2, "1", ""))))
    with pytest.raises(FileTooLarge, match="200 columns"):
        read(_book(_header(), before='<dimension ref="A1:XFD1048576"/>'))
    with pytest.raises(FileTooLarge, match="far more rows"):
        read(_with_record(0x0200, b"\0\0\0\0\xff\xff\0\0\0\0\x10\0\0\0"))


@pytest.mark.parametrize(
    "hidden",
    [
        '<row r="2"><c r="A99999999999999999999"><v>1</v></c></row>',
        '<row r="2"><c r="Aiiiiiiiiiiii"><v>1</v></c></row>',
        '<row r="2"><c r="xfd1048576"><v>1</v></c></row>',
        '<row r="2"><c r="&#88;FD1048576"><v>1</v></c></row>',
        '<row r="2"><c x=">" r="XFD1048576"><v>1</v></c></row>',
        """<row r="2"><c x=' r="A2"' r="XFD1048576"><v>1</v></c></row>""",
        f'<row r="2"><{"p" * 70}:c r="XFD1048576"><v>1</v></{"p" * 70}:c></row>',
        '<row r="99999999999999999999"><c><v>1</v></c></row>',
    ],
)
def test_a_far_corner_that_hides_is_refused(hidden: str) -> None:
    """What opens the sheet would take all memory for it and end the process, whoever's it is."""
    with pytest.raises(MalformedFile, match="damaged or cut off"):
        read(_book(_header() + hidden))


@pytest.mark.parametrize(
    "hidden",
    [
        _row(2, _cell(0, 2, "20250302")),
        f"<row>{_cell(0, 9, '20250302')}</row>",
        _row(9, _cell(1, 9, "x"), _cell(0, 9, "20250302")),
        _row(9, _cell(1, 9, "x"), "<c><v>1</v></c>"),
    ],
    ids=["the same row again", "a row without a number", "cells that go back", "a cell without a place"],
)
def test_a_cell_that_takes_the_place_of_another_is_refused(hidden: str) -> None:
    """What opens the sheet keeps the last one, so that a payment would show another day or amount."""
    with pytest.raises(MalformedFile, match="damaged or cut off"):
        read(_book(_header() + _line(2) + hidden))


def test_an_xls_of_which_records_are_lost_is_refused() -> None:
    """A record whose length is damaged swallows those after it, and the end of the sheet with them."""
    place = _XLS.index(b"\x5c\0\x70\0")
    for length in (0x60, 0x7000):
        with pytest.raises(MalformedFile, match="damaged or cut off"):
            read(_XLS[: place + 2] + length.to_bytes(2, "little") + _XLS[place + 4 :])


@pytest.mark.parametrize("record", [(2048, 4, 0, 8), (0, 4, 9, 8)])
def test_an_xls_that_ends_before_it_begins_is_refused(record: tuple[int, int, int, int]) -> None:
    """What opens it would count backwards, ask for all memory there is, and end the process."""
    with pytest.raises(MalformedFile, match="damaged or cut off"):
        read(_with_record(0x0200, struct.pack("<IIHHH", *record, 0)))


@pytest.mark.parametrize(
    "changes",
    [
        {68: 2, 2 * 512 + 1020: 2},
        {68: 2, **{3 * 512 + 4 * at: 0 for at in range(127)}},
        {80: 8},
        {60: 3, 4620: 3},
    ],
    ids=[
        "a table of tables in a circle",
        "a table far too long",
        "one part of the table twice",
        "short streams in a circle",
    ],
)
def test_an_xls_that_leads_round_in_circles_is_refused(changes: dict[int, int]) -> None:
    """What opens it would never end, or fill the memory."""
    data = bytearray(_XLS)
    for place, value in changes.items():
        struct.pack_into("<I", data, place, value)
    with pytest.raises(MalformedFile, match="damaged or cut off"):
        read(bytes(data))


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ({"xl/worksheets/sheet9.xml": b"<a>" * 30_000_000}, "more inside"),
        ({"xl/media/image1.png": b"\0" * 20_000_000}, "grows without end"),
        ({f"xl/media/{number}.png": b"" for number in range(600)}, "605 parts"),
    ],
    ids=["many MB", "a tight one", "many parts"],
)
def test_a_bomb_is_refused_before_it_is_unpacked(parts: dict[str, bytes], why: str) -> None:
    """Quickly, and in little memory."""
    data = _book(_header(), parts=parts)
    tracemalloc.start()
    began = time.process_time()
    try:
        with pytest.raises(FileTooLarge, match=why):
            read(data)
        assert time.process_time() - began < 2
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_a_part_that_hides_markup_is_refused() -> None:
    """Entities, comments and UTF-16 could hide a formula."""
    for hidden in ("<!DOCTYPE x>", "<!-- -->"):
        with pytest.raises(ForbiddenContent, match="DOCTYPE"):
            read(_book(_header() + hidden + _line(2)))


@pytest.mark.parametrize(
    ("parts", "what"),
    [
        ({"xl/workbook.bin": b"x"}, "binary workbook"),
        ({"word/document.xml": b"x", "xl/workbook.xml": b""}, None),
    ],
)
def test_other_files_of_an_office_program_are_named(parts: dict[str, bytes], what: str | None) -> None:
    """A binary workbook, a letter."""
    if what:
        with pytest.raises(UnknownFormat, match=what):
            read(_book(_header(), parts=parts))
        return
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("[Content_Types].xml", _TYPES)
        packed.writestr("word/document.xml", b"<w/>")
    with pytest.raises(UnknownFormat, match="not a workbook of Excel"):
        read(out.getvalue())


def test_a_workbook_of_something_else_is_named() -> None:
    """A list of members is no statement."""
    with pytest.raises(UnknownFormat, match="a workbook, but not the CSV of a bank"):
        read(_book(_row(1, _cell(0, 1, "Naam")) + _row(2, _cell(0, 2, "x"))))


def test_cells_are_named_as_a_spreadsheet_names_them() -> None:
    """A, Z, AA."""
    assert [cell_name(column, 7) for column in (0, 25, 26, 701, 702)] == ["A7", "Z7", "AA7", "ZZ7", "AAA7"]


def _renamed(name: str) -> bytes:
    """Return the XLS with another name in its directory."""
    place = _XLS.index("Workbook".encode("utf-16-le"))
    entry = bytearray(_XLS[place : place + 128])
    entry[:64] = name.encode("utf-16-le").ljust(64, b"\0")
    entry[64] = len(name) * 2 + 2
    return _XLS[:place] + bytes(entry) + _XLS[place + 128 :]


def _with_record(kind: int, record: bytes) -> bytes:
    """Return the XLS with a record instead of its second one, which tells only about a user's name."""
    written = kind.to_bytes(2, "little") + len(record).to_bytes(2, "little") + record
    place = _XLS.index(b"\x5c\0\x70\0")
    gap = 4 + 0x70 - len(written)
    filler = b"\x5c\0" + (gap - 4).to_bytes(2, "little") + b" " * (gap - 4)
    return _XLS[:place] + written + filler + _XLS[place + 4 + 0x70 :]


def _is_read_or_refused(data: bytes) -> bool:
    try:
        return len(read(data)) > 0
    except UnreadableFile as refusal:
        return re.search(r"\.$", str(refusal)) is not None


@given(st.sampled_from([_XLS, _XLSX, _book(_header() + _line(2))]), st.data())
def test_a_mutant_is_read_or_refused(whole: bytes, data: st.DataObject) -> None:
    """Flipped, cut, doubled: nothing but our own refusal comes out."""
    place, size = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(0, 40))
    piece = data.draw(st.one_of(st.binary(max_size=4), st.just(whole[place : place + size] * 2)))
    assert _is_read_or_refused(whole[:place] + piece + whole[place + size :])


@given(st.sampled_from(["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"]), st.data())
def test_a_mutant_inside_a_workbook_is_read_or_refused(name: str, data: st.DataObject) -> None:
    """The parts themselves, where no checksum tells."""
    with zipfile.ZipFile(io.BytesIO(_XLSX)) as packed:
        parts = {one: packed.read(one) for one in packed.namelist()}
    place, size = data.draw(st.integers(0, len(parts[name]) - 1)), data.draw(st.integers(0, 40))
    parts[name] = parts[name][:place] + data.draw(st.binary(max_size=4)) + parts[name][place + size :]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as changed:
        for one, content in parts.items():
            changed.writestr(one, content)
    assert _is_read_or_refused(out.getvalue())
