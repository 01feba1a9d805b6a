"""run: the rules looked at the log up to a size; of fixed shape, hits or none.

`rules` is the rule set's hash; the hits that are not public are committed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import COUNT
from ledger.fields import HASH_HEX

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.entry import Views


def apply(entry: Entry, _private: Mapping[str, Json], views: Views) -> None:
    """Open a row for the run."""
    views.insert(
        "run",
        {
            "idx": entry.idx,
            "size": entry.integer("size"),
            "rules": entry.words("rules"),
            "at": entry.recorded_at,
        },
    )


TYPE = EntryType(
    name="run",
    books=("district",),
    public={"size": COUNT, "rules": HASH_HEX},
    committed=("hits",),
    example=Example(
        {"size": 1204, "rules": "5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e"},
        {"hits": []},
    ),
    apply=apply,
)
