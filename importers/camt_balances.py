"""What the balances of a CAMT statement say about its entries.

They frame the lines and decide on the signs of reversals.

Source: ISO 20022 CashBalance and BalanceType12Code.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from importers.camt_entry import signed_amount
from importers.camt_tree import CURRENCY
from importers.camt_tree import Paths
from importers.camt_tree import gather
from importers.camt_tree import local_name
from importers.errors import Unclear
from importers.figures import iso_day
from importers.reconcile import problems_of
from importers.statement import Balance
from importers.statement import Problem

if TYPE_CHECKING:
    import datetime as dt

    from lxml.etree import _Element

    from importers.statement import Line
    from importers.statement import Statement


def stated_balances(
    element: _Element, paths: tuple[Paths, Paths], made_on: dt.date | None
) -> list[tuple[str, Balance, str | None]]:
    """Read a statement's booked balances.

    Args:
        element: The statement.
        paths: The trees of names of a balance and, unused here, of a transaction detail.
        made_on: The day of a balance that states none.

    Returns:
        Code, balance and currency of each, in the order of the file.

    Raises:
        Unclear: A balance that cannot be read.
    """
    found = []
    for child in element:
        if local_name(child.tag) != "Bal":
            continue
        leaves = gather(child, *paths).leaves
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


def opening_and_closing(
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


def with_signs_that_close(statement: Statement) -> Statement:
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


def reversal_problem(statement: Statement) -> tuple[Problem, ...]:
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
