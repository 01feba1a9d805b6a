"""parse --second-opinion: what it says, its document, its exit codes."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

from importers.second_opinion import opinion
from importers.second_opinion.comparison import Difference

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.unit.dashboards.commands.conftest import Line

_MT940 = (
    ":20:A\n:25:NL13TEST0123456789\n:28C:1/1\n:60F:C260301EUR100,00\n:61:2603010301D1,21NTRFNONREF\n"
    ":86:/NAME/Kiosk Riet/REMI/thee/EREF/NOTPROVIDED\n:62F:C260331EUR98,79\n-\n"
)
_WHY = "a word that banks write where there is no reference"


def _file(line: Line) -> Path:
    path = line.place / "a.sta"
    path.write_text(_MT940, encoding="ascii")
    return path


def test_a_second_opinion_says_what_differs_and_why(line: Line) -> None:
    """In words, and as one document."""
    path = _file(line)
    said = line("parse", "--second-opinion", path)
    assert (said.code, said.err) == (0, "")
    first, second = said.out.splitlines()
    assert first.startswith(f"{path}: mt-940 ")
    assert first.endswith("agrees with our 1 lines: their number and sum, each day and amount, and the balances.")
    assert second == f"  line 1 end_to_end_id: ours nothing, theirs 'NOTPROVIDED' ({_WHY})"
    (found,) = line("parse", "--second-opinion", "--json", path).document["opinions"]
    assert (found["file"], found["lines"], found["agrees"]) == (str(path), 1, True)
    assert found["differences"] == [
        {
            "place": 1,
            "part": 0,
            "field": "end_to_end_id",
            "ours": None,
            "theirs": "NOTPROVIDED",
            "reason": _WHY,
        }
    ]


def test_a_figure_that_differs_without_a_reason_is_exit_1(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """The thing checked does not hold; a word that differs is told, and weighs nothing."""
    path = _file(line)
    wrong = (
        Difference(1, 0, "closing", "98.79", "98.80", None),
        Difference(1, 2, "name", None, "Kiosk", None),
        Difference(0, 0, "sum", "1.00", "2.00", None),
    )
    monkeypatch.setattr(opinion, "differences", lambda *_: wrong)
    said = line("parse", "--second-opinion", path)
    assert (said.code, said.err) == (1, "")
    assert "DOES NOT AGREE" in said.out
    assert "  statement 1 closing: ours '98.79', theirs '98.80' (NOT EXPLAINED)\n" in said.out
    assert "  line 1 part 2 name: ours nothing, theirs 'Kiosk' (NOT EXPLAINED)\n" in said.out
    assert "  sum: ours '1.00', theirs '2.00' (NOT EXPLAINED)\n" in said.out
    said = line("parse", "--second-opinion", "--json", path)
    assert (said.code, said.document["opinions"][0]["agrees"]) == (1, False)
    monkeypatch.setattr(opinion, "differences", lambda *_: wrong[1:2])
    assert line("parse", "--second-opinion", path).code == 0


def test_without_a_second_reader_it_is_exit_2(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """A format that has none, and a package that is not installed; nothing on standard output."""
    path = line.place / "a.csv"
    path.write_text(
        '"Date","Amount","Account","Counterparty","Name","Description"\n'
        '"2025-03-04","-12.34","NL23BUNQ0123456789","","Bakkerij Zon","brood"\n'
    )
    said = line("parse", "--second-opinion", path)
    assert (said.code, said.out) == (2, "")
    assert (
        said.err
        == f"{path}: No second reader is known for a file in the format csv. There is one for MT940, OFX and CAMT.\n"
    )
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    said = line("parse", "--second-opinion", "--json", _file(line))
    assert (said.code, said.out) == (2, "")
    assert "pip install 'buurtkas[second-opinion]'" in said.err
