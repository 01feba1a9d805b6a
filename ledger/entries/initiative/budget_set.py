"""budget set: the categories of an initiative and an amount for each.

A line is [category, amount, starts or null, ends or null]; `names` gives the categories' names in the same order.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.entry import read_day
from ledger.fields import AMOUNT
from ledger.fields import COUNT
from ledger.fields import CURRENCY
from ledger.fields import DATE
from ledger.fields import Maybe
from ledger.fields import Row
from ledger.fields import Rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.entry import Views


def apply(entry: Entry, _private: Mapping[str, Json], views: Views) -> None:
    """Set the budget's lines; a line set before is replaced."""
    for line in entry.items("lines"):
        category, amount, starts, ends = line if isinstance(line, list) else []
        views.put(
            "budget_line",
            {"initiative": entry.owner, "category": category},
            {"amount_minor": amount, "starts": read_day(starts), "ends": read_day(ends), "idx": entry.idx},
        )


def show_names(entry: Entry, _field: str, value: Json, views: Views) -> None:
    """Show or hide the names of the categories."""
    lines = entry.items("lines")
    names = value if isinstance(value, list) else []
    for line, name in itertools.zip_longest(lines, names[: len(lines)]):
        category = line[0] if isinstance(line, list) else None
        key = {"initiative": entry.owner, "category": category, "idx": entry.idx}
        views.update("budget_line", key, {"name": name})


TYPE = EntryType(
    name="budget set",
    books=("initiative",),
    public={"lines": Rows(Row((COUNT, AMOUNT, Maybe(DATE), Maybe(DATE)))), "currency": CURRENCY},
    committed=("names",),
    example=Example({"lines": [[1, 400000, None, None]], "currency": "EUR"}, {"names": ["planten"]}),
    apply=apply,
    show=show_names,
)
