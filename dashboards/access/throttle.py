"""A brake on guessing passwords: few attempts per account, some more per address.

An attempt is counted before the password is looked at, so that guesses sent at once do not
slip through together. Accounts and addresses stand in the table as HMACs only, and no longer
than the quarter of an hour for which they count.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from dashboards.errors import TooManyAttempts
from dashboards.work.people import plain_email
from ledger import tables

if TYPE_CHECKING:
    from ledger.installation import Installation

COUNTS = dt.timedelta(minutes=15)
PER_ACCOUNT = 5
PER_ADDRESS = 30


@dataclass(frozen=True, slots=True)
class Subjects:
    """What attempts are counted for, each as an HMAC."""

    account: str
    address: str


def subjects(installation: Installation, email: str, address: str) -> Subjects:
    """Return what an attempt counts for: the account that it names, and where it comes from."""
    account = installation.keyed("attempt on account", plain_email(email))
    return Subjects(account, installation.keyed("attempt from address", address))


def count_attempt(connection: sa.Connection, who: Subjects, now: dt.datetime) -> None:
    """Count an attempt that is about to be made; older ones are forgotten.

    Raises:
        TooManyAttempts: There were too many already; this one is not counted.
    """
    table = tables.sign_in_attempt
    connection.execute(sa.delete(table).where(table.c.at <= now - COUNTS))
    if _counted(connection, who.account) >= PER_ACCOUNT or _counted(connection, who.address) >= PER_ADDRESS:
        raise TooManyAttempts
    rows = [{"subject": who.account, "at": now}, {"subject": who.address, "at": now}]
    connection.execute(sa.insert(table), rows)


def forget_account(connection: sa.Connection, who: Subjects) -> None:
    """Forget an account's attempts after the right password."""
    table = tables.sign_in_attempt
    connection.execute(sa.delete(table).where(table.c.subject == who.account))


def _counted(connection: sa.Connection, subject: str) -> int:
    """Return how many attempts count for a subject."""
    table = tables.sign_in_attempt
    query = sa.select(sa.func.count()).select_from(table).where(table.c.subject == subject)
    return connection.execute(query).scalar_one()
