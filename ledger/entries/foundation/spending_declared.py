"""spending declared: a payment that comes from no bank statement, with its source document."""

from __future__ import annotations

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import AMOUNT
from ledger.fields import COUNT
from ledger.fields import CURRENCY
from ledger.fields import DATE
from ledger.fields import IDENTITY
from ledger.fields import Maybe

TYPE = EntryType(
    name="spending declared",
    books=("foundation",),
    public={
        "paid_on": DATE,
        "amount": AMOUNT,
        "currency": CURRENCY,
        "initiative": Maybe(IDENTITY),
        "category": Maybe(COUNT),
    },
    committed=("name", "iban", "text", "document"),
    example=Example(
        {
            "paid_on": "2026-10-03",
            "amount": -12000,
            "currency": "EUR",
            "initiative": "00112233445566aa",
            "category": 1,
        },
        {
            "name": "Bouwmarkt Zon",
            "iban": None,
            "text": "hout",
            "document": "5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e",
        },
    ),
)
