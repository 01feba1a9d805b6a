"""A made-up district of any size, written straight into the book: something to measure pages on.

Four foundations share the payments, month after month; nine in ten go to registered payees and
count for one of sixteen initiatives, one in two hundred is being looked at. Reading bank files and running
rules have benchmarks of their own.
"""

from __future__ import annotations

import datetime as dt
import random
from typing import TYPE_CHECKING

import sqlalchemy as sa

from audit.run import AUDITED_TO
from dashboards.work.ordinary import changing
from dashboards.work.progress import DAILY
from dashboards.work.progress import keep_progress
from dashboards.work.setup import create_district
from dashboards.work.setup_file import read_setup
from ledger import tables
from ledger.entry import foundation_book
from ledger.entry import initiative_book

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence
    from pathlib import Path

    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.installation import Installation
    from ledger.store import Appender

FOUNDATIONS = 4
INITIATIVES = 16
PAYEES = 40
CATEGORIES = 3
LINES = 500
"""Lines of one statement."""
LOOKED_AT = 0.005
REGISTERED = 0.9
PAYMENTS = 0.97
TOLD = 0.9
BEGIN = dt.datetime(2025, 1, 1, 9, tzinfo=dt.UTC)
YEAR_DAYS = 365


def make_population(directory: Path, transactions: int, seed: int = 1) -> Installation:
    """Return a new installation with that many payments, signed."""
    installation = create_district(directory, read_setup("\n".join(_setup())), BEGIN)
    people = _Population(installation, random.Random(seed))  # noqa: S311 - made-up payments, no secrets
    for start in range(0, transactions, LINES):
        people.book(start, min(LINES, transactions - start), transactions)
    installation.signer.sign(installation.engine)
    _call_it_a_day(installation)
    return installation


def _call_it_a_day(installation: Installation) -> None:
    """Have a site take it that the rules looked and the day's work is done, so that it does nothing but give pages."""
    done = installation.store.last_recorded()
    with changing(installation.engine) as connection:
        size = connection.execute(sa.select(tables.log_head.c.size)).scalar_one()
        for foundation in _ids(connection, tables.foundation):
            keep_progress(connection, AUDITED_TO + foundation, size)
        keep_progress(connection, DAILY, int(done.timestamp()) if done else 0)


class _Population:
    """Books statement after statement, the foundations in turn."""

    def __init__(self, installation: Installation, rng: random.Random) -> None:
        self._installation = installation
        self._rng = rng
        with installation.store.reading() as connection:
            self._foundations = _ids(connection, tables.foundation)
            self._initiatives = _ids(connection, tables.initiative)
            account, payee = tables.account, tables.payee
            self._accounts = dict(connection.execute(sa.select(account.c.foundation, account.c.id)).tuples().all())
            owned = connection.execute(sa.select(payee.c.foundation, payee.c.id)).tuples().all()
        self._payees = {own: [payee for other, payee in owned if other == own] for own in self._foundations}

    def book(self, start: int, count: int, whole: int) -> None:
        """Book one statement, what its lines count for, and some flags."""
        foundation = self._foundations[start // LINES % FOUNDATIONS]
        days = [BEGIN.date() + dt.timedelta(days=(start + line) * YEAR_DAYS // whole) for line in range(count)]
        now = dt.datetime.combine(days[-1], dt.time(20), dt.UTC)
        draft, book = self._installation.store.draft, foundation_book(foundation)
        stated: dict[str, Json] = {
            "opened_on": days[0].isoformat(),
            "closed_on": days[-1].isoformat(),
            "opening": 0,
            "closing": 0,
        }
        public: dict[str, Json] = {"account": self._accounts[foundation], **stated, "currency": "EUR", "lines": count}
        private: dict[str, Json] = dict.fromkeys(("number", "bank", "format", "file", "reason"))
        more: dict[str, Json] = {"known": 0, "channel": "upload", "accepted": False, "problems": []}
        with self._installation.store.writing(now) as appender:
            statement = appender.append(draft(book, "statement", public | more, private))
            drafts = [
                draft(book, "transaction", *self._line(foundation, statement.seq, line, day))
                for line, day in enumerate(days)
            ]
            booked = appender.extend(drafts)
            self._disclose_payees(appender, booked)
            self._allocate(appender, foundation, statement.seq, booked)
            self._flag(appender, booked)

    def _line(
        self, foundation: str, statement: int, line: int, day: dt.date
    ) -> tuple[dict[str, Json], dict[str, Json]]:
        """Return the public and private fields of one line."""
        payee = self._rng.choice(self._payees[foundation]) if self._rng.random() < REGISTERED else None
        amount = self._rng.randrange(500, 90_000) * (-1 if self._rng.random() < PAYMENTS else 1)
        public: dict[str, Json] = {
            "account": self._accounts[foundation],
            "statement": statement,
            "line": line,
            "booked_on": day.isoformat(),
            "valued_on": None,
            "amount": amount,
            "currency": "EUR",
        }
        private: dict[str, Json] = {
            "name": "Winkel Zonder Naam",
            "iban": "NL02ABNA0123456789",
            "text": "voorbeeld",
            "refs": {},
            "code": {},
            "parts": [],
            "counter": f"payee:{payee}" if payee else None,
        }
        return public, private

    def _disclose_payees(self, appender: Appender, booked: Sequence[Entry]) -> None:
        """Show to whom the lines went."""
        pairs: list[Json] = [[entry.seq, "counter"] for entry in booked]
        draft = self._installation.store.draft(booked[0].book, "disclosed", {"pairs": pairs})
        appender.append(draft)

    def _allocate(self, appender: Appender, foundation: str, statement: int, booked: Sequence[Entry]) -> None:
        """Let nine in ten count for the foundation's initiatives."""
        mine = self._initiatives[self._foundations.index(foundation) :: FOUNDATIONS]
        told = [entry for entry in booked if self._rng.random() < TOLD]
        for place, initiative in enumerate(mine):
            own = told[place :: len(mine)]
            items: list[Json] = [[each.seq, each.integer("amount"), each.seq % CATEGORIES + 1] for each in own]
            public: dict[str, Json] = {
                "foundation": foundation,
                "statement": statement,
                "currency": "EUR",
                "items": items,
            }
            appender.append(self._installation.store.draft(initiative_book(initiative), "allocation", public))

    def _flag(self, appender: Appender, booked: Sequence[Entry]) -> None:
        """Look at one in two hundred."""
        for entry in booked:
            if self._rng.random() < LOOKED_AT:
                about: dict[str, Json] = {"flag": self._rng.randbytes(32).hex(), "about": [entry.seq]}
                hit: dict[str, Json] = {"rule": "PAY-07", "severity": "medium", "case": "5e" * 32, "evidence": {}}
                appender.append(self._installation.store.draft(entry.book, "flag raised", about, hit))


def _ids(connection: sa.Connection, table: sa.Table) -> list[str]:
    """Return ids in the order of the log."""
    return list(connection.execute(sa.select(table.c.id).order_by(table.c.idx)).scalars())


def _setup() -> Iterator[str]:
    """Yield the lines of the setup file."""
    yield '[district]\nname = "Stadsdeel Meetlat"\norigin = "buurtkas.example/meetlat"\nclock = "simulated"'
    yield '[[round]]\nslug = "ronde"\nneighbourhood = "Meetbuurt"\namount = "900000000.00"'
    for email in ("een@meetlat.example", "twee@meetlat.example"):
        yield f'[[person]]\nemail = "{email}"\nname = "{email}"'
    for number in range(FOUNDATIONS):
        slug = f"stichting-{number}"
        yield f'[[foundation]]\nslug = "{slug}"\nname = "Stichting Maat {number}"\nkind = "foundation"'
        yield f'accounts = ["{_iban(number)}"]'
        yield f'[[grant]]\nround = "ronde"\nfoundation = "{slug}"\nreference = "M-{number}"\namount = "200000000.00"'
        yield "starts = 2025-01-01\nends = 2025-12-31"
    for number in range(INITIATIVES):
        owner = number % FOUNDATIONS
        yield f'[[initiative]]\nfoundation = "stichting-{owner}"\ngrants = ["M-{owner}"]\ntheme = "groen"'
        yield f'slug = "initiatief-{number}"\nname = "Initiatief {number}"\npromise = "Meten is weten."'
        yield 'budget = { planten = "9000000.00", hout = "9000000.00", koffie = "9000000.00" }'
    for number in range(PAYEES):
        yield f'[[payee]]\nfoundation = "stichting-{number % FOUNDATIONS}"\nname = "Winkel {number}"'
        yield f'ibans = ["{_iban(100 + number)}"]\nkind = "organisation"\nstarts = 2025-01-01'
        yield 'approved_by = ["een@meetlat.example", "twee@meetlat.example"]'


def _iban(number: int) -> str:
    """Return an IBAN with its check digits, of an account that nobody has."""
    account = f"{number:010d}"
    letters = "".join(str(int(sign, 36)) for sign in f"ABNA{account}NL00")
    return f"NL{98 - int(letters) % 97:02d}ABNA{account}"
