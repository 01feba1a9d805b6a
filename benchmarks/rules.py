"""How long the rules take: over books of several sizes, and after an upload of fifty lines on top of the largest.

    .venv/bin/python benchmarks/rules.py [PAYMENTS ...]
    .venv/bin/python benchmarks/rules.py none PAYMENTS ...

Of two kinds of foundation some are made, each of another size. In the ordinary one nine payments in ten go to
registered payees under decisions of each quarter; in the other nothing was ever registered or decided, so that every
payment is flagged, mostly by three rules. Printed as Markdown: reading the book, judging,
appending what was found, and all of it for each payment, which should not grow with the book; then the most memory
that the process took, with the programs themselves. The seconds are those of the processor, so that whatever else the
machine does leaves them alone. Every payment in two is linked, spread over the lines of a budget.
"""

from __future__ import annotations

import datetime as dt
import random
import resource
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from audit import run
from dashboards.work.finishing import finish
from dashboards.work.setup import create_district
from dashboards.work.setup_file import read_setup
from ledger import tables
from ledger.entry import foundation_book
from ledger.entry import initiative_book

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    from ledger.canonical import Json
    from ledger.installation import Installation
    from ledger.store import Appender

SIZES = {True: (10_000, 50_000, 100_000), False: (10_000, 20_000)}
"""Numbers of payments, with a register and without."""
UPLOAD = 50
UPLOADS = 5
LINES = 500
"""Lines of one statement."""
REGISTERED = 0.9
CARD = 0.05
PAYEES = 300
CATEGORIES = 20
BEGIN = dt.datetime(2025, 1, 1, 9, tzinfo=dt.UTC)
DAYS = 350
"""The payments lie in these days of the year, the uploads in the two weeks after: decisions of the quarter count."""
TRADES = ("Bakkerij", "Drukkerij", "Kwekerij", "Stichting", "Dhr. Q.", "Mevr. R.", "", "", "")
SOUNDS = ("maan", "zaad", "dauw", "hoek", "inkt", "vlek", "klaver", "mos", "riet", "gors", "tinde", "loper")
PEOPLE = ("een@meetlat.example", "twee@meetlat.example")


class Books:
    """A foundation with as many payments as asked, written straight into its book.

    Attributes:
        balance: What stands on its account.
    """

    def __init__(self, directory: Path, *, registered: bool, payments: int) -> None:
        self.installation = create_district(directory, read_setup("\n".join(_setup(registered=registered))), BEGIN)
        self._rng = random.Random(payments)  # noqa: S311 - made-up payments, no secrets
        self._registered = REGISTERED if registered else 0.0
        self._strangers = [_stranger(self._rng) for _ in range(max(PAYEES, payments // 20))]
        with self.installation.store.reading() as connection:
            account, payee = tables.account, tables.payee
            self._foundation, self._account = connection.execute(sa.select(account.c.foundation, account.c.id)).one()
            self._initiative = connection.execute(sa.select(tables.initiative.c.id)).scalar_one()
            self._payees = list(connection.execute(sa.select(payee.c.id).order_by(payee.c.idx)).scalars())
        self.balance = 0
        for start in range(0, payments, LINES):
            lines = range(start, min(start + LINES, payments))
            self.book([BEGIN.date() + dt.timedelta(days=line * DAYS // payments) for line in lines])
        self.installation.signer.sign(self.installation.engine)

    def book(self, days: Sequence[dt.date]) -> dt.datetime:
        """Book one statement with a line on each of these days; return when."""
        now = dt.datetime.combine(days[-1], dt.time(20), dt.UTC)
        with self.installation.store.writing(now) as appender:
            self._statement(appender, days, [-self._rng.randrange(500, 90_000) for _ in days])
        return now

    def _statement(self, appender: Appender, days: Sequence[dt.date], amounts: Sequence[int]) -> None:
        opening, self.balance = self.balance, self.balance + sum(amounts)
        stated = {"opened_on": days[0].isoformat(), "closed_on": days[-1].isoformat(), "currency": "EUR"}
        sums = {"opening": opening, "closing": self.balance, "lines": len(days), "known": 0}
        more: dict[str, Json] = {"account": self._account, "channel": "upload", "accepted": False, "problems": []}
        private: dict[str, Json] = dict.fromkeys(("number", "bank", "format", "file", "reason"))
        draft, book = self.installation.store.draft, foundation_book(self._foundation)
        seq = appender.append(draft(book, "statement", {**more, **stated, **sums}, private)).seq
        items: list[Json] = []
        for line, (day, amount) in enumerate(zip(days, amounts, strict=True)):
            public: dict[str, Json] = {"account": self._account, "statement": seq, "line": line, "valued_on": None}
            said: dict[str, Json] = {"booked_on": day.isoformat(), "amount": amount, "currency": "EUR"}
            paid = appender.append(draft(book, "transaction", {**public, **said}, self._paid())).seq
            if line % 2:
                items.append([paid, amount, 1 + line % CATEGORIES])
        links: dict[str, Json] = {"foundation": self._foundation, "statement": seq, "currency": "EUR", "items": items}
        appender.append(draft(initiative_book(self._initiative), "allocation", links))

    def _paid(self) -> dict[str, Json]:
        """Return what the bank says of one line."""
        rest: dict[str, Json] = {"text": "voorbeeld", "refs": {}, "code": {}, "parts": [], "counter": None}
        if self._rng.random() < self._registered:
            place = self._rng.randrange(len(self._payees))
            counter = f"payee:{self._payees[place]}"
            return {**rest, "name": f"Winkel {place}", "iban": iban_of(100 + place), "counter": counter}
        name, iban = self._rng.choice(self._strangers)
        if self._rng.random() < CARD:
            return {**rest, "name": name, "iban": None, "code": {"type": "BA"}}
        return {**rest, "name": name, "iban": iban}


def _stranger(rng: random.Random) -> tuple[str, str]:
    """Return a name that nobody has, and an account that nobody has."""
    name = f"{rng.choice(TRADES)} {''.join(rng.choices(SOUNDS, k=3)).title()}".strip()
    return name, iban_of(rng.randrange(1_000_000, 9_999_999))


def _setup(*, registered: bool) -> Iterator[str]:
    """Yield the lines of the setup file."""
    yield '[district]\nname = "Stadsdeel Meetlat"\norigin = "buurtkas.example/meetlat"\nclock = "simulated"'
    for email in PEOPLE:
        yield f'[[person]]\nemail = "{email}"\nname = "{email}"'
    yield '[[foundation]]\nslug = "maat"\nname = "Stichting Maat"\nkind = "foundation"'
    yield f'accounts = ["{iban_of(1)}"]'
    lines = ", ".join(f'deel{place} = "90000000.00"' for place in range(CATEGORIES))
    yield '[[initiative]]\nfoundation = "maat"\nslug = "perk"\nname = "Perk"\nbudget = { ' + lines + " }"
    for place in range(PAYEES if registered else 0):
        name = f"Winkel {place}"
        yield f'[[payee]]\nfoundation = "maat"\nname = "{name}"\nibans = ["{iban_of(100 + place)}"]'
        yield f'kind = "organisation"\nstarts = 2025-01-01\napproved_by = ["{PEOPLE[0]}", "{PEOPLE[1]}"]'
        for first, last in (("01-01", "03-31"), ("04-01", "06-30"), ("07-01", "09-30"), ("10-01", "12-31")):
            yield f'[[decision]]\nfoundation = "maat"\npayee = "{name}"\nceiling = "90000000.00"\npurpose = "Meten"'
            yield f"starts = 2025-{first}\nends = 2025-{last}\ndecided_on = 2025-01-01"
            yield f'proposed_by = "{PEOPLE[0]}"\napproved_by = "{PEOPLE[1]}"'


def iban_of(number: int) -> str:
    """Return an IBAN with its check digits, of an account that nobody has."""
    account = f"{number:010d}"
    digits = "".join(str(int(sign, 36)) for sign in f"ABNA{account}NL00")
    return f"NL{98 - int(digits) % 97:02d}ABNA{account}"


def measured(installation: Installation, now: dt.datetime) -> tuple[float, float, int]:
    """Run the rules over everything; return the seconds of looking and of appending, and how many flags came."""
    begun = time.process_time()
    with installation.store.reading() as connection:
        look = run._look(installation, connection, now.date(), ())  # noqa: SLF001 - both halves of a run, timed apart
    looked = time.process_time()
    flags = run._append(installation, now, look).raised  # noqa: SLF001 - see above
    return looked - begun, time.process_time() - looked, flags


def uploaded(books: Books, now: dt.datetime) -> float:
    """Book fifty lines, run the rules over them and have the log signed; return the seconds."""
    begun = time.process_time()
    then = books.book([now.date() + dt.timedelta(days=line // 25) for line in range(UPLOAD)])
    finish(books.installation, then)
    return time.process_time() - begun


def main(asked: Sequence[str]) -> None:
    """Measure and print; each size in a process of its own, so that memory is told apart."""
    write = sys.stdout.write
    write("| register | payments | flags | looking (s) | appending (s) | us a payment | MB | 50 more, signed (s) |\n")
    write("|---|---|---|---|---|---|---|---|\n")
    numbers = tuple(int(word) for word in asked if word != "none")
    kinds = {"none" not in asked: numbers} if numbers else SIZES
    for registered, sizes in kinds.items():
        for size in sizes:
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
                write(alone.submit(row, size, registered=registered).result())
            sys.stdout.flush()


def row(size: int, *, registered: bool) -> str:
    """Measure books of one size and return the table's row."""
    with tempfile.TemporaryDirectory() as folder:
        books = Books(Path(folder) / "books", registered=registered, payments=size)
        now = BEGIN + dt.timedelta(days=DAYS)
        looking, appending, flags = measured(books.installation, now)
        books.installation.signer.sign(books.installation.engine)
        small = [uploaded(books, now + dt.timedelta(days=2 * turn)) for turn in range(UPLOADS)]
        books.installation.close()
    each, upload = (looking + appending) / size * 1e6, sorted(small)[len(small) // 2]
    name = "with decisions" if registered else "none"
    rest = f"{each:.0f} | {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} | {upload:.2f}"
    return f"| {name} | {size:,} | {flags:,} | {looking:.2f} | {appending:.2f} | {rest} |\n"


if __name__ == "__main__":
    main(sys.argv[1:])
