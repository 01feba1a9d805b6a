"""What the cells of one CSV file say, a column at a time.

Banks repeat themselves: days, accounts and words are worked out once and remembered. One
file keeps to one form of dates in a column and to one decimal mark in all of them; a
second one means that a spreadsheet changed part of the file, which is refused.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING
from typing import TypeVar
from zoneinfo import ZoneInfo

from stdnum import iban as iban_number

from importers.errors import Unclear
from importers.figures import account_number
from importers.figures import day_and_form
from importers.figures import minor_and_mark
from importers.figures import reference
from importers.figures import refuse_shortened
from importers.figures import shown
from importers.figures import tidy

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence

T = TypeVar("T")
DAY_SECONDS = 86_400
_REMEMBERED = 10_000
_CENTS = re.compile(r"-?[0-9]{1,13}([,.])[0-9]{2}(?:\n-?[0-9]{1,13}\1[0-9]{2})*+", re.ASCII)
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?(?:\.[0-9]{1,9})?", re.ASCII
)
_SERIAL = re.compile(r"([2-7][0-9]{4})(?:[.,]0+)?", re.ASCII)
_SERIAL_DAYS_BEFORE = dt.date(1899, 12, 30).toordinal()
_SERIAL_FORM = -1
_CONTROLS = bytes({*range(32), 127})
_BANKS_CLOCK = ZoneInfo("Europe/Amsterdam")


class Remembered(dict[str, T]):
    """What written values mean; each is worked out once, as long as they are not very many."""

    def __init__(self, convert: Callable[[str], T]) -> None:
        super().__init__()
        self._convert = convert

    def __missing__(self, written: str) -> T:
        if len(self) >= _REMEMBERED:
            self.clear()
        value = self[written] = self._convert(written)
        return value

    def column(self, cells: Sequence[str]) -> list[T]:
        """Return what each cell means."""
        return list(map(self.__getitem__, cells))


class Days:
    """A column of days or moments, all in one form.

    Args:
        serials: Days may be numbers, as a workbook counts them from 1900.
        utc: The moments are in UTC, and the days in Amsterdam.
        day_first: Of days with slashes the day comes first; False where the month does, None where nothing says which.
    """

    def __init__(self, *, serials: bool = False, utc: bool = False, day_first: bool | None = None) -> None:
        self._serials, self._day_first = serials, day_first
        self._utc = utc
        self._form: int | None = None
        self._seen = Remembered(self._moment)

    def moments(self, cells: Sequence[str]) -> list[int]:
        """Return seconds since the calendar began; midnight where there is a day only.

        Raises:
            Unclear: A cell is no day, or in another form than those before it.
        """
        return self._seen.column(cells)

    def ordinals(self, cells: Sequence[str]) -> list[int | None]:
        """Return the days' numbers in the calendar, None for an empty cell."""
        if not any(cells):
            return [None] * len(cells)
        return [self._seen[cell] // DAY_SECONDS if cell.strip() else None for cell in cells]

    def _moment(self, written: str) -> int:
        day, seconds, form = self._read(written.strip())
        if self._form not in {None, form}:
            raise Unclear(
                f"the date {shown(written.strip())} is written in another way than those before it; "
                "a spreadsheet changed some of them"
            )
        self._form = form
        return day.toordinal() * DAY_SECONDS + seconds

    def _read(self, written: str) -> tuple[dt.date, int, int]:
        if found := _MOMENT.fullmatch(written):
            return *self._clock(found), 1
        if self._serials and (serial := _SERIAL.fullmatch(written)):
            return dt.date.fromordinal(_SERIAL_DAYS_BEFORE + int(serial[1])), 0, _SERIAL_FORM
        day, form = day_and_form(written, day_first=self._day_first)
        return day, 0, form

    def _clock(self, found: re.Match[str]) -> tuple[dt.date, int]:
        day, hours, minutes, seconds = found.groups()
        try:
            moment = dt.datetime.fromisoformat(f"{day}T{hours:0>2}:{minutes}:{seconds or '00'}+00:00")
            if self._utc:
                moment = moment.astimezone(_BANKS_CLOCK)
        except (ValueError, OverflowError) as error:
            raise Unclear(f"there is no date {shown(found[0])}") from error
        return moment.date(), moment.hour * 3600 + moment.minute * 60 + moment.second


class Figures:
    """The amounts of a file, all with one decimal mark."""

    def __init__(self) -> None:
        self._mark = ""

    def minors(self, cells: Sequence[str]) -> list[int]:
        """Return amounts in hundredths.

        Raises:
            Unclear: A cell is no amount, or has another decimal mark than those before it.
        """
        written = "\n".join(cells)
        usual = _CENTS.fullmatch(written)
        if usual and self._mark in {"", usual[1]}:
            self._mark = usual[1]
            found = [*map(int, written.replace(usual[1], "").split("\n"))]
            if len(found) == len(cells):
                return found
        return [self._minor(cell.strip()) for cell in cells]

    def stated(self, cells: Sequence[str]) -> list[int | None]:
        """Return amounts in hundredths, None for an empty cell."""
        if all(cells):
            return [*self.minors(cells)]
        return [self._minor(cell.strip()) if cell.strip() else None for cell in cells]

    def _minor(self, written: str) -> int:
        amount_minor, mark = minor_and_mark(written)
        if mark:
            if self._mark not in {"", mark}:
                raise Unclear(f"the amount {shown(written)} has another decimal mark than those before it")
            self._mark = mark
        return amount_minor


def words(cells: Sequence[str]) -> list[str | None]:
    """Return texts in NFC with single spaces and without control characters, None where nothing is left."""
    full = all(cells)
    if _is_tidy(" ".join(cells if full else filter(None, cells))):
        return [*cells] if full else [cell or None for cell in cells]
    return [tidy(cell) for cell in cells]


def _is_tidy(written: str) -> bool:
    """Tell whether texts, joined with a space, have nothing but ordinary characters, and one space between words."""
    if not written.isascii() or " " in {written[:1], written[-1:]}:
        return False
    plain = written.encode()
    return len(plain.translate(None, _CONTROLS)) == len(plain) and b"  " not in plain


def references(cells: Sequence[str]) -> list[str | None]:
    """Return references, None where the bank wrote a word that means there is none.

    Raises:
        Unclear: A spreadsheet shortened one.
    """
    if not any(cells):
        return [None] * len(cells)
    for cell in cells:
        if "E" in cell:
            refuse_shortened(cell.strip())
    return [reference(cell) for cell in cells]


def other_account(written: str) -> str | None:
    """Return the counterparty's IBAN or number, None where there is none.

    Raises:
        Unclear: A spreadsheet shortened it.
    """
    refuse_shortened(written.strip())
    return account_number(written)


def own_account(written: str) -> str:
    """Return the own account's IBAN or number.

    Raises:
        Unclear: It is missing, shortened by a spreadsheet, or a quotation mark in it belongs nowhere.
    """
    refuse_shortened(written.strip())
    account = account_number(written)
    if account is None:
        raise Unclear("the account number is missing")
    if '"' in account:
        return _with_lost_quotation_mark(account)
    return account


def _with_lost_quotation_mark(account: str) -> str:
    """Read ``NL..."``, whose first quotation mark was lost, if the check digits say that nothing else was."""
    bare = account.removesuffix('"')
    if not iban_number.is_valid(bare):
        raise Unclear("quotation marks do not fit together")
    return bare
