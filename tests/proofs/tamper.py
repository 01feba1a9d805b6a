"""Proof by trying: every edit of an installation's database is found, and named.

An edit is made with plain SQL on a copy of an installation with a random history: the triggers
dropped (and made again or not), the signer's state untouched. Edits that change nothing do not
count. For an edit of entries the verifier must name the smallest log index that differs; for
any other the table's object.

    python -m tests.proofs.tamper [EDITS [LEDGERS [SEED]]]

prints the figures as Markdown.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.check_views import verify_installation
from ledger.installation import DATABASE
from ledger.installation import Installation
from ledger.installation import Settings
from ledger.installation import create_installation
from tests.proofs.edits import AREAS
from tests.proofs.edits import ENTRY_KINDS
from tests.proofs.edits import KINDS
from tests.proofs.edits import Edit
from tests.proofs.edits import make_edit
from tests.proofs.histories import History

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.verify import Problem

ORIGIN = "buurtkas.example/proef"
SEED = 20261123
EDITS = 500
LEDGERS = 50
STEPS = 230
BASES = 5


@dataclass(slots=True)
class Figures:
    """How many edits of each kind and area were tried, and which were missed or wrongly named."""

    tried: Counter[tuple[str, str]] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    ledgers: int = 0
    alarms: list[str] = field(default_factory=list)

    @property
    def edits(self) -> int:
        """Return how many edits were tried."""
        return sum(self.tried.values())


def new_history(directory: Path, seed: int, steps: int) -> History:
    """Return a signed random history in a new installation."""
    installation = create_installation(directory, Settings(ORIGIN, simulated=True))
    history = History(installation, random.Random(seed))
    history.open()
    history.grow(steps)
    history.sign()
    return history


def check_edits(count: int, seed: int, directory: Path) -> Figures:
    """Make edits, one each on a fresh copy, and check that each is found and named."""
    figures = Figures()
    rng = random.Random(seed)
    bases = [new_history(directory / f"base{place}", seed + place, STEPS) for place in range(min(BASES, count))]
    for base in bases:
        base.installation.close()
    while figures.edits < count:
        _one_edit(figures, rng, rng.choice(bases).installation.directory, directory / "copy")
    return figures


def check_untouched(count: int, seed: int, directory: Path) -> Figures:
    """Check that random ledgers that nobody touched raise no alarm."""
    figures = Figures()
    for place in range(count):
        rng = random.Random(seed + place)
        history = new_history(directory / f"untouched{place}", seed + place, rng.randrange(60))
        if place % 3 == 0:
            history.erase(rng.randint(1, 3))
        if place % 2 == 0:
            history.grow(rng.randrange(20))
        report = verify_installation(history.installation)
        history.installation.close()
        figures.ledgers += 1
        figures.alarms += [f"ledger {place}: {problem.what}" for problem in report.problems]
    return figures


def _one_edit(figures: Figures, rng: random.Random, base: Path, copy: Path) -> None:
    """Make one edit on a copy and verify it; an edit that changes nothing is left out."""
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(base, copy)
    edit = make_edit(copy / DATABASE, rng)
    if edit is None:
        return
    figures.tried[edit.kind, edit.area] += 1
    installation = Installation(copy, fenced=False)
    report = verify_installation(installation)
    installation.close()
    wrong = _wrong(edit, report.first)
    if wrong:
        figures.missed.append(f"edit {figures.edits}: {edit.kind} in {edit.table}: {wrong}")


def _wrong(edit: Edit, first: Problem | None) -> str | None:
    """Return what is wrong with what the verifier says about an edit, or None."""
    if first is None:
        return "not found"
    if edit.table == "entry":
        found = first.index == edit.first if edit.first is not None else first.index is None
        return None if found else f"named {first.index} ({first.what}), expected {edit.first}"
    names = {"disclosure": ("disclosure",), "private_value": ("private value",)}.get(
        edit.table, (f"view {edit.table}:",)
    )
    if not any(name in first.what for name in names):
        return f"named {first.what!r}"
    if first.what.startswith("view ") and not any(row in first.what for row in edit.rows):
        return f"named {first.what!r}, expected one of {sorted(edit.rows)[:3]}"
    return None


def markdown(edits: Figures, untouched: Figures, seed: int) -> str:
    """Return the figures as a page."""
    areas = list(AREAS)
    kinds = [*KINDS, *ENTRY_KINDS]
    lines = [
        "# Tampering",
        "",
        f"Made by `make prove` at revision {os.environ.get('BUURTKAS_REVISION', 'unknown')} with seed {seed}:",
        f"{edits.edits} random edits, each on a fresh copy of an installation,",
        "the triggers dropped, the signer's state untouched; edits that change nothing",
        "are left out.",
        "",
        f"- found, and the first bad entry or object named: {edits.edits - len(edits.missed)} of {edits.edits}",
        f"- untouched random ledgers: {untouched.ledgers}, false alarms: {len(untouched.alarms)}",
        "",
        "| edit | " + " | ".join(areas) + " |",
        "|---|" + "--:|" * len(areas),
        *(f"| {kind} | " + " | ".join(str(edits.tried[kind, area]) for area in areas) + " |" for kind in kinds),
        "",
        *(f"- MISSED: {what}" for what in (*edits.missed, *untouched.alarms)),
    ]
    return "\n".join(lines).rstrip() + "\n"


def main(arguments: Sequence[str]) -> int:
    """Make the edits and print the figures; 1 where something was missed."""
    count, ledgers, seed = (*(int(argument) for argument in arguments), *(EDITS, LEDGERS, SEED)[len(arguments) :])
    with tempfile.TemporaryDirectory() as name:
        edits = check_edits(count, seed, Path(name))
        untouched = check_untouched(ledgers, seed, Path(name))
    sys.stdout.write(markdown(edits, untouched, seed))
    return 1 if edits.missed or untouched.alarms else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
