"""What is looked at in a workbook before it is opened, whatever it is packed in.

A workbook may name a cell in the last corner of a sheet to make a reader fill all that lies
between, and a number may hide a formula: both are refused here, in words.
"""

from __future__ import annotations

from dataclasses import dataclass

from importers.delimited_table import MAX_COLUMNS
from importers.errors import FileTooLarge
from importers.errors import ForbiddenContent
from importers.errors import MalformedFile
from importers.errors import UnknownFormat

MAX_ROWS = 200_000
_SPARSE = 4
_SMALL = 20_000
_ADVICE = "Choose CSV or CAMT.053 at the bank itself, and do not open it in a spreadsheet."


@dataclass(frozen=True, slots=True)
class Contents:
    """A workbook that may be opened.

    Attributes:
        data: Its bytes, without what is not needed.
        numbers: How many of its cells hold a number.
    """

    data: bytes
    numbers: int


@dataclass(slots=True)
class Extent:
    """How far a sheet's cells reach, and how many there are."""

    rows: int = 0
    columns: int = 0
    cells: int = 0

    def check(self) -> None:
        """Refuse a sheet that is larger than a bank's, or nearly empty for its size.

        Raises:
            FileTooLarge: It is.
        """
        if self.columns > MAX_COLUMNS:
            raise FileTooLarge("too many columns", f"{MAX_COLUMNS} columns")
        if self.rows > MAX_ROWS or self.rows * self.columns > _SPARSE * self.cells + _SMALL:
            raise FileTooLarge("a sheet with far more rows than it has lines", f"{MAX_ROWS:,} rows")


@dataclass(slots=True)
class Order:
    """Whether cells, or rows, stand where they come: one that stands where another did would take its place."""

    last: tuple[int, int] = (0, 0)
    is_placed: bool | None = None

    def take(self, place: tuple[int, int] | None) -> None:
        """Take in the next one, with its row and column where it says them; all of a sheet do, or none.

        Raises:
            MalformedFile: It does not come after those before it.
        """
        if self.is_placed not in {None, place is not None} or (place is not None and place <= self.last):
            raise damaged()
        self.last, self.is_placed = place or self.last, place is not None


def macros() -> ForbiddenContent:
    """Return the refusal of a workbook with a program in it."""
    return ForbiddenContent("a workbook's program (macros)")


def password() -> UnknownFormat:
    """Return the refusal of an encrypted workbook."""
    return UnknownFormat("a workbook with a password", _ADVICE)


def formula(cell: str) -> MalformedFile:
    """Return the refusal of a formula."""
    return MalformedFile(f"cell {cell}", "a formula stands where the bank writes a value")


def error_value(cell: str) -> MalformedFile:
    """Return the refusal of a cell that shows an error, such as #REF!."""
    return MalformedFile(f"cell {cell}", "a spreadsheet shows an error there")


def old_days() -> MalformedFile:
    """Return the refusal of a workbook whose days are counted from 1904."""
    return MalformedFile("the workbook", "it counts its days from 1904, so that they cannot be told from others")


def damaged() -> MalformedFile:
    """Return the refusal of a workbook that is not put together as it should be."""
    return MalformedFile("the workbook", "it is damaged or cut off")
