"""account declared: a bank account with this money, and who can empty it or look in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import BASIS
from ledger.fields import IDENTITY
from ledger.fields import Code

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.entry import Views


def apply(entry: Entry, private: Mapping[str, Json], views: Views) -> None:
    """Open the account's row."""
    views.insert(
        "account",
        {
            "id": entry.words("account"),
            "idx": entry.idx,
            "foundation": entry.owner,
            "mandate": entry.words("mandate"),
            "declared_at": entry.recorded_at,
            "private_iban": private.get("iban"),
        },
    )


TYPE = EntryType(
    name="account declared",
    books=("foundation",),
    public={"account": IDENTITY, "mandate": Code(("alone", "together", "unknown")), "basis": BASIS},
    committed=("iban", "holder", "viewers"),
    example=Example(
        {"account": "00112233445566aa", "mandate": "together", "basis": "opening"},
        {"iban": "NL02ABNA0123456789", "holder": "Stichting Meer", "viewers": None},
    ),
    apply=apply,
    shows={"iban": ("account", "iban")},
)
