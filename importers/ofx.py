"""OFX 1 (SGML), OFX 2 (XML) and QFX: bank and credit card statements.

Both kinds are read by one scan over the tags, since files that call themselves XML
leave tags open and files that call themselves SGML close them. What a tag means
depends on the aggregate that it stands in; closing tags of single values and unknown
tags mean nothing. Comments are left out first, so that what a bank commented out is
not read.

What was read is held against the file itself: as many lines as there are transaction
tags, and the same sum as their amounts make when read off without any of the rest.

Source: OFX 1.0.2, 1.6 and 2.1.1, chapters 2, 3 and 11.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from importers.encoding import decoded
from importers.errors import ForbiddenContent
from importers.errors import MalformedFile
from importers.errors import Unclear
from importers.errors import UnknownFormat
from importers.ofx_statement import amount_in
from importers.ofx_statement import line_of
from importers.ofx_statement import statement_of
from importers.statement import Problem

if TYPE_CHECKING:
    from importers.statement import Line
    from importers.statement import Statement

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9._]{0,40})[ \t\r\n]*/?>([^<]*)(?:</\2>)?", re.ASCII)
_STATEMENTS = frozenset({"STMTRS", "CCSTMTRS"})
_TRANSACTIONS = frozenset({"STMTTRN", "STMTTRNP"})
_ACCOUNTS = frozenset({"BANKACCTFROM", "CCACCTFROM"})
_BALANCES = frozenset({"LEDGERBAL", "AVAILBAL", "BAL"})
_PARTS = frozenset({"PAYEE", "BANKACCTTO", "CCACCTTO", "CURRENCY", "ORIGCURRENCY"})
_AGGREGATES = _STATEMENTS | _TRANSACTIONS | _ACCOUNTS | _BALANCES | _PARTS | {"STATUS", "FI", "BANKTRANLIST"}
_MONEY_ELSEWHERE = re.compile(r"<INV(?:STMTRS|STMTTRNRS)>", re.ASCII | re.IGNORECASE)
_WRITTEN = re.compile(r"<(?:(STMTTRN)P?|TRNAMT)>([^<]*)", re.ASCII | re.IGNORECASE)
_VERSION = re.compile(r"\bVERSION\s*[:=]\s*[\"']?([0-9]{3})\b", re.ASCII | re.IGNORECASE)
_HEADER = 2048
_MAX_DEPTH = 20


def read_ofx(data: bytes) -> tuple[Statement, ...]:
    """Read an OFX or QFX file.

    Args:
        data: The file's bytes.

    Returns:
        Its statements in the order of the file, with their problems.

    Raises:
        UnreadableFile: The file cannot be read in full, or has no statement of a bank account or credit card.
    """
    text = _plain(decoded(data))
    if _MONEY_ELSEWHERE.search(text):
        raise UnknownFormat("an OFX file of an investment account", "Choose the file of the bank account itself.")
    reading = _Reading(text)
    for found in _TAG.finditer(text):
        try:
            reading.take(found)
        except Unclear as unclear:
            raise MalformedFile(reading.place(found), unclear.why) from unclear
    if reading.is_open:
        raise MalformedFile("the file", "it ends in the middle of a statement")
    if not reading.statements:
        raise UnknownFormat("an OFX file without a statement in it", reading.advice)
    _check(text, reading.statements)
    return tuple(reading.statements)


def _plain(text: str) -> str:
    """Leave out comments and write CDATA as ordinary text.

    Raises:
        ForbiddenContent: A DOCTYPE or an entity is declared.
        MalformedFile: A comment or CDATA does not end.
    """
    if "<!" not in text:
        return text
    kept = []
    for place, piece in enumerate(text.split("<!")):
        if place == 0:
            kept.append(piece)
        elif piece.startswith("--"):
            kept.append(_after(piece[2:], "-->"))
        elif piece.startswith("[CDATA["):
            inside, _, after = piece[7:].partition("]]>")
            _after(piece, "]]>")
            kept.append(html.escape(inside, quote=False) + after)
        else:
            raise ForbiddenContent("a DOCTYPE or an entity")
    return "".join(kept)


def _after(piece: str, end: str) -> str:
    _, found, after = piece.partition(end)
    if not found:
        raise MalformedFile("the file", "a comment or a CDATA section does not end")
    return after


class _Reading:
    """What has been read of the file so far: the open aggregates and what each of them says."""

    def __init__(self, text: str) -> None:
        self.statements: list[Statement] = []
        self.advice = "Choose the statement of one account, with its transactions."
        self._text = text
        version = _VERSION.search(text[:_HEADER])
        self._format = f"ofx.{version[1]}" if version else "ofx"
        self._stack: list[str] = []
        self._bank: str | None = None
        self._entries = 0
        self._begin()

    def _begin(self) -> None:
        self._says: dict[str, str] = {}
        self._said: dict[str, str] = {}
        self._lines: list[Line] = []
        self._pending: list[Line] = []
        self._corrections = 0

    @property
    def is_open(self) -> bool:
        """Whether a statement has begun and not ended."""
        return any(name in _STATEMENTS for name in self._stack)

    def place(self, found: re.Match[str]) -> str:
        """Return where in the file a tag stands."""
        return f"line {self._text.count(chr(10), 0, found.start()) + 1} (transaction {self._entries})"

    def take(self, found: re.Match[str]) -> None:
        """Take the next tag.

        Raises:
            Unclear: It stands where it cannot, or a transaction that it ends cannot be read.
        """
        closing, name, value = found.groups()
        if name not in _AGGREGATES:
            name = name.upper()
        if closing:
            if name in _AGGREGATES:
                self._end(name)
        elif name in _AGGREGATES:
            self._open(name)
        elif value:
            self._leaf(name, value)

    def _open(self, name: str) -> None:
        if name in _STATEMENTS:
            if self.is_open:
                raise Unclear("a statement begins inside another one")
            self._begin()
        elif name in _TRANSACTIONS:
            if not self.is_open:
                raise Unclear("a transaction stands outside any statement")
            if any(above in _TRANSACTIONS for above in self._stack):
                raise Unclear("a transaction does not end before the next one begins")
            self._entries += 1
            self._said = {}
        self._stack.append(name)
        if len(self._stack) > _MAX_DEPTH:
            raise Unclear("too many tags (such as STATUS) do not end")

    def _leaf(self, name: str, written: str) -> None:
        value = written.strip()
        if not value:
            return
        if "&" in value:
            value = html.unescape(value)
        stack = self._stack
        if not stack:
            return
        top = stack[-1]
        if top in _TRANSACTIONS:
            if name == "TRNAMT" and name in self._said:
                raise Unclear("a transaction has two amounts (TRNAMT)")
            self._said.setdefault(name, value)
        elif top in _PARTS:
            self._said.setdefault(f"{top}/{name}", value)
        elif top == "FI":
            self._bank = value if name == "ORG" else self._bank
        elif top == "STATUS":
            if name == "SEVERITY" and value.upper() == "ERROR":
                self.advice = "The bank answered with an error. Download the statement again."
        else:
            self._says.setdefault(name if top in _STATEMENTS else f"{top}/{name}", value)

    def _end(self, name: str) -> None:
        if name not in self._stack:
            return
        while self._stack.pop() != name:
            pass
        if name in _TRANSACTIONS:
            self._end_transaction(name)
        elif name in _STATEMENTS:
            self._end_statement()

    def _end_transaction(self, name: str) -> None:
        line = line_of(self._entries, self._said, self._says.get("CURDEF"))
        self._corrections += "CORRECTFITID" in self._said
        (self._lines if name == "STMTTRN" else self._pending).append(line)

    def _end_statement(self) -> None:
        problems: tuple[Problem, ...] = ()
        if self._corrections:
            text = f"The bank says that {self._corrections} lines replace or delete earlier ones. Compare them by hand."
            problems = (Problem("other", text),)
        self.statements.append(
            statement_of(self._format, self._bank, self._says, (self._lines, self._pending), problems)
        )


def _check(text: str, statements: list[Statement]) -> None:
    """Hold what was read against the file's own transaction tags.

    Raises:
        MalformedFile: Their number or their sum is another.
    """
    count = total = 0
    is_awaited = False
    for begins, written in _WRITTEN.findall(text):
        if not begins and is_awaited:
            total += amount_in(written)
        count += bool(begins)
        is_awaited = bool(begins)
    lines = [line for statement in statements for line in (*statement.lines, *statement.pending)]
    if count != len(lines):
        raise MalformedFile("the file", f"it has {count} transactions, of which {len(lines)} could be read")
    if total != sum(line.amount_minor for line in lines):
        raise MalformedFile("the file", "the amounts of its transactions do not make the sum that was read")
