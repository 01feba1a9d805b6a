"""CAMT.052, .053 and .054 of any version, read as a stream.

Every statement, report or notification in the file becomes a Statement; every booked
entry becomes a line, in the order of the file. Elements go by their local names. One
entry is in memory at a time, apart from the values returned. What was read is counted
against the tags in the bytes: a file in which they differ is refused.

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
from io import BytesIO
from typing import TYPE_CHECKING

from lxml import etree

from importers.camt_entry import Surroundings
from importers.camt_entry import is_booked
from importers.camt_entry import line_of
from importers.camt_entry import signed_amount
from importers.camt_summary import missing_pages
from importers.camt_summary import summary_problems
from importers.camt_tree import CURRENCY
from importers.camt_tree import Paths
from importers.camt_tree import gather
from importers.camt_tree import local_name
from importers.errors import ForbiddenContent
from importers.errors import MalformedFile
from importers.errors import Unclear
from importers.figures import account_number
from importers.figures import iso_day
from importers.figures import tidy
from importers.reconcile import decimal_text
from importers.reconcile import problems_of
from importers.statement import Balance
from importers.statement import Problem
from importers.statement import Statement

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from lxml.etree import _Element

    from importers.camt_tree import Leaves
    from importers.statement import Line

_STATEMENTS = frozenset({"Stmt", "Rpt", "Ntfctn"})
_WATCHED = ("{*}Ntry", "{*}Stmt", "{*}Rpt", "{*}Ntfctn", "{*}GrpHdr")
_VERSION = re.compile(r"camt\.05[234]\.[0-9]{3}\.[0-9]{2}", re.ASCII)
_KINDS = {"Stmt": "camt.053", "Rpt": "camt.052", "Ntfctn": "camt.054"}
_DECLARED = re.compile(rb"""\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_ENCODINGS = frozenset({b"utf-8", b"utf8", b"us-ascii", b"ascii", b"iso-8859-1", b"iso-8859-15", b"windows-1252"})
_ENTRY_TAG = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?Ntry[\s/>]")
_SILENT = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>", re.DOTALL)


@dataclass(slots=True)
class _Reading:
    """What has been read of the file so far.

    Attributes:
        lines: Of the statement that is open now.
        pending: Sum of the open statement's entries that are not booked, and their number.
    """

    paths: Paths = field(default_factory=Paths)
    detail_paths: Paths = field(default_factory=Paths)
    header_paths: Paths = field(default_factory=Paths)
    balance_paths: Paths = field(default_factory=Paths)
    entries: int = 0
    entries_before: int = 0
    around: Surroundings | None = None
    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    pending: int = 0
    pending_minor: int = 0
    group: Leaves = field(default_factory=dict)
    headers: list[Leaves] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)

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
    _refuse_forbidden(data)
    reading = _Reading()
    try:
        for element in _elements(data):
            _take(element, reading)
        _check_count(data, reading)
        pages = missing_pages(reading.group, reading.headers, reading.statements)
    except Unclear as unclear:
        raise MalformedFile(reading.place, unclear.why) from unclear
    if not reading.statements:
        raise MalformedFile("the file", "there is no statement in it, only its envelope")
    return tuple(
        replace(statement, problems=statement.problems + page)
        for statement, page in zip(reading.statements, pages, strict=True)
    )


def _refuse_forbidden(data: bytes) -> None:
    for mark, what in ((b"<!DOCTYPE", "a DOCTYPE"), (b"<!ENTITY", "entity declarations")):
        if mark in data:
            raise ForbiddenContent(what)
    declared = _DECLARED.match(data[:1024])
    if declared and declared[1].lower() not in _ENCODINGS:
        raise ForbiddenContent("a character set other than UTF-8 or Latin-1")


def _elements(data: bytes) -> Iterator[_Element]:
    """Yield statements, entries and group headers as they end; raise our own error where the XML does not hold."""
    events = etree.iterparse(
        BytesIO(data),
        events=("end",),
        tag=_WATCHED,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for _, element in events:
            yield element
    except etree.XMLSyntaxError as error:
        raise MalformedFile(f"line {error.lineno or 1}", "the XML is damaged or cut off") from error
    except (etree.LxmlError, LookupError, UnicodeError, ValueError) as error:
        raise MalformedFile("the file", "the XML cannot be read") from error


def _take(element: _Element, reading: _Reading) -> None:
    name = local_name(element.tag)
    if name == "Ntry":
        _take_entry(element, reading)
    elif name in _STATEMENTS:
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
    branch = gather(entry, reading.paths, (reading.paths, reading.detail_paths))
    if is_booked(branch.leaves):
        line, problems = line_of(reading.entries, branch, reading.around)
        reading.lines.append(line)
        if problems:
            reading.problems.extend(problems)
    else:
        reading.pending += 1
        reading.pending_minor += signed_amount(branch.leaves)
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
            below = gather(child, reading.header_paths[child.tag], (reading.paths, reading.detail_paths)).leaves
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
    return leaves.get("Acct/Ccy") or None


def _made_on(leaves: Leaves) -> dt.date | None:
    """Return the statement's own day; None where it is missing or unreadable, since most files do not need it."""
    written = leaves.get("FrToDt/ToDtTm") or leaves.get("CreDtTm")
    with suppress(Unclear):
        return iso_day(written) if written else None
    return None


def _close_statement(element: _Element, name: str, reading: _Reading) -> None:
    leaves = _leaves(element, reading)
    balances = _balances(element, reading, _made_on(leaves))
    opening, closing = _opening_and_closing(balances)
    currencies = [currency for _, _, currency in balances if currency] + [line.currency for line in reading.lines]
    statement = Statement(
        format=_format(element.tag, name),
        bank=tidy(leaves.get("Acct/Svcr/FinInstnId/BIC") or leaves.get("Acct/Svcr/FinInstnId/Nm")),
        account=_account(leaves),
        currency=_account_currency(leaves) or (currencies[0] if currencies else None),
        number=tidy(leaves.get("ElctrncSeqNb") or leaves.get("LglSeqNb") or leaves.get("Id")),
        opening=opening,
        closing=closing,
        lines=tuple(reading.lines),
    )
    entries = (reading.entries - reading.entries_before, reading.pending_minor)
    statement = _with_signs_that_close(statement)
    problems = (
        *reading.problems,
        *_reversal_problem(statement),
        *_pending_problem(statement, reading.pending, reading.pending_minor),
        *problems_of(statement),
        *summary_problems(leaves, statement, *entries),
    )
    reading.statements.append(replace(statement, problems=problems))
    reading.headers.append(leaves)
    _begin_next(reading)


def _begin_next(reading: _Reading) -> None:
    reading.around = None
    reading.lines, reading.problems = [], []
    reading.pending = reading.pending_minor = 0
    reading.entries_before = reading.entries


def _format(tag: str, name: str) -> str:
    found = _VERSION.search(tag)
    return found[0] if found else _KINDS[name]


def _balances(element: _Element, reading: _Reading, made_on: dt.date | None) -> list[tuple[str, Balance, str | None]]:
    """Return a statement's booked balances: their code, the balance, its currency."""
    found = []
    for child in element:
        if local_name(child.tag) != "Bal":
            continue
        leaves = gather(child, reading.balance_paths, (reading.paths, reading.detail_paths)).leaves
        code = leaves.get("Tp/CdOrPrtry/Cd") or leaves.get("Tp/Cd")
        if code not in {"OPBD", "PRCD", "ITBD", "CLBD"}:
            continue
        amount_minor = signed_amount(leaves)
        written = leaves.get("Dt/Dt") or leaves.get("Dt/DtTm")
        day = iso_day(written) if written else made_on
        if day is None:
            raise Unclear("a balance has no date")
        found.append((code, Balance(day, amount_minor), leaves.get("Amt" + CURRENCY)))
    return found


def _opening_and_closing(
    balances: list[tuple[str, Balance, str | None]],
) -> tuple[Balance | None, Balance | None]:
    """Choose the balances that frame the lines.

    A statement of several pages closes a page and opens the next with an interim balance (ITBD); one lone
    interim balance without an opening one frames nothing.

    Source: ISO 20022 BalanceType12Code.
    """
    by_code: dict[str, list[Balance]] = {}
    for code, balance, _ in balances:
        by_code.setdefault(code, []).append(balance)
    interim = by_code.get("ITBD", [])
    openings = by_code.get("OPBD") or by_code.get("PRCD") or []
    closings = by_code.get("CLBD") or []
    if not openings and (closings or len(interim) > 1):
        openings = interim[:1]
        interim = interim[1:]
    if not closings and openings:
        closings = interim[-1:]
    return (openings[0] if openings else None), (closings[-1] if closings else None)


def _with_signs_that_close(statement: Statement) -> Statement:
    """Turn the signs of reversals if the balances close with them turned, and only then."""
    opening, closing = statement.opening, statement.closing
    reversed_minor = sum(line.amount_minor for line in statement.lines if line.reversal)
    if opening is None or closing is None or reversed_minor == 0:
        return statement
    reached = opening.amount_minor + sum(line.amount_minor for line in statement.lines)
    if reached - 2 * reversed_minor != closing.amount_minor:
        return statement
    return replace(statement, lines=tuple(_turned(line) if line.reversal else line for line in statement.lines))


def _turned(line: Line) -> Line:
    parts = tuple(replace(part, amount_minor=-part.amount_minor) for part in line.parts)
    return replace(line, amount_minor=-line.amount_minor, parts=parts)


def _reversal_problem(statement: Statement) -> tuple[Problem, ...]:
    """Say so where reversals carry money and no balance shows which way it went."""
    reversals = [line for line in statement.lines if line.reversal and line.amount_minor]
    if not reversals or _closes(statement):
        return ()
    return (
        Problem(
            "reversal",
            f"The bank marks {len(reversals)} entries as reversals, and the balances do not show whether they "
            "give or take money. They are shown with the sign that the bank wrote.",
        ),
    )


def _closes(statement: Statement) -> bool:
    framed = statement.opening is not None and statement.closing is not None
    return framed and not problems_of(statement)


def _pending_problem(statement: Statement, pending: int, pending_minor: int) -> tuple[Problem, ...]:
    """Say what was left out as not booked, unless the balances show that leaving it out is right."""
    if not pending or _closes(statement):
        return ()
    entries = "one entry" if pending == 1 else f"{pending} entries"
    return (
        Problem(
            "pending",
            f"The bank has not booked {entries} yet, together {decimal_text(pending_minor)}; left out. "
            "Import again once the bank has booked.",
        ),
    )


def _check_count(data: bytes, reading: _Reading) -> None:
    """Count the entry tags in the bytes, apart from the parser, and refuse a file in which they differ."""
    if data.count(b"<Ntry>") == reading.entries:
        return
    counted = len(_ENTRY_TAG.findall(_SILENT.sub(b"", data)))
    if counted != reading.entries:
        raise MalformedFile("the file", f"it has {counted} entry tags, but {reading.entries} entries were read")
