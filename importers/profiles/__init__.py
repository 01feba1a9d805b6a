"""Each bank's own CSV, described as data: one module and one table per bank.

A new bank is a new `Profile`, added to `PROFILES`; the reader does not change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from importers.profiles.ing import ING_PAYMENT
from importers.profiles.ing import ING_SAVINGS
from importers.profiles.rabobank import RABOBANK

if TYPE_CHECKING:
    from importers.profiles.profile import Profile

PROFILES: tuple[Profile, ...] = (ING_PAYMENT, ING_SAVINGS, RABOBANK)
