"""flag escalated: an officer asks a second officer to look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entries.flag_steps import flag_step
from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import FLAG_STATUS
from ledger.fields import HASH_HEX

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.entry import Views


def apply(entry: Entry, private: Mapping[str, Json], views: Views) -> None:
    """Move the flag on."""
    flag_step(entry, private, views)


TYPE = EntryType(
    name="flag escalated",
    books=("foundation",),
    public={"flag": HASH_HEX, "status": FLAG_STATUS},
    committed=("reason",),
    example=Example(
        {
            "flag": "5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e",
            "status": "under_review",
        },
        {"reason": "Gezien."},
    ),
    apply=apply,
    shows={"reason": ("flag_step", "reason")},
)
