"""changed: an initiative's promise or contact becomes another."""

from __future__ import annotations

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import BASIS

TYPE = EntryType(
    name="changed",
    books=("initiative",),
    public={"basis": BASIS},
    committed=("name", "promise", "theme", "contact"),
    example=Example(
        {"basis": "desk"}, {"name": "Tuin", "promise": "Een grotere tuin.", "theme": "groen", "contact": None}
    ),
)
