"""The sums of foundations and initiatives, from the tables that keep them.

granted = explained + unexplained + left, with explained = linked payments less linked refunds, and
unexplained = payments less linked payments. What came in, and what the banks last stated, stand
beside it. No payment is read for a sum.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

import sqlalchemy as sa

from dashboards.pages.parts import BankSum
from dashboards.pages.parts import StatementBadge
from dashboards.pages.parts import Sums
from dashboards.reading.state import day_of
from ledger import tables

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Iterable
    from collections.abc import Mapping

    from dashboards.reading.state import State

EUR = "EUR"
STATEMENT_DAYS = 35
"""How long without a statement is late where nothing else was agreed. Source: RULES BNK-06."""


@dataclass(frozen=True, slots=True)
class Money:
    """What is kept about one foundation: its sums and how fresh they are."""

    sums: Sums
    badge: StatementBadge
    movements: int
    bank: BankSum | None


@dataclass(frozen=True, slots=True)
class Account:
    """What the bank last said about one account, None where it did not; `seen_on`: also by a second person."""

    declared_on: dt.date
    open: bool
    last_on: dt.date | None
    balance_on: dt.date | None
    balance_minor: int | None
    seen_on: dt.date | None = None

    @property
    def known(self) -> bool:
        """Whether its newest statement says what there is; a closed account without one does not count."""
        return self.last_on == self.balance_on and (self.last_on is not None or not self.open)


def money_of(state: State, foundation: str | None = None) -> dict[str, Money]:
    """Return sums and freshness by foundation; of one where it is given."""
    table, sums = tables.foundation, tables.foundation_sum
    query = sa.select(
        table.c.id,
        table.c.currency,
        table.c.statement_every_days,
        table.c.kind,
        *(sa.func.coalesce(sums.c[name], 0).label(name) for name in _KEPT),
    ).outerjoin(sums, sums.c.foundation == table.c.id)
    if foundation is not None:
        query = query.where(table.c.id == foundation)
    accounts = _accounts(state.connection, foundation)
    return {row.id: _money(row, accounts.get(row.id, []), state.today) for row in state.connection.execute(query)}


def total(parts: Iterable[Sums]) -> Sums:
    """Add sums of one currency up."""
    every = list(parts)
    balances = [part.balance_minor for part in every if part.balance_minor is not None]
    return Sums(
        currency=every[0].currency if every else EUR,
        granted_minor=sum(part.granted_minor for part in every),
        explained_minor=sum(part.explained_minor for part in every),
        unexplained_minor=sum(part.unexplained_minor for part in every),
        income_minor=sum(part.income_minor or 0 for part in every),
        balance_minor=sum(balances) if balances else None,
    )


def bank_total(parts: Iterable[BankSum | None]) -> BankSum | None:
    """Add the sums of several banks up; None where one of them is not known, and where there are none."""
    every = list(parts)
    known = [part for part in every if part is not None]
    if not known or len(known) < len(every):
        return None
    return BankSum(
        currency=known[0].currency,
        opening_minor=sum(part.opening_minor for part in known),
        came_in_minor=sum(part.came_in_minor for part in known),
        paid_minor=sum(part.paid_minor for part in known),
        moved_minor=sum(part.moved_minor for part in known),
        balance_minor=sum(part.balance_minor for part in known),
    )


def unexplained_in_all(connection: sa.Connection) -> int:
    """Return what all foundations together have paid and not explained."""
    sums = tables.foundation_sum
    query = sa.select(sa.func.sum(sums.c.paid_minor - sums.c.explained_minor))
    return int(connection.execute(query).scalar() or 0)


def initiative_sums(connection: sa.Connection, ids: Collection[str] | None = None) -> dict[str, Sums]:
    """Return budget and spending by initiative; nothing is unexplained there."""
    budgets = _per_initiative(connection, tables.budget_line, tables.budget_line.c.amount_minor, ids)
    month = tables.category_month
    spent = _per_initiative(connection, month, month.c.spent_minor - month.c.refunded_minor, ids)
    return {
        initiative: Sums(
            currency=EUR,
            granted_minor=budgets.get(initiative, 0),
            explained_minor=spent.get(initiative, 0),
            unexplained_minor=0,
        )
        for initiative in budgets.keys() | spent.keys() | set(ids or ())
    }


def no_sums() -> Sums:
    """Return the sums of an initiative without a budget."""
    return Sums(currency=EUR, granted_minor=0, explained_minor=0, unexplained_minor=0)


_KEPT = (
    "granted_minor",
    "paid_minor",
    "explained_minor",
    "refunded_minor",
    "received_minor",
    "booked_minor",
    "movements",
)


def _money(row: sa.Row[Any], accounts: list[Account], today: dt.date) -> Money:
    balances = [account.balance_minor for account in accounts if account.balance_minor is not None]
    sums = Sums(
        currency=row.currency,
        granted_minor=row.granted_minor,
        explained_minor=row.explained_minor - row.refunded_minor,
        unexplained_minor=row.paid_minor - row.explained_minor,
        income_minor=row.received_minor - row.refunded_minor,
        balance_minor=sum(balances) if balances else None,
    )
    every = dt.timedelta(days=row.statement_every_days or STATEMENT_DAYS)
    badge = _badge([account for account in accounts if account.open], every, today)
    if row.kind == "district" and not accounts:
        badge = StatementBadge(up_to=None, late=False, declared=True)
    return Money(sums, badge, row.movements, _bank(row, sums, accounts))


def _bank(row: sa.Row[Any], sums: Sums, accounts: list[Account]) -> BankSum | None:
    """Return how the bank comes to its balance; None while the balance of an account is not known."""
    if sums.balance_minor is None or not all(account.known for account in accounts):
        return None
    return BankSum(
        currency=row.currency,
        opening_minor=sums.balance_minor - row.booked_minor,
        came_in_minor=row.received_minor - row.refunded_minor,
        paid_minor=row.paid_minor - row.refunded_minor,
        moved_minor=row.booked_minor - row.received_minor + row.paid_minor,
        balance_minor=sums.balance_minor,
    )


def _badge(accounts: list[Account], every: dt.timedelta, today: dt.date) -> StatementBadge:
    """Return how far the figures go: to the last day that every account has a statement of."""
    stated = [account.last_on for account in accounts if account.last_on is not None]
    due = [(account.last_on or account.declared_on) + every for account in accounts]
    up_to, late = min(stated, default=None), any(today > day for day in due)
    seen = [account.seen_on for account in accounts]
    return StatementBadge(
        up_to=up_to,
        late=late,
        days=(today - up_to).days if late and up_to else 0,
        without=len(accounts) - len(stated) if stated else 0,
        seen_to=min((day for day in seen if day), default=None) if all(seen) else None,
    )


def together(badges: Iterable[StatementBadge]) -> StatementBadge | None:
    """Return how far figures of several foundations go; None where none of them rests on a bank."""
    every = [badge for badge in badges if not badge.declared]
    if not every:
        return None
    stated = [badge.up_to for badge in every if badge.up_to]
    seen = [badge.seen_to for badge in every]
    return StatementBadge(
        up_to=min(stated, default=None),
        late=any(badge.late for badge in every),
        days=max(badge.days for badge in every),
        of_one=len(every) > 1,
        without=sum(badge.without or (not badge.up_to) for badge in every) if stated else 0,
        seen_to=min((day for day in seen if day), default=None) if all(seen) else None,
    )


def _accounts(connection: sa.Connection, foundation: str | None) -> Mapping[str, list[Account]]:
    """Return what the banks last said, by foundation; each account's statements by their index."""
    account, statement = tables.account, tables.statement
    own = sa.select(statement).where(statement.c.account == account.c.id).correlate(account)
    last_on = own.with_only_columns(sa.func.max(statement.c.closed_on)).scalar_subquery()
    newest = (statement.c.closed_on.desc(), statement.c.seq.desc())
    stated = own.where(statement.c.closing_minor.is_not(None)).order_by(*newest).limit(1)
    balance = stated.with_only_columns(statement.c.closing_minor).scalar_subquery()
    balance_on = stated.with_only_columns(statement.c.closed_on).scalar_subquery()
    known = (account.c.id, account.c.foundation, account.c.declared_at, account.c.closed_at)
    query = sa.select(*known, last_on, balance_on, balance)
    if foundation is not None:
        query = query.where(account.c.foundation == foundation)
    found: dict[str, list[Account]] = defaultdict(list)
    seen = _seen(connection, foundation)
    for id_, owner, declared_at, closed_at, last, stated_on, amount in connection.execute(query):
        begun, is_open = day_of(declared_at), closed_at is None
        found[owner].append(Account(begun, is_open, last, stated_on, amount, seen.get(id_)))
    return found


def _seen(connection: sa.Connection, foundation: str | None) -> dict[str, dt.date]:
    """Return the last day of each account's newest statement that a second person confirmed."""
    statement, seen = tables.statement, tables.confirmation
    same = sa.and_(seen.c.foundation == statement.c.foundation, seen.c.statement == statement.c.seq)
    query = sa.select(statement.c.account, sa.func.max(statement.c.closed_on)).join(seen, same)
    if foundation is not None:
        query = query.where(seen.c.foundation == foundation)
    return dict(connection.execute(query.group_by(statement.c.account)).all())


def _per_initiative(
    connection: sa.Connection, table: sa.Table, amount: sa.ColumnElement[int], ids: Collection[str] | None
) -> dict[str, int]:
    query = sa.select(table.c.initiative, sa.func.sum(amount)).group_by(table.c.initiative)
    if ids is not None:
        query = query.where(table.c.initiative.in_(sorted(ids)))
    return {initiative: int(amount_minor) for initiative, amount_minor in connection.execute(query)}
