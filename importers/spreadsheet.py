"""A bank's CSV that somebody opened in a spreadsheet and saved as a workbook.

The one sheet that has cells is turned into rows of text and read as the CSV that it was.
A workbook's numbers are IEEE doubles: each is turned once into its shortest decimal form,
and what lies within a billionth of whole hundredths is those; nothing is rounded further.
What a spreadsheet may have changed beyond repair is refused: formulas, errors, numbers
of more than fifteen figures. `importers.workbook_zip` and `importers.workbook_ole` look at
the file before anything in it is opened.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import string
from decimal import Decimal
from numbers import Real
from typing import TYPE_CHECKING

from python_calamine import CalamineError
from python_calamine import load_workbook

from importers.delimited import read_delimited
from importers.delimited_table import find_table
from importers.errors import MalformedFile
from importers.errors import UnknownFormat
from importers.workbook_ole import look_into_ole
from importers.workbook_zip import look_into_zip

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    from python_calamine import CalamineSheet

    from importers.statement import Statement

XLSX, XLS = "xlsx", "xls"
_FIGURES = 10**15
_HUNDREDTH = Decimal("0.01")
_NEAR = Decimal("1e-9")
_ADVICE = "Choose CSV or CAMT.053 at the bank itself, and do not open it in a spreadsheet."
_LETTERS = string.ascii_uppercase


def read_spreadsheet(data: bytes) -> tuple[Statement, ...]:
    """Read a workbook, XLSX or XLS.

    Args:
        data: The file's bytes.

    Returns:
        The statements of the CSV that it was.

    Raises:
        UnreadableFile: It is not the CSV of a bank that is known, or it cannot be read in full.
    """
    if data.startswith(b"PK"):
        form, contents = XLSX, look_into_zip(data)
    else:
        form, contents = XLS, look_into_ole(data)
    written, numbers = _as_csv(_only_sheet(contents.data))
    if numbers != contents.numbers:
        raise MalformedFile("the workbook", f"it has {contents.numbers} numbers, but {numbers} were read")
    table = find_table(written)
    if table is None:
        raise UnknownFormat("a workbook, but not the CSV of a bank that Buurtkas knows", _ADVICE)
    return read_delimited(written, table, form)


def _only_sheet(data: bytes) -> CalamineSheet:
    """Return the sheet that has cells."""
    try:
        workbook = load_workbook(io.BytesIO(data))
        sheets = [workbook.get_sheet_by_index(place) for place in range(len(workbook.sheet_names))]
    except CalamineError as error:
        raise MalformedFile("the workbook", "it is damaged, or not one that Excel writes") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise MalformedFile("the workbook", "it is damaged") from error
    filled = [sheet for sheet in sheets if sheet.start is not None]
    if len(filled) != 1:
        raise MalformedFile(
            "the workbook", f"{len(filled)} of its sheets have something in them, where it should be one"
        )
    return filled[0]


def _as_csv(sheet: CalamineSheet) -> tuple[bytes, int]:
    """Write a sheet as CSV, a line to a row, and count its numbers."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n")
    first, left = sheet.start or (0, 0)
    out.write("\n" * first)
    numbers = 0
    for row, cells in enumerate(sheet.iter_rows(), start=first + 1):
        numbers += sum(not isinstance(cell, (str, bool)) for cell in cells)
        writer.writerow(_texts(row, left, cells))
    return out.getvalue().encode(), numbers


def _texts(row: int, left: int, cells: Sequence[object]) -> Iterator[str]:
    for column, cell in enumerate(cells, start=left):
        try:
            yield _text(cell)
        except ValueError as error:
            raise MalformedFile(f"cell {cell_name(column, row)}", str(error)) from error


def _text(cell: object) -> str:
    """Return what the cell said before a spreadsheet changed its type.

    Raises:
        ValueError: That cannot be told.
    """
    if isinstance(cell, str):
        if cell.startswith("="):
            raise ValueError("it begins with =, as a formula does")
        return " ".join(cell.splitlines()) if "\n" in cell or "\r" in cell else cell
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, Real):
        return _number(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, dt.date):
        return cell.isoformat()
    raise ValueError("a spreadsheet made a time of it")


def _number(written: Real) -> str:
    """Return a number with a decimal comma, exactly; what is as good as whole hundredths as those."""
    exact = Decimal(repr(written))
    if not exact.is_finite() or abs(exact) >= _FIGURES:
        raise ValueError("it is a number of more than fifteen figures, of which a spreadsheet loses the last")
    if exact == exact.to_integral_value():
        return str(int(exact))
    near = exact.quantize(_HUNDREDTH)
    return f"{near if abs(near - exact) < _NEAR else exact:f}".replace(".", ",")


def cell_name(column: int, row: int) -> str:
    """Return a cell's name as a spreadsheet shows it, such as B7; columns are counted from 0."""
    name = ""
    column += 1
    while column:
        column, place = divmod(column - 1, len(_LETTERS))
        name = _LETTERS[place] + name
    return f"{name}{row}"
