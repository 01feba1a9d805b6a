"""opened: a foundation begins to keep its book here.

`limit` is the approval limit: up to it a payment to an approved payee needs no decision of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import AMOUNT
from ledger.fields import BASIS
from ledger.fields import COUNT
from ledger.fields import CURRENCY
from ledger.fields import Code
from ledger.fields import Maybe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.entry import Views


def apply(entry: Entry, private: Mapping[str, Json], views: Views) -> None:
    """Open the foundation's row."""
    views.insert(
        "foundation",
        {
            "id": entry.owner,
            "idx": entry.idx,
            "kind": entry.words("kind"),
            "opened_at": entry.recorded_at,
            "limit_minor": entry.integer("limit"),
            "currency": entry.words("currency"),
            "statement_every_days": entry.integer_or_none("every"),
            "private_name": private.get("name"),
        },
    )
    views.add("foundation_sum", {"foundation": entry.owner}, {})


TYPE = EntryType(
    name="opened",
    books=("foundation",),
    public={
        "kind": Code(("foundation", "association", "organisation", "intermediary", "residents", "district")),
        "limit": AMOUNT,
        "currency": CURRENCY,
        "every": Maybe(COUNT),
        "basis": BASIS,
    },
    committed=("slug", "name", "kvk"),
    example=Example(
        {"kind": "foundation", "limit": 25000, "currency": "EUR", "every": 35, "basis": "opening"},
        {"slug": "meer", "name": "Stichting Meer", "kvk": "12345678"},
    ),
    apply=apply,
    shows={"slug": ("foundation", "slug"), "name": ("foundation", "name"), "kvk": ("foundation", "kvk")},
)
