"""withdrawn: disclosed values are hidden again, with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entries.showing import hide
from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import PAIRS
from ledger.fields import Code

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.entry import Views


def apply(entry: Entry, _private: Mapping[str, Json], views: Views) -> None:
    """Hide the values and take them out of the public record."""
    hide(entry, views)


TYPE = EntryType(
    name="withdrawn",
    books=("district", "foundation", "initiative"),
    public={"pairs": PAIRS, "why": Code(("request", "mistake", "order"))},
    example=Example({"pairs": [[0, "name"]], "why": "request"}),
    apply=apply,
)
