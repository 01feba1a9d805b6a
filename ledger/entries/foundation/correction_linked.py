"""correction linked: lines with which the bank gave back or reversed earlier lines of the same account.

`items` are pairs: the place in the book of the line that gives back, and of the line that it corrects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import COUNT
from ledger.fields import Row
from ledger.fields import Rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.entry import Views


def apply(entry: Entry, _private: Mapping[str, Json], views: Views) -> None:
    """Let each of the two lines name the other."""
    for item in entry.items("items"):
        assert isinstance(item, list), "the type's list says so"
        returning, corrected = item
        views.update("movement", {"foundation": entry.owner, "seq": returning}, {"corrects": corrected})
        views.update("movement", {"foundation": entry.owner, "seq": corrected}, {"corrected_by": returning})


TYPE = EntryType(
    name="correction linked",
    books=("foundation",),
    public={"items": Rows(Row((COUNT, COUNT)))},
    example=Example({"items": [[42, 17]]}),
    apply=apply,
)
