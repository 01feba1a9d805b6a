"""report filed: the account of an initiative: spent properly, and did it help."""

from __future__ import annotations

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import DATE

TYPE = EntryType(
    name="report filed",
    books=("initiative",),
    public={"starts": DATE, "ends": DATE},
    committed=("text", "file"),
    example=Example(
        {"starts": "2026-01-01", "ends": "2026-12-31"},
        {"text": "Het hielp.", "file": "5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e"},
    ),
)
