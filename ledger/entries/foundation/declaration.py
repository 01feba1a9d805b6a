"""declaration: the accounts of board members, their households and related parties; never shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import BASIS
from ledger.fields import IDENTITY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.entry import Views


def apply(entry: Entry, private: Mapping[str, Json], views: Views) -> None:
    """Open the declaration's row, for the rules alone."""
    views.insert(
        "declaration",
        {
            "id": entry.words("declaration"),
            "idx": entry.idx,
            "foundation": entry.owner,
            "declared_at": entry.recorded_at,
            "private_person": private.get("person"),
            "private_relation": private.get("relation"),
            "private_ibans": private.get("ibans"),
        },
    )


TYPE = EntryType(
    name="declaration",
    books=("foundation",),
    public={"declaration": IDENTITY, "basis": BASIS},
    committed=("person", "relation", "ibans"),
    example=Example(
        {"declaration": "00112233445566aa", "basis": "opening"},
        {"person": "A. Voorbeeld", "relation": "board", "ibans": ["NL02ABNA0123456789"]},
    ),
    apply=apply,
)
