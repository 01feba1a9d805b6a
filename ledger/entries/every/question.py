"""question: a neighbour's question about this book or one of its entries."""

from __future__ import annotations

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import COUNT
from ledger.fields import IDENTITY
from ledger.fields import Maybe

TYPE = EntryType(
    name="question",
    books=("foundation", "initiative"),
    public={"question": IDENTITY, "about": Maybe(COUNT)},
    committed=("text",),
    example=Example({"question": "00112233445566aa", "about": 42}, {"text": "Waarvoor was dit?"}),
)
