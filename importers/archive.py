"""A ZIP of bank files, such as a month of daily statements: its files one by one, streamed out of it.

Nothing is unpacked to the disk and no name in it is used for anything: the files go by their place. Everything that
makes a ZIP dear is refused before any of it is unpacked: too many files, too large, packed too tightly, a ZIP inside,
a password, names that lead elsewhere. What a computer adds of itself (folders, `__MACOSX`, `.DS_Store`) is no file.

Invariant: whole or nothing; a file in it that cannot be read refuses the ZIP.

Source: PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12, 4.3.15 and 4.3.16.
"""

from __future__ import annotations

import contextlib
import io
import os
import struct
import zipfile
import zlib
from typing import IO
from typing import TYPE_CHECKING
from typing import cast

from importers.errors import FileTooLarge
from importers.errors import ForbiddenContent
from importers.errors import MalformedFile
from importers.errors import UnknownFormat
from importers.source import MEGABYTE
from importers.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

MAX_FILES = 1_000
MAX_UNPACKED = 1024 * MEGABYTE
MAX_RATIO = 250
"""How many times larger a file may become; bank files become five to forty times larger."""
UNPACK = "Unpack it and choose the bank's file that is inside."
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_END = b"PK\x05\x06"
_END_BYTES = 22
_FAR_END = b"PK\x06\x07"
_FAR_END_BYTES = 20
_MAX_COMMENT = 65_535
_MAX_LISTING = 2 * MEGABYTE
_ENCRYPTED = 0x1 | 0x40
_PACKINGS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_SMALL = MEGABYTE
_ADDED = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
_BY_A_MAC = "__MACOSX"
_WORKBOOK = "[Content_Types].xml"
_SHEETS = "mimetype"
DAMAGED = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, struct.error, ValueError, OSError
)  # fmt: skip
"""What the standard library says of a ZIP that does not hold."""


def is_archive(beginning: bytes) -> bool:
    """Tell whether a file is a ZIP; a workbook is one too."""
    return beginning.startswith(_ZIP)


class Archive:
    """An opened ZIP.

    Args:
        stream: Its bytes.

    Raises:
        UnreadableFile: It is not one that is read.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        _check_end(stream)
        try:
            self._zip = zipfile.ZipFile(stream)
        except DAMAGED as error:
            raise MalformedFile("the ZIP", "its list of files is damaged or cut off") from error
        self._listed = self._zip.infolist()

    @property
    def is_workbook(self) -> bool:
        """Tell whether it is what a spreadsheet program saves, and no archive of files."""
        names = {member.filename for member in self._listed}
        return _WORKBOOK in names or _SHEETS in names

    def sources(self) -> list[Source]:
        """Return the files, in the order of the ZIP.

        Raises:
            UnreadableFile: One of them, or all together, are not to be unpacked.
        """
        files = [member for member in self._listed if not _is_added(member)]
        if not files:
            raise UnknownFormat("a ZIP without a file in it", "Download the statement again.")
        _check_names(files)
        _check_sizes(files)
        return [self._source(member) for member in files]

    def _source(self, member: zipfile.ZipInfo) -> Source:
        return Source(member.file_size, lambda: self._opened(member))

    @contextlib.contextmanager
    def _opened(self, member: zipfile.ZipInfo) -> Iterator[IO[bytes]]:
        try:
            stream = self._zip.open(member)
        except DAMAGED as error:
            raise MalformedFile("the ZIP", "a file in it cannot be unpacked") from error
        with stream:
            yield cast("IO[bytes]", _Unpacked(stream))


class _Unpacked(io.RawIOBase):
    """A file while it is unpacked; where that fails, it is said in our own words."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__()
        self._stream = stream

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes."""
        try:
            return self._stream.read(size)
        except DAMAGED as error:
            raise MalformedFile("the ZIP", "a file in it is damaged or cut off") from error

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Go elsewhere."""
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        """Return where the next byte is."""
        return self._stream.tell()


def _check_end(stream: IO[bytes]) -> None:
    """Refuse a list of files that is too long, before it is read.

    Raises:
        FileTooLarge: Too many files.
        MalformedFile: It has no end.
    """
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(size - _END_BYTES - _MAX_COMMENT - _FAR_END_BYTES, 0))
    tail = stream.read()
    at = len(tail) - _END_BYTES
    if not (tail[at:].startswith(_END) and tail.endswith(b"\0\0")):
        at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_BYTES:
        raise MalformedFile("the ZIP", "its end is missing: the download broke off")
    files, listing = struct.unpack_from("<HI", tail, at + 10)
    if tail[max(at - _FAR_END_BYTES, 0) : at].startswith(_FAR_END) or files > MAX_FILES or listing > _MAX_LISTING:
        raise FileTooLarge("too many files in a ZIP", f"{MAX_FILES:,} files")


def _is_added(member: zipfile.ZipInfo) -> bool:
    """Tell whether a computer put it there of itself."""
    parts = member.filename.split("/")
    return member.filename.endswith("/") or _BY_A_MAC in parts[:-1] or parts[-1] in _ADDED


def _check_names(files: Sequence[zipfile.ZipInfo]) -> None:
    names = [member.filename for member in files]
    if any(_leads_elsewhere(name) for name in names):
        raise ForbiddenContent("a name that leads out of the ZIP")
    if len(set(names)) < len(names):
        raise ForbiddenContent("two files of the same name")


def _leads_elsewhere(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return parts[0] == "" or parts[0].endswith(":") or ".." in parts


def _check_sizes(files: Sequence[zipfile.ZipInfo]) -> None:
    if len(files) > MAX_FILES:
        raise FileTooLarge("too many files in a ZIP", f"{MAX_FILES:,} files")
    if any(member.flag_bits & _ENCRYPTED for member in files):
        raise UnknownFormat("a ZIP with a password", UNPACK)
    if any(member.compress_type not in _PACKINGS for member in files):
        raise UnknownFormat("a ZIP that is packed in an unusual way", UNPACK)
    unpacked = sum(member.file_size for member in files)
    if unpacked > MAX_UNPACKED:
        raise FileTooLarge(f"{unpacked // MEGABYTE:,} MB in a ZIP", f"{MAX_UNPACKED // MEGABYTE:,} MB")
    for member in files:
        if member.file_size > max(_SMALL, MAX_RATIO * member.compress_size):
            raise ForbiddenContent("a file packed far more tightly than any text")
