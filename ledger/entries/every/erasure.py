"""erasure: salts and values were deleted for good: how many, and why."""

from __future__ import annotations

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import COUNT
from ledger.fields import Code

TYPE = EntryType(
    name="erasure",
    books=("district", "foundation", "initiative"),
    public={"values": COUNT, "why": Code(("retention", "request", "order"))},
    committed=("list",),
    example=Example({"values": 3, "why": "request"}, {"list": [[0, "name"]]}),
)
