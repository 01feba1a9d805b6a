"""Making the public record: the files that `ledger.record` reads, from the database.

What is published together must fit together. Entries and full tiles never change, so only two
files can disagree: the checkpoint says how much of the log is signed, and the disclosures say what
is shown now. A disclosure that rests on an entry which the checkpoint does not cover would look
invented, and one withdrawn after it, suppressed. So the log is signed first and the disclosures
are read before anybody can write again, while the head is locked: they are those of exactly
that checkpoint. Whoever reads a running
site takes the checkpoint before and after the disclosures, and again until the two are equal.

Source: C2SP tlog-tiles.
"""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from ledger import tables
from ledger.checkpoint import open_note
from ledger.database import WRITING
from ledger.errors import DirectoryNotEmpty
from ledger.errors import RecordUnreadable
from ledger.record import WIDTH
from ledger.record import tile_path
from ledger.seal import written
from ledger.sealing import books_at
from ledger.signer import write_durably
from ledger.signing import signed_whole
from ledger.tiles import HEIGHT
from ledger.tiles import hashes

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.installation import Installation

LENGTH_BYTES = 2
LEVELS = 8
"""Tiles of eight levels hold 2^64 entries."""


@dataclass(frozen=True, slots=True)
class Published:
    """A checkpoint, and the disclosures that are shown at exactly its size."""

    checkpoint: str
    size: int
    disclosures: bytes


def publish(installation: Installation) -> Published:
    """Sign what is not yet signed, and return the checkpoint with the disclosures that fit it.

    Raises:
        SignerRefused: The database does not continue what was signed before.
        SignatureLate: The signer's process did not answer.
    """
    with installation.engine.connect().execution_options(**WRITING) as connection, connection.begin():
        size = connection.execute(sa.select(tables.log_head.c.size).with_for_update()).scalar()
        checkpoint = signed_whole(installation, size or 0)
        disclosures = b"".join(disclosure_lines(connection))
    size = open_note(checkpoint, installation.signer.vkey()).size
    return Published(checkpoint, size, disclosures)


def shown(installation: Installation) -> bytes:
    """Return the disclosures for a running site, never ahead of its checkpoint; signs first where need be.

    Raises:
        SignerRefused: The database does not continue what was signed before.
        SignatureLate: The signer's process did not answer.
    """
    newest = installation.signer.newest()
    signed = newest.size if newest else -1
    with installation.store.reading() as connection:
        size = connection.execute(sa.select(tables.log_head.c.size)).scalar_one()
        if size == signed:
            return b"".join(disclosure_lines(connection))
    return publish(installation).disclosures


def entry_bundle(connection: sa.Connection, number: int, width: int = WIDTH) -> bytes:
    """Return the entry bundle with this number: each entry's bytes after their length.

    Args:
        connection: A connection in a transaction.
        number: The bundle's number: it begins with entry 256 * number.
        width: How many entries it holds; fewer than 256 in the last bundle alone.

    Raises:
        RecordUnreadable: The log does not hold so many entries, or there is no such bundle.

    Source: C2SP tlog-tiles, "Log Entries".
    """
    path = tile_path("entries", number, width)
    start = _start(number, width, path)
    entry = tables.entry
    query = sa.select(entry.c.body).where(entry.c.idx >= start, entry.c.idx < start + width).order_by(entry.c.idx)
    bodies = list(connection.execute(query).scalars())
    if len(bodies) != width:
        raise RecordUnreadable(path)
    return b"".join(len(body).to_bytes(LENGTH_BYTES, "big") + body for body in bodies)


def hash_tile(connection: sa.Connection, level: int, number: int, width: int = WIDTH) -> bytes:
    """Return a tile of hashes.

    Args:
        connection: A connection in a transaction.
        level: The tile's level: 0 for the entries' hashes, 1 for the roots over 256 of them, and so on.
        number: The tile's number.
        width: How many hashes it holds; fewer than 256 in a level's last tile alone.

    Raises:
        RecordUnreadable: The log does not hold so many, or there is no such tile.

    Source: C2SP tlog-tiles, "Merkle Tree".
    """
    path = tile_path(str(level), number, width)
    start = _start(number, width, path)
    found = hashes(connection, level * HEIGHT, start, start + width)
    if not 0 <= level < LEVELS or len(found) != width:
        raise RecordUnreadable(path)
    return b"".join(found)


def disclosure_lines(connection: sa.Connection) -> Iterator[bytes]:
    """Yield what is disclosed at this moment, one JSON list a line: book, seq, field, salt, value."""
    table = tables.disclosure
    query = sa.select(table).order_by(table.c.book, table.c.seq, table.c.field)
    for row in connection.execute(query):
        line = [row.book, row.seq, row.field, row.salt, json.loads(row.value)]
        yield json.dumps(line, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def sealed_list(connection: sa.Connection, day: dt.date, size: int) -> bytes:
    """Return the list of books that is published beside the seal of a day.

    Args:
        connection: A connection in a transaction.
        day: The sealed day.
        size: How many entries the checkpoint covers; a seal beyond it is not published yet.

    Raises:
        RecordUnreadable: That day has no published seal.
    """
    seal = tables.seal
    found = connection.execute(sa.select(seal.c.size).where(seal.c.day == day, seal.c.idx < size)).scalar()
    if found is None:
        raise RecordUnreadable(f"seals/{day.isoformat()}")
    return written(next(books_at(connection, found)))


def _seals(connection: sa.Connection, size: int) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of the lists beside the seals, the newest first."""
    seal = tables.seal
    query = sa.select(seal.c.day, seal.c.size).where(seal.c.idx < size).order_by(seal.c.idx.desc())
    seals = connection.execute(query).all()
    for (day, _), books in zip(seals, books_at(connection, *(at for _, at in seals)), strict=True):
        yield f"seals/{day.isoformat()}", written(books)


def export_record(installation: Installation, directory: Path) -> Published:
    """Write the whole public record below a new directory, all of it or nothing.

    Raises:
        DirectoryNotEmpty: There is something in that directory already.
        SignerRefused: The database does not continue what was signed before.
    """
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise DirectoryNotEmpty(directory)
    draft = directory.with_name(f".{directory.name}.new")
    if draft.exists():
        raise DirectoryNotEmpty(draft)
    published = publish(installation)
    (draft / "log").mkdir(parents=True)
    with installation.store.reading() as connection:
        for path, data in itertools.chain(_tiles(connection, published.size), _seals(connection, published.size)):
            _write(draft / "log" / path, data)
    _write(draft / "log" / "disclosures", published.disclosures)
    _write(draft / "log" / "vkey", installation.signer.vkey().text().encode())
    _write(draft / "log" / "checkpoint", published.checkpoint.encode())
    draft.replace(directory)
    return published


def tile_places(size: int) -> Iterator[tuple[int, int, int]]:
    """Yield level, number and width of every tile of hashes of a log of `size` entries."""
    for level in range(LEVELS):
        count = size >> (HEIGHT * level)
        for number in range((count + WIDTH - 1) // WIDTH):
            yield level, number, min(WIDTH, count - number * WIDTH)


def _tiles(connection: sa.Connection, size: int) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of every tile."""
    for level, number, width in tile_places(size):
        yield tile_path(str(level), number, width), hash_tile(connection, level, number, width)
        if level == 0:
            yield tile_path("entries", number, width), entry_bundle(connection, number, width)


def _start(number: int, width: int, path: str) -> int:
    """Return the place that a tile begins at.

    Raises:
        RecordUnreadable: No tile has this number and width.
    """
    if number < 0 or not 0 < width <= WIDTH:
        raise RecordUnreadable(path)
    return number * WIDTH


def _write(path: Path, data: bytes) -> None:
    """Write one file of the record."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_durably(path, data)
