"""Random exports of a random account: in several formats, overlapping, in any order, with gaps and twins.

The machine is a bank with one account, and a treasurer who brings files of it. A file holds all that the bank booked
on its days until it was made. After each file the book must hold each payment that any file so far has shown,
once; and where no day is missing, nothing may be reported, and the book's balance is the bank's.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from hypothesis.stateful import rule

from dashboards.demo.banks import BankLine
from dashboards.demo.banks import BankStatement
from dashboards.demo.banks import camt053
from dashboards.demo.banks import ing_csv
from dashboards.demo.banks import unsigned
from dashboards.demo.banks_mt940 import mt940
from importers.booking import Delivery
from importers.booking import book
from importers.reading import read
from ledger import tables
from ledger.entry import foundation_book

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence

    from ledger.installation import Installation

FOUNDATION = "00000000000000aa"
MONDAY = dt.date(2026, 1, 5)
NOW = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
OPENING = 500_000
PARTIES = (
    ("Bouwmarkt Proef", "NL02ABNA0123456789"),
    ("Kwekerij Proef", "NL91ABNA0417164300"),
    ("Koffiehuis Proef", None),
)
TEXTS = ("hout", "planten voor de tuin", "koffie", "huur zaal")


@cache
def dutch_iban(number: int) -> str:
    """Return a valid IBAN at ING for an account's number."""
    bban = f"INGB{number:010d}"
    figures = "".join(str(int(character, 36)) for character in bban + "NL00")
    return f"NL{98 - int(figures) % 97:02d}{bban}"


def without_references(camt: bytes) -> bytes:
    """Return a CAMT file of a bank that writes NONREF on every entry."""
    return re.sub(rb"<AcctSvcrRef>[^<]*", b"<AcctSvcrRef>NONREF", camt)


def ofx(statement: BankStatement) -> bytes:
    """Return OFX, which names no account numbers of others and only the balance at the end."""
    lines = "".join(
        f"<STMTTRN><TRNTYPE>OTHER<DTPOSTED>{line.booked_on:%Y%m%d}<TRNAMT>{'-' if line.amount_minor < 0 else ''}"
        f"{unsigned(line.amount_minor)}<FITID>{line.reference}<NAME>{line.name}<MEMO>{line.text}</STMTTRN>"
        for line in statement.lines
    )
    closing = f"{'-' if statement.closing_minor < 0 else ''}{unsigned(statement.closing_minor)}"
    return (
        f"<OFX><STMTRS><CURDEF>EUR<BANKACCTFROM><ACCTID>{statement.iban}</BANKACCTFROM>{lines}<LEDGERBAL>"
        f"<BALAMT>{closing}<DTASOF>{statement.ends:%Y%m%d}</LEDGERBAL></STMTRS></OFX>"
    ).encode()


def old_csv(statement: BankStatement) -> bytes:
    """Return ING's CSV of the years before it stated a balance after each row."""
    rows = [row.split(b";") for row in ing_csv(statement).splitlines()]
    return b"\r\n".join(b";".join(row[:-2]) for row in rows) + b"\r\n"


def one_day_each(statement: BankStatement) -> tuple[BankStatement, ...]:
    """Return a statement for each of its days, those without lines included."""
    found, opening, day = [], statement.opening_minor, statement.starts
    while day <= statement.ends:
        lines = tuple(line for line in statement.lines if line.booked_on == day)
        found.append(replace(statement, starts=day, ends=day, opening_minor=opening, lines=lines))
        opening, day = found[-1].closing_minor, day + dt.timedelta(1)
    return tuple(found)


def camt(statements: Sequence[BankStatement]) -> bytes:
    """Return CAMT.053."""
    return camt053(statements, version="08", message_id="M", created_at=NOW)


FORMATS: dict[str, Callable[[BankStatement], bytes]] = {
    "camt": lambda statement: camt([statement]),
    "camt, a statement a day": lambda statement: camt(one_day_each(statement)),
    "camt without references": lambda statement: without_references(camt([statement])),
    "mt940": mt940,
    "csv": ing_csv,
    "csv without balances": old_csv,
    "ofx": ofx,
}


@dataclass
class Tally:
    """What the machines did: files brought by format, and how many lines they had and booked."""

    files: Counter[str] = field(default_factory=Counter)
    lines: int = 0
    booked: int = 0
    accounts: int = 0
    gaps: int = 0

    @property
    def steps(self) -> int:
        """Return how many files were brought."""
        return self.files.total()


class Exports(RuleBasedStateMachine):
    """The bank, the treasurer, and what the book must hold; every run has an account of its own."""

    installation: Installation
    tally: Tally

    def __init__(self) -> None:
        super().__init__()
        self.tally.accounts += 1
        self.iban = dutch_iban(1_000_000 + self.tally.accounts)
        self.account = f"{self.tally.accounts:016x}"
        self.today = MONDAY
        self.paid: list[BankLine] = []
        self.seen: set[str] = set()
        store = self.installation.store
        public = {"account": self.account, "mandate": "together", "basis": "opening"}
        with store.writing(NOW) as appender:
            private = {"iban": self.iban, "holder": None, "viewers": None}
            appender.append(store.draft(foundation_book(FOUNDATION), "account declared", dict(public), dict(private)))

    @rule(
        amount=st.sampled_from([-500, -500, -1250, 2_000]),
        party=st.sampled_from(PARTIES),
        text=st.sampled_from(TEXTS),
        times=st.integers(1, 3),
    )
    def pay(self, amount: int, party: tuple[str, str | None], text: str, times: int) -> None:
        """The bank books a payment, or several that are alike."""
        name, iban = party
        for _ in range(times):
            number = f"R{self.tally.accounts}X{len(self.paid):05d}"
            self.paid.append(BankLine(number, self.today, amount, "transfer", text, name, iban))

    @rule(days=st.integers(1, 4))
    def wait(self, days: int) -> None:
        """Days go by."""
        self.today += dt.timedelta(days)

    @rule(back=st.integers(0, 12), length=st.integers(0, 12), written=st.sampled_from(sorted(FORMATS)))
    def bring(self, back: int, length: int, written: str) -> None:
        """The treasurer brings some days in some format."""
        starts = max(MONDAY, self.today - dt.timedelta(back))
        self._bring(starts, min(self.today, starts + dt.timedelta(length)), written)

    @rule(written=st.sampled_from(sorted(FORMATS)))
    def bring_all(self, written: str) -> None:
        """The treasurer brings everything so far."""
        self._bring(MONDAY, self.today, written)

    def _bring(self, starts: dt.date, ends: dt.date, written: str) -> None:
        lines = tuple(line for line in self.paid if starts <= line.booked_on <= ends)
        if not lines and written.startswith(("csv", "ofx")):
            return
        opening = OPENING + sum(line.amount_minor for line in self.paid if line.booked_on < starts)
        statement = BankStatement(self.iban, "Stichting Proef", 1, starts, ends, opening, lines)
        reported = self._book(FORMATS[written](statement))
        before = set(self.seen)
        self.seen |= {line.reference for line in lines}
        gap = any(line.booked_on <= ends and line.reference not in self.seen for line in self.paid)
        self.tally.files[written] += 1
        self.tally.lines += len(lines)
        self.tally.booked += len(self.seen - before)
        self.tally.gaps += gap
        expected = Counter((line.booked_on, line.amount_minor) for line in self.paid if line.reference in self.seen)
        assert self._in_the_book() == expected, written
        assert gap or not reported, (written, reported)
        if self.seen == {line.reference for line in self.paid}:
            held = sum(amount for _, amount in self._in_the_book().elements())
            assert OPENING + held == OPENING + sum(line.amount_minor for line in self.paid)

    def _book(self, content: bytes) -> list[str]:
        """Book a file, and return what was reported."""
        delivery = Delivery("5e" * 32, accept="whatever it is")
        plan, _ = book(self.installation, read(content), delivery, NOW)
        return [problem.text for planned in plan.statements if not planned.nothing_new for problem in planned.problems]

    def _in_the_book(self) -> Counter[tuple[dt.date, int]]:
        table = tables.movement
        query = sa.select(table.c.booked_on, table.c.amount_minor).where(table.c.account == self.account)
        with self.installation.store.reading() as connection:
            return Counter((row.booked_on, row.amount_minor) for row in connection.execute(query))
