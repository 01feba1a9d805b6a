"""DKB's CSV (German): the one of its website since 2023, for accounts and for cards, and the older one.

Rows about the account stand above the header, its IBAN or the card's number among them. Who pays and who is paid
have a column each, so that the other side is told by the direction of the money.

Source: DKB, Umsätze exportieren (CSV); files from 2016 to 2026.
"""

from __future__ import annotations

from importers.profiles.profile import Profile
from importers.profiles.profile import States

_STATES = States(
    booked=frozenset({"gebucht"}), pending=frozenset({"vorgemerkt"}), never=frozenset({"storniert", "abgelehnt"})
)
_AMOUNT = ("betrag (€)", "betrag (eur)", "betrag")

DKB = Profile(
    bank="DKB",
    columns={
        "booked_on": ("buchungsdatum",),
        "valued_on": ("wertstellung",),
        "state": ("status",),
        "payer": ("zahlungspflichtige*r",),
        "payee": ("zahlungsempfänger*in",),
        "text": ("verwendungszweck",),
        "type_code": ("umsatztyp",),
        "iban": ("iban",),
        "amount": _AMOUNT,
        "creditor_id": ("gläubiger-id", "glaeubiger-id"),
        "mandate": ("mandatsreferenz",),
        "end_to_end_id": ("kundenreferenz",),
    },
    required=frozenset({"booked_on", "state", "payer", "payee", "amount"}),
    states=_STATES,
)

DKB_CARD = Profile(
    bank="DKB",
    columns={
        "booked_on": ("belegdatum",),
        "valued_on": ("wertstellung",),
        "state": ("status",),
        "name": ("beschreibung",),
        "type_code": ("umsatztyp",),
        "amount": _AMOUNT,
        "text": ("fremdwährungsbetrag",),
    },
    required=frozenset({"booked_on", "valued_on", "state", "name", "amount"}),
    states=_STATES,
)

DKB_OLD = Profile(
    bank="DKB",
    columns={
        "booked_on": ("buchungstag",),
        "valued_on": ("wertstellung",),
        "type_code": ("buchungstext",),
        "name": ("auftraggeber / begünstigter",),
        "text": ("verwendungszweck",),
        "iban": ("kontonummer",),
        "amount": _AMOUNT,
        "creditor_id": ("gläubiger-id",),
        "mandate": ("mandatsreferenz",),
        "end_to_end_id": ("kundenreferenz",),
    },
    required=frozenset({"booked_on", "type_code", "name", "text", "iban", "amount"}),
)
