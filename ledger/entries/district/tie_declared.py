"""tie declared: an officer has, or no longer has, a tie with a foundation and rules on none of its flags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import IDENTITY
from ledger.fields import YES_NO

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.entry import Views


def apply(entry: Entry, _private: Mapping[str, Json], views: Views) -> None:
    """Open a row for the tie, or take note that it ended."""
    if entry.yes("ended"):
        views.update(
            "tie",
            {"person": entry.words("person"), "foundation": entry.words("foundation"), "ended_at": None},
            {"ended_at": entry.recorded_at},
        )
    else:
        views.insert(
            "tie",
            {
                "person": entry.words("person"),
                "foundation": entry.words("foundation"),
                "idx": entry.idx,
                "since": entry.recorded_at,
            },
        )


TYPE = EntryType(
    name="tie declared",
    books=("district",),
    public={"person": IDENTITY, "foundation": IDENTITY, "ended": YES_NO},
    committed=("nature",),
    example=Example(
        {"person": "00112233445566aa", "foundation": "8899aabbccddeeff", "ended": False},
        {"nature": "Mijn zus is penningmeester."},
    ),
    apply=apply,
)
