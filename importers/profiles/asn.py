"""ASN's, SNS's and RegioBank's CSV: the old one without a header, and ASN's new one with it.

Both have 19 columns (the new one may add the category) and state the balance before each row. The old one
has a decimal point and its description in apostrophes; in the new one point and comma are both met.

Source: SNS, Bestandsopbouw transactieoverzicht CSV; ASN, CSV-indeling 2026; files from 2017 to 2026.
"""

from __future__ import annotations

from importers.profiles.profile import ANY
from importers.profiles.profile import CURRENCY
from importers.profiles.profile import DAY
from importers.profiles.profile import DIGITS
from importers.profiles.profile import SIGNED_POINT
from importers.profiles.profile import Profile

_OWN = r"[A-Z]{2}[0-9]{2}(?:ASNB|SNSB|RBRB)[0-9]{10}"
_CODE = "[A-Z]{0,4}"

ASN_OLD = Profile(
    bank="ASN, SNS or RegioBank",
    places={
        "booked_on": 0,
        "account": 1,
        "iban": 2,
        "name": 3,
        "before": 8,
        "currency": 9,
        "amount": 10,
        "valued_on": 12,
        "type_code": 14,
        "bank_reference": 15,
        "end_to_end_id": 16,
        "text": 17,
    },
    shapes=(
        (
            *(DAY, _OWN, "[A-Z0-9 ]{0,34}", ANY, ANY, ANY, ANY),
            *(CURRENCY, SIGNED_POINT, CURRENCY, SIGNED_POINT, DAY, DAY),
            *(DIGITS, _CODE, DIGITS, ANY, ANY, DIGITS),
        ),
    ),
    apostrophes=True,
    newest_first=False,
)

ASN = Profile(
    bank="ASN",
    columns={
        "booked_on": ("datum",),
        "account": ("je rekening",),
        "iban": ("van / naar",),
        "name": ("naam",),
        "before": ("saldo voor boeking",),
        "currency": ("valuta",),
        "amount": ("bedrag bij / af",),
        "valued_on": ("valutadatum",),
        "type_code": ("type",),
        "bank_reference": ("volgnummer",),
        "end_to_end_id": ("betalingskenmerk",),
        "text": ("omschrijving",),
    },
    required=frozenset({"booked_on", "account", "iban", "amount", "currency", "text"}),
    apostrophes=True,
)
