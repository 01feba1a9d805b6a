"""What every step in a flag's life does to the views: a row for the step, and the flag's new status.

A flag also keeps its last ruling, which stands while and after it is closed, until it is opened again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.entry import Views

RULINGS = ("accepted", "confirmed")
AFTER = ("closing", "closed")
"""Statuses that leave the last ruling as it stands."""


def flag_step(entry: Entry, private: Mapping[str, Json], views: Views) -> None:
    """Add the step's row and move its flag on."""
    flag, status = entry.words("flag"), entry.words("status")
    views.insert(
        "flag_step",
        {
            "idx": entry.idx,
            "flag": flag,
            "step": entry.type,
            "status": status,
            "by": entry.by,
            "at": entry.recorded_at,
            "private_reason": private.get("reason"),
        },
    )
    changes: dict[str, object] = {"status": status, "changed_at": entry.recorded_at}
    if status in RULINGS:
        changes |= {"ruling": status, "ruled_at": entry.recorded_at}
    elif status not in AFTER:
        changes |= {"ruling": None, "ruled_at": None}
    views.update("flag", {"id": flag}, changes)
