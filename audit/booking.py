"""What the bank's own code says a line is: charges, card, iDEAL, cash, direct debit, batch, own account.

A code is CAMT's domain-family-subfamily (`PMNT-CCRD-POSD`), or a bank's own (ING `BA`, Rabobank
`ba`, MT940 `NCHG`). Charges have no counterparty account: a line with one is never a charge,
whatever its code, so that a charge cannot hide a payment.

Source: ISO 20022 external code sets, bank transaction codes; the banks' export formats.
"""

from __future__ import annotations

import functools
import re
from typing import Final
from typing import Literal

Booking = Literal["charge", "card", "ideal", "cash", "direct debit", "batch", "own"]

_CHARGE_CODES: Final = frozenset({"CHRG", "COMM", "FEES", "CHG", "NCHG", "FCHG"})
_SUNDRY_CODES: Final = frozenset({"DV", "DB", "MSC", "NMSC", "FMSC"})
_KINDS: Final[tuple[tuple[Booking, frozenset[str]], ...]] = (
    ("cash", frozenset({"CWDL", "GM", "GEA", "GA", "KO"})),
    ("card", frozenset({"CCRD", "POSD", "BA", "BEA", "NBEA"})),
    ("ideal", frozenset({"ID", "IDEAL", "NIDB"})),
    ("direct debit", frozenset({"RDDT", "IC", "EI", "NDDT"})),
    ("batch", frozenset({"VZ"})),
    ("own", frozenset({"TB"})),
)
_CHARGE_WORDS: Final = re.compile(r"\s*(?:bank)?kosten\b|\s*(?:bank )?(?:charges|fees)\b", re.IGNORECASE)
_CARD_TEXT: Final = re.compile(r"\s*BEA\b")
_CASH_TEXT: Final = re.compile(r"\s*GEA\b")


def booking_of(
    type_code: str | None, *, iban: str | None = None, name: str | None = None, text: str | None = None
) -> Booking | None:
    """Return what kind of line it is, or None where the bank does not say."""
    codes, kind = _read_code(type_code or "")
    if not iban and _is_charge(codes, name or text):
        return "charge"
    return _by_text(text) if kind is None and text and not iban else kind


@functools.lru_cache(maxsize=1024)  # the banks have few codes, and every line has one
def _read_code(type_code: str) -> tuple[frozenset[str], Booking | None]:
    """Return the parts of a code, and the kind of line that one of them stands for."""
    codes = frozenset(re.split(r"[-/+ ]", type_code.upper()))
    return codes, next((kind for kind, known in _KINDS if codes & known), None)


def _is_charge(codes: frozenset[str], words: str | None) -> bool:
    """Return whether it is the bank's charge: by its code, or as a sundry line that begins so."""
    if codes & _CHARGE_CODES:
        return True
    return bool(codes & _SUNDRY_CODES and words and _CHARGE_WORDS.match(words))


def _by_text(text: str) -> Booking | None:
    """Return card or cash where a bank writes it in the text only."""
    if _CARD_TEXT.match(text):
        return "card"
    return "cash" if _CASH_TEXT.match(text) else None
