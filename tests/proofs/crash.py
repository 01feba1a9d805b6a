"""kill -9 while a file is imported, at random instants: never half a file, never a lost confirmed one.

An import runs in a process of its own, which is killed some time between its beginning and a little after
its usual end. Then the installation is opened again as any start does, and verified; the file is
booked in full or not at all, and in full where the import had said so; and it is imported once more.
"""

from __future__ import annotations

import random
import statistics
import time
from collections import Counter
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

from tests.proofs.bank import Account
from tests.proofs.bank import make_bank
from tests.proofs.importing import DONE
from tests.proofs.importing import examine
from tests.proofs.importing import start
from tests.proofs.importing import where

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from tests.proofs.importing import Where

KILLS = 200
SEED = 20261124
FILES = 20
"""Files of one installation; then a new one is made, so that verifying stays quick."""
LINES = 40
WARM = 3
"""Imports that are left alone first, to know how long one takes."""
BEYOND = 1.1


@dataclass(slots=True)
class Crashes:
    """What happened.

    Attributes:
        outcomes: How often the killed import had booked nothing, all, or all and said so.
        wrong: Whatever must not be.
        took: Seconds of an import that was left alone.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    took: list[float] = field(default_factory=list)

    @property
    def kills(self) -> int:
        """Return how many imports were killed."""
        return self.outcomes.total()


def crash(kills: int, seed: int, directory: Path) -> Crashes:
    """Kill that many imports."""
    rng, found = random.Random(seed), Crashes()
    while found.kills < kills:
        place = where(directory / f"bank-{found.kills}")
        make_bank(place.directory, 1).close()
        _one_bank(place, min(kills, found.kills + FILES - WARM), rng, found)
    return found


def _one_bank(place: Where, until: int, rng: random.Random, found: Crashes) -> None:
    """Import file after file, killing all but the first few imports."""
    account, booked = Account(1, LINES), 0
    for day in range(FILES):
        content = account.statement(day, day)
        if day < WARM:
            found.took.append(_import(place, content))
        elif found.kills < until:
            said = _kill(place, content, rng.random() * BEYOND * statistics.median(found.took))
            _judge(place, booked, found, said=said)
            _import(place, content)
        booked += LINES
        lines, wrong = examine(place)
        found.wrong += [f"after file {day}: {each}" for each in wrong]
        if lines != booked:
            found.wrong.append(f"after file {day}: {lines} lines, not {booked}")
            return
        if found.kills >= until:
            return


def _import(place: Where, content: bytes) -> float:
    """Import a file without disturbing it; return the seconds that it took."""
    child, pipe = start(place, [content])
    pipe.recv()
    begun = time.perf_counter()
    pipe.send(None)
    answer = pipe.recv()
    took = time.perf_counter() - begun
    child.join()
    if answer != DONE:
        raise AssertionError(answer)
    return took


def _kill(place: Where, content: bytes, after: float) -> bool:
    """Import a file and kill the process after some seconds; return whether it had said that it was done."""
    child, pipe = start(place, [content])
    pipe.recv()
    pipe.send(None)
    time.sleep(after)
    child.kill()
    child.join()
    try:
        return bool(pipe.poll() and pipe.recv() == DONE)
    except (EOFError, ConnectionResetError):
        return False


def _judge(place: Where, before: int, found: Crashes, *, said: bool) -> None:
    """Start again and see what is there."""
    lines, wrong = examine(place)
    found.outcomes["nothing" if lines == before else "all, and said so" if said else "all"] += 1
    found.wrong += wrong
    if lines not in {before, before + LINES}:
        found.wrong.append(f"half a file: {lines - before} of {LINES} lines")
    if said and lines == before:
        found.wrong.append("a confirmed file is gone")


def markdown(found: dict[str, Crashes], seed: int, revision: str, day: dt.date) -> str:
    """Return the figures as a page."""
    rows = "".join(
        f"| {database} | {each.kills} | {each.outcomes['nothing']} | {each.outcomes['all']} "
        f"| {each.outcomes['all, and said so']} | {len(each.wrong)} | {1000 * statistics.median(each.took):.0f} |\n"
        for database, each in found.items()
    )
    problems = "".join(f"- WRONG on {name}: {what}\n" for name, each in found.items() for what in each.wrong)
    return (
        "# kill -9 while a file is imported\n\n"
        f"{day.isoformat()}, seed {seed}, revision {revision}. An import of {LINES} lines, rules and signature\n"
        "included, is killed at a random instant between its beginning and a tenth past its usual end; then the\n"
        "installation is started again, verified, and the file imported once more (`make prove`).\n\n"
        "| database | killed | nothing booked | all booked | all booked and said so | wrong | usual ms |\n"
        "|---|---|---|---|---|---|---|\n"
        f"{rows}\n{problems}"
    )
