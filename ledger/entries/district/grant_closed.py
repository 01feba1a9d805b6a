"""grant closed: a grant ends; what is left goes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import AMOUNT
from ledger.fields import CURRENCY
from ledger.fields import IDENTITY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.entry import Views


def apply(entry: Entry, _private: Mapping[str, Json], views: Views) -> None:
    """Close the grant's row and take back what was not spent."""
    views.update("grant_award", {"id": entry.words("grant")}, {"closed_at": entry.recorded_at})
    views.add(
        "foundation_sum",
        {"foundation": entry.words("foundation")},
        {"granted_minor": -entry.integer("returned")},
    )


TYPE = EntryType(
    name="grant closed",
    books=("district",),
    public={"grant": IDENTITY, "foundation": IDENTITY, "returned": AMOUNT, "currency": CURRENCY},
    committed=("reason",),
    example=Example(
        {
            "grant": "00112233445566aa",
            "foundation": "0f1e2d3c4b5a6978",
            "returned": 120000,
            "currency": "EUR",
        },
        {"reason": None},
    ),
    apply=apply,
)
