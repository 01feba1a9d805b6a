"""statement confirmed: another person brought the same statement and nothing differed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import COUNT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.entry import Views


def apply(entry: Entry, _private: Mapping[str, Json], views: Views) -> None:
    """Remember who confirmed which statement."""
    row = {
        "idx": entry.idx,
        "foundation": entry.owner,
        "statement": entry.integer("statement"),
        "by": entry.by[0],
        "at": entry.recorded_at,
    }
    views.insert("confirmation", row)


TYPE = EntryType(
    name="statement confirmed",
    books=("foundation",),
    public={"statement": COUNT},
    example=Example({"statement": 17}),
    apply=apply,
    least_people=1,
)
