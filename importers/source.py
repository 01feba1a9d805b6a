"""A bank file's bytes, wherever they lie: in memory, on the disk, or inside a ZIP.

Nothing here holds a long file in memory: whoever reads it opens it, as often as need be, and takes piece after piece.
"""

from __future__ import annotations

import contextlib
import io
import mmap
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from typing import TYPE_CHECKING

from importers.errors import FileTooLarge

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from importers.encoding import Octets

MAX_BYTES = 256 * 1024 * 1024
"""The largest file of a format that is read as a whole, and the most that is taken from a pipe."""
MEGABYTE = 1024 * 1024
BOM = b"\xef\xbb\xbf"
LOOK_AT = 65_536
"""How much of a file tells what it is."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file's bytes.

    Attributes:
        size: How many there are.
        open: Gives them as a stream, from the first byte, as often as asked.
        on_disk: They lie in a file that can be looked at where it is.
    """

    size: int
    open: Callable[[], AbstractContextManager[IO[bytes]]]
    on_disk: bool = False

    def beginning(self) -> bytes:
        """Return what tells the format: the first 64 KB."""
        with self.open() as stream:
            return stream.read(LOOK_AT)

    def octets(self) -> Octets:
        """Return all bytes, where they lie if that is on the disk.

        Raises:
            FileTooLarge: There are more than a format that is not read as a stream may have.
        """
        refuse_large(self)
        with self.open() as stream:
            if self.on_disk and self.size:
                return mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
            return stream.read(MAX_BYTES)


def source_of(given: bytes | Path | IO[bytes]) -> Source:
    """Return the source that somebody means by bytes, a path or an open file.

    Raises:
        FileTooLarge: More comes out of a pipe than is read as a whole.
    """
    if isinstance(given, Path):
        return _on_disk(given)
    if isinstance(given, bytes):
        return Source(len(given), lambda: io.BytesIO(given))
    return Source(given.seek(0, os.SEEK_END), lambda: _from_the_first(given))


def refuse_large(source: Source) -> None:
    """Stop a file that is larger than one that is read as a whole.

    Raises:
        FileTooLarge: It is.
    """
    if source.size > MAX_BYTES:
        raise too_large(source.size, MAX_BYTES)


def refuse_endless(source: Source, marks: bytes, limit: int, what: str) -> None:
    """Stop a file in which none of some marks comes for too long, without taking all of it into memory.

    Args:
        marks: Single bytes, such as the ends of lines.
        limit: How many bytes may come without any of them.

    Raises:
        FileTooLarge: It goes on for longer, or the file is larger than one that is read as a whole.
    """
    refuse_large(source)
    since = 0
    with source.open() as stream:
        while piece := stream.read(min(limit, LOOK_AT)):
            first = min((at for mark in marks if (at := piece.find(mark)) >= 0), default=len(piece))
            if since + first > limit:
                raise FileTooLarge(what, f"{limit:,} characters")
            last = max(piece.rfind(mark) for mark in marks)
            since = len(piece) - last - 1 if last >= 0 else since + len(piece)


def too_large(size: int, limit: int) -> FileTooLarge:
    """Return the refusal of a file that is larger than its limit."""
    return FileTooLarge(f"{size // MEGABYTE} MB", f"{limit // MEGABYTE} MB")


def _on_disk(path: Path) -> Source:
    found = path.stat()
    if stat.S_ISREG(found.st_mode):
        return Source(found.st_size, lambda: path.open("rb"), on_disk=True)
    with path.open("rb") as pipe:
        content = pipe.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise too_large(len(content), MAX_BYTES)
    return source_of(content)


@contextlib.contextmanager
def _from_the_first(stream: IO[bytes]) -> Iterator[IO[bytes]]:
    """Give somebody else's stream from its first byte, and leave it open."""
    stream.seek(0)
    yield stream
