"""A directory that is made beside its place and moved there last, by one process at a time.

Moving is several renames, for the signer's directory may lie elsewhere and its old one stays. Before the first of
them a note in the draft says what is moved; the settings come last and make it an installation. Whatever breaks off
before that, also by kill -9, is taken back: at once where this process lives on, otherwise by whoever restores next.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
from typing import TYPE_CHECKING

from dashboards.work.backup import FILES
from dashboards.work.errors import RestoreRefused
from ledger.installation import DATABASE
from ledger.installation import SECRET
from ledger.installation import SETTINGS
from ledger.signer import VKEY
from ledger.signer import write_durably

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SIGNER = "signer"
NOTE = "moving.json"
AT_WORK = "Somebody restores into this directory already. Wait until that is done."
KEPT = "{before} is there still, from an earlier restore. Put it away somewhere else, and repeat this."
NOT_OURS = "{draft} belongs to somebody else, and what is restored is made there. Remove it, or name another directory."


@contextlib.contextmanager
def draft_beside(directory: Path, place: Path) -> Iterator[Path]:
    """Give an empty directory beside a place, taken away in the end; what an earlier one left half moved is taken back.

    Args:
        directory: Where it shall be moved to.
        place: Where the signer's directory is, or will be.

    Raises:
        RestoreRefused: Another process is at it.
    """
    draft = directory.with_name(f"{directory.name}.restore")
    draft.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(draft):
        try:
            take_back(draft, directory, place)
            _empty(draft)
            yield draft
        finally:
            take_back(draft, directory, place)
            shutil.rmtree(draft, ignore_errors=True)


@contextlib.contextmanager
def _alone(draft: Path) -> Iterator[None]:
    """Hold a directory of our own for ourselves; a process that is killed lets go of it."""
    handle = os.open(draft, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        if os.fstat(handle).st_uid != os.geteuid():
            raise RestoreRefused(NOT_OURS.format(draft=draft))
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            gone = not draft.exists() or not os.path.samestat(draft.stat(), os.fstat(handle))
        except BlockingIOError as error:
            raise RestoreRefused(AT_WORK) from error
        if gone:  # whoever held it was just done
            raise RestoreRefused(AT_WORK)
        os.fchmod(handle, 0o700)
        yield
    finally:
        os.close(handle)


def _empty(draft: Path) -> None:
    """Remove what an earlier attempt left."""
    for path in draft.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def move(draft: Path, directory: Path, place: Path) -> None:
    """Move a finished installation to its place, the settings last: they make it one.

    Raises:
        RestoreRefused: The place where the old signer's directory is to be kept is taken.
    """
    made = draft / SIGNER
    if made.exists() and _before(place).exists():
        raise RestoreRefused(KEPT.format(before=_before(place)))
    vkey = (made / VKEY).read_text() if made.exists() else None
    directory.mkdir(parents=True, exist_ok=True)
    directory.chmod(0o700)
    write_durably(draft / NOTE, json.dumps({"vkey": vkey}).encode())
    if made.exists():
        if place.exists():
            place.rename(_before(place))
        shutil.move(made, place)
    for name in (FILES, SECRET, DATABASE, SETTINGS):
        if (draft / name).exists():
            (draft / name).rename(directory / name)
    (draft / NOTE).unlink()


def take_back(draft: Path, directory: Path, place: Path) -> None:
    """Undo a move that broke off; nothing where none did, or where it had come to its end."""
    note = draft / NOTE
    if not note.exists() or (directory / SETTINGS).exists():
        return
    for name in (SECRET, DATABASE):
        (directory / name).unlink(missing_ok=True)
    shutil.rmtree(directory / FILES, ignore_errors=True)
    vkey = json.loads(note.read_text())["vkey"]
    if vkey is not None:
        _take_signer_back(place, vkey)
    note.unlink()


def _take_signer_back(place: Path, vkey: str) -> None:
    """Take away a new signer, which has signed nothing yet, and put back the one of before."""
    half = place.exists() and not (place / VKEY).exists() and _before(place).exists()
    if half or ((place / VKEY).exists() and (place / VKEY).read_text() == vkey):
        shutil.rmtree(place)
    if _before(place).exists() and not place.exists():
        _before(place).rename(place)


def _before(place: Path) -> Path:
    """Return where the signer's directory of before is kept."""
    return place.with_name(f"{place.name}.before")
