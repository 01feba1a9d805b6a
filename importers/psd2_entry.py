"""One transaction of a PSD2 account report (Berlin Group NextGenPSD2), as a line.

Amounts carry their sign: money that leaves the account is negative. Some banks write
them without, and say the direction beside; where both stand they must agree. Who was
paid, or who paid, is the party on the other side of the money; a bank that names only
one party has named that one.

Source: Berlin Group, NextGenPSD2 XS2A Framework Implementation Guidelines 1.3.x,
sections 14.19 (transactions) and 14.20 (amounts).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from importers.camt_codes import RETURNS
from importers.errors import Unclear
from importers.figures import account_number
from importers.figures import iso_day
from importers.figures import minor_from_either
from importers.figures import minor_from_point
from importers.figures import reference
from importers.figures import tidy
from importers.statement import Line
from importers.statement import make_line

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_DIRECTIONS = {"DBIT": -1, "DEBIT": -1, "CRDT": 1, "CREDIT": 1}
_BOOKED_BALANCES = frozenset({"", "closingBooked", "interimBooked", "openingBooked"})


@dataclass(frozen=True, slots=True)
class Transaction:
    """A transaction wherever it stands; only its place tells whether it is booked.

    Attributes:
        line: None where it has no date at all, as pending ones may.
        has_booking_date: Its date is the bank's booking date, and not the value date.
        is_unsigned_payment: Its amount has no minus, and only somebody who was paid is named.
    """

    amount_minor: int
    line: Line | None
    has_booking_date: bool
    is_unsigned_payment: bool


def is_transaction(said: Mapping[str, object]) -> bool:
    """Tell whether an object of the file is a transaction."""
    return "transactionAmount" in said


def transaction_of(position: int, said: Mapping[str, object]) -> Transaction:
    """Read a transaction.

    Args:
        position: Its place in the file, from 1.
        said: What it says.

    Returns:
        The transaction.

    Raises:
        Unclear: A part that a line cannot do without is missing or cannot be read.
    """
    amount_minor, currency = money_in(said.get("transactionAmount"))
    amount_minor = _directed(amount_minor, text_in(said.get("creditDebitIndicator")))
    booked_on, valued_on = day_in(said, "bookingDate"), day_in(said, "valueDate")
    day = booked_on or valued_on or day_in(said, "transactionDate")
    line = None
    if day is not None:
        line = _line(position, said, (day, valued_on), (amount_minor, currency))
    paid_out = bool(_named(said, "creditor")) and not _named(said, "debtor")
    return Transaction(amount_minor, line, booked_on is not None, amount_minor > 0 and paid_out)


def _line(
    position: int, said: Mapping[str, object], days: tuple[dt.date, dt.date | None], money: tuple[int, str]
) -> Line:
    name, account = _counterparty(said, money[0])
    code = tidy(text_in(said.get("bankTransactionCode")))
    return make_line(
        position=position,
        booked_on=days[0],
        valued_on=days[1],
        amount_minor=money[0],
        currency=money[1],
        name=name,
        iban=account,
        text=tidy(_remittance(said)),
        bank_reference=_first(said, "transactionId", "cardTransactionId", "entryReference"),
        end_to_end_id=reference(text_in(said.get("endToEndId"))),
        mandate=reference(text_in(said.get("mandateId"))),
        creditor_id=account_number(tidy(text_in(said.get("creditorId")))),
        type_code=code or tidy(text_in(said.get("proprietaryBankTransactionCode"))),
        running_minor=_running(said.get("balanceAfterTransaction"), money[1]),
        returned=code is not None and code.rpartition("-")[2].upper() in RETURNS,
    )


def _first(said: Mapping[str, object], *names: str) -> str | None:
    """Return the first reference that is one."""
    return next((found for name in names if (found := reference(text_in(said.get(name))))), None)


def money_in(said: object) -> tuple[int, str]:
    """Read a signed amount with its currency, as hundredths.

    Raises:
        Unclear: There is none, or it has no single meaning.
    """
    if not isinstance(said, dict):
        raise Unclear("an amount is not given as amount and currency")
    written, currency = text_in(said.get("amount")), currency_in(said)
    if written is None:
        raise Unclear("the amount is missing")
    if currency is None:
        raise Unclear("the currency is not a code of three letters")
    bare = written.strip()
    sign = -1 if bare[:1] == "-" else 1
    figures = bare[1:] if bare[:1] in {"-", "+"} else bare
    return sign * (minor_from_either(figures) if "," in figures else minor_from_point(figures)), currency


def _directed(amount_minor: int, direction: str | None) -> int:
    """Give an amount the direction that stands beside it."""
    if direction is None:
        return amount_minor
    sign = _DIRECTIONS.get(direction.upper())
    if sign is None or (amount_minor < 0 < sign):
        raise Unclear("its amount and its direction do not agree")
    return sign * abs(amount_minor)


def day_in(said: Mapping[str, object], name: str) -> dt.date | None:
    """Read a day, given as a date or as an instant; None where neither is given.

    Raises:
        Unclear: Not a date.
    """
    written = text_in(said.get(name)) or text_in(said.get(f"{name}Time"))
    return iso_day(written) if written else None


def currency_in(said: object) -> str | None:
    """Return the currency that an account or an amount is in; None where none is stated, or no code."""
    written = text_in(said.get("currency")) if isinstance(said, dict) else None
    return written if written is not None and _CURRENCY.fullmatch(written) else None


def text_in(value: object) -> str | None:
    """Return a text or a figure as it is written; None for anything else."""
    return value if isinstance(value, str) else None


def account_in(said: object) -> str | None:
    """Return the number of an account: an IBAN where there is one."""
    if not isinstance(said, dict):
        return None
    for kind in ("iban", "bban", "maskedPan", "maskedPAN", "pan"):
        found = account_number(tidy(text_in(said.get(kind))))
        if found:
            return found
    other = said.get("other")
    return account_number(tidy(text_in(other.get("identification")))) if isinstance(other, dict) else None


def _named(said: Mapping[str, object], side: str) -> tuple[str | None, str | None] | None:
    """Return name and account of one side; None where neither is said."""
    name = tidy(text_in(said.get(f"{side}Name")) or text_in(said.get(f"ultimate{side.title()}")))
    account = account_in(said.get(f"{side}Account"))
    return (name, account) if name or account else None


def _counterparty(said: Mapping[str, object], amount_minor: int) -> tuple[str | None, str | None]:
    creditor, debtor = _named(said, "creditor"), _named(said, "debtor")
    if amount_minor < 0:
        return creditor or debtor or (None, None)
    return debtor or creditor or (None, None)


def _remittance(said: Mapping[str, object]) -> str | None:
    """Return the payer's words and the reference that he gave, each thing once; else what the bank adds."""
    text = ""
    for name in ("remittanceInformationUnstructured", "remittanceInformationStructured"):
        found = _words(said.get(name)) or _words(said.get(f"{name}Array"))
        if found and found not in text:
            text = f"{text} {found}" if text else found
    return text or text_in(said.get("transactionDetails")) or text_in(said.get("additionalInformation"))


def _words(value: object) -> str | None:
    if isinstance(value, list):
        return " ".join(filter(None, map(_words, value))) or None
    if isinstance(value, dict):
        return text_in(value.get("reference"))
    return text_in(value)


def _running(said: object, currency: str) -> int | None:
    """Return the balance after a transaction where it is one of what is booked."""
    if not isinstance(said, dict) or (text_in(said.get("balanceType")) or "") not in _BOOKED_BALANCES:
        return None
    amount_minor, stated = money_in(said.get("balanceAmount") or said.get("amount") or said)
    return amount_minor if stated == currency else None
