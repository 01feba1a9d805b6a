"""reversal: an earlier entry of this book, booked in error, no longer counts."""

from __future__ import annotations

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import AMOUNT
from ledger.fields import COUNT
from ledger.fields import CURRENCY

TYPE = EntryType(
    name="reversal",
    books=("foundation",),
    public={"reverses": COUNT, "amount": AMOUNT, "currency": CURRENCY},
    committed=("reason",),
    example=Example({"reverses": 18, "amount": 12000, "currency": "EUR"}, {"reason": "Dubbel ingevoerd."}),
)
