"""PSD2 account reports in JSON (Berlin Group), as bank APIs and those who gather from them deliver them.

A file holds one report or a list of them: `{"account": .., "transactions": {"booked": [..],
"pending": [..]}, "balances": [..]}`; whoever gathers may leave the account out. Each report
is a Statement of its own. A transaction becomes a line the moment it has been read, so
that a long file is never a tree in memory; figures stay texts and are never floats.

What was read is held against the file itself: as many transactions as there are
`transactionAmount` in its bytes, and the same sum as their amounts make when read off
without any of the rest.

Source: Berlin Group, NextGenPSD2 XS2A Framework Implementation Guidelines 1.3.x; RFC 8259.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from typing import NoReturn

from importers.encoding import trimmed
from importers.errors import FileTooLarge
from importers.errors import ForbiddenContent
from importers.errors import MalformedFile
from importers.errors import Unclear
from importers.errors import UnknownFormat
from importers.psd2_entry import Transaction
from importers.psd2_entry import is_transaction
from importers.psd2_entry import text_in
from importers.psd2_entry import transaction_of
from importers.psd2_report import Report
from importers.psd2_report import missing_pages
from importers.psd2_report import statement_of
from importers.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from importers.encoding import Octets
    from importers.statement import Statement

MAX_BYTES = 32 * 1024 * 1024
_MARK = re.compile(rb'"(?:transactionAmount|booked|pending)"')
_AMOUNT = re.compile(rb'"transactionAmount"\s*:\s*(?:\{([^{}]*)\})?')
_FIGURE = re.compile(rb'"amount"\s*:\s*(?:"([^"\\]*)"|([-+0-9.eE]+))')
_DIRECTED = re.compile(rb'"creditDebitIndicator"\s*:')
_SPARE = 10_000
_LISTS_EACH, _OBJECTS_EACH = 10, 30


def is_psd2(beginning: bytes) -> bool:
    """Tell whether a JSON file is an account report, by the names that only those have."""
    return _MARK.search(beginning) is not None


def read_psd2(data: Octets) -> tuple[Statement, ...]:
    """Read an account report.

    Args:
        data: The file's bytes.

    Returns:
        Its statements in the order of the file, with their problems.

    Raises:
        UnreadableFile: The file cannot be read in full.
    """
    _refuse_bombs(data)
    reading = _Reading()
    reports = list(_reports(_parsed(trimmed(data)[:], reading)))
    if not reports:
        raise UnknownFormat("a JSON file without an account report in it", "Choose booked transactions at the bank.")
    _check(data, reading, reports)
    spool = Spool()
    statements = []
    for report in reports:
        try:
            statements.append(statement_of(report, spool))
        except Unclear as unclear:
            raise MalformedFile(f"report {len(statements) + 1}", unclear.why) from unclear
    return missing_pages(statements, reports)


def _refuse_bombs(data: Octets) -> None:
    """Refuse what would be large in memory: the size, and lists and objects beyond what transactions need.

    Raises:
        FileTooLarge: It has too many of them.
    """
    if len(data) > MAX_BYTES:
        raise FileTooLarge(f"{len(data) // 1024 // 1024} MB of JSON", f"{MAX_BYTES // 1024 // 1024} MB")
    whole = data[:]
    transactions = whole.count(b'"transactionAmount"')
    for bracket, each in ((b"[", _LISTS_EACH), (b"{", _OBJECTS_EACH)):
        if whole.count(bracket) > each * transactions + _SPARE:
            raise FileTooLarge("more lists and objects than transactions need", f"{each} for each transaction")


class _Reading:
    """Reads objects as they end, the innermost first.

    Attributes:
        count: How many transactions were read, wherever they stand.
    """

    def __init__(self) -> None:
        self.count = 0

    def take(self, pairs: list[tuple[str, object]]) -> object:
        """Make an object of its pairs, a transaction where it is one.

        Raises:
            Unclear: A name stands in it twice, or it is a transaction that cannot be read.
        """
        said = dict(pairs)
        if len(said) != len(pairs):
            raise Unclear("the same name stands twice in one object")
        if not is_transaction(said):
            return said
        self.count += 1
        return transaction_of(self.count, said)


def _parsed(data: bytes, reading: _Reading) -> object:
    try:
        return json.loads(
            data.decode("utf-8-sig"),
            object_pairs_hook=reading.take,
            parse_float=str,
            parse_int=str,
            parse_constant=_refuse_constant,
        )
    except Unclear as unclear:
        raise MalformedFile(f"transaction {reading.count}", unclear.why) from unclear
    except json.JSONDecodeError as error:
        raise MalformedFile(f"line {error.lineno}", "the JSON is damaged or cut off") from error
    except UnicodeDecodeError as error:
        number = data.count(b"\n", 0, error.start) + 1
        raise MalformedFile(f"line {number}", "a character is not UTF-8, as JSON must be") from error
    except RecursionError as error:
        raise ForbiddenContent("lists or objects inside each other without end") from error


def _refuse_constant(_: str) -> NoReturn:
    raise Unclear("a figure is not a number (NaN or Infinity)")


def _reports(tree: object) -> Iterator[Report]:
    """Find the reports: one, a list of them, or transactions without anything around them.

    Raises:
        MalformedFile: Something else stands in the list.
    """
    if isinstance(tree, list):
        for one in tree:
            if not isinstance(one, dict):
                raise MalformedFile("the file", "it is a list of something other than account reports")
            yield from _reports(one)
    elif isinstance(tree, dict):
        inside = tree.get("transactions") or tree.get("cardTransactions") or tree
        if isinstance(inside, list):
            raise MalformedFile("the file", "it does not say which transactions are booked and which are pending")
        if isinstance(inside, dict) and ("booked" in inside or "pending" in inside):
            booked, pending = (_listed(inside, name) for name in ("booked", "pending"))
            yield Report(tree, booked, pending, _goes_on(inside) or _goes_on(tree))


def _listed(inside: Mapping[str, object], name: str) -> list[Transaction]:
    """Return the transactions under a name; what is no transaction is refused, never passed over."""
    found = inside.get(name)
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(one, Transaction) for one in found):
        raise MalformedFile("the file", f"{name} is not a list of transactions that have an amount")
    return found


def _goes_on(said: Mapping[str, object]) -> bool:
    """Tell whether the bank says that there is another page."""
    links = said.get("_links")
    following = links.get("next") if isinstance(links, dict) else None
    return bool(following.get("href") if isinstance(following, dict) else text_in(following))


def _check(data: Octets, reading: _Reading, reports: Sequence[Report]) -> None:
    """Hold what was read against the file's own amounts; where directions stand apart, without their signs.

    Raises:
        MalformedFile: Their number or their sum is another.
    """
    placed = [one.amount_minor for report in reports for one in (*report.booked, *report.pending)]
    is_signed = _DIRECTED.search(data) is None
    count = total = 0
    for found in _AMOUNT.finditer(data):
        count += 1
        total += _amount_in(found[1] or b"", is_signed=is_signed)
    if not count == reading.count == len(placed):
        raise MalformedFile("the file", f"it has {count} amounts of transactions, of which {len(placed)} could be read")
    if total != sum(placed if is_signed else map(abs, placed)):
        raise MalformedFile("the file", "the amounts of its transactions do not make the sum that was read")


def _amount_in(inside: bytes, *, is_signed: bool) -> int:
    """Read an amount off the bytes, apart from the parser; what is none counts as nothing."""
    found = _FIGURE.search(inside)
    written = (found[1] or found[2] or b"").strip() if found else b""
    whole, _, cents = written.lstrip(b"+-").replace(b",", b".").partition(b".")
    figures = whole + (cents + b"00")[:2]
    amount_minor = int(figures) if figures.isdigit() else 0
    return -amount_minor if is_signed and written.startswith(b"-") else amount_minor
