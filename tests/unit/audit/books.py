"""Books that tests of the audit write by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

import sqlalchemy as sa

from audit import run
from audit.run import run_rules
from ledger import tables
from ledger.entry import foundation_book
from ledger.entry import initiative_book
from ledger.installation import Settings
from ledger.installation import create_installation

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence
    from pathlib import Path

    from audit.run import Finding
    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.installation import Installation

MEER, TUIN, ACCOUNT = "00000000000000aa", "00000000000000c1", "00000000000000d1"
PERSON, SECOND = "00000000000000e1", "00000000000000e2"
BOOK, PLOT = foundation_book(MEER), initiative_book(TUIN)
FIRST = dt.date(2026, 1, 1)
IBANS = ("NL20INGB0001234567", "NL91ABNA0417164300", "NL44RABO0123456789")
PAYEES = ("00000000000000f0", "00000000000000f1")
CHARGE = 3
"""Instead of a payee: the bank's own charge."""


@dataclass
class Books:
    """A foundation whose book is written by hand, a day at a time."""

    installation: Installation
    day: int = 0
    made: int = 0

    def append(
        self,
        book: str,
        type_: str,
        public: Mapping[str, Json],
        private: Mapping[str, Json] | None = None,
        by: str = PERSON,
    ) -> Entry:
        store = self.installation.store
        with store.writing(self.now) as appender:
            return appender.append(store.draft(book, type_, public, private, (by,)))

    def open(self, limit: int = 25_000) -> Books:
        opened: dict[str, Json] = {
            "kind": "foundation", "limit": limit, "currency": "EUR", "every": 35, "basis": "opening"
        }  # fmt: skip
        self.append(BOOK, "opened", opened, {"slug": "meer", "name": "Meer", "kvk": None})
        account: dict[str, Json] = {"account": ACCOUNT, "mandate": "together", "basis": "opening"}
        self.append(BOOK, "account declared", account, {"iban": "NL02ABNA0123456789", "holder": None, "viewers": None})
        for payee, iban in zip(PAYEES, IBANS, strict=False):
            private: dict[str, Json] = {"name": payee, "kvk": None, "ibans": [iban], "kind": "organisation"}
            proposed: dict[str, Json] = {"payee": payee, "starts": "2026-01-01", "basis": "opening"}
            self.append(BOOK, "payee proposed", proposed, private)
            self.append(BOOK, "payee approved", {"payee": payee, "basis": "opening"}, by=SECOND)
        initiative: dict[str, Json] = {"round": None, "payers": [MEER], "grants": [], "basis": "opening"}
        names: dict[str, Json] = {"slug": "tuin", "name": "Tuin", "promise": None, "theme": None, "contact": None}
        self.append(PLOT, "opened", initiative, names)
        lines: Json = [[1, 100, None, None], [2, 100, None, None]]
        self.append(PLOT, "budget set", {"lines": lines, "currency": "EUR"}, {"names": ["a", "b"]})
        return self

    def decide(self, payee: str | None, ceiling: int, category: int | None, days: tuple[int, int]) -> None:
        self.made += 1
        starts, ends = (FIRST + dt.timedelta(days=day) for day in days)
        public: dict[str, Json] = {
            "decision": f"{self.made:016x}", "ceiling": ceiling, "month_ceiling": None if payee else ceiling * 2,
            "currency": "EUR", "initiative": TUIN if category else None, "category": category,
            "starts": starts.isoformat(), "ends": ends.isoformat(), "decided_on": starts.isoformat(), "basis": "desk",
        }  # fmt: skip
        self.append(BOOK, "decision proposed", public, {"payee": payee, "purpose": "x"})
        self.append(BOOK, "decision approved", {"decision": public["decision"], "basis": "desk"}, by=SECOND)

    def pay(self, opening: int | None, lines: list[tuple[int, int, int]]) -> list[int]:
        """Book a statement of (day, payee, amount) lines; return their places."""
        days = [FIRST + dt.timedelta(days=day) for day, _, _ in lines]
        total = sum(amount for _, _, amount in lines)
        stated: dict[str, Json] = {
            "opened_on": None if opening is None else min(days).isoformat(), "opening": opening,
            "closed_on": None if opening is None else max(days).isoformat(),
            "closing": None if opening is None else opening - total,
        }  # fmt: skip
        rest: dict[str, Json] = {
            "account": ACCOUNT, "currency": "EUR", "lines": len(lines), "known": 0, "channel": "upload",
            "accepted": False, "problems": [],
        }  # fmt: skip
        private: dict[str, Json] = {"number": None, "bank": None, "format": "x", "file": "5e" * 32, "reason": None}
        statement = self.append(BOOK, "statement", {**stated, **rest}, private)
        return [self._line(statement.seq, day, lines[place]) for place, day in enumerate(days)]

    def _line(self, statement: int, day: dt.date, line: tuple[int, int, int]) -> int:
        _, payee, amount = line
        counter = f"payee:{PAYEES[payee]}" if payee < len(PAYEES) else None
        charge = payee == CHARGE
        public: dict[str, Json] = {
            "account": ACCOUNT, "statement": statement, "line": 1, "booked_on": day.isoformat(), "valued_on": None,
            "amount": -amount, "currency": "EUR",
        }  # fmt: skip
        private: dict[str, Json] = {
            "name": f"Naam {payee}", "iban": None if charge else IBANS[payee], "text": None, "refs": {},
            "code": {"type": "PMNT-MDOP-CHRG"} if charge else {}, "parts": [], "counter": counter,
        }  # fmt: skip
        return self.append(BOOK, "transaction", public, private).seq

    def correct(self, seq: int, corrected: int) -> None:
        """Say that one line gives back an earlier one, as the bank's codes do."""
        self.append(BOOK, "correction linked", {"items": [[seq, corrected]]})

    def link(self, seq: int, amount: int, category: int) -> int:
        items: Json = [[seq, -amount, category]]
        public: dict[str, Json] = {"foundation": MEER, "statement": 0, "currency": "EUR", "items": items}
        return self.append(PLOT, "allocation", public).seq

    @property
    def now(self) -> dt.datetime:
        return dt.datetime.combine(FIRST, dt.time(13), dt.UTC) + dt.timedelta(days=self.day)

    def run(self, *foundations: str) -> int:
        return run_rules(self.installation, self.now, foundations)

    def flags(self) -> Sequence[sa.Row[Any]]:
        with self.installation.store.reading() as connection:
            return connection.execute(sa.select(tables.flag).order_by(tables.flag.c.idx)).all()

    def only(self, rule: str) -> sa.Row[Any]:
        (found,) = (row for row in self.flags() if row.private_rule == rule)
        return found

    def raised(self) -> set[str]:
        return {row.id for row in self.flags()}

    def standing(self) -> set[str]:
        """Return the flags that the rules still found when they last looked."""
        return {row.id for row in self.flags() if row.gone_at is None}

    def hints(self) -> set[str]:
        """Return the hints that the rules still found when they last looked."""
        with self.installation.store.reading() as connection:
            query = sa.select(tables.hint.c.flag).where(tables.hint.c.gone_at.is_(None))
            return set(connection.execute(query).scalars())

    def findings(self) -> list[Finding]:
        """Return what looking at everything anew finds."""
        with self.installation.store.reading() as connection:
            return run._look(self.installation, connection, self.now.date(), None).findings

    def all_hints(self) -> set[str]:
        """Return what indicators find when everything is looked at anew."""
        return hints_of(self.findings())

    def everything(self) -> set[str]:
        """Return what looking at everything anew would raise; indicators have no flags before a ruling."""
        return flags_of(self.findings())


def hints_of(findings: Iterable[Finding]) -> set[str]:
    """Return the identities of what indicators found."""
    return {each.flag for each in findings if each.kind == "indicator"}


def flags_of(findings: Iterable[Finding], *, late: bool = True) -> set[str]:
    """Return the flags of findings.

    What was agreed on too late (PAY-06) is left to the day's look at everything: leave it out with `late`.
    """
    return {each.flag for each in findings if each.kind == "policy" and (late or each.hit.rule != "PAY-06")}


def open_books(directory: Path, limit: int = 25_000) -> Books:
    """Return new books with a foundation, two payees and an initiative."""
    return Books(create_installation(directory, Settings("buurtkas.example/proef", simulated=True))).open(limit)
