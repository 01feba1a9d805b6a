"""The kinds of public fields: what may stand in an entry for everyone to read.

Every kind is so narrow that no name, IBAN, phone number or sentence fits in it: whole
numbers, dates, codes from closed lists, random ids and hashes. Whatever a person or a
bank writes in words is committed instead (see `ledger.commitment`).
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Protocol

from ledger.canonical import MAX_INTEGER
from ledger.errors import MalformedEntry

if TYPE_CHECKING:
    from collections.abc import Collection

    from ledger.canonical import Json

ID = re.compile(r"[0-9a-f]{16}\Z")
HASH = re.compile(r"[0-9a-f]{64}\Z")
SIGNATURE = re.compile(r"[0-9a-f]{128}\Z")
COMMITMENTS = re.compile(r"(?:[A-Za-z0-9_-]{43} )*\Z")
LETTERS = 43
RULE = re.compile(r"[A-Z]{3}-[0-9]{2}\Z")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\Z", re.ASCII)
DAY = re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII)
LOG = re.compile(r"[a-z0-9.-]+(/[a-z0-9._-]+)*\Z")
TYPE_NAME = re.compile(r"(?=.{1,24}\Z)[a-z]+( [a-z]+)*\Z")
BOOK = re.compile(r"(district|(foundation|initiative)/[0-9a-f]{16})\Z")

NO_DAY = "a day is written YYYY-MM-DD"
MAX_COUNT = 99_999_999
"""Counts stay below every national phone number written as an integer."""

CURRENCIES = tuple(
    "EUR AUD BGN BRL CAD CHF CNY CZK DKK GBP HKD HUF IDR ILS INR ISK JPY KRW MAD MXN MYR NOK NZD PHP PLN RON "
    "SEK SGD SRD THB TRY UAH USD ZAR".split()
)
"""ISO 4217 codes that an account may be kept in."""

COMMITTED_FIELDS = tuple(
    "bank case code conditions contact counter description document evidence file format holder hits iban ibans "
    "kind kvk list name names nature neighbourhood number parts payee person picture promise purpose reason "
    "receipts reference refs relation rule severity shown slug text theme themes viewers".split()
)
"""Every name that a committed field may bear, in any type; a test holds it equal to the types' own lists."""


@functools.lru_cache(maxsize=4096)
def calendar_day(written: str) -> dt.date:
    """Return the calendar day that stands in an entry.

    Raises:
        MalformedEntry: There is no such day.
    """
    if not DAY.match(written):
        raise MalformedEntry(NO_DAY)
    try:
        return dt.date.fromisoformat(written)
    except ValueError as error:
        raise MalformedEntry("there is no such day") from error


def are_commitments(values: Collection[Json]) -> bool:
    """Tell whether all values are of the form of a commitment, 43 characters of base64url, in one look."""
    texts = [value for value in values if isinstance(value, str)]
    joined = " ".join((*texts, ""))
    return len(texts) == len(values) and len(joined) == len(texts) * (LETTERS + 1) and bool(COMMITMENTS.match(joined))


class Kind(Protocol):
    """A kind of public field: refuses every value that is not of its form."""

    def check(self, value: Json) -> None:
        """Raise MalformedEntry where the value is not of this kind."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number within bounds."""

    least: int
    most: int

    def check(self, value: Json) -> None:
        """Refuse what is not a whole number within the bounds."""
        if isinstance(value, bool) or not isinstance(value, int) or not self.least <= value <= self.most:
            raise MalformedEntry(f"a number must lie from {self.least} to {self.most}")


@dataclass(frozen=True, slots=True)
class Text:
    """Text of one strict form."""

    form: re.Pattern[str]
    what: str

    def check(self, value: Json) -> None:
        """Refuse text of another form."""
        if not isinstance(value, str) or not self.form.match(value):
            raise MalformedEntry(f"{self.what} is expected")


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar day, YYYY-MM-DD."""

    def check(self, value: Json) -> None:
        """Refuse what is not an existing day."""
        if not isinstance(value, str):
            raise MalformedEntry(NO_DAY)
        calendar_day(value)


@dataclass(frozen=True, slots=True)
class Code:
    """One word of a closed list."""

    choices: tuple[str, ...]

    def check(self, value: Json) -> None:
        """Refuse a word that is not on the list."""
        if value not in self.choices:
            raise MalformedEntry(f"a code must be one of {', '.join(self.choices[:12])}")


@dataclass(frozen=True, slots=True)
class YesNo:
    """True or false."""

    def check(self, value: Json) -> None:
        """Refuse anything else."""
        if not isinstance(value, bool):
            raise MalformedEntry("true or false is expected")


@dataclass(frozen=True, slots=True)
class Maybe:
    """A value of another kind, or null."""

    kind: Kind

    def check(self, value: Json) -> None:
        """Refuse what is neither."""
        if value is not None:
            self.kind.check(value)


@dataclass(frozen=True, slots=True)
class Row:
    """A list of fixed length, each place of its own kind."""

    kinds: tuple[Kind, ...]

    def check(self, value: Json) -> None:
        """Refuse another length, or a place of another kind."""
        if not isinstance(value, list) or len(value) != len(self.kinds):
            raise MalformedEntry(f"a list of {len(self.kinds)} is expected")
        for kind, item in zip(self.kinds, value, strict=True):
            kind.check(item)


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of any length, all of one kind."""

    kind: Kind

    def check(self, value: Json) -> None:
        """Refuse what is not a list of that kind."""
        if not isinstance(value, list):
            raise MalformedEntry("a list is expected")
        for item in value:
            self.kind.check(item)


AMOUNT = Whole(-MAX_INTEGER, MAX_INTEGER)
COUNT = Whole(0, MAX_COUNT)
CURRENCY = Code(CURRENCIES)
DATE = Calendar()
FLAG_STATUS = Code(("open", "under_review", "explained", "accepted", "escalated", "confirmed", "closing", "closed"))
FIELD = Code(COMMITTED_FIELDS)
HASH_HEX = Text(HASH, "a hash of 64 hex digits")
IDENTITY = Text(ID, "an id of 16 hex digits")
RULE_ID = Text(RULE, "a rule's id such as PAY-01")
YES_NO = YesNo()
BASIS = Code(("opening", "desk"))
PAIRS = Rows(Row((COUNT, FIELD)))
