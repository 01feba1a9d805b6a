"""rule parameter set: a rule's parameter becomes another, for one foundation or for all.

`position` is the parameter's place in the list of that version of the rule.
"""

from __future__ import annotations

from ledger.entry import EntryType
from ledger.entry import Example
from ledger.fields import AMOUNT
from ledger.fields import COUNT
from ledger.fields import IDENTITY
from ledger.fields import RULE_ID
from ledger.fields import Maybe

TYPE = EntryType(
    name="rule parameter set",
    books=("district",),
    public={
        "rule": RULE_ID,
        "version": COUNT,
        "position": COUNT,
        "foundation": Maybe(IDENTITY),
        "value": AMOUNT,
    },
    committed=("reason",),
    example=Example(
        {"rule": "PAY-01", "version": 1, "position": 0, "foundation": "00112233445566aa", "value": 25000},
        {"reason": "Kleine stichting."},
    ),
)
