"""What is kept comes back equal and in order, from memory and from the disk alike."""

from __future__ import annotations

import dataclasses
import datetime as dt
import gc
import os
from typing import TYPE_CHECKING

import pytest

from importers import spool as module
from importers.lines import LINES
from importers.lines import statements_in
from importers.spool import Kept
from importers.spool import Packing
from importers.spool import Spool
from importers.statement import Balance
from importers.statement import Part
from importers.statement import Problem
from importers.statement import Statement
from ledger.errors import DiskFull

if TYPE_CHECKING:
    from importers.statement import Line
    from tests.unit.importers.conftest import LineMaker

NUMBERS: Packing[int] = Packing(lambda number: (number,), lambda kept: int(kept[0]))


@pytest.fixture(autouse=True)
def _little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let few values count as many."""
    monkeypatch.setattr(module, "IN_MEMORY", 20)
    monkeypatch.setattr(module, "BATCH", 8)


@pytest.mark.parametrize("count", [0, 1, 20, 21, 22, 28, 29, 30, 100])
def test_numbers_come_back_as_often_as_asked(count: int) -> None:
    """Few stay in memory, many lie on the disk, and nobody sees the difference."""
    kept = Spool().keep(range(count), NUMBERS)
    assert (isinstance(kept, Kept), len(kept)) == (count >= 20, count)
    assert list(kept) == list(kept) == list(range(count))


def test_values_are_picked_by_place() -> None:
    """As in any sequence, from the end too, and outside it there is nothing."""
    kept = Spool().keep(range(50), NUMBERS)
    assert (kept[0], kept[49], kept[-1], kept[3:5]) == (0, 49, 49, (3, 4))
    with pytest.raises(IndexError, match="out of range"):
        kept[50]


def test_where_values_lie_does_not_tell_them_apart() -> None:
    """Equal values are equal, wherever they lie."""
    kept, same = Spool().keep(range(50), NUMBERS), Spool().keep(range(50), NUMBERS)
    assert kept == same == tuple(range(50))
    assert kept != tuple(range(49))
    assert kept != object()
    assert hash(kept) == hash(same)


def test_two_may_be_walked_along_at_once() -> None:
    """Several statements lie in one file."""
    spool = Spool()
    first, second = spool.keep(range(40), NUMBERS), spool.keep(range(40, 80), NUMBERS)
    assert list(zip(first, second, strict=True)) == list(zip(range(40), range(40, 80), strict=True))


def test_a_spool_stays_small_in_memory() -> None:
    """Many small statements go to the disk as one large one does."""
    spool = Spool()
    kept = [spool.keep(range(6), NUMBERS) for _ in range(20)]
    assert sum(isinstance(one, Kept) for one in kept) == 17
    assert all(list(one) == list(range(6)) for one in kept)


def test_a_line_comes_back_whole(line: LineMaker) -> None:
    """Every field of a line and of its parts."""
    parts = (Part(-400, "Bas", "NL02ABNA0123456789", "deel 1", "E1"), Part(-600))
    more = {"valued_on": dt.date(2025, 3, 2), "running_minor": 5, "reversal": True, "parts": parts}
    lines: list[Line] = [line(), dataclasses.replace(line(reference="A1"), **more)]  # type: ignore[arg-type]  # its own
    assert Spool().keep(lines * 20, LINES) == tuple(lines * 20)


def test_a_full_disk_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing half kept goes on as if it were whole."""

    class Full:
        def __init__(self, *, buffering: int) -> None:
            assert buffering > 0

        def write(self, _data: bytes) -> None:
            raise OSError

        def close(self) -> None:
            """Close nothing."""

    monkeypatch.setattr("tempfile.TemporaryFile", Full)
    with pytest.raises(DiskFull, match="full"):
        Spool().keep(range(50), NUMBERS)


def test_the_file_has_no_name_and_goes_with_its_spool() -> None:
    """Names and texts of private persons do not stay behind."""
    spool = Spool()
    spool.keep(range(100), NUMBERS)
    assert spool._file is not None
    number = spool._file.fileno()
    assert os.fstat(number).st_nlink == 0
    del spool
    gc.collect()
    with pytest.raises(OSError, match="Bad file"):
        os.fstat(number)


def test_values_lead_a_statement_back_to_its_lines(line: LineMaker) -> None:
    """Statements lie on the disk too, with lines that lay there before or come along."""
    spool = Spool()
    kept = spool.keep([line(text=f"{n}") for n in range(50)], LINES)
    balance = Balance(dt.date(2025, 3, 1), 5)
    problem = Problem("balance", "It does not fit.")
    statements = [
        Statement("csv", None, f"{n}", "EUR", None, balance, None, lines, (problem,), (line(),), "1")
        for n, lines in enumerate([kept, (line(),), (), Spool().keep(kept, LINES)] * 10)
    ]
    again = spool.keep(statements, statements_in(spool))
    assert isinstance(again, Kept)
    assert list(again) == statements


def test_a_piece_from_the_middle_is_picked() -> None:
    """As of any sequence, forwards and backwards, without looking at what lies before it."""
    kept, same = Spool().keep(range(100), NUMBERS), tuple(range(100))
    for piece in (
        slice(30, 40),
        slice(90, None),
        slice(None, None, 7),
        slice(80, 20, -9),
        slice(5, 5),
        slice(-3, None),
    ):
        assert kept[piece] == same[piece]
