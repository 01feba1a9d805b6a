"""Taking away what nobody needs any more: ended sessions, old attempts to sign in, abandoned drafts and their files.

No fact about money is touched: a file that a statement names stays, whoever brought it.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import sqlalchemy as sa

from dashboards.work.kept_preview import forget_others
from dashboards.work.ordinary import changing
from ledger import tables
from ledger.commitment import load_openings

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
        for content in sorted(contents - _needed(connection) if contents else ()):
            installation.drop_file(content)
        waiting = set(connection.execute(sa.select(upload.c.id).where(upload.c.confirmed_at.is_(None))).scalars())
        forget_others(installation, waiting)
    return sum(result.rowcount for result in gone)


def _needed(connection: sa.Connection) -> set[str]:
    """Return the files that a statement in the book or another upload names."""
    entry, private = tables.entry, tables.private_value
    kept = sa.select(private.c.body).join(entry, entry.c.idx == private.c.idx).where(entry.c.type == "statement")
    named = {str(load_openings(body)["file"].value) for body in connection.execute(kept).scalars() if '"file"' in body}
    return named | set(connection.execute(sa.select(tables.upload.c.content)).scalars())
