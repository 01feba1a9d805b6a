"""From bytes to text, for the formats that do not state their characters reliably.

UTF-8 first, since it is recognised for certain; else Windows-1252, which Dutch banks
used for years and still declare while writing something else. Guessing further was
wrong on a real file, so nothing further is guessed.
"""

from __future__ import annotations

import codecs
import mmap
import re

from importers.errors import FileTooLarge
from importers.errors import ForbiddenContent
from importers.errors import MalformedFile
from importers.statement import Problem

Octets = bytes | mmap.mmap
MAX_LINE_BYTES = 65_536
UNKNOWN = "ascii"
"""The encoding of a file whose letters are not known: what is not ASCII becomes a sign that says so."""
LETTERS_UNKNOWN = Problem(
    "other",
    "The letters with accents in this file are in a character set that it does not name; they are left out. "
    "Amounts, dates and account numbers are certain.",
)
_CHUNK = 1024 * 1024
_NO_WINDOWS_LETTER = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
AFTER_THE_END = b"\0\x03\x1a\r\n\t "


def refuse_long_lines(data: Octets) -> None:
    """Stop a file with a line that does not end, in whatever way its lines end.

    Raises:
        FileTooLarge: A line is longer than any bank writes.
    """
    ending = b"\n" if data.find(b"\n") >= 0 else b"\r"
    start = 0
    while len(data) - start > MAX_LINE_BYTES:
        end = data.rfind(ending, start, start + MAX_LINE_BYTES + 1)
        if end < 0:
            raise FileTooLarge("a line that does not end", f"{MAX_LINE_BYTES:,} characters a line")
        start = end + 1


def decoded(data: bytes) -> str:
    """Decode as UTF-8, else as Windows-1252, which ING and Rabobank used for years.

    Raises:
        ForbiddenContent: It has NUL characters.
        MalformedFile: A character is neither.
    """
    if b"\0" in data:
        raise ForbiddenContent("NUL characters")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if data.startswith(b"\xef\xbb\xbf"):
            number = data.count(b"\n", 0, error.start) + 1
            raise MalformedFile(f"line {number}", "a character is damaged") from error
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        number = data.count(b"\n", 0, error.start) + 1
        raise MalformedFile(f"line {number}", "a character is neither UTF-8 nor Windows-1252") from error


def trimmed(data: Octets) -> Octets:
    """Leave out what some banks' programs put after the end: zeros and marks of the end of a text."""
    if data[-1:] not in {b"\0", b"\x03", b"\x1a"}:
        return data
    return data[:].rstrip(AFTER_THE_END) + b"\n"


def encoding_of(data: Octets) -> str:
    """Tell how a file's characters are written, without holding them all in memory.

    Args:
        data: The file.

    Returns:
        ``utf-8``, else ``cp1252``, else `UNKNOWN` where neither can be.

    Raises:
        ForbiddenContent: It has NUL characters.
        MalformedFile: It says that it is UTF-8, and is not.
    """
    if data.find(b"\0") >= 0:
        raise ForbiddenContent("NUL characters")
    damaged = _damaged_line(data)
    if damaged is None:
        return "utf-8"
    if data[:3] == codecs.BOM_UTF8:
        raise MalformedFile(f"line {damaged}", "a character is damaged")
    return UNKNOWN if _NO_WINDOWS_LETTER.search(data) else "cp1252"


def _damaged_line(data: Octets) -> int | None:
    """Return the number of the first line that is not UTF-8, None if all are."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(data), _CHUNK):
        held = len(decoder.getstate()[0])
        piece = data[start : start + _CHUNK]
        if not held and piece.isascii():
            continue
        try:
            decoder.decode(piece, final=start + _CHUNK >= len(data))
        except UnicodeDecodeError as error:
            return data[: max(start - held + error.start, 0)].count(b"\n") + 1
    return None
