"""text released: the text of a transaction with ranges removed, and a commitment to what is shown."""

from __future__ import annotations

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import COUNT
from ledger.fields import Row
from ledger.fields import Rows

TYPE = EntryType(
    name="text released",
    books=("foundation",),
    public={"transaction": COUNT, "removed": Rows(Row((COUNT, COUNT)))},
    committed=("shown",),
    example=Example({"transaction": 42, "removed": [[3, 12]]}, {"shown": "hout voor de tuin"}),
)
