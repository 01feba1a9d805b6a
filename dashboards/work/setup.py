"""Declaring a district from its setup file: the opening state, in one transaction.

What is declared here is marked `basis: opening`. Names, slugs, promises and the accounts of
foundations are disclosed at once; payees only where they are organisations; what concerns
persons never.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

from dashboards.work.people import add_person
from ledger.entry import DISTRICT
from ledger.entry import foundation_book
from ledger.entry import initiative_book
from ledger.entry import new_id
from ledger.installation import Settings
from ledger.installation import create_installation

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from collections.abc import Sequence
    from pathlib import Path

    from dashboards.work.setup_file import Row
    from dashboards.work.setup_file import Setup
    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.installation import Installation
    from ledger.store import Appender

EUR = "EUR"
OPENING: dict[str, Json] = {"basis": "opening"}
NO_NAME_SHOWN = "residents"
"""The kind of foundation whose name and accounts are those of persons."""


def create_district(directory: Path, setup: Setup, now: dt.datetime) -> Installation:
    """Make an installation and declare what a setup file says.

    Raises:
        SetupRefused: Something in the file refers to what is not there, or sums do not fit.
        InstallationExists: The directory holds one already.
    """
    _check(setup)
    district = setup.district
    installation = create_installation(directory, Settings(district["origin"], district["clock"] == "simulated"))
    with installation.store.writing(now) as appender:
        _Declaring(installation, appender, setup).run()
    installation.signer.sign(installation.engine)
    return installation


@dataclass(slots=True)
class _Declaring:
    """Declares table after table, remembering the ids of what stands already."""

    installation: Installation
    appender: Appender
    setup: Setup
    people: dict[str, str] = field(default_factory=dict)
    rounds: dict[str, str] = field(default_factory=dict)
    foundations: dict[str, str] = field(default_factory=dict)
    grants: dict[str, str] = field(default_factory=dict)
    initiatives: dict[str, str] = field(default_factory=dict)
    categories: dict[tuple[str, str], int] = field(default_factory=dict)
    payees: dict[tuple[str, str], str] = field(default_factory=dict)

    def run(self) -> None:
        """Declare everything."""
        district = self.setup.district
        opened = self._append(DISTRICT, "log opened", {"clock": district["clock"]}, {"name": district["name"]})
        self._disclose(opened, "name")
        for row in self.setup.of("person"):
            self.people[row["email"]] = add_person(
                self.appender.connection, row["email"], row["name"], self.appender.now
            )
        for table, declare in (
            ("round", self._round),
            ("foundation", self._foundation),
            ("grant", self._grant),
            ("initiative", self._initiative),
            ("role", self._role),
            ("payee", self._payee),
            ("decision", self._decision),
            ("declaration", self._declaration),
        ):
            for row in self.setup.of(table):
                declare(row)

    def _round(self, row: Row) -> None:
        """Declare a round."""
        self.rounds[row["slug"]] = new_id()
        public: dict[str, Json] = {"round": self.rounds[row["slug"]], "amount": row["amount"], "currency": EUR}
        private: dict[str, Json] = {
            "slug": row["slug"],
            "neighbourhood": row["neighbourhood"],
            "themes": list(row["themes"]),
        }
        entry = self._append(DISTRICT, "round", public | OPENING, private)
        self._disclose(entry, "slug", "neighbourhood", "themes")

    def _foundation(self, row: Row) -> None:
        """Declare a foundation and its accounts."""
        self.foundations[row["slug"]] = new_id()
        book = foundation_book(self.foundations[row["slug"]])
        public: dict[str, Json] = {
            "kind": row["kind"],
            "limit": row["approval_limit"],
            "currency": EUR,
            "every": row["statement_every_days"],
        }
        shown = row["kind"] != NO_NAME_SHOWN
        slug = row["slug"] if shown else self.foundations[row["slug"]]
        entry = self._append(book, "opened", public | OPENING, {"slug": slug, "name": row["name"], "kvk": row["kvk"]})
        self._disclose(entry, *(("slug", "name", "kvk") if shown else ("slug",)))
        for number in row["accounts"]:
            declared = self._append(
                book,
                "account declared",
                {"account": new_id(), "mandate": row["mandate"]} | OPENING,
                {"iban": number, "holder": row["name"], "viewers": None},
            )
            if shown:
                self._disclose(declared, "iban")

    def _grant(self, row: Row) -> None:
        """Declare a grant."""
        self.grants[row["reference"]] = new_id()
        public: dict[str, Json] = {
            "grant": self.grants[row["reference"]],
            "round": self.rounds[row["round"]] if row["round"] else None,
            "foundation": self.foundations[row["foundation"]],
            "initiative": None,
            "amount": row["amount"],
            "currency": EUR,
            "starts": row["starts"].isoformat(),
            "ends": row["ends"].isoformat(),
            "tranches": [],
        }
        entry = self._append(
            DISTRICT, "grant awarded", public | OPENING, {"reference": row["reference"], "conditions": None}
        )
        self._disclose(entry, "reference")

    def _initiative(self, row: Row) -> None:
        """Declare an initiative and its budget."""
        slug = row["slug"]
        self.initiatives[slug] = new_id()
        book = initiative_book(self.initiatives[slug])
        public: dict[str, Json] = {
            "round": self._round_of(row),
            "payers": [self.foundations[row["foundation"]]],
            "grants": [self.grants[reference] for reference in row["grants"]],
        }
        private: dict[str, Json] = {name: row[name] for name in ("slug", "name", "promise", "theme")}
        entry = self._append(book, "opened", public | OPENING, private | {"contact": None})
        self._disclose(entry, "slug", "name", "promise", "theme")
        lines: list[Json] = []
        for number, (name, amount) in enumerate(row["budget"].items(), start=1):
            self.categories[slug, name] = number
            lines.append([number, amount, None, None])
        budget = self._append(book, "budget set", {"lines": lines, "currency": EUR}, {"names": list(row["budget"])})
        self._disclose(budget, "names")

    def _round_of(self, row: Row) -> str | None:
        """Return the round that an initiative's first grant comes from."""
        for grant in self.setup.of("grant"):
            if grant["reference"] in row["grants"] and grant["round"]:
                return self.rounds[grant["round"]]
        return None

    def _role(self, row: Row) -> None:
        """Declare a role."""
        public: dict[str, Json] = {
            "person": self.people[row["person"]],
            "role": row["role"],
            "foundation": self.foundations[row["foundation"]] if row["foundation"] else None,
            "initiative": self.initiatives[row["initiative"]] if row["initiative"] else None,
        }
        self._append(DISTRICT, "role given", public | OPENING)

    def _payee(self, row: Row) -> None:
        """Declare a payee that two people approved before."""
        payee = new_id()
        self.payees[row["foundation"], row["name"]] = payee
        book = foundation_book(self.foundations[row["foundation"]])
        first, second = (self.people[email] for email in row["approved_by"])
        entry = self._append(
            book,
            "payee proposed",
            {"payee": payee, "starts": row["starts"].isoformat()} | OPENING,
            {"name": row["name"], "kvk": row["kvk"], "ibans": list(row["ibans"]), "kind": row["kind"]},
            by=(first,),
        )
        self._append(book, "payee approved", {"payee": payee} | OPENING, by=(second,))
        if row["kind"] == "organisation":
            self._disclose(entry, "name", "kvk", "kind")

    def _decision(self, row: Row) -> None:
        """Declare a decision that two people took before."""
        decision = new_id()
        book = foundation_book(self.foundations[row["foundation"]])
        public: dict[str, Json] = {
            "decision": decision,
            "ceiling": row["ceiling"],
            "month_ceiling": row["month_ceiling"],
            "currency": EUR,
            "initiative": self.initiatives[row["initiative"]] if row["initiative"] else None,
            "category": self.categories[row["initiative"], row["category"]] if row["category"] else None,
            "starts": row["starts"].isoformat(),
            "ends": row["ends"].isoformat(),
            "decided_on": row["decided_on"].isoformat(),
        }
        payee = self.payees[row["foundation"], row["payee"]] if row["payee"] else None
        private: dict[str, Json] = {"payee": payee, "purpose": row["purpose"]}
        self._append(book, "decision proposed", public | OPENING, private, by=(self.people[row["proposed_by"]],))
        self._append(book, "decision approved", {"decision": decision} | OPENING, by=(self.people[row["approved_by"]],))

    def _declaration(self, row: Row) -> None:
        """Declare the accounts of somebody on the board, in a household or related."""
        private: dict[str, Json] = {"person": row["person"], "relation": row["relation"], "ibans": list(row["ibans"])}
        book = foundation_book(self.foundations[row["foundation"]])
        self._append(book, "declaration", {"declaration": new_id()} | OPENING, private)

    def _append(
        self,
        book: str,
        type_: str,
        public: Mapping[str, Json],
        private: Mapping[str, Json] | None = None,
        by: Sequence[str] = (),
    ) -> Entry:
        """Append one entry."""
        return self.appender.append(self.installation.store.draft(book, type_, public, private, by))

    def _disclose(self, entry: Entry, *names: str) -> None:
        """Disclose fields of an entry."""
        self._append(entry.book, "disclosed", {"pairs": [[entry.seq, name] for name in names]})


def _check(setup: Setup) -> None:
    """Refuse a file that refers to what is not there, says a thing twice, or whose sums do not fit.

    Raises:
        SetupRefused: Names the line.
    """
    emails = _unique(setup, "person", "email")
    rounds = _unique(setup, "round", "slug")
    foundations = _unique(setup, "foundation", "slug")
    grants = _unique(setup, "grant", "reference")
    initiatives = _unique(setup, "initiative", "slug")
    references = {
        "role": {"person": emails, "foundation": foundations, "initiative": initiatives},
        "grant": {"round": rounds, "foundation": foundations},
        "initiative": {"foundation": foundations, "grants": grants},
        "payee": {"foundation": foundations, "approved_by": emails},
        "decision": {
            "foundation": foundations, "initiative": initiatives, "proposed_by": emails, "approved_by": emails,
        },
        "declaration": {"foundation": foundations},
    }  # fmt: skip
    for table, columns in references.items():
        for row in setup.of(table):
            for name, known in columns.items():
                _check_reference(row, name, known)
    _check_two_people(setup)
    _check_decisions(setup)
    _check_sums(setup)


def _unique(setup: Setup, table: str, name: str) -> dict[str, Row]:
    """Return the rows of a table by their name, refusing a name that stands twice."""
    found: dict[str, Row] = {}
    for row in setup.of(table):
        if row[name] in found:
            raise row.refuse(f"{name} {row[name]!r} stands twice")
        found[row[name]] = row
    return found


def _check_reference(row: Row, name: str, known: Mapping[str, Row]) -> None:
    """Refuse a reference to what the file does not declare."""
    values = row[name] if isinstance(row[name], tuple) else (row[name],)
    for value in values:
        if value is not None and value not in known:
            raise row.refuse(f"{name} {value!r} is not declared in this file")


def _check_two_people(setup: Setup) -> None:
    """Refuse approvals by fewer than two different people."""
    for row in setup.of("payee"):
        if len(set(row["approved_by"])) != 2:  # noqa: PLR2004 - two people
            raise row.refuse("approved_by needs two different people")
    for row in setup.of("decision"):
        if row["proposed_by"] == row["approved_by"]:
            raise row.refuse("proposed_by and approved_by are two different people")


def _check_decisions(setup: Setup) -> None:
    """Refuse decisions about payees or categories that are not there."""
    payees = {(row["foundation"], row["name"]) for row in setup.of("payee")}
    budgets = {row["slug"]: row["budget"] for row in setup.of("initiative")}
    for row in setup.of("decision"):
        if row["payee"] and (row["foundation"], row["payee"]) not in payees:
            raise row.refuse(f"payee {row['payee']!r} is not declared for this foundation")
        if row["category"] and row["category"] not in budgets.get(row["initiative"], {}):
            raise row.refuse(f"category {row['category']!r} is not in the initiative's budget")
        if row["ends"] < row["starts"]:
            raise row.refuse("ends lies before starts")


def _check_sums(setup: Setup) -> None:
    """Refuse grants above their round, and budgets above their grants."""
    grants = {row["reference"]: row for row in setup.of("grant")}
    for row in setup.of("round"):
        if sum(grant["amount"] for grant in grants.values() if grant["round"] == row["slug"]) > row["amount"]:
            raise row.refuse("its grants together are more than the round")
    for row in grants.values():
        own = [initiative for initiative in setup.of("initiative") if row["reference"] in initiative["grants"]]
        alone = [initiative for initiative in own if len(initiative["grants"]) == 1]
        if sum(sum(initiative["budget"].values()) for initiative in alone) > row["amount"]:
            raise row.refuse("the budgets of its initiatives together are more than the grant")
