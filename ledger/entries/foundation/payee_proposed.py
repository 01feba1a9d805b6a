"""payee proposed: somebody asks that a payee be approved.

`starts` is a claim; what counts is the instant of the approval's recording.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import BASIS
from ledger.fields import DATE
from ledger.fields import IDENTITY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.entry import Views


def apply(entry: Entry, private: Mapping[str, Json], views: Views) -> None:
    """Open the payee's row."""
    views.insert(
        "payee",
        {
            "id": entry.words("payee"),
            "idx": entry.idx,
            "foundation": entry.owner,
            "basis": entry.words("basis"),
            "starts": entry.day("starts"),
            "status": "proposed",
            "proposed_by": entry.by[0],
            "proposed_at": entry.recorded_at,
            "private_name": private.get("name"),
            "private_kvk": private.get("kvk"),
            "private_kind": private.get("kind"),
            "private_ibans": private.get("ibans"),
        },
    )


TYPE = EntryType(
    name="payee proposed",
    books=("foundation",),
    public={"payee": IDENTITY, "starts": DATE, "basis": BASIS},
    committed=("name", "kvk", "ibans", "kind"),
    example=Example(
        {"payee": "00112233445566aa", "starts": "2026-01-01", "basis": "desk"},
        {"name": "Bouwmarkt Zon", "kvk": "12345678", "ibans": ["NL02ABNA0123456789"], "kind": "organisation"},
    ),
    apply=apply,
    least_people=1,
    shows={"name": ("payee", "name"), "kvk": ("payee", "kvk"), "kind": ("payee", "kind")},
)
