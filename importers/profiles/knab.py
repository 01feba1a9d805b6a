"""Knab's CSV: the words KNAB EXPORT on the first line, the header on the second.

A period without payments gives the first line alone, or the first two.

Source: Knab, transactieoverzicht CSV; files from 2015 to 2024.
"""

from __future__ import annotations

from importers.profiles.profile import Profile

KNAB = Profile(
    bank="Knab",
    columns={
        "account": ("rekeningnummer",),
        "booked_on": ("boekdatum", "transactiedatum"),
        "valued_on": ("valutadatum",),
        "currency": ("valutacode",),
        "direction": ("creditdebet",),
        "amount": ("bedrag",),
        "iban": ("tegenrekeningnummer",),
        "name": ("tegenrekeninghouder",),
        "type_code": ("betaalwijze",),
        "kind": ("type betaling",),
        "text": ("omschrijving",),
        "mandate": ("machtigingsnummer",),
        "creditor_id": ("incassant id",),
        "bank_reference": ("referentie",),
    },
    required=frozenset({"account", "booked_on", "currency", "direction", "amount", "iban", "name"}),
    opening="knab export",
    debit=frozenset({"d"}),
    credit=frozenset({"c"}),
)
