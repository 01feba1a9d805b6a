"""The statement of a CAMT file that is being read: what it said so far, apart from the elements that said it.

What stands in it outside its entries is taken in as it goes by, and forgotten, so that nothing piles up between
one entry and the next.

Source: ISO 20022 AccountStatement, AccountReport and AccountNotification.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from typing import TYPE_CHECKING

from importers.camt_balances import Balances
from importers.camt_entry import Surroundings
from importers.camt_entry import is_currency
from importers.camt_tree import Names
from importers.camt_tree import Paths
from importers.camt_tree import Shapes
from importers.camt_tree import local_name
from importers.errors import FileTooLarge
from importers.errors import Unclear
from importers.figures import account_number
from importers.figures import iso_day
from importers.lines import LINES
from importers.spool import Keeping
from importers.totals import Totals

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from lxml.etree import _Element

    from importers.camt_tree import Leaves
    from importers.spool import Spool
    from importers.statement import Line
    from importers.statement import Problem

TOLD_ONE_BY_ONE = 20
_MOST_OTHERS = 10_000
_BULK = 200
"""How many entries lie empty until they are forgotten together."""
_NUMBERS = ("Acct/Id/IBAN", "Acct/Id/Othr/Id", "Acct/Id/BBAN", "Acct/Id/PrtryAcct/Id")


@dataclass(frozen=True, slots=True)
class Trees:
    """The shapes of elements that a file has shown: of its group headers, balances and entries, and of its headers.

    Attributes:
        headers: What stands in a statement beside balances and entries, by its name.
    """

    group: Shapes
    balance: Shapes
    entry: Shapes
    headers: dict[str, Shapes]
    _top: Paths
    _details: Paths

    @classmethod
    def new(cls) -> Trees:
        """Return those of a file of which nothing was read."""
        names = Names()
        details = Paths(names)
        group, balance, entry = (Shapes(Paths(names), details) for _ in range(3))
        return cls(group, balance, entry, {}, Paths(names), details)

    def header(self, tag: str) -> Shapes:
        """Return the shapes of a header of that name."""
        if tag not in self.headers:
            self.headers[tag] = Shapes(self._top[tag], self._details)
        return self.headers[tag]


@dataclass(slots=True)
class Misfits:
    """What does not fit in single entries: the first ones told one by one, the rest by their number."""

    _told: list[Problem] = field(default_factory=list)
    _last: dict[str, Problem] = field(default_factory=dict)
    _counts: Counter[str] = field(default_factory=Counter)

    def add(self, problems: Iterable[Problem]) -> None:
        """Take note of what does not fit in an entry."""
        for problem in problems:
            self._last[problem.code] = problem
            self._counts[problem.code] += 1
            if self._counts[problem.code] <= TOLD_ONE_BY_ONE:
                self._told.append(problem)

    def all(self) -> tuple[Problem, ...]:
        """Return what to tell."""
        more = (
            replace(self._last[code], text=f"The same holds for {count - TOLD_ONE_BY_ONE} more entries.")
            for code, count in self._counts.items()
            if count > TOLD_ONE_BY_ONE
        )
        return (*self._told, *more)


class Open:
    """A statement that is open.

    Attributes:
        header: What it says outside entries and balances, by path; what came first counts.
        lines: Its booked entries.
        pending: Its other ones.
        booked: What the booked ones come to.
        waiting: What the others come to.
    """

    __slots__ = (
        "_behind", "_element", "_last", "_others", "_trees", "around", "balances", "booked", "header", "lines",
        "pending", "problems", "waiting",
    )  # fmt: skip

    def __init__(self, element: _Element, trees: Trees, spool: Spool) -> None:
        self._element, self._trees = element, trees
        self._last: _Element | None = None
        self._behind = self._others = 0
        self.header: Leaves = {}
        self.balances = Balances()
        self.lines: Keeping[Line] = Keeping(spool, LINES)
        self.pending: Keeping[Line] = Keeping(spool, LINES)
        self.booked, self.waiting = Totals(), Totals()
        self.problems = Misfits()
        self.around = Surroundings(None, None, None)

    def take_in_before(self, entry: _Element) -> None:
        """Take in and forget what stands before an entry.

        Raises:
            Unclear: The entry stands elsewhere, or something before it cannot be read.
        """
        before = entry.getprevious()
        if before is None or before is not self._last:
            if entry.getparent() is not self._element:
                raise Unclear("it stands outside any statement")
            self._take_in(entry)
            self.around = Surroundings(account_of(self.header), account_currency(self.header), made_on(self.header))
            self._behind = 0
        elif self._behind >= _BULK:
            del self._element[: self._behind]
            self._behind = 0
        self._behind += 1
        self._last = entry

    def take_in_rest(self) -> None:
        """Take in and forget what is left when the statement ends.

        Raises:
            Unclear: Something cannot be read.
        """
        if self._last is not None:
            del self._element[: self._behind]
        self._take_in(None)

    def _take_in(self, until: _Element | None) -> None:
        balances = []
        while (child := next(iter(self._element), None)) is not None and child is not until:
            name = local_name(child.tag)
            if name == "Bal":
                balances.append(self._trees.balance.gather(child).leaves)
            elif name != "Ntry":
                self._take_in_header(child, name)
            self._element.remove(child)
        for leaves in balances:
            self.balances.add(leaves, made_on(self.header))

    def _take_in_header(self, child: _Element, name: str) -> None:
        self._others += 1
        if self._others > _MOST_OTHERS:
            raise FileTooLarge("elements in a statement that none has", f"{_MOST_OTHERS:,} beside its entries")
        shapes = self._trees.header(child.tag)
        if len(child):
            below = shapes.gather(child).leaves
            self.header.update((path, value) for path, value in below.items() if path not in self.header)
        elif child.text:
            self.header.setdefault(name, child.text.strip())


def account_of(header: Leaves) -> str | None:
    """Return the statement's own account."""
    return next((found for path in _NUMBERS if (found := account_number(header.get(path)))), None)


def account_currency(header: Leaves) -> str | None:
    """Return the account's currency, where it is one."""
    written = header.get("Acct/Ccy")
    return written if is_currency(written) else None


def made_on(header: Leaves) -> dt.date | None:
    """Return the statement's own day; None where it is missing or unreadable, since most files do not need it."""
    written = header.get("FrToDt/ToDtTm") or header.get("CreDtTm")
    with suppress(Unclear):
        return iso_day(written) if written else None
    return None
