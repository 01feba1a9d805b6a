"""Small writers of bank files, so that each test shows only what it is about."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import pytest
import sqlalchemy as sa

from importers.booking import Delivery
from importers.booking import book
from importers.planning import make_plan
from importers.statement import Balance
from importers.statement import Line
from importers.statement import Statement
from ledger import tables
from ledger.commitment import load_openings
from ledger.entry import foundation_book
from ledger.installation import Settings
from ledger.installation import create_installation

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping
    from collections.abc import Sequence

    from importers.booking import Booked
    from importers.planned import Plan
    from importers.planned import Repeated
    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.installation import Installation

OWN_IBAN = "NL69INGB0123456789"
ING_HEADER = (
    '"Datum";"Naam / Omschrijving";"Rekening";"Tegenrekening";"Code";"Af Bij";"Bedrag (EUR)";"Mutatiesoort";'
    '"Mededelingen";"Saldo na mutatie";"Tag"'
)


def _figure(amount_minor: int, point: str = ".") -> str:
    return f"{abs(amount_minor) // 100}{point}{abs(amount_minor) % 100:02d}"


def _indicator(amount_minor: int) -> str:
    return "DBIT" if amount_minor < 0 else "CRDT"


@dataclass(frozen=True)
class CamtWriter:
    """Writes camt.053; what a test does not name is ordinary."""

    def balance(self, code: str, amount_minor: int, day: str = "2025-03-01") -> str:
        return (
            f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='EUR'>{_figure(amount_minor)}</Amt>"
            f"<CdtDbtInd>{_indicator(amount_minor)}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
        )

    def entry(
        self,
        amount_minor: int = -1000,
        *,
        amount: str | None = None,
        day: str = "2025-03-01",
        status: str = "<Sts>BOOK</Sts>",
        details: str = "",
        more: str = "",
    ) -> str:
        return (
            f"<Ntry><Amt Ccy='EUR'>{amount or _figure(amount_minor)}</Amt>"
            f"<CdtDbtInd>{_indicator(amount_minor)}</CdtDbtInd>{status}"
            f"<BookgDt><Dt>{day}</Dt></BookgDt>{more}{details}</Ntry>"
        )

    def details(self, *, name: str = "", iban: str = "", text: str = "", role: str = "Cdtr", more: str = "") -> str:
        return (
            f"<NtryDtls><TxDtls>{more}<RltdPties><{role}><Nm>{escape(name)}</Nm></{role}>"
            f"<{role}Acct><Id><IBAN>{iban}</IBAN></Id></{role}Acct></RltdPties>"
            f"<RmtInf><Ustrd>{escape(text)}</Ustrd></RmtInf></TxDtls></NtryDtls>"
        )

    def statement(self, *inside: str, number: str = "1", account: str = OWN_IBAN) -> str:
        return (
            f"<Stmt><Id>S{number}</Id><ElctrncSeqNb>{number}</ElctrncSeqNb><CreDtTm>2025-03-01T23:00:00</CreDtTm>"
            f"<Acct><Id><IBAN>{account}</IBAN></Id><Ccy>EUR</Ccy></Acct>{''.join(inside)}</Stmt>"
        )

    def file(self, *statements: str, version: str = "02", group: str = "") -> bytes:
        return (
            "<?xml version='1.0' encoding='UTF-8'?>"
            f"<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}'><BkToCstmrStmt>"
            f"<GrpHdr><MsgId>M1</MsgId>{group}</GrpHdr>{''.join(statements)}</BkToCstmrStmt></Document>"
        ).encode()

    def one(self, *inside: str) -> bytes:
        return self.file(self.statement(*inside))


@dataclass(frozen=True)
class IngWriter:
    """Writes ING's CSV of 2023 and later."""

    header: str = ING_HEADER

    def row(
        self,
        amount_minor: int,
        *,
        running: str = "",
        day: str = "20250301",
        name: str = "Bouwmarkt Zonnedauw",
        account: str = OWN_IBAN,
        text: str = "Naam: Bouwmarkt Zonnedauw Omschrijving: planken",
        code: str = "GT",
    ) -> str:
        direction = "Af" if amount_minor < 0 else "Bij"
        cells = (
            day,
            name,
            account,
            "NL02ABNA0123456789",
            code,
            direction,
            _figure(amount_minor, ","),
            "",
            text,
            running,
            "",
        )
        return ";".join('"' + cell.replace('"', '""') + '"' for cell in cells)

    def file(self, *rows: str, header: str | None = None) -> bytes:
        return ("\n".join((self.header if header is None else header, *rows)) + "\n").encode()


@pytest.fixture(scope="session")
def camt() -> CamtWriter:
    return CamtWriter()


@pytest.fixture(scope="session")
def ing() -> IngWriter:
    return IngWriter()


class LineMaker:
    """Makes a line; what a test does not name is ordinary."""

    def __call__(
        self,
        amount_minor: int = -1000,
        *,
        reference: str | None = None,
        text: str | None = "planken",
        day: dt.date = dt.date(2025, 3, 1),
        name: str | None = "Bouwmarkt Zonnedauw",
    ) -> Line:
        return Line(1, day, None, amount_minor, "EUR", name=name, text=text, bank_reference=reference)


@pytest.fixture(scope="session")
def line() -> LineMaker:
    return LineMaker()


NOW = dt.datetime(2025, 3, 1, 12, tzinfo=dt.UTC)
MEER, EIK = "00000000000000aa", "00000000000000bb"
SAVINGS, OTHER_IBAN = "NL91ABNA0417164300", "NL39RABO0300065264"
ACCOUNTS = {OWN_IBAN: "00000000000000d1", SAVINGS: "00000000000000d2", OTHER_IBAN: "00000000000000d3"}
PERSON = "00000000000000e1"


@dataclass
class Books:
    """An installation with two foundations: one with two accounts, the other with one."""

    installation: Installation
    now: dt.datetime = NOW
    meer: str = MEER
    eik: str = EIK
    own: str = OWN_IBAN
    savings: str = SAVINGS
    other: str = OTHER_IBAN

    def account(self, number: str) -> str:
        return ACCOUNTS[number]

    def append(
        self,
        book: str,
        type_: str,
        public: Mapping[str, Json],
        private: Mapping[str, Json] | None = None,
        by: Sequence[str] = (),
    ) -> Entry:
        store = self.installation.store
        with store.writing(self.now) as appender:
            return appender.append(store.draft(book, type_, public, private, by))

    def open(self) -> Books:
        for id_, slug in ((MEER, "meer"), (EIK, "eik")):
            opened: dict[str, Json] = {"kind": "foundation", "limit": 25_000, "currency": "EUR", "every": 35}
            private: dict[str, Json] = {"slug": slug, "name": f"Stichting {slug}", "kvk": None}
            self.append(foundation_book(id_), "opened", {**opened, "basis": "opening"}, private)
        for number, id_ in ACCOUNTS.items():
            self.declare(EIK if number == OTHER_IBAN else MEER, id_, number)
        return self

    def declare(self, foundation: str, id_: str, number: str) -> None:
        public: dict[str, Json] = {"account": id_, "mandate": "together", "basis": "opening"}
        private: dict[str, Json] = {"iban": number, "holder": None, "viewers": None}
        self.append(foundation_book(foundation), "account declared", public, private)

    def close(self, number: str) -> None:
        self.append(foundation_book(MEER), "account closed", {"account": ACCOUNTS[number]}, {"reason": None})

    def approve(self, name: str, kind: str, ibans: Sequence[str]) -> str:
        payee = f"{len(ibans):08x}{len(name):08x}"
        public: dict[str, Json] = {"payee": payee, "starts": "2025-01-01", "basis": "opening"}
        private: dict[str, Json] = {"name": name, "kvk": None, "kind": kind, "ibans": list(ibans)}
        proposed = self.append(foundation_book(MEER), "payee proposed", public, private, (PERSON,))
        self.append(foundation_book(MEER), "payee approved", {"payee": payee, "basis": "opening"}, by=(PERSON,))
        if kind == "organisation":
            self.append(foundation_book(MEER), "disclosed", {"pairs": [[proposed.seq, "name"], [proposed.seq, "kind"]]})
        return payee

    def plan(self, *statements: Statement, foundation: str | None = None) -> Plan:
        with self.installation.store.reading() as connection:
            return make_plan(self.installation, statements, foundation, connection)

    def book(
        self,
        *statements: Statement,
        foundation: str | None = None,
        accept: str | None = None,
        repeated: Repeated | None = None,
    ) -> Sequence[Booked]:
        delivery = Delivery("5e" * 32, accept=accept, repeated=repeated)
        return book(self.installation, statements, delivery, self.now, foundation)[1]

    def codes(self, *statements: Statement) -> list[list[str]]:
        return [[problem.code for problem in planned.problems] for planned in self.plan(*statements).statements]

    def size(self) -> int:
        with self.installation.store.reading() as connection:
            return int(connection.execute(sa.select(tables.log_head.c.size)).scalar_one())

    def amounts(self, number: str = OWN_IBAN) -> list[int]:
        table = tables.movement
        query = sa.select(table.c.amount_minor).where(table.c.account == ACCOUNTS[number])
        with self.installation.store.reading() as connection:
            return sorted(connection.execute(query).scalars())

    def movement(self, idx: int) -> tuple[int, int, int]:
        """Return statement, line and amount of a booked line."""
        table = tables.movement
        query = sa.select(table.c.statement, table.c.line, table.c.amount_minor).where(table.c.idx == idx)
        with self.installation.store.reading() as connection:
            statement, line, amount_minor = connection.execute(query).one()
        return statement, line, amount_minor

    def private(self, idx: int) -> dict[str, Json]:
        table = tables.private_value
        with self.installation.store.reading() as connection:
            body = connection.execute(sa.select(table.c.body).where(table.c.idx == idx)).scalar_one()
        return {name: opening.value for name, opening in load_openings(body).items()}


class StatementMaker:
    """Makes statements of March 2025 out of (day, amount) lines; balances follow from `opening`."""

    def __call__(
        self,
        *lines: tuple[int, int],
        opening: int | None = 100_000,
        days: tuple[int, int] = (1, 31),
        account: str | None = OWN_IBAN,
        number: str | None = None,
    ) -> Statement:
        made = tuple(
            Line(place, dt.date(2025, 3, day), None, amount, "EUR", name="Kwekerij Vlier", text=f"nota {day}")
            for place, (day, amount) in enumerate(lines, start=1)
        )
        first, last = (dt.date(2025, 3, day) for day in days)
        closing = None if opening is None else Balance(last, opening + sum(amount for _, amount in lines))
        begin = None if opening is None else Balance(first, opening)
        return Statement("camt.053.001.08", "INGBNL2A", account, "EUR", number, begin, closing, made)


@pytest.fixture
def books(installation: Installation) -> Books:
    return Books(installation).open()


@pytest.fixture
def fresh_books(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Books]:
    """Books for every example of one test."""

    def make() -> Books:
        directory = tmp_path_factory.mktemp("books") / "installation"
        return Books(create_installation(directory, Settings("buurtkas.example/proef", simulated=True))).open()

    return make


@pytest.fixture(scope="session")
def statement() -> StatementMaker:
    return StatementMaker()
