"""payee revoked: a payee is no longer approved."""

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
    """Mark the payee revoked."""
    views.update("payee", {"id": entry.words("payee")}, {"status": "revoked", "revoked_at": entry.recorded_at})


TYPE = EntryType(
    name="payee revoked",
    books=("foundation",),
    public={"payee": IDENTITY},
    committed=("reason",),
    example=Example({"payee": "00112233445566aa"}, {"reason": None}),
    apply=apply,
)
