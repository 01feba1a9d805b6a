"""disclosed: committed values become public.

A pair is [seq, field]; salt and value stand in the public record from now on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entries.showing import show
from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import PAIRS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.entry import Views


def apply(entry: Entry, _private: Mapping[str, Json], views: Views) -> None:
    """Show the values and take salt and value into the public record."""
    show(entry, views)


TYPE = EntryType(
    name="disclosed",
    books=("district", "foundation", "initiative"),
    public={"pairs": PAIRS},
    example=Example({"pairs": [[0, "name"]]}),
    apply=apply,
)
