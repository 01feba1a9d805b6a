"""key rotated: the log is signed with another key from now on."""

from __future__ import annotations

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import HASH_HEX

TYPE = EntryType(
    name="key rotated",
    books=("district",),
    public={"old": HASH_HEX, "new": HASH_HEX},
    example=Example(
        {
            "old": "5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e",
            "new": "5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e",
        }
    ),
)
