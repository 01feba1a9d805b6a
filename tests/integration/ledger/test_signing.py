"""The signer as a process of its own: it signs what others commit, alone, and outlives what happens to the database."""

from __future__ import annotations

import datetime as dt
import shutil
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from dashboards.site import make_site
from ledger import postgresql
from ledger import signing
from ledger.check_views import verify_installation
from ledger.checkpoint import open_note
from ledger.entry import DISTRICT
from ledger.errors import SettingRefused
from ledger.errors import SignatureLate
from ledger.errors import SignerInside
from ledger.errors import SignerRunning
from ledger.installation import Installation
from ledger.publish import publish
from ledger.signing import have_signed
from ledger.signing import keep_signing
from tests.server import server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import MakeInstallation

ROOT = Path(__file__).parents[3]
NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
LONG = 30
MANY = 1500


def _write(installation: Installation, count: int = 1) -> None:
    with installation.store.writing(NOW) as appender:
        for _ in range(count):
            draft = installation.store.draft(DISTRICT, "run", {"size": 0, "rules": "5e" * 32}, {"hits": []})
            appender.append(draft)


def _signed(installation: Installation) -> int:
    newest = installation.signer.newest()
    return newest.size if newest else -1


@pytest.fixture
def keyless(make_installation: MakeInstallation, tmp_path: Path) -> Iterator[tuple[Installation, Installation]]:
    """An installation whose key lies where only the signer's process reads it; and the signer's view of it."""
    made = make_installation()
    public, private = tmp_path / "public", made.directory / "signer"
    public.mkdir()
    for name in ("vkey", "state.json", "leaves"):
        shutil.copy(private / name, public / name)
    opened = Installation(made.directory, around=replace(made.around, signer_directory=public))
    assert (opened.signer.has_key(), made.signer.has_key()) == (False, True)
    yield opened, made
    opened.close()


def test_whoever_has_the_key_signs_at_once(installation: Installation) -> None:
    """What is covered already is not signed again; a damaged checkpoint is mended."""
    _write(installation, 2)
    assert have_signed(installation)
    first = installation.signer.published()
    assert have_signed(installation)
    (installation.signer.directory / "checkpoint").write_text("torn")
    assert have_signed(installation)
    assert installation.signer.published() == first


def test_without_key_and_signer_it_is_not_signed_and_said(keyless: tuple[Installation, Installation]) -> None:
    """A request waits no longer than a moment, and goes on; what must fit a signature is not handed out."""
    web, _ = keyless
    _write(web)
    assert not have_signed(web, looks=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signing, "LOOKS", 1)
        with pytest.raises(SignatureLate, match="See that `buurtkas signer` runs"):
            publish(web)


def test_whoever_asks_wakes_the_signers_process(keyless: tuple[Installation, Installation], database: str) -> None:
    """It need not wait for its second to be over."""
    web, private = keyless
    _write(web)
    with private.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        driver = postgresql.listen(connection) if database == "postgresql" else None
        assert not have_signed(web, looks=1)
        woken = [told.channel for told in driver.notifies(timeout=LONG, stop_after=1)] if driver else []
    assert woken == ([private.settings.schema] if driver else [])


def test_an_answer_comes_when_the_signers_process_has_signed(keyless: tuple[Installation, Installation]) -> None:
    """Who waits sees the checkpoint as soon as it is published."""
    web, private = keyless
    _write(web)
    private.signer.sign(private.engine)
    note = private.signer.published()
    assert note is not None
    (web.signer.directory / "checkpoint").write_text(note)
    assert have_signed(web, looks=1)
    assert publish(web).checkpoint == note


def test_the_signers_process_signs_what_others_commit(installation: Installation, database: str) -> None:
    """It signs what is there, and what comes, keeps to itself, and stops when told."""
    command = [sys.executable, "-c", "from dashboards.cli import main; main()", "signer", "--dir"]
    running = subprocess.Popen([*command, str(installation.directory)], cwd=ROOT, stderr=subprocess.PIPE, text=True)
    if database == "sqlite":
        assert "signs by itself" in running.communicate(timeout=LONG)[1]
        assert running.returncode == 2
        return
    try:
        for size in (2, 4):
            _write(installation, 2)
            _wait_for(installation, size)
        with pytest.raises(SignerRunning, match="one log has one signer"):
            keep_signing(installation, threading.Event(), str)
    finally:
        running.send_signal(signal.SIGTERM)
    assert (running.communicate(timeout=LONG)[1], running.returncode) == ("", 0)
    assert verify_installation(installation).ok


def _wait_for(installation: Installation, size: int) -> None:
    """Wait, without the key, until so many entries are signed."""
    keyless = Installation(installation.directory)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(keyless.signer), "has_key", lambda _: False)
        assert have_signed(keyless, looks=MANY)
    keyless.close()
    assert _signed(installation) == size


def test_a_broken_connection_is_told_and_made_again(
    installation: Installation, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process goes on when the database comes back, and signs what was appended meanwhile."""
    if database == "sqlite":
        with pytest.raises(SignerInside, match="signs by itself"):
            keep_signing(installation, threading.Event(), str)
        return
    monkeypatch.setattr(signing, "FIRST_PAUSE", 0)
    stop, told, signed = threading.Event(), list[str](), list[int]()

    def have(watched: Installation) -> None:
        have_signed(watched)
        signed.append(_signed(watched))
        if len(signed) == 1:
            _write(watched)
            _end_sessions(watched)
        else:
            stop.set()

    monkeypatch.setattr(signing, "have_signed", have)
    keep_signing(installation, stop, told.append)
    assert signed == [0, 1]
    assert len(told) == 1
    assert "does not answer" in told[0]


def _end_sessions(installation: Installation) -> None:
    """End every connection of the role of every day, as a restart of the server does."""
    role = installation.engine.url.username
    with psycopg.connect(server().admin, autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", [role])


@pytest.mark.parametrize("damaged", ["checkpoint", "vkey", "state.json"])
def test_damage_at_the_signer_takes_no_page_down(installation: Installation, damaged: str) -> None:
    """The verify page stands, and the log says in words why it hands nothing out."""
    _write(installation, 3)
    assert have_signed(installation)
    (installation.signer.directory / damaged).write_bytes(b"\xff torn")
    client = make_site(installation, lambda: NOW).test_client()
    assert client.get("/controleer").status_code == 200
    answers = [client.get(f"/log/{path}") for path in ("checkpoint", "vkey", "disclosures", "tile/0/000.p/3")]
    assert {answer.status_code for answer in answers} <= {200, 404, 503}
    assert all(answer.mimetype == "text/plain" for answer in answers if answer.status_code == 503)


def test_a_key_that_has_signed_is_never_written_over(make_installation: MakeInstallation, tmp_path: Path) -> None:
    """A second installation in the same signer's directory is refused; one that never signed is taken over."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BUURTKAS_SIGNER_DIR", str(tmp_path / "signer"))
        make_installation("given up")
        installation = make_installation("kept")
        _write(installation)
        assert have_signed(installation)
        with pytest.raises(SettingRefused, match="signs for another installation"):
            make_installation("late")
    assert installation.signer.has_key()


def test_a_signers_directory_apart_shows_all_but_the_key(make_installation: MakeInstallation, tmp_path: Path) -> None:
    """Others on the machine read the checkpoint and the key to verify with; nobody else the key to sign with."""
    apart = tmp_path / "signer"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BUURTKAS_SIGNER_DIR", str(apart))
        installation = make_installation()
    _write(installation)
    assert have_signed(installation)
    modes = {path.name: path.stat().st_mode & 0o777 for path in apart.iterdir()}
    assert modes["key"] == 0o600
    assert {modes[name] for name in ("checkpoint", "vkey", "leaves", "state.json")} == {0o644}
    assert open_note(installation.signer.published() or "", installation.signer.vkey()).size == 1
