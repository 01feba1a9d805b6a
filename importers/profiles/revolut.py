"""Revolut's CSV, personal and Business, matched by the names of its columns.

Only a completed row moved the balance. What Revolut takes for it stands in a column of its own: the balance
moves by amount less fee. Neither file says an account's number; the currency, and the product or the
account's name, tell accounts apart.

Source: Revolut, account statement CSV (personal, 2020 to 2025); Revolut Business, transaction statement CSV.
"""

from __future__ import annotations

from importers.profiles.profile import Profile
from importers.profiles.profile import States

_STATES = States(
    booked=frozenset({"completed", "voltooid", "terminé", "abgeschlossen", "completado", "completato"}),
    pending=frozenset({"pending", "in behandeling", "en attente", "ausstehend", "pendiente", "in sospeso"}),
    never=frozenset(
        {"reverted", "declined", "failed", "cancelled", "canceled", "deleted", "rejected"}
        | {"teruggedraaid", "geweigerd", "mislukt", "geannuleerd", "annulé", "refusé", "rückgängig", "abgelehnt"}
    ),
)
_ZONES = ("amsterdam", "brussels", "berlin", "paris", "madrid", "rome", "vienna", "luxembourg")

REVOLUT = Profile(
    bank="Revolut",
    columns={
        "type_code": ("type", "art", "tipo"),
        "account_name": ("product", "produkt", "produit", "producto", "prodotto"),
        "started_on": ("started date", "startdatum", "date de début", "datum des beginns", "fecha de inicio"),
        "booked_on": (
            "completed date",
            "datum voltooid",
            "date de fin",
            "datum des abschlusses",
            "fecha de finalización",
        ),
        "name": ("description", "beschrijving", "beschreibung", "descripción", "descrizione"),
        "amount": ("amount", "bedrag", "montant", "betrag", "importe", "importo"),
        "fee": ("fee", "kosten", "frais", "gebühr", "comisión", "costo"),
        "currency": ("currency", "valuta", "devise", "währung", "divisa"),
        "state": ("state", "status", "état", "estado"),
        "running": ("balance", "saldo", "solde", "kontostand"),
    },
    required=frozenset({"account_name", "started_on", "booked_on", "name", "amount", "fee", "currency", "state"}),
    states=_STATES,
    apart=("account_name", "currency"),
    newest_first=False,
)

REVOLUT_BUSINESS = Profile(
    bank="Revolut",
    columns={
        "booked_on": tuple(f"date completed (europe/{zone})" for zone in _ZONES),
        "booked_at_utc": ("date completed (utc)",),
        "started_on": ("date started (utc)",),
        "type_code": ("type",),
        "state": ("state",),
        "name": ("description",),
        "text": ("reference",),
        "bank_reference": ("id",),
        "amount": ("amount",),
        "fee": ("fee",),
        "fee_currency": ("fee currency",),
        "currency": ("payment currency",),
        "running": ("balance",),
        "account_name": ("account",),
        "iban": ("beneficiary iban", "beneficiary account number"),
    },
    required=frozenset({"booked_at_utc", "started_on", "type_code", "name", "amount", "fee", "currency"}),
    states=_STATES,
    apart=("account_name", "currency"),
)
