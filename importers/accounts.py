"""Which declared account a statement is about, and whether it may be booked there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from typing import NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from importers.errors import AccountClosed
from importers.errors import AccountUnknown
from importers.errors import AccountUnstated
from importers.errors import OtherCurrency
from importers.errors import OtherFoundation
from importers.planned import Account
from ledger import tables

if TYPE_CHECKING:
    import datetime as dt

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_OLD_NUMBER = re.compile(r"[0-9]{3,10}", re.ASCII)
_DUTCH_FIGURES = 10


class Glance(NamedTuple):
    """What one look at a statement's lines tells: their first and last day, and all currencies of the statement."""

    first_on: dt.date | None
    last_on: dt.date | None
    currencies: frozenset[str]


class _Declared(NamedTuple):
    """A declared account and the day on which it was closed."""

    account: Account
    closed_on: dt.date | None


class Accounts:
    """The declared accounts that the statements of a file are about.

    Args:
        foundation: The id of the only foundation whose accounts may be touched; None for any.
    """

    def __init__(self, connection: sa.Connection, foundation: str | None) -> None:
        self._connection, self._foundation = connection, foundation
        self._found: dict[str, _Declared] = {}

    def account_of(self, number: str | None, seen: Glance) -> Account:
        """Return the declared account of a statement.

        Args:
            number: As the statement states it.
            seen: What one look at its lines told.

        Raises:
            AccountUnstated: The statement names no account.
            AccountUnknown: The account is not declared.
            AccountClosed: The statement goes on after its account was closed.
            OtherFoundation: The account belongs to another foundation.
            OtherCurrency: The account is kept in another currency.
        """
        if number is None:
            raise AccountUnstated
        if number not in self._found:
            self._found[number] = _declared(self._connection, number)
        _check(self._found[number], number, seen, self._foundation)
        return self._found[number].account


def _declared(connection: sa.Connection, number: str) -> _Declared:
    """Return the account of that number; of several the one that is open, else the one closed last."""
    account, owner = tables.account, tables.foundation
    query = (
        sa.select(account.c.id, account.c.foundation, account.c.closed_at, owner.c.currency)
        .join(owner, owner.c.id == account.c.foundation)
        .order_by(account.c.closed_at.is_(None).desc(), account.c.closed_at.desc())
    )
    row = connection.execute(query.where(account.c.private_iban == _iban(connection, number))).first()
    if row is None:
        raise AccountUnknown(number)
    closed_on = row.closed_at.astimezone(AMSTERDAM).date() if row.closed_at else None
    return _Declared(Account(row.id, row.foundation, row.currency), closed_on)


def _iban(connection: sa.Connection, number: str) -> str:
    """Return the one declared Dutch IBAN that ends with a number from before there were IBANs; else the number."""
    bare = number.replace(".", "").lstrip("P")
    if not _OLD_NUMBER.fullmatch(bare):
        return number
    iban = tables.account.c.private_iban
    query = sa.select(iban).distinct().where(iban.endswith(bare.zfill(_DUTCH_FIGURES), autoescape=True))
    found = connection.execute(query).scalars().all()
    return str(found[0]) if len(found) == 1 else number


def _check(declared: _Declared, number: str, seen: Glance, foundation: str | None) -> None:
    """Refuse a statement of another foundation, of days after the account was closed, or in another currency."""
    account = declared.account
    if foundation is not None and account.foundation != foundation:
        raise OtherFoundation(number)
    if declared.closed_on is not None and seen.last_on is not None and seen.last_on > declared.closed_on:
        raise AccountClosed(number)
    for currency in sorted(seen.currencies - {account.currency}):
        raise OtherCurrency(currency, account.currency)
