"""activity: a part of an initiative."""

from __future__ import annotations

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import DATE
from ledger.fields import IDENTITY
from ledger.fields import Code
from ledger.fields import Maybe

TYPE = EntryType(
    name="activity",
    books=("initiative",),
    public={
        "activity": IDENTITY,
        "starts": Maybe(DATE),
        "ends": Maybe(DATE),
        "status": Code(("planned", "running", "finished", "accounted")),
    },
    committed=("name", "description"),
    example=Example(
        {"activity": "00112233445566aa", "starts": "2026-04-01", "ends": None, "status": "running"},
        {"name": "Zaaidag", "description": None},
    ),
)
