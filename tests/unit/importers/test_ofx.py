"""OFX and QFX: both syntaxes, what files leave out, and what is refused."""

from __future__ import annotations

import datetime as dt
import io
import mmap
import tempfile
from typing import TYPE_CHECKING

import ofxparse
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers import spool
from importers.errors import ForbiddenContent
from importers.errors import MalformedFile
from importers.errors import UnknownFormat
from importers.errors import UnreadableFile
from importers.ofx import read_ofx
from importers.reading import read
from importers.spool import Kept

if TYPE_CHECKING:
    from importers.statement import Line
    from importers.statement import Statement

_ACCOUNT = "NL18RABO0123459876"
_SGML = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:USASCII\nCHARSET:1252\n\n"
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n<?OFX OFXHEADER="200" VERSION="211"?>\n'
_ONE = "<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260105<TRNAMT>-12.50<FITID>F1<NAME>Kiosk Riet<MEMO>thee</STMTTRN>"
_BALANCE = "<LEDGERBAL><BALAMT>87.50<DTASOF>20260131</LEDGERBAL>"


def _file(*lines: str, header: str = _SGML, balance: str = _BALANCE, currency: str = "EUR") -> bytes:
    return (
        f"{header}<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS>"
        "<DTSERVER>20260201<FI><ORG>Bank van de Gracht</FI></SONRS></SIGNONMSGSRSV1>\n"
        f"<BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>{currency}<BANKACCTFROM><BANKID>RABONL2U<ACCTID>{_ACCOUNT}"
        "<ACCTTYPE>CHECKING</BANKACCTFROM>\n<BANKTRANLIST><DTSTART>20260101<DTEND>20260131\n"
        + "\n".join(lines)
        + f"</BANKTRANLIST>{balance}</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\n"
    ).encode()


def _statement(data: bytes) -> Statement:
    (statement,) = read(data)
    return statement


def _only(line: str) -> Line:
    (found,) = _statement(_file(line)).lines
    return found


def test_a_statement_says_what_the_file_says() -> None:
    """An opening balance is not stated and none is made up."""
    statement = _statement(_file(_ONE))
    assert (statement.format, statement.bank, statement.account) == ("ofx.102", "Bank van de Gracht", _ACCOUNT)
    assert (statement.currency, statement.number, statement.opening) == ("EUR", None, None)
    assert statement.closing is not None
    assert (statement.closing.date, statement.closing.amount_minor) == (dt.date(2026, 1, 31), 8750)
    (line,) = statement.lines
    assert (line.amount_minor, line.booked_on, line.bank_reference) == (-1250, dt.date(2026, 1, 5), "F1")
    assert (line.name, line.text, line.type_code) == ("Kiosk Riet", "thee", "DEBIT")


def test_a_payee_may_be_a_name_alone() -> None:
    """It should hold the name in a tag of its own; where it does not, what follows is no part of it."""
    line = _only(_ONE.replace("<NAME>Kiosk Riet", "<PAYEE>Kiosk Riet</PAYEE>"))
    assert (line.name, line.text) == ("Kiosk Riet", "thee")


def test_both_syntaxes_say_the_same() -> None:
    """XML closes every tag, SGML leaves values open, and files mix them."""
    closed = _ONE.replace("<DTPOSTED>20260105", "<DTPOSTED>20260105</DTPOSTED>").replace("thee<", "thee</MEMO><")
    assert _statement(_file(closed, header=_XML)).lines == _statement(_file(_ONE)).lines
    assert _statement(_file(closed, header=_XML)).format == "ofx.211"
    assert _statement(_file(_ONE, header="")).format == "ofx"


def test_a_credit_card_is_an_account_too() -> None:
    """Its aggregates have other names."""
    data = _file(_ONE).replace(b"STMTRS>", b"CCSTMTRS>").replace(b"BANKACCTFROM", b"CCACCTFROM")
    assert _statement(data).account == _ACCOUNT


def test_the_other_partys_account_is_read() -> None:
    """From the aggregate that Dutch banks fill."""
    line = _only(_ONE.replace("<MEMO>", "<BANKACCTTO><ACCTID>NL91 ABNA 0417164300</BANKACCTTO><MEMO>"))
    assert (line.iban, line.text) == ("NL91ABNA0417164300", "thee")
    assert _only(_ONE.replace("<NAME>Kiosk Riet", "<PAYEE><NAME>Kiosk Riet</PAYEE>")).name == "Kiosk Riet"


@pytest.mark.parametrize(
    ("written", "amount_minor"),
    [("-80", -8000), ("+12.34", 1234), ("-200,00", -20_000), ("12.3400", 1234), (" .5 ", 50), ("0.00", 0)],
)
def test_amounts_with_either_mark_are_read(written: str, amount_minor: int) -> None:
    """Point or comma, with or without a sign."""
    assert _only(_ONE.replace("-12.50", written)).amount_minor == amount_minor


@pytest.mark.parametrize("written", ["$120", "1.250", "1,2,3", "1e3", "--1", "NaN", "", "-", ".", "0.001"])
def test_an_amount_that_is_none_or_two_is_refused(written: str) -> None:
    """The place is the line of the file and the transaction."""
    with pytest.raises(MalformedFile, match=r"line 10 \(transaction 1\): .*amount"):
        read(_file(_ONE.replace("-12.50", written)))


@pytest.mark.parametrize(
    "written", ["20260105", "20260105120000", "20260105120000.000[-5:EST]", "202601051120", "20260105[0:GMT]"]
)
def test_the_day_is_the_banks_own(written: str) -> None:
    """Whatever time and zone stand behind it."""
    assert _only(_ONE.replace("20260105", written)).booked_on == dt.date(2026, 1, 5)


@pytest.mark.parametrize("written", ["20260231", "2026-01-05", "201120000000", "", "x"])
def test_a_day_that_is_none_is_refused(written: str) -> None:
    """Dates are never guessed."""
    with pytest.raises(MalformedFile, match=r"\(transaction 1\): .*date"):
        read(_file(_ONE.replace("20260105", written)))


def test_a_value_date_is_read() -> None:
    """DTAVAIL says when the money counts."""
    assert _only(_ONE.replace("<TRNAMT>", "<DTAVAIL>20260107<TRNAMT>")).valued_on == dt.date(2026, 1, 7)


def test_trap_03_repeated_or_missing_reference_loses_no_line() -> None:
    """FITID may be empty, or the same for two payments."""
    lines = (_ONE, _ONE, _ONE.replace("F1", ""))
    assert [line.bank_reference for line in _statement(_file(*lines)).lines] == ["F1", "F1", None]


def test_lines_come_oldest_first() -> None:
    """A file from new to old is turned as a whole, so that one day's lines keep their order."""
    lines = [
        _ONE.replace("20260105", f"2026010{day}").replace("F1", name) for day, name in ((7, "c"), (6, "b"), (6, "a"))
    ]
    assert [line.bank_reference for line in _statement(_file(*lines)).lines] == ["a", "b", "c"]


def test_trap_12_pending_what_is_not_booked_yet_stands_apart() -> None:
    """STMTTRNP is pending."""
    statement = _statement(_file(_ONE, "<STMTTRNP><DTTRAN>20260131<TRNAMT>-1.00<NAME>x</STMTTRNP>"))
    assert ([line.amount_minor for line in statement.lines], len(statement.pending)) == ([-1250], 1)


def test_a_correction_is_a_problem() -> None:
    """A book that never erases cannot replace a line by itself."""
    statement = _statement(_file(_ONE.replace("<NAME>", "<CORRECTFITID>F0<CORRECTACTION>REPLACE<NAME>")))
    assert [problem.code for problem in statement.problems] == ["other"]
    assert [line.returned for line in statement.lines] == [True]
    assert not _only(_ONE).returned


def test_trap_11_several_accounts_and_empty_statements_stand_apart() -> None:
    """A current account and a card without transactions in one file."""
    card = (
        "<CREDITCARDMSGSRSV1><CCSTMTRS><CURDEF>USD<CCACCTFROM><ACCTID>4111</CCACCTFROM></CCSTMTRS></CREDITCARDMSGSRSV1>"
    )
    found = [
        (one.account, one.currency, len(one.lines), one.problems)
        for one in read(_file(_ONE).replace(b"</OFX>", card.encode() + b"</OFX>"))
    ]
    assert found == [(_ACCOUNT, "EUR", 1, ()), ("4111", "USD", 0, ())]


def test_a_statement_without_an_account_names_none() -> None:
    """Whoever books it must say which one it is."""
    assert _statement(_file(_ONE).replace(_ACCOUNT.encode(), b"")).account is None


def test_a_long_file_is_read_from_the_disk_and_kept_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the file nor its lines need to be in memory, whichever way the days run."""
    monkeypatch.setattr(spool, "IN_MEMORY", 20)
    days = [_ONE.replace("20260105", f"202601{day:02d}") for day in range(1, 29) for _ in range(4)]
    for lines in (days, days[::-1]):
        with tempfile.TemporaryFile() as file:
            file.write(_file(*lines))
            file.flush()
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
                (statement,) = read_ofx(mapped)
        assert isinstance(statement.lines, Kept)
        assert [line.booked_on.day for line in statement.lines] == [day for day in range(1, 29) for _ in range(4)]


def test_comments_are_not_read() -> None:
    """A line that was commented out is not money."""
    assert len(_statement(_file(_ONE, f"<!-- {_ONE} -->")).lines) == 1


def test_marked_sections_and_entities_are_text() -> None:
    """CDATA and `&amp;` say what they stand for."""
    assert _only(_ONE.replace("thee", "<![CDATA[thee <&> koek]]>")).text == "thee <&> koek"
    assert _only(_ONE.replace("thee", "thee &amp; koek")).text == "thee & koek"
    assert _only(_ONE.replace("thee", "R&D &copy Zn &#8364;5 &lt;")).text == "R&D &copy Zn \u20ac5 <"


def test_old_characters_are_read() -> None:
    """Windows-1252 where it is not UTF-8, whatever the header says."""
    data = _file(_ONE.replace("thee", "caf\xe9"))
    assert _statement(data).lines[0].text == "café"
    assert _statement(data.decode().encode("cp1252")).lines[0].text == "café"


def test_another_currency_of_a_line_is_seen() -> None:
    """The amount is then in that currency, and the statement says that it does not fit."""
    statement = _statement(_file(_ONE.replace("<NAME>", "<CURRENCY><CURRATE>1<CURSYM>USD</CURRENCY><NAME>")))
    assert [problem.code for problem in statement.problems] == ["currency"]


def test_a_statement_that_something_around_it_ends_is_refused() -> None:
    """A stray tag before it would swallow it with its transactions."""
    data = _file(_ONE).replace(b"<OFX>", b"<OFX><BANKTRANLIST>").replace(b"<BANKTRANLIST><DTSTART>", b"<DTSTART>")
    with pytest.raises(MalformedFile, match="ends before the statement"):
        read(data)


def test_a_currency_that_is_no_code_is_not_stated() -> None:
    """Damaged letters are none; the currency of the first line stands in, where it has one."""
    data = _file(_ONE.replace("<NAME>", "<CURRENCY><CURSYM>EUR</CURRENCY><NAME>"), currency="E\x08UR")
    assert _statement(data).currency == "EUR"
    assert _statement(_file(currency="E\x08UR")).currency is None


def test_a_balance_without_amount_and_day_is_not_stated() -> None:
    """Some programs write the empty aggregate."""
    assert _statement(_file(_ONE, balance="<LEDGERBAL><BALAMT><DTASOF></LEDGERBAL>")).closing is None
    assert _statement(_file(_ONE, balance="<LEDGERBAL><BALAMT> <DTASOF>20260131</LEDGERBAL>")).problems == ()
    assert _statement(_file(_ONE, balance="<AVAILBAL><BALAMT>1.00<DTASOF>20260101</AVAILBAL>")).closing is None


@pytest.mark.parametrize("day", ["<DTASOF>00000000", "<DTASOF>", ""])
def test_a_balance_without_a_day_is_left_out_and_said_so(day: str) -> None:
    """Some banks write zeros."""
    statement = _statement(_file(_ONE, balance=f"<LEDGERBAL><BALAMT>0,00{day}</LEDGERBAL>"))
    assert statement.closing is None
    assert [problem.code for problem in statement.problems] == ["other"]


def test_letters_of_an_unknown_character_set_are_left_out() -> None:
    """Amounts and dates are certain all the same; the statement says so."""
    statement = _statement(_file(_ONE).replace(b"thee", b"th\x81"))
    assert statement.lines[0].text == "th\ufffd"
    assert [problem.code for problem in statement.problems] == ["other"]


@pytest.mark.parametrize(
    ("header", "written"),
    [
        ("OFXHEADER:100DATA:OFXSGMLVERSION:103SECURITY:NONEENCODING:USASCIICHARSET:NONE", "ofx.103"),
        ("OFXHEADER:100 DATA:OFXSGML VERSION:151 ENCODING:UTF-8 CHARSET:NONE ", "ofx.151"),
        ("OFXHEADER:100\r\nVERSION:160\r\nCHARSET:ISO-8859-1\r\n\r\n", "ofx.160"),
        ('<?xml version="1.0" encoding="iso-8859-1"?>\n', "ofx"),
        ("<?xml version='1.0'?><?OFX OFXHEADER='200' VERSION='220' SECURITY='NONE'?>", "ofx.220"),
    ],
)
def test_headers_of_every_kind_are_read(header: str, written: str) -> None:
    """On one line or on many, without a character set, or with a prolog only."""
    statement = _statement(_file(_ONE.replace("thee", "caf\xe9"), header=header).decode().encode("cp1252"))
    assert (statement.format, statement.lines[0].text, statement.lines[0].amount_minor) == (written, "café", -1250)


def test_an_amount_in_a_foreign_currency_is_told_from_what_it_was_before() -> None:
    """CURRENCY says what the amount is in, ORIGCURRENCY what it was converted from; Intuit's own tags mean nothing."""
    was = "<ORIGCURRENCY><CURRATE>1.1<CURSYM>USD</ORIGCURRENCY><INTU.BID>3000<NAME>"
    assert _only(_ONE.replace("<NAME>", was)).currency == "EUR"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (_file(_ONE, balance="<LEDGERBAL><BALAMT>R$ 87<DTASOF>20260131</LEDGERBAL>"), "the amount"),
        (_file(_ONE, balance="<LEDGERBAL><BALAMT>1.00<DTASOF>31/01/2026</LEDGERBAL>"), "the date"),
        (b"<OFX><STMTRS><BANKTRANLIST></BANKTRANLIST></STMTRS></OFX>", "says nothing"),
        (_file(_ONE, currency=""), "currency"),
        (_file(_ONE.replace("</STMTTRN>", ""), _ONE), "does not end before the next"),
        (_file(_ONE).replace(b"</STMTTRN>", b""), "1 transactions, of which 0"),
        (_file(_ONE)[:-60], "in the middle of a statement"),
        (_ONE.join(("<OFX>", "</OFX>")).encode(), "outside any statement"),
        (_file(_ONE).replace(b"<BANKTRANLIST>", b"<CCSTMTRS>"), "inside another"),
        (_file(_ONE, "<!-- "), "does not end"),
        (_file(_ONE, "<![CDATA["), "does not end"),
        (_file(_ONE, "<STMTTRN ><DTPOSTED>20260101<TRNAMT>1.00</STMTTRN>"), "1 transactions, of which 2"),
        (_file(_ONE.replace("<NAME>", "<TRNAMT>1.00<NAME>")), "two amounts"),
        (_file(_ONE.replace("<TRNAMT>", "<TRNAMT >")), "do not make the sum"),
        (_file("<STATUS>" * 30, _ONE), "too many tags"),
    ],
)
def test_a_file_that_cannot_be_read_in_full_is_refused(data: bytes, why: str) -> None:
    """The refusal says why."""
    with pytest.raises(MalformedFile, match=why):
        read_ofx(data)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"<OFX><INVSTMTMSGSRSV1><INVSTMTRS></INVSTMTRS></OFX>", "investment account"),
        (b"<OFX><STATUS><CODE>2000<SEVERITY>ERROR</STATUS></OFX>", "answered with an error"),
        (b"<OFX></NEVER></STATUS><A>1</OFX>", "without a statement"),
    ],
)
def test_a_file_without_a_bank_statement_is_named(data: bytes, why: str) -> None:
    """Investments, errors and empty answers hold nothing to book."""
    with pytest.raises(UnknownFormat, match=why):
        read(data)


def test_trap_14_hostile_doctype_is_refused() -> None:
    """No entity is ever declared in a bank's file."""
    with pytest.raises(ForbiddenContent, match="DOCTYPE"):
        read(_file(_ONE, header=_XML + '<!DOCTYPE x [<!ENTITY a "b">]>'))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_another_reader_agrees() -> None:
    """ofxparse, which shares no code with ours, finds the same."""
    lines = [_ONE.replace("F1", f"F{n}").replace("-12.50", f"{n - 3}.{n:02d}") for n in range(9)]
    data = _file(*lines)
    theirs = ofxparse.OfxParser.parse(io.BytesIO(data)).account.statement
    ours = _statement(data)
    assert [(t.id, int(t.amount * 100), t.date.date(), t.memo) for t in theirs.transactions] == [
        (line.bank_reference, line.amount_minor, line.booked_on, line.text) for line in ours.lines
    ]
    assert ours.closing is not None
    assert int(theirs.balance * 100) == ours.closing.amount_minor


@given(st.binary(max_size=300), st.integers(0, 900))
def test_any_bytes_end_in_statements_or_a_refusal(noise: bytes, place: int) -> None:
    """Noise anywhere in a file leaks no other error."""
    data = _file(_ONE)
    try:
        read_ofx(data[:place] + noise + data[place:])
    except UnreadableFile as refusal:
        assert str(refusal)  # noqa: PT017 - either outcome is right


@given(st.lists(st.integers(-(10**11), 10**11), max_size=20))
def test_amounts_come_back_as_they_were_written(amounts: list[int]) -> None:
    """Written as OFX and read again."""
    written = [f"{'-' if n < 0 else ''}{abs(n) // 100}.{abs(n) % 100:02d}" for n in amounts]
    statement = _statement(_file(*(_ONE.replace("-12.50", one) for one in written)))
    assert [line.amount_minor for line in statement.lines] == amounts
