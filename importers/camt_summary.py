"""What a CAMT file says about itself as a whole: its own totals and its pages.

Source: ISO 20022 TotalTransactions (`TxsSummry`) and Pagination (`MsgPgntn`, `StmtPgntn`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from importers.camt_entry import flag
from importers.errors import Unclear
from importers.figures import minor_from_point
from importers.reconcile import decimal_text
from importers.statement import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from importers.camt_tree import Leaves
    from importers.statement import Statement

_PAGINATION = ("StmtPgntn", "RptPgntn", "NtfctnPgntn")
_NO_PROBLEM: tuple[Problem, ...] = ()


def summary_problems(leaves: Leaves, statement: Statement) -> tuple[Problem, ...]:
    """Compare what was read with the totals that the statement states, where it states them.

    Banks count pending entries in or leave them out: either is accepted.

    Args:
        leaves: What the statement says outside entries and balances.
        statement: What was read.

    Returns:
        A `summary` problem for each total that differs.
    """
    entries = len(statement.lines) + len(statement.pending)
    pending_minor = sum(line.amount_minor for line in statement.pending)
    net = sum(line.amount_minor for line in statement.lines)
    gross = sum(abs(line.amount_minor) for line in statement.lines)
    found = [_count_problem(leaves.get("TxsSummry/TtlNtries/NbOfNtries"), {entries, len(statement.lines)})]
    if entries == len(statement.lines):
        found.append(_sum_problem(leaves.get("TxsSummry/TtlNtries/Sum"), {gross}))
    stated = leaves.get("TxsSummry/TtlNtries/TtlNetNtryAmt") or leaves.get("TxsSummry/TtlNtries/TtlNetNtry/Amt")
    found.append(_sum_problem(stated, {abs(net), abs(net + pending_minor)}))
    for side, sign in (("TtlCdtNtries", 1), ("TtlDbtNtries", -1)):
        amounts = [line.amount_minor for line in statement.lines if line.amount_minor * sign > 0]
        if entries == len(statement.lines):
            found.append(_sum_problem(leaves.get(f"TxsSummry/{side}/Sum"), {abs(sum(amounts))}))
    return tuple(problem for problem in found if problem)


def _count_problem(stated: str | None, counted: set[int]) -> Problem | None:
    if stated is None or stated in {str(count) for count in counted}:
        return None
    if stated.isascii() and stated.isdigit() and int(stated[:18]) in counted:
        return None
    return Problem("summary", f"The bank states another number of entries than the {max(counted)} in the file.")


def _sum_problem(stated: str | None, summed: set[int]) -> Problem | None:
    if stated is None:
        return None
    try:
        stated_minor = minor_from_point(stated.removeprefix("-"))
    except Unclear:
        return Problem("summary", "The bank's own total of this statement cannot be read.")
    if stated_minor in summed:
        return None
    read = " or ".join(decimal_text(amount) for amount in sorted(summed))
    return Problem("summary", f"The bank states a total of {decimal_text(stated_minor)}; the entries make {read}.")


def missing_pages(
    group: Leaves, headers: Sequence[Leaves], statements: Sequence[Statement]
) -> list[tuple[Problem, ...]]:
    """Find statements of which a further page is not in this file.

    Args:
        group: What the file's group header says.
        headers: What each statement says outside entries and balances.
        statements: The statements, in the same order.

    Returns:
        For each statement `missing_page`, or nothing.
    """
    ends_here = _is_last(group, ("MsgPgntn",))
    pages = [(*_key(header, statement), _page(header)) for header, statement in zip(headers, statements, strict=True)]
    present = set(pages)
    return [
        _NO_PROBLEM if _complete(header, page, present) and ends_here else (_missing_page(),)
        for header, page in zip(headers, pages, strict=True)
    ]


def _complete(
    header: Leaves, page: tuple[str | None, str | None, int], present: set[tuple[str | None, str | None, int]]
) -> bool:
    account, number, at = page
    return _is_last(header, _PAGINATION) or (account, number, at + 1) in present


def _key(header: Leaves, statement: Statement) -> tuple[str | None, str | None]:
    return statement.account, header.get("ElctrncSeqNb") or header.get("Id")


def _page(header: Leaves) -> int:
    for name in _PAGINATION:
        written = header.get(name + "/PgNb", "")
        if written.isascii() and written.isdigit():
            return int(written[:9])
    return 1


def _is_last(leaves: Leaves, names: Sequence[str]) -> bool:
    for name in names:
        written = leaves.get(f"{name}/LastPgInd") or leaves.get(f"GrpHdr/{name}/LastPgInd")
        if written is not None:
            return flag(written)
    return True


def _missing_page() -> Problem:
    return Problem(
        "missing_page", "The bank says that a further page follows, and it is not in this file. Download all pages."
    )
