"""Whose account a statement is about."""

from __future__ import annotations

import pytest

from importers.mt940_account import account_in


@pytest.mark.parametrize(
    ("written", "bank", "account"),
    [
        ("NL34RABO0142623393 EUR", None, "NL34RABO0142623393"),
        ("NL77INGB0574908765EUR", "INGB", "NL77INGB0574908765"),
        ("1291.99.348EUR", "RABO", "NL19RABO0129199348"),
        ("TRIODOSBANK/0390123456", None, "NL49TRIO0390123456"),
        ("517852257", "ABNA", "NL20ABNA0517852257"),
        ("517852257", None, "517852257"),
        ("50880050/0194774600888", None, "50880050/0194774600888"),
        ("UBRTHUHB/1234/HUF", None, "UBRTHUHB/1234"),
        (" ", None, None),
        ("TRIODOSBANK/", None, None),
        ("/EUR", None, None),
    ],
)
def test_the_account_is_an_iban_where_it_can_be_told(written: str, bank: str | None, account: str | None) -> None:
    """A Dutch bank's old number makes the IBAN, with its check digits; anything else stays as written."""
    assert account_in(written, bank) == account
