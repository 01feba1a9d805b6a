"""allocation: (parts of) transactions of one statement counted for this initiative.

An item is [seq of the transaction, amount, category]; the amount is signed as the
transaction's: money spent is negative, a refund positive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entries.allocating import allocate
from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import AMOUNT
from ledger.fields import COUNT
from ledger.fields import CURRENCY
from ledger.fields import IDENTITY
from ledger.fields import Row
from ledger.fields import Rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.entry import Views


def apply(entry: Entry, _private: Mapping[str, Json], views: Views) -> None:
    """Count each item for its category, month and transaction."""
    allocate(entry, views)


TYPE = EntryType(
    name="allocation",
    books=("initiative",),
    public={
        "foundation": IDENTITY,
        "statement": COUNT,
        "currency": CURRENCY,
        "items": Rows(Row((COUNT, AMOUNT, COUNT))),
    },
    example=Example({"foundation": "00112233445566aa", "statement": 17, "currency": "EUR", "items": [[18, -12000, 1]]}),
    apply=apply,
)
