"""A made-up village in a real installation, line by line, with persons whose names must never be read.

All names are invented. Lines are entered as entries, so that a test can make any history.
"""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any
from typing import TypeAlias

import pytest
import sqlalchemy as sa

from audit.run import AUDITED_TO
from dashboards.reading import DatabaseReader
from dashboards.work.setup import create_district
from dashboards.work.setup_file import read_setup
from ledger import tables
from ledger.entry import DISTRICT
from ledger.entry import foundation_book
from ledger.entry import initiative_book

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping
    from pathlib import Path

    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.installation import Installation

OPENED = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
PERSONS = ("Wiebke Zandstrobbel", "Joris Kwartelmos", "Amina Lindeslag", "Teun Wolkenrade")
PERSON_IBANS = ("NL20INGB0001234567", "NL39RABO0300065264", "NL93RABO0123456780", "NL47INGB0123456700")
TEXTS = ("terugbetaling tante Wiebke", "schuld van Joris", "voor de kleine van Amina", "zakgeld Teun")
GROUP, GROUP_IBAN = "Buren van Wiebke en Joris", "NL18RABO0123459876"
PURPOSE = "reiskosten van Joris K."
REASON = "Wiebke heeft het uitgelegd"
SECRETS = (*PERSONS, *PERSON_IBANS, *TEXTS, GROUP, GROUP_IBAN, PURPOSE, REASON, "Wiebke", "Joris")
OWN, SAVINGS, KADE_IBAN = "NL02ABNA0123456789", "NL91ABNA0417164300", GROUP_IBAN
SHOP, SHOP_IBAN = "Bouwmarkt Zonnesteen", "NL68INGB0123456710"

SETUP = f"""
[district]
name = "Stadsdeel Dauwrijk"
origin = "buurtkas.example/dauwrijk"
clock = "simulated"
[[person]]
email = "t@dauwrijk.example"
name = "{PERSONS[0]}"
[[person]]
email = "s@dauwrijk.example"
name = "{PERSONS[1]}"
[[round]]
slug = "ronde"
neighbourhood = "Moerbeemd"
amount = "100000.00"
themes = ["groen"]
[[foundation]]
slug = "beemd"
name = "Stichting De Beemd"
kind = "foundation"
accounts = ["{OWN}", "{SAVINGS}"]
mandate = "together"
approval_limit = "250.00"
statement_every_days = 35
[[foundation]]
slug = "kade"
name = "{GROUP}"
kind = "residents"
accounts = ["{KADE_IBAN}"]
approval_limit = "250.00"
[[grant]]
round = "ronde"
foundation = "beemd"
reference = "DR-1"
amount = "60000.00"
starts = 2026-01-01
ends = 2026-12-31
[[grant]]
round = "ronde"
foundation = "kade"
reference = "DR-2"
amount = "10000.00"
starts = 2026-01-01
ends = 2026-12-31
[[initiative]]
foundation = "beemd"
grants = ["DR-1"]
theme = "groen"
slug = "tuin"
name = "Tuin De Slak"
promise = "Een tuin voor iedereen."
budget = {{ planten = "4000.00", hekwerk = "1000.00" }}
[[initiative]]
foundation = "beemd"
grants = ["DR-1"]
theme = "groen"
slug = "feest"
name = "Dauwfeest"
budget = {{ muziek = "2000.00" }}
[[payee]]
foundation = "beemd"
name = "{SHOP}"
ibans = ["{SHOP_IBAN}"]
kvk = "12345678"
kind = "organisation"
starts = 2026-01-01
approved_by = ["t@dauwrijk.example", "s@dauwrijk.example"]
""" + "".join(
    f"""
[[payee]]
foundation = "beemd"
name = "{name}"
ibans = ["{iban}"]
kind = "{kind}"
starts = 2026-01-01
approved_by = ["t@dauwrijk.example", "s@dauwrijk.example"]
"""
    for name, iban, kind in zip(PERSONS[:3], PERSON_IBANS[:3], ("person", "person", "sole_trader"), strict=True)
)

DECISION = f"""
[[decision]]
foundation = "beemd"
payee = "{PERSONS[1]}"
ceiling = "800.00"
purpose = "{PURPOSE}"
initiative = "tuin"
category = "planten"
starts = 2026-01-01
ends = 2026-12-31
decided_on = 2026-01-05
proposed_by = "t@dauwrijk.example"
approved_by = "s@dauwrijk.example"
[[declaration]]
foundation = "beemd"
person = "{PERSONS[2]}"
relation = "board"
ibans = ["{PERSON_IBANS[2]}"]
"""


@dataclass
class Village:
    """The village; time passes with every line."""

    installation: Installation
    now: dt.datetime = OPENED
    persons: tuple[str, ...] = PERSONS
    secrets: tuple[str, ...] = SECRETS
    shop: str = SHOP
    savings: str = SAVINGS
    group_iban: str = GROUP_IBAN

    @property
    def reader(self) -> DatabaseReader:
        """A fresh reader of it."""
        return DatabaseReader(self.installation, lambda: self.now)

    def value(self, query: sa.Select[Any]) -> str:
        """The one value that a query finds."""
        with self.installation.store.reading() as connection:
            return str(connection.execute(query).scalars().one())

    def foundation(self, slug: str = "beemd") -> str:
        """A foundation's id."""
        kind = "residents" if slug == "kade" else "foundation"
        return self.value(sa.select(tables.foundation.c.id).where(tables.foundation.c.kind == kind))

    def initiative(self, slug: str = "tuin") -> str:
        """An initiative's id."""
        return self.value(sa.select(tables.initiative.c.id).where(tables.initiative.c.slug == slug))

    def account(self, iban: str) -> str:
        """An account's id."""
        return self.value(sa.select(tables.account.c.id).where(tables.account.c.private_iban == iban))

    def payee(self, name: str) -> str:
        """What a line to this payee bears as its counterparty."""
        return "payee:" + self.value(sa.select(tables.payee.c.id).where(tables.payee.c.private_name == name))

    def append(
        self, book: str, type_: str, public: Mapping[str, Json], private: Mapping[str, Json] | None = None
    ) -> Entry:
        """Append one entry, a minute after the one before."""
        self.now += dt.timedelta(minutes=1)
        store = self.installation.store
        with store.writing(self.now, confirm_clock=True) as appender:
            return appender.append(store.draft(book, type_, public, private))

    def disclose(self, entry: Entry, *names: str) -> Entry:
        """Make fields of an entry public."""
        return self.append(entry.book, "disclosed", {"pairs": [[entry.seq, name] for name in names]})

    def statement(
        self, closing: int | None = 0, closed_on: str = "2026-03-31", iban: str = OWN, slug: str = "beemd"
    ) -> Entry:
        """A bank statement."""
        public: dict[str, Json] = {
            "account": self.account(iban),
            "opened_on": "2026-03-01",
            "opening": 0,
            "closed_on": closed_on,
            "closing": closing,
            "currency": "EUR",
            "lines": 1,
            "known": 0,
            "channel": "upload",
            "accepted": False,
            "problems": [],
        }
        private: dict[str, Json] = {
            "number": TEXTS[0],
            "bank": None,
            "format": "camt",
            "file": None,
            "reason": TEXTS[1],
        }
        return self.append(foundation_book(self.foundation(slug)), "statement", public, private)

    def line(
        self,
        amount: int,
        on: str = "2026-03-10",
        *,
        counter: str | None = None,
        name: str | None = PERSONS[3],
        iban: str | None = PERSON_IBANS[3],
        text: str | None = TEXTS[3],
        code: str | None = None,
        show: bool = False,
        slug: str = "beemd",
        account: str = OWN,
    ) -> Entry:
        """One line of the bank."""
        public: dict[str, Json] = {
            "account": self.account(account),
            "statement": self._newest_statement(slug),
            "line": 1,
            "booked_on": on,
            "valued_on": None,
            "amount": amount,
            "currency": "EUR",
        }
        private: dict[str, Json] = {
            "name": name,
            "iban": iban,
            "text": text,
            "refs": {},
            "code": {"type": code, "reversal": False},
            "parts": [],
            "counter": counter,
        }
        entry = self.append(foundation_book(self.foundation(slug)), "transaction", public, private)
        if show:
            self.disclose(entry, "counter")
        return entry

    def link(self, line: Entry, amount: int, category: int = 1, slug: str = "tuin") -> Entry:
        """Count (a part of) a line for an initiative."""
        public: dict[str, Json] = {
            "foundation": line.owner,
            "statement": line.integer("statement"),
            "currency": "EUR",
            "items": [[line.seq, amount, category]],
        }
        return self.append(initiative_book(self.initiative(slug)), "allocation", public)

    def flag(self, about: Entry, rule: str, *, show: bool, number: int = 1) -> str:
        """Raise a flag."""
        id_ = f"{number:064x}"
        private: dict[str, Json] = {"rule": rule, "severity": "high", "case": id_, "evidence": {"why": TEXTS[2]}}
        entry = self.append(about.book, "flag raised", {"flag": id_, "about": [about.seq]}, private)
        if show:
            self.disclose(entry, "rule", "severity")
        return id_

    def step(self, type_: str, flag: str, status: str, **public: Json) -> Entry:
        """A step in a flag's life."""
        fields: dict[str, Json] = {"flag": flag, "status": status, **public}
        return self.append(foundation_book(self.foundation()), type_, fields, {"reason": REASON})

    def audit(self) -> None:
        """Let the rules have looked at everything so far."""
        self.append(DISTRICT, "run", {"size": 1, "rules": "0" * 64}, {"hits": []})
        with self.installation.engine.begin() as connection:
            connection.execute(sa.delete(tables.progress))
            size = connection.execute(sa.select(tables.log_head.c.size)).scalar_one()
            for foundation in connection.execute(sa.select(tables.foundation.c.id)).scalars():
                connection.execute(sa.insert(tables.progress).values(name=f"{AUDITED_TO}{foundation}", value=size))

    def sign(self) -> None:
        """Have the log signed."""
        self.installation.signer.sign(self.installation.engine)

    def _newest_statement(self, slug: str) -> int:
        table = tables.statement
        query = sa.select(sa.func.max(table.c.seq)).where(table.c.foundation == self.foundation(slug))
        with self.installation.store.reading() as connection:
            return int(connection.execute(query).scalar() or 0)


MakeVillage: TypeAlias = "Callable[..., Village]"


@pytest.fixture
def make_village(tmp_path: Path) -> MakeVillage:
    """Makes a village from its setup and what a test adds to it."""
    numbers = itertools.count()

    def make(more: str = "") -> Village:
        installation = create_district(tmp_path / f"village-{next(numbers)}", read_setup(SETUP + more), OPENED)
        return Village(installation)

    return make


@pytest.fixture
def village(make_village: MakeVillage) -> Village:
    """A village with one statement on its first account, and no lines."""
    made = make_village(DECISION)
    made.statement(closing=50_000_00)
    return made
