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

import re
from typing import TYPE_CHECKING

from importers.encoding import LETTERS_UNKNOWN
from importers.encoding import UNKNOWN
from importers.encoding import encoding_of
from importers.encoding import trimmed
from importers.errors import ForbiddenContent
from importers.errors import MalformedFile
from importers.errors import Unclear
from importers.errors import UnknownFormat
from importers.ofx_statement import OpenStatement
from importers.ofx_statement import account_in
from importers.ofx_statement import amount_in
from importers.ofx_statement import line_of
from importers.ofx_statement import statement_of
from importers.ofx_statement import unescaped
from importers.progress import Places
from importers.progress import nothing
from importers.spool import Spool

if TYPE_CHECKING:
    from importers.encoding import Octets
    from importers.progress import Progress
    from importers.statement import Statement

_TAG = re.compile(rb"<(/?)([A-Za-z][A-Za-z0-9._]{0,40})[ \t\r\n]*/?>([^<]*)(?:</\2>)?")
_STATEMENTS = frozenset({"STMTRS", "CCSTMTRS"})
_TRANSACTIONS = frozenset({"STMTTRN", "STMTTRNP"})
_ACCOUNTS = frozenset({"BANKACCTFROM", "CCACCTFROM"})
_BALANCES = frozenset({"LEDGERBAL", "AVAILBAL", "BAL"})
_PARTS = frozenset({"PAYEE", "BANKACCTTO", "CCACCTTO", "CURRENCY", "ORIGCURRENCY"})
_AGGREGATES = _STATEMENTS | _TRANSACTIONS | _ACCOUNTS | _BALANCES | _PARTS | {"STATUS", "FI", "BANKTRANLIST"}
_MONEY_ELSEWHERE = re.compile(rb"<INV(?:STMTRS|STMTTRNRS)>", re.IGNORECASE)
_WRITTEN = re.compile(rb"<(?:(STMTTRN)P?|TRNAMT)>([^<]*)", re.IGNORECASE)
_VERSION = re.compile(rb"VERSION\s*[:=]\s*[\"']?([0-9]{3})(?![0-9])", re.IGNORECASE)
_LINE_END = re.compile(rb"\r\n|\r|\n")
_HEADER = 2048
_MAX_DEPTH = 20
_MAX_NAMES = 1000


def read_ofx(data: Octets, progress: Progress = nothing) -> tuple[Statement, ...]:
    """Read an OFX or QFX file.

    Args:
        data: The file's bytes, in memory or on the disk.
        progress: Is told how far it has come; may raise Cancelled.

    Returns:
        Its statements in the order of the file, with their problems.

    Raises:
        Cancelled: It was stopped.
        UnreadableFile: The file cannot be read in full, or has no statement of a bank account or credit card.
    """
    data = trimmed(data)
    encoding = encoding_of(data)
    data = _plain(data)
    if _MONEY_ELSEWHERE.search(data):
        raise UnknownFormat("an OFX file of an investment account", "Choose the file of the bank account itself.")
    reading = _Reading(data, encoding)
    places = Places(progress, len(data))
    for found in _TAG.finditer(data):
        if found.start() >= places.due:
            places.tell(found.start())
        try:
            reading.take(found)
        except Unclear as unclear:
            raise MalformedFile(reading.place(found), unclear.why) from unclear
    if reading.is_open:
        raise MalformedFile("the file", "it ends in the middle of a statement")
    if not reading.statements:
        raise UnknownFormat("an OFX file without a statement in it", reading.advice)
    _check(data, reading)
    return tuple(reading.statements)


def _plain(data: Octets) -> Octets:
    """Leave out comments and write CDATA as ordinary text.

    Raises:
        ForbiddenContent: A DOCTYPE or an entity is declared.
        MalformedFile: A comment or CDATA does not end.
    """
    if data.find(b"<!") < 0:
        return data
    kept = []
    for place, piece in enumerate(data[:].split(b"<!")):
        if place == 0:
            kept.append(piece)
        elif piece.startswith(b"--"):
            kept.append(_after(piece[2:], b"-->"))
        elif piece.startswith(b"[CDATA["):
            inside, _, after = piece[7:].partition(b"]]>")
            _after(piece, b"]]>")
            kept.append(inside.replace(b"&", b"&amp;").replace(b"<", b"&lt;") + after)
        else:
            raise ForbiddenContent("a DOCTYPE or an entity")
    return b"".join(kept)


def _after(piece: bytes, end: bytes) -> bytes:
    _, found, after = piece.partition(end)
    if not found:
        raise MalformedFile("the file", "a comment or a CDATA section does not end")
    return after


class _Reading:
    """What has been read of the file so far: the open aggregates and what each of them says.

    Attributes:
        entries: How many transactions have begun; `ended` is how many were read.
        total_minor: What their amounts make together.
    """

    def __init__(self, data: Octets, encoding: str) -> None:
        self.statements: list[Statement] = []
        self.advice = "Choose the statement of one account, with its transactions."
        self.entries = 0
        self.ended = 0
        self.total_minor = 0
        self._data = data
        self._encoding = encoding
        self._spool = Spool()
        version = _VERSION.search(data[:_HEADER])
        self._format = f"ofx.{version[1].decode()}" if version else "ofx"
        self._stack: list[str] = []
        self._names: dict[bytes, str] = {}
        self._bank: str | None = None
        self._said: dict[str, str] = {}
        self._open = OpenStatement(self._spool)

    @property
    def is_open(self) -> bool:
        """Whether a statement has begun and not ended."""
        return any(name in _STATEMENTS for name in self._stack)

    def place(self, found: re.Match[bytes]) -> str:
        """Return where in the file a tag stands."""
        number = len(_LINE_END.findall(self._data[: found.start()])) + 1
        return f"line {number} (transaction {self.entries})"

    def take(self, found: re.Match[bytes]) -> None:
        """Take the next tag.

        Raises:
            Unclear: It stands where it cannot, or a transaction that it ends cannot be read.
        """
        closing, written, value = found.groups()
        name = self._names.get(written) or self._name(written)
        if closing:
            if name in _AGGREGATES:
                self._end(name)
        elif name in _AGGREGATES and not (name in _PARTS and value.strip()):
            self._begin(name)
        elif value:
            self._leaf(name, value)

    def _name(self, written: bytes) -> str:
        """Return a tag's name, and remember how it is written."""
        name = written.decode().upper()
        if len(self._names) < _MAX_NAMES:
            self._names[written] = name
        return name

    def _begin(self, name: str) -> None:
        if name in _STATEMENTS:
            if self.is_open:
                raise Unclear("a statement begins inside another one")
            self._open = OpenStatement(self._spool)
        elif name in _TRANSACTIONS:
            if not self.is_open:
                raise Unclear("a transaction stands outside any statement")
            if any(above in _TRANSACTIONS for above in self._stack):
                raise Unclear("a transaction does not end before the next one begins")
            self.entries += 1
            self._said = {}
        self._stack.append(name)
        if len(self._stack) > _MAX_DEPTH:
            raise Unclear("too many tags (such as STATUS) do not end")

    def _leaf(self, name: str, written: bytes) -> None:
        value = written.strip().decode(self._encoding, "replace").strip()
        if not value or not self._stack:
            return
        if "&" in value:
            value = unescaped(value)
        top = self._stack[-1]
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
            self._open.says.setdefault(name if top in _STATEMENTS else f"{top}/{name}", value)

    def _end(self, name: str) -> None:
        if name not in self._stack:
            return
        while (ended := self._stack.pop()) != name:
            if ended in _STATEMENTS:
                raise Unclear("what is around a statement ends before the statement")
        if name in _TRANSACTIONS:
            self._end_transaction(name)
        elif name in _STATEMENTS:
            known = (LETTERS_UNKNOWN,) if self._encoding == UNKNOWN else ()
            self.statements.append(statement_of(self._format, self._bank, self._open, known))

    def _end_transaction(self, name: str) -> None:
        line = line_of(self.entries, self._said, self._open.says.get("CURDEF"), account_in(self._open.says))
        self.ended += 1
        self.total_minor += line.amount_minor
        self._open.add(line, is_booked=name == "STMTTRN", corrects="CORRECTFITID" in self._said)


def _check(data: Octets, reading: _Reading) -> None:
    """Hold what was read against the file's own transaction tags.

    Raises:
        MalformedFile: Their number or their sum is another.
    """
    count = total = 0
    is_awaited = False
    for found in _WRITTEN.finditer(data):
        begins, written = found.groups()
        if not begins and is_awaited:
            total += amount_in(written.decode("ascii", "replace"))
        count += bool(begins)
        is_awaited = bool(begins)
    if count != reading.ended:
        raise MalformedFile("the file", f"it has {count} transactions, of which {reading.ended} could be read")
    if total != reading.total_minor:
        raise MalformedFile("the file", "the amounts of its transactions do not make the sum that was read")
