"""receipt attached: the document behind a transaction."""

from __future__ import annotations

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import AMOUNT
from ledger.fields import COUNT
from ledger.fields import CURRENCY
from ledger.fields import Maybe

TYPE = EntryType(
    name="receipt attached",
    books=("foundation",),
    public={"transaction": COUNT, "amount": Maybe(AMOUNT), "currency": CURRENCY},
    committed=("file", "kind", "number"),
    example=Example(
        {"transaction": 42, "amount": 12000, "currency": "EUR"},
        {
            "file": "5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e",
            "kind": "invoice",
            "number": "2026-118",
        },
    ),
)
