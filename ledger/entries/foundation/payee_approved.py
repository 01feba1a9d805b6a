"""payee approved: a second person approves a payee."""

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


def apply(entry: Entry, _private: Mapping[str, Json], views: Views) -> None:
    """Mark the payee approved."""
    views.update(
        "payee",
        {"id": entry.words("payee")},
        {"status": "approved", "approved_by": entry.by[0], "approved_at": entry.recorded_at},
    )


TYPE = EntryType(
    name="payee approved",
    books=("foundation",),
    public={"payee": IDENTITY, "basis": BASIS},
    example=Example({"payee": "00112233445566aa", "basis": "desk"}),
    apply=apply,
    least_people=1,
)
