"""deallocation: items of an earlier allocation of this book no longer count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entries.allocating import deallocate
from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import COUNT
from ledger.fields import Rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.entry import Views


def apply(entry: Entry, _private: Mapping[str, Json], views: Views) -> None:
    """Take the items back out of the sums."""
    deallocate(entry, views)


TYPE = EntryType(
    name="deallocation",
    books=("initiative",),
    public={"allocation": COUNT, "items": Rows(COUNT)},
    committed=("reason",),
    example=Example({"allocation": 5, "items": [0]}, {"reason": None}),
    apply=apply,
)
