"""Finishing what an interruption left: the rules that did not run, the entries that are not signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from audit.run import run_rules
from audit.run import unfinished
from ledger import tables

if TYPE_CHECKING:
    import datetime as dt

    from ledger.installation import Installation


def finish(installation: Installation, now: dt.datetime) -> None:
    """Run the rules over what they have not looked at, and have the rest signed."""
    if unfinished(installation):
        run_rules(installation, now)
    sign_rest(installation)


def sign_rest(installation: Installation) -> None:
    """Have entries signed that are not signed yet."""
    with installation.store.reading() as connection:
        size = connection.execute(sa.select(tables.log_head.c.size)).scalar_one()
    if installation.signer.size() != size:
        installation.signer.sign(installation.engine)
