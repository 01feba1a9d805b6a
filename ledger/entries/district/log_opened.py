"""log opened: the first entry of an installation's log, with the district's name."""

from __future__ import annotations

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import Code

TYPE = EntryType(
    name="log opened",
    books=("district",),
    public={"clock": Code(("real", "simulated"))},
    committed=("name",),
    example=Example({"clock": "real"}, {"name": "Stadsdeel Voorbeeld"}),
)
