"""Whose account an MT940 statement is about.

Field 25 has an IBAN, or the number that the bank used before there were IBANs: ABN AMRO,
Triodos and older files still write that. A Dutch IBAN is made of the bank's four
letters and that number, filled up with zeros to ten figures, so it can be told where
the file names the bank. A German one is made of bank code (eight figures) and number in
the same way. Any other number is kept as the bank wrote it.

Source: SWIFT field 25; ISO 13616 and the Dutch and German IBAN structures.
"""

from __future__ import annotations

import re

from importers.figures import account_number
from importers.figures import iban_of

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", re.ASCII)
_ENDING_CURRENCY = re.compile(r"(.*[0-9/ ])[/ ]?([A-Z]{3})", re.ASCII | re.DOTALL)
_DUTCH_BIC = re.compile(r"([A-Z]{4})NL2[A-Z0-9]", re.ASCII)
_OLD_NUMBER = re.compile(r"[0-9]{3,10}", re.ASCII)
_GERMAN = re.compile(r"([1-9][0-9]{7})(?:/([0-9]{1,10})|([0-9]{10}))", re.ASCII)
_NAMES = {
    "ABNA": "ABN AMRO",
    "ASNB": "ASN",
    "BUNQ": "bunq",
    "FVLB": "Van Lanschot",
    "INGB": "ING",
    "KNAB": "Knab",
    "RABO": "Rabobank",
    "RBRB": "RegioBank",
    "SNSB": "SNS",
    "TRIO": "Triodos",
}
_DUTCH_LENGTH = 18


def bank_in(header: str) -> str | None:
    """Return the four letters of the Dutch bank that an envelope names, such as ``ABNANL2A``."""
    found = _DUTCH_BIC.search(header)
    return found[1] if found and found[1] in _NAMES else None


def account_in(written: str, bank: str | None) -> str | None:
    """Read field 25.

    Args:
        written: Such as ``NL34RABO0142623393 EUR``, ``1291.99.348EUR`` or ``TRIODOSBANK/0390123456``.
        bank: The four letters of the bank that made the file, if it says so.

    Returns:
        The IBAN where there is one or it can be told, else the number; None if empty.
    """
    number = account_number(written)
    if number is None:
        return None
    ending = _ENDING_CURRENCY.fullmatch(number)
    if ending and not (_IBAN.fullmatch(number) and len(number) == _DUTCH_LENGTH):
        number = ending[1].rstrip("/")
    if number.startswith("TRIODOSBANK/"):
        bank, number = "TRIO", number.removeprefix("TRIODOSBANK/")
    if german := _GERMAN.fullmatch(number):
        return iban_of("DE", german[1] + (german[2] or german[3]).zfill(10))
    if "/" in number and _IBAN.fullmatch(after := number.rpartition("/")[2]):
        return after
    bare = number.replace(".", "")
    if bank is None or not _OLD_NUMBER.fullmatch(bare):
        return number or None
    return iban_of("NL", bank + bare.zfill(10))


def bank_name(account: str | None, bank: str | None) -> str | None:
    """Return the name of a Dutch bank, as the account number or the envelope tells it."""
    letters = account[4:8] if account and account.startswith("NL") and len(account) == _DUTCH_LENGTH else bank
    return _NAMES.get(letters or "")
