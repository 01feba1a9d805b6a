"""decision proposed: somebody asks for prior approval of spending.

Without a payee it is for small expenses: a ceiling per payment and one per month.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import AMOUNT
from ledger.fields import BASIS
from ledger.fields import COUNT
from ledger.fields import CURRENCY
from ledger.fields import DATE
from ledger.fields import IDENTITY
from ledger.fields import Maybe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.entry import Views


def apply(entry: Entry, private: Mapping[str, Json], views: Views) -> None:
    """Open the decision's row."""
    views.insert(
        "decision",
        {
            "id": entry.words("decision"),
            "idx": entry.idx,
            "foundation": entry.owner,
            "basis": entry.words("basis"),
            "ceiling_minor": entry.integer("ceiling"),
            "month_ceiling_minor": entry.integer_or_none("month_ceiling"),
            "currency": entry.words("currency"),
            "initiative": entry.words_or_none("initiative"),
            "category": entry.integer_or_none("category"),
            "starts": entry.day("starts"),
            "ends": entry.day("ends"),
            "decided_on": entry.day("decided_on"),
            "status": "proposed",
            "proposed_by": entry.by[0],
            "proposed_at": entry.recorded_at,
            "private_payee": private.get("payee"),
            "private_purpose": private.get("purpose"),
        },
    )


TYPE = EntryType(
    name="decision proposed",
    books=("foundation",),
    public={
        "decision": IDENTITY,
        "ceiling": AMOUNT,
        "month_ceiling": Maybe(AMOUNT),
        "currency": CURRENCY,
        "initiative": Maybe(IDENTITY),
        "category": Maybe(COUNT),
        "starts": DATE,
        "ends": DATE,
        "decided_on": DATE,
        "basis": BASIS,
    },
    committed=("payee", "purpose"),
    example=Example(
        {
            "decision": "00112233445566aa",
            "ceiling": 80000,
            "month_ceiling": None,
            "currency": "EUR",
            "initiative": "8899aabbccddeeff",
            "category": 1,
            "starts": "2026-02-01",
            "ends": "2026-03-31",
            "decided_on": "2026-01-28",
            "basis": "desk",
        },
        {"payee": "0f1e2d3c4b5a6978", "purpose": "Planten voor de tuin"},
    ),
    apply=apply,
    least_people=1,
    shows={"payee": ("decision", "payee"), "purpose": ("decision", "purpose")},
)
