"""grant awarded: an amount out of a round for a foundation, or for one initiative."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import AMOUNT
from ledger.fields import BASIS
from ledger.fields import CURRENCY
from ledger.fields import DATE
from ledger.fields import IDENTITY
from ledger.fields import Maybe
from ledger.fields import Row
from ledger.fields import Rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.entry import Views


def apply(entry: Entry, _private: Mapping[str, Json], views: Views) -> None:
    """Open the grant's row and add to what its foundation was granted."""
    amount = entry.integer("amount")
    foundation = entry.words("foundation")
    views.insert(
        "grant_award",
        {
            "id": entry.words("grant"),
            "idx": entry.idx,
            "round": entry.words_or_none("round"),
            "foundation": foundation,
            "initiative": entry.words_or_none("initiative"),
            "amount_minor": amount,
            "currency": entry.words("currency"),
            "starts": entry.day("starts"),
            "ends": entry.day("ends"),
            "awarded_at": entry.recorded_at,
        },
    )
    views.add("foundation_sum", {"foundation": foundation}, {"granted_minor": amount})


TYPE = EntryType(
    name="grant awarded",
    books=("district",),
    public={
        "grant": IDENTITY,
        "round": Maybe(IDENTITY),
        "foundation": IDENTITY,
        "initiative": Maybe(IDENTITY),
        "amount": AMOUNT,
        "currency": CURRENCY,
        "starts": DATE,
        "ends": DATE,
        "tranches": Rows(Row((DATE, AMOUNT))),
        "basis": BASIS,
    },
    committed=("reference", "conditions"),
    example=Example(
        {
            "grant": "00112233445566aa",
            "round": "8899aabbccddeeff",
            "foundation": "0f1e2d3c4b5a6978",
            "initiative": None,
            "amount": 25000000,
            "currency": "EUR",
            "starts": "2026-01-01",
            "ends": "2026-12-31",
            "tranches": [["2026-01-15", 12500000]],
            "basis": "opening",
        },
        {"reference": "SB-1", "conditions": None},
    ),
    apply=apply,
    shows={"reference": ("grant_award", "reference")},
)
