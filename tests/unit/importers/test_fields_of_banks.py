"""What banks write beside an amount, kind by kind: codes of field 86, folds, days, accounts, figures and quotations.

Each input is made up; each stands for a kind of file that was once misread.
"""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from importers.errors import MalformedFile
from importers.errors import UnreadableFile
from importers.figures import minor_and_mark
from importers.figures import minor_from_either
from importers.mt940_account import account_in
from importers.mt940_details import details_of
from importers.mt940_line import entry_day
from importers.reading import read
from importers.reconcile import all_problems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from importers.statement import Line
    from importers.statement import Statement

OWN, OTHER = "NL81RABO0312345678", "NL36INGB0007654321"


def mt940(*lines: str, account: str = OWN) -> bytes:
    """Return a statement of March 2026 that states no closing balance to be wrong about."""
    return "\r\n".join([":20:S1", f":25:{account}", ":28C:3", ":60F:C260301EUR100,00", *lines, ""]).encode()


def only(data: bytes) -> Line:
    """Return the one line of a file."""
    ((line,),) = (statement.lines for statement in read(data))
    return line


@pytest.mark.parametrize(
    ("written", "name", "text", "end_to_end_id"),
    [
        ("/TRCD/093/BENM//NAME/Rabobank/REMI/Debetrente/ISDT/2026-01-02", "Rabobank", "Debetrente", None),
        ("/EREF/E-1/TRCD/541/ORDP//NAME/Lid Een/REMI/contributie/ISDT/2026-03-02", "Lid Een", "contributie", "E-1"),
        ("/EREF/E-2/ABCD/9/BENM//NAME/Kiosk Riet/REMI/thee", "Kiosk Riet", "thee", "E-2"),
        ("/NEWCODE/9/BENM//NAME/Kiosk Riet/REMI/thee", "Kiosk Riet", "thee", None),
        ("/BENM//NAME/Dienst/REMI//CDTRREFTP//CD/SCOR/ISSR/CUR/CDTRREF/10001234", "Dienst", "10001234", None),
        ("/BENM//NAME/Dienst/REMI//CDTRREFTP//CD/SCOR/CDTRREF/RF18539007547034", "Dienst", "RF18539007547034", None),
        ("/ORDP//NAME/Fonds Riet/PURP//CD/SALA/ULTD//NAME/Iemand/REMI/loon", "Fonds Riet", "loon", None),
        ("/PURP//CD/EPAY/ULTB//NAME/Iemand/BENM//NAME/Kassa BV/REMI/orde 7", "Kassa BV", "orde 7", None),
        (
            "/TRTP/SEPA/NAME/Kade/REMI/f 12/34/56 en 24/7 A/B/C/EREF/E-3",
            "Kade",
            "f 12/34/56 en 24/7 A/B/C",
            "E-3",
        ),
        (
            "/BENM//NAME/Kade/REMI/zie /BIJLAGE/ bij/ISDT/2026-03-02",
            "Kade",
            "zie /BIJLAGE/ bij",
            None,
        ),
        ("/EREF/NOTPROVIDED/REMI/USTD//brood/", None, "brood", "NOTPROVIDED"),
        ("/CNTP/DE82370400440123456789/DEUTDEFF/BLUMEN/REMI/USTD//rozen/", "BLUMEN", "rozen", None),
    ],
)
def test_a_code_ends_the_one_before_it(
    written: str, name: str | None, text: str | None, end_to_end_id: str | None
) -> None:
    """Known or not; the payer's own words may hold slashes all the same."""
    said = details_of([written])
    assert (said.name, said.text, said.end_to_end_id) == (name, text, end_to_end_id)


def _folded(text: str, first: int) -> list[str]:
    return [text[:first], *(text[start : start + 65] for start in range(first, len(text), 65))]


@pytest.mark.parametrize("first", [61, 65])
def test_the_width_of_the_first_line_is_learnt_from_the_file(first: int) -> None:
    """A reference that is folded where the first line is full has no blank in it, in every line of the file."""
    long = f"/CNTP/{OTHER}/INGBNL2A/Q Beukhoeven///EREF/26010591234567TRIONL2UXXXE00012345//REMI/USTD//Huur januari/"
    other = f"/CNTP/{OTHER}/INGBNL2A/Stichting Zonder Enige Korte Naam///REMI/USTD//thee en koffie en koek/"
    lines = []
    for text in (long, other):
        details = _folded(text, first)
        lines += [":61:2601050105D25,00NETXNONREF", f":86:{details[0]}", *details[1:]]
    (statement,) = read(mt940(*lines))
    assert [line.name for line in statement.lines] == ["Q Beukhoeven", "Stichting Zonder Enige Korte Naam"]
    assert statement.lines[0].end_to_end_id == "26010591234567TRIONL2UXXXE00012345"
    assert statement.lines[1].text == "thee en koffie en koek"


def test_a_label_counts_that_begins_a_line_after_a_full_one() -> None:
    """ABN AMRO's blocks of 32: a full block runs on, a label ends it."""
    said = details_of(
        [
            f"SEPA OVERBOEKING                 IBAN: {OTHER}",
            "BIC: INGBNL2A                    NAAM: AA VOORBEELD EN DOCHTERS BV",
            "OMSCHRIJVING: HUUR JANUARI",
            "KENMERK: 7541410",
        ]
    )
    assert (said.name, said.text, said.end_to_end_id) == ("AA VOORBEELD EN DOCHTERS BV", "HUUR JANUARI", "7541410")


@pytest.mark.parametrize("payers", ["?96", "?99", "?40", "?31", "?30", "?25"])
def test_what_a_payer_writes_ends_no_numbered_field(payers: str) -> None:
    """Not even a number that the bank could write: its own next one comes later."""
    said = details_of(
        [f"166?00X?20SVWZ+Is het 123{payers} of 456?21en meer?30GENODE61KA1?31DE82370400440123456789?32RIET"]
    )
    assert said.text == f"Is het 123{payers} of 456en meer"
    assert (said.iban, said.name) == ("DE82370400440123456789", "RIET")


@pytest.mark.parametrize(
    ("second", "iban", "text"),
    [
        (OTHER, OTHER, "thee"),
        ("POS Buurtmarkt", None, "thee POS Buurtmarkt"),
        (f"{OTHER} Marktkraam", OTHER, "thee Marktkraam"),
        ("/TRCD/00100/", None, "thee"),
        ("000123", None, "thee"),
    ],
)
def test_words_on_the_second_line_of_field_61_are_kept(second: str, iban: str | None, text: str) -> None:
    """An account there is the counterparty's; codes and numbers are no words."""
    line = only(mt940(":61:2603120312D25,00NTRFNONREF//B1", second, ":86:thee"))
    assert (line.iban, line.text) == (iban, text)


@pytest.mark.parametrize("tag", [":\r\n86:", ":8\r\n6:", ":86\r\n:"])
def test_a_tag_folded_over_two_lines_is_one(tag: str) -> None:
    """Its words are not lost."""
    assert only(mt940(":61:2603120312CR30,00N062NONREF", f"{tag}166?00GUTSCHRIFT?20SVWZ+Test")).text == "Test"
    assert only(mt940(":6", "1:2603120312CR30,00N062NONREF", ":86:Test")).amount_minor == 3000


@pytest.mark.parametrize(
    ("written", "valued", "booked"),
    [
        ("0229", "2027-02-28", "2027-02-28"),
        ("0229", "2028-03-01", "2028-02-29"),
        ("0230", "2027-03-01", "2027-02-28"),
        ("1229", "2026-01-02", "2025-12-29"),
        ("0102", "2025-12-31", "2026-01-02"),
    ],
)
def test_the_day_of_booking_is_the_nearest_to_the_value_date(written: str, valued: str, booked: str) -> None:
    """Over a year's end too; the end of February is its last day."""
    assert entry_day(written, dt.date.fromisoformat(valued)) == dt.date.fromisoformat(booked)


def test_a_day_of_booking_far_from_the_value_date_is_never_silent() -> None:
    """In MT940 as in a table."""
    (statement,) = read(mt940(":61:2601010630D25,00NTRFNONREF", ":86:thee"))
    assert "Line 1 was booked on 2026-06-30, but its value date is 2026-01-01" in _problems(statement)
    table = (
        '"Date","Interest Date","Amount","Account","Counterparty","Name","Description"\n'
        f'"2026-03-03","2025-03-03","-13.00","NL32BUNQ2012345678","{OTHER}","Kiosk","thee"\n'
        f'"2026-03-03","2026-01-03","-13.00","NL32BUNQ2012345678","{OTHER}","Kiosk","koek"\n'
    )
    (statement,) = read(table.encode())
    assert "booked on 2026-03-03, but its value date is 2025-03-03" in _problems(statement)
    assert "more lines" not in _problems(statement)


def _problems(statement: Statement) -> str:
    return " ".join(problem.text for problem in all_problems(statement))


_CAMT = """<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Acct><Id>
<IBAN>NL81RABO0312345678</IBAN></Id><Ccy>EUR</Ccy></Acct>{}<Ntry><Amt Ccy="EUR">1.00</Amt><CdtDbtInd>DBIT</CdtDbtInd>
<Sts>BOOK</Sts><BookgDt><Dt>2026-03-12</Dt></BookgDt><NtryDtls><TxDtls>{}</TxDtls></NtryDtls></Ntry></Stmt>
</BkToCstmrStmt></Document>"""


def test_structured_and_unstructured_remittance_are_both_kept() -> None:
    """Every piece of both, each once."""
    said = (
        "<RmtInf><Ustrd>Groeten uit Gent</Ustrd><Ustrd>en meer</Ustrd><Strd><RfrdDocInf><Nb>F-2026-7</Nb></RfrdDocInf>"
        "<CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf><AddtlRmtInf>F-2026-7</AddtlRmtInf></Strd></RmtInf>"
    )
    assert only(_CAMT.format("", said).encode()).text == "Groeten uit Gent en meer RF18539007547034 F-2026-7"


def test_a_balance_that_cannot_be_read_is_named() -> None:
    """Which one, of which statement, and what it lacks."""
    balance = '<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">1.00</Amt></Bal>'
    with pytest.raises(MalformedFile, match=r"In the closing balance \(CLBD\) of statement 1: .*\(CdtDbtInd\)"):
        read(_CAMT.format(balance, "").encode())


_ING = (
    '"Datum";"Naam / Omschrijving";"Rekening";"Tegenrekening";"Code";"Af Bij";"Bedrag (EUR)";"Mutatiesoort";'
    '"Mededelingen"\n"20260302";"ING";"{0}";"{0}";"DV";"Af";"1,21";"Diversen";"kosten"\n'
)
_PSD2 = (
    '{{"account":{{"iban":"{0}","currency":"EUR"}},"transactions":{{"booked":[{{"transactionId":"1","bookingDate":'
    '"2026-03-02","transactionAmount":{{"amount":"-1.21","currency":"EUR"}},"creditorName":"ING","creditorAccount":'
    '{{"iban":"{0}"}},"remittanceInformationUnstructured":"kosten"}}]}}}}'
)
_OFX = (
    "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:USASCII\nCHARSET:1252\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS>"
    "<CURDEF>EUR<BANKACCTFROM><ACCTID>{0}</BANKACCTFROM><BANKTRANLIST><STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260302"
    "<TRNAMT>-1.21<FITID>1<NAME>ING<BANKACCTTO><ACCTID>{0}</BANKACCTTO><MEMO>kosten</STMTTRN></BANKTRANLIST></STMTRS>"
    "</STMTTRNRS></BANKMSGSRSV1></OFX>"
)
_OWN_CAMT = _CAMT.format(
    "",
    "<RltdPties><Cdtr><Pty><Nm>ING</Nm></Pty></Cdtr><CdtrAcct><Id><IBAN>{0}</IBAN></Id></CdtrAcct></RltdPties>"
    "<RmtInf><Ustrd>kosten</Ustrd></RmtInf>",
)
_OWN_FILES = {
    "csv": _ING.format(OWN),
    "psd2": _PSD2.format(OWN),
    "ofx": _OFX.format(OWN),
    "camt": _OWN_CAMT.replace("{0}", OWN),
    "mt940": mt940(":61:260302D1,21N541NONREF//R6", OWN, ":86:/BENM//NAME/ING/REMI/kosten").decode(),
    "mt940, code": mt940(":61:260302D1,21N541NONREF//R6", f":86:/IBAN/{OWN}/NAME/ING/REMI/kosten").decode(),
    "mt940, old number": mt940(
        ":61:260302D1,21N541NONREF//R6", "0312345678", ":86:/BENM//NAME/ING/REMI/kosten"
    ).decode(),
}


@pytest.mark.parametrize("data", _OWN_FILES.values(), ids=_OWN_FILES)
def test_the_account_itself_is_nobodys_in_any_format(data: str) -> None:
    """Costs and interest: the bank's name and its words stay, the account goes."""
    line = only(data.encode())
    assert (line.name, line.iban, line.text) == ("ING", None, "kosten")


@pytest.mark.parametrize(
    ("written", "minor"),
    [
        ("-1,234.56", -123456),
        ("-1.234,56", -123456),
        ("+1 006,60", 100660),
        ("+1\N{NO-BREAK SPACE}006,60", 100660),
        ("1\N{NARROW NO-BREAK SPACE}006,60", 100660),
        ("1.234,56-", -123456),
        ("1'234.50", 123450),
        ("- 12 345,00", -1234500),
        ("1 234 567,89", 123456789),
    ],
)
def test_an_amount_with_one_meaning_is_read(written: str, minor: int) -> None:
    """Whatever stands between the thousands, and wherever the sign stands."""
    assert minor_and_mark(written)[0] == minor
    unsigned = written.strip("+-").strip()
    assert minor_from_either(unsigned) == abs(minor)


@pytest.mark.parametrize("written", ["1.234", "1,234", "1,2,3", "1 23,00", "1.23.4", "1'2345", "-1-", "--1"])
def test_an_amount_with_two_meanings_or_none_is_refused_as_it_stands(written: str) -> None:
    """The refusal quotes the file, not what was made of it."""
    with pytest.raises(UnreadableFile) as refused:
        minor_and_mark(written)
    assert repr(written) in str(refused.value)


def test_a_table_with_grouped_amounts_is_read_and_counted_twice() -> None:
    """The second count reads them in its own way."""
    data = _ING.format(OWN).replace("1,21", "1\N{NO-BREAK SPACE}006,60")
    assert only(data.encode()).amount_minor == -100660


_BUNQ = '"Date","Interest Date","Amount","Account","Counterparty","Name","Description"'
_ROW = '"2026-03-0{}","2026-03-0{}","-1{}.00","NL32BUNQ2012345678","NL36INGB0007654321","{}","{}"'


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Kiosk", "Hoi,\nhier de bijdrage"),
        ("Kiosk\nRiet, buurt", "thee"),
        ("Kiosk", 'zei ""hallo"",\nen ging'),
        ("Kiosk", "a,b,c,d,e,f,g\nh,i,j,k,l,m,n,o,p"),
        ("Kiosk", "\nrand\n"),
    ],
)
def test_a_quoted_text_may_hold_line_breaks_and_delimiters(name: str, text: str, end: str) -> None:
    """RFC 4180: such a row is one line."""
    rows = [_BUNQ, _ROW.format(3, 3, 3, name, text), _ROW.format(4, 4, 4, "Lid", "x"), ""]
    (statement,) = read(end.join(rows).replace("\n", end).replace("\r\r", "\r").encode())
    assert [line.amount_minor for line in statement.lines] == [-1300, -1400]
    assert statement.lines[0].text == " ".join(text.replace('""', '"').split())


def test_a_text_that_swallows_the_next_row_is_refused_where_it_opens() -> None:
    """Its quotation mark never closes before a row begins."""
    swallowing = [_BUNQ, _ROW.format(3, 3, 3, "Kiosk", "x"), _ROW.format(4, 4, 4, "Kiosk", "thee")[:-1]]
    with pytest.raises(MalformedFile, match=r"In line 3: quotation marks do not fit together"):
        read("\n".join([*swallowing, _ROW.format(5, 5, 5, "Lid", "x"), ""]).encode())
    row = '2026-03-05,2026-03-05,-15.00,NL32BUNQ2012345678,NL36INGB0007654321,Lid,x"'
    with pytest.raises(MalformedFile, match=r"In line 3: a quotation mark opens a text"):
        read("\n".join([*swallowing, row, ""]).encode())


@pytest.mark.parametrize(
    "written",
    [
        "20041144/0123456789",
        "20041144/123456789",
        "200411440123456789",
        "20041144/0123456789EUR",
        "DE13 2004 1144 0123 4567 89",
        "COBADEFF/DE13200411440123456789",
    ],
)
def test_a_german_account_is_known_by_its_iban(written: str) -> None:
    """Bank code and number make it."""
    assert account_in(written, None) == "DE13200411440123456789"


CASES = Path(os.environ.get("BUURTKAS_STATEMENTS", "/nowhere")).parent / "cases" / "bank"
RIGHT: dict[str, Sequence[tuple[str | None, str | None, str | None, str | None, int]]] = {
    "m06b.sta": [(None, None, "Test", None, 3000)],
    "m29.sta": [(None, None, "x", None, 100)],
    "m31.swi": [("Rabobank", None, "Debetrente Periode 01-12-2025 t/m 31-12-2025", None, -121)],
    "m32.sta": [("AA GHGHGH VOORBEELD X.B.V.", "NL96ABNA0500600700", "HUUR JANUARI", "7541410", 1050)],
    "m34.sta": [("PROEF PERSOON", "DE82370400440123456789", "Is het 123?96 of 456", None, 399)],
    "m36.sta": [
        (
            "Q Beukhoeven",
            "NL96ABNA0500600700",
            "Huur zaal januari, met dank voor de koffie en de thee",
            "26010591234567TRIONL2UXXXE00012345",
            -2500,
        )
    ],
    "m38.swi": [("Belastingdienst", OTHER, "1000000123456789", "LID-2026-03", -2500)],
    "m41.swi": [("Lid Voorbeeld", OTHER, "Contributie", "LID-2026-03", 2500)],
    "c28.xml": [("A", "NL15RABO0100200300", "Groeten uit Gent RF18539007547034", "E1", 100)],
    "v23c.csv": [
        ("Kiosk", "NL15RABO0100200300", "Hoi, hier de bijdrage", None, -1300),
        ("Lid", OTHER, "x", None, 100),
    ],
    "o21.ofx": [("Winkel", None, "x", None, -123456)],
    "own-ing.csv": [("ING", None, "kosten", None, -121)],
    "own-rabo.csv": [("Rabobank", None, "kosten", None, -121)],
}


@pytest.mark.statements
@pytest.mark.parametrize("name", RIGHT)
def test_a_shared_case_is_read_right(name: str) -> None:
    """Name, account, words, reference and amount."""
    lines = [line for statement in read((CASES / name).read_bytes()) for line in statement.lines]
    found = [(line.name, line.iban, line.text, line.end_to_end_id, line.amount_minor) for line in lines]
    assert found == RIGHT[name]


@pytest.mark.statements
def test_the_shared_rabobank_case_names_no_account_of_its_own() -> None:
    """Seven lines, of which the costs name the bank alone, and no reference runs into the next code."""
    lines = [line for statement in read((CASES / "i02-rabo.swi").read_bytes()) for line in statement.lines]
    assert [line.iban for line in lines] == [OTHER, None, None, "NL15RABO0100200300", "NL15RABO0100200300", None]
    assert [line.end_to_end_id for line in lines] == ["E-1", None, None, "LID-2026-03", "LID-2026-03", None]
    assert lines[-1].name == "Rabobank"
