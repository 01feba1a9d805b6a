"""N26's CSV: the current one, and the older one in the language of the app.

The file does not say which account it is about. Spaces (sub-accounts) are told apart by the name
that the customer gave them.

Source: N26, download of transactions as CSV; files from 2017 to 2025.
"""

from __future__ import annotations

from importers.profiles.profile import Profile

N26 = Profile(
    bank="N26",
    columns={
        "booked_on": ("booking date",),
        "valued_on": ("value date",),
        "name": ("partner name",),
        "iban": ("partner iban",),
        "type_code": ("type",),
        "text": ("payment reference",),
        "account_name": ("account name",),
        "amount": ("amount (eur)",),
    },
    required=frozenset({"booked_on", "name", "iban", "amount", "text"}),
    apart=("account_name",),
)

N26_OLD = Profile(
    bank="N26",
    columns={
        "booked_on": ("date", "datum", "fecha", "data"),
        "name": ("payee", "empfänger", "bénéficiaire", "beneficiario", "beneficiario/a"),
        "iban": ("account number", "kontonummer", "numéro de compte", "número de cuenta", "numero di conto"),
        "type_code": (
            "transaction type",
            "transaktionstyp",
            "type de transaction",
            "tipo de transacción",
            "tipo di transazione",
        ),
        "text": (
            "payment reference",
            "verwendungszweck",
            "référence de paiement",
            "referencia de pago",
            "riferimento pagamento",
        ),
        "amount": ("amount (eur)", "betrag (eur)", "montant (eur)", "cantidad (eur)", "importo (eur)"),
    },
    required=frozenset({"booked_on", "name", "iban", "type_code", "text", "amount"}),
)
