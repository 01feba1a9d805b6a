"""backup, restore, upgrade and doctor; and what a server refuses to start with."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
import waitress

from dashboards.commands import operating
from dashboards.work import doctor_machine
from ledger.database import FENCELESS
from ledger.installation import Installation

if TYPE_CHECKING:
    from tests.unit.dashboards.commands.conftest import Line
    from tests.unit.dashboards.commands.conftest import Said

NOW = dt.datetime(2026, 11, 3, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the machine's clock say the day after."""
    monkeypatch.setattr(operating, "machine_clock", lambda: NOW)


def levels(said: Said) -> dict[str, str]:
    """Return how each thing is that the doctor looked at."""
    return {finding["about"]: finding["level"] for finding in said.document["findings"]}


def test_a_backup_goes_there_and_back(made: Line) -> None:
    """Made, said what it holds, restored beside, verified; never written over."""
    place = made.place / "b.tar.gz"
    said = made("backup", place)
    assert (said.code, said.err) == (0, "")
    assert "entries, 0 bank files" in said.out
    assert "The signing key is not in it" in said.out
    again = made("backup", place)
    assert (again.code, "never overwrites" in again.err) == (2, True)
    there = made.place / "there"
    refused = made("restore", place, "--dir", there)
    assert (refused.code, "--checkpoint" in refused.err, there.exists()) == (2, True, False)
    shutil.copytree(made.var / "signer", there / "signer")
    said = made("restore", place, "--dir", there)
    assert (said.code, "all of it verified" in said.out) == (0, True)
    assert made("verify", "--dir", there).code == 0
    document = made("backup", made.place, "--json").document
    assert document["entries"] > 5
    assert document["path"] == str(made.place / "buurtkas-20261103T120000Z.tar.gz")


def test_a_new_key_is_said_and_verifies(made: Line) -> None:
    """With the checkpoint from outside, and a loss that is accepted aloud."""
    place, note = made.place / "b", made.place / "note"
    size = made("backup", place, "--json").document["entries"]
    assert made("import", made.file("okt.xml", -500)).code == 0
    note.write_text(made("checkpoint").out)
    there = made.place / "there"
    words = ("restore", place, "--dir", there, "--checkpoint", note, "--new-key")
    assert made(*words).code == 2
    said = made(*words, "--accept-loss", "De schijf is stuk.")
    assert (said.code, "are lost; the book says so" in said.out) == (0, True)
    assert "Key for verifiers: buurtkas.example/proef+" in said.out
    document = made("verify", "--dir", there, "--json").document
    assert (document["ok"], document["entries"], document["unsigned"]) == (True, size + 2, 0)


def test_upgrade_says_what_it_did(made: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """And where the backup is; a failure is exit 1, with everything as it was."""
    said = made("upgrade")
    assert (said.code, "stays; fences made again, everything verified" in said.out) == (0, True)
    engine = Installation(made.var).engine
    with engine.connect().execution_options(**FENCELESS) as connection, connection.begin():
        connection.exec_driver_sql("DELETE FROM account")
        connection.exec_driver_sql("DROP TRIGGER entry_no_delete")
    engine.dispose()
    monkeypatch.setattr(operating, "machine_clock", lambda: NOW + dt.timedelta(days=1))
    said = made("upgrade", "--json")
    assert (said.code, said.out) == (1, "")
    assert "The upgrade failed and was taken back" in said.err
    assert made("audit").code == 2


def test_the_doctor_finds_everything_in_order(made: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a verification and a backup only the played clock is worth a word."""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    made("daily")
    made("backup", made.place / "b")
    said = made("doctor", "--json", BUURTKAS_PROXY="127.0.0.1")
    assert said.code == 0
    assert said.document["ok"] is True
    assert {about: level for about, level in levels(said).items() if level != "ok"} == {"clock": "warning"}
    assert "ok       signer: " in made("doctor").out


@pytest.mark.parametrize(
    ("change", "about", "level"),
    [
        ("DROP TRIGGER entry_no_update", "fences", "failure"),
        ("UPDATE alembic_version SET version_num = '0001'", "shape", "failure"),
        ("UPDATE log_head SET size = 1", "signer", "failure"),
        ("DROP TABLE progress", "rules", "failure"),
    ],
)
def test_the_doctor_finds_what_is_wrong_in_the_database(made: Line, change: str, about: str, level: str) -> None:
    """Each by its name, with the rest still looked at; exit 1."""
    engine = Installation(made.var).engine
    with engine.connect().execution_options(**FENCELESS) as connection, connection.begin():
        connection.exec_driver_sql(change)
    engine.dispose()
    said = made("doctor", "--json")
    assert (said.code, levels(said)[about], levels(said)["backup"]) == (1, level, "warning")


@pytest.mark.parametrize(
    ("name", "what"),
    [("settings.toml", "settings.toml cannot be used"), ("ledger.sqlite3", "it cannot be opened (DatabaseError)")],
)
def test_the_doctor_says_what_keeps_it_from_opening(made: Line, name: str, what: str) -> None:
    """Damaged settings, or a database that is none, are a finding, with what else was found."""
    for path in made.var.glob(f"{name}*"):
        path.unlink()
    (made.var / name).write_text("no such thing, " * 100)
    said = made("doctor", "--json")
    assert (said.code, levels(said)["database"], levels(said)["secret"]) == (1, "failure", "ok")
    assert what in said.out


def test_the_doctor_finds_what_is_wrong_with_files(made: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """What others can read, what is missing, what is full, and who runs it."""
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=5000))
    made.var.chmod(0o755)
    (made.var / "secret").chmod(0o644)
    (made.var / "signer" / "key").unlink()
    found = levels(made("doctor", "--json"))
    assert (found["directory"], found["secret"], found["signing key"]) == ("warning", "failure", "failure")
    assert (found["disk"], found["user"]) == ("failure", "warning")
    monkeypatch.setattr(type(made.var), "stat", _out_of_reach)
    assert "out of this user's reach" in doctor_machine._private("signing key", made.var).what


def _out_of_reach(*_: object, **__: object) -> os.stat_result:
    """Behave like a file of another user's."""
    raise PermissionError


def test_the_doctor_tells_when_things_were_done_last(made: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """A check that failed, one of long ago, a backup of long ago; entries that wait."""
    verified = {"at": "2026-11-02T12:00:00Z", "entries": 3, "books": 1, "not_understood": 0, "problems": []}
    (made.var / "verified.json").write_text(json.dumps(verified))
    (made.var / "last-backup.json").write_text('{"at": "2026-10-30T12:00:00Z"}')
    (made.var / "signer" / "checkpoint").unlink()
    found = levels(made("doctor", "--json"))
    assert (found["backup"], found["signer"], found["daily"]) == ("warning", "warning", "warning")
    bad = {"what": "x", "index": 1, "book": "district", "seq": 1}
    (made.var / "verified.json").write_text(json.dumps(verified | {"problems": [bad]}))
    monkeypatch.setattr(operating, "machine_clock", lambda: NOW + dt.timedelta(days=90))
    found = levels(made("doctor", "--json"))
    assert (found["verified"], found["backup"]) == ("failure", "failure")


def test_the_doctor_looks_at_the_clock(made: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that runs behind the last entry stops every upload."""
    settings = made.var / "settings.toml"
    settings.write_text(settings.read_text().replace("simulated", "real"))
    assert levels(made("doctor", "--json"))["clock"] == "ok"
    monkeypatch.setattr(operating, "machine_clock", lambda: NOW - dt.timedelta(days=9))
    assert levels(made("doctor", "--json"))["clock"] == "failure"


@pytest.mark.parametrize(
    ("listen", "proxy", "level"),
    [
        ("0.0.0.0:8000", "", "failure"),
        ("0.0.0.0:8000", "10.0.0.1", "ok"),
        ("[::1]:8000", "", "warning"),
        ("unix:/run/x", "unix", "ok"),
    ],
)
def test_the_doctor_looks_at_the_door(made: Line, listen: str, proxy: str, level: str) -> None:
    """Open to other machines only behind a proxy that is named."""
    said = made("doctor", "--json", BUURTKAS_LISTEN=listen, BUURTKAS_PROXY=proxy)
    assert levels(said)["door"] == level


def test_the_doctor_says_what_it_cannot_open(made: Line) -> None:
    """No installation is exit 2; a damaged one is described as far as it can be."""
    assert made("doctor", "--dir", made.place / "nowhere").code == 2
    (made.var / "secret").write_text("not hex")
    said = made("doctor", "--json")
    assert (said.code, levels(said)["database"], levels(said)["disk"]) == (1, "failure", "ok")


def test_a_server_does_not_start_unsafe(made: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """Secrets that others can read, and an address of the whole network without a proxy."""
    monkeypatch.setattr(waitress, "serve", lambda *_, **__: None)
    for host in ("0.0.0.0", "::", "buurtkas.example"):
        said = made("serve", "--host", host)
        assert (said.code, "nothing there speaks https" in said.err) == (2, True)
    assert made("serve", "--host", "0.0.0.0", "--proxy", "10.0.0.1").code == 0
    assert made("serve", "--host", "localhost").code == 0
    (made.var / "signer" / "key").chmod(0o640)
    said = made("serve")
    assert (said.code, "chmod 600" in said.err) == (2, True)
