"""role given: a person may act in a role from now on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import BASIS
from ledger.fields import IDENTITY
from ledger.fields import Code
from ledger.fields import Maybe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.entry import Views


def apply(entry: Entry, _private: Mapping[str, Json], views: Views) -> None:
    """Open a row for the role."""
    views.insert(
        "role",
        {
            "idx": entry.idx,
            "person": entry.words("person"),
            "role": entry.words("role"),
            "foundation": entry.words_or_none("foundation"),
            "initiative": entry.words_or_none("initiative"),
            "given_at": entry.recorded_at,
        },
    )


TYPE = EntryType(
    name="role given",
    books=("district",),
    public={
        "person": IDENTITY,
        "role": Code(("treasurer", "signatory", "owner", "officer", "head", "auditor", "privacy_officer")),
        "foundation": Maybe(IDENTITY),
        "initiative": Maybe(IDENTITY),
        "basis": BASIS,
    },
    example=Example(
        {
            "person": "00112233445566aa",
            "role": "treasurer",
            "foundation": "8899aabbccddeeff",
            "initiative": None,
            "basis": "opening",
        }
    ),
    apply=apply,
)
