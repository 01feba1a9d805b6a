"""Many processes import at once: every line exactly once, the chain whole, nobody refused, no time lost.

Two kinds of crowd. Together: all bring exports of one account that overlap (from its first day up to some
day), the same file several times among them. Apart: each brings its own account's statements, all into
one log. What they do together is compared with one process that does the same work alone.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

import sqlalchemy as sa

from ledger import tables
from tests.proofs.bank import Account
from tests.proofs.bank import make_bank
from tests.proofs.importing import DONE
from tests.proofs.importing import examine
from tests.proofs.importing import start
from tests.proofs.importing import where

if TYPE_CHECKING:
    from pathlib import Path

    from tests.proofs.importing import Where

SIZES = (2, 8, 16)
SEED = 20261124
DAYS = 12
DAYS_APART = 4
LINES = 20
FLOOR = 0.7
"""What a crowd must do at least, of what one process does alone."""


@dataclass(slots=True)
class Crowd:
    """What one crowd did.

    Attributes:
        alone: Seconds that one process took for all of the work.
        together: Seconds that the crowd took.
        wrong: Whatever must not be.
    """

    kind: str
    size: int
    files: int
    lines: int
    alone: float = 0.0
    together: float = 0.0
    wrong: list[str] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """Return the crowd's throughput by that of one process."""
        return self.alone / self.together


def crowd(kind: str, size: int, seed: int, directory: Path) -> Crowd:
    """Let a crowd of some size work, and one process alone."""
    work = _together(size, random.Random(seed)) if kind == "together" else _apart(size)
    accounts = 1 if kind == "together" else size
    days = DAYS if kind == "together" else DAYS_APART
    found = Crowd(kind, size, sum(len(files) for files in work), accounts * days * LINES)
    places = [where(directory / f"{kind}-{size}-{name}") for name in ("alone", "crowd")]
    for place in places:
        make_bank(place.directory, accounts).close()
    found.alone = _let_work(places[0], [[content for files in work for content in files]], found)
    found.together = _let_work(places[1], work, found)
    for place in places:
        _judge(place, found)
    return found


def _together(size: int, rng: random.Random) -> list[list[bytes]]:
    """Return each process's files: overlapping exports of one account, in an order of its own."""
    exports = [Account(1, LINES).statement(0, day) for day in range(DAYS)]
    return [[*rng.sample(exports, DAYS // 2), exports[-1]] for _ in range(size)]


def _apart(size: int) -> list[list[bytes]]:
    """Return each process's files: the days of its own account."""
    return [[Account(number, LINES).statement(day, day) for day in range(DAYS_APART)] for number in range(1, size + 1)]


def _let_work(place: Where, work: list[list[bytes]], found: Crowd) -> float:
    """Let processes begin at once; return the seconds until the last is done."""
    children = [start(place, files) for files in work]
    for _, pipe in children:
        pipe.recv()
    begun = time.perf_counter()
    for _, pipe in children:
        pipe.send(None)
    for (_, pipe), files in zip(children, work, strict=True):
        answers = [pipe.recv() for _ in files]
        found.wrong += [f"{len(work)} processes: {answer}" for answer in answers if answer != DONE]
    took = time.perf_counter() - begun
    for child, _ in children:
        child.join()
    return took


def _judge(place: Where, found: Crowd) -> None:
    """See that every line stands there once, and verify."""
    lines, wrong = examine(place)
    found.wrong += wrong
    if lines != found.lines:
        found.wrong.append(f"{lines} lines, not {found.lines}")
    installation = place.open()
    table = tables.movement
    with installation.store.reading() as connection:
        amounts = sorted(connection.execute(sa.select(table.c.amount_minor)).scalars())
    installation.close()
    accounts, days = (1, DAYS) if found.kind == "together" else (found.size, DAYS_APART)
    each = [Account(number, LINES).amounts(day) for number in range(1, accounts + 1) for day in range(days)]
    paid = sorted(amount for amounts in each for amount in amounts)
    if amounts != paid:
        found.wrong.append("the amounts are not those of the bank")


def markdown(found: list[Crowd], database: str, seed: int, revision: str) -> str:
    """Return the figures as a page."""
    rows = "".join(
        f"| {each.kind} | {each.size} | {each.files} | {each.lines} | {each.alone:.1f} | {each.together:.1f} "
        f"| {each.ratio:.2f} | {len(each.wrong)} |\n"
        for each in found
    )
    problems = "".join(f"- WRONG: {each.kind}, {each.size}: {what}\n" for each in found for what in each.wrong)
    return (
        f"# Many processes import at once: {database}\n\n"
        f"Made by `make prove` at revision {revision} with seed {seed}. Together: overlapping exports of one account,\n"
        "the same file several times among them. Apart: each its own account, one log. Rules and signature included.\n"
        f"The ratio is the crowd's throughput by that of one process; at least {FLOOR} is asked for.\n\n"
        "| crowd | processes | files | lines | one process, s | crowd, s | ratio | wrong |\n"
        "|---|---|---|---|---|---|---|---|\n"
        f"{rows}\n{problems}"
    )
