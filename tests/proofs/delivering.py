"""Looking after a folder of deliveries in a process of its own, which can be killed at any instant.

A watcher begins, takes files that lie there, and is killed some time between its beginning and a little after its
usual end. Then every file must lie in exactly one place, whole; the books verify; and a watcher that is
started again has all of them booked, each line once.
"""

from __future__ import annotations

import random
import statistics
import time
from collections import Counter
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

from dashboards.work.errors import FolderHeld
from dashboards.work.folder import DONE
from dashboards.work.folder import LOCK
from dashboards.work.folder import WORK
from dashboards.work.folder import Folder
from dashboards.work.watching import Watch
from tests.proofs.bank import NOW
from tests.proofs.bank import Account
from tests.proofs.bank import make_bank
from tests.proofs.importing import READY
from tests.proofs.importing import context
from tests.proofs.importing import examine
from tests.proofs.importing import where

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkServerProcess
    from pathlib import Path

    from tests.proofs.importing import Where

KILLS = 100
SEED = 20261127
FILES = 3
"""How many files wait for each watcher that is killed."""
LINES = 15
WARM = 2
BEYOND = 1.1
HELD = "held"
SENTINEL = "no file"


@dataclass(slots=True)
class Deliveries:
    """What happened.

    Attributes:
        left: How often a kill left how many of its files to be done.
        wrong: Whatever must not be.
        took: Seconds of a watcher that was left alone.
    """

    left: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    took: list[float] = field(default_factory=list)


def start(place: Where, folder: Path) -> tuple[ForkServerProcess, Connection]:
    """Start a watcher that looks once for each word that it is sent, and answers what it booked and refused."""
    ours, theirs = context().Pipe()
    child = context().Process(target=_run, args=(place, folder, theirs), daemon=True)
    child.start()
    theirs.close()
    return child, ours


def _run(place: Where, path: Path, pipe: Connection) -> None:
    """Look after a folder, in the child."""
    installation, folder = place.open(), Folder(path)
    try:
        with folder.held():
            watch = Watch(installation, folder, lambda: NOW)
            pipe.send(READY)
            while pipe.recv():
                look = watch.look()
                pipe.send(([one.file for one in look.booked], [one.reason for one in look.refused], look.troubles))
    except FolderHeld:
        pipe.send(HELD)


def deliver(kills: int, seed: int, directory: Path) -> Deliveries:
    """Kill that many watchers, each with files that wait for it."""
    rng, found = random.Random(seed), Deliveries()
    place, folder = where(directory / "bank"), directory / "delivered"
    folder.mkdir()
    make_bank(place.directory, 1).close()
    account = Account(1, LINES)
    for turn in range(WARM + kills):
        days = range(turn * FILES, (turn + 1) * FILES)
        for day in days:
            (folder / f"day-{day:04d}.xml").write_bytes(account.statement(day, day))
        if turn < WARM:
            found.took.append(_undisturbed(place, folder))
        else:
            _kill(place, folder, rng.random() * BEYOND * statistics.median(found.took))
            left = sum(1 for path in (*folder.glob("*.xml"), *(folder / WORK).glob("*.xml")) if path.is_file())
            found.left[left] += 1
            found.wrong += _scattered(folder, days.stop, account)
            _undisturbed(place, folder)
        _judge(place, folder, days.stop, account, found)
        if found.wrong:
            break
    return found


def _undisturbed(place: Where, folder: Path) -> float:
    """Let a watcher do all that there is; return the seconds that it took."""
    child, pipe = start(place, folder)
    pipe.recv()
    begun = time.perf_counter()
    for _ in range(2):
        pipe.send("look")
        pipe.recv()
    took = time.perf_counter() - begun
    pipe.send("")
    child.join()
    return took


def _kill(place: Where, folder: Path, after: float) -> None:
    """Let a watcher begin, and kill it after some seconds."""
    child, pipe = start(place, folder)
    pipe.recv()
    for _ in range(2):
        pipe.send("look")
    time.sleep(after)
    child.kill()
    child.join()


def _scattered(folder: Path, files: int, account: Account) -> list[str]:
    """Return what is wrong with where the files lie: each in one place, as it was delivered."""
    found = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != LOCK)
    wrong = [f"{path.name} was altered" for path in found if path.read_bytes() != _content(path, account)]
    names = Counter(path.name for path in found)
    expected = Counter(f"day-{day:04d}.xml" for day in range(files))
    return wrong + [f"{name} lies in {names[name]} places" for name in names | expected if names[name] != 1]


def _content(path: Path, account: Account) -> bytes:
    """Return what was delivered under a name."""
    day = int(path.stem.removeprefix("day-")) if path.suffix == ".xml" else -1
    return account.statement(day, day) if day >= 0 else SENTINEL.encode()


def _judge(place: Where, folder: Path, files: int, account: Account, found: Deliveries) -> None:
    """Say what is wrong once all is done: every file in done/, every line once, and the books hold."""
    found.wrong += _scattered(folder, files, account)
    lines, wrong = examine(place)
    found.wrong += wrong
    done = len(list((folder / DONE).iterdir()))
    if (done, lines) != (files, files * LINES):
        found.wrong.append(f"{done} of {files} files are done, {lines} of {files * LINES} lines are booked")
