"""progress: what was done, in words and a picture."""

from __future__ import annotations

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import DATE

TYPE = EntryType(
    name="progress",
    books=("initiative",),
    public={"done_on": DATE},
    committed=("text", "picture"),
    example=Example({"done_on": "2026-10-03"}, {"text": "De eerste bloemen staan in bloei.", "picture": None}),
)
