"""Whoever imports at the same time as others loses nothing, doubles nothing, and waits for his turn."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.proofs.crowd import FLOOR
from tests.proofs.crowd import SEED
from tests.proofs.crowd import SIZES
from tests.proofs.crowd import Crowd
from tests.proofs.crowd import crowd
from tests.proofs.crowd import markdown

FULL = os.environ.get("BUURTKAS_PROOFS") == "full"
PAGES = Path(__file__).parents[2] / "docs" / "proof"


@pytest.fixture
def crowds(tmp_path: Path, database: str) -> list[Crowd]:
    """A crowd of each kind and size; in a sample the largest of the one kind and the smallest of the other."""
    whole = [(kind, size) for kind in ("together", "apart") for size in SIZES]
    asked = whole if FULL else [("together", SIZES[-1]), ("apart", SIZES[0])]
    found = [crowd(kind, size, SEED, tmp_path) for kind, size in asked]
    if FULL:
        PAGES.mkdir(exist_ok=True)
        page = markdown(found, database, SEED, os.environ.get("BUURTKAS_REVISION", "unknown"))
        (PAGES / f"crowd-{database}.md").write_text(page)
    return found


def test_a_crowd_books_every_line_once(crowds: list[Crowd]) -> None:
    """Every line exactly once, the chain intact, nobody refused or deadlocked, and nearly no time lost."""
    assert [what for each in crowds for what in each.wrong] == []
    if FULL:
        assert [each.ratio for each in crowds if each.ratio < FLOOR] == []


def test_the_page_names_what_is_wrong() -> None:
    """A doubled line would stand on the page."""
    found = Crowd("together", 2, 14, 240, 1.0, 2.0, ["241 lines, not 240"])
    page = markdown([found], "sqlite", 1, "abc")
    assert "| 0.50 | 1 |" in page
    assert "WRONG: together, 2: 241 lines" in page
