"""bunq's CSV, Dutch and English; newer files add the interest date. The decimal mark follows the app's language.

Source: bunq, export of statements as CSV; files from 2018 to 2025.
"""

from __future__ import annotations

from importers.profiles.profile import Profile

BUNQ = Profile(
    bank="bunq",
    columns={
        "booked_on": ("date", "datum"),
        "valued_on": ("interest date", "rentedatum"),
        "amount": ("amount", "bedrag"),
        "account": ("account", "rekening"),
        "iban": ("counterparty", "tegenrekening"),
        "name": ("name", "naam"),
        "text": ("description", "omschrijving"),
    },
    required=frozenset({"booked_on", "amount", "account", "iban", "name", "text"}),
    newest_first=False,
)
