"""CAMT.052, .053 and .054 of any version, read as a stream.

Every statement, report or notification in the file becomes a Statement; every booked
entry becomes a line, in the order of the file, and pending ones stand apart. Elements go
by their local names. One entry is in memory at a time; lines and statements lie on the disk once they are many.
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
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from typing import TYPE_CHECKING

from importers.camt_balances import opening_and_closing
from importers.camt_balances import reversal_problem
from importers.camt_balances import signs_turned_close
from importers.camt_balances import turned
from importers.camt_entry import is_booked
from importers.camt_entry import line_of
from importers.camt_open import Open
from importers.camt_open import Trees
from importers.camt_open import account_currency
from importers.camt_open import account_of
from importers.camt_stream import MAX_STATEMENTS
from importers.camt_stream import Elements
from importers.camt_stream import check_count
from importers.camt_stream import look_through
from importers.camt_stream import too_many_statements
from importers.camt_summary import Pages
from importers.camt_summary import summary_problems
from importers.camt_tree import local_name
from importers.errors import MalformedFile
from importers.errors import Unclear
from importers.figures import tidy
from importers.lines import LINES
from importers.lines import statements_in
from importers.progress import nothing
from importers.source import source_of
from importers.spool import Keeping
from importers.spool import Spool
from importers.statement import Statement
from importers.totals import problems_with
from importers.totals import totals_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    from lxml.etree import _Element

    from importers.progress import Progress
    from importers.source import Source

_STATEMENTS = frozenset({"Stmt", "Rpt", "Ntfctn"})
_ENVELOPE = "BkToCstmr"
_VERSION = re.compile(r"camt\.05[234]\.[0-9]{3}\.[0-9]{2}", re.ASCII)
_KINDS = {"Stmt": "camt.053", "Rpt": "camt.052", "Ntfctn": "camt.054"}


@dataclass(slots=True)
class _Reading:
    """What has been read of the file so far.

    Attributes:
        statement: The one that is open now.
        count: How many statements were closed.
    """

    spool: Spool = field(default_factory=Spool)
    trees: Trees = field(default_factory=Trees.new)
    entries: int = 0
    statement: Open | None = None
    count: int = 0
    statements: Keeping[Statement] = field(init=False)
    pages: Pages = field(default_factory=Pages)

    def __post_init__(self) -> None:
        """Begin without any statement."""
        self.statements = Keeping(self.spool, statements_in(self.spool))

    @property
    def place(self) -> str:
        """Where in the file the reader stands."""
        return f"entry {self.entries} (statement {self.count + 1})"


def read_camt(data: bytes | Source, progress: Progress = nothing) -> Sequence[Statement]:
    """Read a CAMT file.

    Args:
        data: The file's bytes, or where they lie.
        progress: Is told how far it has come; may raise Cancelled.

    Returns:
        Its statements in the order of the file, with their problems.

    Raises:
        UnreadableFile: The file cannot be read in full.
        Cancelled: It was stopped.
    """
    source = source_of(data) if isinstance(data, bytes) else data
    counted = look_through(source)
    reading = _Reading()
    try:
        with source.open() as stream:
            elements = Elements(stream, source.size, progress)
            for element in elements:
                if _take(element, reading):
                    elements.freed()
    except Unclear as unclear:
        place = f"the {unclear.part} of statement {reading.count + 1}" if unclear.part else reading.place
        raise MalformedFile(place, unclear.why) from unclear
    check_count(source, counted, reading.entries)
    if not reading.count:
        raise MalformedFile("the file", "there is no statement in it, only its envelope")
    return _all(reading)


def _all(reading: _Reading) -> Sequence[Statement]:
    """Return all statements, each with what its pages lack."""
    packing = statements_in(reading.spool)
    statements = reading.spool.settle(reading.statements.done(), packing)
    if reading.pages.complete:
        return statements
    return reading.spool.keep(_with_pages(statements, reading.pages), packing)


def _with_pages(statements: Sequence[Statement], pages: Pages) -> Iterator[Statement]:
    for place, statement in enumerate(statements):
        yield replace(statement, problems=statement.problems + pages.problems(place))


def _take(element: _Element, reading: _Reading) -> bool:
    """Take in an element that ended; tell whether it and all before it could be forgotten."""
    if element.tag.endswith("Ntry"):
        return _take_entry(element, reading)
    parent = element.getparent()
    if parent is None or not local_name(parent.tag).startswith(_ENVELOPE):
        return False
    name = local_name(element.tag)
    if name in _STATEMENTS:
        _close_statement(element, name, reading)
    else:
        reading.pages.group(reading.trees.group.gather(element).leaves)
    _forget_all_before(element)
    return True


def _take_entry(entry: _Element, reading: _Reading) -> bool:
    reading.entries += 1
    statement = reading.statement or _begin_statement(entry.getparent(), reading)
    statement.take_in_before(entry)
    branch = reading.trees.entry.gather(entry)
    line, problems = line_of(reading.entries, branch, statement.around)
    if is_booked(branch.leaves):
        statement.booked.add(line)
        statement.lines.append(line)
        if problems:
            statement.problems.add(problems)
    else:
        statement.waiting.add(line)
        statement.pending.append(line)
    entry.clear(keep_tail=True)  # type: ignore[call-arg]  # the stubs are older than this parameter
    return True


def _begin_statement(element: _Element | None, reading: _Reading) -> Open:
    above = element.getparent() if element is not None else None
    if element is None or above is None or local_name(element.tag) not in _STATEMENTS:
        raise Unclear("it stands outside any statement")
    if not local_name(above.tag).startswith(_ENVELOPE):
        raise Unclear("it stands outside any statement")
    reading.statement = Open(element, reading.trees, reading.spool)
    return reading.statement


def _forget_all_before(element: _Element) -> None:
    """Free the memory of an element and of all that ended before it; it stays itself, since the parser stands at it."""
    element.clear(keep_tail=True)  # type: ignore[call-arg]  # the stubs are older than this parameter
    while (parent := element.getparent()) is not None:
        while (before := element.getprevious()) is not None:
            parent.remove(before)
        element = parent


def _close_statement(element: _Element, name: str, reading: _Reading) -> None:
    if reading.count >= MAX_STATEMENTS:
        raise too_many_statements()
    read = reading.statement or _begin_statement(element, reading)
    read.take_in_rest()
    statement, booked = _statement(_format(element.tag, name), read), read.booked
    if signs_turned_close(statement, booked):
        statement = replace(statement, lines=reading.spool.keep(turned(statement.lines), LINES))
        booked = totals_of(statement.lines)
    problems = (
        *read.problems.all(),
        *reversal_problem(statement, booked),
        *problems_with(booked, statement),
        *summary_problems(read.header, booked, read.waiting),
    )
    lines = reading.spool.settle(statement.lines, LINES)
    reading.statements.append(replace(statement, lines=lines, problems=problems))
    reading.pages.add(reading.count, read.header, statement.account)
    reading.count += 1
    reading.statement = None


def _statement(form: str, read: Open) -> Statement:
    """Return what was read of a statement, before it is judged."""
    header = read.header
    opening, closing = opening_and_closing(read.balances.stated)
    stated = next((currency for _, _, currency in read.balances.stated if currency), None)
    return Statement(
        format=form,
        bank=tidy(header.get("Acct/Svcr/FinInstnId/BIC") or header.get("Acct/Svcr/FinInstnId/Nm")),
        account=account_of(header),
        currency=account_currency(header) or stated or next(iter(read.booked.currencies), None),
        number=tidy(header.get("ElctrncSeqNb") or header.get("LglSeqNb") or header.get("Id")),
        opening=opening,
        closing=closing,
        lines=read.lines.done(),
        pending=read.pending.done(),
    )


def _format(tag: str, name: str) -> str:
    found = _VERSION.search(tag)
    return found[0] if found else _KINDS[name]
