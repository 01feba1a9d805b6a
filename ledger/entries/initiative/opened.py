"""opened: what neighbours set out to do with (part of) a grant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import BASIS
from ledger.fields import IDENTITY
from ledger.fields import Maybe
from ledger.fields import Rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.entry import Views


def apply(entry: Entry, _private: Mapping[str, Json], views: Views) -> None:
    """Open the initiative's row, its payers and its grants."""
    views.insert(
        "initiative",
        {
            "id": entry.owner,
            "idx": entry.idx,
            "round": entry.words_or_none("round"),
            "opened_at": entry.recorded_at,
        },
    )
    for payer in entry.items("payers"):
        views.insert("initiative_payer", {"initiative": entry.owner, "foundation": payer})
    for grant in entry.items("grants"):
        views.insert("initiative_grant", {"initiative": entry.owner, "grant_award": grant})


TYPE = EntryType(
    name="opened",
    books=("initiative",),
    public={"round": Maybe(IDENTITY), "payers": Rows(IDENTITY), "grants": Rows(IDENTITY), "basis": BASIS},
    committed=("slug", "name", "promise", "theme", "contact"),
    example=Example(
        {
            "round": "00112233445566aa",
            "payers": ["8899aabbccddeeff"],
            "grants": ["0f1e2d3c4b5a6978"],
            "basis": "opening",
        },
        {
            "slug": "tuin",
            "name": "Tuin",
            "promise": "Een tuin voor iedereen.",
            "theme": "groen",
            "contact": None,
        },
    ),
    apply=apply,
    shows={
        "slug": ("initiative", "slug"),
        "name": ("initiative", "name"),
        "promise": ("initiative", "promise"),
        "theme": ("initiative", "theme"),
    },
)
