"""flag judged again: the rules no longer find what a flag was raised for, or find it once more.

Nobody does it; a run of the rules says so. A flag that nobody had taken up is `not_reproduced` from then on, and
`open` again when it is found once more. One that people work on, or ruled on, keeps its status and its ruling.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import FLAG_STATUS
from ledger.fields import HASH_HEX
from ledger.fields import YES_NO
from ledger.fields import Code

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.entry import Views

NOT_REPRODUCED = "not_reproduced"
MOVED = ("open", NOT_REPRODUCED)
"""Statuses that a run gives; any other is as it was."""


def apply(entry: Entry, _private: Mapping[str, Json], views: Views) -> None:
    """Add the step's row, which says what the run found, and note it at the flag."""
    flag, status = entry.words("flag"), entry.words("status")
    said = status if entry.yes("found") else NOT_REPRODUCED
    step = {"idx": entry.idx, "flag": flag, "step": entry.type, "status": said}
    views.insert("flag_step", {**step, "by": entry.by, "at": entry.recorded_at, "private_reason": None})
    changes: dict[str, object] = {"status": status, "gone_at": None if entry.yes("found") else entry.recorded_at}
    if status in MOVED:
        changes["changed_at"] = entry.recorded_at
    views.update("flag", {"id": flag}, changes)


TYPE = EntryType(
    name="flag judged again",
    books=("foundation",),
    public={"flag": HASH_HEX, "found": YES_NO, "status": Code((*FLAG_STATUS.choices, NOT_REPRODUCED))},
    example=Example(
        {
            "flag": "5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e",
            "found": False,
            "status": NOT_REPRODUCED,
        },
    ),
    apply=apply,
)
