"""Signing in and out: an address and a password become a session.

An unknown address takes as long as a wrong password and gets the same answer, so that nobody
learns who has an account.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.access import sessions
from dashboards.access import throttle
from dashboards.errors import SignInRefused
from dashboards.work.ordinary import changing
from dashboards.work.people import person_by_email
from dashboards.work.people import renew_hash
from dashboards.work.people import right_password

if TYPE_CHECKING:
    import datetime as dt

    from ledger.installation import Installation


def sign_in(installation: Installation, email: str, password: str, address: str, now: dt.datetime) -> str:
    """Begin a session and return its token.

    Args:
        installation: Whose people.
        email: As typed.
        password: As typed.
        address: Where the request comes from; only an HMAC of it is kept, for a quarter of an hour.
        now: The clock.

    Raises:
        TooManyAttempts: Too many wrong passwords for this account or from this address.
        SignInRefused: Address and password do not belong together.
    """
    who = throttle.subjects(installation, email, address)
    with changing(installation.engine) as connection:
        throttle.count_attempt(connection, who, now)
    with installation.store.reading() as connection:
        person = person_by_email(connection, email)
    if not right_password(person, password) or person is None:
        raise SignInRefused
    with changing(installation.engine) as connection:
        throttle.forget_account(connection, who)
        renew_hash(connection, person, password)
        return sessions.begin(connection, person, now)


def sign_out(installation: Installation, token: str) -> None:
    """End a session."""
    with changing(installation.engine) as connection:
        sessions.end(connection, token)
