"""Rabobank's CSV with a header, Dutch and English, as its website makes it since 2018.

One file holds all accounts that the customer chose. Amounts are signed, and every row
states the balance after it. `Volgnr` counts an account's lines and is never used
again, so it is the bank's reference. All years have the same 26 columns in the same
order, in whatever language; older files are in Windows-1252.

Source: Rabobank, format description CSV, 2018 and later; files from 2018 on.
"""

from __future__ import annotations

from importers.profiles.profile import Profile

RABOBANK_CARD = Profile(
    bank="Rabobank",
    columns={
        "account": ("creditcard nummer", "credit card number", "creditcard number"),
        "settled_by": (
            "tegenrekening iban/bban",
            "tegenrekening iban",
            "counterparty iban",
            "counterparty account iban",
        ),
        "currency": ("munt", "currency", "ccy"),
        "type_code": ("productnaam", "product name"),
        "bank_reference": ("transactie referentie", "transactiereferentie", "transaction reference"),
        "booked_on": ("datum", "date"),
        "amount": ("bedrag", "amount"),
        "name": ("omschrijving", "description"),
        "text": ("omschrijving", "description"),
        "text_2": ("oorspr munt", "original currency", "orig currency"),
        "text_3": ("oorspr bedrag", "original amount", "orig amount"),
    },
    required=frozenset({"account", "settled_by", "currency", "booked_on", "amount", "text"}),
    settling=("verrekening", "incasso", "settlement"),
)
"""The CSV of a credit card: an account of its own, without balances, settled by a current account. Its number has few
figures or masked ones; the cardholder's and the company's lines are left out.
"""

_PLACES = {
    "account": 0,
    "currency": 1,
    "bank_reference": 3,
    "booked_on": 4,
    "valued_on": 5,
    "amount": 6,
    "running": 7,
    "iban": 8,
    "name": 9,
    "type_code": 13,
    "mandate": 16,
    "creditor_id": 17,
    "end_to_end_id": 18,
    "text": 19,
    "text_2": 20,
    "text_3": 21,
    "return_reason": 22,
}

RABOBANK = Profile(
    bank="Rabobank",
    columns={
        "account": ("iban/bban",),
        "currency": ("munt", "ccy", "currency"),
        "bank_reference": ("volgnr", "seq no"),
        "booked_on": ("datum", "date"),
        "valued_on": ("rentedatum", "value date", "interest date"),
        "amount": ("bedrag", "amount"),
        "running": ("saldo na trn", "bal after bkng"),
        "iban": ("tegenrekening iban/bban",),
        "name": ("naam tegenpartij",),
        "type_code": ("code",),
        "mandate": ("machtigingskenmerk",),
        "creditor_id": ("incassant id",),
        "end_to_end_id": ("betalingskenmerk",),
        "text": ("omschrijving-1",),
        "text_2": ("omschrijving-2",),
        "text_3": ("omschrijving-3",),
        "return_reason": ("reden retour", "reason return"),
    },
    required=frozenset({"account", "currency", "bank_reference", "booked_on", "amount"}),
    places=_PLACES,
    width=26,
    newest_first=False,
)
