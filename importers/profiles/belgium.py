"""KBC's and Belfius' CSV, in Dutch, French and English. Days are written day/month/year.

Belfius writes what was asked for above the header, the last balance among it; that is the balance of the
download, not of the last row, so it frames nothing. KBC states the balance after every row.

Source: KBC Touch and Belfius Direct Net, export of transactions as CSV; files from 2018 to 2026.
"""

from __future__ import annotations

from importers.profiles.profile import Profile

KBC = Profile(
    bank="KBC",
    columns={
        "account": ("rekeningnummer", "numéro de compte", "account number"),
        "currency": ("munt", "devise", "currency"),
        "booked_on": ("datum", "date"),
        "type_code": ("omschrijving", "description"),
        "valued_on": ("valuta", "valeur", "date valeur", "value date", "value"),
        "amount": ("bedrag", "montant", "amount"),
        "running": ("saldo", "solde", "balance"),
        "iban": (
            "rekeningnummer tegenpartij",
            "numéro de compte contrepartie",
            "numéro de compte de la contrepartie",
            "counterparty account number",
            "counterparty's account number",
        ),
        "name": (
            "naam tegenpartij",
            "nom contrepartie",
            "nom de la contrepartie",
            "counterparty name",
            "counterparty's name",
        ),
        "text": ("vrije mededeling", "communication libre", "free-format reference", "free-form communication"),
        "text_2": (
            "gestructureerde mededeling",
            "communication structurée",
            "standard-format reference",
            "structured communication",
        ),
    },
    required=frozenset({"account", "currency", "booked_on", "amount", "running", "iban", "name", "text_2"}),
    day_first=True,
)

BELFIUS = Profile(
    bank="Belfius",
    columns={
        "account": ("rekening", "compte", "account"),
        "booked_on": ("boekingsdatum", "date de comptabilisation", "booking date"),
        "bank_reference": ("transactienummer", "numéro de transaction", "transaction number"),
        "iban": ("rekening tegenpartij", "compte contrepartie", "counterparty account"),
        "name": (
            "naam tegenpartij bevat",
            "naam tegenpartij",
            "nom contrepartie contient",
            "nom contrepartie",
            "counterparty name contains",
            "counterparty name",
        ),
        "type_code": ("transactie", "transaction"),
        "valued_on": ("valutadatum", "date valeur", "value date"),
        "amount": ("bedrag", "montant", "amount"),
        "currency": ("devies", "devise", "currency"),
        "text": ("mededelingen", "communications", "communication"),
    },
    required=frozenset({"account", "booked_on", "iban", "type_code", "amount", "currency", "text"}),
    day_first=True,
)
