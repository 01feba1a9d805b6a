"""grant changed: a grant's amount or period becomes another.

`difference` is the new amount less the old one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import AMOUNT
from ledger.fields import CURRENCY
from ledger.fields import DATE
from ledger.fields import IDENTITY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.entry import Views


def apply(entry: Entry, _private: Mapping[str, Json], views: Views) -> None:
    """Change the grant's row and the foundation's sum."""
    views.update(
        "grant_award",
        {"id": entry.words("grant")},
        {"amount_minor": entry.integer("amount"), "starts": entry.day("starts"), "ends": entry.day("ends")},
    )
    views.add(
        "foundation_sum",
        {"foundation": entry.words("foundation")},
        {"granted_minor": entry.integer("difference")},
    )


TYPE = EntryType(
    name="grant changed",
    books=("district",),
    public={
        "grant": IDENTITY,
        "foundation": IDENTITY,
        "difference": AMOUNT,
        "amount": AMOUNT,
        "currency": CURRENCY,
        "starts": DATE,
        "ends": DATE,
    },
    committed=("reason",),
    example=Example(
        {
            "grant": "00112233445566aa",
            "foundation": "0f1e2d3c4b5a6978",
            "difference": -500000,
            "amount": 24500000,
            "currency": "EUR",
            "starts": "2026-01-01",
            "ends": "2026-12-31",
        },
        {"reason": "Minder deelnemers."},
    ),
    apply=apply,
)
