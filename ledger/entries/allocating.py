"""What an allocation does to the sums, and a deallocation undoes.

Money spent is a negative amount in the entry and a positive one in the sums; a refund
counts apart, so that both sides can be shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entry import foundation_book
from ledger.errors import MalformedEntry

if TYPE_CHECKING:
    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.entry import Views

ITEM_PARTS = 3


def allocate(entry: Entry, views: Views) -> None:
    """Count every item of an allocation."""
    foundation = entry.words("foundation")
    items = [_item(item) for item in entry.items("items")]
    movements = views.find(foundation_book(foundation), [seq for seq, _, _ in items])
    for number, ((seq, amount, category), movement) in enumerate(zip(items, movements, strict=True)):
        views.insert(
            "allocation",
            {
                "idx": entry.idx,
                "item": number,
                "initiative": entry.owner,
                "allocation_seq": entry.seq,
                "foundation": foundation,
                "seq": seq,
                "amount_minor": amount,
                "category": category,
                "undone": False,
                "movement": movement.idx,
                "booked_on": movement.day("booked_on"),
            },
        )
        _count(views, entry.owner, movement, amount, category, 1)


def deallocate(entry: Entry, views: Views) -> None:
    """Take items of an earlier allocation back."""
    (allocation,) = views.find(entry.book, [entry.integer("allocation")])
    items = [_item(item) for item in allocation.items("items")]
    book = foundation_book(allocation.words("foundation"))
    for number in (int(str(place)) for place in entry.items("items")):
        if number >= len(items):
            raise MalformedEntry(f"the allocation has no item {number}")
        seq, amount, category = items[number]
        (movement,) = views.find(book, [seq])
        views.update("allocation", {"idx": allocation.idx, "item": number}, {"undone": True})
        _count(views, entry.owner, movement, amount, category, -1)


def _item(item: Json) -> tuple[int, int, int]:
    """Return one item as numbers: seq, amount, category."""
    if not isinstance(item, list) or len(item) != ITEM_PARTS or not all(isinstance(value, int) for value in item):
        raise MalformedEntry("an item is [seq, amount, category]")
    seq, amount, category = (int(str(value)) for value in item)
    return seq, amount, category


def _count(views: Views, initiative: str, movement: Entry, amount: int, category: int, times: int) -> None:  # noqa: PLR0917 - one fact, six parts
    """Add an item to the sums (times 1) or take it out of them (times -1)."""
    month = movement.words("booked_on")[:7]
    size = abs(amount) * times
    spent = amount < 0
    views.add("movement", {"idx": movement.idx}, {"allocated_minor": amount * times})
    views.add(
        "category_month",
        {"initiative": initiative, "category": category, "month": month},
        {"spent_minor" if spent else "refunded_minor": size, "payments": times},
    )
    views.add(
        "foundation_sum",
        {"foundation": movement.owner},
        {"explained_minor" if spent else "refunded_minor": size},
    )
    if spent:
        views.add("month_sum", {"foundation": movement.owner, "month": month}, {"explained_minor": size})
