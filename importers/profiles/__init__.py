"""Each bank's own CSV, described as data: one module per bank, one table per kind of file.

A new bank is a new `Profile`, added to `PROFILES`; the reader does not change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from importers.profiles.abn_amro import ABN_AMRO
from importers.profiles.abn_amro import ABN_AMRO_WORKBOOK
from importers.profiles.asn import ASN
from importers.profiles.asn import ASN_OLD
from importers.profiles.belgium import BELFIUS
from importers.profiles.belgium import KBC
from importers.profiles.bunq import BUNQ
from importers.profiles.dkb import DKB
from importers.profiles.dkb import DKB_CARD
from importers.profiles.dkb import DKB_OLD
from importers.profiles.gls import GLS
from importers.profiles.ing import ING_PAYMENT
from importers.profiles.ing import ING_SAVINGS
from importers.profiles.knab import KNAB
from importers.profiles.n26 import N26
from importers.profiles.n26 import N26_OLD
from importers.profiles.rabobank import RABOBANK
from importers.profiles.rabobank import RABOBANK_CARD
from importers.profiles.revolut import REVOLUT
from importers.profiles.revolut import REVOLUT_BUSINESS
from importers.profiles.triodos import TRIODOS
from importers.profiles.wise import WISE

if TYPE_CHECKING:
    from importers.profiles.profile import Profile

PROFILES: tuple[Profile, ...] = (
    ING_PAYMENT,
    ING_SAVINGS,
    RABOBANK,
    ABN_AMRO,
    ABN_AMRO_WORKBOOK,
    ASN,
    ASN_OLD,
    TRIODOS,
    KNAB,
    BUNQ,
    N26,
    N26_OLD,
    REVOLUT,
    REVOLUT_BUSINESS,
    GLS,
    RABOBANK_CARD,
    KBC,
    BELFIUS,
    DKB,
    DKB_CARD,
    DKB_OLD,
    WISE,
)
