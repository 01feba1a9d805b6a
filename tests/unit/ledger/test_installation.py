"""Installations: made once, opened again, and keeping files by what is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledger.errors import InstallationExists
from ledger.errors import InstallationMissing
from ledger.errors import MalformedEntry
from ledger.errors import SettingRefused
from ledger.installation import SECRET
from ledger.installation import SETTINGS
from ledger.installation import Installation
from ledger.installation import Settings
from ledger.installation import create_installation

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import MakeInstallation


@pytest.mark.parametrize("simulated", [False, True])
def test_an_installation_is_opened_as_it_was_made(make_installation: MakeInstallation, *, simulated: bool) -> None:
    """Origin, clock, secret and key stay the same."""
    made = make_installation(simulated=simulated)
    opened = Installation(made.directory)
    assert opened.settings == made.settings == Settings("buurtkas.example/proef", simulated)
    assert opened.keyed("line", "1") == made.keyed("line", "1") != made.keyed("line", "2")
    assert opened.signer.vkey() == made.signer.vkey()
    assert opened.store.log == made.settings.origin
    opened.close()


REAL = 'origin = "x.example/y"\nclock = "real"\n'


@pytest.mark.parametrize(
    "settings",
    [
        b"",
        b"\xff",
        b"origin",
        b"a = " + b"[" * 50_000,
        b'clock = "real"',
        b'origin = "x.example/y"',
        b'origin = "x.example/y"\nclock = "Simulated"',
        b'origin = "x.example/y"\nclock = ["real"]',
        b'origin = "X"\nclock = "real"',
        (REAL + 'database = "mysql"').encode(),
        (REAL + 'database = "postgresql"').encode(),
        (REAL + 'database = "postgresql"\nschema = 5').encode(),
    ],
)
def test_settings_that_nobody_wrote_are_refused_in_words(installation: Installation, settings: bytes) -> None:
    """Damaged, cut short or made up: nothing is guessed."""
    (installation.directory / SETTINGS).write_bytes(settings)
    with pytest.raises(SettingRefused, match=r"settings\.toml cannot be used: its file is not what"):
        Installation(installation.directory)


@pytest.mark.parametrize("secret", [b"", b"zz" * 32, b"ab" * 31, b"\xff"])
def test_a_damaged_secret_is_refused_in_words(installation: Installation, secret: bytes) -> None:
    """Under another one, such as an empty one, every line would be a new one."""
    (installation.directory / SECRET).write_bytes(secret)
    with pytest.raises(SettingRefused, match="secret cannot be used"):
        Installation(installation.directory)


def test_two_installations_share_no_secret(make_installation: MakeInstallation) -> None:
    """What is keyed in one tells nothing in another."""
    assert make_installation("one").keyed("x") != make_installation("two").keyed("x")


def test_there_is_one_installation_in_a_directory(installation: Installation, tmp_path: Path) -> None:
    """A second one is refused, and a directory without one is not opened."""
    with pytest.raises(InstallationExists, match="already holds"):
        create_installation(installation.directory, installation.settings)
    with pytest.raises(InstallationMissing, match="buurtkas init"):
        Installation(tmp_path / "nowhere")


@pytest.mark.parametrize("origin", ["", "Stadsdeel", "a b", "a//b", 'a"\nclock = "real"', "a/"])
def test_an_origin_is_a_host_name_and_a_path(tmp_path: Path, origin: str) -> None:
    """Whatever else is refused before anything is written."""
    with pytest.raises(MalformedEntry, match="host name"):
        create_installation(tmp_path / "x", Settings(origin, simulated=False))
    assert not (tmp_path / "x").exists()


def test_a_file_is_kept_once_under_its_hash(installation: Installation) -> None:
    """The same content has one place, and is read back."""
    name = installation.keep_file(b"abc")
    assert name == installation.keep_file(b"abc")
    assert name == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert installation.kept_file(name) == b"abc"


def test_nobody_else_on_the_machine_reads_an_installation(installation: Installation) -> None:
    """Every file is for its owner alone, wherever the directory stands: database, secret, key, bank files."""
    installation.keep_file(b"a bank's words")
    places = list(installation.directory.rglob("*"))
    assert {place.name for place in places} >= {"ledger.sqlite3", "secret", "key", "files"}
    open_to_others = {place.name for place in places if place.stat().st_mode & 0o077}
    assert open_to_others <= {"lock"}
