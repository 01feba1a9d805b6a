"""A second pair of eyes: another person brings the same account and period, and it is compared with the book.

A statement in the book is confirmed by a file of somebody else that reaches from its first day to its last, holds every
line that came with it and no other of those days, and states the same balances. Where such a file differs, it is booked
as a statement of its own that says so, for everybody to see (BNK-01); the same difference from the same
person is said once. What the bank delivered by itself was seen by nobody, so that nobody is the second.

Source: DESIGN "Importing".
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from typing import TYPE_CHECKING
from typing import Any

import sqlalchemy as sa

from importers.reconcile import decimal_text
from importers.statement import Problem
from ledger import tables
from ledger.entry import foundation_book
from ledger.entry import read_entry

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Sequence

    from importers.planned import Plan
    from importers.planned import PlannedStatement
    from importers.statement import Statement
    from ledger.installation import Installation
    from ledger.store import Appender

DIFFERS = "differs"


@dataclass(slots=True)
class SecondEyes:
    """Compares what somebody brings with what others brought before.

    Attributes:
        by: Who brings it; nobody for a bank's own delivery.
        confirmed: (foundation, place) of each statement that the plan judged last confirms.
    """

    installation: Installation
    by: tuple[str, ...]
    confirmed: list[tuple[str, int]] = field(default_factory=list)

    def judge(self, connection: sa.Connection, plan: Plan) -> Plan:
        """Return the plan with what differs as problems, and take note of what is confirmed."""
        self.confirmed.clear()
        if not self.by:
            return plan
        return plan.of(self._judged(connection, planned) for planned in plan.statements)

    def append(self, appender: Appender) -> None:
        """Append what is confirmed, in a transaction that books the same plan."""
        for foundation, seq in self.confirmed:
            public = {"statement": seq}
            draft = self.installation.store.draft(
                foundation_book(foundation), "statement confirmed", public, by=self.by
            )
            appender.append(draft)

    def append_alone(self, plan: Plan, now: dt.datetime) -> None:
        """Append what is confirmed by a plan that books nothing.

        Raises:
            BooksMoved: Somebody else wrote in the same book meanwhile.
        """
        if not self.confirmed:
            return
        with self.installation.store.writing(now) as appender:
            for foundation, length in plan.lengths.items():
                appender.expect(foundation_book(foundation), length)
            self.append(appender)

    def _judged(self, connection: sa.Connection, planned: PlannedStatement) -> PlannedStatement:
        """Return a planned statement with what differs from others' statements of its days."""
        others = [one for one in _within(connection, planned) if self._is_others(connection, one)]
        if not others:
            return planned
        known = {line.booked for line in planned.lines if line.booked is not None}
        problems: list[Problem] = []
        for one in others:
            differences = tuple(_differences(connection, planned, one, known))
            if differences:
                problems.extend(differences)
            elif _same_end(planned.statement, one):
                self.confirmed.append((one.foundation, one.seq))
        if not problems or (planned.nothing_new and self._said_before(connection, planned)):
            return planned
        return replace(planned, problems=(*planned.problems, *problems), nothing_new=False)

    def _is_others(self, connection: sa.Connection, one: sa.Row[Any]) -> bool:
        """Tell whether a person brought a statement, and none of those who bring this file."""
        brought = _bringers(connection, one.idx)
        return bool(brought) and brought.isdisjoint(self.by)

    def _said_before(self, connection: sa.Connection, planned: PlannedStatement) -> bool:
        """Tell whether the same person brought a statement with the same days and balances that differed."""
        statement, table = planned.statement, tables.statement
        opening, closing = statement.opening, statement.closing
        query = sa.select(table.c.idx, table.c.problems).where(
            table.c.account == planned.account.id,
            table.c.closed_on == (closing.date if closing else None),
            table.c.closing_minor == (closing.amount_minor if closing else None),
            table.c.opening_minor == (opening.amount_minor if opening else None),
            table.c.lines == len(planned.lines),
        )
        rows = connection.execute(query).all()
        return any(DIFFERS in row.problems and not _bringers(connection, row.idx).isdisjoint(self.by) for row in rows)


def _bringers(connection: sa.Connection, idx: int) -> set[str]:
    """Return who brought a statement."""
    body = connection.execute(sa.select(tables.entry.c.body).where(tables.entry.c.idx == idx)).scalar_one()
    return set(read_entry(idx, body).by)


def _days(statement: Statement) -> tuple[dt.date, dt.date] | None:
    """Return the first and last day that a file speaks of."""
    days = [line.booked_on for line in statement.lines]
    days += [balance.date for balance in (statement.opening, statement.closing) if balance]
    return (min(days), max(days)) if days else None


def _within(connection: sa.Connection, planned: PlannedStatement) -> list[sa.Row[Any]]:
    """Return the statements in the book, not confirmed yet, that a file reaches around from their first day to last."""
    days, table, seen = _days(planned.statement), tables.statement, tables.confirmation
    if days is None:
        return []
    opening = planned.statement.opening
    confirmed = sa.exists().where(seen.c.foundation == table.c.foundation, seen.c.statement == table.c.seq)
    begins = sa.or_(
        table.c.opened_on.is_(None),
        table.c.opened_on >= days[0],
        table.c.opening_minor == (opening.amount_minor if opening else None),
    )
    query = sa.select(table).where(
        table.c.account == planned.account.id, table.c.closed_on.between(*days), begins, sa.not_(confirmed)
    )
    return [row for row in connection.execute(query.order_by(table.c.seq)) if DIFFERS not in row.problems]


def _differences(
    connection: sa.Connection, planned: PlannedStatement, one: sa.Row[Any], known: set[int]
) -> Iterator[Problem]:
    """Yield how a file differs from a statement in the book that it reaches around."""
    line = tables.movement
    query = sa.select(line.c.idx, line.c.booked_on, line.c.amount_minor).where(
        line.c.foundation == one.foundation, line.c.statement == one.seq
    )
    rows = connection.execute(query).all()
    missing = [row for row in rows if row.idx not in known]
    extra = list(_extra(planned, one, min((row.booked_on for row in rows), default=one.closed_on)))
    if missing:
        yield _problem("is missing in this file", len(missing), sum(row.amount_minor for row in missing))
    if extra:
        yield _problem("of this file is missing in the book", len(extra), sum(extra))
    for mine, on, amount in (
        (planned.statement.opening, one.opened_on, one.opening_minor),
        (planned.statement.closing, one.closed_on, one.closing_minor),
    ):
        if mine is not None and amount is not None and mine.date == on and mine.amount_minor != amount:
            text = f"The book has {decimal_text(amount)} on {on}, this file {decimal_text(mine.amount_minor)}."
            yield Problem(DIFFERS, text)


def _problem(what: str, count: int, amount_minor: int) -> Problem:
    """Say how many lines differ, and how much they come to."""
    lines = "1 line" if count == 1 else f"{count} lines"
    return Problem(
        DIFFERS, f"Somebody else brought the same days: {lines} {what}, together {decimal_text(amount_minor)}."
    )


def _extra(planned: PlannedStatement, one: sa.Row[Any], first: dt.date) -> Iterable[int]:
    """Yield the amounts of new lines of days that a statement in the book holds in full; its last may grow."""
    for line in planned.lines:
        day = line.line.booked_on
        inside = first <= day or (one.opened_on is not None and one.opened_on < day)
        if not line.known and inside and day < one.closed_on:
            yield line.line.amount_minor


def _same_end(statement: Statement, one: sa.Row[Any]) -> bool:
    """Tell whether a file's balances lead to a statement's closing one; true where it states none."""
    opening, closing = statement.opening, statement.closing
    if closing is not None and closing.date == one.closed_on:
        return bool(closing.amount_minor == one.closing_minor)
    if opening is None or one.closing_minor is None:
        return True
    until = sum(line.amount_minor for line in statement.lines if line.booked_on <= one.closed_on)
    return bool(opening.amount_minor + until == one.closing_minor)


def confirmers(connection: sa.Connection, foundation: str) -> dict[int, Sequence[str]]:
    """Return who confirmed which statements of a foundation: ids of people by the statement's place."""
    table = tables.confirmation
    found: dict[int, list[str]] = {}
    for row in connection.execute(sa.select(table).where(table.c.foundation == foundation).order_by(table.c.idx)):
        found.setdefault(row.statement, []).append(row.by)
    return dict(found)
