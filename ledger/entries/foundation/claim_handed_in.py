"""claim handed in: a resident's advance with its receipts."""

from __future__ import annotations

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import AMOUNT
from ledger.fields import COUNT
from ledger.fields import CURRENCY
from ledger.fields import IDENTITY
from ledger.fields import Maybe

TYPE = EntryType(
    name="claim handed in",
    books=("foundation",),
    public={
        "claim": IDENTITY,
        "amount": AMOUNT,
        "currency": CURRENCY,
        "initiative": Maybe(IDENTITY),
        "category": Maybe(COUNT),
    },
    committed=("person", "iban", "purpose", "receipts"),
    example=Example(
        {
            "claim": "00112233445566aa",
            "amount": 4500,
            "currency": "EUR",
            "initiative": "8899aabbccddeeff",
            "category": 1,
        },
        {
            "person": "A. Voorbeeld",
            "iban": "NL02ABNA0123456789",
            "purpose": "Verf",
            "receipts": ["5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e"],
        },
    ),
)
