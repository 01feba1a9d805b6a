"""transaction: one line of a statement.

Public are account, statement, line, days, amount and currency. All else that the bank says is
committed, always under the same keys. `counter` is what the counterparty was resolved to on booking:
"payee:<id>" where the register knew its IBAN, "account:<id>" where it is a declared account, else null.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

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


PAID = "payment"
RECEIVED = "income"
MOVED = "transfer"
TOLD = ("counter", "iban", "name", "parts")
"""The private values that views are made from: who appends a transaction need not have the others at hand."""


def apply(entry: Entry, private: Mapping[str, Json], views: Views) -> None:
    """Add the movement and its sums."""
    counter = private.get("counter")
    amount = entry.integer("amount")
    kind = kind_of(amount, counter)
    foundation = entry.owner
    views.insert(
        "movement",
        {
            "idx": entry.idx,
            "foundation": foundation,
            "seq": entry.seq,
            "account": entry.words("account"),
            "statement": entry.integer("statement"),
            "line": entry.integer("line"),
            "booked_on": entry.day("booked_on"),
            "valued_on": entry.day_or_none("valued_on"),
            "amount_minor": amount,
            "currency": entry.words("currency"),
            "kind": kind,
            "allocated_minor": 0,
            "recorded_at": entry.recorded_at,
            "private_counter": counter,
            "private_party": party_of(private),
        },
    )
    sums = {"booked_minor": amount, "movements": 1}
    if kind == MOVED:
        views.add("foundation_sum", {"foundation": foundation}, sums)
        return
    name, size = ("paid_minor", -amount) if kind == PAID else ("received_minor", amount)
    views.add("foundation_sum", {"foundation": foundation}, {**sums, name: size})
    views.add("month_sum", {"foundation": foundation, "month": entry.words("booked_on")[:7]}, {name: size})


def party_of(said: Mapping[str, Json]) -> str | None:
    """Return what a line's counterparty is known again by when it comes back.

    That is a payee of the register, else the IBAN, else the name that the bank gives (a card payment has no IBAN).
    A batch has many counterparties and so none.
    """
    counter, iban, name = said.get("counter"), said.get("iban"), said.get("name")
    if isinstance(counter, str):
        return counter
    if isinstance(iban, str) and iban:
        return iban
    if not isinstance(name, str) or said.get("parts"):
        return None
    return f"name:{unicodedata.normalize('NFC', ''.join(name.split())).casefold()}"


def kind_of(amount: int, counter: Json) -> str:
    """Return whether a line is a payment, income, or a transfer between declared accounts."""
    if isinstance(counter, str) and counter.startswith("account:"):
        return MOVED
    return PAID if amount < 0 else RECEIVED


TYPE = EntryType(
    name="transaction",
    books=("foundation",),
    public={
        "account": IDENTITY,
        "statement": COUNT,
        "line": COUNT,
        "booked_on": DATE,
        "valued_on": Maybe(DATE),
        "amount": AMOUNT,
        "currency": CURRENCY,
    },
    committed=("name", "iban", "text", "refs", "code", "parts", "counter"),
    example=Example(
        {
            "account": "00112233445566aa",
            "statement": 17,
            "line": 1,
            "booked_on": "2026-10-03",
            "valued_on": None,
            "amount": -12000,
            "currency": "EUR",
        },
        {
            "name": "Bouwmarkt Zon",
            "iban": "NL02ABNA0123456789",
            "text": "hout",
            "refs": {},
            "code": "RCDT",
            "parts": [],
            "counter": "payee:8899aabbccddeeff",
        },
    ),
    apply=apply,
    shows={"counter": ("movement", "counter"), "name": ("movement", "name"), "text": ("movement", "text")},
)
