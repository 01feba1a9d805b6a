"""MT940 and MT942 of every Dutch bank, and what else keeps to SWIFT's fields.

A statement runs from its reference (20) over account (25), number (28C), opening
balance (60) and lines (61, each with its 86) to the closing balance (62). A file may
hold many, of several accounts. Each is a Statement of its own, pages included. Banks
leave some of these out; what a statement does not say is not made up, but a line needs
a currency, and a statement a balance or a line.

What was read is held against the file itself: as many lines as there are fields 61,
and the same sum as their amounts make when read off without any of the rest. A file
in which they differ is refused. The bank's own totals and balances judge afterwards.

Source: SWIFT MT940 and MT942, and the banks' format descriptions.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from importers.encoding import LETTERS_UNKNOWN
from importers.encoding import UNKNOWN
from importers.encoding import encoding_of
from importers.encoding import refuse_long_lines
from importers.encoding import trimmed
from importers.errors import MalformedFile
from importers.errors import Unclear
from importers.figures import minor_from_either
from importers.lines import LINES
from importers.mt940_account import bank_in
from importers.mt940_account import bank_name
from importers.mt940_details import first_width_of
from importers.mt940_details import is_numbered
from importers.mt940_fields import FIELDS
from importers.mt940_fields import Open
from importers.mt940_line import SIGNS
from importers.mt940_line import Around
from importers.mt940_line import line_of
from importers.mt940_tags import line_number
from importers.mt940_tags import tags
from importers.mt940_totals import Page
from importers.mt940_totals import frame_problems
from importers.mt940_totals import page_problems
from importers.mt940_totals import total_problems
from importers.progress import Places
from importers.progress import nothing
from importers.reconcile import balance_problem
from importers.spool import Keeping
from importers.spool import Spool
from importers.statement import Problem
from importers.statement import Statement

if TYPE_CHECKING:
    from importers.encoding import Octets
    from importers.mt940_tags import Tag
    from importers.progress import Progress

_FIELD_61 = re.compile(
    rb":(?:\r?\n)?6(?:\r?\n)?1(?:\r?\n)?:[ \t]*[0-9]{6}[0-9 ]{0,4}(E[CD]|R?[CD])[A-Z]? ?([0-9][0-9.,]*)",
    re.ASCII | re.IGNORECASE,
)
_SIGNS = {mark.encode(): sign for mark, sign in SIGNS.items()}
_FOLDED_86 = re.compile(rb"[\r\n]:86:([^\r\n]+)\r?\n(?![:\r\n-])")
_LINE_BREAKS = b"\r\n"
_CURRENCY_AHEAD = re.compile(rb"[\r\n]:(?:62[FM]:[CDcd][0-9]{6}([A-Za-z]{3})|20:)")
_HEAD = frozenset({"25", "25P", "28", "28C", "60F", "60M"})


def read_mt940(data: Octets, progress: Progress = nothing) -> tuple[Statement, ...]:
    """Read an MT940 or MT942 file.

    Args:
        data: The file's bytes, in memory or on the disk.
        progress: Is told how far it has come; may raise Cancelled.

    Returns:
        Its statements in the order of the file, with their problems.

    Raises:
        Cancelled: It was stopped.
        UnreadableFile: The file cannot be read in full.
    """
    refuse_long_lines(data)
    data = trimmed(data)
    encoding = encoding_of(data)
    first_width = first_width_of(found[1].decode(encoding, "replace") for found in _FOLDED_86.finditer(data))
    reading = _Reading(data, first_width)
    places = Places(progress, len(data))
    for tag in tags(data, encoding):
        if tag.start >= places.due:
            places.tell(tag.start)
        try:
            reading.take(tag)
        except Unclear as unclear:
            raise MalformedFile(f"line {line_number(data, tag.start)}", unclear.why) from unclear
    reading.finish()
    if not reading.statements:
        raise MalformedFile("the file", "there is no statement in it, only parts of one")
    _check(data, reading)
    known = (LETTERS_UNKNOWN,) if encoding == UNKNOWN else ()
    return tuple(
        replace(statement, problems=(*statement.problems, *problems, *known))
        for statement, problems in zip(
            reading.statements, page_problems(reading.statements, reading.pages), strict=True
        )
    )


class _Reading:
    """What has been read of the file so far.

    Attributes:
        entries: How many lines were read, booked or not.
        total_minor: What their amounts make together.
    """

    def __init__(self, data: Octets, first_width: int) -> None:
        self.statements: list[Statement] = []
        self.pages: list[Page] = []
        self.entries = 0
        self.total_minor = 0
        self._data, self._first_width = data, first_width
        self._spool = Spool()
        self._bank: str | None = None
        self._open: Open | None = None
        self._around: Around | None = None

    def take(self, tag: Tag) -> None:
        """Take the next field.

        Raises:
            Unclear: It cannot be read, or stands where it means nothing.
        """
        name = tag.name
        if name == "61":
            self._begin_line(tag)
        elif name == "86" or (name == "25" and is_numbered(tag.lines[0])):
            self._details(tag)
        elif name in {"", "20", "940"}:
            self._between(tag)
        elif name in FIELDS:
            self._end_line()
            FIELDS[name](self._statement(tag), tag)

    def finish(self) -> None:
        """Close the last statement.

        Raises:
            MalformedFile: Its last line cannot be read.
        """
        try:
            self._close()
        except Unclear as unclear:
            raise MalformedFile(f"statement {len(self.statements) + 1}", unclear.why) from unclear

    def _statement(self, tag: Tag) -> Open:
        """Return the statement that a field belongs to; the head of one begins it, where no reference did."""
        begins = self._open is None or (not self._open.is_named and self._open.opening is not None)
        if begins and tag.name in _HEAD:
            self._close()
            self._open = self._begin(is_named=False)
        if self._open is None:
            raise Unclear("a field of a statement stands outside any statement (:20:)")
        return self._open

    def _begin(self, *, is_named: bool) -> Open:
        self._around = None
        return Open(self._bank, Keeping(self._spool, LINES), is_named)

    def _between(self, tag: Tag) -> None:
        self._close()
        if tag.name == "20":
            self._open = self._begin(is_named=True)
        elif tag.name == "940":
            self._bank = "RABO"
        else:
            self._bank = bank_in("\n".join(tag.lines)) or self._bank

    def _begin_line(self, tag: Tag) -> None:
        statement = self._statement(tag)
        self._end_line()
        if statement.closing is not None:
            raise Unclear("a line (:61:) stands after the closing balance")
        statement.first, statement.details = tag, []

    def _details(self, tag: Tag) -> None:
        statement = self._statement(tag)
        if statement.first is None:
            statement.after.append((tag.name, "".join(tag.lines).strip()))
            return
        is_said_twice = statement.details[-len(tag.lines) :] == tag.lines and is_numbered(tag.lines[0])
        if not is_said_twice:
            statement.details += tag.lines
        if tag.name != "86":
            text = f"The details of line {self.entries + 1} stand in field {tag.name} instead of 86."
            statement.problems.append(Problem("other", text))

    def _end_line(self) -> None:
        statement = self._open
        if statement is None or statement.first is None:
            return
        tag, statement.first = statement.first, None
        self.entries += 1
        try:
            if self._around is None:
                currency = statement.currency or self._currency_ahead(statement, tag)
                self._around = Around(statement.account, currency, self._first_width)
            line, is_booked = line_of(self.entries, tag.lines, statement.details, self._around)
        except Unclear as unclear:
            raise MalformedFile(f"line {line_number(self._data, tag.start)}", unclear.why) from unclear
        self.total_minor += line.amount_minor
        statement.add(line, is_booked=is_booked)

    def _currency_ahead(self, statement: Open, tag: Tag) -> str:
        """Return the currency that the closing balance says, where there is no opening one."""
        found = _CURRENCY_AHEAD.search(self._data, tag.start)
        if found is None or found[1] is None:
            raise Unclear("a line (:61:) stands before anything that says the currency")
        statement.currency = found[1].decode().upper()
        return statement.currency

    def _close(self) -> None:
        self._end_line()
        opened, self._open = self._open, None
        if opened is None:
            return
        if opened.is_empty and opened.opening is None and opened.closing is None and not opened.is_interim_report:
            raise Unclear("a statement has neither a balance (:60F:, :62F:) nor a line (:61:)")
        self.statements.append(self._finished(opened))
        self.pages.append(Page(opened.number, opened.page, opened.continues, opened.goes_on))

    def _finished(self, opened: Open) -> Statement:
        lines = self._spool.settle(opened.lines.done(), LINES)
        return Statement(
            format="mt942" if opened.is_interim_report else "mt940",
            bank=bank_name(opened.account, opened.bank),
            account=opened.account,
            currency=opened.currency,
            number=_sequence(opened),
            opening=opened.opening,
            closing=opened.closing,
            lines=lines,
            problems=(
                *opened.problems,
                *balance_problem(opened.opening, opened.total_minor, opened.closing),
                *frame_problems(opened.opening, opened.closing, is_interim=opened.is_interim_report),
                *total_problems(opened.after, lines),
            ),
            pending=tuple(opened.pending),
        )


def _sequence(opened: Open) -> str | None:
    """Return the statement's number; with its page where the number is only the day of the year, which skips days."""
    day = opened.closing or opened.opening
    if opened.number is None or day is None:
        return opened.number
    if opened.number[:3].lstrip("0") == str(day.date.timetuple().tm_yday) or len(opened.number) > 4:  # noqa: PLR2004
        return f"{opened.number}/{opened.page}"
    return opened.number


def _check(data: Octets, reading: _Reading) -> None:
    """Hold what was read against the file's own fields 61.

    Raises:
        MalformedFile: Their number or their sum is another.
    """
    count = total = 0
    for found in _FIELD_61.finditer(data):
        if data[max(0, found.start() - 1) : found.start()] in _LINE_BREAKS or _is_indented(data, found.start()):
            count += 1
            total += _SIGNS[found[1].upper()] * minor_from_either(found[2].decode())
    if count != reading.entries:
        raise MalformedFile("the file", f"it has {count} lines (:61:), of which {reading.entries} could be read")
    if total != reading.total_minor:
        raise MalformedFile("the file", "the amounts of its lines (:61:) do not make the sum that was read")


def _is_indented(data: Octets, place: int) -> bool:
    """Tell whether nothing but blanks and marks stand before a field on its line."""
    start = max(data.rfind(b"\n", 0, place), data.rfind(b"\r", 0, place)) + 1
    return not data[start:place].strip(b" \t\x03\x1a\xef\xbb\xbf")
