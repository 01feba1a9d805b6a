"""MT940 and MT942: dialects, signs, dates, pages, and what is refused."""

from __future__ import annotations

import datetime as dt
import logging
from typing import TYPE_CHECKING

import mt940
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.errors import FileTooLarge
from importers.errors import MalformedFile
from importers.errors import UnreadableFile
from importers.mt940 import read_mt940
from importers.mt940_totals import total_problems
from importers.reading import read
from importers.statement import Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from importers.statement import Statement

_ACCOUNT = "NL18RABO0123459876"
_PAYEE = "NL91ABNA0417164300"


def _file(*fields: str, opening: str = "C260101EUR100,00", closing: str = "C260131EUR100,00") -> bytes:
    head = [":20:STMT", f":25:{_ACCOUNT}", ":28C:3/1", f":60F:{opening}"]
    return "\r\n".join([*head, *fields, f":62F:{closing}", "-", ""]).encode()


def _only(*fields: str) -> Line:
    statement = _statement(_file(*fields))
    assert len(statement.lines) == 1
    return statement.lines[0]


def _statement(data: bytes) -> Statement:
    (statement,) = read(data)
    return statement


def test_a_statement_says_what_the_file_says() -> None:
    """Account, currency, number, both balances and one line; nothing is a problem."""
    statement = _statement(_file(":61:2601050105D12,50NTRFNONREF//B1", ":86:stoelen", closing="C260131EUR87,50"))
    assert (statement.format, statement.bank, statement.account) == ("mt940", "Rabobank", _ACCOUNT)
    assert (statement.currency, statement.number, statement.problems) == ("EUR", "3", ())
    assert statement.opening is not None
    assert (statement.opening.date, statement.opening.amount_minor) == (dt.date(2026, 1, 1), 10_000)
    (line,) = statement.lines
    assert (line.amount_minor, line.text, line.bank_reference, line.type_code) == (-1250, "stoelen", "B1", "NTRF")


@pytest.mark.parametrize(
    ("mark", "amount_minor"),
    [
        *[("C", 100), ("D", -100), ("c", 100), ("d", -100), ("CR", 100), ("DR", -100)],
        *[("RC", -100), ("RD", 100), ("rD", 100), ("rc", -100)],
    ],
)
def test_trap_06_reversals_the_mark_decides_the_sign(mark: str, amount_minor: int) -> None:
    """Small letters mean the same, a reversal the opposite, and the currency's third letter nothing."""
    line = _only(f":61:2601050105{mark}1,00NTRFNONREF", ":86:x")
    assert line.amount_minor == amount_minor
    assert (line.reversal, line.returned) == (mark[0] in "Rr",) * 2


def test_trap_07_lowercase_mark_is_a_debit_all_the_same() -> None:
    """As ABN AMRO wrote it; two such lines are two payments."""
    lines = _statement(_file(*(":61:1205120514d1,01N192NONREF", ":86:x") * 2)).lines
    assert [(line.amount_minor, line.booked_on) for line in lines] == [(-101, dt.date(2012, 5, 14))] * 2


def test_trap_12_pending_an_expected_line_is_not_booked() -> None:
    """EC and ED announce; they stand apart."""
    statement = _statement(_file(":61:2601050105ED1,00NTRFNONREF", ":86:x"))
    assert statement.lines == ()
    assert [line.amount_minor for line in statement.pending] == [-100]


@pytest.mark.parametrize(
    ("written", "amount_minor"),
    [
        ("1,", 100),
        ("0,", 0),
        ("0,5", 50),
        ("1", 100),
        ("1,5", 150),
        ("000000000127.50", 12_750),
        ("0000000000000000,00", 0),
    ],
)
def test_amounts_of_every_bank_are_read(written: str, amount_minor: int) -> None:
    """Comma or point, none or some decimals, any number of zeros before."""
    assert _only(f":61:260105C{written}N102NONREF", ":86:x").amount_minor == amount_minor


@pytest.mark.parametrize("written", ["1.250", "1,250", "1,2,3", "1,001", "1234567890123456,00"])
def test_an_amount_with_two_meanings_is_refused(written: str) -> None:
    """The place is the line of the file."""
    with pytest.raises(MalformedFile, match="In line 5: the amount"):
        read(_file(f":61:260105C{written}N102NONREF", ":86:x"))


@pytest.mark.parametrize(
    ("dates", "booked_on", "valued_on"),
    [
        ("1401011229", dt.date(2013, 12, 29), dt.date(2014, 1, 1)),
        ("1312310102", dt.date(2014, 1, 2), dt.date(2013, 12, 31)),
        ("140105", dt.date(2014, 1, 5), dt.date(2014, 1, 5)),
        ("140105    ", dt.date(2014, 1, 5), dt.date(2014, 1, 5)),
        ("1602300301", dt.date(2016, 3, 1), dt.date(2016, 2, 29)),
        ("1602290229", dt.date(2016, 2, 29), dt.date(2016, 2, 29)),
        ("991231", dt.date(1999, 12, 31), dt.date(1999, 12, 31)),
    ],
)
def test_trap_04_year_boundary_the_booking_date_is_nearest_to_the_value_date(
    dates: str, booked_on: dt.date, valued_on: dt.date
) -> None:
    """It has no year of its own; without it the value date is the day; 30 February is the month's last day."""
    line = _only(f":61:{dates}C1,00NTRFNONREF", ":86:x")
    assert (line.booked_on, line.valued_on) == (booked_on, valued_on)


@pytest.mark.parametrize("dates", ["261301", "2601051399", "260105ABCD"])
def test_a_day_that_does_not_exist_is_refused(dates: str) -> None:
    """A file with such a date is damaged."""
    with pytest.raises(MalformedFile, match="In line 5: "):
        read(_file(f":61:{dates}C1,00NTRFNONREF", ":86:x"))


def test_abn_amro_codes_are_read_though_folded_in_a_word() -> None:
    """A line of 65 characters runs on in the next."""
    details = (
        f"/TRTP/SEPA OVERBOEKING/IBAN/{_PAYEE}/BIC/ABNANL2A/NAME/Bakkerij Korenmijt/REMI/brood voor de lunch/EREF/E-77"
    )
    folded = [details[place : place + 65] for place in range(0, len(details), 65)]
    line = _only(":61:2601050105D1,00N654NONREF", ":86:" + folded[0], *folded[1:])
    assert (line.name, line.iban, line.text) == ("Bakkerij Korenmijt", _PAYEE, "brood voor de lunch")
    assert line.end_to_end_id == "E-77"


def test_ing_codes_are_read() -> None:
    """CNTP holds account, BIC and name; the words stand after USTD; the bank's reference after two slashes."""
    line = _only(
        ":61:2601050105D1,00NDDTEREF//00000000001005",
        "/TRCD/01016/",
        f":86:/EREF/E-1//MARF/M-2//CSID/NL32ZZZ999999991234//CNTP/{_PAYEE}/ABNANL2A/Zaal Glimworm///REMI/USTD//zaal/",
    )
    assert (line.name, line.iban, line.text) == ("Zaal Glimworm", _PAYEE, "zaal")
    assert (line.end_to_end_id, line.mandate, line.creditor_id) == ("E-1", "M-2", "NL32ZZZ999999991234")
    assert line.bank_reference == "00000000001005"


def test_a_structured_reference_is_the_text() -> None:
    """REMI/STRD/CUR/ says only how the reference is written."""
    assert _only(":61:260105C1,00NTRFX", ":86:/EREF/1//REMI/STRD/CUR/9001123412341234/").text == "9001123412341234"


def test_rabobank_has_the_account_on_the_second_line() -> None:
    """The file begins with :940: and needs no BIC."""
    data = b":940:\r\n" + _file(
        ":61:260105C000000000001,00N541NONREF", _PAYEE, ":86:/ORDP//NAME/Snoek & Zn/REMI/huur/ISDT/2026-01-05"
    )
    (line,) = _statement(data).lines
    assert (line.name, line.iban, line.text, line.bank_reference) == ("Snoek & Zn", _PAYEE, "huur", None)


def test_old_rabobank_has_account_and_name_in_columns() -> None:
    """Sixteen characters of account, then the name; the text has several fields 86."""
    line = _only(":61:260105D1,00N0440121470966      W. VISDIEF", ":86:terug", ":86:boeking")
    assert (line.iban, line.name, line.text) == ("0121470966", "W. VISDIEF", "terug boeking")
    assert _only(":61:260105D1,00N030NONREF          KIOSK RIET", ":86:x").iban is None


def test_sns_has_the_account_in_field_61_and_a_name_below() -> None:
    """The text repeats both; they are left out of the words."""
    line = _only(
        f":61:2601050105D1,00NINC{_PAYEE}",
        "waterhuis",
        f":86:{_PAYEE} waterhuis",
        " " * 65,
        "Europese incasso door:WATERHUIS NL-rekening-Incassant ID: NL84ZZZ0".ljust(65)[:65],
        "50695810000-Kenmerk Machtiging: W-9",
    )
    assert (line.iban, line.name, line.mandate) == (_PAYEE, "waterhuis", "W-9")
    assert line.text is not None
    assert line.text.startswith("Europese incasso door")


def test_triodos_fields_are_numbered() -> None:
    """With BIC and IBAN in 20 and 21, else the account in 10."""
    line = _only(":61:260105C1,00NET NONREF", ":86:000>100000000000", ">20TRIONL2U", f">21{_PAYEE}", ">22ZAAL >23HUUR")
    assert (line.iban, line.text) == (_PAYEE, "ZAAL HUUR")
    line = _only(":61:260105C1,00NET NONREF", ":86:000>100987654321>20ALGEMEEN")
    assert (line.iban, line.text) == ("0987654321", "ALGEMEEN")


def test_german_fields_are_numbered_too() -> None:
    """A question mark instead, and a name in 32 and 33."""
    line = _only(":61:260105D1,00NMSC", ":86:105?00LASTSCHRIFT?20STROM?31DE89370400440532013000?32STADT?33WERK")
    assert (line.name, line.iban, line.text) == ("STADTWERK", "DE89370400440532013000", "STROM")


def test_knab_labels_stand_at_the_end() -> None:
    """REK and NAAM follow the payer's words."""
    line = _only(":61:2601050105D1,00NTRFNONREF//B4G", ":86:FACTUUR 12", f"REK: {_PAYEE}/NAAM: DRUKKERIJ INKTVIS")
    assert (line.text, line.iban, line.name) == ("FACTUUR 12", _PAYEE, "DRUKKERIJ INKTVIS")


def test_plain_text_stays_whole() -> None:
    """Slashes that are no codes, and no field 86 at all, are fine."""
    assert _only(":61:260105D1,00NMSCNONREF", ":86:/PT/FT/PY/SOMETHING").text == "/PT/FT/PY/SOMETHING"
    assert _only(":61:260105D1,00NMSCNONREF").text is None


def test_a_payer_cannot_forge_a_code() -> None:
    """What the bank said before the words, or once more after them, is not replaced by what stands in them."""
    line = _only(
        ":61:2601050105C1,00N654NONREF",
        f":86:/TRTP/SEPA/IBAN/{_PAYEE}/NAME/Kade/REMI/hallo /IBAN/NL00X/NAME/Ander/EREF/vals/EREF/E-1",
    )
    assert (line.iban, line.name, line.end_to_end_id) == (_PAYEE, "Kade", "E-1")
    assert line.text is not None
    assert "Ander" in line.text


def test_a_time_of_day_at_a_fold_is_not_a_tag() -> None:
    """`:20:` inside a text begins no statement, unless an account follows."""
    line = _only(":61:260105D1,00NMSCNONREF", ":86:gepind om 14", ":20:11 uur")
    assert line.text == "gepind om 14 :20:11 uur"


def test_trap_11_several_accounts_and_empty_statements_stand_apart() -> None:
    """In the order of the file; a statement without lines says that nothing happened, which is no problem."""
    other = _file().replace(_ACCOUNT.encode(), b"NL20INGB0001234567")
    found = [(one.account, len(one.lines), one.problems) for one in read(_file() + other)]
    assert found == [(_ACCOUNT, 0, ()), ("NL20INGB0001234567", 0, ())]


def test_trap_09_balances_lines_that_do_not_make_the_closing_one_are_a_problem() -> None:
    """The file is read, and its statement says so."""
    assert [one.code for one in _statement(_file(":61:260105D1,00NMSCNONREF", ":86:x")).problems] == ["balance"]


def test_a_statement_without_an_end_is_a_problem() -> None:
    """A download that broke off between two lines would lose the rest; what it has is still read."""
    data = _file(":61:2601050105D12,50NTRFNONREF//B1", ":86:stoelen", closing="C260131EUR87,50")
    statement = _statement(data.partition(b":62F:")[0])
    assert [problem.code for problem in statement.problems] == ["missing_page"]
    assert len(statement.lines) == 1


_FIRST = _file(closing="C260131EUR100,00").replace(b":62F:", b":62M:")
_SECOND = _file(opening="C260131EUR100,00").replace(b":60F:", b":60M:").replace(b"3/1", b"3/2")


def test_pages_that_follow_each_other_are_complete() -> None:
    """An interim balance at the end of one and at the beginning of the next."""
    assert [one.problems for one in read(_FIRST + _SECOND)] == [(), ()]


@pytest.mark.parametrize("data", [_FIRST, _SECOND, _file().replace(b"3/1", b"3/3"), _FIRST + _file()])
def test_trap_10_missing_page_is_a_problem(data: bytes) -> None:
    """Interim balances without the other half, or a later page alone."""
    assert "missing_page" in [problem.code for one in read(data) for problem in one.problems]


@pytest.mark.parametrize(
    ("written", "number"),
    [("3/1", "3"), ("00005", "5"), ("0000", None), ("31/1", "31/1"), ("13501/1", "13501/1"), ("rest", None)],
)
def test_only_a_number_that_counts_is_a_number(written: str, number: str | None) -> None:
    """A day of the year (here 31 January) skips days, so it keeps its page and is not counted on."""
    assert _statement(_file().replace(b"3/1", written.encode())).number == number


@pytest.mark.parametrize(
    ("total", "codes"),
    [
        ("/SUM/1/2/1,00/5,00/", []),
        ("/SUM/2/2/1,00/5,00/", ["summary"]),
        ("/SUM/1/2/1,00/6,00/", ["summary"]),
        ("D000001C000002D1,00C5,00", []),
        ("D000001C000002D2,00C5,01", ["summary", "summary"]),
        ("/SUM/1/2/1,001/5,00/", []),
        ("anything", []),
    ],
)
def test_the_banks_own_totals_are_held_against_the_lines(total: str, codes: list[str]) -> None:
    """ING's field 86 after the closing balance counts and adds both sides; what cannot be read states nothing."""
    lines = (":61:260105D1,00NMSCX", ":86:a", ":61:260105C2,00NMSCX", ":86:b", ":61:260105C3,00NMSCX", ":86:c")
    data = _file(*lines, closing="C260131EUR104,00").replace(b"\r\n-", f"\r\n:86:{total}\r\n-".encode())
    assert [problem.code for problem in _statement(data).problems] == codes


_INTERIM = (
    ":20:ST\n:25:NL18RABO0123459876\n:28C:1/1\n:34F:EURD0,00\n:34F:EURC0,00\n:13D:2601301730+0000\n"
    ":61:2601300130D0,42NTRFNONREF//1\n:86:rente\n:90D:1EUR0,42\n:90C:0EUR0,00\n-\n"
)


def test_an_interim_report_has_totals_instead_of_balances() -> None:
    """MT942."""
    statement = _statement(_INTERIM.encode())
    assert (statement.format, statement.opening, statement.problems) == ("mt942", None, ())
    wrong = _statement(_INTERIM.replace("1EUR0,42", "1EUR0,43").encode())
    assert [problem.code for problem in wrong.problems] == ["summary"]


def test_many_totals_are_compared_as_quickly_as_one() -> None:
    """A file of nothing but totals does not walk along the lines for each of them."""
    walks = []

    class Walked(list[Line]):
        def __iter__(self) -> Iterator[Line]:
            walks.append(1)
            return super().__iter__()

    lines = Walked(_statement(_INTERIM.encode()).lines)
    assert len(total_problems([("90D", "1EUR0,42"), ("90C", "1EUR0,01")] * 500, lines)) == 500
    assert len(walks) <= 2


def test_the_envelope_names_the_bank() -> None:
    """ABN AMRO writes its old number under its BIC."""
    data = b"ABNANL2A\r\n940\r\nABNANL2A\r\n" + _file().replace(_ACCOUNT.encode(), b"517852257")
    assert (_statement(data).account, _statement(data).bank) == ("NL20ABNA0517852257", "ABN AMRO")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (_file(":61:no line"), "In line 5: the line"),
        (_file().replace(b":25:", b":25:X\r\n:25:"), "account.*twice"),
        (_file().replace(b":60F:", b":60F:C260101EUR1,00\r\n:60F:"), "two opening balances"),
        (_file().replace(b":62F:", b":62F:C260131EUR1,00\r\n:62F:"), "outside any statement|two closing balances"),
        (_file().replace(b":60F:C260101EUR", b":60F:X"), "the balance"),
        (_file(closing="C260131USD100,00"), "different currencies"),
        (_file().replace(b"-\r\n", b":61:260105C1,00NMSCX\r\n"), "after the closing balance"),
        (_file(":61:260105C1,00NMSCX").replace(b":60F:", b":64:").replace(b":62F:", b":64:"), "says the currency"),
        (_file().replace(b":60F:", b":64:").replace(b":62F:", b":64:"), "neither a balance .* nor a line"),
        (_file() + b":61:260105C1,00NMSCX\r\n", "outside any statement"),
        (_file() + b":86:x\r\n", "outside any statement"),
        (_INTERIM.replace(":34F:EURD", ":34F:1").encode(), "code of three letters"),
        (b":20:X\n", "neither a balance .* nor a line"),
        (b":86:x\n", "outside any statement"),
        (b":61:260105C1,00NMSCX\n", "outside any statement"),
    ],
)
def test_a_file_that_cannot_be_read_in_full_is_refused(data: bytes, why: str) -> None:
    """The refusal names the place and the reason."""
    with pytest.raises(MalformedFile, match=why):
        read(data)


def test_a_file_without_any_statement_is_refused() -> None:
    """An envelope alone holds nothing."""
    with pytest.raises(MalformedFile, match="no statement in it"):
        read_mt940(b"{1:F01INGBNL2ABXXX0000000000}\n-}\n")


def test_lines_that_were_not_read_are_noticed() -> None:
    """A text folded before something that looks like a line is refused where the counts differ."""
    data = _file(":61:260105C1,00NMSCX", ":86:tekst").replace(b"tekst\r\n", b"tekst\r\n :61:\r\n")
    assert len(_statement(data).lines) == 1
    with pytest.raises(MalformedFile, match=r"of which 1 could be read|In line"):
        read(_file(":61:260105C1,00NMSCX", ":86:tekst", ":61:2601 x"))


def test_a_line_that_does_not_end_is_refused() -> None:
    """No bank writes 64 kB on one line."""
    with pytest.raises(FileTooLarge, match="does not end"):
        read(_file(":61:260105C1,00NMSCX", ":86:" + "x" * 70_000))


def test_another_reader_agrees() -> None:
    """mt-940, which shares no code with ours, finds the same days, amounts and balances."""
    fields = [f":61:26010{n}010{n}{'CD'[n % 2]}{n},{n}0NTRFNONREF//B{n}" for n in range(1, 10)]
    data = _file(*fields, closing="D260131EUR7,50")
    logging.getLogger("mt940").addHandler(logging.NullHandler())
    theirs = mt940.parse(data.decode(), options=mt940.Options.all())
    ours = _statement(data)
    assert [(one.data["entry_date"], int(one.data["amount"].amount * 100)) for one in theirs.transactions] == [
        (line.booked_on, line.amount_minor) for line in ours.lines
    ]
    assert ours.closing is not None
    assert int(theirs.data["final_closing_balance"].amount.amount * 100) == ours.closing.amount_minor


@given(st.binary(max_size=300), st.integers(0, 400))
def test_any_bytes_end_in_statements_or_a_refusal(noise: bytes, place: int) -> None:
    """Noise anywhere in a file leaks no other error."""
    data = _file(":61:2601050105D12,50NTRFNONREF//B1", "/TRCD/00100/", ":86:/EREF/1//REMI/USTD//x/")
    try:
        read_mt940(data[:place] + noise + data[place:])
    except UnreadableFile as refusal:
        assert str(refusal)  # noqa: PT017 - either outcome is right


@given(st.lists(st.integers(-(10**11), 10**11), max_size=20))
def test_amounts_come_back_as_they_were_written(amounts: list[int]) -> None:
    """Written as MT940 and read again, lines are the same and the balances close."""
    fields = [
        f":61:260105{'C' if amount >= 0 else 'D'}{abs(amount) // 100},{abs(amount) % 100:02d}NTRFNONREF//{number}"
        for number, amount in enumerate(amounts)
    ]
    total = 10_000 + sum(amounts)
    closing = f"{'C' if total >= 0 else 'D'}260131EUR{abs(total) // 100},{abs(total) % 100:02d}"
    statement = _statement(_file(*fields, closing=closing))
    assert [line.amount_minor for line in statement.lines] == amounts
    assert statement.problems == ()


def test_numbered_details_that_stand_there_twice_are_read_once() -> None:
    """One bank repeated them; no name is lost by that, and no word doubled."""
    details = (":86:166?00GUTSCHRIFT?20SVWZ+huur ?21januari?31DE89370400440532013000?32KADE", "?33 BV")
    line = _statement(_file(":61:2601050105C1,00NTRFNONREF", *details, *details)).lines[0]
    assert (line.name, line.text, line.iban) == ("KADE BV", "huur januari", "DE89370400440532013000")
    line = _statement(_file(":61:2601050105C1,00NTRFNONREF", ":86:huur", ":86:huur")).lines[0]
    assert line.text == "huur huur"
