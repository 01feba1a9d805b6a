"""seal: once a day, the log's size and root, and one root over all books.

`books_root` is a Merkle root over (book, length, head, balance) sorted by book; the list is published beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import COUNT
from ledger.fields import DATE
from ledger.fields import HASH_HEX

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.entry import Views


def apply(entry: Entry, _private: Mapping[str, Json], views: Views) -> None:
    """Remember the seal of the day."""
    row = {
        "idx": entry.idx,
        "day": entry.day("day"),
        "size": entry.integer("size"),
        "root": entry.words("root"),
        "books": entry.integer("books"),
        "books_root": entry.words("books_root"),
        "at": entry.recorded_at,
    }
    views.insert("seal", row)


TYPE = EntryType(
    name="seal",
    books=("district",),
    public={"day": DATE, "size": COUNT, "root": HASH_HEX, "books": COUNT, "books_root": HASH_HEX},
    example=Example(
        {
            "day": "2026-11-23",
            "size": 1204,
            "root": "5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e",
            "books": 12,
            "books_root": "5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e",
        }
    ),
    apply=apply,
)
