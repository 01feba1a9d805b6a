"""What the balances of a CAMT statement say about its entries.

They frame the lines and decide on the signs of reversals.

Source: ISO 20022 CashBalance and BalanceType12Code.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from typing import TYPE_CHECKING

from importers.camt_entry import signed_amount
from importers.camt_tree import CURRENCY
from importers.errors import FileTooLarge
from importers.errors import Unclear
from importers.figures import iso_day
from importers.statement import Balance
from importers.statement import Problem
from importers.totals import problems_with

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from collections.abc import Iterator

    from importers.camt_tree import Leaves
    from importers.statement import Line
    from importers.statement import Statement
    from importers.totals import Totals


Stated = tuple[str, Balance, str | None]
"""Code, balance and currency."""
_FRAMING = {
    "OPBD": "opening balance",
    "PRCD": "previous closing balance",
    "ITBD": "interim balance",
    "CLBD": "closing balance",
}
_MOST = 1000


@dataclass(slots=True)
class Balances:
    """The booked balances that a statement states, in the order of the file."""

    stated: list[Stated] = field(default_factory=list)

    def add(self, leaves: Leaves, made_on: dt.date | None) -> None:
        """Take in one balance.

        Args:
            leaves: What it says.
            made_on: The day of a balance that states none.

        Raises:
            Unclear: It cannot be read.
            FileTooLarge: There are more than any statement has.
        """
        code = leaves.get("Tp/CdOrPrtry/Cd") or leaves.get("Tp/Cd")
        if code not in _FRAMING:
            return
        if len(self.stated) >= _MOST:
            raise FileTooLarge("a statement with ever more balances", f"{_MOST:,} balances")
        try:
            balance = _balance(leaves, made_on)
        except Unclear as unclear:
            raise Unclear(unclear.why, f"{_FRAMING[code]} ({code})") from unclear
        self.stated.append((code, balance, leaves.get("Amt" + CURRENCY)))


def _balance(leaves: Leaves, made_on: dt.date | None) -> Balance:
    amount_minor = signed_amount(leaves)
    written = leaves.get("Dt/Dt") or leaves.get("Dt/DtTm")
    day = iso_day(written) if written else made_on
    if day is None:
        raise Unclear("it has no date")
    return Balance(day, amount_minor)


def opening_and_closing(
    balances: list[Stated],
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


def signs_turned_close(statement: Statement, totals: Totals) -> bool:
    """Tell whether the balances close with the signs of reversals turned, and only then."""
    opening, closing = statement.opening, statement.closing
    if opening is None or closing is None or totals.reversed_minor == 0:
        return False
    return opening.amount_minor + totals.net_minor - 2 * totals.reversed_minor == closing.amount_minor


def turned(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield lines with the signs of the reversals among them turned."""
    return (_turned(line) if line.reversal else line for line in lines)


def _turned(line: Line) -> Line:
    parts = tuple(replace(part, amount_minor=-part.amount_minor) for part in line.parts)
    return replace(line, amount_minor=-line.amount_minor, parts=parts)


def reversal_problem(statement: Statement, totals: Totals) -> tuple[Problem, ...]:
    """Say so where reversals carry money and no balance shows which way it went."""
    if not totals.reversals or _closes(statement, totals):
        return ()
    return (
        Problem(
            "reversal",
            f"The bank marks {totals.reversals} entries as reversals, and the balances do not show whether they "
            "give or take money. They are shown with the sign that the bank wrote.",
        ),
    )


def _closes(statement: Statement, totals: Totals) -> bool:
    framed = statement.opening is not None and statement.closing is not None
    return framed and not problems_with(totals, statement)
