"""balance confirmed: a second person saw the account's balance at the bank."""

from __future__ import annotations

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import AMOUNT
from ledger.fields import CURRENCY
from ledger.fields import DATE
from ledger.fields import IDENTITY
from ledger.fields import YES_NO

TYPE = EntryType(
    name="balance confirmed",
    books=("foundation",),
    public={"account": IDENTITY, "on": DATE, "amount": AMOUNT, "currency": CURRENCY, "agrees": YES_NO},
    example=Example(
        {
            "account": "00112233445566aa",
            "on": "2026-10-31",
            "amount": 90000,
            "currency": "EUR",
            "agrees": True,
        }
    ),
)
