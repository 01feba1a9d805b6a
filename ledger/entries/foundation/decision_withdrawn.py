"""decision withdrawn: a decision no longer covers payments booked from now on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import IDENTITY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.entry import Views


def apply(entry: Entry, _private: Mapping[str, Json], views: Views) -> None:
    """Mark the decision withdrawn."""
    views.update(
        "decision",
        {"id": entry.words("decision")},
        {"status": "withdrawn", "withdrawn_at": entry.recorded_at},
    )


TYPE = EntryType(
    name="decision withdrawn",
    books=("foundation",),
    public={"decision": IDENTITY},
    committed=("reason",),
    example=Example({"decision": "00112233445566aa"}, {"reason": None}),
    apply=apply,
)
