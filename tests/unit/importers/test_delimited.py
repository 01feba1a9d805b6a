"""ING's CSV, trap by trap."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.errors import FileTooLarge
from importers.errors import MalformedFile
from importers.errors import UnreadableFile
from importers.reading import read
from importers.statement import Balance

if TYPE_CHECKING:
    from tests.unit.importers.conftest import IngWriter

_2020 = "Datum,Naam / Omschrijving,Rekening,Tegenrekening,Code,Af Bij,Bedrag (EUR),MutatieSoort,Mededelingen"
_SAVINGS = (
    "Datum;Omschrijving;Rekening;Rekening naam;Tegenrekening;Af Bij;Bedrag;Valuta;Mutatiesoort;Mededelingen;"
    "Saldo na mutatie"
)
_ENGLISH = (
    '"Date";"Name / Description";"Account";"Counterparty";"Code";"Debit/credit";"Amount (EUR)";"Transaction type";'
    '"Notifications";"Resulting balance";"Tag"'
)


def test_a_file_newest_first_comes_back_oldest_first(ing: IngWriter) -> None:
    """The running balances tell the order within a day, and give opening and closing."""
    data = ing.file(
        ing.row(-300, running="2,00", day="20250302"), ing.row(-200, running="5,00"), ing.row(100, running="7,00")
    )
    (statement,) = read(data)
    assert [line.amount_minor for line in statement.lines] == [100, -200, -300]
    assert [line.position for line in statement.lines] == [3, 2, 1]
    assert statement.opening == Balance(dt.date(2025, 3, 1), 600)
    assert statement.closing == Balance(dt.date(2025, 3, 2), 200)
    assert statement.problems == ()


def test_a_file_turned_around_is_read_the_same(ing: IngWriter) -> None:
    """A file that somebody sorted oldest first keeps that order, also within one day."""
    rows = [ing.row(100, running="7,00"), ing.row(-200, running="5,00"), ing.row(-300, running="2,00")]
    forwards, backwards = read(ing.file(*rows)), read(ing.file(*rows[::-1]))
    assert [line.amount_minor for line in forwards[0].lines] == [line.amount_minor for line in backwards[0].lines]


def test_a_missing_row_is_a_problem(ing: IngWriter) -> None:
    """The balance after a row does not continue from the row before."""
    data = ing.file(ing.row(-300, running="2,00"), ing.row(100, running="7,00"))
    (statement,) = read(data)
    assert [problem.code for problem in statement.problems] == ["balance"]
    assert "2.00" in statement.problems[0].text


def test_a_row_above_the_header_is_refused(ing: IngWriter) -> None:
    """Somebody sorted the file in a spreadsheet: the row would be lost. A title above it is none."""
    header, row, *rest = ing.file(ing.row(-100, running="9,00"), ing.row(100, running="10,00")).splitlines(
        keepends=True
    )
    with pytest.raises(MalformedFile, match="In line 1: a row stands above"):
        read(row + header + b"".join(rest))
    title = b'"Overzicht";"";"";"";"";"";"";"";"";"";""\r\n'
    assert len(read(title + header + row + b"".join(rest))[0].lines) == 2


def test_several_accounts_in_one_file_are_several_statements(ing: IngWriter) -> None:
    """Each account has its own running balance."""
    rows = [
        ing.row(-100, running="9,00"),
        ing.row(-500, running="95,00", account="NL02ABNA0123456789"),
        ing.row(-100, running="10,00"),
    ]
    statements = read(ing.file(*rows))
    assert [(s.account, len(s.lines), s.problems) for s in statements] == [
        ("NL69INGB0123456789", 2, ()),
        ("NL02ABNA0123456789", 1, ()),
    ]


def test_the_2020_variant_with_commas_is_read() -> None:
    """Commas, no balance, no tag, and an amount inside quotation marks; also with a space before a quotation mark."""
    row = '"20200213","Kosten","NL69INGB0123456789","","DV","Af","1,25","Diversen", "Kosten Valutadatum: 14-02-2020"'
    (statement,) = read(f"{_2020}\n{row}\n".encode())
    (line,) = statement.lines
    assert (line.amount_minor, line.text, line.valued_on) == (-125, "Kosten", dt.date(2020, 2, 14))
    assert (statement.opening, statement.closing) == (None, None)


def test_the_english_variant_is_read(ing: IngWriter) -> None:
    """English headers and words mean the same."""
    row = ing.row(-125, running="1,00", text="Name: X Description: rent Value date: 02/03/2025").replace(
        '"Af"', '"Debit"'
    )
    (statement,) = read(ing.file(row, header=_ENGLISH))
    assert (statement.lines[0].amount_minor, statement.lines[0].text) == (-125, "rent")
    assert statement.lines[0].valued_on == dt.date(2025, 3, 2)


@pytest.mark.parametrize(
    ("day", "amount", "balance"), [("2025-03-01", "500,00", "1500,00"), ("1-3-2025", "500", "1500")]
)
def test_savings_accounts_are_read_also_after_excel(day: str, amount: str, balance: str) -> None:
    """Excel turns dates around and drops decimals; what is left is still exact."""
    row = f"{day};Overboeking;A 123-45678;Spaarrekening;NL69INGB0123456789;Bij;{amount};EUR;Inleg;;{balance}"
    (statement,) = read(f"{_SAVINGS}\r\n{row}\r\n".encode())
    assert statement.account == "A123-45678"
    assert (statement.lines[0].amount_minor, statement.lines[0].running_minor) == (50_000, 150_000)
    assert statement.lines[0].booked_on == dt.date(2025, 3, 1)
    assert statement.opening == Balance(dt.date(2025, 3, 1), 100_000)


def test_only_a_direct_debit_carries_a_mandate(ing: IngWriter) -> None:
    """A payer can write a creditor id into a text; only a direct debit has one."""
    text = "Naam: X Omschrijving: y Kenmerk: K Machtiging ID: M Incassant ID: NL98ZZZ123456780000"
    debit, transfer = read(ing.file(ing.row(-1, text=text, code="GT"), ing.row(-1, text=text, code="IC")))[0].lines
    assert (debit.mandate, debit.creditor_id, debit.end_to_end_id) == ("M", "NL98ZZZ123456780000", "K")
    assert (transfer.mandate, transfer.creditor_id, transfer.end_to_end_id) == (None, None, "K")


def test_old_files_in_windows_1252_are_read(ing: IngWriter) -> None:
    """Not UTF-8, so the bank's older character set."""
    data = ing.file(ing.row(-1, name="Café Zonnedauw")).decode().encode("cp1252")
    assert read(data)[0].lines[0].name == "Café Zonnedauw"


def test_a_header_without_rows_is_an_empty_statement(ing: IngWriter) -> None:
    """A period without payments is valid."""
    (statement,) = read(ing.file())
    assert (statement.account, statement.lines) == (None, ())


def test_zero_and_twins_are_kept(ing: IngWriter) -> None:
    """A row of nothing and two equal rows are all rows of the bank."""
    (statement,) = read(ing.file(ing.row(-31), ing.row(-31), ing.row(0)))
    assert sorted(line.amount_minor for line in statement.lines) == [-31, -31, 0]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('"Af"', '"Weg"', "came in or went out"),
        ('"1,00"', '"1.000"', "thousands"),
        ('"1,00"', '"-1,00"', "sign"),
        ('"20250301"', '"20250231"', "date"),
        ('"NL69INGB0123456789"', '""', "account number"),
        (';"GT"', "", "columns"),
        ('"GT"', '"GT";"x"', "no figure"),
        (';""', ';"";"x"', "columns"),
        ('"GT"', '"G"T"', "quotation marks"),
        ('"GT"', '"GT', "quotation marks"),
        ('"GT"', '"G\n20250302;T"', "before the next row"),
    ],
)
def test_a_row_that_cannot_be_read_stops_the_file(ing: IngWriter, old: str, new: str, why: str) -> None:
    """The whole file or nothing; the refusal names the line."""
    with pytest.raises(MalformedFile, match=rf"line \d+: .*{why}"):
        read(ing.file(ing.row(-100), ing.row(-100).replace(old, new)))


def test_a_damaged_character_is_named(ing: IngWriter) -> None:
    """A byte that belongs to no character set stops the file."""
    with pytest.raises(MalformedFile, match="line 2: a character"):
        read(ing.file(ing.row(-1, name="Z")).replace(b'"Z"', b'"\x81"'))
    with pytest.raises(MalformedFile, match="line 2: a character is damaged"):
        read(b"\xef\xbb\xbf" + ing.file(ing.row(-1, name="Z")).replace(b'"Z"', b'"\xe9"'))


def test_a_line_without_end_is_refused(ing: IngWriter) -> None:
    """A line of megabytes is no bank's."""
    with pytest.raises(FileTooLarge, match="line"):
        read(ing.file(ing.row(-1, text="x" * 100_000)))


_ROWS = st.lists(
    st.tuples(
        st.integers(-(10**9), 10**9),
        st.integers(0, 5),
        st.text(
            st.characters(min_codepoint=33, max_codepoint=0x24F, exclude_categories=("Cc", "Cf", "Zs")), min_size=1
        ),
    ),
    min_size=1,
    max_size=8,
)


@given(_ROWS, st.integers(-(10**9), 10**9), st.sampled_from([1, -1]), st.sampled_from(";,\t"))
def test_what_is_written_is_read(
    ing: IngWriter, rows: list[tuple[int, int, str]], opening: int, step: int, delimiter: str
) -> None:
    """Amounts, dates, names and balances survive any delimiter and either order."""
    rows = sorted(rows, key=lambda row: row[1])
    balances = list(itertools.accumulate((amount for amount, _, _ in rows), initial=opening))
    cells = [
        [f"2025030{day + 1}", name, "NL69INGB0123456789", "", "GT", "Af" if amount < 0 else "Bij",
         _comma(abs(amount)), "", "", _comma(balance), ""]
        for (amount, day, name), balance in zip(rows, balances[1:], strict=True)
    ]  # fmt: skip
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow([cell.strip('"') for cell in ing.header.split(";")])
    writer.writerows(cells[::step])
    (statement,) = read(out.getvalue().encode())
    assert statement.problems == ()
    assert sum(line.amount_minor for line in statement.lines) == balances[-1] - opening
    assert sorted(line.amount_minor for line in statement.lines) == sorted(amount for amount, _, _ in rows)
    assert statement.opening is not None
    assert statement.opening.amount_minor == opening


def _comma(amount_minor: int) -> str:
    sign = "-" if amount_minor < 0 else ""
    return f"{sign}{abs(amount_minor) // 100},{abs(amount_minor) % 100:02d}"


def _is_read_or_refused(data: bytes) -> bool:
    try:
        return len(read(data)) > 0
    except UnreadableFile as refusal:
        return str(refusal).endswith(".")


@given(st.data())
def test_a_mutant_is_read_or_refused(ing: IngWriter, data: st.DataObject) -> None:
    """Whatever happens to the bytes, nothing but our own refusal comes out."""
    whole = ing.file(ing.row(-300, running="2,00", day="20250302"), ing.row(100, running="5,00"))
    place = data.draw(st.integers(0, len(whole) - 1))
    size = data.draw(st.integers(0, 40))
    piece = data.draw(st.one_of(st.binary(max_size=4), st.just(whole[place : place + size] * 2)))
    assert _is_read_or_refused(whole[:place] + piece + whole[place + size :])
