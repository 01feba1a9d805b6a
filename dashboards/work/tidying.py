"""Taking away what nobody needs any more: ended sessions, old attempts to sign in, abandoned drafts and their files.

No fact about money is touched: a file that a statement names stays, whoever brought it.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import sqlalchemy as sa

from dashboards.work.kept_preview import forget_others
from dashboards.work.ordinary import changing
from dashboards.work.unnamed import forget_unnamed
from ledger import tables

if TYPE_CHECKING:
    from ledger.installation import Installation

ATTEMPTS_LAST = dt.timedelta(days=1)
DRAFTS_LAST = dt.timedelta(days=30)
"""How long an upload that nobody finished is kept."""


def tidy(installation: Installation, now: dt.datetime) -> int:
    """Take away what has expired; return how many rows that were."""
    session, attempt, upload = tables.web_session, tables.sign_in_attempt, tables.upload
    abandoned = (upload.c.confirmed_at.is_(None), upload.c.created_at < now - DRAFTS_LAST)
    with changing(installation.engine) as connection:
        contents = set(connection.execute(sa.select(upload.c.content).where(*abandoned)).scalars())
        gone = [
            connection.execute(sa.delete(session).where(session.c.expires_at <= now)),
            connection.execute(sa.delete(attempt).where(attempt.c.at < now - ATTEMPTS_LAST)),
            connection.execute(sa.delete(upload).where(*abandoned)),
        ]
        waiting = set(connection.execute(sa.select(upload.c.id).where(upload.c.confirmed_at.is_(None))).scalars())
        forget_others(installation, waiting)
    forget_unnamed(installation, sorted(contents))
    return sum(result.rowcount for result in gone)
