"""account closed: a declared account is no longer used."""

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
    """Close the account's row."""
    views.update("account", {"id": entry.words("account")}, {"closed_at": entry.recorded_at})


TYPE = EntryType(
    name="account closed",
    books=("foundation",),
    public={"account": IDENTITY},
    committed=("reason",),
    example=Example({"account": "00112233445566aa"}, {"reason": None}),
    apply=apply,
)
