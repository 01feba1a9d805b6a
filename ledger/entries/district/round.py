"""round: an amount for a neighbourhood, with themes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import AMOUNT
from ledger.fields import BASIS
from ledger.fields import CURRENCY
from ledger.fields import IDENTITY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.entry import Views


def apply(entry: Entry, _private: Mapping[str, Json], views: Views) -> None:
    """Open the round's row."""
    views.insert(
        "round",
        {
            "id": entry.words("round"),
            "idx": entry.idx,
            "amount_minor": entry.integer("amount"),
            "currency": entry.words("currency"),
        },
    )


TYPE = EntryType(
    name="round",
    books=("district",),
    public={"round": IDENTITY, "amount": AMOUNT, "currency": CURRENCY, "basis": BASIS},
    committed=("slug", "neighbourhood", "themes"),
    example=Example(
        {"round": "00112233445566aa", "amount": 50000000, "currency": "EUR", "basis": "opening"},
        {"slug": "ronde-1", "neighbourhood": "Noordoost", "themes": ["groen", "samen"]},
    ),
    apply=apply,
    shows={
        "slug": ("round", "slug"),
        "neighbourhood": ("round", "neighbourhood"),
        "themes": ("round", "themes"),
    },
)
