"""ING's CSV: payment and savings accounts, Dutch and English, all years seen.

Source: files that ING's website made from 2017 to 2025.
"""

from __future__ import annotations

from importers.profiles.profile import Labels
from importers.profiles.profile import Profile

_DEBIT = frozenset({"af", "debit"})
_CREDIT = frozenset({"bij", "credit"})
_DIRECT_DEBIT = frozenset({"ic", "incasso", "sepa direct debit", "direct debit"})

_LABELS = Labels(
    naming=("Naam", "Name"),
    introducing=("Omschrijving", "Description"),
    trailing=(
        ("IBAN", "iban"),
        ("BIC", "bic"),
        ("Kenmerk", "end_to_end_id"),
        ("Reference", "end_to_end_id"),
        ("Machtiging ID", "mandate"),
        ("Mandate ID", "mandate"),
        ("Incassant ID", "creditor_id"),
        ("Creditor ID", "creditor_id"),
        ("Andere partij", "ultimate"),
        ("Other party", "ultimate"),
        ("Datum/Tijd", "instant"),
        ("Date/time", "instant"),
        ("Valutadatum", "valued_on"),
        ("Value date", "valued_on"),
    ),
    endings=(
        "Doorlopende incasso",
        "Eenmalige incasso",
        "Eerste incasso",
        "Recurrent SEPA direct debit",
        "One-off SEPA direct debit",
        "First SEPA direct debit",
    ),
)

ING_PAYMENT = Profile(
    bank="ING",
    columns={
        "booked_on": ("datum", "date"),
        "name": ("naam / omschrijving", "name / description"),
        "account": ("rekening", "account"),
        "iban": ("tegenrekening", "counterparty"),
        "type_code": ("code",),
        "direction": ("af bij", "debit/credit"),
        "amount": ("bedrag (eur)", "amount (eur)", "bedrag (euro)"),
        "kind": ("mutatiesoort", "transaction type"),
        "text": ("mededelingen", "notifications"),
        "running": ("saldo na mutatie", "resulting balance"),
    },
    required=frozenset({"booked_on", "name", "account", "iban", "type_code", "direction", "amount", "text"}),
    debit=_DEBIT,
    credit=_CREDIT,
    direct_debit=_DIRECT_DEBIT,
    labels=_LABELS,
)

ING_SAVINGS = Profile(
    bank="ING",
    columns={
        "booked_on": ("datum", "date"),
        "name": ("omschrijving", "description"),
        "account": ("rekening", "account"),
        "account_name": ("rekening naam", "account name"),
        "iban": ("tegenrekening", "counterparty"),
        "direction": ("af bij", "debit/credit"),
        "amount": ("bedrag", "amount"),
        "currency": ("valuta", "currency"),
        "type_code": ("mutatiesoort", "transaction type"),
        "text": ("mededelingen", "notifications"),
        "running": ("saldo na mutatie", "resulting balance"),
    },
    required=frozenset({"booked_on", "name", "account", "account_name", "direction", "amount", "currency"}),
    debit=_DEBIT,
    credit=_CREDIT,
    labels=_LABELS,
)
