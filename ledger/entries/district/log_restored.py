"""log restored: the log was put back from a backup that holds fewer entries than were signed.

What was signed and is lost is named by its size and root, so that anybody who kept an old checkpoint
can see that the operator said so, and that nothing else is missing.
"""

from __future__ import annotations

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import COUNT
from ledger.fields import HASH_HEX

TYPE = EntryType(
    name="log restored",
    books=("district",),
    public={"signed": COUNT, "root": HASH_HEX, "kept": COUNT},
    committed=("reason",),
    example=Example(
        {
            "signed": 1200,
            "root": "5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e",
            "kept": 1150,
        },
        {"reason": "De schijf is stuk; dit is de nieuwste reservekopie."},
    ),
)
