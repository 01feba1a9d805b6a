"""text released: the text of a transaction with ranges removed, and a commitment to what is shown.

A range is [start, end): characters of the text as the bank gives it, from 0. In what is shown one
sign (`REMOVED`) stands in the place of each range, however long it is. While it is disclosed the
transaction shows it; the bank's own text stays behind its commitment. Of two releases of one text the one
disclosed last shows, and hiding the other changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import COUNT
from ledger.fields import Row
from ledger.fields import Rows

if TYPE_CHECKING:
    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.entry import Views

REMOVED = "\N{BLACK VERTICAL RECTANGLE}"


def show(entry: Entry, _field: str, value: Json, views: Views) -> None:
    """Show the released text with its transaction, or hide it (null)."""
    line = {"foundation": entry.owner, "seq": entry.integer("transaction")}
    if value is None:
        views.update("movement", {**line, "text_from": entry.seq}, {"text": None, "text_from": None})
    else:
        views.update("movement", line, {"text": value, "text_from": entry.seq})


TYPE = EntryType(
    name="text released",
    books=("foundation",),
    public={"transaction": COUNT, "removed": Rows(Row((COUNT, COUNT)))},
    committed=("shown",),
    example=Example({"transaction": 42, "removed": [[3, 12]]}, {"shown": "hout voor de tuin"}),
    show=show,
)
