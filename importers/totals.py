"""What the lines of a statement come to, counted while they are read: nobody walks along a long statement twice."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

from importers.reconcile import balance_problem
from importers.reconcile import currency_problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from importers.statement import Line
    from importers.statement import Problem
    from importers.statement import Statement


@dataclass(slots=True)
class Totals:
    """What lines come to; amounts in hundredths.

    Attributes:
        ins: How many lines came in.
        outs: How many lines went out; one of nothing at all is neither.
        in_minor: What came in.
        out_minor: What went out; negative.
        reversals: How many reversals carry money.
        reversed_minor: What the reversals come to.
        currencies: In which currencies the amounts are, in the order of the lines.
    """

    count: int = 0
    ins: int = 0
    outs: int = 0
    in_minor: int = 0
    out_minor: int = 0
    reversals: int = 0
    reversed_minor: int = 0
    currencies: dict[str, None] = field(default_factory=dict)

    @property
    def net_minor(self) -> int:
        """Return what all lines come to."""
        return self.in_minor + self.out_minor

    def add(self, line: Line) -> None:
        """Count one more line."""
        amount_minor = line.amount_minor
        self.count += 1
        if amount_minor > 0:
            self.ins += 1
            self.in_minor += amount_minor
        elif amount_minor:
            self.outs += 1
            self.out_minor += amount_minor
        if line.reversal and amount_minor:
            self.reversals += 1
            self.reversed_minor += amount_minor
        self.currencies[line.currency] = None


def totals_of(lines: Iterable[Line]) -> Totals:
    """Return what lines come to."""
    totals = Totals()
    for line in lines:
        totals.add(line)
    return totals


def problems_with(totals: Totals, statement: Statement) -> tuple[Problem, ...]:
    """Return what does not fit in a statement whose lines come to that, without walking along them.

    Source: `importers.reconcile.problems_of`, which is the same of lines that nobody counted.
    """
    balance = balance_problem(statement.opening, totals.net_minor, statement.closing)
    return (*balance, *currency_problem(totals.currencies.keys(), statement.currency))
