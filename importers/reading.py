"""From a file's bytes to Statements: which format it is, and the one reader for it.

The content alone decides, never the name. Whatever is not a format that Buurtkas
reads is refused in words that say what to do instead, quickly and without opening
anything inside it. The limits keep hostile files cheap.
"""

from __future__ import annotations

import re
from typing import IO
from typing import TYPE_CHECKING

from importers.archive import UNPACK
from importers.archive import Archive
from importers.archive import is_archive
from importers.camt import read_camt
from importers.coda import is_coda
from importers.coda import read_coda
from importers.delimited import read_delimited
from importers.delimited_table import MAX_COLUMNS
from importers.delimited_table import find_table
from importers.doubles import with_doubles
from importers.encoding import AFTER_THE_END
from importers.encoding import MAX_LINE_BYTES
from importers.errors import FileTooLarge
from importers.errors import ForbiddenContent
from importers.errors import MemberRefused
from importers.errors import UnknownFormat
from importers.errors import UnreadableFile
from importers.lines import moved
from importers.lines import statements_in
from importers.mt940 import read_mt940
from importers.ofx import read_ofx
from importers.progress import Step
from importers.progress import nothing
from importers.psd2 import is_psd2
from importers.psd2 import read_psd2
from importers.source import BOM
from importers.source import MEGABYTE
from importers.source import refuse_endless
from importers.source import refuse_large
from importers.source import source_of
from importers.source import too_large
from importers.spool import Keeping
from importers.spool import Spool
from importers.spreadsheet import read_spreadsheet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from importers.progress import Progress
    from importers.source import Source
    from importers.statement import Statement

MAX_STREAMED_BYTES = 4 * 1024 * 1024 * 1024
"""The largest CAMT file; no other format is read as a stream (see `importers.source`)."""

MAX_WORKBOOK_BYTES = 64 * 1024 * 1024
"""The largest workbook, as it lies there; see also `importers.workbook_zip`."""

_AS_TEXT = "Spreadsheets change amounts and dates. Choose CSV or CAMT.053 at the bank itself."
_SCANNED = "A picture of a statement cannot be booked. Download CAMT.053 from the bank's website."
_LATER = "Choose CAMT.053 at the bank, or MT940, OFX or CSV."

_BEGINNINGS: tuple[tuple[bytes, str, str | None], ...] = (
    (b"%PDF", "a PDF", _SCANNED),
    (b"\x89PNG", "a picture (PNG)", _SCANNED),
    (b"\xff\xd8\xff", "a picture (JPEG)", _SCANNED),
    (b"GIF8", "a picture (GIF)", _SCANNED),
    (b"II*\0", "a picture (TIFF)", _SCANNED),
    (b"MM\0*", "a picture (TIFF)", _SCANNED),
    (b"RIFF", "a picture (WebP)", _SCANNED),
    (b"\x1f\x8b", "a compressed file (gzip)", UNPACK),
    (b"7z\xbc\xaf", "a compressed file (7z)", UNPACK),
    (b"Rar!", "a compressed file (RAR)", UNPACK),
)
_XLS = b"\xd0\xcf\x11\xe0"
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")
_CAMT = re.compile(rb"camt\.05[234]|<(?:[A-Za-z_][\w.-]*:)?BkToCstmr", re.ASCII)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|body|table)[\s>]", re.IGNORECASE)
_OFX = re.compile(rb"^\s*OFXHEADER|<OFX>|<\?OFX", re.IGNORECASE)
_MT940 = re.compile(rb"^(?::20:|:940:|:25P?:|:28C?:|:6[0-2][FM]?:|:86:)", re.MULTILINE)
_JSON = re.compile(rb"\s*[\[{]\s*[\"{\[\]}]")


def read(source: bytes | Path | IO[bytes], *, progress: Progress = nothing) -> Sequence[Statement]:
    """Read a bank file, whatever it is called.

    Args:
        source: The file's bytes, its path, or the opened file; of a path or an opened file, CAMT is never in memory
            as a whole.
        progress: Is told how far it has come; may raise Cancelled.

    Returns:
        Its statements, with their problems; at least one. Of a long file they lie on the disk.

    Raises:
        UnreadableFile: The file is not one that Buurtkas reads, or it cannot be read in full.
        Cancelled: It was stopped.
    """
    opened = source_of(source)
    progress(Step.READ, 0, opened.size)
    statements = _read(opened, progress)
    progress(Step.READ, opened.size, opened.size)
    return statements


def _read(source: Source, progress: Progress) -> Sequence[Statement]:
    """Read a file that may be of any kind."""
    if not is_archive(source.beginning()):
        return _read_one(source, progress)
    with source.open() as stream:
        archive = Archive(stream)
        if archive.is_workbook:
            return with_doubles(_read_workbook(source))
        return _read_members(archive.sources(), source.size, progress)


def _read_members(files: Sequence[Source], size: int, progress: Progress) -> Sequence[Statement]:
    """Read the files of a ZIP.

    Args:
        size: Of the ZIP; progress is told in its bytes.
    """
    spool = Spool()
    statements = Keeping(spool, statements_in(spool))
    done, whole = 0, sum(file.size for file in files) or 1
    for number, file in enumerate(files, start=1):
        progress(Step.READ, size * done // whole, size)
        try:
            if is_archive(file.beginning()):
                raise UnknownFormat("a ZIP or a workbook inside a ZIP", UNPACK)
            read_file = _read_one(file, nothing)
        except UnreadableFile as error:
            raise MemberRefused(number, error) from error
        for statement in read_file:
            statements.append(moved(statement, spool, str(number)))
        done += file.size
    return spool.settle(statements.done(), statements_in(spool))


def _read_workbook(source: Source) -> Sequence[Statement]:
    """Read what a spreadsheet program saved."""
    if source.size > MAX_WORKBOOK_BYTES:
        raise too_large(source.size, MAX_WORKBOOK_BYTES)
    return read_spreadsheet(source.octets()[:])


def _read_one(source: Source, progress: Progress) -> Sequence[Statement]:
    """Read a file that is no ZIP."""
    beginning = source.beginning()
    if beginning.startswith(_XLS):
        return with_doubles(_read_workbook(source))
    _refuse_by_beginning(beginning)
    beginning = beginning.removeprefix(BOM).lstrip()
    if beginning.startswith(b"<"):
        return with_doubles(_read_xml(source, beginning, progress))
    return with_doubles(_read_text(source, beginning, progress))


def _refuse_by_beginning(beginning: bytes) -> None:
    if not beginning.strip():
        raise UnknownFormat("an empty file", "Download the statement again.")
    for magic, what, advice in _BEGINNINGS:
        if beginning.startswith(magic):
            raise UnknownFormat(what, advice)
    if beginning.startswith(_WIDE) or b"\0" in beginning.rstrip(AFTER_THE_END):
        raise UnknownFormat("a file in UTF-16 or a program's own format", _AS_TEXT)


def _read_xml(source: Source, beginning: bytes, progress: Progress) -> Sequence[Statement]:
    if _HTML.search(beginning[:2048]):
        raise UnknownFormat("a web page", "Use the bank's download button instead of saving the page.")
    if _OFX.search(beginning[:2048]):
        return _read_ofx(source, progress)
    if b"<!DOCTYPE" in beginning or b"<!ENTITY" in beginning:
        raise ForbiddenContent("a DOCTYPE")
    if not _CAMT.search(beginning):
        raise UnknownFormat("an XML file, but not a bank statement (CAMT)")
    if source.size > MAX_STREAMED_BYTES:
        raise too_large(source.size, MAX_STREAMED_BYTES)
    return read_camt(source, progress)


def _read_text(source: Source, beginning: bytes, progress: Progress) -> Sequence[Statement]:
    refuse_large(source)
    if is_coda(beginning):
        refuse_endless(source, b"\n\r", MAX_LINE_BYTES, "a line that does not end")
        return read_coda(source.octets(), progress)
    table = find_table(source.beginning())
    if table is not None:
        refuse_endless(source, b"\n\r", MAX_LINE_BYTES, "a line that does not end")
        return read_delimited(source.octets(), table, progress=progress)
    if _OFX.search(beginning[:2048]):
        return _read_ofx(source, progress)
    if _JSON.match(beginning) and is_psd2(beginning):
        return read_psd2(source.octets())
    if _MT940.search(beginning.replace(b"\r", b"\n")):
        refuse_endless(source, b"\n\r", MAX_LINE_BYTES, "a line that does not end")
        return read_mt940(source.octets(), progress)
    raise _unknown_text(beginning)


def _read_ofx(source: Source, progress: Progress) -> Sequence[Statement]:
    refuse_endless(source, b"<", MEGABYTE, "a text that does not end")
    return read_ofx(source.octets(), progress)


def _unknown_text(beginning: bytes) -> UnknownFormat | FileTooLarge:
    """Say as exactly as possible what a text file is that no reader takes."""
    if _JSON.match(beginning):
        return UnknownFormat("a JSON file, but not an account report (PSD2)", _LATER)
    first = beginning.partition(b"\n")[0]
    if max(first.count(mark) for mark in (b",", b";", b"\t")) >= MAX_COLUMNS:
        return FileTooLarge("too many columns", f"{MAX_COLUMNS} columns")
    return UnknownFormat("not a bank file that Buurtkas knows")
