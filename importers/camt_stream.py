"""A CAMT file's elements, one after the other, safely, and never as a whole in memory.

The bytes are looked through once before the parser sees them: what a bank never writes is
refused, and the entry tags are counted apart from the parser. The parser resolves no entity and
fetches nothing; a file that would pile up in memory is stopped.
"""

from __future__ import annotations

import re
from typing import IO
from typing import TYPE_CHECKING

from lxml import etree

from importers.errors import FileTooLarge
from importers.errors import ForbiddenContent
from importers.errors import MalformedFile
from importers.progress import Step
from importers.source import BOM
from importers.source import LOOK_AT
from importers.source import MEGABYTE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from importers.progress import Progress
    from importers.source import Source

MAX_STATEMENTS = 100_000
_WATCHED = ("{*}Ntry", "{*}Stmt", "{*}Rpt", "{*}Ntfctn", "{*}GrpHdr")
_DECLARED = re.compile(rb"""\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_ENCODINGS = frozenset({b"utf-8", b"utf8", b"us-ascii", b"ascii", b"iso-8859-1", b"iso-8859-15", b"windows-1252"})
_ENVELOPE = re.compile(rb"<((?:[A-Za-z_][\w.-]{0,60}:)?)BkToCstmr(Stmt|AcctRpt|DbtCdtNtfctn)")
_WITHIN = {b"Stmt": b"Stmt", b"AcctRpt": b"Rpt", b"DbtCdtNtfctn": b"Ntfctn"}
_ENTRY_TAG = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?Ntry[\s/>]")
_SILENT = re.compile(rb"<!--|<!\[CDATA\[")
_PIECE = MEGABYTE // 4
_ENDLESS = 8 * MEGABYTE
_MANY_PARTS = 400_000
_TOLD = 200
_AFTER_THE_END = {etree.ErrorTypes.ERR_DOCUMENT_END, etree.ErrorTypes.ERR_RESERVED_XML_NAME}


def look_through(source: Source) -> int:
    """Refuse what no bank writes, before any of it is parsed.

    Returns:
        How many tags of entries there are.

    Raises:
        ForbiddenContent: A DOCTYPE, entities, NUL, or a character set that hides markup.
        FileTooLarge: A text or a tag that does not end, or more statements than any bank sends.
    """
    beginning = source.beginning()
    declared = _DECLARED.match(beginning.removeprefix(BOM)[:1024])
    if declared and declared[1].lower() not in _ENCODINGS:
        raise ForbiddenContent("a character set other than UTF-8 or Latin-1")
    prefix, envelope = found.groups() if (found := _ENVELOPE.search(beginning)) else (b"", b"Stmt")
    entry, statement = b"<" + prefix + b"Ntry>", b"<" + prefix + _WITHIN[envelope]
    entries = statements = 0
    for piece in _pieces(source):
        _refuse_forbidden(piece)
        entries += piece.count(entry)
        statements += piece.count(statement)
        if statements > 2 * MAX_STATEMENTS:  # each may have one more element whose name begins alike
            raise too_many_statements()
    return entries


def _refuse_forbidden(piece: bytes) -> None:
    if b"\0" in piece:
        raise ForbiddenContent("NUL characters")
    if b"!" in piece:
        for mark, what in ((b"<!DOCTYPE", "a DOCTYPE"), (b"<!ENTITY", "entity declarations")):
            if mark in piece:
                raise ForbiddenContent(what)


def too_many_statements() -> FileTooLarge:
    """Return the refusal of a file with more statements than any bank sends."""
    return FileTooLarge("more statements than any bank sends", f"{MAX_STATEMENTS:,} statements")


def _pieces(source: Source) -> Iterator[bytes]:
    """Yield the bytes in pieces that end where a tag ends, so that no mark is cut in two."""
    rest = b""
    with source.open() as stream:
        while new := stream.read(_PIECE):
            rest += new
            end = rest.rfind(b">") + 1
            if end:
                yield rest[:end]
                rest = rest[end:]
            elif len(rest) > _ENDLESS:
                raise FileTooLarge("a text or a tag that does not end", "8 MB in one piece")
    yield rest


class _Metered:
    """Hands the bytes to the parser, and stops when too much comes without an entry that frees its memory.

    Attributes:
        size: Bytes read since the last entry or statement ended.
        parts: Beginnings of tags and attributes among them.
    """

    __slots__ = ("_done", "_progress", "_stream", "_told", "_whole", "parts", "size")

    def __init__(self, stream: IO[bytes], whole: int, progress: Progress) -> None:
        self._stream = stream
        self._progress, self._whole = progress, whole
        self._done = self._told = self.size = self.parts = 0
        _skip_blank(stream)

    def read(self, size: int) -> bytes:
        """Return the next bytes; raise FileTooLarge where the file is all header or one endless entry."""
        data = self._stream.read(size)
        self.parts += data.count(b"<") + data.count(b"=")
        self.size += len(data)
        if self.parts > _MANY_PARTS or self.size > _ENDLESS:
            raise FileTooLarge("an entry or a header that does not end", "8 MB or 400,000 tags in one entry")
        self._done += len(data)
        if self._done - self._told > self._whole // _TOLD:
            self._told = self._done
            self._progress(Step.READ, self._done, self._whole)
        return data


def _skip_blank(stream: IO[bytes]) -> None:
    """Go to the first character that is no byte order mark, space or line end: XML begins at once."""
    beginning = stream.read(LOOK_AT).removeprefix(BOM)
    stream.seek(stream.tell() - len(beginning.lstrip()))


class Elements:
    """Statements, entries and group headers as they end, of one opened file.

    Whoever takes one says so with `freed` when its memory, and that of all before it, is free again.
    """

    def __init__(self, stream: IO[bytes], whole: int, progress: Progress) -> None:
        self._metered = _Metered(stream, whole, progress)

    def freed(self) -> None:
        """Count anew how much piles up."""
        self._metered.size = self._metered.parts = 0

    def __iter__(self) -> Iterator[_Element]:
        events = etree.iterparse(
            self._metered,
            events=("end",),
            tag=_WATCHED,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            for _, element in events:
                yield element
        except etree.XMLSyntaxError as error:
            raise _damaged(error) from error
        except (etree.LxmlError, LookupError, UnicodeError, ValueError) as error:
            raise MalformedFile("the file", "the XML cannot be read") from error


def _damaged(error: etree.XMLSyntaxError) -> MalformedFile:
    place = f"line {error.lineno or 1}"
    if error.code in _AFTER_THE_END:  # type: ignore[attr-defined]  # the stubs leave it out
        return MalformedFile(place, "another document begins where the first one ends; choose them one by one")
    return MalformedFile(place, "the XML is damaged or cut off")


def check_count(source: Source, counted: int, entries: int) -> None:
    """Refuse a file in which entry tags and entries read differ; where they seem to, count without what is no tag."""
    if counted == entries:
        return
    counted = sum(len(_ENTRY_TAG.findall(piece)) for piece in _spoken(_pieces(source)))
    if counted != entries:
        raise MalformedFile("the file", f"it has {counted} entry tags, but {entries} entries were read")


def _spoken(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Leave out comments and CDATA: what stands in them is no tag."""
    until = b""
    for piece in pieces:
        at = 0
        while at < len(piece):
            if until:
                end = piece.find(until, at)
                at, until = (end + 3, b"") if end >= 0 else (len(piece), until)
                continue
            found = _SILENT.search(piece, at)
            yield piece[at : found.start() if found else None]
            at = found.end() if found else len(piece)
            until = _ends_with(found) if found else b""
    if until:
        raise MalformedFile("the file", "a comment in it does not end, so that its entry tags cannot be counted")


def _ends_with(found: re.Match[bytes]) -> bytes:
    return b"-->" if found[0] == b"<!--" else b"]]>"
