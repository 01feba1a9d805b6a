"""An installation as it is operated, on both databases: served by gunicorn, looked at by the doctor."""

from __future__ import annotations

import contextlib
import datetime as dt
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dashboards.site import make_site
from dashboards.work.doctor import examine
from dashboards.work.setup import create_district
from dashboards.work.setup_file import read_setup
from ledger.environment import DATABASE_URL
from tests.integration.books import with_history

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator

    from ledger.installation import Installation

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60
NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
SETUP = """
[district]
name = "Proefstad"
origin = "buurtkas.example/proef"
clock = "simulated"
[[foundation]]
slug = "meer"
name = "Stichting Kievitsmeer"
accounts = ["NL02ABNA0123456789"]
"""
NAME = "Kikkerbeet"


class OverSocket(http.client.HTTPConnection):
    """Asks over a socket in a directory."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=PATIENCE_SECONDS)
        self._path = path

    def connect(self) -> None:
        """Open the socket."""
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


def stopped(now: dt.datetime) -> Callable[[], dt.datetime]:
    """Return a clock that stands still."""
    return lambda: now


def asked(path: Path, address: str) -> tuple[int, bytes]:
    """Return status and body of an answer."""
    with contextlib.closing(OverSocket(path)) as connection:
        connection.request("GET", address)
        answer = connection.getresponse()
        return answer.status, answer.read()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """Where gunicorn listens, and where its lines go."""
    installation = create_district(tmp_path / "books", read_setup(SETUP), NOW)
    installation.close()
    listens, lines = tmp_path / "s", tmp_path / "lines"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BUURTKAS_", "PYTEST_", "COV_"))}
    around = {name: value for name, value in os.environ.items() if name.startswith(DATABASE_URL)}
    own = {"BUURTKAS_DIR": str(installation.directory), "BUURTKAS_LISTEN": f"unix:{listens}"}
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
    with lines.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env={**kept, **around, **own}, stderr=output)
        ended = time.monotonic() + PATIENCE_SECONDS
        while not listens.exists() and process.poll() is None and time.monotonic() < ended:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.1)
        yield listens, lines
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE_SECONDS)
    assert process.returncode == 0, lines.read_text()


def test_gunicorn_serves_from_forked_workers(served: tuple[Path, Path]) -> None:
    """Each with connections of its own to the database; its lines are ours, without what was asked for."""
    listens, lines = served
    for _ in range(6):
        assert asked(listens, "/healthz") == (200, b'{"live":true,"ready":true}\n')
        assert asked(listens, f"/betalingen?zoek={NAME}")[0] == 200
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as raw:
        raw.connect(str(listens))
        raw.sendall(f"GET /?zoek={NAME} HTTP/{NAME}\r\n\r\n".encode())
        assert raw.recv(100).startswith(b"HTTP/1.1 400")
    told = [json.loads(line) for line in lines.read_text().splitlines()]
    rules = [line["rule"] for line in told if line["event"] == "request"]
    assert rules == ["/betalingen"] * 6
    assert NAME not in lines.read_text()


def test_the_doctor_knows_both_databases(installation: Installation) -> None:
    """Which it is, which version, and that it refuses changes; nothing fails after a signature."""
    history = with_history(installation)
    findings = examine(installation.directory, history.now, lambda _: stopped(history.now))
    found = {finding.about: finding for finding in findings}
    lasting = installation.settings.schema is None or _server_waits_for_its_disk(installation)
    failures = [finding.about for finding in found.values() if finding.level == "failure"]
    assert failures == ([] if lasting else ["durability"])
    expected = "SQLite" if installation.settings.schema is None else f"schema {installation.settings.schema}"
    assert expected in found["database"].what
    assert found["fences"].level == "ok"


def _server_waits_for_its_disk(installation: Installation) -> bool:
    """Tell whether the tests' server is one that keeps what it confirmed; our own does not."""
    with installation.store.reading() as connection:
        return bool(connection.exec_driver_sql("SHOW fsync").scalar_one() == "on")


def test_health_is_asked_of_both_databases(installation: Installation) -> None:
    """200 where all is well."""
    history = with_history(installation)
    site = make_site(installation, stopped(history.now))
    assert site.test_client().get("/healthz").json == {"live": True, "ready": True}
