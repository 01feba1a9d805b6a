"""Whether a bank's figures fit together: within a statement and from one to the next.

Pure: values in, problems out. Nothing here repairs anything. A problem's text gives
the figures, so that a treasurer can compare them with the paper.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from importers.statement import Problem

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from importers.statement import Balance
    from importers.statement import Line
    from importers.statement import Statement

_FAR = dt.timedelta(days=60)
"""Banks correct interest and costs with a value date some weeks back; a longer way is rather a slip."""
_SEQUENCE = re.compile(r"[0-9]{1,6}", re.ASCII)


def decimal_text(amount_minor: int) -> str:
    """Write hundredths with a decimal point: -1299 is ``-12.99``."""
    sign = "-" if amount_minor < 0 else ""
    return f"{sign}{abs(amount_minor) // 100}.{abs(amount_minor) % 100:02d}"


def problems_of(statement: Statement) -> tuple[Problem, ...]:
    """Check that opening and lines make closing, in one currency, and that days of booking and value dates are near.

    Args:
        statement: Any statement; one that does not state both balances is not judged on them.

    Returns:
        The problems found, none if it fits.
    """
    total_minor = 0
    currencies, far = set(), 0
    first: Line | None = None
    for line in statement.lines:
        total_minor += line.amount_minor
        currencies.add(line.currency)
        valued_on = line.valued_on
        if valued_on is not None and valued_on != line.booked_on and abs(valued_on - line.booked_on) > _FAR:
            far += 1
            first = first or line
    return (
        *balance_problem(statement.opening, total_minor, statement.closing),
        *currency_problem(currencies, statement.currency),
        *_days_problem(first, far),
    )


def all_problems(statement: Statement) -> tuple[Problem, ...]:
    """Return each thing once that does not fit in a statement: what its reader found, and its figures."""
    return tuple(dict.fromkeys((*statement.problems, *problems_of(statement))))


def balance_problem(opening: Balance | None, total_minor: int, closing: Balance | None) -> tuple[Problem, ...]:
    """Check that an opening balance and lines that make so much together make the closing balance."""
    if opening is None or closing is None:
        return ()
    reached = opening.amount_minor + total_minor
    if reached == closing.amount_minor:
        return ()
    return (
        Problem(
            "balance",
            f"The opening balance {decimal_text(opening.amount_minor)} and the lines "
            f"({decimal_text(total_minor)}) make {decimal_text(reached)}, but the bank states "
            f"{decimal_text(closing.amount_minor)} at the end.",
        ),
    )


def _days_problem(first: Line | None, far: int) -> tuple[Problem, ...]:
    """Say so where days of booking lie far from their value dates: one of the two may be misprinted."""
    if first is None:
        return ()
    more = f" {far - 1} more lines are like it." if far > 1 else ""
    return (
        Problem(
            "booking_date",
            f"Line {first.position} was booked on {first.booked_on}, but its value date is {first.valued_on}. Compare "
            f"both days with the bank's own page.{more}",
        ),
    )


def currency_problem(found: AbstractSet[str], currency: str | None) -> tuple[Problem, ...]:
    """Check that the currencies of an account's lines are the account's."""
    others = sorted(found - {currency})
    if not others or currency is None:
        return ()
    return (Problem("currency", f"The account is in {currency}, but lines are in {', '.join(others)}."),)


def follows(previous: Balance | None, statement: Statement, previous_number: str | None = None) -> tuple[Problem, ...]:
    """Check that a statement continues the one before it on the same account.

    Args:
        previous: The closing balance of the statement before; None where none was stated.
        statement: The statement that comes next.
        previous_number: The number of the statement before, for gaps in the sequence.

    Returns:
        `continuity` where the balances differ, `gap` where numbers are missing between the two.
    """
    return (*_continuity(previous, statement.opening), *_gap(previous_number, statement.number))


def _continuity(previous: Balance | None, opening: Balance | None) -> tuple[Problem, ...]:
    if previous is None or opening is None or previous.amount_minor == opening.amount_minor:
        return ()
    likely = "A statement may be missing."
    if opening.date < previous.date:
        likely = "Their days overlap: if both are in this file, bring each in a file of its own."
    return (
        Problem(
            "continuity",
            f"The statement before ended with {decimal_text(previous.amount_minor)} on {previous.date}, "
            f"this one begins with {decimal_text(opening.amount_minor)} on {opening.date}. {likely}",
        ),
    )


def _gap(previous: str | None, number: str | None) -> tuple[Problem, ...]:
    """Find missing numbers. A lower number is a new year's beginning, not a gap; dates and ids are not counted."""
    if previous is None or number is None or not (_SEQUENCE.fullmatch(previous) and _SEQUENCE.fullmatch(number)):
        return ()
    missing = int(number) - int(previous) - 1
    if missing <= 0:
        return ()
    count = "one statement is" if missing == 1 else f"{missing} statements are"
    return (Problem("gap", f"This is statement {number} and the one before was {previous}: {count} missing."),)
