"""Amounts, dates and texts as bank files write them.

Every function here turns one written value into its typed form or raises
`Unclear`, to which a reader adds the place. Amounts become
integer hundredths; what hundredths cannot hold exactly is refused, never rounded.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from functools import lru_cache
from zoneinfo import ZoneInfo

from importers.errors import Unclear

_LIMIT_MINOR = 2**53
_POINT = re.compile(r"\+?([0-9]{0,15})(?:\.([0-9]{0,20}))?", re.ASCII)
_COMMA = re.compile(r"([+-]?)([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,15})(?:,([0-9]{1,2}))?", re.ASCII)
_POINTED = re.compile(r"([+-]?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})\.([0-9]{1,2})", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}[.,][0-9]{3}", re.ASCII)
_SHORTENED = re.compile(r"[+-]?[0-9]{1,3}(?:[.,][0-9]{1,15})?E[+-]?[0-9]{1,3}", re.ASCII | re.IGNORECASE)
_AMBIGUOUS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}", re.ASCII)
_GROUP_MARKS = " \u00a0\u2009\u202f'\u2019"
_GROUPED = re.compile(
    rf"([+-]?) ?([0-9]{{1,3}}(?:([{_GROUP_MARKS}])[0-9]{{3}})(?:\3[0-9]{{3}})*)((?:[.,][0-9]{{1,2}})?)(-?)"
)
_EURO = re.compile(r"(?<=[0-9])[ \u00a0\u202f]?(?:€|EUR)$|^(?:€|EUR)[ \u00a0\u202f]?(?=[0-9-])")
_SIGN_LAST = re.compile(r"[0-9][0-9.,]{0,20}-", re.ASCII)
_SEVERAL_MARKS = re.compile(
    r"([0-9]{1,3}(?:,[0-9]{3})+)\.([0-9]{1,2})|([0-9]{1,3}(?:\.[0-9]{3})+),([0-9]{1,2})|"
    r"([0-9]{1,3}(?:(?:,[0-9]{3}){2,}|(?:\.[0-9]{3}){2,}))",
    re.ASCII,
)
_ONE_MARK = re.compile(r"([0-9]{0,20})(?:[.,]([0-9]{0,20}))?", re.ASCII)
_MARKS = frozenset(",.")
_HARMLESS = re.compile(rf"(?:[0-9.,+\-:/ {_GROUP_MARKS}]|(?<=[0-9])[TZ]){{1,35}}")
_CARD = re.compile(r"[0-9]{4,8}[*X\u2022.]{4,12}[0-9]{3,4}|[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}/[0-9]{3,4}")
_SHORTEST_NUMBER = 5
_ACCOUNT_LIKE = re.compile(r"[0-9]{9}", re.ASCII)
_ISO_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]([0-9:.]{5,18}))?(Z|[+-][0-9]{2}:[0-9]{2})?", re.ASCII)
_PLACEHOLDERS = frozenset({"NONREF", "NOTPROVIDED", "NOTAVAILABLE", "NOREF", "NONE", "NVT", "NA", "UNKNOWN"})
_BANKS_CLOCK = ZoneInfo("Europe/Amsterdam")


def shown(written: str) -> str:
    """Quote a written figure for a message, unless it could be somebody's name, text or account number."""
    if not _HARMLESS.fullmatch(written):
        return "a value that is no figure"
    return "(a long figure)" if _ACCOUNT_LIKE.search(written) else repr(written)


def minor_from_point(written: str) -> int:
    """Read an unsigned amount with a decimal point as hundredths.

    Args:
        written: Such as ``18.15000`` or ``.5``; any number of decimals.

    Returns:
        The amount in hundredths.

    Raises:
        Unclear: Not an amount, finer than hundredths, or too large.

    Source: ISO 20022 ActiveOrHistoricCurrencyAndAmount.
    """
    if written[-3:-2] == "." and written.isascii() and len(written) < 16:  # noqa: PLR2004 - the usual form
        whole, cents = written[:-3], written[-2:]
        if whole.isdigit() and cents.isdigit():
            return int(whole + cents)
    found = _POINT.fullmatch(written)
    if found is None:
        raise Unclear(f"the amount is {shown(written)}, not an unsigned number with a decimal point")
    whole, fraction = found.groups()
    if not whole and not fraction:
        raise Unclear("the amount is empty")
    fraction = fraction or ""
    if len(fraction) > 2 and fraction[2:].strip("0"):  # noqa: PLR2004 - a hundredth has two decimals
        raise Unclear(f"the amount {shown(written)} is finer than a hundredth")
    return _within_limit(int(whole or "0") * 100 + int((fraction + "00")[:2]))


def minor_and_mark(written: str) -> tuple[int, str]:
    """Read a signed amount with a decimal comma or point as hundredths.

    Args:
        written: Such as ``1.250,00``, ``-12,3``, ``500``, ``12.50`` or ``1,250.00``.

    Returns:
        The amount in hundredths, signed as written, and its decimal mark; no mark where there are no decimals.

    Raises:
        Unclear: Not an amount, too large, ``1.250``, which means two things, or what a spreadsheet shortened.
    """
    written = _plainly(written)
    if _THOUSANDS.fullmatch(written):
        raise Unclear(f"the amount {shown(written)} can mean thousands or decimals")
    found, mark = _COMMA.fullmatch(written), ","
    if found is None:
        found, mark = _POINTED.fullmatch(written), "."
    if found is None:
        refuse_shortened(written)
        raise Unclear(f"the amount is {shown(written)}, not a number with a decimal comma or point")
    sign, whole, fraction = found.groups()
    digits = whole.replace(".", "").replace(",", "")
    amount = _within_limit(int(digits) * 100 + int(((fraction or "") + "00")[:2]))
    return -amount if sign == "-" else amount, mark if fraction else ""


def _plainly(written: str) -> str:
    """Put the sign first, and leave out the euro's sign and blanks and apostrophes between thousands."""
    written = _EURO.sub("", written)
    if _SIGN_LAST.fullmatch(written):
        return f"-{written[:-1]}"
    found = None if written.isdecimal() else _GROUPED.fullmatch(written)
    if found is None or (found[1] and found[5]):
        return written
    digits = "".join(filter(str.isdecimal, found[2]))
    return f"{found[1] or found[5]}{digits}{found[4]}"


def refuse_shortened(written: str) -> None:
    """Refuse ``1,23E+10``: a spreadsheet shortened a number, and its figures are gone.

    Raises:
        Unclear: The value has that form.
    """
    if _SHORTENED.fullmatch(written):
        raise Unclear("a spreadsheet shortened a number to the form 1,23E+10, and its last figures are lost")


def minor_from_either(written: str) -> int:
    """Read an unsigned amount with one decimal mark, comma or point, as hundredths.

    Args:
        written: Such as ``000012,50``, ``12.5``, ``500,``, ``500`` or ``1,234.56``.

    Returns:
        The amount in hundredths.

    Raises:
        Unclear: Not an amount, finer than hundredths, too large, or ``1.250``, which means two things.

    Source: SWIFT field 61 subfield 5, OFX 1.6 section 3.2.9.2.
    """
    if written[-3:-2] in _MARKS and len(written) < 16 and written.isascii():  # noqa: PLR2004 - the usual form
        whole, cents = written[:-3], written[-2:]
        if whole.isdigit() and cents.isdigit():
            return int(whole + cents)
    if not written.strip(",."):
        raise Unclear("the amount is empty")
    if _AMBIGUOUS.fullmatch(written):
        raise Unclear(f"the amount {shown(written)} can mean thousands or decimals")
    plain = _plainly(written)
    if several := _SEVERAL_MARKS.fullmatch(plain):
        whole, fraction = several[1] or several[3] or several[5], several[2] or several[4] or ""
        whole = whole.replace(",", "").replace(".", "")
    elif one := _ONE_MARK.fullmatch(plain):
        whole, fraction = one[1], one[2] or ""
    else:
        raise Unclear(f"the amount is {shown(written)}, not an unsigned number with one decimal mark")
    if fraction[2:].strip("0"):
        raise Unclear(f"the amount {shown(written)} is finer than a hundredth")
    return _within_limit(int(whole or "0") * 100 + int((fraction + "00")[:2]))


def _within_limit(amount_minor: int) -> int:
    if amount_minor >= _LIMIT_MINOR:
        raise Unclear("the amount is larger than the books can hold")
    return amount_minor


@lru_cache(maxsize=4096)
def iso_day(written: str) -> dt.date:
    """Read an ISO date or instant as the bank's day.

    An instant in UTC is told in Amsterdam's time: ABN AMRO writes the day that begins
    at midnight as 23:00Z of the day before. Any other offset is the bank's own clock.

    Args:
        written: Such as ``2014-01-05`` or ``2014-01-04T23:00:00.000Z``.

    Returns:
        The day.

    Raises:
        Unclear: Not a date.

    Source: ISO 20022 DateAndDateTimeChoice.
    """
    found = _ISO_DAY.fullmatch(written)
    if found is None:
        raise Unclear(f"the date is {shown(written)}, not year-month-day")
    day, time, zone = found.groups()
    try:
        if time and zone in {"Z", "+00:00", "-00:00"}:
            instant = dt.datetime.fromisoformat(f"{day}T{time[:8]}+00:00")
            return instant.astimezone(_BANKS_CLOCK).date()
        return dt.date.fromisoformat(day)
    except (ValueError, OverflowError) as error:
        raise Unclear(f"there is no date {shown(written)}") from error


_DAY_FORMS = (
    (re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})", re.ASCII), (1, 2, 3)),
    (re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", re.ASCII), (1, 2, 3)),
    (re.compile(r"([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})", re.ASCII), (3, 2, 1)),
    (re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", re.ASCII), (3, 2, 1)),
    (re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{2})", re.ASCII), (3, 2, 1)),
)
SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", re.ASCII)
_SLASHED_FORM = len(_DAY_FORMS)


def day_and_form(written: str, *, day_first: bool | None = None) -> tuple[dt.date, int]:
    """Read a date as banks, and Dutch Excel, write it in a CSV.

    Args:
        written: ``20200213``, ``2020-02-13``, ``13-2-2020`` or the German ``13.02.2020`` and ``13.02.20``.
        day_first: Of ``13/02/2020`` the day comes first; False where the month does, None where nothing says which.

    Returns:
        The day, and a number for the form: one file keeps to one.

    Raises:
        Unclear: Not a date in one of these forms, or one with slashes of which nothing says what comes first.
    """
    if slashed := SLASHED.fullmatch(written):
        if day_first is None:
            raise Unclear(
                f"the date {shown(written)} can mean day/month or month/day, and nothing in the file tells which"
            )
        first, second, year = map(int, slashed.groups())
        try:
            return dt.date(year, *((second, first) if day_first else (first, second))), _SLASHED_FORM
        except ValueError as error:
            raise Unclear(f"there is no date {shown(written)}") from error
    for form, (pattern, order) in enumerate(_DAY_FORMS):
        found = pattern.fullmatch(written)
        if found:
            try:
                year, month, day = (int(found[place]) for place in order)
                return dt.date(year + 2000 if year < 100 else year, month, day), form  # noqa: PLR2004 - two figures
            except ValueError as error:
                raise Unclear(f"there is no date {shown(written)}") from error
    raise Unclear(f"the date is {shown(written)}, not 20200213, 2020-02-13 or 13-2-2020")


def tidy(written: str | None) -> str | None:
    """Return a text in NFC with single spaces and without control characters; None if nothing is left."""
    if written is None:
        return None
    if written.isprintable() and written.isascii() and "  " not in written and written.strip() == written:
        return written or None
    if not written.isascii():
        written = unicodedata.normalize("NFC", written)
    if not written.isprintable():
        written = "".join(c if c.isprintable() else " " for c in written)
    return " ".join(written.split()) or None


def reference(written: str | None) -> str | None:
    """Return a reference, or None where the bank wrote a word that means there is none."""
    text = tidy(written) if written else None
    return None if text is None or is_placeholder(text) else text


def is_placeholder(text: str) -> bool:
    """Tell whether a reference is a word such as NONREF, or zeros only."""
    if text[-1:].isdigit() and text.strip("0"):
        return False
    bare = text.upper().replace(" ", "").replace(".", "").replace("/", "").replace("-", "")
    return bare in _PLACEHOLDERS or not bare.strip("0")


def is_card(number: str) -> bool:
    """Tell whether an account's number is that of a card: masked, or its last figures behind its account's IBAN.

    It is never shown to anybody but the foundation's own people.
    """
    return _CARD.fullmatch(number) is not None


def iban_of(country: str, number: str) -> str:
    """Make the IBAN of a country's own account number, written out in full.

    Source: ISO 13616-1, check digits by ISO 7064 MOD 97-10.
    """
    figures = "".join(str(int(character, 36)) for character in f"{number}{country}00")
    return f"{country}{98 - int(figures) % 97:02d}{number}"


def other_than(own: str | None, number: str | None) -> str | None:
    """Return a counterparty's account number; None where it is the very account that the statement is about.

    Banks name the account itself beside their own costs and interest: nobody else is told by it.

    Args:
        own: The statement's account, as `account_number` returns it.
        number: The counterparty's, likewise.
    """
    return None if number and own and is_same_account(own, number) else number


def is_same_account(one: str, other: str) -> bool:
    """Tell whether two account numbers are one, of which a format may write only the old number without the bank."""
    if one == other:
        return True
    are_ibans = one[:2].isalpha() and other[:2].isalpha() and one[2:4].isdigit() and other[2:4].isdigit()
    if are_ibans or not (one.isalnum() and other.isalnum()):
        return False
    shorter, longer = sorted((_figures(one), _figures(other)), key=len)
    return len(shorter) >= _SHORTEST_NUMBER and longer.endswith(shorter)


def _figures(number: str) -> str:
    """Return the figures at the end of an account number, without leading zeros."""
    return number[len(number.rstrip("0123456789")) :].lstrip("0")


def account_number(written: str | None) -> str | None:
    """Return an IBAN or account number in capitals, in NFC without spaces and control characters; None if empty."""
    if written is None:
        return None
    bare = "".join(written.split()).upper()
    if not (bare.isascii() and bare.isprintable()):
        bare = unicodedata.normalize("NFC", "".join(c for c in bare if c.isprintable()))
    return bare or None
