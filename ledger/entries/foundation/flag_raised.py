"""flag raised: a rule hit entries of this book.

Rule, severity, case and evidence are committed: for a rule that would tell something about a person only "this
payment is being looked at" is public until a ruling.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import COUNT
from ledger.fields import HASH_HEX
from ledger.fields import Rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.entry import Views


def apply(entry: Entry, private: Mapping[str, Json], views: Views) -> None:
    """Open the flag's row."""
    flag = entry.words("flag")
    views.insert(
        "flag",
        {
            "id": flag,
            "idx": entry.idx,
            "foundation": entry.owner,
            "about": entry.items("about"),
            "status": "open",
            "raised_at": entry.recorded_at,
            "changed_at": entry.recorded_at,
            "private_rule": private.get("rule"),
            "private_severity": private.get("severity"),
            "private_case": private.get("case"),
            "private_evidence": private.get("evidence"),
        },
    )
    for seq in entry.items("about"):
        views.insert("flag_about", {"flag": flag, "seq": seq, "foundation": entry.owner})


TYPE = EntryType(
    name="flag raised",
    books=("foundation",),
    public={"flag": HASH_HEX, "about": Rows(COUNT)},
    committed=("rule", "severity", "case", "evidence"),
    example=Example(
        {"flag": "5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e", "about": [42]},
        {
            "rule": "PAY-01",
            "severity": "high",
            "case": "5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e",
            "evidence": {},
        },
    ),
    apply=apply,
    shows={"rule": ("flag", "rule"), "severity": ("flag", "severity")},
)
