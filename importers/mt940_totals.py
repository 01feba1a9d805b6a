"""What an MT940 file says about itself as a whole: its own totals and its pages.

Totals stand in fields 90C and 90D (MT942) and, at ING, in the field 86 after the
closing balance. Pages of one statement are chained by interim balances (60M, 62M) and
numbered in field 28C.

Source: SWIFT MT940 and MT942; ING, format description MT940.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from importers.errors import Unclear
from importers.figures import minor_from_either
from importers.reconcile import decimal_text
from importers.statement import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from importers.statement import Balance
    from importers.statement import Line
    from importers.statement import Statement

_ING = re.compile(r"/SUM/([0-9]{1,9})/([0-9]{1,9})/([0-9,]{1,20})/([0-9,]{1,20})/?", re.ASCII)
_ING_OLD = re.compile(r"D([0-9]{6})C([0-9]{6})D([0-9,]{1,20})C([0-9,]{1,20})", re.ASCII)
_FIELD_90 = re.compile(r"([0-9]{1,5})[A-Z]{3}([0-9,.]{1,20})", re.ASCII)
_NO_PROBLEM: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Where a statement stands among the pages of its kind.

    Attributes:
        number: The statement's number as field 28C has it, without zeros; None where there is none.
        place: Its page, from 1; 0 where not stated.
        continues: It begins with an interim balance.
        goes_on: It ends with one.
    """

    number: str | None
    place: int
    continues: bool
    goes_on: bool


def total_problems(stated: Sequence[tuple[str, str]], lines: Sequence[Line]) -> tuple[Problem, ...]:
    """Compare what was read with the bank's own totals, where it states them.

    Args:
        stated: Names and values of the fields after the closing balance.
        lines: The booked lines.

    Returns:
        One `summary` problem for each side that differs.
    """
    totals = _sides(stated)
    if not totals:
        return ()
    sides = {sign: [line.amount_minor for line in lines if line.amount_minor * sign > 0] for sign in (-1, 1)}
    read = {sign: (len(amounts), abs(sum(amounts))) for sign, amounts in sides.items()}
    zeros = len(lines) - sum(map(len, sides.values()))
    problems = []
    for sign, count, amount in totals:
        found, total = read[sign]
        if amount != total or not found <= count <= found + zeros:
            side = "credits" if sign > 0 else "debits"
            problems.append(
                Problem(
                    "summary",
                    f"The bank states {count} {side} of {decimal_text(amount)} together, and the file has "
                    f"{found} of {decimal_text(total)}.",
                )
            )
    return tuple(problems)


def frame_problems(opening: Balance | None, closing: Balance | None, *, is_interim: bool) -> tuple[Problem, ...]:
    """Find that a balance is not there, without which nothing shows whether lines are missing.

    A closing balance is missing where a download broke off.

    Source: SWIFT MT940, fields 60a and 62a, which are mandatory; an MT942 has neither.
    """
    if is_interim:
        return ()
    if closing is None:
        text = "A statement has no closing balance (:62F:), so its end may be missing. Download it again."
        return (Problem("missing_page", text),)
    if opening is None:
        text = "A statement has no opening balance (:60F:), so nothing shows whether lines are missing."
        return (Problem("no_balance", text),)
    return ()


def _sides(stated: Sequence[tuple[str, str]]) -> list[tuple[int, int, int]]:
    """Return sign, count and amount of each stated total; a total that cannot be read states nothing."""
    found = []
    for name, value in stated:
        both = (_ING.fullmatch(value) or _ING_OLD.fullmatch(value)) if name == "86" else None
        one = _FIELD_90.fullmatch(value) if name in {"90C", "90D"} else None
        try:
            if both:
                found += [(-1, int(both[1]), minor_from_either(both[3])), (1, int(both[2]), minor_from_either(both[4]))]
            elif one:
                found.append((1 if name == "90C" else -1, int(one[1]), minor_from_either(one[2])))
        except Unclear:
            continue
    return found


def page_problems(statements: Sequence[Statement], pages: Sequence[Page]) -> list[tuple[Problem, ...]]:
    """Find pages that the file refers to and does not have.

    Args:
        statements: All statements of the file, in its order.
        pages: Their pages.

    Returns:
        For each statement, its `missing_page` problem or none.
    """
    found = []
    last: dict[str | None, int] = {}
    followers = _followers(statements)
    for place, (statement, page) in enumerate(zip(statements, pages, strict=True)):
        before = last.get(statement.account)
        last[statement.account] = place
        following = followers.get(place)
        missing = _lacks_before(page, None if before is None else pages[before])
        missing = missing or (page.goes_on and (following is None or not pages[following].continues))
        found.append((_missing(page),) if missing else _NO_PROBLEM)
    return found


def _followers(statements: Sequence[Statement]) -> dict[int, int]:
    """Return, for each statement, the next one of the same account."""
    followers: dict[int, int] = {}
    last: dict[str | None, int] = {}
    for place, statement in enumerate(statements):
        if statement.account in last:
            followers[last[statement.account]] = place
        last[statement.account] = place
    return followers


def _lacks_before(page: Page, before: Page | None) -> bool:
    if page.continues:
        return before is None or not before.goes_on
    if page.place <= 1 or page.number is None:
        return False
    return before is None or (before.number, before.place + 1) != (page.number, page.place)


def _missing(page: Page) -> Problem:
    which = f"Statement {page.number}" if page.number else "A statement"
    return Problem("missing_page", f"{which} consists of several pages, and not all of them are in this file.")
