"""Asking for long work on a draft, claiming it, and saying that it goes on.

Only who has claimed the work says so, and each says it where the last said it was: who was taken to be gone and comes
back finds that another one has taken over, or that the draft was cancelled.
"""

from __future__ import annotations

from dataclasses import asdict
from dataclasses import replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from dashboards.work.drafts import Stage
from dashboards.work.ordinary import changing
from ledger import tables

if TYPE_CHECKING:
    import datetime as dt

    from dashboards.work.drafts import Draft
    from dashboards.work.drafts import Refusal
    from dashboards.work.drafts import Work
    from ledger.installation import Installation


def ask(installation: Installation, draft: Draft, stage: Stage) -> None:
    """Ask for long work; nothing happens where it was asked for already, or something came of the draft."""
    table = tables.upload
    open_ = (table.c.id == draft.id, table.c.confirmed_at.is_(None), sa.not_(table.c.stage.startswith(Stage.BOOKING)))
    with changing(installation.engine) as connection:
        change = sa.update(table).where(*open_, sa.not_(table.c.stage.startswith(stage)))
        connection.execute(change.values(stage=stage, done=None, whole=None, beat_at=None, refusal=None))


def claim(installation: Installation, draft: Draft, now: dt.datetime) -> bool:
    """Claim the work on a draft that was silent when it was looked up; tell whether nobody else was quicker."""
    table = tables.upload
    as_seen = (
        table.c.id == draft.id,
        table.c.confirmed_at.is_(None),
        table.c.stage.startswith(draft.stage or ""),
        table.c.beat_at.is_not_distinct_from(draft.work.beat_at),
    )
    with changing(installation.engine) as connection:
        change = sa.update(table).where(*as_seen)
        return bool(connection.execute(change.values(beat_at=now)).rowcount)


def beat(installation: Installation, draft: Draft, work: Work) -> Draft | None:
    """Say that the work on a claimed draft goes on, and return it as it is then.

    Returns:
        None where it is no longer ours: somebody cancelled it, or another one took it over.
    """
    table = tables.upload
    ours = (table.c.id == draft.id, table.c.confirmed_at.is_(None), table.c.beat_at == draft.work.beat_at)
    values = {
        "stage": f"{draft.stage}.{work.step}" if work.step else draft.stage,
        "done": work.done,
        "whole": work.whole,
        "beat_at": work.beat_at,
    }
    with changing(installation.engine) as connection:
        kept = connection.execute(sa.update(table).where(*ours).values(**values)).rowcount
    return replace(draft, work=work) if kept else None


def rest(installation: Installation, draft: Draft, stage: Stage, refusal: Refusal | None = None) -> None:
    """Say that long work is over, or broke off; nothing happens where something came of the draft."""
    table = tables.upload
    kept = None if refusal is None else {**asdict(refusal), "accounts": list(refusal.accounts)}
    with changing(installation.engine) as connection:
        change = sa.update(table).where(table.c.id == draft.id, table.c.confirmed_at.is_(None))
        connection.execute(change.values(stage=stage, done=None, whole=None, beat_at=None, refusal=kept))
