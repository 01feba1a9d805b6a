"""answer: the word on a question."""

from __future__ import annotations

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import IDENTITY

TYPE = EntryType(
    name="answer",
    books=("foundation", "initiative"),
    public={"question": IDENTITY},
    committed=("text",),
    example=Example({"question": "00112233445566aa"}, {"text": "Voor de planten."}),
)
