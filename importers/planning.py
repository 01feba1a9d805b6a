"""What booking a file would do, worked out without writing anything.

A plan says for every statement which account and foundation it belongs to, which of its
lines are new, what each counterparty is in the register, and what does not fit. The preview
shows the plan; confirming carries the same plan out.

Invariants: a line that was booked before is never new; two equal lines within one file are
two payments; a file that touches another foundation's account is refused whole. Where it is
not plain which lines are new, the bank's own balances decide.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from importers.accounts import Glance
from importers.accounts import accounts_of
from importers.continuing import Closings
from importers.continuing import continuity
from importers.matching import Names
from importers.planned import KNOWN
from importers.planned import Known
from importers.planned import Plan
from importers.planned import PlannedLines
from importers.planned import PlannedStatement
from importers.progress import Counting
from importers.progress import Step
from importers.progress import nothing
from importers.recognising import Recognising
from importers.recognising import Whose
from importers.recognising import whose
from importers.reconcile import all_problems
from importers.register import Register
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
    names: dict[Whose, Names] = defaultdict(Names)
    seen = [(statement, _glance(statement, names[whose(statement)])) for statement in statements]
    seen.sort(key=_begins)
    accounts = accounts_of(connection, seen, foundation)
    ordered = [statement for statement, _ in seen]
    counting = Counting(progress, Step.PLAN, sum(len(statement.lines) for statement in ordered))
    recognising = Recognising(installation, connection, ordered, accounts, names)
    planning = _Planning(recognising, connection, accounts, counting)
    planned = tuple(planning.plan(place, statement) for place, statement in enumerate(ordered))
    counting.finish()
    books = {account.foundation for account in accounts}
    return Plan(planned, {book: _length(connection, book) for book in books})


def _glance(statement: Statement, names: Names) -> Glance:
    """Look at a statement's lines once: their days and currencies, and what tells them apart."""
    days: set[dt.date] = set()
    currencies = {statement.currency} - {None}
    for line in statement.lines:
        days.add(line.booked_on)
        currencies.add(line.currency)
        names.add(line)
    return Glance(min(days, default=None), max(days, default=None), frozenset(map(str, currencies)))


def _begins(seen: tuple[Statement, Glance]) -> tuple[str, str]:
    """Return a key that puts statements of one account in the order of their days."""
    statement, glance = seen
    first = statement.opening.date if statement.opening else glance.first_on
    last = statement.closing.date if statement.closing else glance.last_on
    return (str(last or first or ""), str(first or ""))


class _Planning:
    """Plans the statements of one file, one after the other."""

    def __init__(
        self, recognising: Recognising, connection: sa.Connection, accounts: Sequence[Account], counting: Counting
    ) -> None:
        self._recognising, self._connection, self._accounts = recognising, connection, accounts
        self._counting, self._spool = counting, Spool()
        own = dict.fromkeys(accounts)
        self._registers = {account: Register(connection, account.foundation) for account in own}
        self._closings = {account: Closings(connection, account.id) for account in own}

    def plan(self, place: int, statement: Statement) -> PlannedStatement:
        """Plan the next statement."""
        account = self._accounts[place]
        named = tuple(self._recognising.named(place))
        reading, broken = self._likeliest(place, statement, named)
        new = reading.count(None)
        worked_out = self._spool.keep(self._worked_out(place, statement, named, reading), KNOWN)
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
        is_weighed = last is not None and statement.closing is not None
        for reading in self._recognising.readings(place, named, is_weighed=is_weighed):
            broken: tuple[Problem, ...] = ()
            if not closings.hold(statement, reading.count(None)):
                broken = continuity(self._connection, account, statement, reading, last)
            if not broken:
                return reading, ()
            likeliest = likeliest or (reading, broken)
        assert likeliest is not None, "there is always one reading"
        return likeliest

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
    return replace(plan, statements=tuple(planned for planned in plan.statements if not planned.nothing_new))
