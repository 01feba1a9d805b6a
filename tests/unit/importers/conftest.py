"""Small writers of bank files, so that each test shows only what it is about."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from xml.sax.saxutils import escape

import pytest

from importers.statement import Line

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
