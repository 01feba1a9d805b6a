"""The disk fills up while a file is imported: nothing half done, nothing confirmed lost, and words that help.

The installation lies on a small file system of its own, in memory; all but a random rest of it is filled, and a
file is imported. Then room is made, the installation is started again and verified, and the file is imported
once more. On PostgreSQL the server's own data lie there too, and the server may fall over with the disk.
"""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
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
    from collections.abc import Callable
    from collections.abc import Iterator
    from pathlib import Path

    from tests.proofs.importing import Where

DISKS = 50
SEED = 20261124
FILES = 10
LINES = 60
MEGABYTES = 16
ROOM = 2_500_000
"""Bytes within which an import of this size may or may not fit."""
FILLER = "filler"
EXPECTED = ("disk_full", "database_gone", "system: No space left on device")
"""What an import may say when there is no room; a server that fell over with its disk is gone."""


@dataclass(slots=True)
class Disks:
    """What happened: what imports answered, and whatever must not be."""

    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    @property
    def tried(self) -> int:
        """Return how many imports had little room."""
        return self.answers.total()


def may_mount() -> bool:
    """Tell whether file systems can be made here."""
    return os.geteuid() == 0 and subprocess.run(["unshare", "--mount", "true"], check=False).returncode == 0


@contextlib.contextmanager
def small_disk(directory: Path, megabytes: int) -> Iterator[Path]:
    """Make a small file system in memory, for as long as it is needed."""
    directory.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(directory)], check=True)
    try:
        directory.chmod(0o755)
        yield directory
    finally:
        subprocess.run(["umount", "--lazy", str(directory)], check=True)


def fill_disks(disks: int, seed: int, directory: Path) -> Disks:
    """Import that many times with little room, on SQLite."""
    rng, found = random.Random(seed), Disks()
    while found.tried < disks:
        with small_disk(directory / f"disk-{found.tried}", MEGABYTES) as disk:
            place = where(disk / "bank")
            make_bank(place.directory, 1).close()
            _one_disk(place, disk, min(disks, found.tried + FILES), rng, found, lambda: None)
    return found


def fill_server(tries: int, seed: int, disk: Path, recover: Callable[[], None]) -> Disks:
    """Import that many times with little room on the disk of a PostgreSQL server.

    Args:
        recover: Starts the server again where it fell over.
    """
    found = Disks()
    place = where(disk / "bank")
    make_bank(place.directory, 1).close()
    _one_disk(place, disk, tries, random.Random(seed), found, recover)
    return found


def _one_disk(  # noqa: PLR0917 - where, how often, and what is found
    place: Where, disk: Path, until: int, rng: random.Random, found: Disks, recover: Callable[[], None]
) -> None:
    """Import file after file, each with a random rest of the disk."""
    account, booked = Account(1, LINES), 0
    for day in range(until - found.tried):
        content = account.statement(day, day)
        _fill(disk, rng.randrange(ROOM))
        answer = _import(place, content)
        (disk / FILLER).unlink()
        recover()
        found.answers[answer.split(": ")[0] if not answer.startswith("system") else answer] += 1
        if answer != DONE and not answer.startswith(EXPECTED):
            found.wrong.append(f"no clear words: {answer}")
        lines, wrong = examine(place)
        found.wrong += wrong
        if lines not in {booked, booked + LINES}:
            found.wrong.append(f"half a file: {lines - booked} of {LINES} lines")
        if answer == DONE and lines == booked:
            found.wrong.append("a confirmed file is gone")
        again = _import(place, content)
        booked += LINES
        if again != DONE or examine(place)[0] != booked:
            found.wrong.append(f"not imported once there was room: {again}")
            return


def _fill(disk: Path, rest: int) -> None:
    """Fill a disk but for some bytes."""
    left = os.statvfs(disk)
    with (disk / FILLER).open("wb") as filler:
        os.posix_fallocate(filler.fileno(), 0, max(1, left.f_bavail * left.f_frsize - rest))


def _import(place: Where, content: bytes) -> str:
    """Import a file and return the answer."""
    child, pipe = start(place, [content])
    try:
        pipe.recv()
        pipe.send(None)
        return str(pipe.recv())
    except EOFError:
        return "the process broke off"
    finally:
        child.join()


def markdown(found: dict[str, Disks], seed: int, revision: str) -> str:
    """Return the figures as a page."""
    rows = "".join(
        f"| {name} | {each.tried} | {', '.join(f'{answer} {count}' for answer, count in sorted(each.answers.items()))} "
        f"| {len(each.wrong)} |\n"
        for name, each in found.items()
    )
    problems = "".join(f"- WRONG on {name}: {what}\n" for name, each in found.items() for what in each.wrong)
    return (
        "# A full disk while a file is imported\n\n"
        f"Made by `make prove` at revision {revision} with seed {seed}. A file system of {MEGABYTES} MB in\n"
        f"memory (more where the server's data lie there too) is filled but for up to {ROOM:,} bytes; a file of\n"
        f"{LINES} lines is imported; room is made; all is verified, and the file imported again.\n\n"
        "| database | imports | answers | wrong |\n|---|---|---|---|\n"
        f"{rows}\n{problems}"
    )
