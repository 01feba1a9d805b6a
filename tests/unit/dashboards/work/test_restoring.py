"""A backup that is not what was written restores nothing; and what is held against which checkpoint."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import io
import json
import shutil
import tarfile
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
from ledger.errors import RecordUnreadable
from ledger.errors import ShapeRefused
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
