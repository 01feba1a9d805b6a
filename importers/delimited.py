"""CSV of a bank that a profile describes.

The header decides: which bank, which delimiter, which column means what. Nothing is
guessed from the rows, and no value changes its type on the way. Lines come back
oldest first, one Statement per account. Where the bank states a balance after each
row, every row is checked against the one before it, and the first and last give the
opening and closing balance.
"""

from __future__ import annotations

import csv
import io
import itertools
from dataclasses import dataclass
from dataclasses import replace
from typing import TYPE_CHECKING

from importers.encoding import decoded
from importers.encoding import refuse_long_lines
from importers.errors import MalformedFile
from importers.errors import Unclear
from importers.figures import account_number
from importers.figures import dutch_day
from importers.figures import minor_from_comma
from importers.figures import reference
from importers.figures import tidy
from importers.profiles import PROFILES
from importers.reconcile import decimal_text
from importers.reconcile import problems_of
from importers.remarks import parse_remark
from importers.statement import Balance
from importers.statement import Line
from importers.statement import Problem
from importers.statement import Statement

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from collections.abc import Sequence

    from importers.profiles.profile import Profile
    from importers.remarks import Remark

MAX_COLUMNS = 200
_HEADER_WITHIN = 16_384
_DELIMITERS = (";", ",", "\t")
_FILLED_IN_A_TITLE = 3


@dataclass(frozen=True, slots=True)
class Table:
    """A recognised header.

    Attributes:
        header: The header line's number, from 1.
        columns: The place of each field in a row.
        width: How many columns the header has.
    """

    profile: Profile
    delimiter: str
    header: int
    columns: dict[str, int]
    width: int


def find_table(data: bytes) -> Table | None:
    """Recognise a bank's header near the beginning of a file.

    Args:
        data: The file's bytes.

    Returns:
        What the header says, or None where no profile knows it.
    """
    beginning = data[:_HEADER_WITHIN].decode("utf-8-sig", "replace")
    lines = itertools.islice(io.StringIO(beginning, newline=""), 5)
    for number, line in enumerate(lines, start=1):
        for profile, delimiter in itertools.product(PROFILES, _DELIMITERS):
            table = _match(line, number, profile, delimiter)
            if table:
                return table
    return None


def _match(line: str, number: int, profile: Profile, delimiter: str) -> Table | None:
    cells = [" ".join(cell.strip(' "\r\n').casefold().split()) for cell in line.split(delimiter)]
    if len(cells) > MAX_COLUMNS:
        return None
    columns = {}
    for field, names in profile.columns.items():
        places = [place for place, cell in enumerate(cells) if cell in names]
        if len(places) == 1:
            columns[field] = places[0]
    if not profile.required <= columns.keys():
        return None
    width = max(place for place, cell in enumerate(cells, start=1) if cell)
    if width == profile.width:
        columns = {**profile.places, **columns}
    return Table(profile, delimiter, number, columns, width)


def read_delimited(data: bytes, table: Table) -> tuple[Statement, ...]:
    """Read a CSV file.

    Args:
        data: The file's bytes.
        table: Its header, from `find_table`.

    Returns:
        A statement per account, in the order in which the accounts appear; one without account and lines where
        the file has a header only.

    Raises:
        UnreadableFile: The file cannot be read in full.
    """
    refuse_long_lines(data)
    accounts: dict[str, list[Line]] = {}
    reader = _RowReader(table)
    for place, row in enumerate(_rows(decoded(data), table), start=1):
        try:
            account, line = reader.line_of(place, row[1])
        except Unclear as unclear:
            raise MalformedFile(f"line {row[0]}", unclear.why) from unclear
        accounts.setdefault(account, []).append(line)
    if not accounts:
        return (Statement("csv", table.profile.bank, None, None, None, None, None, ()),)
    return tuple(_statement(table.profile, account, lines) for account, lines in accounts.items())


def _rows(text: str, table: Table) -> Iterator[tuple[int, list[str]]]:
    """Yield line number and cells of each row below the header; blank rows are left out."""
    lines = io.StringIO(text, newline="")
    for number in range(1, table.header):
        _refuse_row_above(lines.readline(), number, table)
    lines.readline()
    reader = csv.reader(lines, delimiter=table.delimiter, strict=True, skipinitialspace=True)
    try:
        for row in reader:
            number = reader.line_num + table.header
            if any(row):
                yield number, _checked(row, number, table)
    except csv.Error as error:
        number = reader.line_num + table.header
        raise MalformedFile(f"line {number}", "quotation marks do not fit together, or the line is too long") from error


def _refuse_row_above(line: str, number: int, table: Table) -> None:
    """Refuse a row above the header, which would be lost; a title has hardly anything beside it."""
    filled = sum(bool(cell.strip(' "\r\n')) for cell in line.split(table.delimiter))
    if filled > _FILLED_IN_A_TITLE:
        raise MalformedFile(f"line {number}", "a row stands above the line that names the columns")


def _checked(row: list[str], number: int, table: Table) -> list[str]:
    """Refuse a row that is not as wide as the header, or that swallowed the next one."""
    if len(row) < table.width or any(row[table.width :]):
        raise MalformedFile(f"line {number}", f"it has {len(row)} columns where the header has {table.width}")
    for cell in row:
        if ("\n" in cell or "\r" in cell) and table.delimiter in cell:
            raise MalformedFile(f"line {number}", "a text does not end where its line ends")
    return row


class _RowReader:
    """Makes lines of rows, as one profile says."""

    __slots__ = ("_columns", "_profile")

    def __init__(self, table: Table) -> None:
        self._profile = table.profile
        self._columns = table.columns

    def line_of(self, position: int, row: Sequence[str]) -> tuple[str, Line]:
        """Return a row's account and line.

        Raises:
            Unclear: A cell that a line cannot do without is missing or cannot be read.
        """
        account = account_number(self._cell(row, "account"))
        if account is None:
            raise Unclear("the account number is missing")
        if '"' in account:
            raise Unclear("quotation marks do not fit together")
        code = tidy(self._cell(row, "type_code"))
        remark = parse_remark(tidy(self._text(row)) or "", self._profile.labels)
        if not self._is_direct_debit(code, row):
            remark = remark.without(("mandate", "creditor_id"))
        running = self._cell(row, "running")
        line = Line(
            position=position,
            booked_on=dutch_day(self._cell(row, "booked_on")),
            valued_on=_value_date(self._said(row, remark, "valued_on")),
            amount_minor=self._amount(row),
            currency=self._currency(row),
            name=tidy(self._cell(row, "name")),
            iban=account_number(self._cell(row, "iban")),
            text=tidy(remark.text),
            bank_reference=reference(self._cell(row, "bank_reference")),
            end_to_end_id=reference(self._said(row, remark, "end_to_end_id")),
            mandate=reference(self._said(row, remark, "mandate")),
            creditor_id=account_number(self._said(row, remark, "creditor_id")),
            type_code=code,
            running_minor=minor_from_comma(running) if running else None,
        )
        return account, line

    def _cell(self, row: Sequence[str], field: str) -> str:
        place = self._columns.get(field)
        return "" if place is None else row[place].strip()

    def _text(self, row: Sequence[str]) -> str:
        """Return the payer's words, which some banks spread over several columns."""
        return " ".join(self._cell(row, field) for field in ("text", "text_2", "text_3"))

    def _said(self, row: Sequence[str], remark: Remark, field: str) -> str | None:
        """Return a field from its column, else from the bank's labelled text."""
        return self._cell(row, field) or remark.fields.get(field)

    def _amount(self, row: Sequence[str]) -> int:
        amount_minor = minor_from_comma(self._cell(row, "amount"))
        if "direction" not in self._columns:
            return amount_minor
        direction = self._cell(row, "direction").casefold()
        if amount_minor < 0:
            raise Unclear("the amount has a sign beside its direction")
        if direction in self._profile.debit:
            return -amount_minor
        if direction in self._profile.credit:
            return amount_minor
        raise Unclear("it does not say whether the money came in or went out")

    def _currency(self, row: Sequence[str]) -> str:
        if "currency" not in self._columns:
            return self._profile.currency
        currency = self._cell(row, "currency").upper()
        if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):  # noqa: PLR2004 - ISO 4217
            raise Unclear("the currency is not a code of three letters")
        return currency

    def _is_direct_debit(self, code: str | None, row: Sequence[str]) -> bool:
        words = {(code or "").casefold(), self._cell(row, "kind").casefold()}
        return not words.isdisjoint(self._profile.direct_debit)


def _value_date(written: str | None) -> dt.date | None:
    """Return the value date out of the bank's text; English texts write it with slashes, day first."""
    return dutch_day(written.replace("/", "-")) if written else None


def _statement(profile: Profile, account: str, lines: list[Line]) -> Statement:
    ordered = _oldest_first(lines, newest_first=profile.newest_first)
    first, last = ordered[0], ordered[-1]
    opening = closing = None
    if first.running_minor is not None:
        opening = Balance(first.booked_on, first.running_minor - first.amount_minor)
    if last.running_minor is not None:
        closing = Balance(last.booked_on, last.running_minor)
    statement = Statement(
        "csv", profile.bank, account, first.currency, None, opening, closing, tuple(ordered), _chain_problem(ordered)
    )
    return replace(statement, problems=statement.problems or problems_of(statement))


def _oldest_first(lines: list[Line], *, newest_first: bool) -> list[Line]:
    """Order lines by date; dates first, then running balances, then the bank's habit decide which way a file runs."""
    backwards = lines[::-1]
    fitting = [order for order in (lines, backwards) if _ascends(order)]
    if len(fitting) == 1:
        return fitting[0]
    habit = backwards if newest_first else lines
    if not fitting:
        return sorted(habit, key=lambda line: line.booked_on)
    closing = [order for order in fitting if not any(_breaks(order))]
    return closing[0] if len(closing) == 1 else habit


def _ascends(lines: Sequence[Line]) -> bool:
    return all(before.booked_on <= after.booked_on for before, after in itertools.pairwise(lines))


def _breaks(lines: Sequence[Line]) -> Iterator[tuple[int, Line]]:
    """Yield each line that the running balance does not reach, with the balance it should have."""
    for before, line in itertools.pairwise(lines):
        if before.running_minor is None or line.running_minor is None:
            continue
        expected = before.running_minor + line.amount_minor
        if expected != line.running_minor:
            yield expected, line


def _chain_problem(lines: Sequence[Line]) -> tuple[Problem, ...]:
    breaks = list(_breaks(lines))
    if not breaks:
        return ()
    expected, line = breaks[0]
    return (
        Problem(
            "balance",
            f"The balance after each line does not continue at {len(breaks)} of {len(lines)} lines; first at row "
            f"{line.position}, {line.booked_on}: the bank states {decimal_text(line.running_minor or 0)} where the "
            f"lines make {decimal_text(expected)}. A row may be missing.",
        ),
    )
