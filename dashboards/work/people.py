"""People: who has an account, their passwords, and what they may do now.

A person is a private row; in the books only its random id stands. What somebody may do is
read from the view of roles on every request, so that a role that ended has ended at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError
from argon2.exceptions import VerificationError

from dashboards.errors import EmailRefused
from dashboards.errors import EmailTaken
from dashboards.errors import Missing
from dashboards.errors import NameRefused
from dashboards.errors import PasswordRefused
from ledger import tables
from ledger.entry import new_id

if TYPE_CHECKING:
    import datetime as dt

HASHER = PasswordHasher()
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\Z")
LONGEST_EMAIL = 254
LONGEST_NAME = 200
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1024


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account."""

    id: str
    email: str
    name: str
    password_hash: str | None


@dataclass(frozen=True, slots=True)
class Roles:
    """What a person may do now; roles and ties that ended do not count.

    Attributes:
        treasurer: Ids of the foundations whose treasurer this is.
        signatory: Ids of the foundations whose second signatory this is.
        owner: Ids of the initiatives that this person owns.
        officer: Whether a district officer.
        head: Whether the head of the district.
        ties: Ids of the foundations that this person has a tie with.
    """

    treasurer: frozenset[str] = frozenset()
    signatory: frozenset[str] = frozenset()
    owner: frozenset[str] = frozenset()
    officer: bool = False
    head: bool = False
    ties: frozenset[str] = frozenset()

    @property
    def foundations(self) -> frozenset[str]:
        """Return the foundations that this person acts for."""
        return self.treasurer | self.signatory

    @property
    def rules(self) -> bool:
        """Return whether this person rules on flags for the district."""
        return self.officer or self.head

    def tied(self, foundation: str) -> bool:
        """Return whether a ruling on this foundation is for somebody else.

        Whoever acts for a foundation has a tie with it, declared or not.
        """
        return foundation in self.ties or foundation in self.foundations


def plain_email(email: str) -> str:
    """Return an address as it is kept and looked up."""
    return email.strip().casefold()


def add_person(connection: sa.Connection, email: str, name: str, now: dt.datetime) -> str:
    """Add a person without a password and return the new id.

    Raises:
        EmailRefused: This is no e-mail address.
        EmailTaken: Somebody has it already.
        NameRefused: The name is missing.
    """
    address, shown = plain_email(email), name.strip()
    if not EMAIL.match(address) or len(address) > LONGEST_EMAIL:
        raise EmailRefused
    if not shown or len(shown) > LONGEST_NAME:
        raise NameRefused
    if person_by_email(connection, address) is not None:
        raise EmailTaken
    person = new_id()
    row = {"id": person, "email": address, "name": shown, "password_hash": None, "created_at": now}
    connection.execute(sa.insert(tables.person).values(row))
    return person


def person_by_email(connection: sa.Connection, email: str) -> Person | None:
    """Return who has this address."""
    return _person(connection, tables.person.c.email == plain_email(email))


def person_by_id(connection: sa.Connection, person: str) -> Person | None:
    """Return the person with this id."""
    return _person(connection, tables.person.c.id == person)


def names_of(connection: sa.Connection) -> dict[str, str]:
    """Return the name of every person by id, for desks alone."""
    rows = connection.execute(sa.select(tables.person.c.id, tables.person.c.name))
    return dict(rows.all())


def _person(connection: sa.Connection, match: sa.ColumnElement[bool]) -> Person | None:
    """Return the one person that matches."""
    table = tables.person
    row = connection.execute(sa.select(table.c.id, table.c.email, table.c.name, table.c.password_hash).where(match))
    found = row.first()
    return None if found is None else Person(*found)


def set_password(connection: sa.Connection, person: str, password: str) -> None:
    """Give a person a new password, and end the sessions begun with the old one.

    Raises:
        PasswordRefused: It is too short or far too long.
        Missing: There is no such person.
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise PasswordRefused
    if not _keep_hash(connection, person, HASHER.hash(password)):
        raise Missing
    connection.execute(sa.delete(tables.web_session).where(tables.web_session.c.person == person))


def right_password(person: Person | None, password: str) -> bool:
    """Tell whether this is the person's password; takes as long where there is no such person."""
    known = person is not None and person.password_hash is not None
    kept = person.password_hash if person is not None and person.password_hash is not None else _decoy()
    try:
        return HASHER.verify(kept, password if len(password) <= LONGEST_PASSWORD else "") and known
    except (VerificationError, InvalidHashError):
        return False


def renew_hash(connection: sa.Connection, person: Person, password: str) -> None:
    """Hash a password anew where the parameters have become stronger; only after `right_password`."""
    if person.password_hash is not None and HASHER.check_needs_rehash(person.password_hash):
        _keep_hash(connection, person.id, HASHER.hash(password))


def _keep_hash(connection: sa.Connection, person: str, password_hash: str) -> bool:
    """Keep a hash; tell whether there is such a person."""
    table = tables.person
    change = sa.update(table).where(table.c.id == person).values(password_hash=password_hash)
    return connection.execute(change).rowcount == 1


@cache
def _decoy() -> str:
    """Return a hash that no password fits, to spend the same time on."""
    return HASHER.hash(new_id() + new_id())


def roles_of(connection: sa.Connection, person: str) -> Roles:
    """Return what a person may do now."""
    role = tables.role
    query = sa.select(role.c.role, role.c.foundation, role.c.initiative)
    rows = connection.execute(query.where(role.c.person == person, role.c.ended_at.is_(None))).all()
    return Roles(
        treasurer=frozenset(foundation for name, foundation, _ in rows if name == "treasurer" and foundation),
        signatory=frozenset(foundation for name, foundation, _ in rows if name == "signatory" and foundation),
        owner=frozenset(initiative for name, _, initiative in rows if name == "owner" and initiative),
        officer=any(name == "officer" for name, _, _ in rows),
        head=any(name == "head" for name, _, _ in rows),
        ties=_ties(connection, person),
    )


def people_of(connection: sa.Connection, foundation: str) -> frozenset[str]:
    """Return the ids of who acts for a foundation now: its treasurers and signatories."""
    role = tables.role
    current = (role.c.foundation == foundation, role.c.ended_at.is_(None))
    query = sa.select(role.c.person).where(*current, role.c.role.in_(("treasurer", "signatory")))
    return frozenset(connection.execute(query).scalars())


def _ties(connection: sa.Connection, person: str) -> frozenset[str]:
    """Return the foundations that a person has a tie with."""
    tie = tables.tie
    query = sa.select(tie.c.foundation).where(tie.c.person == person, tie.c.ended_at.is_(None))
    return frozenset(connection.execute(query).scalars())
