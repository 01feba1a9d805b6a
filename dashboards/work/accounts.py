"""Accounts that nobody declared yet: one person of a foundation says that an account is theirs, a second one approves.

A treasurer who brings a statement of such an account proposes it; nothing is typed that the bank's file says. Another
person with a role in the foundation approves or refuses; approving appends `account declared`, by both. What waits for
an answer is an ordinary row, private to the foundation, and whose another account is, is never told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from dashboards import errors
from dashboards.work.ordinary import changing
from dashboards.work.people import people_of
from dashboards.work.people import roles_of
from dashboards.work.proposals import LONGEST_NAME
from dashboards.work.proposals import plain_text
from importers.figures import is_card
from importers.reading import read
from ledger import tables
from ledger.entry import foundation_book
from ledger.entry import new_id

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from typing import Any

    from ledger.canonical import Json
    from ledger.files import Content
    from ledger.installation import Installation

MANDATES = ("together", "alone", "unknown")
NO_NAME_SHOWN = "residents"
"""The kind of foundation whose account is nobody else's business."""
TWO = 2


@dataclass(frozen=True, slots=True)
class DeclaredAccount:
    """A declared account that is open."""

    id: str
    iban: str
    mandate: str
    declared_at: dt.datetime


@dataclass(frozen=True, slots=True)
class AccountProposal:
    """An account that somebody says is the foundation's.

    Attributes:
        settled_by: Who answered; None while it waits.
        account: The id under which it was declared; None where it waits or was refused.
    """

    id: str
    foundation: str
    iban: str
    holder: str
    mandate: str
    proposed_by: str
    proposed_at: dt.datetime
    settled_by: str | None
    account: str | None


def declared_accounts(connection: sa.Connection, foundation: str) -> tuple[DeclaredAccount, ...]:
    """Return a foundation's open accounts, as its own people know them; those whose number was erased are left out."""
    table = tables.account
    mine = (table.c.foundation == foundation, table.c.closed_at.is_(None), table.c.private_iban.is_not(None))
    rows = connection.execute(sa.select(table).where(*mine).order_by(table.c.private_iban))
    return tuple(DeclaredAccount(row.id, row.private_iban, row.mandate, row.declared_at) for row in rows)


def undeclared(installation: Installation, content: Content) -> tuple[str, ...]:
    """Return the numbers of accounts that a file names and nobody declared.

    Raises:
        UnreadableFile: The file cannot be read in full.
    """
    named = dict.fromkeys(statement.account for statement in read(content) if statement.account)
    with installation.store.reading() as connection:
        return tuple(number for number in named if not _is_known(connection, number))


def are_declared(connection: sa.Connection, numbers: Sequence[str]) -> bool:
    """Tell whether somebody declared each of these accounts."""
    return all(_is_known(connection, number) for number in numbers)


def propose_account(  # noqa: PLR0917 - who, for whom, which account, whose, with which mandate, and when
    installation: Installation,
    person: str,
    foundation: str,
    iban: str,
    holder: str,
    mandate: str,
    now: dt.datetime,
) -> str:
    """Say that an account is the foundation's, and return the id of the proposal; one that waits stays as it is.

    Raises:
        NotAllowed: The person is not the foundation's treasurer.
        HolderRefused: It is not said in whose name the account is.
        MandateRefused: It is not said whether one person can pay alone.
        Settled: Somebody declared the account meanwhile.
    """
    name = plain_text(holder, errors.HolderRefused, LONGEST_NAME)
    if mandate not in MANDATES:
        raise errors.MandateRefused
    table = tables.account_proposal
    with changing(installation.engine) as connection:
        if foundation not in roles_of(connection, person).treasurer:
            raise errors.NotAllowed
        if _is_known(connection, iban):
            raise errors.Settled
        for waiting in proposals(connection, foundation):
            if waiting.iban == iban:
                return waiting.id
        id_ = new_id()
        row = {"id": id_, "foundation": foundation, "iban": iban, "holder": name, "mandate": mandate}
        connection.execute(sa.insert(table).values(**row, proposed_by=person, proposed_at=now))
    return id_


def proposals(connection: sa.Connection, foundation: str, *, settled: bool = False) -> tuple[AccountProposal, ...]:
    """Return a foundation's proposals that wait for an answer, or that got one, the newest first."""
    table = tables.account_proposal
    answered = table.c.settled_at.is_not(None) if settled else table.c.settled_at.is_(None)
    query = sa.select(table).where(table.c.foundation == foundation, answered)
    rows = connection.execute(query.order_by(table.c.proposed_at.desc(), table.c.id))
    return tuple(map(_proposal, rows))


def count_proposals(connection: sa.Connection, foundation: str, person: str) -> int:
    """Return how many accounts wait for this person's answer."""
    return sum(one.proposed_by != person for one in proposals(connection, foundation))


def approve_account(installation: Installation, person: str, proposal: str, now: dt.datetime) -> str:
    """Declare an account as the second person, and return its id.

    Raises:
        Missing: There is no such proposal.
        NotAllowed: The person has no role in the foundation.
        Settled: It was answered before.
        OwnProposal: The person proposed it.
        TwoNeeded: The foundation has not two people with a role.
        AccountTaken: It was declared elsewhere meanwhile.
    """
    store, account = installation.store, new_id()
    with store.writing(now) as appender:
        found = _answerable(appender.connection, person, proposal)
        if found.proposed_by == person:
            raise errors.OwnProposal
        if len(people_of(appender.connection, found.foundation)) < TWO:
            raise errors.TwoNeeded
        if _is_known(appender.connection, found.iban):
            raise errors.AccountTaken
        book, by = foundation_book(found.foundation), (found.proposed_by, person)
        public: dict[str, Json] = {"account": account, "mandate": found.mandate, "basis": "desk"}
        private: dict[str, Json] = {"iban": found.iban, "holder": found.holder, "viewers": None}
        entry = appender.append(store.draft(book, "account declared", public, private, by))
        if _is_shown(appender.connection, found.foundation) and not is_card(found.iban):
            appender.append(store.draft(book, "disclosed", {"pairs": [[entry.seq, "iban"]]}, by=by))
        _settle(appender.connection, proposal, person, now, account)
    return account


def refuse_account(installation: Installation, person: str, proposal: str, now: dt.datetime) -> None:
    """Say that an account is not declared; who proposed it may so take it back.

    Raises:
        Missing: There is no such proposal.
        NotAllowed: The person has no role in the foundation.
        Settled: It was answered before.
    """
    with changing(installation.engine) as connection:
        _answerable(connection, person, proposal)
        _settle(connection, proposal, person, now, None)


def _is_known(connection: sa.Connection, number: str) -> bool:
    """Tell whether anybody declared an account of that number; one that was closed is known too."""
    table = tables.account
    return connection.execute(sa.select(table.c.id).where(table.c.private_iban == number)).first() is not None


def _is_shown(connection: sa.Connection, foundation: str) -> bool:
    """Tell whether a foundation's account numbers are public."""
    table = tables.foundation
    kind = connection.execute(sa.select(table.c.kind).where(table.c.id == foundation)).scalar_one()
    return bool(kind != NO_NAME_SHOWN)


def _answerable(connection: sa.Connection, person: str, proposal: str) -> AccountProposal:
    """Return a proposal that this person may answer."""
    table = tables.account_proposal
    row = connection.execute(sa.select(table).where(table.c.id == proposal)).first()
    if row is None:
        raise errors.Missing
    if row.foundation not in roles_of(connection, person).foundations:
        raise errors.NotAllowed
    if row.settled_at is not None:
        raise errors.Settled
    return _proposal(row)


def _settle(connection: sa.Connection, proposal: str, person: str, now: dt.datetime, account: str | None) -> None:
    """Keep the answer, if nobody gave one meanwhile.

    Raises:
        Settled: Somebody did.
    """
    table = tables.account_proposal
    change = sa.update(table).where(table.c.id == proposal, table.c.settled_at.is_(None))
    if not connection.execute(change.values(settled_by=person, settled_at=now, account=account)).rowcount:
        raise errors.Settled


def _proposal(row: sa.Row[Any]) -> AccountProposal:
    return AccountProposal(
        id=row.id,
        foundation=row.foundation,
        iban=row.iban,
        holder=row.holder,
        mandate=row.mandate,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        settled_by=row.settled_by,
        account=row.account,
    )
