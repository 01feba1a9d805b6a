"""Reading what somebody typed into a form: amounts, days, and picks from a list.

Amounts are read as people here write them: "250", "250,00", "1.250,00" and "1,250.00" are all
clear; what could mean two things, such as "1,250", is refused.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from ledger.canonical import MAX_INTEGER

if TYPE_CHECKING:
    from dashboards.errors import FieldRefused

PLAIN = re.compile(r"(?P<whole>\d{1,15})([.,](?P<cents>\d\d?))?\Z", re.ASCII)
DUTCH = re.compile(r"(?P<whole>\d{1,3}(\.\d{3})+)(,(?P<cents>\d\d?))?\Z", re.ASCII)
ENGLISH = re.compile(r"(?P<whole>\d{1,3}(,\d{3})+)\.(?P<cents>\d\d?)\Z", re.ASCII)
DAY_FIRST = re.compile(r"(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>\d{4})\Z", re.ASCII)
TARGET = re.compile(r"(?P<initiative>[0-9a-f]{16})/(?P<category>\d{1,8})\Z", re.ASCII)


def read_amount(text: str, refused: type[FieldRefused]) -> int:
    """Return an amount in minor units.

    Raises:
        FieldRefused: Of the kind asked for, where it is no amount.
    """
    bare = text.replace("€", "").replace("EUR", "").replace("\N{NO-BREAK SPACE}", "").replace(" ", "")
    match = PLAIN.match(bare) or DUTCH.match(bare) or ENGLISH.match(bare)
    if match is None:
        raise refused
    whole = int(match["whole"].replace(".", "").replace(",", ""))
    minor = whole * 100 + int((match["cents"] or "").ljust(2, "0"))
    if minor > MAX_INTEGER:
        raise refused
    return minor


def read_day(text: str, refused: type[FieldRefused]) -> dt.date:
    """Return a day, written year first as browsers send it, or day first as people write it.

    Raises:
        FieldRefused: Of the kind asked for, where it is no day.
    """
    bare = text.strip()
    match = DAY_FIRST.match(bare)
    try:
        if match is not None:
            return dt.date(int(match["year"]), int(match["month"]), int(match["day"]))
        return dt.date.fromisoformat(bare)
    except ValueError as error:
        raise refused from error


def read_target(text: str, refused: type[FieldRefused]) -> tuple[str, int]:
    """Return an initiative's id and a category.

    Raises:
        FieldRefused: Of the kind asked for, where nothing was picked.
    """
    match = TARGET.match(text)
    if match is None:
        raise refused
    return match["initiative"], int(match["category"])


def write_target(initiative: str, category: int) -> str:
    """Return an initiative and a category as a select's value."""
    return f"{initiative}/{category}"
