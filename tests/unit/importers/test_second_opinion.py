"""Other readers of the same file: where they differ from ours, why, and that they can do no harm."""

from __future__ import annotations

import datetime as dt
import importlib.util
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from importers.reading import read
from importers.second_opinion import by_elements
from importers.second_opinion import by_mt_940
from importers.second_opinion import by_ofxparse
from importers.second_opinion.apart import MAX_BYTES
from importers.second_opinion.apart import read_apart
from importers.second_opinion.comparison import differences
from importers.second_opinion.errors import NoSecondReader
from importers.second_opinion.errors import SecondReaderFailed
from importers.second_opinion.errors import SecondReaderMissing
from importers.second_opinion.opinion import second_opinion_on
from importers.second_opinion.other import brought_back
from importers.second_opinion.other import written
from importers.second_opinion.reasons import REASONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from importers.second_opinion.comparison import Difference
    from importers.second_opinion.other import OtherStatement
    from importers.statement import Statement

_SAMPLES = Path(__file__).parents[2] / "data" / "importers"
_READERS: dict[str, Callable[[bytes], tuple[OtherStatement, ...]]] = {
    "mt94": by_mt_940.read,
    "ofx.": by_ofxparse.read,
    "camt": by_elements.read,
}
_NAMES = sorted(
    path.name for path in _SAMPLES.iterdir() if path.suffix in {".940", ".942", ".sta", ".ofx", ".qfx", ".xml"}
)
_HEAD = ":20:A\n:25:NL13TEST0123456789\n:28C:1/1\n:60F:C260301EUR100,00\n"
_FOOT = ":62F:C260331EUR{}\n-\n"


def _mt940(*fields: str, closing: str = "98,79", head: str = _HEAD) -> bytes:
    return (head + "".join(f"{one}\n" for one in fields) + _FOOT.format(closing)).encode()


def _theirs(data: bytes, form: str) -> tuple[OtherStatement, ...]:
    return _READERS[form[:4]](data)


def _differences(data: bytes) -> tuple[Difference, ...]:
    ours = read(data)
    return differences(ours, _theirs(data, ours[0].format))


def _entry(party: str = "", details: str = "", *, sign: str = "DBIT", rest: str = "", day: str = "") -> bytes:
    return (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>M</MsgId>'
        "<CreDtTm>2026-03-02T08:00:00+01:00</CreDtTm></GrpHdr><Stmt><Id>S</Id>"
        "<CreDtTm>2026-03-02T08:00:00+01:00</CreDtTm><Acct><Id><IBAN>NL13TEST0123456789</IBAN></Id><Ccy>EUR</Ccy></Acct>"
        f'<Ntry><Amt Ccy="EUR">1.21</Amt><CdtDbtInd>{sign}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
        f"{day or '<BookgDt><Dt>2026-03-01</Dt></BookgDt>'}<NtryDtls><TxDtls>{details}<RltdPties>{party}</RltdPties>"
        f"</TxDtls></NtryDtls>{rest}</Ntry></Stmt></BkToCstmrStmt></Document>"
    ).encode()


_OTHER_SIDE = (
    "<Cdtr><Pty><Nm>Stichting Meer</Nm></Pty></Cdtr><CdtrAcct><Id><IBAN>NL13TEST0123456789</IBAN></Id></CdtrAcct>"
    "<Dbtr><Pty><Nm>Kiosk Riet</Nm></Pty></Dbtr><DbtrAcct><Id><IBAN>NL20INGB0001234567</IBAN></Id></DbtrAcct>"
)
_OFX = (
    "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:USASCII\nCHARSET:1252\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS>"
    "<CURDEF>EUR<BANKACCTFROM><ACCTID>NL18RABO0123459876</BANKACCTFROM><BANKTRANLIST>{}</BANKTRANLIST>"
    "{}</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
)
_BALANCE = "<LEDGERBAL><BALAMT>87.50<DTASOF>20260131</LEDGERBAL>"
_TRN = "<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>{}<TRNAMT>-12.50<FITID>F1<NAME>Kiosk Riet{}</STMTTRN>"


def _ofx(line: str = "", *, day: str = "20260105", more: str = "", balance: str = _BALANCE) -> bytes:
    return _OFX.format(_TRN.format(day, line) + more, balance).encode()


_EXPLAINED = {
    "a word that banks write where there is no reference": _mt940(
        ":61:2603010301D1,21NTRFNONREF//NONREF", ":86:/TRTP/SEPA/NAME/Kiosk Riet/REMI/thee/EREF/NOTPROVIDED"
    ),
    "without an end-to-end id it is the customer's reference of field 61": _mt940(
        ":61:2603010301D1,21NTRFKLANT 7//B1", ":86:177?00X?20EREF+NONREF?21SVWZ+thee?32Kiosk Riet"
    ),
    "the bank adds words on the second line of field 61": _mt940(
        ":61:2603010301D1,21NTRFNONREF//B1", "POS 1", ":86:thee"
    ),
    "field 38 has the whole IBAN": _mt940(
        ":61:2603010301D1,21NTRFNONREF//B1", ":86:020?00X?20thee?310000777777777777?38PL61109010140000071219812874"
    ),
    "mt-940 takes an expected debit for a credit": _mt940(
        ":61:260301ED3,00NTRFNONREF", ":86:later", ":61:2603010301D1,21NTRFNONREF", ":86:thee"
    ),
    "the bank repeats the counterparty's account and name before the words": _mt940(
        ":61:2603010301D1,21NOVBNL20INGB0001234567", "kiosk riet", ":86:NL20INGB0001234567 kiosk riet", "thee"
    ),
    "the bank names it with a label in the words": _mt940(
        ":61:2603010301D1,21NINCNL20INGB0001234567",
        "kiosk riet",
        ":86:NL20INGB0001234567 kiosk riet",
        "Europese incasso door:KIOSK RIET NL-thee-Incassant ID: NL84ZZZ050",
        "695810000-Kenmerk Machtiging: M-1",
    ),
    "the bank writes the name behind the reference of field 61": b":940:\n"
    + _mt940(":61:260301D000000000001,21N030NONREF          KIOSK RIET", ":86:Betaalautomaat 14:23"),
    "the bank folded it in field 61": _mt940(
        ":61:2603010301D1,21NTRFEREF//00000000001", "005", "/TRCD/00100/", ":86:/EREF/E1//REMI/USTD//thee/"
    ),
    "a slash between the code and the words": b":940:\n"
    + _mt940(":61:260301D1,21N102NONREF", ":86:/BENM//NAME/Kiosk Riet/REMI//A.17/ thee"),
    "the words hold something that looks like a code": _mt940(
        ":61:2603010301D1,21NTRFNONREF", ":86:/BENM//NAME/Kiosk Riet/REMI/nota/INV/17 en thee/ISDT/2026-03-01"
    ),
    "the bank cut a code in two": _mt940(
        ":61:2603010301D1,21NTRFNONREF", ":86:/NAME/Kiosk Riet/EREF/E-1/RE", "MI/thee"
    ),
    "the words begin with the counterparty's account": _mt940(
        ":61:2603010301D1,21NGT EREF", ":86:NL20INGB0001234567 INGBNL2A KIOSK RIET thee"
    ),
    "the words hold something that looks like a German code": _mt940(
        ":61:2603010301D1,21NTRFNONREF", ":86:177?00X?20SVWZ+thee ABWA+koek?32Kiosk Riet"
    ),
    "mt-940 takes a question mark and two signs for a field": _mt940(
        ":61:2603010301D1,21NTRFNONREF", ":86:177?00X?20SVWZ+thee ?96 koek?32Kiosk Riet"
    ),
    "mt-940 drops a question mark at the end": _mt940(
        ":61:2603010301D1,21NTRFNONREF", ":86:177?00X?20SVWZ+thee?32Kiosk Riet?60nog meer?"
    ),
    "details stand in field 25, where mt-940 does not look for them": _mt940(
        ":61:2603010301D1,21NTRFNONREF", ":25:177?00X?20SVWZ+thee?32Kiosk Riet"
    ),
    "without SVWZ+ nothing tells the bank's codes from the payer's words": _mt940(
        ":61:2603010301D1,21NTRFNONREF", ":86:177?00X?20EREF+E-17?21thee en koek?32Kiosk Riet"
    ),
    "letters that are neither UTF-8 nor Windows-1252 are shown as \N{REPLACEMENT CHARACTER}": _mt940(
        ":61:2603010301D1,21NTRFNONREF", ":86:caf\N{LATIN SMALL LETTER E WITH ACUTE} t"
    ).replace("\N{LATIN SMALL LETTER E WITH ACUTE}".encode(), b"\x82\x81"),
    "the other reader gives no such balance": _mt940(":61:2603010301D1,21NTRFNONREF", ":86:thee").replace(
        b":62F:C260331EUR98,79", b":62F:C26033198,79"
    ),
    "ofxparse leaves out a line in which a tag is empty": _ofx(more=_TRN.format("20260106", "").replace("F1", "")),
    "the other reader leaves out lines that are not booked": _ofx(
        more=_TRN.format("20260106", "").replace("STMTTRN>", "STMTTRNP>").replace("DTPOSTED", "DTTRAN")
    ),
    "ofxparse gives no account of the counterparty": _ofx("<BANKACCTTO><ACCTID>NL20INGB0001234567</BANKACCTTO>"),
    "ofxparse gives a name only where a tag NAME has it": _ofx("<PAYEE>Kiosk</PAYEE>").replace(
        b"<NAME>Kiosk Riet", b""
    ),
    "field 86 is kept whole": _mt940(":61:2603010301D1,21NTRFNONREF", ":86: /ABCD/1/ORDP/KIOSK RIET/REMI/thee"),
    "kinds of transaction begin with N, F or S": _mt940(":61:2603010301D1,21KLANT77", ":86:thee"),
    "mt-940 says twice what the bank wrote twice": _mt940(
        ":61:2603010301D1,21NTRFNONREF", *[":86:177?00X?20SVWZ+thee?32Kiosk Riet"] * 2
    ),
    "an instant is another day elsewhere": _ofx(day="20260105230000[-5:EST]"),
    "the bank names nobody but the account itself on the usual side": _entry(_OTHER_SIDE),
    "the bank names only the ultimate party or its bank": _entry(
        "<UltmtCdtr><Pty><Nm>Kiosk Riet</Nm></Pty></UltmtCdtr>"
    ),
    "it has not the form of a creditor's id": _entry(
        "<Cdtr><Pty><Nm>Kiosk Riet</Nm><Id><PrvtId><Othr><Id>455454654</Id></Othr></PrvtId></Id></Pty></Cdtr>"
    ),
    "the counterparty is the account itself, so it is nobody": _entry(
        "<Cdtr><Pty><Nm>Stichting Meer</Nm></Pty></Cdtr><CdtrAcct><Id><IBAN>NL13TEST0123456789</IBAN></Id></CdtrAcct>"
    ),
}


@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: reason.why)
def test_each_reason_explains_what_it_says(reason: object) -> None:
    """A small file for each; nothing in it differs without a reason."""
    why: str = reason.why  # type: ignore[attr-defined]  # a parameter's type is lost
    found = _differences(_EXPLAINED[why])
    assert why in {one.reason for one in found}
    assert [one for one in found if one.reason is None] == []


@pytest.mark.parametrize("name", _NAMES)
def test_another_reader_differs_on_no_sample_without_a_reason(name: str) -> None:
    """Every dialect of which there is a sample, with every name, account, text and reference in it."""
    assert [one for one in _differences((_SAMPLES / name).read_bytes()) if one.reason is None] == []


_PARTS_OF_A_LINE = ("name", "iban", "text", "bank_reference", "end_to_end_id", "mandate", "creditor_id")


@settings(max_examples=200)
@given(st.sampled_from([name for name in _NAMES if name.endswith((".940", ".xml"))]), st.data())
def test_a_misread_word_is_never_explained(name: str, data: st.DataObject) -> None:
    """One letter of a name, an account, a text or a reference is another one, or a word is not there."""
    content = (_SAMPLES / name).read_bytes()
    ours = list(read(content))
    place = data.draw(st.integers(0, len(ours) - 1))
    lines = list(ours[place].lines)
    said = [
        (n, what) for n, line in enumerate(lines) for what in _PARTS_OF_A_LINE if len(getattr(line, what) or "") > 2
    ]
    if not said:
        return
    number, what = data.draw(st.sampled_from(said))
    value: str = getattr(lines[number], what)
    letter = data.draw(st.integers(0, len(value) - 1))
    misread = value[:letter] + data.draw(st.sampled_from("#%")) + value[letter + 1 :]
    lines[number] = replace(lines[number], **{what: misread})  # type: ignore[arg-type]  # all are texts
    ours[place] = replace(ours[place], lines=lines)
    unexplained = {one.what for one in differences(ours, _theirs(content, ours[0].format)) if one.reason is None}
    assert what in unexplained


def _first(statement: Statement, **changes: object) -> Statement:
    line = replace(statement.lines[0], **changes)  # type: ignore[arg-type]  # whatever is misread
    return replace(statement, lines=[line, *statement.lines[1:]])


def test_a_figure_that_differs_weighs() -> None:
    """A line too few, another amount, another day and another balance."""
    content = _mt940(":61:2603010301D1,21NTRFNONREF", ":86:thee")
    (ours,) = read(content)
    theirs = _theirs(content, "mt940")
    assert ours.closing is not None
    for misread, said in (
        (replace(ours, lines=()), {"lines", "sum"}),
        (_first(ours, amount_minor=121), {"amount", "sum"}),
        (_first(ours, booked_on=dt.date(2026, 3, 2)), {"booked_on"}),
        (replace(ours, closing=replace(ours.closing, amount_minor=1)), {"closing"}),
        (replace(ours, opening=None), {"opening"}),
    ):
        found = [one for one in differences([misread], theirs) if one.weighs]
        assert {one.what for one in found} == said
    assert {one.what for one in differences([ours, ours], theirs)} == {"lines", "sum", "statements"}
    assert not any(one.weighs for one in differences([_first(ours, name="iemand")], theirs))


def test_the_payments_of_a_batch_are_compared() -> None:
    """Each with its own name, account, text and reference."""
    details = "".join(
        f'<TxDtls><Refs><EndToEndId>E{n}</EndToEndId></Refs><Amt Ccy="EUR">{n}.00</Amt><RltdPties><Cdtr><Pty>'
        f"<Nm>Buur {n}</Nm></Pty></Cdtr></RltdPties><RmtInf><Ustrd>deel {n}</Ustrd></RmtInf></TxDtls>"
        for n in (1, 2)
    )
    content = _entry().replace(b">1.21<", b">3.00<")
    start, end = content.index(b"<TxDtls>"), content.index(b"</NtryDtls>")
    content = content[:start] + details.encode() + content[end:]
    assert _differences(content) == ()
    ours = read(content)
    theirs = _theirs(content, "camt")
    parts = ours[0].lines[0].parts
    (found,) = differences([_first(ours[0], parts=(parts[0], replace(parts[1], name="Iemand")))], theirs)
    assert (found.place, found.part, found.what, found.reason) == (1, 2, "name", None)
    (found,) = differences([_first(ours[0], parts=parts[:1])], theirs)
    assert (found.what, found.ours, found.theirs, found.reason) == ("parts", "1", "2", None)


def test_dialects_are_split_at_their_codes() -> None:
    """Slash codes, ING's counterparty, structured references, Triodos' numbers, labels old and new."""
    fields = (
        "/EREF/E1//MARF/M1//CSID/NL84ZZZ050695810000//CNTP/NL20INGB0001234567/INGBNL2A/Kiosk Riet///REMI/USTD//thee/",
        "/CNTP/NL20INGB0001234567/INGBNL2A/Kiosk Riet///REMI/STRD/CUR/9001123412341234/",
        "000>100000000000>20INGBNL2A>21NL20INGB0001234567>22thee en >23koek>310390123456",
        "000>100987654321>20thee en >21koek",
        "SEPA OVERBOEKING IBAN: NL20INGB0001234567 BIC: INGBNL2A NAAM: Kiosk Riet OMSCHRIJVING: thee KENMERK: E1",
        "thee en koek REK: NL20INGB0001234567/NAAM: Kiosk Riet",
        "/PT/FT/PY/thee",
    )
    lines = [line for field in fields for line in (":61:2603010301D1,21NTRFNONREF", f":86:{field}")]
    assert _differences(_mt940(*lines, closing="91,53")) == ()


def test_what_would_stop_another_reader_is_put_right_before() -> None:
    """Decimal points, a line without a kind of transaction, texts like tags, and marks between files."""
    for data in (
        _mt940(":61:260301D000000000001.21NMSCNONREF", ":86:thee").replace(b"98,79", b"98.79"),
        _mt940(":61:2603010301DN0,21//B1", ":86:thee", ":61:2603010301DN1,//B2", ":86:koek"),
        _mt940(":61:2603010301D1,21NTRFNONREF", ":86:gepind om", ":13:30 uur"),
        b"\x1a" + _mt940(":61:2603010301D1,21NTRFNONREF", ":86:thee") + b"\x1a" + _mt940(":61:260301D1,21NTRFX"),
    ):
        assert [one for one in _differences(data) if one.reason is None] == []


def test_statements_without_a_reference_are_told_apart() -> None:
    """mt-940 begins one only at a field 20; where there is none, the opening balances tell."""
    assert _differences(b":60F:C260301EUR1,00\n:62F:C260301EUR1,00\n:60F:C260302EUR1,00\n:62F:C260302EUR1,00\n") == ()


def test_a_full_line_runs_on() -> None:
    """At 65 characters, or at 61 where a bank counts the tag."""
    for width in (61, 65):
        first = "/TRTP/SEPA OVERBOEKING/IBAN/NL20INGB0001234567/NAME/".ljust(width, "K")
        (statement,) = _theirs(_mt940(":61:2603010301D1,21NTRFNONREF", f":86:{first}", "iosk/REMI/thee"), "mt940")
        assert statement.lines[0].name == "K" * (width - 52) + "iosk"


def test_values_pass_between_processes_as_they_are() -> None:
    """Days, amounts, evidence and parts."""
    for name in ("ing.940", "camt053.xml", "accounts.ofx"):
        theirs = _theirs((_SAMPLES / name).read_bytes(), read(_SAMPLES / name)[0].format)
        assert written(brought_back(written(theirs))) == written(theirs)


def test_an_opinion_names_its_reader_and_what_differs() -> None:
    """On a sample of each format, in a process of its own."""
    for name, reader in (("ing.940", "mt-940 "), ("card.qfx", "ofxparse "), ("camt053.xml", "a plain reading")):
        opinion = second_opinion_on(_SAMPLES / name, read(_SAMPLES / name))
        assert opinion.reader.startswith(reader)
        assert opinion.agrees
        assert opinion.lines > 1
    misread = [_first(one, amount_minor=1) if one.lines else one for one in read(_SAMPLES / "ing.940")]
    assert not second_opinion_on(_SAMPLES / "ing.940", misread).agrees


def test_without_a_second_reader_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A format of which none is known, a ZIP, or a package that is not installed."""
    with pytest.raises(NoSecondReader, match=r"format csv\. There is one for MT940, OFX and CAMT"):
        second_opinion_on(_SAMPLES / "knab.csv", read(_SAMPLES / "knab.csv"))
    packed = [replace(one, member="1") for one in read(_SAMPLES / "ing.940")]
    with pytest.raises(NoSecondReader, match="Unpack it"):
        second_opinion_on(tmp_path / "a.zip", packed)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(SecondReaderMissing, match=r"pip install 'buurtkas\[second-opinion\]'"):
        second_opinion_on(_SAMPLES / "ing.940", read(_SAMPLES / "ing.940"))


_HANGS = "while True: pass"
_FILLS = "x = 'x' * (4 << 30)"
_LEAKS = "import sys, logging\ndef parse(*a, **k): print('geheim'); logging.error('geheim'); raise KeyError('geheim')"
_DIES = "import os\nos._exit(3)"


@pytest.mark.parametrize(
    ("code", "why"),
    [
        (_HANGS, "more than 1 seconds|was ended"),
        (_FILLS, r"it could not read the file \(MemoryError\)"),
        (_LEAKS, r"it could not read the file \(\w+\)"),
        (_DIES, "its process was ended"),
    ],
)
def test_a_reader_can_do_no_harm(
    code: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """It hangs, eats memory, prints and logs what it reads, or ends its process: one sentence, and nothing else."""
    package = tmp_path / "ofxparse"
    package.mkdir()
    (package / "__init__.py").write_text(
        f"{code}\nclass OfxParser:\n    parse = staticmethod(globals().get('parse'))\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "a.ofx").write_bytes(_ofx())
    with pytest.raises(SecondReaderFailed, match=why) as failed:
        read_apart("ofxparse", tmp_path / "a.ofx", seconds=1 if code == _HANGS else 20)
    assert "geheim" not in str(failed.value)
    assert capfd.readouterr() == ("", "")


def test_a_file_that_is_too_long_is_not_given_to_it(tmp_path: Path) -> None:
    """Such readers take a whole file into memory, and more than once."""
    path = tmp_path / "a.940"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(SecondReaderFailed, match="at most 32 MB"):
        read_apart("mt-940", path)
