"""What stands around every page: the district's name, whether its clock is played, and the newest checkpoint."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import sqlalchemy as sa

from dashboards.pages.shell import CheckpointLine
from dashboards.pages.shell import Site
from dashboards.reading.proofs import entry_at
from dashboards.reading.proofs import newest_signed
from ledger import tables
from ledger.entry import DISTRICT

if TYPE_CHECKING:
    from dashboards.reading.state import State

SHORT = 12


def site(state: State) -> Site:
    """Return what the installation says about itself."""
    settings = state.installation.settings
    return Site(district=district_name(state), simulated=settings.simulated, checkpoint=_checkpoint(state))


def district_name(state: State) -> str:
    """Return the district's name; the log's where it is not disclosed."""
    shown = tables.disclosure
    query = sa.select(shown.c.value).where(shown.c.book == DISTRICT, shown.c.seq == 0, shown.c.field == "name")
    value = state.connection.execute(query).scalar()
    return str(json.loads(value)) if value else state.installation.settings.origin


def _checkpoint(state: State) -> CheckpointLine | None:
    """Return the newest checkpoint, with the instant of the last entry that it covers."""
    signed = newest_signed(state.installation)
    if signed is None or signed.checkpoint.size == 0:
        return None
    last = entry_at(state.connection, signed.checkpoint.size - 1)
    if last is None:
        return None
    root = base64.b64encode(signed.checkpoint.root).decode()
    return CheckpointLine(size=signed.checkpoint.size, root_short=root[:SHORT], signed_at=last.recorded_at)
