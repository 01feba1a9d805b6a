"""GLS Bank's CSV (German): the payer's words in fourteen columns, and the balance after every row.

Source: GLS Gemeinschaftsbank, Umsatzliste CSV; a file of 2017.
"""

from __future__ import annotations

from importers.profiles.profile import MAX_TEXTS
from importers.profiles.profile import Profile

_WORDS = {f"text_{number}": (f"vwz{number}",) for number in range(2, MAX_TEXTS + 1)}

GLS = Profile(
    bank="GLS",
    columns={
        "account": ("kontonummer",),
        "booked_on": ("buchungstag",),
        "valued_on": ("wertstellung",),
        "name": ("auftraggeber/empfänger",),
        "type_code": ("buchungstext",),
        "text": ("vwz1",),
        **_WORDS,
        "amount": ("betrag",),
        "running": ("kontostand",),
        "currency": ("währung",),
    },
    required=frozenset({"account", "booked_on", "name", "amount", "running", "currency"}),
)
