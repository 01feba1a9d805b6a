"""closed: an initiative is done, or stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import Code

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.entry import Views


def apply(entry: Entry, _private: Mapping[str, Json], views: Views) -> None:
    """Close the initiative's row."""
    views.update("initiative", {"id": entry.owner}, {"closed_at": entry.recorded_at, "outcome": entry.words("outcome")})


TYPE = EntryType(
    name="closed",
    books=("initiative",),
    public={"outcome": Code(("finished", "stopped"))},
    committed=("reason",),
    example=Example({"outcome": "finished"}, {"reason": None}),
    apply=apply,
)
