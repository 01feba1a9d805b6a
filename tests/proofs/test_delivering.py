"""Watchers in processes of their own: killed, two at once, and a file that is finished while they look."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dashboards.work.folder import Folder
from tests.proofs.bank import Account
from tests.proofs.bank import make_bank
from tests.proofs.delivering import HELD
from tests.proofs.delivering import KILLS
from tests.proofs.delivering import SEED
from tests.proofs.delivering import deliver
from tests.proofs.delivering import start
from tests.proofs.importing import READY
from tests.proofs.importing import examine
from tests.proofs.importing import where

if TYPE_CHECKING:
    from tests.proofs.importing import Where

FULL = os.environ.get("BUURTKAS_PROOFS") == "full"
SAMPLE = 6
PROGRAM = Path(sys.executable).with_name("buurtkas")


@pytest.fixture
def place(tmp_path: Path, database: str) -> Where:  # noqa: ARG001 - where its books lie
    """A bank with one account."""
    found = where(tmp_path / "bank")
    make_bank(found.directory, 1).close()
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of deliveries."""
    path = tmp_path / "delivered"
    path.mkdir()
    return path


def test_a_killed_watcher_loses_nothing_and_doubles_nothing(
    tmp_path: Path,
    database: str,  # noqa: ARG001 - where its books lie
) -> None:
    """Killed at random instants (100 in the full proof); the next one takes up what it left."""
    kills = KILLS if FULL else SAMPLE
    found = deliver(kills, SEED, tmp_path)
    assert found.wrong == []
    assert found.left.total() == kills
    if FULL:
        assert len(found.left) > 1, "every kill came at the same moment of the work"


def test_of_two_watchers_one_works(place: Where, folder: Path) -> None:
    """The second says so and ends; when the first is killed, the folder is free at once."""
    (folder / "a.xml").write_bytes(Account(1).statement(0, 0))
    first, pipe = start(place, folder)
    assert pipe.recv() == READY
    second, other = start(place, folder)
    assert other.recv() == HELD
    second.join()
    done = subprocess.run(_command(place, folder, "--once"), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "One is enough" in done.stderr
    first.kill()
    first.join()
    with Folder(folder).held():
        assert not list((folder / "done").iterdir())


def test_a_half_written_file_is_booked_once_it_is_whole(place: Where, folder: Path) -> None:
    """However often somebody looks meanwhile."""
    content, path = Account(1).statement(0, 0), folder / "a.xml"
    child, pipe = start(place, folder)
    pipe.recv()

    def look() -> tuple[list[str], list[str], list[str]]:
        pipe.send("look")
        found: tuple[list[str], list[str], list[str]] = pipe.recv()
        return found

    with path.open("wb") as writer:
        for start_, stop in ((0, 700), (700, 1400), (1400, len(content))):
            writer.write(content[start_:stop])
            writer.flush()
            assert [look() for _ in range(3)] == [([], [], [])] * 3
    assert look() == (["a.xml"], [], [])
    pipe.send("")
    child.join()
    assert examine(place) == (10, [])


def test_the_command_books_what_comes_and_stops_when_told(place: Where, folder: Path) -> None:
    """SIGTERM ends it well, after the file at hand."""
    with subprocess.Popen(_command(place, folder, "--every", "1", "--json"), stdout=subprocess.PIPE) as running:
        (folder / "a.xml").write_bytes(Account(1).statement(0, 0))
        assert running.stdout is not None
        document = json.loads(running.stdout.readline())
        running.send_signal(signal.SIGTERM)
        assert running.wait(timeout=60) == 0
    assert document["booked"] == [{"file": "a.xml", "new": 10, "known": 0, "flags": document["booked"][0]["flags"]}]
    assert examine(place) == (10, [])


def _command(place: Where, folder: Path, *words: str) -> list[str]:
    """Return a command line on an installation."""
    return [str(PROGRAM), "watch", str(folder), "--dir", str(place.directory), *words]
