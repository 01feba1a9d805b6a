"""watch: its words, its documents, its exit codes."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

import pytest

from dashboards.commands import watch as command
from dashboards.work.folder import Folder

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.dashboards.commands.conftest import Line

NOW = ("--now", "2026-11-02T12:00:00Z")


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for nothing; somebody who waits for the next look has had enough."""
    monkeypatch.setattr(threading.Event, "wait", lambda event, _seconds: event.is_set() or event.set() or False)


@pytest.fixture
def dropped(made: Line) -> Path:
    """The folder of deliveries."""
    path = made.place / "delivered"
    path.mkdir()
    return path


def deliver(made: Line, dropped: Path, name: str, *amounts: int) -> None:
    """Drop a bank file."""
    made.file(name, *amounts).rename(dropped / name)


def test_once_books_what_is_there(made: Line, dropped: Path) -> None:
    """In words or as one document; nothing refused is exit code 0."""
    deliver(made, dropped, "a.xml", -1299)
    said = made("watch", dropped, "--once", *NOW)
    assert (said.code, said.err) == (0, "")
    assert said.out == "a.xml: 1 lines booked, 0 known, 3 new flags\n"
    deliver(made, dropped, "a.xml", -1299)
    said = made("watch", dropped, "--once", "--json", *NOW)
    assert said.document == {
        "booked": [{"file": "a-2.xml", "new": 0, "known": 1, "flags": 0}],
        "refused": [],
        "waiting": 0,
    }
    assert made("watch", dropped, "--once", *NOW).out == ""


def test_what_is_refused_is_exit_code_1(made: Line, dropped: Path) -> None:
    """And the reason is said."""
    (dropped / "x.txt").write_bytes(b"geen afschrift")
    said = made("watch", dropped, "--once", *NOW)
    assert said.code == 1
    assert said.out.startswith("x.txt: refused. This is not a bank file that Buurtkas knows.")


def test_what_could_not_be_done_is_exit_code_2(made: Line, dropped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It waits, and standard error says why."""

    def full(*_: object) -> Path:
        raise OSError(28, "No space left on device")

    deliver(made, dropped, "a.xml", -1299)
    monkeypatch.setattr(Folder, "finish", full)
    said = made("watch", dropped, "--once", *NOW)
    assert (said.code, said.out) == (2, "1 files wait\n")
    assert said.err == "The system says: No space left on device. It is tried again.\n"


def test_on_and_on_until_told_to_stop(made: Line, dropped: Path) -> None:
    """Each look that brought something is one line; signals are again what they were."""
    before = signal.getsignal(signal.SIGTERM)
    deliver(made, dropped, "a.xml", -1299)
    said = made("watch", dropped, "--every", 1, "--json", *NOW)
    assert (said.code, len(said.out.splitlines())) == (0, 1)
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_second_watcher_says_so(made: Line, dropped: Path) -> None:
    """One looks after a folder; the second is exit code 2."""
    with Folder(dropped).held():
        said = made("watch", dropped, "--once", *NOW)
    assert (said.code, said.out) == (2, "")
    assert "One is enough" in said.err


def test_signals_set_what_ends_it() -> None:
    """SIGTERM lets the file at hand be finished."""
    with command._stopping() as stop:
        signal.raise_signal(signal.SIGTERM)
        assert stop.is_set()
