"""closed: a foundation no longer keeps its book here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import AMOUNT
from ledger.fields import CURRENCY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.entry import Views


def apply(entry: Entry, _private: Mapping[str, Json], views: Views) -> None:
    """Close the foundation's row."""
    views.update("foundation", {"id": entry.owner}, {"closed_at": entry.recorded_at})


TYPE = EntryType(
    name="closed",
    books=("foundation",),
    public={"currency": CURRENCY, "balance": AMOUNT},
    committed=("reason",),
    example=Example({"currency": "EUR", "balance": 0}, {"reason": "Opgeheven."}),
    apply=apply,
)
