"""ABN AMRO's TAB file, which has no header, and its workbook, which has one.

One file holds all accounts that the customer chose, by their old numbers or their IBANs. Every row states
the balance before and after it. The description stands in blocks of 32 characters, as the bank's
MT940 has them, or in slash codes.

Source: ABN AMRO, Gegevens van bij- en afschrijvingen downloaden (TXT and XLS); files from 2012 to 2024.
"""

from __future__ import annotations

from importers.profiles.profile import ANY
from importers.profiles.profile import CURRENCY
from importers.profiles.profile import Labels
from importers.profiles.profile import Profile

_ACCOUNT = r"[0-9]{7,10}|[A-Z]{2}[0-9]{2}ABNA[0-9]{10}"
_DAY = r"[12][0-9]{7}"
_FIGURE = r"-?[0-9.]{1,15}(?:,[0-9]{1,2})?"
_PLACES = {
    "account": 0,
    "currency": 1,
    "booked_on": 2,
    "before": 3,
    "running": 4,
    "valued_on": 5,
    "amount": 6,
    "text": 7,
}
_DIRECT_DEBIT = frozenset(
    f"sepa incasso {kind} {turn}"
    for kind in ("algemeen", "core", "bedrijven", "zakelijk", "b2b")
    for turn in ("doorlopend", "eenmalig", "eerste", "laatste")
)
_LABELS = Labels(
    introducing=("Omschrijving",),
    leading=(
        ("IBAN", "iban"),
        ("BIC", "bic"),
        ("Incassant", "creditor_id"),
        ("Naam", "name"),
        ("Machtiging", "mandate"),
    ),
    trailing=(
        ("IBAN", "iban"),
        ("BIC", "bic"),
        ("Kenmerk", "end_to_end_id"),
        ("Voor", "ultimate"),
    ),
    folded=True,
    cards=("BEA", "GEA", "eCom"),
)

ABN_AMRO = Profile(
    bank="ABN AMRO",
    places=_PLACES,
    shapes=((_ACCOUNT, CURRENCY, _DAY, _FIGURE, _FIGURE, _DAY, _FIGURE, ANY),),
    direct_debit=_DIRECT_DEBIT,
    newest_first=False,
    labels=_LABELS,
)

ABN_AMRO_WORKBOOK = Profile(
    bank="ABN AMRO",
    columns={
        "account": ("accountnumber", "rekeningnummer"),
        "currency": ("mutationcode", "muntsoort"),
        "booked_on": ("transactiondate", "transactiedatum"),
        "valued_on": ("valuedate", "rentedatum"),
        "before": ("startsaldo", "beginsaldo"),
        "running": ("endsaldo", "eindsaldo"),
        "amount": ("amount", "transactiebedrag"),
        "text": ("description", "omschrijving"),
    },
    required=frozenset({"account", "currency", "booked_on", "before", "running", "amount", "text"}),
    direct_debit=_DIRECT_DEBIT,
    newest_first=False,
    labels=_LABELS,
)
