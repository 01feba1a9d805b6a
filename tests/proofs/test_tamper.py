"""Every edit of the database is found and named, and an untouched ledger raises no alarm."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.proofs.tamper import EDITS
from tests.proofs.tamper import LEDGERS
from tests.proofs.tamper import SEED
from tests.proofs.tamper import Figures
from tests.proofs.tamper import check_edits
from tests.proofs.tamper import check_untouched
from tests.proofs.tamper import main
from tests.proofs.tamper import markdown

FULL = os.environ.get("BUURTKAS_PROOFS") == "full"
PAGE = Path(__file__).parents[2] / "docs" / "proof" / "tamper.md"


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> tuple[Figures, Figures]:
    """The figures of a sample, or of the whole proof, which are written down."""
    directory = tmp_path_factory.mktemp("tamper")
    edits = check_edits(EDITS if FULL else 120, SEED, directory)
    untouched = check_untouched(LEDGERS if FULL else 8, SEED, directory)
    if FULL:
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(markdown(edits, untouched, SEED))
    return edits, untouched


def test_every_edit_is_found_and_named(figures: tuple[Figures, Figures]) -> None:
    """The verifier names the first bad entry, or the object, after each of many edits (500 in the full proof)."""
    assert figures[0].missed == []


def test_untouched_ledgers_raise_no_alarm(figures: tuple[Figures, Figures]) -> None:
    """Random histories, signed or not yet, with and without erasures, hold (50 in the full proof)."""
    assert figures[1].alarms == []


def test_the_proof_prints_its_figures(capsys: pytest.CaptureFixture[str]) -> None:
    """The figures come as Markdown, and what was missed is listed and fails the program."""
    assert main(["3", "1"]) == 0
    assert "named: 3 of 3" in capsys.readouterr().out
    assert "- MISSED: edit 1: flip in entry" in markdown(Figures(missed=["edit 1: flip in entry"]), Figures(), 1)
