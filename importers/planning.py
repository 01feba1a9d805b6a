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
from functools import partial
from typing import TYPE_CHECKING
from typing import NamedTuple

import sqlalchemy as sa

from importers.accounts import Accounts
from importers.accounts import Glance
from importers.agreeing import Look
from importers.agreeing import lines_of
from importers.balances import Balances
from importers.continuing import Closings
from importers.continuing import problems_of_misfits
from importers.continuing import stated_before
from importers.matching import Names
from importers.planned import KNOWN
from importers.planned import Known
from importers.planned import Plan
from importers.planned import PlannedLines
from importers.planned import PlannedStatement
from importers.planned import Repeated
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
from importers.statement import Problem
from ledger import tables

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from collections.abc import Sequence

    from importers.agreeing import Misfit
    from importers.planned import Account
    from importers.planned import Doubt
    from importers.progress import Progress
    from importers.recognising import Named
    from importers.recognising import Reading
    from importers.statement import Statement
    from ledger.installation import Installation

_DAYS = 4_000_000
"""More than the calendar has."""
_UNCLEAR = Problem("other", "The balances allow more than one way in which lines are payments of a batch.")


def make_plan(
    installation: Installation,
    statements: Sequence[Statement],
    foundation: str | None,
    connection: sa.Connection,
    *,
    repeated: Repeated | None = None,
    progress: Progress = nothing,
) -> Plan:
    """Work out what booking statements would do.

    Args:
        foundation: The id of the only foundation whose accounts may be touched; None for any.
        repeated: What was answered where nothing decides whether lines repeat payments of the book.
        progress: Is told how far it has come; may raise Cancelled.

    Raises:
        AccountUnstated: A statement names no account.
        AccountUnknown: An account is not declared.
        AccountClosed: A statement goes on after its account was closed.
        OtherFoundation: An account belongs to another foundation.
        OtherCurrency: The account is kept in another currency.
    """
    plan = partial(_planned, installation, statements, foundation, connection, progress)
    made = plan(_Answer(repeated))
    if repeated is not None or sum(one.asks is not None for one in made.statements) != 1:
        return made
    same, others = (plan(_Answer(answer, is_tried=True)) for answer in Repeated)
    problems = [sum(len(one.problems) for one in tried.statements) for tried in (same, others)]
    return made if problems[0] == problems[1] else same if problems[0] < problems[1] else others


class _Answer(NamedTuple):
    """Whether lines repeat payments of the book: what somebody answered, or what is tried."""

    repeated: Repeated | None
    is_tried: bool = False


def _planned(  # noqa: PLR0917 - what, of whom, where, and what is known of it
    installation: Installation,
    statements: Sequence[Statement],
    foundation: str | None,
    connection: sa.Connection,
    progress: Progress,
    answer: _Answer,
) -> Plan:
    """Work out a plan with one answer."""
    seen = _Seen(connection, statements, foundation)
    ordered, accounts = seen.in_order()
    counting = Counting(progress, Step.PLAN, sum(len(statement.lines) for statement in ordered))
    recognising = Recognising(installation, connection, ordered, accounts, seen.names)
    planning = _Planning(recognising, connection, ordered, accounts, counting, answer=answer)
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
        self,
        recognising: Recognising,
        connection: sa.Connection,
        statements: Sequence[Statement],
        accounts: Sequence[Account],
        counting: Counting,
        *,
        answer: _Answer,
    ) -> None:
        self._answer = answer
        self._recognising, self._connection, self._accounts = recognising, connection, accounts
        self._counting, self.spool = counting, Spool()
        days = _balance_days(statements, accounts)
        self._registers = {account: Register(connection, account.foundation) for account in days}
        self._closings: dict[Account, Closings] = {}
        self._balances: dict[Account, Balances] = {}
        for account, own in days.items():
            stated = stated_before(connection, account.id)
            self._closings[account] = Closings(stated)
            is_blank = recognising.is_blank(account)
            self._balances[account] = Balances(connection, account, stated, own, is_blank=is_blank)

    def plan(self, place: int, statement: Statement) -> PlannedStatement:
        """Plan the next statement."""
        account = self._accounts[place]
        closings = self._closings[account]
        named = tuple(self._recognising.named(place))
        reading, broken, doubt = self._likeliest(place, statement, named)
        new = reading.known.count(None)
        worked_out = self.spool.keep(self._worked_out(place, statement, named, reading), KNOWN)
        nothing_new = not new and (closings.say(statement) or (closings.hold(statement, new) and not broken))
        closings.add(statement)
        self._balances[account].add(statement, reading.known)
        lines = PlannedLines(statement.lines, worked_out, new)
        problems = all_problems(statement) + (() if nothing_new else broken)
        asked = (doubt, self._answer.repeated) if doubt and not self._answer.is_tried else ()
        return PlannedStatement(
            place, statement, account, lines, problems, nothing_new, frozenset(reading.parts), *asked
        )

    def _likeliest(
        self, place: int, statement: Statement, named: Sequence[Named]
    ) -> tuple[Reading, tuple[Problem, ...], Doubt | None]:
        """Return which lines stand in the book already: the first reading that the balances bear out.

        Where none does, the one that they contradict least, with what does not fit; what is known is not forgotten.
        """
        account = self._accounts[place]
        closings, balances = self._closings[account], self._balances[account]
        last = closings.last_before(statement)
        is_weighed = statement.closing is not None and (last is not None or statement.opening is not None)
        is_weighed = is_weighed or self._is_covered(closings, statement)
        lines = None if balances.are_none else lines_of(statement)
        least: tuple[Reading, tuple[Misfit, ...]] | None = None
        guesses: list[Reading] = []
        for reading in self._recognising.readings(place, named, closings.hold_day, is_weighed=is_weighed):
            misfits = Look(balances, statement, lines, reading.known, reading.parts).misfits() if lines else ()
            if not misfits and not reading.is_guess:
                least, guesses = (reading, misfits), []
                break
            if not misfits:
                guesses.append(reading)
                continue
            forgets = any(
                booked is None and one.booked is not None for one, booked in zip(named, reading.known, strict=True)
            )
            if least is None or (len(misfits) < len(least[1]) and not forgets):
                least = (reading, misfits)
        assert least is not None, "there is always one reading"
        reading, misfits = (guesses[0], ()) if guesses else least
        doubt = None
        for fuller in self._recognising.fuller(place, named, reading):
            known = fuller.reading
            others = Look(balances, statement, lines, known.known, known.parts).misfits() if lines else ()
            if len(others) <= len(misfits):
                is_sure = fuller.is_sure or (len(others) < len(misfits) and not fuller.is_summed)
                doubt = None if is_sure or (fuller.is_summed and misfits) else fuller.doubt
                if is_sure or self._answer.repeated is Repeated.SAME:
                    reading, misfits = fuller.reading, others
                break
        is_known = any(booked is not None for booked in reading.known)
        problems = problems_of_misfits(statement, last, misfits, is_known=is_known)
        unclear = (_UNCLEAR,) if len({_new(statement, guess) for guess in guesses}) > 1 else ()
        return reading, problems + unclear, doubt

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


def _new(statement: Statement, reading: Reading) -> tuple[tuple[dt.date, int], ...]:
    """Return days and amounts of the lines that a reading takes for new ones."""
    lines = zip(statement.lines, reading.known, strict=True)
    return tuple(sorted((line.booked_on, line.amount_minor) for line, booked in lines if booked is None))


def _balance_days(statements: Sequence[Statement], accounts: Sequence[Account]) -> dict[Account, set[dt.date]]:
    """Return on which days a file states a balance of each account."""
    days: dict[Account, set[dt.date]] = {}
    for statement, account in zip(statements, accounts, strict=True):
        stated = days.setdefault(account, set())
        stated.update(balance.date for balance in (statement.opening, statement.closing) if balance)
    return days


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
