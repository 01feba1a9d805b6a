"""Seeded chance, and account numbers that can belong to nobody.

Only `random.Random.random` is used: its sequence is the one that Python promises to
keep, so that the same seed gives the same bytes on every version. An account number
starts with 99 and fails the Dutch eleven test, so that no bank can have given it out.
"""

from __future__ import annotations

import random
import zlib
from functools import cache
from typing import TYPE_CHECKING
from typing import TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")

FICTIONAL_BANKS = ("MERL", "WILG", "ZONN", "KRUI")
_CENTS = (95, 50, 99, 49, 25, 40, 85, 75, 15, 0)
_IBAN_MODULUS = 97
_ELEVEN = 11


class Chance:
    """A stream of choices that depends on its seed alone."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a demo is made of it, not a secret

    def below(self, bound: int) -> int:
        """Return an integer from 0 to `bound` - 1."""
        return int(self._random.random() * bound)

    def between(self, low: int, high: int) -> int:
        """Return an integer from `low` to `high`, both included."""
        return low + self.below(high - low + 1)

    def pick(self, items: Sequence[T]) -> T:
        """Return one of `items`."""
        return items[self.below(len(items))]

    def price(self, low_minor: int, high_minor: int) -> int:
        """Return a price in hundredths as shops write them, between the two bounds."""
        drawn = self.between(low_minor, high_minor)
        ending = self.pick(_CENTS) if self.below(3) else drawn % 100
        return min(max(drawn - drawn % 100 + ending, low_minor), high_minor)


def _eleven_sum(digits: str) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, range(len(digits), 0, -1), strict=True))


def _check_digits(text: str) -> str:
    """Return the two ISO 7064 check digits for an IBAN or a creditor identifier."""
    number = int("".join(str(int(character, 36)) for character in text))
    return f"{98 - number % _IBAN_MODULUS:02d}"


@cache
def fictional_iban(key: str, bank: str = "") -> str:
    """Return an IBAN that is well formed and that no bank can have given out.

    Args:
        key: Whose account; the same key always gives the same number.
        bank: Four letters; chosen from the invented banks when left out.

    Source: ISO 13616 for the check digits; the Dutch eleven test for what makes it impossible.
    """
    hashed = zlib.crc32(key.encode())
    code = bank or FICTIONAL_BANKS[hashed % len(FICTIONAL_BANKS)]
    digits = f"99{hashed // 7 % 10_000_000:07d}0"
    if _eleven_sum(digits) % _ELEVEN == 0:
        digits = digits[:-1] + "1"
    return f"NL{_check_digits(f'{code}{digits}NL00')}{code}{digits}"


def fictional_kvk(key: str) -> str:
    """Return a chamber of commerce number in a range that is not in use."""
    return f"99{zlib.crc32(key.encode()) // 11 % 1_000_000:06d}"


@cache
def creditor_id(key: str) -> str:
    """Return the direct debit creditor identifier of the organisation called `key`.

    Source: EPC262-08: country, check digits, business code, and in the Netherlands KvK + 0000.
    """
    national = f"{fictional_kvk(key)}0000"
    return f"NL{_check_digits(f'{national}NL00')}ZZZ{national}"


def terminal(key: str) -> str:
    """Return the card terminal's number in the shop called `key`."""
    return f"{zlib.crc32(key.encode()) % 36**6:06X}"[-6:]
