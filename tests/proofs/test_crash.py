"""An import that is killed leaves all of its file or nothing, and loses nothing that was confirmed."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

from tests.proofs.crash import KILLS
from tests.proofs.crash import SEED
from tests.proofs.crash import Crashes
from tests.proofs.crash import crash
from tests.proofs.crash import markdown

FULL = os.environ.get("BUURTKAS_PROOFS") == "full"
PAGES = Path(__file__).parents[2] / "docs" / "proof"
SAMPLE = 12


def test_a_killed_import_leaves_all_or_nothing(tmp_path: Path, database: str) -> None:
    """Killed at random instants (200 in the full proof), on each database, and verified after each."""
    found = crash(KILLS if FULL else SAMPLE, SEED, tmp_path)
    if FULL:
        _keep(database, found)
    assert found.wrong == []
    assert found.kills == (KILLS if FULL else SAMPLE)


def test_the_page_names_what_is_wrong() -> None:
    """A half file would stand on the page."""
    found = Crashes(wrong=["half a file: 3 of 40 lines"], took=[0.2])
    found.outcomes["all"] = 1
    page = markdown({"sqlite": found}, 1, "abc", dt.date(2026, 11, 24))
    assert "WRONG on sqlite: half a file" in page


def _keep(database: str, found: Crashes) -> None:
    """Write the figures down, one page a database."""
    PAGES.mkdir(exist_ok=True)
    revision = os.environ.get("BUURTKAS_REVISION", "unknown")
    page = markdown({database: found}, SEED, revision, dt.datetime.now(dt.UTC).date())
    (PAGES / f"crash-{database}.md").write_text(page)
