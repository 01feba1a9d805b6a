"""CAMT.052, .053 and .054 of any version, read as a stream.

Every statement, report or notification in the file becomes a Statement; every booked
entry becomes a line, in the order of the file, and pending ones stand apart. Elements go
by their local names. One entry is in memory at a time, apart from the values returned.
What was read is counted against the tags in the bytes: a file in which they differ is
refused.

The bank's balances judge: where opening and lines do not make closing, that is a
problem of the statement. Entries marked as reversals keep the sign that the bank
wrote; only where the balances close with those signs turned, and not otherwise, are
they turned, as some banks need.

Source: ISO 20022 BankToCustomerStatement, BankToCustomerAccountReport and
BankToCustomerDebitCreditNotification.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from typing import TYPE_CHECKING

from importers.camt_balances import opening_and_closing
from importers.camt_balances import reversal_problem
from importers.camt_balances import stated_balances
from importers.camt_balances import with_signs_that_close
from importers.camt_entry import Surroundings
from importers.camt_entry import is_booked
from importers.camt_entry import is_currency
from importers.camt_entry import line_of
from importers.camt_stream import check_count
from importers.camt_stream import elements
from importers.camt_stream import refuse_forbidden
from importers.camt_summary import missing_pages
from importers.camt_summary import summary_problems
from importers.camt_tree import Paths
from importers.camt_tree import gather
from importers.camt_tree import local_name
from importers.errors import MalformedFile
from importers.errors import Unclear
from importers.figures import account_number
from importers.figures import iso_day
from importers.figures import tidy
from importers.lines import LINES
from importers.reconcile import problems_of
from importers.spool import Keeping
from importers.spool import Spool
from importers.statement import Problem
from importers.statement import Statement

if TYPE_CHECKING:
    import datetime as dt

    from lxml.etree import _Element

    from importers.camt_tree import Leaves
    from importers.statement import Line

_STATEMENTS = frozenset({"Stmt", "Rpt", "Ntfctn"})
_VERSION = re.compile(r"camt\.05[234]\.[0-9]{3}\.[0-9]{2}", re.ASCII)
_KINDS = {"Stmt": "camt.053", "Rpt": "camt.052", "Ntfctn": "camt.054"}


@dataclass(slots=True)
class _Reading:
    """What has been read of the file so far.

    Attributes:
        spool: Where lines lie once they are many.
        lines: Of the statement that is open now.
        currency: Of its first line.
        pending: The open statement's entries that are not booked.
    """

    paths: Paths = field(default_factory=Paths)
    detail_paths: Paths = field(default_factory=Paths)
    header_paths: Paths = field(default_factory=Paths)
    balance_paths: Paths = field(default_factory=Paths)
    entries: int = 0
    around: Surroundings | None = None
    spool: Spool = field(default_factory=Spool)
    lines: Keeping[Line] = field(init=False)
    currency: str | None = None
    problems: list[Problem] = field(default_factory=list)
    pending: list[Line] = field(default_factory=list)
    group: Leaves = field(default_factory=dict)
    headers: list[Leaves] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin with the first statement."""
        self.lines = Keeping(self.spool, LINES)

    @property
    def place(self) -> str:
        """Where in the file the reader stands."""
        return f"entry {self.entries} (statement {len(self.statements) + 1})"


def read_camt(data: bytes) -> tuple[Statement, ...]:
    """Read a CAMT file.

    Args:
        data: The file's bytes.

    Returns:
        Its statements in the order of the file, with their problems.

    Raises:
        UnreadableFile: The file cannot be read in full.
    """
    refuse_forbidden(data)
    reading = _Reading()
    try:
        for element in elements(data):
            _take(element, reading)
        check_count(data, reading.entries)
        pages = missing_pages(reading.group, reading.headers, reading.statements)
    except Unclear as unclear:
        raise MalformedFile(reading.place, unclear.why) from unclear
    if not reading.statements:
        raise MalformedFile("the file", "there is no statement in it, only its envelope")
    return tuple(
        replace(statement, problems=statement.problems + page)
        for statement, page in zip(reading.statements, pages, strict=True)
    )


def _take(element: _Element, reading: _Reading) -> None:
    if element.tag.endswith("Ntry"):
        _take_entry(element, reading)
        return
    name = local_name(element.tag)
    if name in _STATEMENTS:
        if not _stands_in(element, "BkToCstmr"):
            return
        _close_statement(element, name, reading)
        _forget(element)
    elif not reading.group and _stands_in(element, "BkToCstmr"):
        reading.group = _leaves(element, reading)


def _take_entry(entry: _Element, reading: _Reading) -> None:
    reading.entries += 1
    parent = entry.getparent()
    if parent is None or local_name(parent.tag) not in _STATEMENTS:
        raise Unclear("it stands outside any statement")
    if reading.around is None:
        reading.around = _surroundings(_leaves(parent, reading))
    branch = gather(entry, reading.paths, reading.detail_paths)
    line, problems = line_of(reading.entries, branch, reading.around)
    if is_booked(branch.leaves):
        reading.lines.append(line)
        reading.currency = reading.currency or line.currency
        reading.problems.extend(problems)
    else:
        reading.pending.append(line)
    _forget(entry)


def _stands_in(element: _Element, above: str) -> bool:
    parent = element.getparent()
    return parent is not None and local_name(parent.tag).startswith(above)


def _forget(element: _Element) -> None:
    """Free an element's memory; the element itself stays until the next one, since the parser stands at it."""
    element.clear(keep_tail=True)  # type: ignore[call-arg]  # the stubs are older than this parameter
    before = element.getprevious()
    parent = element.getparent()
    if before is not None and parent is not None and before.tag == element.tag:
        parent.remove(before)


def _leaves(element: _Element, reading: _Reading) -> Leaves:
    """Collect what a statement says outside its entries and balances."""
    found: Leaves = {}
    for child in element:
        name = local_name(child.tag)
        if name in {"Ntry", "Bal"}:
            continue
        if len(child):
            below = gather(child, reading.header_paths[child.tag], reading.detail_paths).leaves
            found.update((path, value) for path, value in below.items() if path not in found)
        elif child.text:
            found.setdefault(name, child.text.strip())
    return found


def _surroundings(leaves: Leaves) -> Surroundings:
    return Surroundings(_account(leaves), _account_currency(leaves), _made_on(leaves))


def _account(leaves: Leaves) -> str | None:
    for kind in ("IBAN", "Othr/Id", "BBAN", "PrtryAcct/Id"):
        found = account_number(leaves.get("Acct/Id/" + kind))
        if found:
            return found
    return None


def _account_currency(leaves: Leaves) -> str | None:
    written = leaves.get("Acct/Ccy")
    return written if is_currency(written) else None


def _made_on(leaves: Leaves) -> dt.date | None:
    """Return the statement's own day; None where it is missing or unreadable, since most files do not need it."""
    written = leaves.get("FrToDt/ToDtTm") or leaves.get("CreDtTm")
    with suppress(Unclear):
        return iso_day(written) if written else None
    return None


def _close_statement(element: _Element, name: str, reading: _Reading) -> None:
    leaves = _leaves(element, reading)
    balances = stated_balances(element, (reading.balance_paths, reading.detail_paths), _made_on(leaves))
    opening, closing = opening_and_closing(balances)
    stated = next((currency for _, _, currency in balances if currency), reading.currency)
    statement = Statement(
        format=_format(element.tag, name),
        bank=tidy(leaves.get("Acct/Svcr/FinInstnId/BIC") or leaves.get("Acct/Svcr/FinInstnId/Nm")),
        account=_account(leaves),
        currency=_account_currency(leaves) or stated,
        number=tidy(leaves.get("ElctrncSeqNb") or leaves.get("LglSeqNb") or leaves.get("Id")),
        opening=opening,
        closing=closing,
        lines=reading.lines.done(),
        pending=tuple(reading.pending),
    )
    statement = with_signs_that_close(statement)
    problems = (
        *reading.problems,
        *reversal_problem(statement),
        *problems_of(statement),
        *summary_problems(leaves, statement),
    )
    lines = reading.spool.settle(statement.lines, LINES)
    reading.statements.append(replace(statement, lines=lines, problems=problems))
    reading.headers.append(leaves)
    _begin_next(reading)


def _begin_next(reading: _Reading) -> None:
    reading.around = reading.currency = None
    reading.lines, reading.pending, reading.problems = Keeping(reading.spool, LINES), [], []


def _format(tag: str, name: str) -> str:
    found = _VERSION.search(tag)
    return found[0] if found else _KINDS[name]
