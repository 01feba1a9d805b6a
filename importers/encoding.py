"""From bytes to text, for the formats that do not state their characters reliably.

UTF-8 first, since it is recognised for certain; else Windows-1252, which Dutch banks
used for years and still declare while writing something else. Guessing further was
wrong on a real file, so nothing further is guessed.
"""

from __future__ import annotations

from importers.errors import FileTooLarge
from importers.errors import ForbiddenContent
from importers.errors import MalformedFile

MAX_LINE_BYTES = 65_536


def refuse_long_lines(data: bytes) -> None:
    """Stop a file with a line that does not end.

    Raises:
        FileTooLarge: A line is longer than any bank writes.
    """
    start = 0
    while start < len(data):
        end = data.find(b"\n", start)
        if (len(data) if end < 0 else end) - start > MAX_LINE_BYTES:
            raise FileTooLarge("a line that does not end", f"{MAX_LINE_BYTES:,} characters a line")
        if end < 0:
            return
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
