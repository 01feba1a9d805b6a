"""Field 61 of an MT940 file: one booked line.

The first line of the field holds dates, sign, amount, type and references; the second,
where there is one, holds what the bank adds: the other party's account (Rabobank) or
name (SNS). `C` and `RD` give money, `D` and `RC` take it, in capitals or small letters;
the third letter of the currency that some banks put after the sign means nothing.
An expected line (`EC`, `ED`) is not booked. What the bank marks as given back is told: by the sign, by the
type `RTI` (returned item), or by a code of its own in field 86.

Source: SWIFT MT940, field 61, subfields 1 to 9.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from functools import lru_cache
from typing import TYPE_CHECKING
from typing import NamedTuple

from stdnum import iban as iban_number

from importers.errors import Unclear
from importers.figures import account_number
from importers.figures import minor_from_either
from importers.figures import other_than
from importers.figures import reference
from importers.figures import tidy
from importers.mt940_details import WIDTH
from importers.mt940_details import details_of
from importers.statement import Line
from importers.statement import make_line

if TYPE_CHECKING:
    from collections.abc import Sequence

_LINE = re.compile(
    r"([0-9]{6})([0-9]{4}|[ ]{4})?([Ee][CcDd]|[Rr]?[CcDd])[A-Za-z]?[ ]?([0-9][0-9.,]{0,20})"
    r"([NFSnfs][A-Za-z0-9 ]{0,3}|[A-Z][A-Z0-9]{3}(?=NONREF|//))?(.*)",
    re.ASCII | re.DOTALL,
)
SIGNS = {"C": 1, "RD": 1, "EC": 1, "D": -1, "RC": -1, "ED": -1}
_ACCOUNT = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}|P?[0-9]{7,12}", re.ASCII)
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}", re.ASCII)
_DUTCH_IBAN = re.compile(r"NL[0-9]{2}[A-Z]{4}[0-9]{10}", re.ASCII)
_SHORTEST_IBAN = 15
_WORD = re.compile(r"[^\W\d_]{3}")
_RETURNED_ITEM = "RTI"
_FIGURES = frozenset("0123456789.,")
_KEYWORDS = frozenset({"EREF", "PREF", "MARF", "KREF", "NONREF", ""})
_CENTURY_TURNS = 80


@lru_cache(maxsize=4096)
def swift_day(written: str) -> dt.date:
    """Read a date, given as six figures.

    A bank that counts every month as thirty days may value something on 30 February: that
    is the last day of February.

    Raises:
        Unclear: Not a date.

    Source: SWIFT date format YYMMDD.
    """
    year, month, day = int(written[:2]), int(written[2:4]), int(written[4:])
    year += 1900 if year >= _CENTURY_TURNS else 2000
    if month == 2 and day in {29, 30}:  # noqa: PLR2004 - February
        return dt.date(year, 3, 1) - dt.timedelta(days=1)
    try:
        return dt.date(year, month, day)
    except ValueError as error:
        raise Unclear(f"there is no date {written}") from error


def month_end(written: str) -> dt.date | None:
    """Return the last day of the month of a date with the 31st in a month that has fewer days; else None."""
    year, month, day = int(written[:2]), int(written[2:4]), int(written[4:])
    if day != 31 or month not in {2, 4, 6, 9, 11}:  # noqa: PLR2004 - the short months
        return None
    return swift_day(f"{year:02d}{month:02d}{29 if month == 2 else 30}")  # noqa: PLR2004 - February


@lru_cache(maxsize=4096)
def entry_day(written: str, valued_on: dt.date) -> dt.date:
    """Return the booking date, which has no year: the one nearest to the value date.

    Raises:
        Unclear: Not a date.

    Source: SWIFT field 61 subfield 2, MMDD.
    """
    month, day = int(written[:2]), int(written[2:])
    years = (valued_on.year - 1, valued_on.year, valued_on.year + 1)
    if month == 2 and day in {29, 30}:  # noqa: PLR2004 - the end of February, as in `swift_day`
        candidates = [dt.date(year, 3, 1) - dt.timedelta(days=1) for year in years]
    else:
        candidates = [dt.date(year, month, day) for year in years if _exists(year, month, day)]
    if not candidates:
        raise Unclear(f"there is no date {written}")
    return min(candidates, key=lambda candidate: abs(candidate - valued_on))


def _exists(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]  # noqa: PLR2004 - months of a year


class Around(NamedTuple):
    """What the statement and the file say around a line.

    Attributes:
        account: The statement's own account, so that it is never taken for the counterparty.
        currency: The statement's.
        first_width: How many characters a full first line of field 86 has in this file.
    """

    account: str | None
    currency: str
    first_width: int = WIDTH


def line_of(position: int, first: Sequence[str], details: Sequence[str], around: Around) -> tuple[Line, bool]:
    """Make a line.

    Args:
        position: Its place in the file, from 1.
        first: Field 61 as it was folded.
        details: The fields 86 that follow it, as they were folded.
        around: What the statement and the file say.

    Returns:
        The line, and whether it is booked.

    Raises:
        Unclear: A part that a line cannot do without is missing or cannot be read.
    """
    found = _LINE.match(first[0])
    if found is None:
        raise Unclear("the line (:61:) has no date, sign and amount in the usual places")
    valued, entry, mark, amount, code, rest = found.groups()
    if code is None and not rest.strip() and len(first) > 1 and first[1][:1] in _FIGURES:
        raise Unclear("the line (:61:) runs on in the next one, so its amount is not certain")
    valued_on = swift_day(valued)
    said = details_of(details, around.first_width)
    customer, bank, added = _references(rest, first[1:])
    is_repeated = added and added[0] != "/" and details and details[0].startswith(f"{customer} ")
    iban, name, words = _counterparty(customer, "" if is_repeated else bank, added)
    mark = mark.upper()
    line = make_line(
        position=position,
        booked_on=entry_day(entry, valued_on) if entry and entry.strip() else valued_on,
        valued_on=valued_on,
        amount_minor=SIGNS[mark] * minor_from_either(amount),
        currency=around.currency,
        name=tidy(said.name or name),
        iban=other_than(around.account, account_number(said.iban or iban)),
        text=_text(tidy(said.text), tidy(name), tidy(words)),
        bank_reference=reference(bank),
        end_to_end_id=reference(said.end_to_end_id) or (None if iban == customer else _reference(customer)),
        mandate=reference(said.mandate),
        creditor_id=account_number(said.creditor_id),
        type_code=tidy(code),
        reversal=mark[0] == "R",
        returned=mark[0] == "R" or said.returned or (code is not None and code[1:].upper() == _RETURNED_ITEM),
    )
    return line, mark[0] != "E"


def _text(text: str | None, name: str | None, words: str | None) -> str | None:
    """Leave out the name that SNS and ASN repeat before the payer's words; keep what only field 61 says."""
    if text and name:
        text = tidy(text.removeprefix(name))
    if words is None or (text and words in text):
        return text
    return f"{text} {words}" if text else words


def _reference(customer: str) -> str | None:
    return None if customer.removesuffix("+") in _KEYWORDS else reference(customer)


def _references(rest: str, folded: Sequence[str]) -> tuple[str, str, str]:
    """Return the customer's reference, the bank's, and what the bank adds on the second line."""
    added = "".join(folded).strip()
    code = added.find("/TRCD/")
    if code > 0:
        rest, added = rest + added[:code], added[code:]
    customer, _, bank = rest.partition("//")
    if not bank and not _IBAN.match(customer) and len(customer) > 16:  # noqa: PLR2004 - subfield 7 is 16x
        customer, added = customer[:16], added or customer[16:]
        return customer.strip(), "", f"{customer.strip()}\n{added.strip()}"
    return customer.strip(), bank.strip(), added


def _counterparty(customer: str, bank: str, added: str) -> tuple[str | None, str | None, str | None]:
    """Return account and name where the bank puts them into field 61 (Rabobank, ASN, SNS), and else what it adds."""
    if not added or added[0] == "/":
        return (customer if _is_iban(customer) else None), None, None
    before, cut, after = added.partition("\n")
    if cut:
        return (before if _ACCOUNT.fullmatch(before) else None), after, None
    if _ACCOUNT.fullmatch(added):
        return added, None, None
    if _is_iban(customer) or (not bank and _ACCOUNT.fullmatch(customer)):
        return customer, added, None
    account, _, words = added.partition(" ")
    if _is_iban(account):
        return account, None, words
    return None, None, added if _WORD.search(added) else None


def _is_iban(written: str) -> bool:
    """Tell an IBAN from a reference of that form, such as ING's ``EV41REP123``: it is Dutch, or its figures check."""
    return len(written) >= _SHORTEST_IBAN and (
        _DUTCH_IBAN.fullmatch(written) is not None
        or (_IBAN.fullmatch(written) is not None and iban_number.is_valid(written))
    )
