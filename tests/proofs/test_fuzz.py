"""No bank file is silently misread, and no bytes break the readers; docs/proof/fuzz.md says what that means."""

from __future__ import annotations

import importlib.util
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from importers.errors import UnreadableFile
from importers.reading import read
from importers.reconcile import all_problems
from tests.proofs import fuzz
from tests.proofs import fuzz_page
from tests.proofs.fuzz import SEED
from tests.proofs.fuzz_claims import truth_of
from tests.proofs.fuzz_claims import wrong_message
from tests.proofs.fuzz_claims import wrong_reading
from tests.proofs.fuzz_claims import wrong_values
from tests.proofs.fuzz_formats import FORMATS
from tests.proofs.fuzz_mutants import mutant
from tests.proofs.fuzz_shapes import Shape
from tests.proofs.fuzz_shapes import shapes

if TYPE_CHECKING:
    import random

    from importers.statement import Line
    from importers.statement import Statement

FULL = os.environ.get("BUURTKAS_PROOFS") == "full"
SAMPLE = 300
COUNT = fuzz.COUNT if FULL else SAMPLE
GUIDED = 20_000
GUIDED_FORMATS = ("camt.053.08 totals", "mt940 ing", "csv rabobank")
HAS_ATHERIS = importlib.util.find_spec("atheris") is not None
PAGE = Path(__file__).parents[2] / "docs" / "proof" / "fuzz.md"


def test_no_mutant_is_misread_and_no_bytes_break_a_reader() -> None:
    """Of many changed files (100,000 of each format in the full proof) none is wrong, slow or large."""
    found = fuzz.try_all(tuple(FORMATS), (COUNT, GUIDED if FULL and HAS_ATHERIS else 0), SEED, PAGE if FULL else None)
    assert fuzz.wrong(found) == []
    assert {name: figures.mutants.outcomes.total() for name, figures in found.items()} == dict.fromkeys(FORMATS, COUNT)
    assert {outcome for figures in found.values() for outcome in figures.mutants.outcomes} <= set(fuzz_page.OUTCOMES)


@pytest.mark.skipif(not HAS_ATHERIS, reason="atheris runs on Linux and Python up to 3.13 only")
@pytest.mark.parametrize("name", GUIDED_FORMATS)
def test_no_bytes_that_reach_new_code_break_a_reader(name: str) -> None:
    """A second engine follows what the readers run through."""
    tally = fuzz.guided(name, SAMPLE, SEED)
    assert tally.wrong == []
    assert tally.outcomes.total() == SAMPLE


@given(shapes())
@settings(max_examples=20_000 if FULL else 300)
def test_one_line_lost_doubled_or_changed_is_told(shape: Shape) -> None:
    """A sound file is never suspected; one line too few, too many or of another amount is, where the file can tell."""
    truth_of(shape.format.seed((shape.book,)), shape.format)
    try:
        statements = read(shape.changed)
    except UnreadableFile:
        return
    assert any(map(all_problems, statements)) or not shape.tells


@given(st.sampled_from(sorted(FORMATS)), st.randoms(use_true_random=False))
@settings(max_examples=5_000 if FULL else 100)
def test_no_mutant_that_hypothesis_thinks_of_is_misread(name: str, chance: random.Random) -> None:
    """The same changes, which it makes smaller until only what is wrong is left."""
    format_ = FORMATS[name]
    truth = truth_of(chance.choice(format_.seeds), format_)
    outcome, wrong = fuzz.check(truth, format_, mutant(truth.seed, format_, chance).data)
    assert outcome in fuzz_page.OUTCOMES
    assert wrong == []


@pytest.mark.parametrize("name", FORMATS)
def test_every_seed_is_sound_and_no_lines_of_it_add_up_to_nothing(name: str) -> None:
    """Otherwise a loss could hide behind another."""
    for books in FORMATS[name].choices:
        amounts = [row.minor for book in books for row in book.rows]
        for chosen in range(1, 1 << len(amounts)):
            assert sum(amount for place, amount in enumerate(amounts) if chosen >> place & 1)


def test_what_must_not_be_is_noticed() -> None:
    """The proof itself can fail: a lost line, a word out of the file, a text that nobody can read."""
    format_ = FORMATS["camt.053.02"]
    truth = truth_of(format_.seeds[0], format_)
    (statement,) = read(truth.seed.data)
    lacking = replace(statement, lines=tuple(statement.lines)[1:])
    wrong = wrong_reading(truth, format_, truth.seed.data, (lacking,))
    assert [what.partition(":")[0] for what in wrong] == [
        "whole entries were not read",
        "(count, sum, opening, closing) are [(6, -52740, 250019, 297279)], not [(7, 47260, 250019, 297279)]",
    ]
    assert "Kwyxelaar" in wrong_message("This is Kwyxelaar.")[0]
    assert "0417164300" in wrong_message("This is '0417164300'.")[0]
    assert wrong_message("this is no sentence") == ["no sentence", *wrong_message("This is no sentence.")]
    line = next(iter(statement.lines))
    assert wrong_values((_with(statement, replace(line, name="x\x07")),)) == ["line.name has control characters"]
    assert wrong_values((_with(statement, replace(line, text="e\u0301")),)) == ["line.text is not in NFC"]
    assert wrong_values(None) == ["no statements but NoneType"]


def _with(statement: Statement, line: Line) -> Statement:
    """Return a statement of one line, without balances."""
    return replace(statement, opening=None, closing=None, lines=(line,), problems=())


def test_a_process_that_breaks_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch that does not come back counts as wrong, with what it said last."""
    monkeypatch.setattr(fuzz, "BATCH", 10)
    tally = fuzz.fuzz("no such format", 10, 1)
    assert "no such format 0 to 9: the process ended with 1: KeyError" in tally.wrong[0]


def test_the_figures_are_printed_and_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As a table, printed or written below the words of its page, where the rows of other formats stay."""
    assert fuzz.main(["20", "1", "csv rabobank"]) == 0
    printed = capsys.readouterr().out
    assert "| csv rabobank | unknown | 20 |" in printed
    page = tmp_path / "fuzz.md"
    page.write_text(f"# Fuzzing\n\n{fuzz_page.FIGURES}\n\n{printed}")
    fuzz.try_all(("mt942",), (20, 0), 1, page)
    kept = page.read_text()
    assert kept.startswith(f"# Fuzzing\n\n{fuzz_page.FIGURES}\n\nMade by")
    assert kept.index("| mt942 | unknown | 20 |") < kept.index("| csv rabobank | unknown | 20 |")
    assert kept.count("csv rabobank") == 1
    assert "- WRONG: mt942 7: x" in fuzz_page.markdown([], ["mt942 7: x"], 1)
