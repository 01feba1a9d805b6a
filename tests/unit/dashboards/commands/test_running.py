"""init, password, demo and serve."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING
from typing import Any

import pytest
import waitress
from argon2 import PasswordHasher

import dashboards.demo.play
import dashboards.demo.world
from dashboards.demo.world import World
from dashboards.work import people
from dashboards.work.people import person_by_email
from ledger.header import read_instant
from ledger.installation import Installation

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.unit.dashboards.commands.conftest import Line

NOW = "2026-11-02T12:00:00Z"


def test_init_makes_an_installation(line: Line) -> None:
    """And says what comes next."""
    said = line.init()
    assert (said.code, said.err) == (0, "")
    assert "Key for verifiers: buurtkas.example/proef+" in said.out
    assert Installation(line.var).store.last_recorded() == read_instant(NOW)
    assert line.init().code == 2


def test_a_signer_beside_sqlite_is_refused(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """There whoever appends signs; the command would stop at the usual signals."""
    line.init()
    watched: dict[int, Callable[..., None]] = {}
    monkeypatch.setattr(signal, "signal", lambda number, stop: watched.update({number: stop}))
    said = line("signer")
    for number, stop in watched.items():
        stop(number, None)
    assert (said.code, set(watched)) == (2, {signal.SIGTERM, signal.SIGINT})
    assert "signs by itself" in said.err


def test_a_wrong_setup_file_is_exit_2_with_its_line(line: Line) -> None:
    """And nothing is made."""
    said = line.init('[district]\nname = "x"\norigin = "A b"\n')
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("Line 3: origin: ")
    source = line.place / "latin.toml"
    source.write_bytes('[district]\nname = "Caf\u00e9"\n'.encode("latin-1"))
    assert "Line 2: this is not written in UTF-8" in line("init", "--from", source).err
    assert not line.var.exists()


def test_an_instant_is_for_simulated_clocks_alone(line: Line, made: Line) -> None:
    """Everywhere that it can be given."""
    said = made("audit", "--now", "at noon")
    assert (said.code, "as 2026-10-01T12:00:00Z" in said.err) == (2, True)
    real = line.place / "real.toml"
    real.write_text('[district]\nname = "x"\norigin = "buurtkas.example/echt"\n', encoding="utf-8")
    there = line.place / "real"
    said = line("init", "--from", real, "--dir", there, "--now", NOW)
    assert (said.code, "--now is only for" in said.err, there.exists()) == (2, True, False)
    assert line("init", "--from", real, "--dir", there).code == 0
    said = line("audit", "--dir", there, "--now", NOW)
    assert (said.code, "--now is only for" in said.err) == (2, True)
    assert line("audit", "--dir", there).code == 0
    assert line("audit").code == 0


def test_a_person_gets_a_password(made: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has an account; short ones and strangers are refused."""
    monkeypatch.setattr(people, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    assert made("password", "T@example.org", "--password", "vier natte paarse eenden").out == "Done.\n"
    with Installation(made.var).store.reading() as connection:
        person = person_by_email(connection, "t@example.org")
    assert person is not None
    assert person.password_hash is not None
    assert made("password", "x@example.org", "--password", "vier natte paarse eenden").code == 2
    assert made("password", "t@example.org", "--password", "kort").code == 2


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What would be served."""
    calls: list[dict[str, Any]] = []
    monkeypatch.setattr(waitress, "serve", lambda _app, **options: calls.append(options))
    return calls


def test_serving_finishes_what_was_left(made: Line, served: list[dict[str, Any]]) -> None:
    """The rest is signed before the first page is shown."""
    (made.var / "signer" / "checkpoint").unlink()
    said = made("serve", "--port", "8123")
    assert said.out == "http://127.0.0.1:8123/\n"
    assert (served[0]["host"], served[0]["port"]) == ("127.0.0.1", 8123)
    assert (made.var / "signer" / "checkpoint").exists()


def test_only_a_named_proxy_is_believed(made: Line, served: list[dict[str, Any]]) -> None:
    """By default nobody's word on where a request comes from is taken, and headers that say so are dropped."""
    assert made("serve").code == 0
    assert made("serve", "--proxy", "127.0.0.1").code == 0
    assert [call.get("trusted_proxy") for call in served] == [None, "127.0.0.1"]
    assert [call["clear_untrusted_proxy_headers"] for call in served] == [True, True]
    assert served[1]["trusted_proxy_headers"] == {"x-forwarded-for", "x-forwarded-proto"}
    assert served[0]["max_request_body_size"] < 100_000_000


def test_the_demonstration_is_made_once_and_served(
    line: Line, served: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unfinished one beside its place is made anew; a finished one is served as it is."""
    setup = 'name = "x"\norigin = "buurtkas.example/spel"\nclock = "simulated"\n'
    world = World(f"[district]\n{setup}", (), read_instant(NOW), ())
    monkeypatch.setattr(dashboards.demo.world, "make_world", lambda **_: world)
    place: Path = line.place / "new" / "demo"
    assert line("demo", "--no-serve", "--dir", place).code == 0
    key = (place / "signer" / "vkey").read_text()
    assert served == []
    said = line("demo", "--dir", place, "--port", "8124")
    assert "http://127.0.0.1:8124/bureau" in said.out
    assert dashboards.demo.play.PASSWORD in said.out
    assert (place / "signer" / "vkey").read_text() == key
    assert served[0]["port"] == 8124
