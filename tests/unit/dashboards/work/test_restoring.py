"""A backup that is not what was written restores nothing; and what is held against which checkpoint."""

from __future__ import annotations

import contextlib
import datetime as dt
import gzip
import hashlib
import io
import json
import shutil
import sqlite3
import tarfile
import tracemalloc
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from dashboards.work.archive import unpack
from dashboards.work.backup import make_backup
from dashboards.work.errors import BackupDamaged
from dashboards.work.errors import RestoreRefused
from dashboards.work.reconciling import fetch_checkpoint
from dashboards.work.reconciling import reconcile
from dashboards.work.restoring import Wish
from dashboards.work.restoring import restore
from ledger.checkpoint import Checkpoint
from ledger.errors import BuurtkasError
from ledger.errors import DiskFull
from ledger.errors import RecordUnreadable
from ledger.errors import ShapeRefused
from ledger.errors import StrangersFound
from ledger.publish import export_record
from tests.integration.books import with_history

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.installation import Installation
    from tests.proofs.histories import History

NOW = dt.datetime(2027, 3, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def history(installation: Installation) -> History:
    """A history in an installation."""
    return with_history(installation)


@pytest.mark.parametrize(
    "damage", ["short", "flipped", "missing", "added", "stranger", "link", "none", "format", "new"]
)
def test_a_damaged_backup_restores_nothing(history: History, tmp_path: Path, damage: str) -> None:
    """Whatever was done to it, it is refused before anything of it is used."""
    make_backup(history.installation, tmp_path / "b", NOW)
    members = _members(tmp_path / "b")
    manifest = json.loads(members["manifest.json"])
    extra: list[tarfile.TarInfo] = []
    match damage:
        case "flipped":
            members["record/leaves"] = bytes([members["record/leaves"][0] ^ 1]) + members["record/leaves"][1:]
        case "missing":
            del members["secret"]
        case "added":
            members["files/aa/" + "aa" * 32] = b"x"
        case "stranger":
            members["../outside"] = b"x"
        case "link":
            extra.append(tarfile.TarInfo("record/vkey2"))
            extra[-1].type, extra[-1].linkname = tarfile.SYMTYPE, "/etc/passwd"
        case "none":
            del members["manifest.json"]
        case "format" | "new":
            manifest["format" if damage == "format" else "shape"] = 9 if damage == "format" else "9999"
            members["manifest.json"] = json.dumps(manifest).encode()
    _write(tmp_path / "d", members, extra)
    if damage == "short":
        (tmp_path / "d").write_bytes((tmp_path / "b").read_bytes()[:-2000])
    with pytest.raises((BackupDamaged, ShapeRefused), match=r"damaged or is none|newer than shape"):
        restore(tmp_path / "d", tmp_path / "new", NOW, Wish())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b", "books", "d"]


@pytest.mark.parametrize("manifest", [b"[" * 100_000, b"[]", b'{"size": 1e999}', b"\xff"])
def test_a_manifest_that_nobody_would_write_is_damage(history: History, tmp_path: Path, manifest: bytes) -> None:
    """However it is made, reading it ends in words."""
    make_backup(history.installation, tmp_path / "b", NOW)
    members = _members(tmp_path / "b")
    if b"size" in manifest:
        whole = json.loads(members["manifest.json"])
        manifest = json.dumps(whole).replace(f'"size": {whole["size"]}', '"size": 1e999').encode()
    _write(tmp_path / "d", members | {"manifest.json": manifest}, [])
    with pytest.raises(BackupDamaged, match="manifest cannot be read"):
        unpack(tmp_path / "d", tmp_path / "out")


def test_a_member_that_comes_twice_is_damage(history: History, tmp_path: Path) -> None:
    """The second would take the place of the first, whose sum was right."""
    make_backup(history.installation, tmp_path / "b", NOW)
    _write(tmp_path / "d", _members(tmp_path / "b"), [tarfile.TarInfo("secret")])
    with pytest.raises(BackupDamaged, match="twice"):
        unpack(tmp_path / "d", tmp_path / "out")


def _special(name: str, kind: bytes, **more: object) -> tarfile.TarInfo:
    """Return a member that no backup holds."""
    member = tarfile.TarInfo(name)
    member.type = kind
    for attribute, value in more.items():
        setattr(member, attribute, value)
    return member


FILE = "files/aa/" + "aa" * 32
HOSTILE = {
    "a link out": [_special(FILE, tarfile.SYMTYPE, linkname="/etc/passwd")],
    "a hard link": [_special(FILE, tarfile.LNKTYPE, linkname="secret")],
    "a device": [_special(FILE, tarfile.CHRTYPE, devmajor=1, devminor=3)],
    "a pipe": [_special(FILE, tarfile.FIFOTYPE)],
    "a folder": [_special(FILE, tarfile.DIRTYPE)],
    "a folder's link first": [_special("files", tarfile.SYMTYPE, linkname="/tmp"), _special(FILE, tarfile.REGTYPE)],
    "a way out": [_special("files/../../outside", tarfile.REGTYPE)],
    "a whole path": [_special("/etc/buurtkas", tarfile.REGTYPE)],
    "a name with a line end": [_special("secret\n", tarfile.REGTYPE)],
    "a long name": [_special("files/aa/" + "a" * 5000, tarfile.REGTYPE)],
    "the signer's key": [_special("signer/key", tarfile.REGTYPE)],
}


@pytest.mark.parametrize("members", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_member_is_refused(tmp_path: Path, members: list[tarfile.TarInfo]) -> None:
    """Nothing is written outside the directory, and nothing but plain files inside it."""
    _write(tmp_path / "d", {}, members)
    with pytest.raises(BackupDamaged, match="something that no backup holds"):
        unpack(tmp_path / "d", tmp_path / "out")
    assert sorted(path.name for path in tmp_path.rglob("*") if not path.is_dir()) == ["d"]


def _header(member: tarfile.TarInfo) -> bytes:
    """Return a member's header alone: what it promises does not follow."""
    return member.tobuf(tarfile.PAX_FORMAT if member.pax_headers else tarfile.GNU_FORMAT)


BOMBS = {
    "more than the disk holds": (_header(_special("ledger.sqlite3", tarfile.REGTYPE, size=1 << 60)), "disk is full"),
    "less than nothing": (
        _header(_special("secret", tarfile.REGTYPE, pax_headers={"size": "-512"})),
        "damaged or is none",
    ),
    "a secret of a gigabyte": (_header(_special("secret", tarfile.REGTYPE, size=1 << 30)), "no backup holds"),
    "a manifest of a gigabyte": (_header(_special("manifest.json", tarfile.REGTYPE, size=1 << 30)), "no backup holds"),
    "a name of a gigabyte": (
        _header(_special("x", tarfile.GNUTYPE_LONGNAME, size=1 << 30)) + bytes(4 << 20),
        "header that no backup holds",
    ),
    "a note of a gigabyte": (
        _header(_special("x", tarfile.XHDTYPE, size=1 << 30)) + bytes(4 << 20),
        "header that no backup holds",
    ),
    "a file full of holes": (
        _header(
            _special(
                FILE,
                tarfile.REGTYPE,
                pax_headers={"GNU.sparse.map": "0,0", "GNU.sparse.size": str(1 << 50), "GNU.sparse.name": FILE},
            )
        ),
        "no backup holds",
    ),
}


@pytest.mark.parametrize(("content", "what"), BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_before_it_goes_off(tmp_path: Path, content: bytes, what: str) -> None:
    """Neither memory nor disk is taken for what a header only promises."""
    (tmp_path / "d").write_bytes(gzip.compress(content + bytes(10_240)))
    tracemalloc.start()
    with pytest.raises((BackupDamaged, DiskFull), match=what):
        unpack(tmp_path / "d", tmp_path / "out")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 32 << 20
    assert sum(path.stat().st_size for path in (tmp_path / "out").rglob("*")) < 1 << 20


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("settings.toml", b"\xff", "settings.toml cannot be used"),
        ("settings.toml", b"origin = ", "settings.toml cannot be used"),
        ("settings.toml", b'origin = "x/\ny"\nclock = "real"', "settings.toml cannot be used"),
        ("settings.toml", b"a = " + b"[" * 50_000, "settings.toml cannot be used"),
        ("secret", b"no hex", "secret cannot be used"),
        ("secret", b"", "secret cannot be used"),
        ("record/vkey", b"\xff\x00", "cannot be read"),
        ("record/checkpoint", b"\xff\x00", "cannot be read"),
        ("ledger.sqlite3", b"no database", "database cannot be read"),
        ("ledger.sqlite3", b"", "holds 0 entries"),
    ],
)
def test_a_backup_with_a_manifest_to_match_is_still_looked_at(
    history: History, tmp_path: Path, name: str, content: bytes, what: str
) -> None:
    """Each member is read as what a stranger wrote; what is wrong is said in words, and nothing is restored."""
    make_backup(history.installation, tmp_path / "b", NOW)
    shutil.copytree(history.installation.directory / "signer", tmp_path / "new" / "signer")
    _write(tmp_path / "forged", _forged(tmp_path / "b", {name: content}), [])
    with pytest.raises(BuurtkasError, match=what):
        restore(tmp_path / "forged", tmp_path / "new", NOW, Wish())
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["signer"]


def test_a_database_that_acts_by_itself_is_not_restored(history: History, tmp_path: Path) -> None:
    """A trigger of a stranger came with it."""
    make_backup(history.installation, tmp_path / "b", NOW)
    shutil.copytree(history.installation.directory / "signer", tmp_path / "new" / "signer")
    (tmp_path / "x").write_bytes(_members(tmp_path / "b")["ledger.sqlite3"])
    with contextlib.closing(sqlite3.connect(tmp_path / "x")) as copy:
        copy.execute("CREATE TRIGGER quiet AFTER INSERT ON person BEGIN DELETE FROM web_session; END")
    _write(tmp_path / "forged", _forged(tmp_path / "b", {"ledger.sqlite3": (tmp_path / "x").read_bytes()}), [])
    with pytest.raises(StrangersFound, match="the trigger quiet"):
        restore(tmp_path / "forged", tmp_path / "new", NOW, Wish())


def test_a_backup_without_its_settings_is_damage(history: History, tmp_path: Path) -> None:
    """Also where its manifest does not miss them."""
    make_backup(history.installation, tmp_path / "b", NOW)
    _write(tmp_path / "forged", _forged(tmp_path / "b", {"settings.toml": None}), [])
    with pytest.raises(BackupDamaged, match="lacks what every backup holds"):
        restore(tmp_path / "forged", tmp_path / "new", NOW, Wish())


def _forged(backup: Path, changes: dict[str, bytes | None]) -> dict[str, bytes]:
    """Return a backup's members with others in their place, and a manifest that fits them."""
    members = _members(backup)
    manifest = json.loads(members.pop("manifest.json"))
    for name, content in changes.items():
        members.pop(name)
        if content is not None:
            members[name] = content
    return members | {"manifest.json": json.dumps(manifest | {"members": _sums(members)}).encode()}


def test_a_sum_of_gzip_that_does_not_hold_is_damage(history: History, tmp_path: Path) -> None:
    """Where a file ends with its last member, its own sum is read too."""
    make_backup(history.installation, tmp_path / "b", NOW)
    plain = gzip.decompress((tmp_path / "b").read_bytes()).rstrip(b"\x00")
    packed = gzip.compress(plain + bytes(-len(plain) % tarfile.BLOCKSIZE))
    (tmp_path / "d").write_bytes(packed[:-8] + bytes(8))
    with pytest.raises(BackupDamaged, match="read to its end"):
        unpack(tmp_path / "d", tmp_path / "out")


def test_books_that_do_not_verify_are_not_restored(history: History, tmp_path: Path) -> None:
    """A backup whose manifest was made to fit a forged view is refused by the verifier."""
    installation = history.installation
    make_backup(installation, tmp_path / "b", NOW)
    unpack(tmp_path / "b", tmp_path / "out")
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'out' / 'ledger.sqlite3'}")
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE foundation_sum SET received_minor = received_minor + 1"))
    engine.dispose()
    members = _members(tmp_path / "b")
    members["ledger.sqlite3"] = (tmp_path / "out" / "ledger.sqlite3").read_bytes()
    manifest = json.loads(members.pop("manifest.json"))
    members["manifest.json"] = json.dumps(manifest | {"members": _sums(members)}).encode()
    _write(tmp_path / "forged", members, [])
    shutil.copytree(installation.directory / "signer", tmp_path / "new" / "signer")
    with pytest.raises(BackupDamaged, match="foundation_sum"):
        restore(tmp_path / "forged", tmp_path / "new", NOW, Wish())


def test_a_backup_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    """That is no damage."""
    with pytest.raises(FileNotFoundError, match="nowhere"):
        restore(tmp_path / "nowhere", tmp_path / "new", NOW, Wish())


def test_a_checkpoint_is_taken_from_wherever_it_is_kept(history: History, tmp_path: Path) -> None:
    """From a file, an export, or below its address; an empty one is none."""
    installation = history.installation
    export_record(installation, tmp_path / "export")
    signed, vkey = installation.signer.signed(), installation.signer.vkey()
    for where in (tmp_path / "export" / "log" / "checkpoint", tmp_path / "export"):
        assert fetch_checkpoint(str(where), vkey) == signed
    (tmp_path / "empty").write_text("")
    with pytest.raises(RecordUnreadable, match="missing or cut short"):
        fetch_checkpoint(str(tmp_path / "empty"), vkey)


def test_a_log_is_held_against_what_the_signer_kept(history: History) -> None:
    """Also where it is shorter: what there is must be what was signed."""
    signed = history.installation.signer.signed()
    longer = Checkpoint(signed.origin, signed.size + 3, b"5" * 32)
    leaves = history.installation.signer.signed_leaves()
    with history.installation.store.reading() as connection:
        assert reconcile(connection, [], b"", lossy=False).lost == 0
        assert reconcile(connection, [signed, longer], leaves, lossy=True).lost == 3
        with pytest.raises(RestoreRefused, match="another one than was signed"):
            reconcile(connection, [longer], b"5" * len(leaves), lossy=True)
        with pytest.raises(RestoreRefused, match="Find a newer backup"):
            reconcile(connection, [longer], leaves, lossy=False)


def _members(path: Path) -> dict[str, bytes]:
    """Return what is in an archive."""
    with tarfile.open(path) as archive:
        files = {member.name: archive.extractfile(member) for member in archive}
        return {name: file.read() for name, file in files.items() if file is not None}


def _sums(members: dict[str, bytes]) -> dict[str, dict[str, object]]:
    """Return the sums of a manifest."""
    return {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        for name, content in members.items()
    }


def _write(path: Path, members: dict[str, bytes], extra: list[tarfile.TarInfo]) -> None:
    """Write an archive."""
    with tarfile.open(path, "w:gz") as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        for member in extra:
            archive.addfile(member)
