"""flag severity raised: what a flag is about became graver, so that it weighs more; it never weighs less again.

Nobody does it; a run of the rules says so: a silence lasts, or small things of one payee or one week add up. `level`
is public where the flag's own severity is; of a rule that would tell something about a person it is null.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import FLAG_STATUS
from ledger.fields import HASH_HEX
from ledger.fields import Code
from ledger.fields import Maybe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.entry import Views

LEVELS = ("low", "medium", "high", "critical")


def apply(entry: Entry, private: Mapping[str, Json], views: Views) -> None:
    """Add the step's row, and let the flag weigh more; its status stays."""
    flag = entry.words("flag")
    step = {"idx": entry.idx, "flag": flag, "step": entry.type, "status": entry.words("status")}
    views.insert("flag_step", {**step, "by": entry.by, "at": entry.recorded_at, "private_reason": None})
    changes: dict[str, object] = {"private_severity": private.get("severity"), "changed_at": entry.recorded_at}
    if (level := entry.words_or_none("level")) is not None:
        changes["severity"] = level
    views.update("flag", {"id": flag}, changes)


TYPE = EntryType(
    name="flag severity raised",
    books=("foundation",),
    public={"flag": HASH_HEX, "level": Maybe(Code(LEVELS)), "status": FLAG_STATUS},
    committed=("severity",),
    example=Example(
        {
            "flag": "5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e",
            "level": "high",
            "status": "open",
        },
        {"severity": "high"},
    ),
    apply=apply,
)
