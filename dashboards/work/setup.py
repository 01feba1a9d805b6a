"""Declaring a district from its setup file: the opening state, in one transaction.

What is declared here is marked `basis: opening`. Names, slugs, promises and the accounts of
foundations are disclosed at once; payees only where they are organisations; what concerns
persons never.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

from dashboards.work.people import add_person
from dashboards.work.setup_check import check_setup
from importers.figures import is_card
from ledger.entry import DISTRICT
from ledger.entry import foundation_book
from ledger.entry import initiative_book
from ledger.entry import new_id
from ledger.environment import surroundings
from ledger.errors import BuurtkasError
from ledger.errors import InstallationExists
from ledger.installation import SETTINGS
from ledger.installation import Installation
from ledger.installation import Settings
from ledger.installation import create_installation
from ledger.installation import unless_finished

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from collections.abc import Mapping
    from collections.abc import Sequence
    from pathlib import Path

    from dashboards.work.setup_file import Row
    from dashboards.work.setup_file import Setup
    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.store import Appender

EUR = "EUR"
OPENING: dict[str, Json] = {"basis": "opening"}
NO_NAME_SHOWN = "residents"
"""The kind of foundation whose name and accounts are those of persons."""


def create_district(directory: Path, setup: Setup, now: dt.datetime) -> Installation:
    """Make an installation and declare what a setup file says; all of it or nothing.

    It is made beside its place, so that what fails leaves nothing that looks like an installation.

    Raises:
        SetupRefused: Something in the file refers to what is not there, or sums do not fit.
        InstallationExists: The directory holds one already.
    """
    check_setup(setup)
    if (directory / SETTINGS).exists():
        raise InstallationExists(directory)
    district = setup.district
    draft = directory.with_name(f"{directory.name}.init")
    shutil.rmtree(draft, ignore_errors=True)
    around = surroundings()
    settings = Settings(district["origin"], district["clock"] == "simulated", around.new_schema)
    try:
        with unless_finished(draft, settings.schema, around):
            made = create_installation(draft, settings, around)
            with made.store.writing(now) as appender:
                _Declaring(made, appender, setup).run()
            made.signer.sign(made.engine)
            made.close()
            _move(draft, directory)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Installation(directory)


def _move(draft: Path, directory: Path) -> None:
    """Move a finished installation to its place, the settings last: they make it one."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in sorted(draft.iterdir(), key=lambda path: path.name == SETTINGS):
        path.rename(directory / path.name)


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
    organisations: set[str | None] = field(default_factory=set)

    def run(self) -> None:
        """Declare everything."""
        district = self.setup.district
        opened = self._append(DISTRICT, "log opened", {"clock": district["clock"]}, {"name": district["name"]})
        self._disclose(opened, "name")
        for table, declare in (
            ("person", self._person),
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
                _refusing(row, declare)

    def _person(self, row: Row) -> None:
        """Give a person an account."""
        self.people[row["email"]] = add_person(self.appender.connection, row["email"], row["name"], self.appender.now)

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
        viewers: Json = None if row["viewers"] is None else [*sorted({self.people[email] for email in row["viewers"]})]
        shown = row["kind"] != NO_NAME_SHOWN
        slug = row["slug"] if shown else self.foundations[row["slug"]]
        entry = self._append(book, "opened", public | OPENING, {"slug": slug, "name": row["name"], "kvk": row["kvk"]})
        self._disclose(entry, *(("slug", "name", "kvk") if shown else ("slug",)))
        for number in row["accounts"]:
            declared = self._append(
                book,
                "account declared",
                {"account": new_id(), "mandate": row["mandate"]} | OPENING,
                {"iban": number, "holder": row["name"], "viewers": viewers},
            )
            if shown and not is_card(number):
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
            self.organisations.add(payee)
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
        proposer, approver = self.people[row["proposed_by"]], self.people[row["approved_by"]]
        entry = self._append(book, "decision proposed", public | OPENING, private, by=(proposer,))
        self._append(book, "decision approved", {"decision": decision} | OPENING, by=(approver,))
        if payee in self.organisations:
            self._disclose(entry, "payee")

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


def _refusing(row: Row, declare: Callable[[Row], None]) -> None:
    """Declare one table of the file, naming its line where the ledger refuses it."""
    try:
        declare(row)
    except BuurtkasError as error:
        raise row.refuse(str(error).rstrip(".")) from error
