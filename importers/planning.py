"""What booking a file would do, worked out without writing anything.

A plan says for every statement which account and foundation it belongs to, which of its
lines are new, what each counterparty is in the register, and what does not fit. The preview
shows the plan; confirming carries the same plan out.

Invariants: a line that was booked before is never new; two equal lines within one file are
two payments; a file that touches another foundation's account is refused whole. Where it is
not plain which lines are new, the bank's own balances decide.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from typing import TYPE_CHECKING

import sqlalchemy as sa

from importers.accounts import Accounts
from importers.accounts import Glance
from importers.continuing import Closings
from importers.continuing import continuity
from importers.matching import Names
from importers.planned import KNOWN
from importers.planned import Known
from importers.planned import Plan
from importers.planned import PlannedLines
from importers.planned import PlannedStatement
from importers.planned import planned_in
from importers.progress import Counting
from importers.progress import Step
from importers.progress import nothing
from importers.recognising import Recognising
from importers.recognising import Whose
from importers.recognising import whose
from importers.reconcile import all_problems
from importers.register import Register
from importers.spool import Kept
from importers.spool import Picked
from importers.spool import Spool
from ledger import tables

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from collections.abc import Sequence

    from importers.planned import Account
    from importers.progress import Progress
    from importers.recognising import Named
    from importers.recognising import Reading
    from importers.statement import Problem
    from importers.statement import Statement
    from ledger.installation import Installation

_DAYS = 4_000_000
"""More than the calendar has."""


def make_plan(
    installation: Installation,
    statements: Sequence[Statement],
    foundation: str | None,
    connection: sa.Connection,
    *,
    progress: Progress = nothing,
) -> Plan:
    """Work out what booking statements would do.

    Args:
        foundation: The id of the only foundation whose accounts may be touched; None for any.
        progress: Is told how far it has come; may raise Cancelled.

    Raises:
        AccountUnstated: A statement names no account.
        AccountUnknown: An account is not declared.
        AccountClosed: A statement goes on after its account was closed.
        OtherFoundation: An account belongs to another foundation.
        OtherCurrency: The account is kept in another currency.
    """
    seen = _Seen(connection, statements, foundation)
    ordered, accounts = seen.in_order()
    counting = Counting(progress, Step.PLAN, sum(len(statement.lines) for statement in ordered))
    recognising = Recognising(installation, connection, ordered, accounts, seen.names)
    planning = _Planning(recognising, connection, accounts, counting)
    spool, lines = planning.spool, seen.spool or Spool()
    planned = (planning.plan(place, statement) for place, statement in enumerate(ordered))
    kept = spool.keep(planned, planned_in(spool, lines))
    counting.finish()
    books = dict.fromkeys(account.foundation for account in dict.fromkeys(accounts))
    return Plan(kept, {book: _length(connection, book) for book in books}, spool, lines)


class _Seen:
    """What one look at all lines of a file tells, kept in a few bytes for each statement.

    Attributes:
        names: What tells the lines of each account apart.
        spool: Where the lines of a long file lie.
    """

    def __init__(self, connection: sa.Connection, statements: Sequence[Statement], foundation: str | None) -> None:
        self.names: dict[Whose, Names] = defaultdict(Names)
        self.spool: Spool | None = None
        self._statements = statements
        self._accounts: list[Account] = []
        self._days = array("q")
        declared = Accounts(connection, foundation)
        for statement in statements:
            seen = _glance(statement, self.names[whose(statement)])
            self._accounts.append(declared.account_of(statement.account, seen))
            self._days.append(_begins(statement, seen))
            if isinstance(statement.lines, Kept):
                self.spool = statement.lines.spool

    def in_order(self) -> tuple[Sequence[Statement], Sequence[Account]]:
        """Return the statements in the order of their days, and the account of each."""
        order = array("q", sorted(range(len(self._days)), key=self._days.__getitem__))
        return Picked(self._statements, order), Picked(self._accounts, order)


def _glance(statement: Statement, names: Names) -> Glance:
    """Look at a statement's lines once: their days and currencies, and what tells them apart."""
    days: set[dt.date] = set()
    currencies = {statement.currency} - {None}
    for line in statement.lines:
        days.add(line.booked_on)
        currencies.add(line.currency)
        names.add(line)
    return Glance(min(days, default=None), max(days, default=None), frozenset(map(str, currencies)))


def _begins(statement: Statement, seen: Glance) -> int:
    """Return a number that puts statements of one account in the order of their last days, then their first."""
    first = statement.opening.date if statement.opening else seen.first_on
    last = statement.closing.date if statement.closing else seen.last_on
    last = last or first
    return (last.toordinal() if last else 0) * _DAYS + (first.toordinal() if first else 0)


class _Planning:
    """Plans the statements of one file, one after the other."""

    def __init__(
        self, recognising: Recognising, connection: sa.Connection, accounts: Sequence[Account], counting: Counting
    ) -> None:
        self._recognising, self._connection, self._accounts = recognising, connection, accounts
        self._counting, self.spool = counting, Spool()
        own = dict.fromkeys(accounts)
        self._registers = {account: Register(connection, account.foundation) for account in own}
        self._closings = {account: Closings(connection, account.id) for account in own}

    def plan(self, place: int, statement: Statement) -> PlannedStatement:
        """Plan the next statement."""
        account = self._accounts[place]
        named = tuple(self._recognising.named(place))
        reading, broken = self._likeliest(place, statement, named)
        new = reading.count(None)
        worked_out = self.spool.keep(self._worked_out(place, statement, named, reading), KNOWN)
        nothing_new = self._closings[account].hold(statement, new)
        self._closings[account].add(statement)
        lines = PlannedLines(statement.lines, worked_out, new)
        return PlannedStatement(place, statement, account, lines, all_problems(statement) + broken, nothing_new)

    def _likeliest(
        self, place: int, statement: Statement, named: Sequence[Named]
    ) -> tuple[Reading, tuple[Problem, ...]]:
        """Return which lines stand in the book already: the first reading that the balances bear out.

        Where none does, the first one, with what does not fit.
        """
        account = self._accounts[place]
        closings = self._closings[account]
        last, likeliest = closings.last_before(statement), None
        is_weighed = (last is not None and statement.closing is not None) or self._is_covered(closings, statement)
        for reading in self._recognising.readings(place, named, closings.hold_day, is_weighed=is_weighed):
            broken: tuple[Problem, ...] = ()
            if not closings.hold(statement, reading.count(None)):
                broken = continuity(self._connection, account, statement, reading, last)
            if not broken:
                return reading, ()
            likeliest = likeliest or (reading, broken)
        assert likeliest is not None, "there is always one reading"
        return likeliest

    def _is_covered(self, closings: Closings, statement: Statement) -> bool:
        """Tell whether a statement in the book holds all that was booked on the days of this one's lines."""
        days = [line.booked_on for line in statement.lines] if closings.are_known else []
        return bool(days) and closings.cover(min(days), max(days))

    def _worked_out(
        self, place: int, statement: Statement, named: Sequence[Named], reading: Reading
    ) -> Iterator[Known]:
        """Yield what is known of each line."""
        register = self._registers[self._accounts[place]]
        settled = self._recognising.settle(place, named, reading)
        for line, one in zip(self._counting.along(statement.lines), settled, strict=True):
            yield Known(one.key, one.booked, one.identity.has_twin, register.counter(line))


def _length(connection: sa.Connection, foundation: str) -> int:
    """Return how long a foundation's book is."""
    head = tables.book_head
    found = connection.execute(sa.select(head.c.length).where(head.c.book == f"foundation/{foundation}")).scalar()
    return int(found or 0)


def without_known(plan: Plan) -> Plan:
    """Return the plan without the statements that bring nothing new."""
    if not any(planned.nothing_new for planned in plan.statements):
        return plan
    return plan.of(planned for planned in plan.statements if not planned.nothing_new)
