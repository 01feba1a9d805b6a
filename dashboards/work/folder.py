"""A folder into which a bank's delivery drops files, and the three folders in it: work/, done/, refused/.

A file is touched once it stood still over two looks and nobody has it open for writing. It is claimed by renaming it
into work/, and leaves that for done/ or refused/ by renaming it again, so that it lies in exactly one place at
every instant. Nothing is ever overwritten: a name that is taken gets a number.

Invariants: links, folders and whatever is no plain file are left alone; one process at a time holds a folder.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from dashboards.work.errors import FolderHeld
from importers.errors import FileTooLarge
from importers.source import MAX_BYTES
from ledger.signer import write_durably

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WORK, DONE, REFUSED = "work", "done", "refused"
LOCK = ".buurtkas-watch.lock"
UNFINISHED = (".part", ".tmp", ".filepart")
"""How senders name a file that they have not finished yet; they rename it when they have."""
REASON = ".reason.txt"
LONGEST_NAME = 200
"""Bytes of a name that are kept, from its end; systems allow 255."""
MEGABYTE = 1024 * 1024


class Growing(Exception):
    """Somebody is still writing this file."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What tells that a file stood still: whatever is done to it changes one of these."""

    inode: int
    size: int
    modified_ns: int
    changed_ns: int


class Folder:
    """The folder of deliveries.

    Args:
        path: Where it is; it exists.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen: dict[str, Mark] = {}

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Keep every other process off the folder.

        Raises:
            FolderHeld: Another one looks after it.
        """
        handle = os.open(self.path / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(handle)
            raise FolderHeld(self.path) from error
        try:
            for name in (WORK, DONE, REFUSED):
                (self.path / name).mkdir(mode=0o700, exist_ok=True)
            yield
        finally:
            os.close(handle)

    def claimed(self) -> list[Path]:
        """Claim what stood still since the last look, and return all that is claimed, the oldest first.

        What an interruption left in work/ is among it.
        """
        for name in self._still():
            (self.path / name).rename(self._free(WORK, name))
        return [path for path, _ in sorted(_plain(self.path / WORK), key=_age)]

    def waiting(self) -> list[str]:
        """Return the names of files that the last look found and that must stand still until the next."""
        return sorted(self._seen)

    def give_back(self, claimed: Path) -> None:
        """Put a file that somebody is still writing back to where it was dropped, to be looked at anew."""
        claimed.rename(self._free("", claimed.name))

    def finish(self, claimed: Path) -> Path:
        """Move a file that was booked, and return where it is."""
        return claimed.rename(self._free(DONE, claimed.name))

    def refuse(self, claimed: Path, reason: str) -> Path:
        """Move a file that is not booked, with the reason beside it, and return where it is."""
        place = self._free(REFUSED, claimed.name)
        write_durably(_reason_of(place), f"{reason}\n".encode())
        return claimed.rename(place)

    def _still(self) -> list[str]:
        """Return the names of files that are as they were at the last look, and remember how all are now."""
        before = self._seen
        now = {path.name: mark for path, mark in _plain(self.path) if not _unfinished(path.name)}
        still = [name for name, mark in now.items() if before.get(name) == mark and not _written(self.path / name)]
        self._seen = {name: mark for name, mark in now.items() if name not in still}
        return still

    def _free(self, folder: str, name: str) -> Path:
        """Return a path in one of the folders that nothing has; of a file, and of the reason beside it."""
        short = _short(name)
        stem, ending = os.path.splitext(short)  # noqa: PTH122 - a name, not a path
        for number in count(1):
            place = self.path / folder / (short if number == 1 else f"{stem}-{number}{ending}")
            if not os.path.lexists(place) and not os.path.lexists(_reason_of(place)):
                return place
        raise AssertionError


def content_of(path: Path) -> bytes:
    """Return the whole content of a claimed file.

    Raises:
        Growing: It changed meanwhile.
        FileTooLarge: It is larger than any bank file that is read.
        OSError: It cannot be read.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        before = _mark(os.fstat(handle))
        if before.size > MAX_BYTES:
            raise FileTooLarge(f"{before.size // MEGABYTE} MB", f"{MAX_BYTES // MEGABYTE} MB")
        content = file.read(MAX_BYTES + 1)
        if len(content) != before.size or _mark(os.fstat(handle)) != before:
            raise Growing
    return content


def _reason_of(place: Path) -> Path:
    """Return where the reason of a refused file lies."""
    return place.with_name(place.name + REASON)


def _short(name: str) -> str:
    """Return a name that leaves room for what may be added to it."""
    return os.fsdecode(os.fsencode(name)[-LONGEST_NAME:])


def _plain(folder: Path) -> Iterator[tuple[Path, Mark]]:
    """Yield the plain files of a folder; links are none, and one that goes away meanwhile is none any more."""
    for path in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):
            found = path.lstat()
            if stat.S_ISREG(found.st_mode):
                yield path, _mark(found)


def _mark(found: os.stat_result) -> Mark:
    return Mark(found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def _age(found: tuple[Path, Mark]) -> tuple[int, str]:
    """Return a key that puts the file that was written first before the others."""
    path, mark = found
    return mark.modified_ns, path.name


def _unfinished(name: str) -> bool:
    """Tell whether a name says that the file is not whole, or not meant for us."""
    return name.startswith(".") or name.casefold().endswith(UNFINISHED)


def _written(path: Path) -> bool:
    """Tell whether somebody has a file open for writing, as far as the system tells: it does so of our own files.

    Source: fcntl(2), F_SETLEASE: a lease for reading is refused with EAGAIN while a writer has the file open.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return error.errno == errno.EAGAIN
    finally:
        os.close(handle)
    return False
