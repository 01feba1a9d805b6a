"""A small made-up district in a real installation, for the tests of use cases and desks.

Two foundations, an initiative with a budget, people in every role, lines and flags. All names
are invented.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Any

import sqlalchemy as sa

from dashboards.work import people
from dashboards.work.ordinary import changing
from ledger import tables
from ledger.entry import foundation_book
from ledger.entry import initiative_book
from ledger.installation import Settings
from ledger.installation import create_installation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.installation import Installation

NOW = dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC)
PASSWORD = "vier natte paarse eenden"
MEER, EIK = "00000000000000aa", "00000000000000bb"
TUIN, FEEST = "00000000000000c1", "00000000000000c2"
ACCOUNT = "00000000000000d1"
OWN_IBAN = "NL02ABNA0123456789"
SHOP_IBAN, PERSON_IBAN, OTHER_IBAN = "NL91ABNA0417164300", "NL20INGB0001234567", "NL39RABO0300065264"
PEOPLE = {
    "treasurer": "Wiebe Kwikstaart",
    "signatory": "Doutzen Morgenster",
    "other": "Okke Boterbloem",
    "owner": "Pim Madelief",
    "officer": "Sanne Libelle",
    "second": "Tjalling Zandoog",
    "head": "Noor Wespendief",
    "tied": "Fenna Grutto",
    "nobody": "Sietse Kluut",
}
"""By what they are: `other` is treasurer and signatory of the other foundation, `tied` an officer with a tie."""


@dataclass
class District:
    """The district, and who lives in it."""

    installation: Installation
    now: dt.datetime = NOW
    ids: dict[str, str] = field(default_factory=dict)

    def clock(self) -> dt.datetime:
        """What time it is."""
        return self.now

    def later(self, **delta: float) -> dt.datetime:
        """Let time pass, and return the new time."""
        self.now += dt.timedelta(**delta)
        return self.now

    def append(
        self, book: str, type_: str, public: Mapping[str, Json], private: Mapping[str, Json] | None = None
    ) -> Entry:
        """Append one entry."""
        store = self.installation.store
        with store.writing(self.now) as appender:
            return appender.append(store.draft(book, type_, public, private))

    def role(self, who: str, role: str, foundation: str | None = None, initiative: str | None = None) -> None:
        """Give a role."""
        public: dict[str, Json] = {"person": self.ids[who], "role": role, "basis": "desk"}
        self.append("district", "role given", {**public, "foundation": foundation, "initiative": initiative})

    def end_role(self, who: str, role: str, foundation: str | None = None) -> None:
        """End a role."""
        public: dict[str, Json] = {"person": self.ids[who], "role": role, "why": "ended"}
        self.append("district", "role ended", {**public, "foundation": foundation, "initiative": None})

    def tie(self, who: str, foundation: str, *, ended: bool = False) -> None:
        """Declare a tie, or its end."""
        public: dict[str, Json] = {"person": self.ids[who], "foundation": foundation, "ended": ended}
        self.append("district", "tie declared", public, {"nature": None})

    def pay(self, name: str, iban: str, minor: int = 30_000, foundation: str = MEER) -> int:
        """Book a payment and return its place."""
        public: dict[str, Json] = {
            "account": ACCOUNT,
            "statement": 1,
            "line": 0,
            "booked_on": "2026-10-20",
            "valued_on": None,
            "amount": -minor,
            "currency": "EUR",
        }
        private: dict[str, Json] = {"name": name, "iban": iban, "text": "nota 7", "counter": None}
        rest: dict[str, Json] = {"refs": {}, "code": None, "parts": []}
        return self.append(foundation_book(foundation), "transaction", public, private | rest).seq

    def flag(self, rule: str, severity: str, about: int, *, case: str = "ca5e", foundation: str = MEER) -> str:
        """Raise a flag and return its id; `case` stands for the case."""
        flag = f"{self._next():064x}"
        private: dict[str, Json] = {
            "rule": rule,
            "severity": severity,
            "case": case.ljust(64, "0"),
            "evidence": {"amount_minor": 30_000, "currency": "EUR", "reasons": []},
        }
        self.append(foundation_book(foundation), "flag raised", {"flag": flag, "about": [about]}, private)
        return flag

    def rows(self, table: sa.Table) -> list[Any]:
        """Return all rows of a table."""
        with self.installation.store.reading() as connection:
            return list(connection.execute(sa.select(table)).all())

    def size(self) -> int:
        """Return how many entries there are."""
        return int(self.rows(tables.log_head)[0].size)

    def types(self, since: int = 0) -> list[str]:
        """Return the types of the entries from a place in the log."""
        return [row.type for row in sorted(self.rows(tables.entry)) if row.idx >= since]

    def status(self, table: sa.Table, id_: str) -> str:
        """Return the status of a payee, a decision or a flag."""
        return next(str(row.status) for row in self.rows(table) if row.id == id_)

    def _next(self) -> int:
        """Return a number that was not used before."""
        return self.size() + 1


def make_district(directory: Path) -> District:
    """Make the district."""
    district = District(create_installation(directory, Settings("buurtkas.example/proef", simulated=True)))
    with changing(district.installation.engine) as connection:
        for who, name in PEOPLE.items():
            district.ids[who] = people.add_person(connection, f"{who}@meer.example", name, NOW)
    district.append("district", "log opened", {"clock": "simulated"}, {"name": "Proefstad"})
    _foundations(district)
    _initiatives(district)
    for who, role, foundation, initiative in (
        ("treasurer", "treasurer", MEER, None),
        ("signatory", "signatory", MEER, None),
        ("other", "treasurer", EIK, None),
        ("other", "signatory", EIK, None),
        ("owner", "owner", None, TUIN),
        ("officer", "officer", None, None),
        ("second", "officer", None, None),
        ("head", "head", None, None),
        ("tied", "officer", None, None),
    ):
        district.role(who, role, foundation, initiative)
    district.tie("tied", MEER)
    return district


def give_passwords(district: District) -> None:
    """Give everybody the same password; the hash is made once."""
    with changing(district.installation.engine) as connection:
        values = {"password_hash": people.HASHER.hash(PASSWORD)}
        connection.execute(sa.update(tables.person).values(values))


def _foundations(district: District) -> None:
    """Open the foundations."""
    opened: dict[str, Json] = {
        "kind": "foundation",
        "limit": 25_000,
        "currency": "EUR",
        "every": 35,
        "basis": "opening",
    }
    for id_, slug, name in ((MEER, "meer", "Stichting Kievitsmeer"), (EIK, "eik", "Stichting Dikke Eik")):
        book = foundation_book(id_)
        entry = district.append(book, "opened", opened, {"slug": slug, "name": name, "kvk": None})
        district.append(book, "disclosed", {"pairs": [[entry.seq, "slug"], [entry.seq, "name"]]})
    declared: dict[str, Json] = {"account": ACCOUNT, "mandate": "together", "basis": "opening"}
    district.append(
        foundation_book(MEER), "account declared", declared, {"iban": OWN_IBAN, "holder": None, "viewers": None}
    )


def _initiatives(district: District) -> None:
    """Open an initiative for each foundation."""
    for id_, slug, name, payer in ((TUIN, "tuin", "De Tuin", MEER), (FEEST, "feest", "Het Feest", EIK)):
        book = initiative_book(id_)
        public: dict[str, Json] = {"round": None, "payers": [payer], "grants": [], "basis": "opening"}
        private: dict[str, Json] = {"slug": slug, "name": name, "promise": "Groen.", "theme": "groen", "contact": None}
        entry = district.append(book, "opened", public, private)
        lines: dict[str, Json] = {"lines": [[1, 400_000, None, None]], "currency": "EUR"}
        budget = district.append(book, "budget set", lines, {"names": ["planten"]})
        pairs: Json = [[entry.seq, "slug"], [entry.seq, "name"], [budget.seq, "names"]]
        district.append(book, "disclosed", {"pairs": pairs})
