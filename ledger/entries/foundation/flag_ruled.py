"""flag ruled: the district's word on a flag."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entries.flag_steps import flag_step
from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import FLAG_STATUS
from ledger.fields import HASH_HEX
from ledger.fields import Code

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.entry import Views


def apply(entry: Entry, private: Mapping[str, Json], views: Views) -> None:
    """Move the flag on."""
    flag_step(entry, private, views)


TYPE = EntryType(
    name="flag ruled",
    books=("foundation",),
    public={"flag": HASH_HEX, "status": FLAG_STATUS, "outcome": Code(("accepted", "confirmed"))},
    committed=("reason",),
    example=Example(
        {
            "flag": "5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e",
            "status": "accepted",
            "outcome": "accepted",
        },
        {"reason": "De bon is gezien."},
    ),
    apply=apply,
    shows={"reason": ("flag_step", "reason")},
)
