"""What MT940 files leave out, fold or write where it does not belong: read where it is certain, else refused."""

from __future__ import annotations

import datetime as dt
import mmap
import tempfile
from typing import TYPE_CHECKING

import pytest

from importers import spool
from importers.errors import ForbiddenContent
from importers.errors import MalformedFile
from importers.mt940 import read_mt940
from importers.spool import Kept

if TYPE_CHECKING:
    from importers.statement import Statement

_HEAD = ":20:STMT\n:25:NL18RABO0123459876\n:28C:3/1\n:60F:C260101EUR100,00\n"
_LINE = ":61:2601050105D12,50NTRFNONREF//B1\n:86:stoelen\n"
_TAIL = ":62F:C260131EUR87,50\n-\n"
_WHOLE = _HEAD + _LINE + _TAIL


def _statement(text: str | bytes) -> Statement:
    (statement,) = read_mt940(text.encode() if isinstance(text, str) else text)
    return statement


def _what(statement: Statement) -> tuple[object, ...]:
    """Return all that a statement says, problems apart."""
    return (statement.account, statement.number, statement.opening, statement.closing, tuple(statement.lines))


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r", "\r\r\n"])
def test_lines_may_end_in_any_way(ending: str) -> None:
    """Banks use all of them."""
    assert _what(_statement(_WHOLE.replace("\n", ending))) == _what(_statement(_WHOLE))


@pytest.mark.parametrize("end", [b"\0", b"\0\0\0", b"\x1a", b"\x03", b"\r\n\x1a\0", b"-}\n", b"-}{5:{CHK:1}}\n\x03"])
def test_what_stands_after_the_end_means_nothing(end: bytes) -> None:
    """Zeros, end marks and SWIFT's trailer."""
    assert _what(_statement(_WHOLE.encode().removesuffix(b"-\n") + end)) == _what(_statement(_WHOLE))


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b"\x1a", b"\x03"])
def test_files_that_were_put_together_are_read_whole(mark: bytes) -> None:
    """Each brings its own mark along, before the first field of the next."""
    assert len(read_mt940(mark + _WHOLE.encode() + mark + _WHOLE.encode())) == 2
    between = _WHOLE.encode().replace(b"-\n", b"") + mark + b":20:NEXT"
    assert len(read_mt940(between + _WHOLE.encode().removeprefix(b":20:STMT"))) == 2


def test_zeros_inside_are_refused() -> None:
    """They are no text."""
    with pytest.raises(ForbiddenContent, match="NUL"):
        read_mt940(_WHOLE.replace("stoelen", "st\0elen").encode())


def test_swift_envelopes_stand_apart() -> None:
    """Blocks 1 to 4 before, and a text that begins with a bracket or a dash inside."""
    text = "{1:F01RABONL2UXXX0000000000}{2:I940RABONL2UXXXN}{4:\n" + _WHOLE.replace("-\n", "-}\n")
    assert _statement(text.replace("stoelen", "stoelen\n-{blauw}")).lines[0].text == "stoelen -{blauw}"


def test_a_statement_without_an_account_names_none() -> None:
    """Whoever books it must say which one it is."""
    assert _statement(_WHOLE.replace(":25:NL18RABO0123459876\n", "")).account is None
    assert _statement(_WHOLE.replace("NL18RABO0123459876", "")).account is None


def test_a_statement_without_reference_begins_with_its_head() -> None:
    """Balances alone are statements too, and each opening balance begins one."""
    statements = read_mt940(b":60F:C260101EUR1,00\n:60F:D260102EUR000002,\n")
    assert [one.opening and one.opening.amount_minor for one in statements] == [100, -200]
    (one,) = read_mt940(_WHOLE.removeprefix(":20:STMT\n").encode())
    assert _what(one) == _what(_statement(_WHOLE))


def test_a_second_statement_needs_no_account_to_begin() -> None:
    """Its number or its balance follows the reference at once."""
    whole = _WHOLE.replace(_TAIL, "")
    assert len(read_mt940((whole + _WHOLE.replace(":25:NL18RABO0123459876\n", "")).encode())) == 2


def test_without_an_opening_balance_the_closing_one_says_the_currency() -> None:
    """The opening balance stays unstated and nothing is made up; that no sum can be checked is a problem."""
    statement = _statement(_WHOLE.replace(":60F:C260101EUR100,00\n", ""))
    assert (statement.opening, statement.currency, statement.lines[0].currency) == (None, "EUR", "EUR")
    assert [problem.code for problem in statement.problems] == ["no_balance"]
    with pytest.raises(MalformedFile, match=r"line 4: .*currency"):
        _statement(_WHOLE.replace(":60F:C260101EUR100,00\n", "").replace(":62F:C260131EUR", ":62F:C260131"))


def test_a_closing_balance_may_leave_its_currency_to_the_opening_one() -> None:
    """Sign, date and amount stand in their places."""
    statement = _statement(_WHOLE.replace("C260131EUR", "C260131"))
    assert statement.closing is not None
    assert (statement.closing.date, statement.closing.amount_minor) == (dt.date(2026, 1, 31), 8750)
    with pytest.raises(MalformedFile, match="in the usual places"):
        _statement(_WHOLE.replace("C260101EUR", "C260101"))


@pytest.mark.parametrize(("written", "day"), [("261131", 30), ("260231", 28), ("240231", 29)])
def test_a_balance_of_the_31st_of_a_shorter_month_is_a_problem(written: str, day: int) -> None:
    """It is taken for the month's end, and said so; a line is never dated so."""
    statement = _statement(_WHOLE.replace("C260131", f"C{written}"))
    assert statement.closing is not None
    assert statement.closing.date.day == day
    assert [problem.code for problem in statement.problems] == ["other"]
    with pytest.raises(MalformedFile, match="no date"):
        _statement(_WHOLE.replace("C260131", "C261331"))
    with pytest.raises(MalformedFile, match="no date"):
        _statement(_WHOLE.replace(":61:260105", ":61:261131"))


@pytest.mark.parametrize(
    ("written", "number"),
    [("00\n0", None), ("0000\n0", None), ("3\n1", None), ("3\n/1", "3"), ("3/1\n", "3"), ("\n", None), ("x\n/1", None)],
)
def test_trap_08_folded_number_is_no_number_unless_certain(written: str, number: str | None) -> None:
    """Figures that run on in the next line could be one number or two."""
    assert _statement(_WHOLE.replace(":28C:3/1", f":28C:{written}")).number == number


@pytest.mark.parametrize("written", ["C260131\nEUR87,50", "C26\n0131EUR87,50", "C260131EUR87,50\n123 ABN"])
def test_a_folded_balance_is_put_together(written: str) -> None:
    """Where that leaves one meaning."""
    assert _statement(_WHOLE.replace("C260131EUR87,50", written)).problems == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("C260131EUR87,50", "C260131EUR8\n7,50"),
        ("C260131EUR87,50", "C260131EUR87,\n50"),
        ("D12,50NTRFNONREF//B1", "D12\n,50NTRFNONREF//B1"),
        ("D12,50NTRFNONREF//B1", "D1\n2,50NTRFNONREF//B1"),
    ],
)
def test_an_amount_that_may_run_on_in_the_next_line_is_refused(before: str, after: str) -> None:
    """Amounts are never guessed."""
    with pytest.raises(MalformedFile, match="its amount is not certain"):
        _statement(_WHOLE.replace(before, after))


def test_a_line_that_is_indented_is_not_lost() -> None:
    """It would be taken for text; the second reading sees it."""
    with pytest.raises(MalformedFile, match="it has 2 lines"):
        _statement(_WHOLE.replace(_LINE, _LINE + " " + _LINE))


def test_details_under_the_accounts_number_are_details() -> None:
    """A program wrote 25 for 86: only field 86 has such numbers, and the statement says so."""
    text = _WHOLE.replace(":86:stoelen", ":25:166?00GUTSCHRIFT?20STOELEN?32KADE")
    statement = _statement(text)
    assert (statement.account, statement.lines[0].name) == ("NL18RABO0123459876", "KADE")
    assert [problem.code for problem in statement.problems] == ["other"]


def test_letters_of_an_unknown_character_set_are_left_out() -> None:
    """Amounts and dates are certain all the same; the statement says so."""
    statement = _statement(_WHOLE.encode().replace(b"stoelen", b"k\x81lso \xa0rak"))
    assert statement.lines[0].text == "k\ufffdlso \ufffdrak"
    assert [problem.code for problem in statement.problems] == ["other"]
    with pytest.raises(MalformedFile, match="a character is damaged"):
        _statement(b"\xef\xbb\xbf" + _WHOLE.encode().replace(b"stoelen", b"k\x81"))


def test_old_letters_are_read() -> None:
    """Windows-1252 where it is not UTF-8."""
    assert _statement(_WHOLE.replace("stoelen", "café").encode("cp1252")).lines[0].text == "café"


def test_a_long_file_is_read_from_the_disk_and_kept_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the file nor its lines need to be in memory."""
    monkeypatch.setattr(spool, "IN_MEMORY", 20)
    lines = _LINE * 100
    closing = _TAIL.replace("C260131EUR87,50", "D260131EUR1150,00")
    with tempfile.TemporaryFile() as file:
        file.write((_HEAD + lines + closing).encode())
        file.flush()
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            (statement,) = read_mt940(mapped)
    assert isinstance(statement.lines, Kept)
    assert [line.amount_minor for line in statement.lines] == [-1250] * 100
    assert statement.problems == ()
