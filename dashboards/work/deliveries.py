"""What a bank delivered and was refused: kept until somebody at a desk has seen it.

An ordinary table; nothing of it is in the books. A refusal is told to the treasurers of the foundation that the file
is about, and to the district where nobody can tell which that is. The same content refused again is one refusal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from dashboards.errors import Missing
from dashboards.errors import NotAllowed
from dashboards.work.ordinary import changing
from dashboards.work.people import roles_of
from ledger import tables

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from dashboards.work.people import Roles
    from ledger.installation import Installation


@dataclass(frozen=True, slots=True)
class RefusedDelivery:
    """A file that was delivered and not booked.

    Attributes:
        content: The SHA-256 of the file (64 hex digits).
        foundation: Whose account it is about; None where nobody can tell.
        code: Of the error.
        place: Where in the file, as the error names it.
    """

    content: str
    foundation: str | None
    filename: str
    code: str
    place: str | None
    refused_at: dt.datetime


def keep_refusal(installation: Installation, refusal: RefusedDelivery) -> None:
    """Keep a refusal until it is seen, in the place of an earlier one of the same content."""
    table = tables.refused_delivery
    with changing(installation.engine) as connection:
        connection.execute(sa.delete(table).where(table.c.content == refusal.content))
        connection.execute(
            sa.insert(table).values(
                content=refusal.content,
                foundation=refusal.foundation,
                filename=refusal.filename,
                code=refusal.code,
                place=refusal.place,
                refused_at=refusal.refused_at,
            )
        )


def unseen_refusals(connection: sa.Connection, roles: Roles) -> tuple[RefusedDelivery, ...]:
    """Return what waits to be seen by somebody with these roles, the newest first."""
    table = tables.refused_delivery
    mine = table.c.foundation.in_(roles.treasurer)
    told = sa.or_(mine, table.c.foundation.is_(None)) if roles.rules else mine
    query = sa.select(table).where(told, table.c.seen_at.is_(None))
    rows = connection.execute(query.order_by(table.c.refused_at.desc(), table.c.content))
    return tuple(
        RefusedDelivery(row.content, row.foundation, row.filename, row.code, row.place, row.refused_at) for row in rows
    )


def see_refusal(installation: Installation, person: str, content: str, now: dt.datetime) -> None:
    """Note that somebody has seen a refusal; the first one stays.

    Raises:
        Missing: There is none of that content.
        NotAllowed: It is told to others.
    """
    table = tables.refused_delivery
    with changing(installation.engine) as connection:
        row = connection.execute(sa.select(table).where(table.c.content == content)).first()
        if row is None:
            raise Missing
        roles = roles_of(connection, person)
        if not (roles.rules if row.foundation is None else row.foundation in roles.treasurer):
            raise NotAllowed
        change = sa.update(table).where(table.c.content == content, table.c.seen_at.is_(None))
        connection.execute(change.values(seen_by=person, seen_at=now))


def foundation_of(connection: sa.Connection, accounts: Collection[str]) -> str | None:
    """Return the one foundation that accounts belong to, else the only one there is, else None."""
    account, table = tables.account, tables.foundation
    owners = sa.select(account.c.foundation).where(account.c.private_iban.in_(accounts)).distinct()
    for query in (owners, sa.select(table.c.id).where(table.c.closed_at.is_(None))):
        found = connection.execute(query.limit(2)).scalars().all()
        if len(found) == 1:
            return str(found[0])
    return None
