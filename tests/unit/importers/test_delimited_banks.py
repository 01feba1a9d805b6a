"""Every bank's CSV, trap by trap; what each is read as in full stands in the samples."""

from __future__ import annotations

import datetime as dt
import time
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.delimited_check import check
from importers.delimited_table import find_table
from importers.errors import FileTooLarge
from importers.errors import ForbiddenContent
from importers.errors import MalformedFile
from importers.errors import UnknownFormat
from importers.errors import UnreadableFile
from importers.profiles import PROFILES
from importers.profiles.profile import FIELDS
from importers.profiles.profile import MAX_TEXTS
from importers.reading import read
from importers.statement import Part

_SAMPLES = Path(__file__).parents[2] / "data" / "importers"
_CSV = sorted(path.name for path in _SAMPLES.iterdir() if path.suffix in {".csv", ".tab"})
_REVOLUT = "Type,Product,Started Date,Completed Date,Description,Amount,Fee,Currency,State,Balance\n"
_BUNQ = '"Date","Amount","Account","Counterparty","Name","Description"\n'


def _sample(name: str) -> str:
    return (_SAMPLES / name).read_text(encoding="utf-8")


def _bunq(*amounts: str, day: str = "2025-03-03") -> bytes:
    rows = [f'"{day}","{amount}","NL23BUNQ0123456789","","Bakkerij Zon","brood"\n' for amount in amounts]
    return (_BUNQ + "".join(rows)).encode()


def _revolut(state: str, *, fee: str = "0.00", balance: str = "9.00", currency: str = "EUR") -> bytes:
    row = f"TRANSFER,Current,2025-03-04 09:00:00,2025-03-04 09:00:01,To X,-1.00,{fee},{currency},{state},{balance}\n"
    return (_REVOLUT + row).encode()


def test_every_profile_is_data_that_the_reader_knows() -> None:
    """Fields are known ones, headers are in small letters, and a profile has a header or a shape."""
    known = {*FIELDS, *(f"text_{number}" for number in range(2, MAX_TEXTS + 1))}
    for profile in PROFILES:
        assert {*profile.columns, *profile.places, *profile.required} <= known, profile
        assert all(name == " ".join(name.casefold().split()) for names in profile.columns.values() for name in names)
        assert bool(profile.required) != bool(profile.shapes), profile


@pytest.mark.parametrize("name", _CSV)
def test_a_sample_belongs_to_one_bank_only(name: str) -> None:
    """No two profiles take the same file, whatever their order."""
    data = (_SAMPLES / name).read_bytes()
    table = find_table(data)
    assert table is not None
    others = [profile for profile in PROFILES if profile is not table.profile]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("importers.delimited_table.PROFILES", others)
        assert find_table(data) is None


def test_trap_02_genuine_twins_are_two_payments() -> None:
    """Two equal rows of one file are two payments, whatever bank wrote them."""
    (statement,) = read(_sample("triodos.csv").encode())
    assert [line.amount_minor for line in statement.lines] == [125_078, -1550, -1550]
    (statement,) = read(_bunq("-1,00", "-1,00", "-1,00"))
    assert len(statement.lines) == 3


def test_trap_09_balances_of_each_account_are_followed() -> None:
    """A row left out is told, per account; the balance before a row counts where the bank states that one."""
    rows = _sample("asn-old.csv").splitlines(keepends=True)
    (statement,) = read("".join(rows[:1] + rows[2:]).encode())
    assert [problem.code for problem in statement.problems] == ["balance"]
    rows = _sample("abnamro.tab").splitlines(keepends=True)
    first, second = read("".join(rows[:1] + rows[2:]).encode())
    assert ([problem.code for problem in first.problems], second.problems) == (["balance"], ())


def test_trap_09_two_balances_of_one_row_must_differ_by_its_amount() -> None:
    """ABN AMRO states both, so that even a single row can be judged."""
    row = _sample("abnamro.tab").splitlines()[-1].replace("250,00", "260,00")
    (statement,) = read(f"{row}\n".encode())
    assert [problem.code for problem in statement.problems] == ["balance"]
    assert "row 1" in statement.problems[0].text


def test_trap_12_what_is_pending_is_never_booked() -> None:
    """It is told; what was reverted or declined is not even that."""
    euros, dollars = read(_sample("revolut.csv").encode())
    assert [line.amount_minor for line in euros.lines] == [100_000, -5100, -1234]
    assert [line.amount_minor for line in euros.pending] == [-2000]
    assert (euros.account, euros.currency, dollars.currency) == (None, "EUR", "USD")
    assert (euros.problems, dollars.problems) == ((), ())


@pytest.mark.parametrize("state", ["PENDING", "REVERTED", "DECLINED", "FAILED", "in behandeling"])
def test_trap_12_only_a_completed_row_moves_money(state: str) -> None:
    """Whatever else the bank writes."""
    assert not any(statement.lines for statement in read(_revolut(state)))


def test_trap_12_an_unknown_state_is_refused() -> None:
    """Nobody can tell whether that money moved."""
    with pytest.raises(MalformedFile, match=r"line 2: .*whether it is booked"):
        read(_revolut("SETTLING"))


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (_BUNQ.encode() + b",".join(b"x" for _ in range(10_000)), "columns"),
        (b",".join(b"x" for _ in range(10_000)) + b"\n1\n", "columns"),
        (_BUNQ.encode() + b"x" * 60_000_000, "line that does not end"),
        (_BUNQ.encode("utf-16"), "UTF-16"),
        (_bunq("1,00").replace(b"brood", b"br\0od"), "UTF-16 or a program's own format"),
        (b"PK\x03\x04" + b"x" * 100, "ZIP"),
    ],
    ids=["10,000 columns", "a header of them", "an endless line", "UTF-16", "NUL", "a damaged ZIP"],
)
def test_trap_14_hostile_files_are_refused_quickly_and_in_little_memory(data: bytes, what: str) -> None:
    """Each in less than two seconds and a few megabytes."""
    tracemalloc.start()
    began = time.process_time()
    try:
        with pytest.raises(UnreadableFile, match=what):
            read(data)
        assert time.process_time() - began < 2
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_trap_14_a_spreadsheet_named_csv_is_known_by_its_content() -> None:
    """The name is not even asked for."""
    assert read((_SAMPLES / "ing.xlsx").read_bytes())[0].format == "xlsx"
    with pytest.raises(UnknownFormat, match="web page"):
        read(b"<html><table><tr><td>Datum</td></tr></table>")


def test_numbers_that_are_names_stay_as_they_are() -> None:
    """`0012345` keeps its zeros, and `NA` is a text like any other."""
    lines = {line.text for line in read(_sample("ing-excel.csv").encode())[0].lines}
    assert lines == {"0012345", "NA"}
    assert read((_SAMPLES / "gls.csv").read_bytes())[0].account == "0012345678"


@pytest.mark.parametrize(("amounts", "minors"), [
    (("-1.034,75", "12,34"), [-103_475, 1234]),
    (("-12.34", "1,034.75"), [-1234, 103_475]),
    (("500", "-12,5"), [50_000, -1250]),
])  # fmt: skip
def test_either_decimal_mark_is_read_one_to_a_file(amounts: tuple[str, ...], minors: list[int]) -> None:
    """The mark follows the app's language."""
    (statement,) = read(_bunq(*amounts))
    assert [line.amount_minor for line in statement.lines] == minors


@pytest.mark.parametrize("amounts", [("12,34", "12.34"), ("1.034,75", "1,034.75")])
def test_two_decimal_marks_in_one_file_are_refused(amounts: tuple[str, ...]) -> None:
    """A spreadsheet changed some of the amounts and left others."""
    with pytest.raises(MalformedFile, match=r"line 3: .*another decimal mark"):
        read(_bunq(*amounts))


def test_dates_in_two_forms_in_one_file_are_refused() -> None:
    """A spreadsheet understood some of them, perhaps month first, and left the others."""
    data = _bunq("1,00") + _bunq("2,00", day="13-03-2025").removeprefix(_BUNQ.encode())
    with pytest.raises(MalformedFile, match=r"line 3: .*in another way"):
        read(data)


@pytest.mark.parametrize("place", ["NL23BUNQ0123456789", "1,00"])
def test_a_number_that_a_spreadsheet_shortened_is_refused(place: str) -> None:
    """An account or an amount of which the last figures are gone."""
    with pytest.raises(MalformedFile, match="line 2: a spreadsheet shortened"):
        read(_bunq("1,00").replace(place.encode(), b"1,23E+10"))


def test_a_fee_is_a_cost_of_its_own() -> None:
    """The balance moves by amount less fee; the line's parts say which was which."""
    euros, _ = read(_sample("revolut.csv").encode())
    (line,) = [line for line in euros.lines if line.parts]
    assert line.parts == (Part(-5000), Part(-100, text="Fee"))
    assert line.amount_minor == sum(part.amount_minor for part in line.parts)


def test_a_fee_in_another_currency_is_refused() -> None:
    """What it took from this account is not said."""
    data = _sample("revolut-business.csv").replace(",0.20,EUR,", ",0.20,USD,")
    with pytest.raises(MalformedFile, match="line 2: the fee is in another currency"):
        read(data.encode())


def test_an_instant_in_utc_counts_as_the_day_in_amsterdam() -> None:
    """Half past eleven at night in UTC is the next day here."""
    (statement,) = read(_sample("revolut-business.csv").encode())
    assert statement.lines[-1].booked_on == dt.date(2025, 3, 6)


@pytest.mark.parametrize("data", [b"KNAB EXPORT;;;;\n", b"\xef\xbb\xbfKNAB EXPORT\r\n\r\n"])
def test_a_file_of_knab_without_lines_is_valid(data: bytes) -> None:
    """A period without payments."""
    (statement,) = read(data)
    assert (statement.bank, statement.account, statement.lines) == ("Knab", None, ())


def test_an_apostrophe_is_no_quotation_mark() -> None:
    """A name may begin with one; a text in two of them may hold the delimiter."""
    (statement,) = read(_sample("asn-old.csv").encode())
    assert statement.lines[0].text == "0012345 planten, potgrond"
    assert statement.lines[-1].name == "'t Voorbeeld B V"


def test_a_creditor_cannot_forge_what_abn_amro_says() -> None:
    """A label in the payer's words is text; a mandate counts for a direct debit only."""
    debit = read(_sample("abnamro.tab").encode())[0].lines[1]
    assert (debit.iban, debit.mandate, debit.creditor_id) == ("NL03INGB0300000014", "M-77", "NL98ZZZ123456780000")
    assert debit.text == "contract 12 maart IBAN: NL00FALS0000000000"
    forged = _sample("abnamro.tab").replace("SEPA Incasso algemeen doorlopend", "SEPA Overboeking                ")
    assert read(forged.encode())[0].lines[1].mandate is None


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("triodos.csv", "Debet", "Weg"),
        ("triodos.csv", "TRIO", "INGB"),
        ("abnamro.tab", "EUR", "EURO"),
        ("asn-old.csv", "-30.00", "-30.0.0"),
    ],
)
def test_a_file_without_a_header_is_known_by_the_shape_of_every_column(name: str, old: str, new: str) -> None:
    """One row of another shape, and it is no bank's file."""
    with pytest.raises(UnknownFormat, match="not a bank file"):
        read(_sample(name).replace(old, new, 1).encode())


@pytest.mark.parametrize("name", ["triodos.csv", "abnamro.tab", "asn-old.csv"])
def test_a_late_row_of_another_shape_is_refused_with_its_line(name: str) -> None:
    """What was recognised is read in full or not at all."""
    row = _sample(name).splitlines(keepends=True)[0]
    with pytest.raises(MalformedFile, match="line 31: "):
        read((row * 30 + "x" + row).encode())


def test_comments_between_the_rows_are_no_rows() -> None:
    """Whoever keeps such a file may annotate it."""
    rows = _sample("abnamro.tab").splitlines(keepends=True)
    assert read(f"# mine; really\n\n{rows[0]}# more\n{rows[1]}".encode())[0].lines[1].position == 2


def test_a_bank_that_names_no_account_leaves_it_open() -> None:
    """Booking then asks; sub-accounts stand apart."""
    main, garden = read(_sample("n26.csv").encode())
    assert (main.account, garden.account) == (None, None)
    assert (len(main.lines), len(garden.lines)) == (2, 1)


def test_a_second_count_that_differs_refuses_the_file() -> None:
    """Rows and amounts are counted in the bytes once more."""
    data = _bunq("1,00", "-2,50")
    table = find_table(data)
    assert table is not None
    check(data, table, 2, -150)
    for count, total in ((1, -150), (2, 150)):
        with pytest.raises(MalformedFile, match=r"a second count finds 2 that make -1\.50"):
            check(data, table, count, total)
    with pytest.raises(MalformedFile, match="not read the same way twice"):
        check(data.replace(b"1,00", b"1,x0"), table, 2, -150)


@pytest.mark.parametrize("name", _CSV)
def test_a_file_is_the_same_in_another_dress(name: str) -> None:
    """With or without a byte order mark, in older characters, with other line ends and blank lines."""
    data = (_SAMPLES / name).read_bytes()
    expected = read(data)
    assert read(data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n\r\n").removesuffix(b"\r\n")) == expected
    assert read(b"\xef\xbb\xbf" + data.removeprefix(b"\xef\xbb\xbf")) == expected
    assert read(data.removeprefix(b"\xef\xbb\xbf").decode().encode("cp1252")) == expected


@pytest.mark.parametrize("step", [1, -1])
@pytest.mark.parametrize("accounts", [1, 3])
def test_a_long_file_lies_on_the_disk_and_is_the_same(step: int, accounts: int) -> None:
    """Newest first or oldest first, of one account or several."""
    rows = [
        f'"2025-{1 + number // 1000:02d}-03","{number},00","NL23BUNQ012345678{number % accounts}","","Zon","{number}"\n'
        for number in range(9000)
    ]
    statements = read((_BUNQ + "".join(rows[::step])).encode())
    assert len(statements) == accounts
    found = sorted((line.amount_minor // 100, line.text) for one in statements for line in one.lines)
    assert found == [(number, str(number)) for number in range(9000)]
    for one in statements:
        days = [line.booked_on for line in one.lines]
        assert days == sorted(days)
        assert sum(line.amount_minor for line in one.lines) % 100 == 0


def test_a_long_file_that_turns_around_is_put_in_order() -> None:
    """Its beginning runs one way and its end the other."""
    days = [*range(1, 20), *range(25, 19, -1)]
    rows = [f'"2025-03-{day:02d}","{n},00","NL23BUNQ0123456789","","Zon",""\n' for day in days for n in range(400)]
    (statement,) = read((_BUNQ + "".join(rows)).encode())
    assert [line.booked_on.day for line in statement.lines] == sorted(day for day in days for _ in range(400))
    assert [line.amount_minor for line in statement.lines[:400]] == [number * 100 for number in range(400)]


def test_nul_deep_inside_a_file_is_refused() -> None:
    """Beyond what recognition looks at."""
    data = _bunq(*["1,00"] * 2000)
    with pytest.raises(ForbiddenContent, match="NUL"):
        read(data[:-200] + b"\0" + data[-200:])


def test_a_header_of_too_many_columns_is_named() -> None:
    """It says how many are read."""
    with pytest.raises(FileTooLarge, match="200 columns"):
        read(b";".join(b"a" for _ in range(500)) + b"\n")


def _is_read_or_refused(data: bytes) -> bool:
    try:
        return len(read(data)) > 0
    except UnreadableFile as refusal:
        return str(refusal).endswith(".")


@given(st.sampled_from(_CSV), st.data())
def test_a_mutant_of_any_bank_is_read_or_refused(name: str, data: st.DataObject) -> None:
    """Flipped, cut, doubled: nothing but our own refusal comes out."""
    whole = (_SAMPLES / name).read_bytes()
    place, size = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(0, 80))
    piece = data.draw(st.one_of(st.binary(max_size=4), st.just(whole[place : place + size] * 2)))
    assert _is_read_or_refused(whole[:place] + piece + whole[place + size :])
