"""Forgetting kept files that nothing names any more: no upload that waits, and no entry.

Whoever books a file keeps it before, and once more under the lock of the log in case it was forgotten meanwhile
(`still_kept`); what is attached is kept under that lock. Whoever begins an upload keeps its file while changing
ordinary tables. Forgetting takes both locks: so a file that an upload or an entry names is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from dashboards.work.ordinary import wait_for_change
from importers.errors import FileChanged
from ledger import tables
from ledger.database import WRITING

if TYPE_CHECKING:
    from collections.abc import Collection

    from ledger.files import Content
    from ledger.installation import Installation

CHUNK = 500


def forget_unnamed(installation: Installation, contents: Collection[str]) -> None:
    """Forget those of some kept files (SHA-256, 64 hex digits) that nothing names."""
    if not contents:
        return
    with installation.engine.connect().execution_options(**WRITING) as connection, connection.begin():
        connection.execute(sa.select(tables.log_head).with_for_update())
        wait_for_change(connection)
        for content in contents:
            if not _is_named(connection, content):
                installation.drop_file(content)


def still_kept(installation: Installation, content: Content, file: str) -> None:
    """Keep a file again that was forgotten since it was kept; to be called under the lock of the log.

    Args:
        file: Its SHA-256 (64 hex digits).

    Raises:
        FileChanged: It is another one by now, or gone.
    """
    if installation.kept_path(file).exists():
        return
    try:
        kept = installation.keep_file(content)
    except FileNotFoundError as error:
        raise FileChanged from error
    if kept != file:
        raise FileChanged


def _is_named(connection: sa.Connection, content: str) -> bool:
    """Tell whether an upload or an entry names a file."""
    upload, private, entry = tables.upload, tables.private_value, tables.entry
    if connection.execute(sa.select(upload.c.id).where(upload.c.content == content).limit(1)).first() is not None:
        return True
    naming = connection.execute(sa.select(entry.c.idx).where(tables.NAMING)).scalars().all()
    for start in range(0, len(naming), CHUNK):  # by name: a server that knows few figures reads all private values
        some = private.c.idx.in_(naming[start : start + CHUNK])
        query = sa.select(private.c.idx).where(some, private.c.body.contains(content)).limit(1)
        if connection.execute(query).first() is not None:
            return True
    return False
