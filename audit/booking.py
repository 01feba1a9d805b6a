"""What the bank's own code says a line is: charges, interest, card, iDEAL, cash, direct debit, batch, own account.

A code is CAMT's domain-family-subfamily (`PMNT-CCRD-POSD`), or a bank's own (ING `BA`, Rabobank
`ba`, MT940 `NCHG`, OFX `ATM`). Words count only where no payer can have written them: on a line without a
counterparty's account, of a code that the bank keeps for itself or that says nothing, and in the bank's own form.
A line with an account is never a charge, whatever its code, so that a charge cannot hide a payment; how much may
pass as a charge at all, `audit.spending` says.

Source: ISO 20022 external code sets, bank transaction codes; the banks' export formats.
"""

from __future__ import annotations

import functools
import re
from typing import Final
from typing import Literal
from typing import NamedTuple

Booking = Literal["charge", "interest", "card", "ideal", "cash", "direct debit", "batch", "own"]

KINDS: Final[tuple[tuple[Booking, frozenset[str]], ...]] = (
    ("charge", frozenset({"CHRG", "COMM", "FEES", "CHG", "FEE", "SRVCHG", "KST", "KTN", "PRV"})),
    ("interest", frozenset({"INTR", "INT", "RNT", "RENTE"})),
    ("cash", frozenset({"CWDL", "GM", "GEA", "GA", "KO", "ATM", "GELDAUTOMAAT"})),
    (
        "card",
        frozenset({"CCRD", "POSD", "BA", "BEA", "POS", "BETAALAUTOMAAT", "MASTERCARD", "CARD", "CARD_PAYMENT"}),
    ),
    ("ideal", frozenset({"ID", "IDEAL", "IDB", "IDM", "IMB"})),
    (
        "direct debit",
        frozenset({"RDDT", "IC", "EI", "DDT", "INC", "EIC", "INCASSO", "DIRECTDEBIT", "BASISLASTSCHRIFT"}),
    ),
    ("batch", frozenset({"VZ"})),
    ("own", frozenset({"TB"})),
)
_WITHOUT_ACCOUNT: Final = frozenset({"charge", "interest", "cash"})
_SUNDRY: Final = frozenset({"DV", "DB", "DIV", "DIVERSEN"})
"""Codes under which banks book what they do themselves."""
_UNSAID: Final = frozenset({"MSC", "DEF"})
"""Codes that say nothing at all; so does a number, which each bank gives a meaning of its own."""
_NUMBER: Final = re.compile(r"[NFS]?\d{1,4}")
_SWIFT: Final = re.compile(r"[NFS][A-Z]{2,3}")
_CHARGE_WORDS: Final = re.compile(
    r"\s*(?:bank)?kosten(?:\b|periode\b)|\s*(?:bank )?(?:charges|fees)\b|ABN AMRO Bank N\.V\. ", re.IGNORECASE
)
_BANK_ITSELF: Final = re.compile(r"ABN AMRO Bank N\.V\. ")
_INTEREST_WORDS: Final = re.compile(r"\s*(?:debet|rood)?rente(?:\b|periode\b)|\s*(?:debit )?interest\b", re.IGNORECASE)
_LABEL: Final = re.compile(r"kosten|(?:debet)?rente", re.IGNORECASE)
_BANK: Final = re.compile(
    r"(?:abn amro|asn|bunq|ing|knab|rabo|regio|sns|triodos)\s?(?:bank)?(?: [bn]\.?v\.?)?", re.IGNORECASE
)
_CARD_TEXT: Final = re.compile(r"\s*(?:BEA\b.*\bNR:|Betaalautomaat \d\d:\d\d pasnr\b)")
_CASH_TEXT: Final = re.compile(r"\s*(?:GEA\b.*\bNR:|Geldautomaat \d\d:\d\d pasnr\b)")


def booking_of(
    type_code: str | None, *, iban: str | None = None, name: str | None = None, text: str | None = None
) -> Booking | None:
    """Return what kind of line it is, or None where the bank does not say."""
    code = _read_code(type_code or "")
    if iban:
        return None if code.kind in _WITHOUT_ACCOUNT else code.kind
    return code.kind or _in_own_words(code, name, text) or _by_text(code, text)


def says_nothing(type_code: str | None) -> bool:
    """Return whether a bank's code leaves open what kind of line it is."""
    return _read_code(type_code or "").says_nothing


class _Code(NamedTuple):
    """What a bank's code says.

    Attributes:
        sundry: The bank keeps it for what it does itself.
        says_nothing: It leaves open what kind of line it is.
        missing: There is none.
    """

    kind: Booking | None
    sundry: bool
    says_nothing: bool
    missing: bool


@functools.lru_cache(maxsize=1024)  # the banks have few codes, and every line has one
def _read_code(type_code: str) -> _Code:
    """Return what a code says; one of MT940 may have a letter before the bank's own."""
    whole = type_code.strip().upper()
    words = {*re.split(r"[-/+, ]+", whole), *([whole[1:]] if _SWIFT.fullmatch(whole) else ())}
    kind = next((kind for kind, known in KINDS if words & known), None)
    silent = not whole or _NUMBER.fullmatch(whole) is not None or bool(words & _UNSAID)
    return _Code(kind, sundry=bool(words & _SUNDRY), says_nothing=kind is None and silent, missing=not whole)


def _in_own_words(code: _Code, name: str | None, text: str | None) -> Booking | None:
    """Return charge or interest where the bank itself writes so: under its name, or under nobody's."""
    by_bank = _BANK.fullmatch(name.strip()) is not None if name else _BANK_ITSELF.match(text or "") is not None
    by_nobody = code.says_nothing and not code.missing and (not name or _LABEL.fullmatch(name.strip()) is not None)
    words = text if by_bank else name or text
    if not words or not (by_bank or by_nobody or code.sundry):
        return None
    if _CHARGE_WORDS.match(words):
        return "charge"
    return "interest" if _INTEREST_WORDS.match(words) else None


def _by_text(code: _Code, text: str | None) -> Booking | None:
    """Return card or cash where a bank writes it in the text only."""
    if not text or not code.says_nothing:
        return None
    if _CARD_TEXT.match(text):
        return "card"
    return "cash" if _CASH_TEXT.match(text) else None
