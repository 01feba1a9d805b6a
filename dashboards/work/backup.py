"""A backup: one file that holds an installation as it was at one instant, made while others write.

It is a gzipped tar of the settings, the installation secret, the database as a SQLite file whatever
database it came from, the published record's checkpoint, key and leaves, and the kept files; last comes a manifest
with the SHA-256 of every member. The signer's key and state are never in it: whoever finds a backup cannot sign,
and a restored one cannot roll back what was signed. Nor is the outbox, so that no alarm goes out twice.

The checkpoint is read before the database, so that the log in a backup holds at least what its checkpoint
covers; the files after it, so that every file is there that an entry names.

Source: DESIGN "The signer", docs/adr/0015-backups-never-sign.md.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import sqlalchemy as sa

from dashboards.work.errors import BackupExists
from ledger import tables
from ledger.checkpoint import open_note
from ledger.copying import copy_out
from ledger.database import open_database
from ledger.header import write_instant
from ledger.installation import DATABASE
from ledger.installation import SECRET
from ledger.installation import SETTINGS
from ledger.merkle import HASH_BYTES
from ledger.migrations import shape
from ledger.signer import write_durably

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.installation import Installation

FORMAT = 1
MANIFEST = "manifest.json"
FILES = "files"
CHECKPOINT, VKEY, LEAVES = "record/checkpoint", "record/vkey", "record/leaves"
LAST_BACKUP = "last-backup.json"
GZIP_LEVEL = 3
"""Bank files and entries shrink about as well as with more, in a third of the time."""
CHUNK = 1024 * 1024
SCRATCH = ".backup-"
JUST_NOW_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Made:
    """What a backup holds.

    Attributes:
        size: How many entries.
        files: How many kept files.
        length: The file's own size in bytes.
    """

    path: Path
    size: int
    files: int
    length: int


def make_backup(installation: Installation, target: Path, now: dt.datetime) -> Made:
    """Write a backup into a new file that only its owner can read; all of it or nothing.

    Raises:
        BackupExists: There is a file of that name already.
    """
    if target.exists():
        raise BackupExists(target)
    with _scratch(target.parent) as scratch:
        draft = scratch / "draft"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            manifest = _write(installation, file, now, scratch)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, target)  # unlike a rename, it never takes the place of a file that came meanwhile
        except FileExistsError as error:
            raise BackupExists(target) from error
    _sync(target.parent)
    files = sum(name.startswith(f"{FILES}/") for name in manifest["members"])
    made = Made(target, manifest["size"], files, target.stat().st_size)
    _remember(installation, made, now)
    return made


@contextlib.contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """Give a directory that nobody else can reach into, and take away those of backups that were killed."""
    with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=folder) as made:
        handle = os.open(made, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            _sweep(folder, Path(made))
            yield Path(made)
        finally:
            os.close(handle)


def _sweep(folder: Path, own: Path) -> None:
    """Remove the directories of backups that were killed: nobody holds them, and they are not from just now."""
    for path in folder.glob(f"{SCRATCH}*"):
        with contextlib.suppress(OSError):  # somebody else's, or gone meanwhile
            if own.stat().st_mtime - path.stat().st_mtime < JUST_NOW_SECONDS:
                continue
            handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path)
            finally:
                os.close(handle)


def last_backup(directory: Path) -> str | None:
    """Return the instant of the last backup, or None where none is known."""
    try:
        return str(json.loads((directory / LAST_BACKUP).read_text())["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(installation: Installation, file: Any, now: dt.datetime, room: Path) -> dict[str, Any]:  # noqa: ANN401 - a binary file
    """Write all members, the manifest last; return it."""
    with tarfile.open(fileobj=file, mode="w:gz", compresslevel=GZIP_LEVEL, format=tarfile.PAX_FORMAT) as archive:
        members = _Members(archive, int(now.timestamp()))
        record = _record(installation)
        copy = room / DATABASE
        copy_out(installation.engine, copy)
        for name in (SETTINGS, SECRET):
            members.add(name, installation.directory / name)
        for name, content in record.items():
            members.put(name, content)
        members.add(DATABASE, copy)
        for path in _kept(installation.directory / FILES):
            with contextlib.suppress(FileNotFoundError):  # a draft that ran out between listing and reading
                members.add(path.relative_to(installation.directory).as_posix(), path)
        manifest = _manifest(installation, copy, now, members.sums)
        members.put(MANIFEST, json.dumps(manifest, indent=1).encode())
    return manifest


def _manifest(
    installation: Installation, copy: Path, now: dt.datetime, sums: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    """Return what a backup says about itself."""
    engine = open_database(copy)
    with engine.connect() as connection:
        size = connection.execute(sa.select(tables.log_head.c.size)).scalar_one()
        found = shape(connection)
    engine.dispose()
    return {
        "format": FORMAT,
        "buurtkas": version("buurtkas"),
        "made": write_instant(now),
        "origin": installation.settings.origin,
        "shape": found,
        "size": size,
        "members": dict(sums),
    }


def _record(installation: Installation) -> dict[str, bytes]:
    """Return what the signer has published; its leaves are those of the checkpoint."""
    signer = installation.signer
    note, vkey = signer.published(), signer.vkey()
    kept = {VKEY: vkey.text().encode()}
    if note is not None:
        kept[CHECKPOINT] = note.encode()
        kept[LEAVES] = signer.signed_leaves()[: open_note(note, vkey).size * HASH_BYTES]
    return kept


def _kept(folder: Path) -> Iterator[Path]:
    """Yield the kept files, whole ones only."""
    paths = sorted(folder.rglob("*")) if folder.is_dir() else []
    return (path for path in paths if path.is_file() and path.suffix != ".new")


class _Members:
    """Adds members to an archive, and keeps their sums."""

    def __init__(self, archive: tarfile.TarFile, at: int) -> None:
        self._archive = archive
        self._at = at
        self.sums: dict[str, dict[str, Any]] = {}

    def put(self, name: str, content: bytes) -> None:
        """Add a member from memory."""
        self._add(name, io.BytesIO(content), len(content))

    def add(self, name: str, path: Path) -> None:
        """Add a file."""
        with path.open("rb") as file:
            self._add(name, file, os.fstat(file.fileno()).st_size)

    def _add(self, name: str, file: Any, length: int) -> None:  # noqa: ANN401 - a binary file
        """Add a member without any trace of who owns it here."""
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime = length, 0o600, self._at
        summed = _Summed(file)
        self._archive.addfile(member, summed)  # type: ignore[arg-type] # it reads, and that is all it has to
        self.sums[name] = {"sha256": summed.sum.hexdigest(), "bytes": length}


class _Summed:
    """A file that is hashed while it is read."""

    def __init__(self, file: Any) -> None:  # noqa: ANN401 - a binary file
        self._file = file
        self.sum = hashlib.sha256()

    def read(self, length: int) -> bytes:
        """Read on."""
        data: bytes = self._file.read(length)
        self.sum.update(data)
        return data


def _remember(installation: Installation, made: Made, now: dt.datetime) -> None:
    """Note when the last backup was made, for `doctor`; a directory that cannot be written is no reason to fail."""
    note = {"at": write_instant(now), "entries": made.size, "bytes": made.length}
    with contextlib.suppress(OSError):
        write_durably(installation.directory / LAST_BACKUP, json.dumps(note).encode())


def _sync(folder: Path) -> None:
    """Have a folder's new name on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
