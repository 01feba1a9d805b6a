"""Finishing what an interruption left: the rules that did not run, the entries that are not signed."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import sqlalchemy as sa

from audit.run import run_rules
from audit.run import unfinished
from ledger import tables
from ledger.checkpoint import open_note
from ledger.errors import BooksMoved

if TYPE_CHECKING:
    import datetime as dt

    from ledger.installation import Installation


def finish(installation: Installation, now: dt.datetime) -> int:
    """Run the rules over what they have not looked at, and have the rest signed; return how many flags were raised."""
    flags = 0
    if unfinished(installation):
        with contextlib.suppress(BooksMoved):  # others keep writing; the next run looks at this too
            flags = run_rules(installation, now, ())
    sign_rest(installation)
    return flags


def sign_rest(installation: Installation) -> None:
    """Have entries signed that are not signed yet."""
    with installation.store.reading() as connection:
        size = connection.execute(sa.select(tables.log_head.c.size)).scalar_one()
    if _published_size(installation) != size:
        installation.signer.sign(installation.engine)


def _published_size(installation: Installation) -> int | None:
    """Return the size of the newest checkpoint; the signer may have stopped between signing and publishing."""
    note = installation.signer.published()
    return open_note(note, installation.signer.vkey()).size if note else None
