"""role ended: a person no longer acts in a role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import IDENTITY
from ledger.fields import Code
from ledger.fields import Maybe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.entry import Views


def apply(entry: Entry, _private: Mapping[str, Json], views: Views) -> None:
    """Close the role's rows that are still open."""
    views.update(
        "role",
        {
            "person": entry.words("person"),
            "role": entry.words("role"),
            "foundation": entry.words_or_none("foundation"),
            "initiative": entry.words_or_none("initiative"),
            "ended_at": None,
        },
        {"ended_at": entry.recorded_at},
    )


TYPE = EntryType(
    name="role ended",
    books=("district",),
    public={
        "person": IDENTITY,
        "role": Code(("treasurer", "signatory", "owner", "officer", "head", "auditor", "privacy_officer")),
        "foundation": Maybe(IDENTITY),
        "initiative": Maybe(IDENTITY),
        "why": Code(("ended", "resigned", "replaced", "suspended")),
    },
    example=Example(
        {
            "person": "00112233445566aa",
            "role": "treasurer",
            "foundation": "8899aabbccddeeff",
            "initiative": None,
            "why": "resigned",
        }
    ),
    apply=apply,
)
