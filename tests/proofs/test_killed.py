"""An operator's work that is killed leaves the old or the new, and saying it again ends it."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

from tests.proofs.killed import AFTER
from tests.proofs.killed import KILLS
from tests.proofs.killed import SEED
from tests.proofs.killed import WORKS
from tests.proofs.killed import Killed
from tests.proofs.killed import kill
from tests.proofs.killed import markdown

FULL = os.environ.get("BUURTKAS_PROOFS") == "full"
PAGES = Path(__file__).parents[2] / "docs" / "proof"
SAMPLE = 2


def test_killed_work_leaves_the_old_or_the_new(tmp_path: Path, database: str) -> None:
    """Backup, restore, upgrade, rebuild and the day's work, each killed twice (60 times in the full proof)."""
    kills = KILLS if FULL else SAMPLE
    found = kill(kills, SEED, tmp_path)
    if FULL:
        PAGES.mkdir(exist_ok=True)
        revision = os.environ.get("BUURTKAS_REVISION", "unknown")
        page = markdown({database: found}, SEED, revision, dt.datetime.now(dt.UTC).date())
        (PAGES / f"killed-{database}.md").write_text(page)
    assert found.wrong == []
    assert found.outcomes.total() == kills * len(WORKS)


def test_the_page_names_what_is_wrong() -> None:
    """A mix would stand on the page."""
    found = Killed(wrong=["upgrade 3: a shape between: 0002"])
    found.outcomes["upgrade", AFTER] = 1
    page = markdown({"sqlite": found}, 1, "abc", dt.date(2026, 11, 27))
    assert "| sqlite | upgrade | 1 | 0 | 1 | 1 |" in page
    assert "WRONG on sqlite: upgrade 3: a shape between" in page
