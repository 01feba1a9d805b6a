"""What is backed up is restored, on and between both databases; what was signed is never rolled back."""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
import shutil
import stat
import tarfile
import threading
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from dashboards.work.archive import unpack
from dashboards.work.backup import last_backup
from dashboards.work.backup import make_backup
from dashboards.work.errors import BackupExists
from dashboards.work.errors import RestoreRefused
from dashboards.work.restoring import Wish
from dashboards.work.restoring import restore
from ledger import tables
from ledger.check_views import verify_installation
from ledger.environment import DATABASE_SCHEMA
from ledger.environment import DATABASE_URL
from ledger.environment import OWNER_URL
from ledger.erasing import Erasure
from ledger.erasing import erase
from ledger.erasing import note_erasure
from ledger.erasing import noted_erasures
from ledger.errors import DirectoryNotEmpty
from ledger.errors import RecordUnreadable
from ledger.errors import SignerRefused
from ledger.installation import Installation
from tests import server
from tests.conftest import new_schema
from tests.integration.books import make_older
from tests.integration.books import rows
from tests.integration.books import with_history

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import MakeInstallation
    from tests.proofs.histories import History

NOW = dt.datetime(2027, 3, 1, 12, tzinfo=dt.UTC)
PASSING = {"web_session", "sign_in_attempt"}


@pytest.fixture
def elsewhere(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Have whatever is restored live in an empty schema of its own."""
    name = new_schema()
    monkeypatch.setenv(DATABASE_SCHEMA, name)
    yield database
    if database != "sqlite":
        server.drop_schemas(server.server(), [name])


@pytest.fixture
def history(installation: Installation, elsewhere: str) -> History:  # noqa: ARG001 - where it will be restored
    """A history in an installation."""
    return with_history(installation)


def restored(directory: Path) -> Installation:
    """Open what was restored, and hold it to everything."""
    installation = Installation(directory)
    assert verify_installation(installation).ok
    return installation


def test_a_backup_restores_every_row_and_file(history: History, tmp_path: Path) -> None:
    """With the signer's directory beside it the log is signed on by the same key; sessions are not kept."""
    installation = history.installation
    made = make_backup(installation, tmp_path / "b", NOW)
    assert stat.S_IMODE((tmp_path / "b").stat().st_mode) == 0o600
    assert last_backup(installation.directory) == "2027-03-01T12:00:00Z"
    target = tmp_path / "new"
    shutil.copytree(installation.directory / "signer", target / "signer")
    done = restore(tmp_path / "b", target, NOW, Wish())
    assert (done.size, done.files, done.lost) == (made.size, 1, 0)
    there = restored(target)
    before, after = rows(installation), rows(there)
    assert {name for name in before if before[name] != after[name]} == {"sign_in_attempt"}
    assert after["sign_in_attempt"] == []
    assert there.secret == installation.secret
    assert there.signer.vkey() == installation.signer.vkey()
    assert stat.S_IMODE(target.stat().st_mode) == 0o700
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b", "books", "new"]
    there.close()


def test_a_backup_holds_nothing_of_the_signer(history: History, tmp_path: Path) -> None:
    """Neither key nor state, nor an earlier backup or the outbox; only what everybody may read of the record."""
    directory = history.installation.directory
    for folder in ("outbox", "backups"):
        (directory / folder).mkdir()
        (directory / folder / "x").write_text("x")
    make_backup(history.installation, tmp_path / "b", NOW)
    key = (directory / "signer" / "key").read_bytes()
    with tarfile.open(tmp_path / "b") as archive:
        names = archive.getnames()
        for member in archive:
            file = archive.extractfile(member)
            assert file is not None
            assert key not in file.read()
    assert [name for name in names if not name.startswith(("files/", "record/"))] == [
        "settings.toml",
        "secret",
        "ledger.sqlite3",
        "manifest.json",
    ]
    assert [name for name in names if name.startswith("record/")] == [
        "record/vkey",
        "record/checkpoint",
        "record/leaves",
    ]


def test_a_backup_never_overwrites(history: History, tmp_path: Path) -> None:
    """A file of that name stays what it is, and nothing is left beside it."""
    (tmp_path / "b").write_text("mine")
    with pytest.raises(BackupExists, match="never overwrites"):
        make_backup(history.installation, tmp_path / "b", NOW)
    assert (tmp_path / "b").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b", "books"]


def test_a_backup_is_written_where_nobody_else_can_be(history: History, tmp_path: Path) -> None:
    """What somebody laid ready under a name that could be guessed is neither written to nor followed."""
    (tmp_path / "b.new").symlink_to(tmp_path / "victim")
    make_backup(history.installation, tmp_path / "b", NOW)
    assert not (tmp_path / "victim").exists()
    assert not (tmp_path / "b").is_symlink()
    assert stat.S_IMODE((tmp_path / "b").stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b", "b.new", "books"]


def test_what_a_killed_backup_left_is_swept_away(history: History, tmp_path: Path) -> None:
    """Its scratch directory holds names; one from just now, and one that somebody holds, stay."""
    old, new, held = (tmp_path / f".backup-{name}" for name in ("old", "new", "held"))
    for path in (old, new, held):
        path.mkdir()
        (path / "draft").write_text("names")
    for path in (old, held):
        os.utime(path, (0, 0))
    handle = os.open(held, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    make_backup(history.installation, tmp_path / "b", NOW)
    os.close(handle)
    assert [path.exists() for path in (old, new, held)] == [False, True, True]


def test_a_backup_is_one_state_while_others_write(history: History, tmp_path: Path) -> None:
    """Whatever is appended meanwhile, the backup verifies."""
    installation = history.installation
    writer = threading.Thread(target=lambda: history.grow(40))
    writer.start()
    make_backup(installation, tmp_path / "b", NOW)
    writer.join()
    history.sign()
    note = tmp_path / "note"
    unpack(tmp_path / "b", tmp_path / "out")
    note.write_bytes((tmp_path / "out" / "record" / "checkpoint").read_bytes())
    restore(tmp_path / "b", tmp_path / "new", NOW, Wish(str(note), new_key=True))
    restored(tmp_path / "new").close()


def test_nothing_is_restored_where_nobody_says_what_was_signed(history: History, tmp_path: Path) -> None:
    """The backup's own checkpoint is not enough: it is as old as the backup."""
    make_backup(history.installation, tmp_path / "b", NOW)
    with pytest.raises(RestoreRefused, match="--checkpoint with the address of a mirror"):
        restore(tmp_path / "b", tmp_path / "new", NOW, Wish())
    with pytest.raises(RestoreRefused, match="--checkpoint"):
        restore(tmp_path / "b", tmp_path / "new", NOW, Wish(new_key=True))
    assert not (tmp_path / "new").exists()


def test_a_log_that_lacks_signed_entries_is_refused(history: History, tmp_path: Path) -> None:
    """With the signer's state, and with a mirror's checkpoint alike; the words say what to do."""
    installation = history.installation
    make_backup(installation, tmp_path / "b", NOW)
    history.grow(10)
    note = tmp_path / "note"
    note.write_text(history.sign())
    target = tmp_path / "new"
    with pytest.raises(RestoreRefused, match="Find a newer backup"):
        restore(tmp_path / "b", target, NOW, Wish(str(note), new_key=True))
    shutil.copytree(installation.directory / "signer", target / "signer")
    with pytest.raises(RestoreRefused, match="Find a newer backup"):
        restore(tmp_path / "b", target, NOW, Wish())
    with pytest.raises(RestoreRefused, match="the old key must not sign again"):
        restore(tmp_path / "b", target, NOW, Wish(loss="The disk is lost."))
    assert sorted(path.name for path in target.iterdir()) == ["signer"]


def test_a_loss_that_is_accepted_stands_in_the_book(history: History, tmp_path: Path) -> None:
    """Another key signs from there on, and the book says how much is lost; the old signer is kept beside."""
    installation = history.installation
    size = make_backup(installation, tmp_path / "b", NOW).size
    history.grow(10)
    history.sign()
    signed = installation.signer.signed()
    target = tmp_path / "new"
    shutil.copytree(installation.directory / "signer", target / "signer")
    done = restore(tmp_path / "b", target, NOW, Wish(new_key=True, loss="The disk is lost."))
    assert done.lost == signed.size - size
    there = restored(target)
    with there.store.reading() as connection:
        bodies = connection.execute(sa.select(tables.entry.c.body).order_by(tables.entry.c.idx)).scalars().all()
    rotated, lost = (json.loads(bytes(body)) for body in bodies[-2:])
    assert (rotated["type"], lost["type"]) == ("key rotated", "log restored")
    assert (lost["signed"], lost["root"], lost["kept"]) == (signed.size, signed.root.hex(), size)
    assert "The disk is lost." not in str(lost)
    assert there.signer.size() == size + 2
    assert there.signer.vkey() != installation.signer.vkey()
    assert (target / "signer.before" / "key").exists()
    there.close()


def test_a_sealed_copy_of_the_key_is_enough(history: History, tmp_path: Path) -> None:
    """With the newest checkpoint from outside the signer's state is made again; another key is refused."""
    installation = history.installation
    note = tmp_path / "note"
    note.write_text(history.sign())
    history.grow(5)
    make_backup(installation, tmp_path / "b", NOW)
    target = tmp_path / "new"
    (target / "signer").mkdir(parents=True)
    with pytest.raises(RestoreRefused, match="no signing key"):
        restore(tmp_path / "b", target, NOW, Wish(str(note)))
    (target / "signer" / "key").write_bytes(os.urandom(32))
    with pytest.raises(RestoreRefused, match="is not the one that signed"):
        restore(tmp_path / "b", target, NOW, Wish(str(note)))
    shutil.copy(installation.directory / "signer" / "key", target / "signer" / "key")
    restore(tmp_path / "b", target, NOW, Wish(str(note)))
    there = restored(target)
    history.sign()
    assert there.signer.signed() == installation.signer.signed()
    there.close()


@pytest.mark.parametrize("new_key", [False, True], ids=["the same key", "another key"])
def test_who_was_erased_after_the_backup_is_erased_again(history: History, tmp_path: Path, *, new_key: bool) -> None:
    """The journal lies with the signer; what it names is deleted before anybody sees it, and the book says so."""
    installation = history.installation
    book, (pair, *_) = next((book, pairs) for book, pairs in sorted(history.kept.items()) if pairs)
    make_backup(installation, tmp_path / "b", NOW)
    signer = tmp_path / "new" / "signer"
    shutil.copytree(installation.directory / "signer", signer)
    erasure = Erasure(book, "request", (pair,))
    note_erasure(signer, erasure)
    restore(tmp_path / "b", tmp_path / "new", NOW, Wish(new_key=new_key))
    there = restored(tmp_path / "new")
    assert there.store.last_recorded() == installation.store.last_recorded()
    with there.store.reading() as connection:
        kinds = connection.execute(sa.select(tables.entry.c.type).order_by(tables.entry.c.idx)).scalars().all()
    assert kinds[-2 if new_key else -1] == "erasure"
    assert noted_erasures(there.signer.directory) == (erasure,)
    assert erase(there.store, erasure, history.now) == 0
    there.close()


def test_a_damaged_journal_of_erasures_restores_nobody(history: History, tmp_path: Path) -> None:
    """Rather no books than somebody's values back."""
    make_backup(history.installation, tmp_path / "b", NOW)
    signer = tmp_path / "new" / "signer"
    shutil.copytree(history.installation.directory / "signer", signer)
    (signer / "erasures").write_text("half a li")
    with pytest.raises(SignerRefused, match="journal of erasures"):
        restore(tmp_path / "b", tmp_path / "new", NOW, Wish())


def test_another_log_is_refused(history: History, make_installation: MakeInstallation, tmp_path: Path) -> None:
    """A signer that signed other entries, or a checkpoint that another key signed."""
    other = with_history(make_installation("other"), seed=2)
    make_backup(history.installation, tmp_path / "b", NOW)
    note = tmp_path / "note"
    note.write_text(other.sign())
    with pytest.raises(Exception, match=r"no signature by|does not hold"):
        restore(tmp_path / "b", tmp_path / "new", NOW, Wish(str(note), new_key=True))
    shutil.copytree(other.installation.directory / "signer", tmp_path / "new" / "signer")
    with pytest.raises(RestoreRefused, match="another one than was signed"):
        restore(tmp_path / "b", tmp_path / "new", NOW, Wish())
    with pytest.raises(RecordUnreadable, match="missing"):
        restore(tmp_path / "b", tmp_path / "new", NOW, Wish(str(tmp_path / "nowhere")))


def test_a_directory_in_use_is_refused(history: History, tmp_path: Path) -> None:
    """Restoring never mixes with what is there."""
    make_backup(history.installation, tmp_path / "b", NOW)
    with pytest.raises(DirectoryNotEmpty, match="something in"):
        restore(tmp_path / "b", history.installation.directory, NOW, Wish())


def test_a_backup_of_an_older_shape_is_restored_in_the_new_one(history: History, tmp_path: Path) -> None:
    """Its views are made again from the entries."""
    installation = history.installation
    make_older(installation)
    old = Installation(installation.directory, fenced=False)
    make_backup(old, tmp_path / "b", NOW)
    old.close()
    shutil.copytree(installation.directory / "signer", tmp_path / "new" / "signer")
    restore(tmp_path / "b", tmp_path / "new", NOW, Wish())
    restored(tmp_path / "new").close()


@pytest.mark.postgresql
def test_books_move_from_sqlite_to_a_server_and_back(
    make_installation: MakeInstallation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backup has one form, so that it goes into either database; not a row differs."""
    place, name = server.server(), new_schema()
    first = with_history(make_installation()).installation
    before = rows(first)
    with monkeypatch.context() as patch:
        patch.setenv(DATABASE_URL, place.everyday)
        patch.setenv(OWNER_URL, place.owner)
        patch.setenv(DATABASE_SCHEMA, name)
        make_backup(first, tmp_path / "one", NOW)
        shutil.copytree(first.directory / "signer", tmp_path / "two" / "signer")
        restore(tmp_path / "one", tmp_path / "two", NOW, Wish())
        second = restored(tmp_path / "two")
        assert second.settings.schema == name
        make_backup(second, tmp_path / "three", NOW)
        second.close()
    monkeypatch.delenv(DATABASE_URL, raising=False)
    shutil.copytree(tmp_path / "two" / "signer", tmp_path / "four" / "signer")
    restore(tmp_path / "three", tmp_path / "four", NOW, Wish())
    third = restored(tmp_path / "four")
    assert third.settings.schema is None
    after = rows(third)
    assert {table for table in before if before[table] != after[table]} == {"sign_in_attempt"}
    third.close()
    server.drop_schemas(place, [name])
