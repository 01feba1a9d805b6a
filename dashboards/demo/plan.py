"""The words in which a foundation's year is planned.

A plan is what people meant to spend; `months` makes bank lines of it. Amounts are
hundredths of a euro and positive: a plan does not know that a payment is negative.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - read by whoever asks for the types of a plan
from dataclasses import dataclass
from typing import Literal
from typing import TypeAlias

from dashboards.demo.district import MONTHS
from dashboards.demo.district import date_of

Way: TypeAlias = Literal["card", "transfer", "ideal", "debit", "charge", "batch"]


@dataclass(frozen=True, slots=True)
class Purpose:
    """A payee's payments for one category of one initiative."""

    payee: str
    initiative: str
    category: str


@dataclass(frozen=True, slots=True)
class Habit:
    """Small payments that come and go; never above the approval limit.

    Attributes:
        weight: How many of them among all habits of the world.
        texts: What the payer writes; a card says nothing.
    """

    purpose: Purpose
    way: Way
    weight: int
    low_minor: int
    high_minor: int
    texts: tuple[str, ...] = ()
    months: tuple[int, ...] = MONTHS


@dataclass(frozen=True, slots=True)
class Regular:
    """Once a month. ``{maand}`` in the text becomes the month's name.

    Attributes:
        spread_minor: The amount differs from month to month by up to this much.
        parts: For a batch: (payee, hundredths) which add up to the amount.
    """

    purpose: Purpose
    way: Way
    day: int
    amount_minor: int
    text: str
    months: tuple[int, ...] = MONTHS
    spread_minor: int = 0
    parts: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Single:
    """One payment, or with `refund` money that comes back.

    Attributes:
        split: Other (category, hundredths) of the same initiative that take part of the amount.
        covered: False where the approval was forgotten; the register and decisions then miss it.
    """

    purpose: Purpose
    day: dt.date
    amount_minor: int
    text: str
    way: Way = "transfer"
    refund: bool = False
    split: tuple[tuple[str, int], ...] = ()
    covered: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """One foundation's year."""

    foundation: str
    habits: tuple[Habit, ...]
    regulars: tuple[Regular, ...]
    singles: tuple[Single, ...]


def bought(purpose: Purpose, *rows: tuple[int, int, int, str]) -> tuple[Single, ...]:
    """Return the single transfers of one purpose from rows of month, day, hundredths and text."""
    return tuple(Single(purpose, date_of(month, number), minor, text) for month, number, minor, text in rows)
