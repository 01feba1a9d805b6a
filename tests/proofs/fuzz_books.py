"""What the bank files of the fuzzing say: accounts, lines and balances, all invented.

No set of lines of one file adds up to nothing, so that whoever loses or doubles some of them comes to another sum.
There are twins, a batch, and the reversal of a payment of the month before. Names, texts and account numbers are
made of words that occur nowhere else, so that one that shows in a message can be told.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from dataclasses import replace
from typing import Literal
from typing import TypeAlias

Guard: TypeAlias = Literal["balances", "framing", "totals", "running", "nothing"]

PAYEE = "Kwyxelaar & Zwënkhaar"
PAYER = "Fonds Vruntzig Ploem"
SHOP = "Bakkerij Dwombelt"
PAYEE_IBAN = "NL91ABNA0417164300"
PAYER_IBAN = "NL20INGB0001234567"
SHOP_IBAN = "NL44RABO0123456789"
BATCH = (-2031, -1777, -3304)
"""The payments of the batch."""


@dataclass(frozen=True, slots=True)
class Row:
    """What the bank books in one go; `parts` are the payments of a batch."""

    day: dt.date
    minor: int
    name: str
    iban: str
    text: str
    reference: str
    reversal: bool = False
    parts: tuple[int, ...] = ()

    @property
    def side(self) -> str:
        """Return C or D, as the money went."""
        return "D" if self.minor < 0 else "C"


@dataclass(frozen=True, slots=True)
class Book:
    """One account in one period."""

    account: str
    number: int
    opening: int
    rows: tuple[Row, ...]
    starts: dt.date = dt.date(2025, 3, 1)
    ends: dt.date = dt.date(2025, 3, 31)

    @property
    def total(self) -> int:
        """The sum of the lines."""
        return sum(row.minor for row in self.rows)

    @property
    def closing(self) -> int:
        """The balance after the last line."""
        return self.opening + self.total

    def balances(self) -> tuple[int, ...]:
        """Return the balance after each line."""
        return tuple(self.opening + sum(row.minor for row in self.rows[: place + 1]) for place in range(len(self.rows)))


def _row(day: int, minor: int, who: tuple[str, str], text: str, number: int) -> Row:
    return Row(dt.date(2025, 3, day), minor, *who, text, f"B25C{number:08d}")


_PAYEE, _PAYER, _SHOP = (PAYEE, PAYEE_IBAN), (PAYER, PAYER_IBAN), (SHOP, SHOP_IBAN)
_TWIN = _row(4, -1205, _SHOP, "broodjes vrimpeltafel", 1002)
_REVERSED = replace(_row(11, 6149, _PAYEE, "stornering glemphout februari", 1005), reversal=True)
_BATCH = replace(_row(14, sum(BATCH), _PAYEE, "verzamelopdracht snorfelaars", 1006), parts=BATCH)

CURRENT = Book(
    "NL18RABO0123459876",
    3,
    250_019,
    (
        _row(3, 100_000, _PAYER, "bijdrage kwartaal plemp", 1001),
        _TWIN,
        replace(_TWIN, reference="B25C00001003"),
        _row(7, -48_377, _PAYEE, "zaalhuur drommelzicht", 1004),
        _REVERSED,
        _BATCH,
        _row(28, -990, _SHOP, "koffie welp", 1007),
    ),
)
"""A current account: money in and out, twins, a reversal, a batch."""
SAVINGS = Book("NL02ABNA0123456789", 1, 1_000_000, (_row(5, 20_011, _PAYER, "rente strop", 2001),))
SMALL = Book(
    "NL18RABO0123459876",
    7,
    -1_500,
    (
        _row(2, 5_003, _PAYER, "inleg wolmpje", 3001),
        _row(2, -3_334, _SHOP, "soep plons", 3002),
        _row(20, -161, _SHOP, "kruid plons", 3003),
    ),
)
EMPTY = Book("NL44RABO0123456789", 8, 31_000, ())


def plain(book: Book) -> Book:
    """Return a book as formats tell it that know no batch and no reversal."""
    return replace(book, rows=tuple(replace(row, reversal=False, parts=()) for row in book.rows))


def at_bank(book: Book, letters: str) -> Book:
    """Return a book whose account is at another Dutch bank.

    Source: ISO 13616-1, check digits by ISO 7064 MOD 97-10.
    """
    number = book.account[8:]
    figures = "".join(str(int(character, 36)) for character in f"{letters}{number}NL00")
    return replace(book, account=f"NL{98 - int(figures) % 97:02d}{letters}{number}")


def figure(minor: int, point: str = ",") -> str:
    """Write hundredths without their sign."""
    return f"{abs(minor) // 100}{point}{abs(minor) % 100:02d}"


def signed(minor: int, point: str = ",", plus: str = "") -> str:
    """Write hundredths with their sign."""
    return f"{'-' if minor < 0 else plus}{figure(minor, point)}"
