"""Taking a backup apart: nothing is believed that its manifest does not say, and nothing else is written.

A backup that lies about itself can do no more than be refused: members have names from a closed list, are
plain files that fit on the disk, and are compared with the manifest before anything of them is used. Nothing is
taken into memory whose length it chose itself.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import shutil
import tarfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from dashboards.work.backup import CHUNK
from dashboards.work.backup import FORMAT
from dashboards.work.backup import MANIFEST
from dashboards.work.errors import BackupDamaged
from ledger.errors import DiskFull
from ledger.errors import ShapeRefused
from ledger.migrations import NEWEST

if TYPE_CHECKING:
    from pathlib import Path

MEMBER = re.compile(
    r"settings\.toml|secret|ledger\.sqlite3|record/(checkpoint|vkey|leaves)|files/[0-9a-f]{2}/[0-9a-f]{64}|manifest\.json"
)

NEEDED = {"settings.toml", "secret", "ledger.sqlite3", "record/vkey"}
MOST_WORDS = 64 * 1024
MOST_MANIFEST = 128 * CHUNK
"""Bytes of a member that is read as a whole; a manifest of 128 MB names half a million kept files."""
READ_WHOLE = {"settings.toml": MOST_WORDS, "secret": MOST_WORDS, "record/vkey": MOST_WORDS}
READ_WHOLE |= {"record/checkpoint": MOST_WORDS, MANIFEST: MOST_MANIFEST}
ROOM_LEFT = 64 * CHUNK
"""Bytes that a restore leaves free on the disk."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says about itself.

    Attributes:
        made: When (UTC, as entries write it).
        origin: Of which log.
        shape: The database's last migration.
        size: How many entries it holds.
        files: How many kept files.
    """

    made: str
    origin: str
    shape: str
    size: int
    files: int


def unpack(backup: Path, target: Path) -> Manifest:
    """Write a backup's members below a new directory, and hold them against the manifest.

    Raises:
        BackupDamaged: It is not what was written.
        ShapeRefused: A newer version of Buurtkas made it.
        DiskFull: There is no room for it.
    """
    try:
        with gzip.open(backup) as packed, _opened(packed) as archive:
            sums = {member.name: _take(archive, member, target) for member in archive}
        manifest = json.loads((target / MANIFEST).read_text())
        sums.pop(MANIFEST)
        return _checked(manifest, sums)
    except (tarfile.TarError, zlib.error, gzip.BadGzipFile, EOFError) as error:
        raise BackupDamaged("it cannot be read to its end") from error
    except FileNotFoundError as error:
        if not backup.exists():
            raise
        raise BackupDamaged("its manifest is missing") from error
    except FileExistsError as error:
        raise BackupDamaged("it holds something twice") from error
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise BackupDamaged("its manifest cannot be read") from error


def _opened(packed: gzip.GzipFile) -> tarfile.TarFile:
    """Open an archive of which no header is longer than a portion."""
    return tarfile.open(fileobj=_Bounded(packed), mode="r:")  # type: ignore[call-overload, no-any-return] # it reads and seeks


class _Bounded:
    """A file of which nobody reads more than a portion at once, whatever a header asks for."""

    def __init__(self, file: gzip.GzipFile) -> None:
        self._file = file
        self.seek, self.tell = file.seek, file.tell

    def read(self, length: int) -> bytes:
        """Read on."""
        if not 0 <= length <= CHUNK:
            raise BackupDamaged("it holds a header that no backup holds")
        return self._file.read(length)


def _take(archive: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> dict[str, Any]:
    """Write one member and return its sum."""
    plain = member.isreg() and not member.issparse() and MEMBER.fullmatch(member.name)
    content = archive.extractfile(member) if plain else None
    if content is None or not 0 <= member.size <= READ_WHOLE.get(member.name, member.size):
        raise BackupDamaged("it holds something that no backup holds")
    path = target / member.name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if member.size > shutil.disk_usage(path.parent).free - ROOM_LEFT:
        raise DiskFull
    summed = hashlib.sha256()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        while chunk := content.read(CHUNK):
            summed.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return {"sha256": summed.hexdigest(), "bytes": member.size}


def _checked(manifest: dict[str, Any], sums: dict[str, dict[str, Any]]) -> Manifest:
    """Return the manifest where the members are those it names."""
    if manifest["format"] != FORMAT:
        raise BackupDamaged("its format is not known here; use the version of Buurtkas that made it")
    said = manifest["members"]
    wrong = sorted(name for name in said.keys() | sums.keys() if said.get(name) != sums.get(name))
    if wrong:
        raise BackupDamaged(f"{len(wrong)} of its members are missing or altered, such as {wrong[0][:80]}")
    if not sums.keys() >= NEEDED:
        raise BackupDamaged("it lacks what every backup holds")
    if str(manifest["shape"]) > NEWEST:
        raise ShapeRefused(str(manifest["shape"]), NEWEST)
    files = sum(name.startswith("files/") for name in sums)
    return Manifest(
        str(manifest["made"]), str(manifest["origin"]), str(manifest["shape"]), int(manifest["size"]), files
    )
