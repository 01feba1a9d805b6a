"""What a long file would do, kept beside its draft, so that each page need not read the file again.

It is private, lies in `uploads/` of the installation, and is only a copy: where it is missing, damaged, written by
another version, or the foundation's book has grown since, the file is read again. Its lines are read in pieces,
so that a page of a long file costs what the page shows.
"""

from __future__ import annotations

import datetime as dt
import marshal
import os
import struct
from collections.abc import Sequence
from dataclasses import fields
from importlib.metadata import version
from itertools import islice
from typing import IO
from typing import TYPE_CHECKING
from typing import Any
from typing import overload

import sqlalchemy as sa

from dashboards.work.statements import PREVIEWS
from dashboards.work.statements import LinePreview
from dashboards.work.statements import Preview
from dashboards.work.statements import StatementPreview
from importers.statement import Problem
from ledger import tables
from ledger.entry import foundation_book

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Iterable
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.installation import Installation

FOLDER = "uploads"
PIECE = 100
"""Lines that are read at once."""
END = struct.Struct(">Q")
FIELDS = tuple(field.name for field in fields(StatementPreview) if field.name != "lines")


def place_of(installation: Installation, draft: str, ending: str = "preview") -> Path:
    """Return where something that belongs to a draft lies; its folder is there."""
    folder = installation.directory / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{draft}.{ending}"


def book_length(connection: sa.Connection, foundation: str) -> int:
    """Return how long a foundation's book is: what a preview says holds as long as this stays."""
    table = tables.book_head
    query = sa.select(table.c.length).where(table.c.book == foundation_book(foundation))
    return connection.execute(query).scalar() or 0


def keep_preview(installation: Installation, draft: str, shown: Preview, length: int) -> None:
    """Keep what a file would do.

    Args:
        length: How long the foundation's book was before it was worked out.
    """
    place = place_of(installation, draft)
    new = place.with_suffix(".new")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as file:
        statements = [(_plain(one), list(_write_lines(file, one.lines))) for one in shown.statements]
        start = file.tell()
        file.write(marshal.dumps((_written_by(), length, shown.confirms, statements)))
        file.write(END.pack(start))
        file.flush()
        os.fsync(handle)
    new.replace(place)


def kept_preview(installation: Installation, draft: str, length: int) -> Preview | None:
    """Return what was kept; None where it is not there, or does not hold any more.

    Args:
        length: How long the foundation's book is.
    """
    place = place_of(installation, draft)
    try:
        with place.open("rb") as file:
            file.seek(-END.size, os.SEEK_END)
            (start,) = END.unpack(file.read())
            file.seek(start)
            by, at, confirms, statements = marshal.load(file)  # noqa: S302 - our own private file
            if (by, at) != (_written_by(), length):
                return None
            shown = tuple(_statement(place, plain, pieces) for plain, pieces in statements)
            return Preview(shown, confirms)
    except (OSError, ValueError, EOFError, TypeError, struct.error):
        return None


def forget_preview(installation: Installation, draft: str) -> None:
    """Drop what was kept of a draft."""
    for ending in ("preview", "new", "lock"):
        place_of(installation, draft, ending).unlink(missing_ok=True)


def forget_others(installation: Installation, drafts: Collection[str]) -> None:
    """Drop what was kept of drafts that are none any more."""
    for path in (installation.directory / FOLDER).glob("*"):
        if path.stem not in drafts:
            path.unlink(missing_ok=True)


class KeptLines(Sequence[LinePreview]):
    """Lines that lie in a file, of which no more is read than is asked for.

    Args:
        pieces: Where the pieces lie: (place, bytes, lines).
    """

    def __init__(self, place: Path, pieces: Sequence[tuple[int, int, int]]) -> None:
        self._place = place
        self._pieces = pieces

    def __len__(self) -> int:
        return sum(lines for _, _, lines in self._pieces)

    def __iter__(self) -> Iterator[LinePreview]:
        return self._from(0)

    @overload
    def __getitem__(self, place: int) -> LinePreview: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[LinePreview]: ...
    def __getitem__(self, place: int | slice) -> LinePreview | Sequence[LinePreview]:
        if isinstance(place, slice):
            wanted = range(len(self))[place]
            return tuple(islice(self._from(wanted.start), 0, max(wanted.stop - wanted.start, 0), wanted.step))
        return next(self._from(range(len(self))[place]))

    def _from(self, start: int) -> Iterator[LinePreview]:
        """Yield the lines from a place on."""
        with self._place.open("rb") as file:
            for place, size, lines in self._pieces:
                if start < lines:
                    file.seek(place)
                    plain = marshal.loads(file.read(size))  # noqa: S302 - our own private file
                    yield from map(PREVIEWS.unpack, plain[start:])
                start = max(start - lines, 0)


def _written_by() -> tuple[str, int]:
    """Return what must be the same to read again what was written."""
    return version("buurtkas"), marshal.version


def _write_lines(file: IO[bytes], lines: Iterable[LinePreview]) -> Iterator[tuple[int, int, int]]:
    """Write lines in pieces, and yield where each piece lies."""
    rest = iter(lines)
    while piece := [PREVIEWS.pack(line) for line in islice(rest, PIECE)]:
        data = marshal.dumps(piece)
        yield file.tell(), len(data), len(piece)
        file.write(data)


def _plain(statement: StatementPreview) -> list[Any]:
    """Return a statement in plain values, without its lines."""
    return [_write(getattr(statement, name)) for name in FIELDS]


def _statement(place: Path, plain: list[Any], pieces: list[tuple[int, int, int]]) -> StatementPreview:
    """Return the statement that `_plain` made plain."""
    values = {name: _read(value) for name, value in zip(FIELDS, plain, strict=True)}
    return StatementPreview(lines=KeptLines(place, pieces), **values)


def _write(value: Any) -> Any:  # noqa: ANN401 - whatever a statement holds
    """Return a value in plain ones: days and problems are marked."""
    if isinstance(value, dt.date):
        return ("day", value.toordinal())
    if isinstance(value, tuple):
        return ("problems", [(problem.code, problem.text) for problem in value])
    return value


def _read(value: Any) -> Any:  # noqa: ANN401 - see above
    """Return the value that `_write` made plain."""
    match value:
        case ("day", int(ordinal)):
            return dt.date.fromordinal(ordinal)
        case ("problems", problems):
            return tuple(Problem(code, text) for code, text in problems)
    return value
