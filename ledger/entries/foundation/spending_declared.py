"""spending declared: a payment that comes from no bank statement, with its source document.

It stands among the payments, on no account and no statement, and counts as spent but never as booked by a bank.
Where it names an initiative it is explained by that alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entries.foundation.transaction import PAID
from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import AMOUNT
from ledger.fields import COUNT
from ledger.fields import CURRENCY
from ledger.fields import DATE
from ledger.fields import IDENTITY
from ledger.fields import Maybe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.entry import Views

NO_ACCOUNT = ""
"""The account of what no bank booked."""
DECLARED = "declared"
"""What stands for whoever was paid: not a payee of the register, and not an account."""


def apply(entry: Entry, private: Mapping[str, Json], views: Views) -> None:  # noqa: ARG001 - every type's signature
    """Add the payment, what it counts for, and both to the sums."""
    amount, paid_on = entry.integer("amount"), entry.day("paid_on")
    initiative = entry.words_or_none("initiative")
    views.insert(
        "movement",
        {
            "idx": entry.idx,
            "foundation": entry.owner,
            "seq": entry.seq,
            "account": NO_ACCOUNT,
            "statement": entry.seq,
            "line": 0,
            "booked_on": paid_on,
            "valued_on": None,
            "amount_minor": amount,
            "currency": entry.words("currency"),
            "kind": PAID,
            "allocated_minor": 0 if initiative is None else amount,
            "recorded_at": entry.recorded_at,
            "private_counter": DECLARED,
        },
    )
    spent = {"paid_minor": -amount} | ({} if initiative is None else {"explained_minor": -amount})
    views.add("foundation_sum", {"foundation": entry.owner}, {**spent, "movements": 1})
    views.add("month_sum", {"foundation": entry.owner, "month": entry.words("paid_on")[:7]}, spent)
    if initiative is not None:
        _count(entry, initiative, entry.integer("category"), views)


def _count(entry: Entry, initiative: str, category: int, views: Views) -> None:
    """Count the whole of it for one category of an initiative."""
    amount, month = entry.integer("amount"), entry.words("paid_on")[:7]
    views.insert(
        "allocation",
        {
            "idx": entry.idx,
            "item": 0,
            "initiative": initiative,
            "allocation_seq": entry.seq,
            "foundation": entry.owner,
            "seq": entry.seq,
            "amount_minor": amount,
            "category": category,
            "undone": False,
            "movement": entry.idx,
            "booked_on": entry.day("paid_on"),
        },
    )
    where: dict[str, Json] = {"initiative": initiative, "category": category, "month": month}
    views.add("category_month", where, {"spent_minor": -amount, "payments": 1})


TYPE = EntryType(
    name="spending declared",
    books=("foundation",),
    public={
        "paid_on": DATE,
        "amount": AMOUNT,
        "currency": CURRENCY,
        "initiative": Maybe(IDENTITY),
        "category": Maybe(COUNT),
    },
    committed=("name", "iban", "text", "document"),
    example=Example(
        {
            "paid_on": "2026-10-03",
            "amount": -12000,
            "currency": "EUR",
            "initiative": "00112233445566aa",
            "category": 1,
        },
        {
            "name": "Bouwmarkt Zon",
            "iban": None,
            "text": "hout",
            "document": "5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e",
        },
    ),
    apply=apply,
    shows={"name": ("movement", "name"), "text": ("movement", "text")},
)
