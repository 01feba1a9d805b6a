"""Triodos' CSV, which has no header: eight columns, in newer files a ninth with the balance.

Source: Triodos, Internet Bankieren, downloaden van transacties; files from 2017 on.
"""

from __future__ import annotations

from importers.profiles.profile import ANY
from importers.profiles.profile import DAY
from importers.profiles.profile import FIGURE
from importers.profiles.profile import Profile

_SHAPE = (
    DAY,
    r"[A-Z]{2}[0-9]{2}TRIO[0-9]{10}",
    r"[0-9.]{1,15}(?:,[0-9]{1,2})?",
    "Credit|Debet|Debit",
    ANY,
    "[A-Z0-9 ]{0,40}",
    "[A-Z]{0,4}",
    ANY,
)

TRIODOS = Profile(
    bank="Triodos",
    places={
        "booked_on": 0,
        "account": 1,
        "amount": 2,
        "direction": 3,
        "name": 4,
        "iban": 5,
        "type_code": 6,
        "text": 7,
        "running": 8,
    },
    shapes=(_SHAPE, (*_SHAPE, FIGURE)),
    debit=frozenset({"debet", "debit"}),
    credit=frozenset({"credit"}),
    newest_first=False,
)
