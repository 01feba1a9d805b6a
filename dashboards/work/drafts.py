"""Drafts of an upload: which file somebody brought and what was chosen so far.

A draft is private to the person who began it, survives a reload, and says nothing in the books. Each
person has one for each foundation at a time: choosing another file takes the place of what was not finished.
"""

from __future__ import annotations

from dataclasses import astuple
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

import sqlalchemy as sa

from dashboards.errors import Missing
from dashboards.work.allocations import Split
from dashboards.work.ordinary import changing
from ledger import tables
from ledger.entry import new_id

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection
    from collections.abc import Mapping
    from collections.abc import Sequence

    from ledger.installation import Installation


@dataclass(frozen=True, slots=True)
class Draft:
    """An upload that was begun.

    Attributes:
        content: The SHA-256 of the kept file.
        links: What somebody chose, by line: "<initiative>/<category>", or "" for not yet.
        splits: Lines that were divided, by line; they are in no links.
        always: Lines beside which somebody said "always like this".
        chosen: Whether somebody has been asked yet.
        accept: Why the file is booked although it does not fit; None where nobody said so.
        receipt: What came of it; None before confirming.
    """

    id: str
    foundation: str
    person: str
    content: str
    filename: str
    links: Mapping[str, str]
    splits: Mapping[str, tuple[Split, ...]]
    always: frozenset[str]
    chosen: bool
    accept: str | None
    receipt: Mapping[str, Any] | None


def begin_draft(
    installation: Installation, person: str, foundation: str, file: tuple[str, bytes], now: dt.datetime
) -> str:
    """Keep a file, as (name, content), and return the id of a new draft; an unfinished one is dropped."""
    filename, content = file
    row = {
        "id": new_id(),
        "foundation": foundation,
        "person": person,
        "content": installation.keep_file(content),
        "choices": {"filename": filename},
        "created_at": now,
    }
    table = tables.upload
    unfinished = (table.c.person == person, table.c.foundation == foundation, table.c.confirmed_at.is_(None))
    with changing(installation.engine) as connection:
        connection.execute(sa.delete(table).where(*unfinished))
        connection.execute(sa.insert(table).values(row))
    return str(row["id"])


def find_draft(connection: sa.Connection, draft: str, person: str) -> Draft:
    """Return somebody's own draft.

    Raises:
        Missing: There is none, or it is somebody else's.
    """
    table = tables.upload
    row = connection.execute(sa.select(table).where(table.c.id == draft, table.c.person == person)).first()
    if row is None:
        raise Missing
    return Draft(
        id=row.id,
        foundation=row.foundation,
        person=row.person,
        content=row.content,
        filename=row.choices.get("filename", ""),
        links=row.choices.get("links", {}),
        splits={line: tuple(Split(*split) for split in parts) for line, parts in row.choices.get("splits", {}).items()},
        always=frozenset(row.choices.get("always", ())),
        chosen="links" in row.choices,
        accept=row.choices.get("accept"),
        receipt=row.receipt if row.confirmed_at is not None else None,
    )


def open_drafts(connection: sa.Connection, person: str) -> tuple[str, ...]:
    """Return the ids of somebody's drafts that are not confirmed, the newest first."""
    table = tables.upload
    mine = (table.c.person == person, table.c.confirmed_at.is_(None))
    query = sa.select(table.c.id).where(*mine).order_by(table.c.created_at.desc(), table.c.id)
    return tuple(connection.execute(query).scalars())


def keep_links(
    installation: Installation, draft: Draft, links: Mapping[str, str], always: Collection[str] = ()
) -> None:
    """Keep what somebody chose for the lines, and beside which ones always."""
    _keep(installation, draft, links=dict(links), always=sorted(always))


def keep_split(installation: Installation, draft: Draft, line: str, parts: Sequence[Split]) -> None:
    """Keep into which parts somebody divided a line; without parts it is whole again."""
    splits = {key: list(map(astuple, kept)) for key, kept in draft.splits.items() if key != line}
    _keep(installation, draft, splits=splits | ({line: list(map(astuple, parts))} if parts else {}))


def keep_accept(installation: Installation, draft: Draft, reason: str) -> None:
    """Keep why somebody books a file although it does not fit."""
    _keep(installation, draft, accept=reason)


def _keep(installation: Installation, draft: Draft, **choices: Any) -> None:  # noqa: ANN401 - whatever JSON holds
    """Keep some choices beside those made before."""
    table = tables.upload
    with changing(installation.engine) as connection:
        before = connection.execute(sa.select(table.c.choices).where(table.c.id == draft.id)).scalar_one()
        connection.execute(sa.update(table).where(table.c.id == draft.id).values(choices={**before, **choices}))


def keep_receipt(installation: Installation, draft: Draft, receipt: Mapping[str, Any], now: dt.datetime) -> None:
    """Keep what came of a draft; the receipt that came first stays."""
    table = tables.upload
    change = sa.update(table).where(table.c.id == draft.id, table.c.confirmed_at.is_(None))
    with changing(installation.engine) as connection:
        connection.execute(change.values(confirmed_at=now, receipt=dict(receipt)))
