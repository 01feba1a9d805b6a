"""Whether a statement continues its account, and whether it says anything that the book does not hold.

Files come in any order and overlap: a statement is compared with the one that ended last
before it ends, whether that stands in the book or earlier in the same file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from importers.reconcile import decimal_text
from importers.reconcile import follows
from importers.statement import Balance
from importers.statement import Problem
from ledger import tables

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from importers.planning import Account
    from importers.planning import PlannedLine
    from importers.statement import Statement


@dataclass(frozen=True, slots=True)
class Stated:
    """The closing balance of a statement in the book or earlier in the file.

    Attributes:
        opened_on: The day of its opening balance, where it has one.
        number: The bank's number of the statement.
    """

    opened_on: dt.date | None
    closed_on: dt.date
    amount_minor: int
    number: str | None


def stated_before(connection: sa.Connection, account: str) -> list[Stated]:
    """Return the statements in the book of an account that state a closing balance, in the order of booking."""
    table = tables.statement
    query = (
        sa.select(table.c.opened_on, table.c.closed_on, table.c.closing_minor, table.c.private_number)
        .where(table.c.account == account, table.c.closing_minor.is_not(None))
        .order_by(table.c.seq)
    )
    return [Stated(*row) for row in connection.execute(query)]


def as_stated(statement: Statement) -> tuple[Stated, ...]:
    """Return a statement as one that later ones in its file follow; nothing where it states no balance."""
    if statement.closing is None:
        return ()
    opened_on = statement.opening.date if statement.opening else None
    return (Stated(opened_on, statement.closing.date, statement.closing.amount_minor, statement.number),)


def last_before(earlier: Sequence[Stated], statement: Statement) -> Stated | None:
    """Return the last statement that ends no later than this one does; of several the one that came last."""
    ends = _ends(statement)
    fitting = [(one.closed_on, place) for place, one in enumerate(earlier) if ends is None or one.closed_on <= ends]
    return earlier[max(fitting)[1]] if fitting else None


def _ends(statement: Statement) -> dt.date | None:
    """Return the last day that a statement speaks of."""
    if statement.closing:
        return statement.closing.date
    return max((line.booked_on for line in statement.lines), default=None)


def says_nothing_new(statement: Statement, lines: Sequence[PlannedLine], past: Sequence[Stated]) -> bool:
    """Tell whether a statement says nothing that the book does not hold: no new line and no later balance."""
    if not all(line.known for line in lines):
        return False
    if statement.closing is None:
        return bool(lines) or statement.opening is None
    if lines:
        return any(one.closed_on >= statement.closing.date for one in past)
    opened_on = statement.opening.date if statement.opening else statement.closing.date
    return any((one.opened_on or one.closed_on) <= opened_on <= statement.closing.date <= one.closed_on for one in past)


def continuity(
    connection: sa.Connection,
    account: Account,
    statement: Statement,
    lines: Sequence[PlannedLine],
    last: Stated | None,
) -> tuple[Problem, ...]:
    """Check that a statement continues the account: from the last balance its lines lead to its own."""
    if last is None:
        return ()
    if not any(line.known for line in lines):
        return follows(_balance_before(connection, account, statement, last), statement, last.number)
    if statement.closing is None or (statement.opening and statement.opening.amount_minor == last.amount_minor):
        return ()
    reached = [last.amount_minor + further for further in _further(lines, last.closed_on)]
    return () if statement.closing.amount_minor in reached else (_differs(last, reached[0], statement.closing),)


def _further(lines: Sequence[PlannedLine], closed_on: dt.date) -> tuple[int, ...]:
    """Return what the lines beyond a closing balance may come to.

    Which lines of the closing day a balance holds is not known where files were made during the day, and
    files may come in any order: the new lines, the later days, and the later days with that whole day.
    """
    new = sum(line.line.amount_minor for line in lines if not line.known)
    later = sum(line.line.amount_minor for line in lines if line.line.booked_on > closed_on)
    that_day = [line for line in lines if line.line.booked_on == closed_on]
    late = sum(line.line.amount_minor for line in that_day if not line.known)
    return (new, later + late, later + sum(line.line.amount_minor for line in that_day))


def _balance_before(connection: sa.Connection, account: Account, statement: Statement, last: Stated) -> Balance:
    """Return the balance to go on from: the last stated one, with what was booked since without a balance."""
    stated = Balance(last.closed_on, last.amount_minor)
    opening = statement.opening
    if opening is None or opening.amount_minor == stated.amount_minor:
        return stated
    movement, table = tables.movement, tables.statement
    query = (
        sa.select(sa.func.sum(movement.c.amount_minor))
        .join(table, (table.c.foundation == movement.c.foundation) & (table.c.seq == movement.c.statement))
        .where(
            movement.c.foundation == account.foundation,
            movement.c.account == account.id,
            movement.c.booked_on.between(last.closed_on, opening.date),
            table.c.closing_minor.is_(None),
        )
    )
    between = int(connection.execute(query).scalar() or 0)
    return opening if stated.amount_minor + between == opening.amount_minor else stated


def _differs(last: Stated, reached_minor: int, closing: Balance) -> Problem:
    """Say that the bank states another balance than the new lines lead to."""
    return Problem(
        "continuity",
        f"The statement before ended with {decimal_text(last.amount_minor)}; with the new lines "
        f"of this one that makes {decimal_text(reached_minor)}, "
        f"but the bank states {decimal_text(closing.amount_minor)}.",
    )
