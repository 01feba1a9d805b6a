"""Drafts of an upload: which file somebody brought, what was chosen so far, and how far long work on it has come.

A draft is private to the person who began it, survives a reload, and says nothing in the books. Each
person has one for each foundation at a time: choosing another file takes the place of what was not finished.

A long file is read, and later booked, by a thread of whichever process comes to it (`dashboards.work.background`).
Its stage says which of the two it is; a beat says that somebody is at it, and only who has claimed the work beats.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from dataclasses import astuple
from dataclasses import dataclass
from dataclasses import field
from enum import StrEnum
from typing import TYPE_CHECKING
from typing import Any

import sqlalchemy as sa

from dashboards.errors import Missing
from dashboards.errors import Settled
from dashboards.work.allocations import Split
from dashboards.work.ordinary import changing
from dashboards.work.unnamed import forget_unnamed
from ledger import tables
from ledger.entry import new_id

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Mapping
    from collections.abc import Sequence

    from ledger.files import Content
    from ledger.installation import Installation

SILENT = dt.timedelta(seconds=15)
"""After this long without a beat whoever was at work is taken to be gone."""


class Stage(StrEnum):
    """How far a long file is; a short one has none."""

    READING = "reading"
    READY = "ready"
    BOOKING = "booking"
    REFUSED = "refused"


WORKING = (Stage.READING, Stage.BOOKING)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a long file could not be read or booked.

    Attributes:
        code: Of the error.
        place: Where in the file, as the error names it.
        accounts: Numbers that the file names and nobody declared.
    """

    code: str
    place: str | None = None
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Work:
    """How far long work has come.

    Attributes:
        step: What is being done; None before anything is.
        done: Bytes or lines of `whole`.
        beat_at: When who is at it last said so.
    """

    step: str | None = None
    done: int = 0
    whole: int = 0
    beat_at: dt.datetime | None = None


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
        account: The number of the account that a file is about which names none itself.
        receipt: What came of it; None before confirming.
        stage: Of a long file; None for a short one.
        refusal: Why the last long work on it broke off.
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
    account: str | None = None
    stage: Stage | None = None
    work: Work = field(default_factory=Work)
    refusal: Refusal | None = None

    @property
    def working(self) -> bool:
        """Tell whether there is long work to do, or being done."""
        return self.receipt is None and self.stage in WORKING

    def is_silent(self, now: dt.datetime) -> bool:
        """Tell whether nobody is at work on it: no beat for long, or one that a clock of before claims to come."""
        beat = self.work.beat_at
        return beat is None or abs(now - beat) > SILENT


def begin_draft(  # noqa: PLR0917 - whose, for whom, which file, when, and how long it is
    installation: Installation,
    person: str,
    foundation: str,
    file: tuple[str, Content],
    now: dt.datetime,
    stage: Stage | None = None,
) -> str:
    """Keep a file, as (name, content), and return the id of a new draft; an unfinished one is dropped.

    One that is being booked is not: it will be.
    """
    filename, content = file
    table, id_ = tables.upload, new_id()
    unfinished = (table.c.person == person, table.c.foundation == foundation, *_cancellable())
    with changing(installation.engine) as connection:
        before = connection.execute(sa.select(table.c.content).where(*unfinished)).scalars().all()
        connection.execute(sa.delete(table).where(*unfinished))
        row = {
            "id": id_,
            "foundation": foundation,
            "person": person,
            "content": installation.keep_file(content),
            "choices": {"filename": filename},
            "created_at": now,
            "stage": stage,
        }
        connection.execute(sa.insert(table).values(row))
    forget_unnamed(installation, before)
    return id_


def cancel_draft(installation: Installation, draft: Draft) -> None:
    """Drop a draft that was not confirmed, and its file where nothing else names it.

    Raises:
        Settled: It was confirmed, or is being booked.
    """
    table = tables.upload
    with changing(installation.engine) as connection:
        if not connection.execute(sa.delete(table).where(table.c.id == draft.id, *_cancellable())).rowcount:
            raise Settled
    forget_unnamed(installation, [draft.content])


def _cancellable() -> tuple[sa.ColumnElement[bool], ...]:
    """Match drafts that were neither confirmed nor are being booked."""
    table = tables.upload
    booking = sa.func.coalesce(table.c.stage, "").startswith(Stage.BOOKING)
    return table.c.confirmed_at.is_(None), sa.not_(booking)


def find_draft(connection: sa.Connection, draft: str, person: str | None = None) -> Draft:
    """Return a draft, of somebody alone where a person is named.

    Raises:
        Missing: There is none, or it is somebody else's.
    """
    table = tables.upload
    row = connection.execute(sa.select(table).where(table.c.id == draft)).first()
    if row is None or person not in {None, row.person}:
        raise Missing
    stage, _, step = (row.stage or "").partition(".")
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
        account=row.choices.get("account"),
        stage=Stage(stage) if stage else None,
        work=Work(step or None, row.done or 0, row.whole or 0, row.beat_at),
        refusal=_refusal(row.refusal),
    )


def open_drafts(connection: sa.Connection, person: str) -> tuple[str, ...]:
    """Return the ids of somebody's drafts that are not confirmed, the newest first."""
    table = tables.upload
    mine = (table.c.person == person, table.c.confirmed_at.is_(None))
    query = sa.select(table.c.id).where(*mine).order_by(table.c.created_at.desc(), table.c.id)
    return tuple(connection.execute(query).scalars())


def unfinished(connection: sa.Connection, person: str, foundation: str) -> tuple[str, str] | None:
    """Return the id and the file's name of the draft that another file would take the place of; None without one."""
    table = tables.upload
    mine = (table.c.person == person, table.c.foundation == foundation, *_cancellable())
    row = connection.execute(sa.select(table.c.id, table.c.choices).where(*mine)).first()
    return None if row is None else (row.id, row.choices.get("filename", ""))


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


def keep_account(installation: Installation, draft: Draft, account: str) -> None:
    """Keep which account a file is about that names none."""
    _keep(installation, draft, account=account)


def _keep(installation: Installation, draft: Draft, **choices: Any) -> None:  # noqa: ANN401 - whatever JSON holds
    """Keep some choices beside those made before."""
    table = tables.upload
    with changing(installation.engine) as connection:
        before = connection.execute(sa.select(table.c.choices).where(table.c.id == draft.id)).scalar_one()
        connection.execute(sa.update(table).where(table.c.id == draft.id).values(choices={**before, **choices}))


def settle(connection: sa.Connection, draft: str, receipt: Mapping[str, Any], now: dt.datetime) -> None:
    """Keep what came of a draft, in the transaction that books it.

    Raises:
        Settled: Something came of it already, or it was cancelled; then nothing may be booked.
    """
    table = tables.upload
    change = sa.update(table).where(table.c.id == draft, table.c.confirmed_at.is_(None))
    if not connection.execute(change.values(confirmed_at=now, receipt=dict(receipt), stage=None)).rowcount:
        raise Settled


def keep_receipt(installation: Installation, draft: Draft, receipt: Mapping[str, Any], now: dt.datetime) -> None:
    """Keep what came of a draft that booked nothing; the receipt that came first stays."""
    with changing(installation.engine) as connection, contextlib.suppress(Settled):
        settle(connection, draft.id, receipt, now)


def complete_receipt(installation: Installation, draft: str, more: Mapping[str, Any]) -> None:
    """Add to a receipt what is known only after booking."""
    table = tables.upload
    with changing(installation.engine) as connection:
        before = connection.execute(sa.select(table.c.receipt).where(table.c.id == draft)).scalar_one()
        connection.execute(sa.update(table).where(table.c.id == draft).values(receipt={**before, **more}))


def _refusal(kept: Mapping[str, Any] | None) -> Refusal | None:
    """Return a refusal as it was kept."""
    return None if kept is None else Refusal(kept["code"], kept["place"], tuple(kept["accounts"]))
