"""What a CAMT file says about itself as a whole: its own totals and its pages.

Source: ISO 20022 TotalTransactions (`TxsSummry`) and Pagination (`MsgPgntn`, `StmtPgntn`).
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

from importers.camt_entry import flag
from importers.errors import FileTooLarge
from importers.errors import Unclear
from importers.figures import minor_from_point
from importers.reconcile import decimal_text
from importers.statement import Problem

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Sequence

    from importers.camt_tree import Leaves
    from importers.totals import Totals

_PAGINATION = ("StmtPgntn", "RptPgntn", "NtfctnPgntn")
_MOST_GROUPS = 100_000
_Page = tuple[str | None, str | None, int]


def summary_problems(leaves: Leaves, booked: Totals, pending: Totals) -> tuple[Problem, ...]:
    """Compare what was read with the totals that the statement states, where it states them.

    Banks count pending entries in or leave them out: either is accepted. An entry of nothing at all is on either side.

    Args:
        leaves: What the statement says outside entries and balances.
        booked: What its booked entries come to.
        pending: What the others come to.

    Returns:
        A `summary` problem for each total that differs.
    """
    none = booked.count + pending.count - booked.ins - booked.outs - pending.ins - pending.outs
    counts: tuple[tuple[str, Collection[int]], ...] = (
        ("TtlNtries", {booked.count, booked.count + pending.count}),
        ("TtlCdtNtries", range(booked.ins, booked.ins + pending.ins + none + 1)),
        ("TtlDbtNtries", range(booked.outs, booked.outs + pending.outs + none + 1)),
    )
    found = [_count_problem(leaves.get(f"TxsSummry/{name}/NbOfNtries"), counted) for name, counted in counts]
    stated = leaves.get("TxsSummry/TtlNtries/TtlNetNtryAmt") or leaves.get("TxsSummry/TtlNtries/TtlNetNtry/Amt")
    found.append(_sum_problem(stated, {abs(booked.net_minor), abs(booked.net_minor + pending.net_minor)}))
    if not pending.count:
        gross = booked.in_minor - booked.out_minor
        sums = (("TtlNtries", gross), ("TtlCdtNtries", booked.in_minor), ("TtlDbtNtries", -booked.out_minor))
        found.extend(_sum_problem(leaves.get(f"TxsSummry/{name}/Sum"), {summed}) for name, summed in sums)
    return tuple(problem for problem in found if problem)


def _count_problem(stated: str | None, counted: Collection[int]) -> Problem | None:
    if stated is None or (stated.isascii() and stated.isdigit() and int(stated[:18]) in counted):
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


@dataclass(slots=True)
class Pages:
    """Which pages of statements a file holds, and which of them say that another one follows.

    Attributes:
        further: (account, number, page) of each page but the first ones.
        open: Place of a statement after which another page follows, and which page that is.
    """

    further: set[_Page] = field(default_factory=set)
    open: dict[int, _Page] = field(default_factory=dict)
    ends_here: bool = True
    _groups: int = 0

    def group(self, leaves: Leaves) -> None:
        """Take note of what a group header says of the message's pages."""
        self._groups += 1
        if self._groups > _MOST_GROUPS:
            raise FileTooLarge("ever more group headers", f"{_MOST_GROUPS:,} messages")
        self.ends_here = self.ends_here and _is_last(leaves, ("MsgPgntn",))

    def add(self, place: int, header: Leaves, account: str | None) -> None:
        """Take note of what a statement says of its pages.

        Args:
            place: Among the statements of the file.
            header: What it says outside entries and balances.
        """
        number, at = header.get("ElctrncSeqNb") or header.get("Id"), _page(header)
        if at > 1:
            self.further.add((account, number, at))
        if not _is_last(header, _PAGINATION):
            self.open[place] = (account, number, at + 1)

    @property
    def complete(self) -> bool:
        """Tell whether no statement waits for another page."""
        return self.ends_here and not self.open

    def problems(self, place: int) -> tuple[Problem, ...]:
        """Return `missing_page` for a statement of which another page is not in this file, else nothing."""
        follows = self.open.get(place)
        return () if self.ends_here and (follows is None or follows in self.further) else (_missing_page(),)


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
