"""MT940 and MT942 of every Dutch bank, and what else keeps to SWIFT's fields.

A statement runs from its reference (20) over account (25), number (28C), opening
balance (60) and lines (61, each with its 86) to the closing balance (62). A file may
hold many, of several accounts. Each is a Statement of its own, pages included.

What was read is held against the file itself: as many lines as there are fields 61,
and the same sum as their amounts make when read off without any of the rest. A file
in which they differ is refused. The bank's own totals and balances judge afterwards.

Source: SWIFT MT940 and MT942, and the banks' format descriptions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from typing import TYPE_CHECKING

from importers.encoding import decoded
from importers.encoding import refuse_long_lines
from importers.errors import MalformedFile
from importers.errors import Unclear
from importers.figures import minor_from_either
from importers.mt940_account import account_in
from importers.mt940_account import bank_in
from importers.mt940_account import bank_name
from importers.mt940_line import SIGNS
from importers.mt940_line import line_of
from importers.mt940_line import swift_day
from importers.mt940_tags import tags
from importers.mt940_totals import Page
from importers.mt940_totals import page_problems
from importers.mt940_totals import total_problems
from importers.reconcile import problems_of
from importers.statement import Balance
from importers.statement import Line
from importers.statement import Statement

if TYPE_CHECKING:
    from importers.mt940_tags import Tag

_BALANCE = re.compile(r"([CD])([0-9]{6})([A-Z]{3})([0-9][0-9.,]{0,20})\s*", re.ASCII | re.IGNORECASE)
_NUMBER = re.compile(r"\s*([0-9]{1,10})(?:/([0-9]{1,5}))?\s*", re.ASCII)
_FIELD_61 = re.compile(
    r"^:61:[0-9]{6}[0-9 ]{0,4}(E[CD]|R?[CD])[A-Z]? ?([0-9][0-9.,]*)", re.ASCII | re.IGNORECASE | re.MULTILINE
)
_INTERIM = "M"


@dataclass(slots=True)
class _Open:
    """A statement that is being read.

    Attributes:
        first: Field 61 of the line whose details may still follow; with `details` it becomes a line.
        after: Names and values of the fields after the closing balance that state totals.
    """

    bank: str | None
    account: str | None = None
    number: str | None = None
    page: int = 0
    currency: str | None = None
    opening: Balance | None = None
    closing: Balance | None = None
    continues: bool = False
    goes_on: bool = False
    is_interim_report: bool = False
    first: Tag | None = None
    details: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    pending: list[Line] = field(default_factory=list)
    after: list[tuple[str, str]] = field(default_factory=list)


def read_mt940(data: bytes) -> tuple[Statement, ...]:
    """Read an MT940 or MT942 file.

    Args:
        data: The file's bytes.

    Returns:
        Its statements in the order of the file, with their problems.

    Raises:
        UnreadableFile: The file cannot be read in full.
    """
    refuse_long_lines(data)
    text = decoded(data)
    reading = _Reading()
    for tag in tags(text):
        try:
            reading.take(tag)
        except Unclear as unclear:
            raise MalformedFile(f"line {tag.number}", unclear.why) from unclear
    reading.finish()
    statements, pages = reading.statements, reading.pages
    if not statements:
        raise MalformedFile("the file", "there is no statement in it, only parts of one")
    _check(text, statements)
    return tuple(
        replace(statement, problems=statement.problems + problems)
        for statement, problems in zip(statements, page_problems(statements, pages), strict=True)
    )


class _Reading:
    """What has been read of the file so far."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []
        self.pages: list[Page] = []
        self._bank: str | None = None
        self._open: _Open | None = None
        self._entries = 0

    def take(self, tag: Tag) -> None:
        """Take the next field.

        Raises:
            Unclear: It cannot be read, or stands where it means nothing.
        """
        name = tag.name
        if name == "61":
            self._begin_line(tag)
        elif name == "86":
            self._details(tag)
        elif name in {"", "20", "940"}:
            self._between(tag)
        elif name in _FIELDS:
            self._end_line()
            _FIELDS[name](self._statement(), tag)

    def finish(self) -> None:
        """Close the last statement.

        Raises:
            MalformedFile: Its last line cannot be read.
        """
        try:
            self._close()
        except Unclear as unclear:
            raise MalformedFile(f"statement {len(self.statements) + 1}", unclear.why) from unclear

    def _statement(self) -> _Open:
        if self._open is None:
            raise Unclear("a field of a statement stands outside any statement (:20:)")
        return self._open

    def _between(self, tag: Tag) -> None:
        self._close()
        if tag.name == "20":
            self._open = _Open(self._bank)
        elif tag.name == "940":
            self._bank = "RABO"
        else:
            self._bank = bank_in("\n".join(tag.lines)) or self._bank

    def _begin_line(self, tag: Tag) -> None:
        statement = self._statement()
        self._end_line()
        if statement.closing is not None:
            raise Unclear("a line (:61:) stands after the closing balance")
        statement.first, statement.details = tag, []

    def _details(self, tag: Tag) -> None:
        statement = self._statement()
        if statement.first is not None:
            statement.details += tag.lines
        else:
            statement.after.append((tag.name, "".join(tag.lines).strip()))

    def _end_line(self) -> None:
        statement = self._open
        if statement is None or statement.first is None:
            return
        tag, statement.first = statement.first, None
        self._entries += 1
        if statement.currency is None:
            raise Unclear("a line (:61:) stands before anything that says the currency")
        try:
            line, is_booked = line_of(self._entries, tag.lines, statement.details, statement.currency)
        except Unclear as unclear:
            raise MalformedFile(f"line {tag.number}", unclear.why) from unclear
        (statement.lines if is_booked else statement.pending).append(line)

    def _close(self) -> None:
        self._end_line()
        opened, self._open = self._open, None
        if opened is None:
            return
        if opened.account is None:
            raise Unclear("a statement does not say which account it is about (:25:)")
        if opened.opening is None and not opened.is_interim_report:
            raise Unclear("a statement has no opening balance (:60F:)")
        self.statements.append(_finished(opened))
        self.pages.append(Page(opened.number, opened.page, opened.continues, opened.goes_on))


def _take_account(statement: _Open, tag: Tag) -> None:
    if statement.account is not None:
        raise Unclear("a statement names its account (:25:) twice")
    statement.account = account_in("".join(tag.lines[:1]), statement.bank)


def _take_number(statement: _Open, tag: Tag) -> None:
    found = _NUMBER.fullmatch(tag.lines[0])
    if found:
        statement.number = found[1].lstrip("0") or None
        statement.page = int(found[2] or 0)


def _take_opening(statement: _Open, tag: Tag) -> None:
    if statement.opening is not None:
        raise Unclear("a statement has two opening balances (:60:)")
    statement.opening, statement.currency = _balance(tag)
    statement.continues = tag.name.endswith(_INTERIM)


def _take_closing(statement: _Open, tag: Tag) -> None:
    if statement.closing is not None:
        raise Unclear("a statement has two closing balances (:62:)")
    statement.closing, currency = _balance(tag)
    statement.goes_on = tag.name.endswith(_INTERIM)
    if currency != statement.currency:
        raise Unclear("opening and closing balance are in different currencies")


def _take_floor(statement: _Open, tag: Tag) -> None:
    """Field 34F opens an MT942, which states no balances, and says the currency."""
    statement.is_interim_report = True
    currency = tag.lines[0][:3].upper()
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):  # noqa: PLR2004 - ISO 4217
        raise Unclear("the currency is not a code of three letters")
    statement.currency = currency


def _take_total(statement: _Open, tag: Tag) -> None:
    statement.after.append((tag.name, tag.lines[0].strip()))


def _take_nothing(_: _Open, __: Tag) -> None:
    """Available and forward balances say nothing about what was booked."""


_FIELDS = {
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


def _balance(tag: Tag) -> tuple[Balance, str]:
    found = _BALANCE.fullmatch(tag.lines[0])
    if found is None:
        raise Unclear(f"the balance (:{tag.name}:) has no sign, date, currency and amount in the usual places")
    sign = -1 if found[1].upper() == "D" else 1
    return Balance(swift_day(found[2]), sign * minor_from_either(found[4])), found[3].upper()


def _finished(opened: _Open) -> Statement:
    statement = Statement(
        format="mt942" if opened.is_interim_report else "mt940",
        bank=bank_name(opened.account, opened.bank),
        account=opened.account,
        currency=opened.currency,
        number=_sequence(opened),
        opening=opened.opening,
        closing=opened.closing,
        lines=tuple(opened.lines),
        pending=tuple(opened.pending),
    )
    return replace(statement, problems=(*problems_of(statement), *total_problems(opened.after, statement.lines)))


def _sequence(opened: _Open) -> str | None:
    """Return the statement's number; with its page where the number is only the day of the year, which skips days."""
    day = opened.closing or opened.opening
    if opened.number is None or day is None:
        return opened.number
    if opened.number[:3].lstrip("0") == str(day.date.timetuple().tm_yday) or len(opened.number) > 4:  # noqa: PLR2004
        return f"{opened.number}/{opened.page}"
    return opened.number


def _check(text: str, statements: list[Statement]) -> None:
    """Hold what was read against the file's own fields 61.

    Raises:
        MalformedFile: Their number or their sum is another.
    """
    lines = [line for statement in statements for line in (*statement.lines, *statement.pending)]
    written = _FIELD_61.findall(text.replace("\r", "\n"))
    if len(lines) != len(written):
        raise MalformedFile("the file", f"it has {len(written)} lines (:61:), of which {len(lines)} could be read")
    total = sum(SIGNS[mark.upper()] * minor_from_either(amount) for mark, amount in written)
    if total != sum(line.amount_minor for line in lines):
        raise MalformedFile("the file", "the amounts of its lines (:61:) do not make the sum that was read")
