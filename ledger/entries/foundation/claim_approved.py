"""claim approved: an advance will be repaid, under a decision where there is one."""

from __future__ import annotations

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import IDENTITY
from ledger.fields import Maybe

TYPE = EntryType(
    name="claim approved",
    books=("foundation",),
    public={"claim": IDENTITY, "decision": Maybe(IDENTITY)},
    example=Example({"claim": "00112233445566aa", "decision": "8899aabbccddeeff"}),
)
