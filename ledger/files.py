"""Files kept as they came, named by their SHA-256: the same content has one place, and none is in memory as a whole.

A file appears under its name when all of it is on the disk, or not at all.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import secrets
from pathlib import Path
from typing import IO
from typing import TYPE_CHECKING

from ledger.signer import synced

if TYPE_CHECKING:
    from collections.abc import Iterator

Content = bytes | Path | IO[bytes]
"""A file's bytes, where it lies, or the opened file."""
PIECE = 1024 * 1024


def digest_of(content: Content) -> str:
    """Return the SHA-256 of a file (64 hex digits)."""
    digest = hashlib.sha256()
    for piece in _pieces(content):
        digest.update(piece)
    return digest.hexdigest()


def keep(folder: Path, content: Content) -> str:
    """Keep a file and return its SHA-256 (64 hex digits)."""
    name = digest_of(content)
    if place_of(folder, name).exists():
        return name
    folder.mkdir(mode=0o700, exist_ok=True)
    draft = folder / f"{secrets.token_hex(8)}.new"
    try:
        name = _copied(content, draft)
        place = place_of(folder, name)
        place.parent.mkdir(mode=0o700, exist_ok=True)
        draft.replace(place)
    finally:
        draft.unlink(missing_ok=True)
    synced(place.parent)
    return name


def place_of(folder: Path, name: str) -> Path:
    """Return where a kept file lies."""
    return folder / name[:2] / name


def _copied(content: Content, draft: Path) -> str:
    """Copy a file and return the SHA-256 of what was copied."""
    digest = hashlib.sha256()
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as copy:
        for piece in _pieces(content):
            digest.update(piece)
            copy.write(piece)
        copy.flush()
        os.fsync(copy.fileno())
    return digest.hexdigest()


def _pieces(content: Content) -> Iterator[bytes]:
    """Yield a file's bytes piece by piece."""
    with _opened(content) as stream:
        while piece := stream.read(PIECE):
            yield piece


@contextlib.contextmanager
def _opened(content: Content) -> Iterator[IO[bytes]]:
    """Give a file from its first byte; somebody else's stays open."""
    if isinstance(content, Path):
        with content.open("rb") as stream:
            yield stream
    elif isinstance(content, bytes):
        yield io.BytesIO(content)
    else:
        content.seek(0)
        yield content
