"""A made-up bank: statements of any day range of an account that nobody has, as CAMT.053."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboards.work.setup import create_district
from dashboards.work.setup_file import read_setup

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.installation import Installation

BEGIN = dt.date(2026, 1, 1)
OPENED = dt.datetime(2025, 12, 31, 9, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 12, 31, 20, tzinfo=dt.UTC)
ORIGIN = "buurtkas.example/proef"
OPENING = 1_000_000_00


@dataclass(frozen=True, slots=True)
class Account:
    """An account with the same number of payments every day.

    Attributes:
        number: Which one; also decides what is paid.
        lines: Payments a day.
    """

    number: int
    lines: int = 10

    @property
    def iban(self) -> str:
        """Its number, with check digits."""
        account = f"{self.number:010d}"
        digits = "".join(str(int(sign, 36)) for sign in f"ABNA{account}NL00")
        return f"NL{98 - int(digits) % 97:02d}ABNA{account}"

    def amounts(self, day: int) -> list[int]:
        """Return what was paid on a day, in cents, below zero."""
        rng = random.Random(f"{self.number}/{day}")
        return [-rng.randrange(100, 5_000) for _ in range(self.lines)]

    def balance(self, day: int) -> int:
        """Return the balance at the beginning of a day."""
        return OPENING + sum(sum(self.amounts(before)) for before in range(day))

    def statement(self, first: int, last: int) -> bytes:
        """Return the statement of the days first to last, both included, as a file."""
        lines = "".join(
            _line(self.number, day, place, amount)
            for day in range(first, last + 1)
            for place, amount in enumerate(self.amounts(day))
        )
        opening = _balance("OPBD", self.balance(first), first)
        closing = _balance("CLBD", self.balance(last + 1), last)
        return (
            '<?xml version="1.0" encoding="UTF-8"?>'
            '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>'
            "<GrpHdr><MsgId>M</MsgId><CreDtTm>2026-12-31T20:00:00</CreDtTm></GrpHdr>"
            f"<Stmt><Id>S{first}-{last}</Id><Acct><Id><IBAN>{self.iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
            f"{opening}{closing}{lines}</Stmt></BkToCstmrStmt></Document>"
        ).encode()


def make_bank(directory: Path, accounts: int, more: str = "") -> Installation:
    """Return a new installation with one foundation that has these accounts, from number 1 on, and more of a setup."""
    numbers = ", ".join(f'"{Account(number).iban}"' for number in range(1, accounts + 1))
    setup = f"""
[district]
name = "Stadsdeel Voorbeeld"
origin = "{ORIGIN}"
clock = "simulated"
[[foundation]]
slug = "meer"
name = "Stichting Meer"
kind = "foundation"
accounts = [{numbers}]
{more}"""
    return create_district(directory, read_setup(setup), OPENED)


def _line(number: int, day: int, place: int, amount: int) -> str:
    """Return one payment."""
    on = BEGIN + dt.timedelta(days=day)
    reference = f"R{number:03d}{day:04d}{place:04d}"
    return (
        f'<Ntry><Amt Ccy="EUR">{_euros(amount)}</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts>'
        f"<BookgDt><Dt>{on}</Dt></BookgDt><ValDt><Dt>{on}</Dt></ValDt><AcctSvcrRef>{reference}</AcctSvcrRef>"
        f"<NtryDtls><TxDtls><RltdPties><Cdtr><Nm>Winkel {place}</Nm></Cdtr><CdtrAcct><Id>"
        f"<IBAN>{Account(900 + place).iban}</IBAN></Id></CdtrAcct></RltdPties>"
        f"<RmtInf><Ustrd>Boodschap {reference}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )


def _balance(code: str, amount: int, day: int) -> str:
    """Return an opening or closing balance."""
    on = BEGIN + dt.timedelta(days=day)
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="EUR">{_euros(amount)}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{on}</Dt></Dt></Bal>'
    )


def _euros(amount: int) -> str:
    """Write cents as euros."""
    return f"{abs(amount) // 100}.{abs(amount) % 100:02d}"
