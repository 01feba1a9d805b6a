"""statement confirmed: another person brought the same statement and nothing differed."""

from __future__ import annotations

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import COUNT

TYPE = EntryType(
    name="statement confirmed",
    books=("foundation",),
    public={"statement": COUNT},
    example=Example({"statement": 17}),
)
