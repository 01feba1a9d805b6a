"""statement: what the bank said about one account in one period, and by which channel it came.

`lines` counts the lines in the file, `known` those that were booked before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import AMOUNT
from ledger.fields import COUNT
from ledger.fields import CURRENCY
from ledger.fields import DATE
from ledger.fields import IDENTITY
from ledger.fields import YES_NO
from ledger.fields import Code
from ledger.fields import Maybe
from ledger.fields import Rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.entry import Views


PROBLEMS = tuple(
    "balance batch booking_date continuity currency differs double gap missing_page no_balance other pending reversal "
    "summary".split()
)


def apply(entry: Entry, private: Mapping[str, Json], views: Views) -> None:
    """Open the statement's row."""
    views.insert(
        "statement",
        {
            "foundation": entry.owner,
            "seq": entry.seq,
            "idx": entry.idx,
            "account": entry.words("account"),
            "opened_on": entry.day_or_none("opened_on"),
            "opening_minor": entry.integer_or_none("opening"),
            "closed_on": entry.day_or_none("closed_on"),
            "closing_minor": entry.integer_or_none("closing"),
            "currency": entry.words("currency"),
            "lines": entry.integer("lines"),
            "known": entry.integer("known"),
            "channel": entry.words("channel"),
            "accepted": entry.yes("accepted"),
            "problems": entry.items("problems"),
            "recorded_at": entry.recorded_at,
            "private_number": private.get("number"),
            "private_reason": private.get("reason"),
        },
    )


TYPE = EntryType(
    name="statement",
    books=("foundation",),
    public={
        "account": IDENTITY,
        "opened_on": Maybe(DATE),
        "opening": Maybe(AMOUNT),
        "closed_on": Maybe(DATE),
        "closing": Maybe(AMOUNT),
        "currency": CURRENCY,
        "lines": COUNT,
        "known": COUNT,
        "channel": Code(("upload", "delivery", "api")),
        "accepted": YES_NO,
        "problems": Rows(Code(PROBLEMS)),
    },
    committed=("number", "bank", "format", "file", "reason"),
    example=Example(
        {
            "account": "00112233445566aa",
            "opened_on": "2026-10-01",
            "opening": 1000,
            "closed_on": "2026-10-31",
            "closing": 900,
            "currency": "EUR",
            "lines": 1,
            "known": 0,
            "channel": "upload",
            "accepted": False,
            "problems": [],
        },
        {
            "number": "10",
            "bank": "INGBNL2A",
            "format": "camt.053.001.08",
            "file": "5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e",
            "reason": None,
        },
    ),
    apply=apply,
)
