"""Proof by trying: whatever the bytes, a bank file is read truthfully, or refused, quickly and in little memory.

Sound files of every format are changed by chance (`fuzz_mutants`), and what the readers make of them is held against
what the sound file says (`fuzz_claims`). Each batch runs in a process of its own, which may use so much memory and so
much time for each file and no more.

    python -m tests.proofs.fuzz [COUNT [SEED [FORMAT ...]]]

prints the figures as Markdown.
"""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from dataclasses import field
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from importers.errors import UnreadableFile
from importers.reading import read
from importers.reconcile import all_problems
from tests.proofs import fuzz_page
from tests.proofs.fuzz_claims import truth_of
from tests.proofs.fuzz_claims import wrong_message
from tests.proofs.fuzz_claims import wrong_reading
from tests.proofs.fuzz_claims import wrong_values
from tests.proofs.fuzz_formats import FORMATS
from tests.proofs.fuzz_mutants import mutant
from tests.proofs.fuzz_page import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence
    from types import FrameType

    from importers.statement import Statement
    from tests.proofs.fuzz_claims import Truth
    from tests.proofs.fuzz_formats import Format

SEED = 20261123
COUNT = 100_000
BATCH = 5_000
SECONDS = 2
MEMORY = 256 * 1024 * 1024
LAUNCH = ("/bin/sh", "-c", '"$@"; exit $?', "launch")
"""A program begins with the peak of memory of whoever started it: a shell's, not that of a long run of tests."""
_ROOT = Path(__file__).parents[2]


class TooSlow(BaseException):
    """A file took more time than it may; no reader catches this by catching too much."""


@dataclass(slots=True)
class Tally:
    """What became of the mutants of one format.

    Attributes:
        outcomes: How many came to what: read as the sound file, read as another without a problem, with one, refused.
        wrong: What must not be, with the number of the mutant.
        slowest: The most processor time that one took, in microseconds, and which.
        grown: How much memory the process of a batch took more than before its first file, at most, in kilobytes.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    slowest: tuple[int, int] = (0, -1)
    grown: int = 0

    def add(self, other: Tally) -> None:
        """Take in what another batch came to."""
        self.outcomes += other.outcomes
        self.wrong += other.wrong
        self.slowest = max(self.slowest, other.slowest)
        self.grown = max(self.grown, other.grown)

    def as_json(self) -> str:
        """Return it as one line."""
        return json.dumps({one.name: getattr(self, one.name) for one in fields(self)})

    @classmethod
    def from_json(cls, written: str) -> Tally:
        """Return what `as_json` wrote."""
        said = json.loads(written)
        slowest = (int(said["slowest"][0]), int(said["slowest"][1]))
        return cls(Counter(said["outcomes"]), said["wrong"], slowest, said["grown"])


@dataclass(frozen=True, slots=True)
class Figures:
    """What both engines came to in one format."""

    mutants: Tally
    guided: Tally

    def row(self) -> tuple[int, ...]:
        """Return the figures as they stand in the table."""
        outcomes = self.mutants.outcomes
        return (
            outcomes.total(),
            *(outcomes[outcome] for outcome in OUTCOMES),
            len(self.mutants.wrong),
            self.mutants.slowest[0] // 1000,
            self.mutants.grown // 1024,
            self.guided.outcomes.total(),
            len(self.guided.wrong),
        )


class Clock:
    """Reads under a limit of processor time.

    Attributes:
        took: How long the last file took, in microseconds.
    """

    took = 0

    def read(self, data: bytes) -> Sequence[Statement]:
        """Read a file; raise TooSlow where it takes too long."""
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        began = time.process_time_ns()
        try:
            return read(data)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            self.took = (time.process_time_ns() - began) // 1000


def check(
    truth: Truth, format_: Format, data: bytes, reader: Callable[[bytes], Sequence[Statement]] = read
) -> tuple[str, list[str]]:
    """Read a file, and return the outcome and what is wrong with it."""
    try:
        statements = reader(data)
    except UnreadableFile as refused:
        return "refused", wrong_message(str(refused))
    wrong = wrong_values(statements)
    if any(map(all_problems, statements)):
        return "problem", wrong
    wrong += wrong_reading(truth, format_, data, statements)
    found = [(len(one.lines), sum(line.amount_minor for line in one.lines)) for one in statements]
    is_same = found == [(one.count, one.total) for one in truth.seed.says]
    return "same" if is_same else "other", wrong


def batch(name: str, first: int, count: int, seed: int) -> Tally:
    """Try some mutants of a format in this process."""
    format_ = FORMATS[name]
    truths = [truth_of(one, format_) for one in format_.seeds]
    tally, clock = Tally(), Clock()
    before = _memory()
    for number in range(first, first + count):
        chance = random.Random(f"{seed} {name} {number}")
        truth = chance.choice(truths)
        made = mutant(truth.seed, format_, chance)
        try:
            outcome, wrong = check(truth, format_, made.data, clock.read)
        except (Exception, TooSlow) as error:  # noqa: BLE001 - whatever a reader lets out is what is looked for
            outcome, wrong = "broken", [f"{type(error).__name__}: {error}"[:200]]
        tally.slowest = max(tally.slowest, (clock.took, number))
        tally.outcomes[outcome] += 1
        tally.wrong += [f"{name} {number} ({', '.join(made.changes)}): {what}" for what in wrong]
    tally.grown = _memory() - before
    return tally


def _memory() -> int:
    """Return the most memory that this process has held so far, in kilobytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _limit_memory() -> None:
    """Let this process take no more memory than it has and what a file may take."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _too_slow(_: int, __: FrameType | None) -> None:
    raise TooSlow


def child(name: str, first: int, count: int, seed: int) -> str:
    """Try a batch under its limits; warnings are errors."""
    warnings.simplefilter("error")
    signal.signal(signal.SIGPROF, _too_slow)
    _limit_memory()
    return batch(name, first, count, seed).as_json()


def _run_child(name: str, first: int, count: int, seed: int) -> Tally:
    """Try a batch in a process of its own; one that does not come back is wrong itself."""
    command = [*LAUNCH, sys.executable, "-m", "tests.proofs.fuzz", "--batch", name, str(first), str(count), str(seed)]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        why = (done.stderr.strip().splitlines() or ["killed"])[-1]
        return Tally(wrong=[f"{name} {first} to {first + count - 1}: the process ended with {done.returncode}: {why}"])
    return Tally.from_json(done.stdout)


def fuzz(name: str, count: int, seed: int, workers: int = 1) -> Tally:
    """Try mutants of a format.

    Args:
        name: The format.
        count: How many.
        seed: Where chance begins.
        workers: How many processes at a time.
    """
    total = Tally()
    with ThreadPoolExecutor(workers) as pool:
        starts = range(0, count, BATCH)
        for tally in pool.map(lambda at: _run_child(name, at, min(BATCH, count - at), seed), starts):
            total.add(tally)
    return total


def guided(name: str, count: int, seed: int) -> Tally:
    """Let the second engine try, where it can be had; it stops at the first thing that is wrong."""
    with tempfile.TemporaryDirectory() as directory:
        command = [*LAUNCH, sys.executable, "-m", "tests.proofs.fuzz_guided", name, str(count), str(seed), directory]
        done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, errors="replace", check=False)
    said = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or not said:
        why = next((line for line in done.stderr.splitlines() if "Error" in line or "ERROR" in line), "no reason given")
        return Tally(wrong=[f"{name}, guided: {why[:400]}"])
    return Tally.from_json(said[-1])


def try_all(names: Sequence[str], counts: tuple[int, int], seed: int, page: Path | None = None) -> dict[str, Figures]:
    """Let both engines try each format.

    Args:
        names: The formats.
        counts: How many mutants, and how many files of the second engine; none of these where it cannot be had.
        seed: Where chance begins.
        page: Where to keep the figures after each format, below their heading; with it, all processors are used.
    """
    found: dict[str, Figures] = {}
    workers = os.cpu_count() or 1 if page else 1
    for name in names:
        second = guided(name, counts[1], seed) if counts[1] else Tally()
        found[name] = Figures(fuzz(name, counts[0], seed, workers), second)
        if page is not None:
            fuzz_page.keep(page, fuzz_page.row(name, found[name].row()), wrong(found), seed, tuple(FORMATS))
    return found


def wrong(found: dict[str, Figures]) -> list[str]:
    """Return all that is wrong."""
    return [what for figures in found.values() for what in (*figures.mutants.wrong, *figures.guided.wrong)]


def main(arguments: Sequence[str]) -> int:
    """Try, and print the figures; 1 where something was wrong."""
    if arguments[:1] == ["--batch"]:
        sys.stdout.write(child(arguments[1], *map(int, arguments[2:])))
        return 0
    count = int(arguments[0]) if arguments else COUNT
    start = int(arguments[1]) if arguments[1:] else SEED
    found = try_all(arguments[2:] or tuple(FORMATS), (count, 0), start)
    rows = [fuzz_page.row(name, figures.row()) for name, figures in found.items()]
    sys.stdout.write(fuzz_page.markdown(rows, wrong(found), start))
    return 1 if wrong(found) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
