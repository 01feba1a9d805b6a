"""Whatever files of an account come, in whatever order and format: no payment is lost, and none counts twice."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck
from hypothesis import seed
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from ledger.entry import foundation_book
from ledger.installation import Settings
from ledger.installation import create_installation
from tests.proofs.exports import FORMATS
from tests.proofs.exports import FOUNDATION
from tests.proofs.exports import NOW
from tests.proofs.exports import Exports
from tests.proofs.exports import Tally

if TYPE_CHECKING:
    from ledger.canonical import Json
    from ledger.installation import Installation

FULL = os.environ.get("BUURTKAS_PROOFS") == "full"
PAGE = Path(__file__).parents[2] / "docs" / "proof" / "exports.md"
SEED = 20261127
STEPS = 10_000
ACTIONS = 50


def _opened(directory: Path) -> Installation:
    installation = create_installation(directory, Settings("buurtkas.example/proef", simulated=True))
    public: dict[str, Json] = {"kind": "foundation", "limit": 25_000, "currency": "EUR", "every": 35}
    private: dict[str, Json] = {"slug": "proef", "name": "Stichting Proef", "kvk": None}
    store = installation.store
    with store.writing(NOW) as appender:
        book = foundation_book(FOUNDATION)
        appender.append(store.draft(book, "opened", {**public, "basis": "opening"}, private))
    return installation


def test_no_payment_is_lost_or_doubled(tmp_path: Path) -> None:
    """Exports overlap, change their format, come late, twice and made during the day (10,000 in the full proof)."""
    tally, installation = Tally(), _opened(tmp_path / "installation")
    machine = type("Machine", (Exports,), {"installation": installation, "tally": tally})
    examples = 700 if FULL else 12
    chosen = settings(
        max_examples=examples,
        stateful_step_count=ACTIONS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(seed(SEED)(machine), settings=chosen)
    installation.close()
    if FULL:
        PAGE.write_text(_markdown(tally))
    assert tally.steps >= (STEPS if FULL else 100)
    assert set(tally.files) == set(FORMATS)


def _markdown(tally: Tally) -> str:
    revision = os.environ.get("BUURTKAS_REVISION", "unknown")
    rows = "\n".join(f"| {written} | {count:,} |" for written, count in sorted(tally.files.items()))
    return f"""# Exports of an account in any order and format

Made by `make prove` at revision {revision} with seed {SEED} on {dt.datetime.now(dt.UTC).date()}.

{tally.accounts} accounts; {tally.steps:,} files with {tally.lines:,} lines, of which {tally.booked:,} were new,
and {tally.gaps:,} files beside a gap. After each file the book held every payment that a
file had shown, once; nothing was reported where no day was missing.

| format | files |
|---|---|
{rows}
"""
