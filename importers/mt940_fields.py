"""The fields of an MT940 statement outside its lines: account, number, balances, currency, totals.

Each function takes one field into the statement that is being read, or says why it
cannot. A balance is certain where sign, date, currency and amount stand in their
places, also where the bank folded it; the closing balance may leave its currency out,
since the opening one has it.

Source: SWIFT MT940 and MT942, fields 25, 28C, 34F, 60a, 62a, 90C, 90D.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

from importers.errors import Unclear
from importers.figures import minor_from_either
from importers.mt940_account import account_in
from importers.mt940_line import month_end
from importers.mt940_line import swift_day
from importers.statement import Balance
from importers.statement import Problem

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from importers.mt940_tags import Tag
    from importers.spool import Keeping
    from importers.statement import Line

_BALANCE = re.compile(r"([CD])([0-9]{6})([A-Z]{3})?([0-9][0-9.,]{0,20})\s*", re.ASCII | re.IGNORECASE)
_NUMBER = re.compile(r"\s*([0-9]{1,10})(?:/([0-9]{1,5}))?\s*", re.ASCII)
_TWO_DECIMALS = re.compile(r"[.,][0-9]{2}\Z", re.ASCII)
_FIGURES = frozenset("0123456789.,")
_INTERIM = "M"


@dataclass(slots=True)
class Open:
    """A statement that is being read.

    Attributes:
        lines: Its booked lines so far; `total_minor` is their sum.
        is_named: It has a reference (:20:); without one, a field that it has already begins the next statement.
        first: Field 61 of the line whose details may still follow; with `details` it becomes a line.
        after: Names and values of the fields after the closing balance that state totals.
    """

    bank: str | None
    lines: Keeping[Line]
    is_named: bool
    account: str | None = None
    number: str | None = None
    page: int = 0
    currency: str | None = None
    opening: Balance | None = None
    closing: Balance | None = None
    continues: bool = False
    goes_on: bool = False
    is_interim_report: bool = False
    is_empty: bool = True
    total_minor: int = 0
    first: Tag | None = None
    details: list[str] = field(default_factory=list)
    pending: list[Line] = field(default_factory=list)
    after: list[tuple[str, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def add(self, line: Line, *, is_booked: bool) -> None:
        """Take a line, among the booked ones or apart from them."""
        self.is_empty = False
        if is_booked:
            self.lines.append(line)
            self.total_minor += line.amount_minor
        else:
            self.pending.append(line)


def _take_account(statement: Open, tag: Tag) -> None:
    if statement.account is not None:
        raise Unclear("a statement names its account (:25:) twice")
    statement.account = account_in(tag.lines[0], statement.bank)


def _take_number(statement: Open, tag: Tag) -> None:
    """Take the number; one that runs on in the next line may have lost or gained figures there."""
    written = [line for line in tag.lines if line.strip()]
    is_certain = len(written) == 1 or (len(written) > 1 and written[1].startswith("/"))
    found = _NUMBER.fullmatch("".join(written)) or (_NUMBER.fullmatch(written[0]) if written else None)
    if found and is_certain:
        statement.number = found[1].lstrip("0") or None
        statement.page = int(found[2] or 0)


def _take_opening(statement: Open, tag: Tag) -> None:
    if statement.opening is not None:
        raise Unclear("a statement has two opening balances (:60:)")
    statement.opening, statement.currency = _balance(statement, tag)
    statement.continues = tag.name.endswith(_INTERIM)


def _take_closing(statement: Open, tag: Tag) -> None:
    if statement.closing is not None:
        raise Unclear("a statement has two closing balances (:62:)")
    statement.closing, currency = _balance(statement, tag)
    statement.goes_on = tag.name.endswith(_INTERIM)
    if statement.currency is not None and currency != statement.currency:
        raise Unclear("opening and closing balance are in different currencies")
    statement.currency = currency


def _take_floor(statement: Open, tag: Tag) -> None:
    """Field 34F opens an MT942, which states no balances, and says the currency."""
    statement.is_interim_report = True
    currency = tag.lines[0][:3].upper()
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):  # noqa: PLR2004 - ISO 4217
        raise Unclear("the currency is not a code of three letters")
    statement.currency = currency


def _take_total(statement: Open, tag: Tag) -> None:
    statement.after.append((tag.name, tag.lines[0].strip()))


def _take_nothing(_: Open, __: Tag) -> None:
    """Available and forward balances say nothing about what was booked."""


FIELDS: dict[str, Callable[[Open, Tag], None]] = {
    "25": _take_account,
    "25P": _take_account,
    "28": _take_number,
    "28C": _take_number,
    "34F": _take_floor,
    "60F": _take_opening,
    "60M": _take_opening,
    "62F": _take_closing,
    "62M": _take_closing,
    "90C": _take_total,
    "90D": _take_total,
    "64": _take_nothing,
    "65": _take_nothing,
}


def _balance(statement: Open, tag: Tag) -> tuple[Balance, str]:
    found = _BALANCE.fullmatch(_unfolded(tag.lines))
    currency = (found[3] or statement.currency or "").upper() if found else ""
    if found is None or not currency:
        raise Unclear(f"the balance (:{tag.name}:) has no sign, date, currency and amount in the usual places")
    sign = -1 if found[1].upper() == "D" else 1
    return Balance(_balance_day(statement, found[2]), sign * minor_from_either(found[4])), currency


def _unfolded(lines: list[str]) -> str:
    """Return a balance's value, put together where the bank folded it.

    Raises:
        Unclear: The next line may or may not hold more figures of the amount.
    """
    value, following = lines[0].rstrip(), (lines[1].strip() if len(lines) > 1 else "")
    if _BALANCE.fullmatch(value) is None:
        return value + following
    if following[:1] in _FIGURES and not _TWO_DECIMALS.search(value):
        raise Unclear("a balance runs on in the next line, so its amount is not certain")
    return value


def _balance_day(statement: Open, written: str) -> dt.date:
    """Read a balance's day; the 31st of a shorter month is its end, and said to be taken for it."""
    try:
        return swift_day(written)
    except Unclear:
        day = month_end(written)
        if day is None:
            raise
        text = (
            f"A balance is of {written[4:]}-{written[2:4]}, a day that does not exist; the end of the month was taken."
        )
        statement.problems.append(Problem("other", text))
        return day
