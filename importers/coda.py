"""CODA, the coded statement of account of Belgian banks, version 2.

A file is made of records of 128 characters: a header (0), the old balance (1), movements (2.1 to 2.3), information
beside them (3), the new balance (8), free text (4) and a trailer (9). A movement whose detail number is 0000 moved
the balance; those after it with the same number are its parts. Old balance and movements make the new balance,
and the trailer says how many records there are and what came in and went out: a file in which these differ
is read, and says so; one whose records do not follow each other is refused.

Source: Febelfin, Standard CODA (coded statement of account), version 2.3 and later, records 0 to 9.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

from importers.encoding import encoding_of
from importers.encoding import refuse_long_lines
from importers.encoding import trimmed
from importers.errors import MalformedFile
from importers.errors import Unclear
from importers.figures import account_number
from importers.figures import iban_of
from importers.figures import other_than
from importers.figures import reference
from importers.figures import tidy
from importers.lines import LINES
from importers.progress import Places
from importers.progress import nothing
from importers.reconcile import balance_problem
from importers.reconcile import decimal_text
from importers.spool import Keeping
from importers.spool import Spool
from importers.statement import Balance
from importers.statement import Line
from importers.statement import Part
from importers.statement import Problem
from importers.statement import Statement
from importers.statement import make_line

if TYPE_CHECKING:
    from importers.encoding import Octets
    from importers.progress import Progress

RECORD = 128
_HEADER = re.compile(rb"0000[0 ][0-9]{9}05[ D] {7}")
_RECORDS = re.compile(rb"[^\r\n]+")
_DAY = re.compile(r"[0-9]{6}", re.ASCII)
_AMOUNT = re.compile(r"[0-9]{15}", re.ASCII)
_BELGIAN = re.compile(r"[0-9]{12}", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_SIGNS = {"0": 1, "1": -1}
_BODY = frozenset("1238")
_STRUCTURED, _REFERENCES, _DIRECT_DEBIT = "1", ("101", "102"), "127"


def is_coda(beginning: bytes) -> bool:
    """Tell whether a file begins with a header of CODA."""
    return _HEADER.match(beginning) is not None


def read_coda(data: Octets, progress: Progress = nothing) -> tuple[Statement, ...]:
    """Read a CODA file.

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
    encoding, places = encoding_of(data), Places(progress, len(data))
    reading = _Reading()
    for number, found in enumerate(_RECORDS.finditer(data), start=1):
        if found.start() >= places.due:
            places.tell(found.start())
        record = found[0].decode(encoding, "replace")
        try:
            reading.take(record)
        except Unclear as unclear:
            raise MalformedFile(unclear.part or f"record {number} (type {record[:1]})", unclear.why) from unclear
    if reading.open is not None:
        raise MalformedFile("the file", "it ends before the trailer (record 9)")
    return tuple(reading.statements)


@dataclass(slots=True)
class _Movement:
    """Records 2.1 to 2.3 of one movement or of a part of one."""

    number: str
    detail: str
    first: str
    second: str = " " * RECORD
    third: str = " " * RECORD


@dataclass(slots=True)
class _Open:
    """A statement that is being read."""

    lines: Keeping[Line]
    version: str
    account: str | None = None
    currency: str = ""
    number: str | None = None
    opening: Balance | None = None
    closing: Balance | None = None
    movement: _Movement | None = None
    parts: list[_Movement] = field(default_factory=list)
    count: int = 0
    records: int = 0
    texts: int = 0
    in_minor: int = 0
    out_minor: int = 0
    problems: list[Problem] = field(default_factory=list)


class _Reading:
    """What has been read of the file so far."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []
        self.open: _Open | None = None
        self._spool = Spool()
        self._position = 0

    def take(self, record: str) -> None:
        """Take the next record.

        Raises:
            Unclear: It cannot be read, or stands where it means nothing.
        """
        record = record.ljust(RECORD)
        if len(record) > RECORD and record[RECORD:].strip():
            raise Unclear(f"it is longer than {RECORD} characters")
        kind = record[0]
        if kind == "0":
            if self.open is not None:
                raise Unclear("a new statement begins before the trailer (record 9) of the one before")
            self.open = _Open(Keeping(self._spool, LINES), record[127])
            return
        opened = self.open
        if opened is None:
            raise Unclear("it stands before the header (record 0)")
        opened.records += kind in _BODY
        opened.texts += kind == "4"
        if kind == "1":
            _old_balance(opened, record)
        elif kind == "2":
            self._movement(opened, record)
        elif kind == "8":
            self._settle(opened)
            opened.closing = Balance(_day_in(record[57:63]), _signed(record[41], record[42:57]))
        elif kind == "9":
            self._close(opened, record)
        elif kind not in "34":
            raise Unclear("there is no record of that type")

    def _movement(self, opened: _Open, record: str) -> None:
        if opened.opening is None or opened.closing is not None:
            raise Unclear("a movement stands outside the old and the new balance (records 1 and 8)")
        number, detail, article = record[2:6], record[6:10], record[1]
        if article == "1":
            movement = _Movement(number, detail, record)
            if detail.strip("0 "):
                if opened.movement is None or opened.movement.number != number:
                    raise Unclear("it is a part of a movement that is not there")
                opened.parts.append(movement)
                return
            self._settle(opened)
            opened.movement = movement
            return
        last = opened.parts[-1] if opened.parts else opened.movement
        if last is None or (last.number, last.detail) != (number, detail) or article not in "23":
            raise Unclear("it continues a movement that is not there")
        if article == "2":
            last.second = record
        else:
            last.third = record

    def _settle(self, opened: _Open) -> None:
        """Make a line of the movement whose records have all been read."""
        movement, parts = opened.movement, opened.parts
        opened.movement, opened.parts = None, []
        if movement is None:
            return
        self._position += 1
        try:
            line = _line_of(self._position, movement, opened)
            made = tuple(_part_of(part, opened) for part in parts)
        except Unclear as unclear:
            raise Unclear(unclear.why, f"movement {movement.number}") from unclear
        if made:
            if sum(part.amount_minor for part in made) == line.amount_minor:
                line = _line_of(self._position, movement, opened, made)
            else:
                text = f"Movement {movement.number} has {len(made)} parts that do not add up to its amount."
                opened.problems.append(Problem("batch", text))
        opened.count += 1
        if line.amount_minor > 0:
            opened.in_minor += line.amount_minor
        else:
            opened.out_minor -= line.amount_minor
        opened.lines.append(line)

    def _close(self, opened: _Open, record: str) -> None:
        """Hold what was read against the trailer, and finish the statement."""
        self._settle(opened)
        if opened.opening is None or opened.closing is None:
            raise Unclear("the old or the new balance (records 1 and 8) is missing")
        total_minor = opened.in_minor - opened.out_minor
        self.statements.append(
            Statement(
                format="coda",
                bank=None,
                account=opened.account,
                currency=opened.currency,
                number=opened.number,
                opening=opened.opening,
                closing=opened.closing,
                lines=self._spool.settle(opened.lines.done(), LINES),
                problems=(
                    *opened.problems,
                    *balance_problem(opened.opening, total_minor, opened.closing),
                    *_trailer_problems(opened, record),
                ),
            )
        )
        self.open = None


def _old_balance(opened: _Open, record: str) -> None:
    """Read record 1: account and currency, in one of four structures, number and old balance."""
    if opened.opening is not None:
        raise Unclear("the old balance (record 1) stands twice")
    structure = record[1]
    if opened.version == "1" or structure == "0":
        written, opened.currency = record[5:17], record[18:21]
    elif structure in {"1", "2", "3"}:
        written, opened.currency = record[5:39], record[39:42]
    else:
        raise Unclear("the account is written in no known structure")
    opened.account = _account(written)
    if not _CURRENCY.fullmatch(opened.currency):
        raise Unclear("the currency is not a code of three letters")
    opened.number = record[2:5].strip(" 0") or None
    opened.opening = Balance(_day_in(record[58:64]), _signed(record[42], record[43:58]))


def _trailer_problems(opened: _Open, record: str) -> list[Problem]:
    """Hold what was read against the trailer."""
    problems = []
    count, out_minor, in_minor = record[16:22].strip(), _minor(record[22:37]), _minor(record[37:52])
    if not count.isdigit() or int(count) not in {opened.records, opened.records + opened.texts}:
        problems.append(f"The trailer counts {count or 'no'} records where there are {opened.records}.")
    if (out_minor, in_minor) != (opened.out_minor, opened.in_minor):
        problems.append(
            f"The trailer says that {decimal_text(out_minor)} went out and {decimal_text(in_minor)} came in, but the "
            f"movements make {decimal_text(opened.out_minor)} and {decimal_text(opened.in_minor)}."
        )
    return [Problem("summary", text) for text in problems]


def _line_of(position: int, movement: _Movement, opened: _Open, parts: tuple[Part, ...] = ()) -> Line:
    """Make a line.

    Source: records 2.1, 2.2 and 2.3; structured communications 101, 102 and 127.
    """
    first, second = movement.first, movement.second
    text, mandate, creditor = _communication(movement)
    valued = first[47:53]
    return make_line(
        position=position,
        booked_on=_day_in(first[115:121]),
        valued_on=_day_in(valued) if valued.strip("0 ") else None,
        amount_minor=_signed(first[31], first[32:47]),
        currency=opened.currency,
        name=tidy(movement.third[47:82]),
        iban=other_than(opened.account, _counterparty(movement.third)),
        text=text,
        bank_reference=reference(first[10:31]),
        end_to_end_id=reference(second[63:98]),
        mandate=mandate,
        creditor_id=creditor,
        type_code="-".join((first[53], first[54:56], first[56:58], first[58:61])),
        parts=parts,
        returned=second[112] in "123456789",
    )


def _part_of(movement: _Movement, opened: _Open) -> Part:
    first = movement.first
    iban = other_than(opened.account, _counterparty(movement.third))
    text, _, _ = _communication(movement)
    end_to_end = reference(movement.second[63:98])
    return Part(_signed(first[31], first[32:47]), tidy(movement.third[47:82]), iban, text, end_to_end)


def _communication(movement: _Movement) -> tuple[str | None, str | None, str | None]:
    """Return the words, the mandate and the creditor's id; the communication runs on through the three records."""
    whole = movement.first[62:115] + movement.second[10:63] + movement.third[82:125]
    if movement.first[61] != _STRUCTURED:
        return tidy(whole), None, None
    kind, said = whole[:3], whole[3:]
    if kind in _REFERENCES:
        return f"+++{said[:3]}/{said[3:7]}/{said[7:12]}+++", None, None
    if kind == _DIRECT_DEBIT:
        return tidy(said[79:141]), reference(said[44:79]), account_number(said[9:44])
    return tidy(said), None, None


def _counterparty(third: str) -> str | None:
    return _account(third[10:22] if third[22] == " " else third[10:44])


def _account(written: str) -> str | None:
    """Return an account's number; a Belgian one from before there were IBANs as its IBAN."""
    number = account_number(written)
    return iban_of("BE", number) if number and _BELGIAN.fullmatch(number) else number


def _day_in(written: str) -> dt.date:
    """Read a day, DDMMYY."""
    if not _DAY.fullmatch(written):
        raise Unclear("a date is not written in six figures")
    try:
        return dt.date(2000 + int(written[4:]), int(written[2:4]), int(written[:2]))
    except ValueError as error:
        raise Unclear("there is no such date as it has") from error


def _minor(written: str) -> int:
    """Read an amount of twelve figures and three decimals, as hundredths."""
    if not _AMOUNT.fullmatch(written):
        raise Unclear("the amount is not written in fifteen figures")
    if written[-1] != "0":
        raise Unclear("the amount is finer than a hundredth")
    return int(written[:-1])


def _signed(sign: str, written: str) -> int:
    if sign not in _SIGNS:
        raise Unclear("it does not say credit (0) or debit (1)")
    return _SIGNS[sign] * _minor(written)
