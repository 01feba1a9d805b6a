"""Rabobank's CSV: both languages, several accounts, and the balance after every row."""

from __future__ import annotations

import datetime as dt

import pytest

from importers.errors import MalformedFile
from importers.reading import read

_ACCOUNT = "NL18RABO0123459876"
_OTHER = "NL56RABO0987654321"
_DUTCH = (
    '"IBAN/BBAN","Munt","BIC","Volgnr","Datum","Rentedatum","Bedrag","Saldo na trn","Tegenrekening IBAN/BBAN",'
    '"Naam tegenpartij","Naam uiteindelijke partij","Naam initiërende partij","BIC tegenpartij","Code","Batch ID",'
    '"Transactiereferentie","Machtigingskenmerk","Incassant ID","Betalingskenmerk","Omschrijving-1",'
    '"Omschrijving-2","Omschrijving-3","Reden retour","Oorspr bedrag","Oorspr munt","Koers"'
)
_ENGLISH = ",".join(
    ['"IBAN/BBAN"', '"Ccy"', '"BIC"', '"Seq No"', '"Date"', '"Value Date"', '"Amount"', '"Bal After Bkng"']
    + [f'"Column {place}"' for place in range(8, 26)]
)


def _row(number: int, amount: str, running: str, account: str = _ACCOUNT, day: str = "2026-01-05") -> str:
    cells = [account, "EUR", "RABONL2U", f"{number:018d}", day, day, amount, running, "NL91ABNA0417164300"]
    cells += [
        "Kiosk Riet",
        "",
        "",
        "ABNANL2A",
        "ei",
        "",
        "T-1",
        "M-2",
        "NL32ZZZ999999991234",
        "9001",
        "thee",
        "en",
        " ",
    ]
    return ",".join(f'"{cell}"' for cell in [*cells, "", "", "", ""])


def _file(*rows: str, header: str = _DUTCH, encoding: str = "utf-8") -> bytes:
    return "\r\n".join([header, *rows, ""]).encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_row_says_what_its_columns_say(encoding: str) -> None:
    """Signed amount, three columns of text, and Volgnr as the bank's reference; new files and old."""
    (statement,) = read(_file(_row(1, "-12,50", "+87,50"), encoding=encoding))
    assert (statement.bank, statement.account, statement.currency) == ("Rabobank", _ACCOUNT, "EUR")
    (line,) = statement.lines
    assert (line.amount_minor, line.booked_on, line.valued_on) == (-1250, dt.date(2026, 1, 5), dt.date(2026, 1, 5))
    assert (line.name, line.iban, line.text) == ("Kiosk Riet", "NL91ABNA0417164300", "thee en")
    assert (line.mandate, line.creditor_id, line.end_to_end_id) == ("M-2", "NL32ZZZ999999991234", "9001")
    assert (line.bank_reference, line.type_code, line.running_minor) == ("000000000000000001", "ei", 8750)


def test_the_english_file_says_the_same() -> None:
    """Its columns are known by their places where their names are not."""
    rows = (_row(1, "-12,50", "+87,50"), _row(2, "+1,00", "+88,50"))
    assert read(_file(*rows, header=_ENGLISH)) == read(_file(*rows))


def test_accounts_of_one_file_stand_apart() -> None:
    """Each has its own chain of balances."""
    rows = (_row(1, "-1,00", "+9,00"), _row(7, "+5,00", "+5,00", _OTHER), _row(2, "-1,00", "+8,00"))
    first, second = read(_file(*rows))
    assert (first.account, second.account) == (_ACCOUNT, _OTHER)
    assert (first.problems, second.problems) == ((), ())
    assert first.opening is not None
    assert first.closing is not None
    assert (first.opening.amount_minor, first.closing.amount_minor) == (1000, 800)


def test_a_missing_row_is_a_problem() -> None:
    """The balance after a row does not continue."""
    (statement,) = read(_file(_row(1, "-1,00", "+9,00"), _row(3, "-1,00", "+7,00")))
    assert [problem.code for problem in statement.problems] == ["balance"]


def test_twins_are_two_payments() -> None:
    """Equal rows but for number and balance."""
    (statement,) = read(_file(_row(1, "-1,00", "+9,00"), _row(2, "-1,00", "+8,00")))
    assert [line.amount_minor for line in statement.lines] == [-100, -100]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (_row(1, "-1,00", "+9,00").replace(_ACCOUNT[-2:] + '"', '67"', 1)[1:], "quotation marks"),
        (_row(1, "1.250", "+9,00"), "thousands or decimals"),
        (_row(1, "-1,00", "+9,00", day="2026-02-30"), "no date"),
        (_row(1, "-1,00", "+9,00").replace('"EUR"', '""'), "currency"),
        ('"NL18"', "columns"),
    ],
)
def test_a_damaged_row_is_refused_with_its_line(row: str, why: str) -> None:
    """Whole file or nothing; the refusal names the line."""
    with pytest.raises(MalformedFile, match=f"In line 2: .*{why}"):
        read(_file(row))


def test_a_lost_quotation_mark_makes_no_other_account() -> None:
    """In a real file a row lacks its first quotation mark; the check digits say that nothing else of it is lost."""
    (statement,) = read(_file(_row(1, "-1,00", "+9,00"), _row(2, "-2,00", "+7,00")[1:]))
    assert (statement.account, statement.problems) == (_ACCOUNT, ())
    assert [line.amount_minor for line in statement.lines] == [-100, -200]


def test_a_line_with_a_reason_of_return_gives_back_an_earlier_one() -> None:
    """Rabobank has a column of its own for it, in every language in the same place."""
    back = _row(2, "+5,00", "+14,00")[: -len(',"","","",""')] + ',"MD06","","",""'
    (statement,) = read(_file(_row(1, "-5,00", "+9,00"), back))
    assert [line.returned for line in statement.lines] == [False, True]
