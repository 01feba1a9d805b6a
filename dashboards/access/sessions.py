"""Web sessions: a random token in the browser, its SHA-256 in the database.

Who reads the database cannot sign in with what stands there. A token is made anew at every
sign-in and forgotten at sign-out; it holds for twelve hours, used or not.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from typing import TYPE_CHECKING

import sqlalchemy as sa

from ledger import tables

if TYPE_CHECKING:
    from dashboards.work.people import Person

LASTS = dt.timedelta(hours=12)
TOKEN_BYTES = 32


def begin(connection: sa.Connection, person: Person, now: dt.datetime) -> str:
    """Begin a session and return its token; sessions that ended are forgotten."""
    table = tables.web_session
    connection.execute(sa.delete(table).where(table.c.expires_at <= now))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = {"token_hash": _hash(token), "person": person.id, "created_at": now, "expires_at": now + LASTS}
    connection.execute(sa.insert(table).values(row))
    return token


def person_of(connection: sa.Connection, token: str, now: dt.datetime) -> str | None:
    """Return the id of whose session this is, or None where there is none any more."""
    table = tables.web_session
    query = sa.select(table.c.person).where(table.c.token_hash == _hash(token), table.c.expires_at > now)
    return connection.execute(query).scalar_one_or_none()


def end(connection: sa.Connection, token: str) -> None:
    """End a session."""
    table = tables.web_session
    connection.execute(sa.delete(table).where(table.c.token_hash == _hash(token)))


def _hash(token: str) -> str:
    """Return what the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
