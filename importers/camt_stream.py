"""A CAMT file's elements, one after the other, safely.

What a bank never writes is refused before the parser sees it; the parser resolves no
entity and fetches nothing; and a file that would pile up in memory is stopped. The
entry tags are counted a second time in the bytes, apart from the parser.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING

from lxml import etree

from importers.errors import FileTooLarge
from importers.errors import ForbiddenContent
from importers.errors import MalformedFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

_WATCHED = ("{*}Ntry", "{*}Stmt", "{*}Rpt", "{*}Ntfctn", "{*}GrpHdr")
_DECLARED = re.compile(rb"""\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_ENCODINGS = frozenset({b"utf-8", b"utf8", b"us-ascii", b"ascii", b"iso-8859-1", b"iso-8859-15", b"windows-1252"})
_ENTRY_TAG = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?Ntry[\s/>]")
_SILENT = re.compile(rb"<!--|<!\[CDATA\[")
_ORDINARY_BYTES = 65_536
_MAX_EXTRA_BYTES = 8 * 1024 * 1024


class _Metered:
    """Hands the bytes to the parser, and stops when too many come without an entry that frees their memory.

    Attributes:
        since: Bytes read since the last entry or statement ended.
    """

    __slots__ = ("_data", "_extra", "since")

    def __init__(self, data: bytes) -> None:
        self._data = BytesIO(data)
        self._extra = 0
        self.since = 0

    def read(self, size: int) -> bytes:
        """Return the next bytes; raise FileTooLarge where the file is all header or one endless entry."""
        if self.since > _ORDINARY_BYTES:
            self._extra += size
        if self._extra > _MAX_EXTRA_BYTES:
            raise FileTooLarge("an entry or a header that does not end", "8 MB outside ordinary entries")
        self.since += size
        return self._data.read(size)


def refuse_forbidden(data: bytes) -> None:
    """Refuse a DOCTYPE, entities and character sets that hide markup.

    Raises:
        ForbiddenContent: The file has one of them.
    """
    for mark, what in ((b"<!DOCTYPE", "a DOCTYPE"), (b"<!ENTITY", "entity declarations")):
        if mark in data:
            raise ForbiddenContent(what)
    declared = _DECLARED.match(data[:1024])
    if declared and declared[1].lower() not in _ENCODINGS:
        raise ForbiddenContent("a character set other than UTF-8 or Latin-1")


def elements(data: bytes) -> Iterator[_Element]:
    """Yield statements, entries and group headers as they end; raise our own error where the XML does not hold."""
    source = _Metered(data)
    events = etree.iterparse(
        source,
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
            source.since = 0
            yield element
    except etree.XMLSyntaxError as error:
        raise MalformedFile(f"line {error.lineno or 1}", "the XML is damaged or cut off") from error
    except (etree.LxmlError, LookupError, UnicodeError, ValueError) as error:
        raise MalformedFile("the file", "the XML cannot be read") from error


def check_count(data: bytes, entries: int) -> None:
    """Count the entry tags in the bytes, apart from the parser, and refuse a file in which they differ."""
    if data.count(b"<Ntry>") == entries:
        return
    counted = len(_ENTRY_TAG.findall(_spoken(data)))
    if counted != entries:
        raise MalformedFile("the file", f"it has {counted} entry tags, but {entries} entries were read")


def _spoken(data: bytes) -> bytes:
    """Leave out comments and CDATA, in one pass: what stands in them is no tag."""
    pieces, at = [], 0
    for found in _SILENT.finditer(data):
        if found.start() < at:
            continue
        end = data.find(b"-->" if found[0] == b"<!--" else b"]]>", found.end())
        if end < 0:
            break
        pieces.append(data[at : found.start()])
        at = end + 3
    return b"".join((*pieces, data[at:]))
