"""claim repaid: a transaction of this book repaid an advance."""

from __future__ import annotations

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import COUNT
from ledger.fields import IDENTITY

TYPE = EntryType(
    name="claim repaid",
    books=("foundation",),
    public={"claim": IDENTITY, "transaction": COUNT},
    example=Example({"claim": "00112233445566aa", "transaction": 42}),
)
