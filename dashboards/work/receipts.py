"""Confirming a draft: what is booked and the draft's receipt are one transaction, so that a draft is booked once.

What is known only afterwards (how many payments will be looked at, the seal) is added to the receipt once the
rules have run and the log is signed; where an interruption came between, whoever asks for the receipt has that done.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from dashboards.work.casebook import flagged_lines
from dashboards.work.drafts import complete_receipt
from dashboards.work.drafts import find_draft
from dashboards.work.drafts import keep_receipt
from dashboards.work.drafts import settle
from dashboards.work.finishing import finish
from dashboards.work.statements import Taken
from dashboards.work.statements import confirm
from importers.progress import nothing

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection
    from collections.abc import Mapping
    from collections.abc import Sequence

    import sqlalchemy as sa

    from dashboards.work.allocations import Split
    from dashboards.work.drafts import Draft
    from dashboards.work.linking import LineKey
    from importers.progress import Progress
    from ledger.installation import Installation

ROOT_SHOWN = 8


class Choice(NamedTuple):
    """What a draft's lines count for, and which of them become standing rules."""

    parts: Mapping[LineKey, Sequence[Split]]
    always: Collection[LineKey]


def confirm_draft(  # noqa: PLR0917 - what, with which links, when, why all the same, and who is told
    installation: Installation,
    draft: Draft,
    chosen: Choice,
    now: dt.datetime,
    accept: str | None = None,
    progress: Progress = nothing,
) -> None:
    """Book a draft's file with its links, and keep the receipt.

    Args:
        chosen: What lines count for.
        accept: Why what does not fit is accepted.

    Raises:
        UnreadableFile: The file cannot be read in full.
        BookingRefused: It cannot be booked; nothing was changed.
        SplitRefused: A link does not fit; nothing was changed.
        Settled: Something came of the draft already; nothing was changed.
    """

    def also(connection: sa.Connection, taken: Taken) -> None:
        settle(connection, draft.id, _receipt(taken), now)

    done = confirm(
        installation,
        draft.foundation,
        installation.kept_path(draft.content),
        chosen.parts,
        always=chosen.always,
        by=(draft.person,),
        now=now,
        accept=accept,
        account=draft.account,
        also=also,
        progress=progress,
    )
    if not done.entries:
        keep_receipt(installation, draft, _receipt(Taken("", 0, done.known, done.preview.confirms)), now)
    complete(installation, draft, now)


def complete(installation: Installation, draft: Draft, now: dt.datetime) -> None:
    """Add to a draft's receipt what is known after booking; what an interruption left undone is done first."""
    finish(installation, now)
    newest = installation.signer.newest()
    with installation.store.reading() as connection:
        kept = find_draft(connection, draft.id).receipt or {}
        looked_at = flagged_lines(connection, draft.foundation, kept["statements"])
    if newest is None or newest.size <= kept["idx"]:
        complete_receipt(installation, draft.id, {"looked_at": looked_at})
        return
    root = base64.b64encode(newest.root).decode()[:ROOT_SHOWN]
    complete_receipt(
        installation, draft.id, {"looked_at": looked_at, "checkpoint_size": newest.size, "root_short": root}
    )


def _receipt(taken: Taken) -> dict[str, Any]:
    """Return what a receipt says at once, fit to be kept."""
    return {
        "number": taken.number,
        "new": taken.new,
        "known": taken.known,
        "confirmed": taken.confirms,
        "looked_at": None,
        "checkpoint_size": None,
        "root_short": None,
        "statements": list(taken.statements),
        "idx": taken.idx,
    }
