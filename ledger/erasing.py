"""Deleting private values for good, and the journal by which a restored backup forgets them again.

A backup still holds who was erased after it was made. So each erasure is first written into a journal, which lies with
the signer's state and is in no backup; `restore` carries it out once more. The journal says places and names
of fields, never a value.

Source: DESIGN "Erasing a person".
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from ledger import tables
from ledger.commitment import dump_openings
from ledger.commitment import load_openings
from ledger.entry import read_entry
from ledger.errors import SignerRefused
from ledger.rebuild import rebuild

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.canonical import Json
    from ledger.store import Store

JOURNAL = "erasures"
RELEASE = "text released"


@dataclass(frozen=True, slots=True)
class Erasure:
    """Private values of one book that are to be gone.

    Attributes:
        book: Such as ``foundation/00112233445566aa``.
        why: ``retention``, ``request`` or ``order``.
        pairs: Places in the book, and names of fields there.
    """

    book: str
    why: str
    pairs: tuple[tuple[int, str], ...]


def note_erasure(signer_directory: Path, erasure: Erasure) -> None:
    """Write an erasure into the journal, durably, before it is carried out."""
    line = json.dumps([erasure.book, erasure.why, erasure.pairs]).encode() + b"\n"
    handle = os.open(signer_directory / JOURNAL, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def noted_erasures(signer_directory: Path) -> tuple[Erasure, ...]:
    """Return what the journal says; nothing where there is none.

    Raises:
        SignerRefused: The journal cannot be read, so that somebody's values could come back.
    """
    path = signer_directory / JOURNAL
    if not path.exists():
        return ()
    try:
        lines = [json.loads(line) for line in path.read_bytes().splitlines()]
        return tuple(Erasure(book, why, tuple((seq, field) for seq, field in pairs)) for book, why, pairs in lines)
    except (ValueError, TypeError) as error:
        raise SignerRefused("the journal of erasures cannot be read") from error


def erase(store: Store, erasure: Erasure, now: dt.datetime) -> int:
    """Delete what still exists of an erasure, say so in the book, and mask it in the views; return how many values.

    Where the text of a transaction is erased, what was released of it goes too.
    """
    with store.writing(now) as appender:
        pairs = dict.fromkeys((*erasure.pairs, *_released(appender.connection, erasure)))
        present = [pair for pair in pairs if _delete(appender.connection, erasure.book, *pair)]
        if present:
            listed: list[Json] = [[seq, field] for seq, field in present]
            public: dict[str, Json] = {"values": len(present), "why": erasure.why}
            appender.append(store.draft(erasure.book, "erasure", public, {"list": listed}))
    if present:
        rebuild(store)
    return len(present)


def _released(connection: sa.Connection, erasure: Erasure) -> Iterator[tuple[int, str]]:
    """Yield the places of what was released of the texts that an erasure names."""
    texts = {seq for seq, field in erasure.pairs if field == "text"}
    entry = tables.entry
    query = sa.select(entry.c.idx, entry.c.body).where(entry.c.book == erasure.book, entry.c.type == RELEASE)
    for idx, body in connection.execute(query) if texts else ():
        release = read_entry(idx, body)
        if release.integer("transaction") in texts:
            yield release.seq, "shown"


def _delete(connection: sa.Connection, book: str, seq: int, field: str) -> bool:
    """Delete one private value; tell whether it was there."""
    private, entry = tables.private_value, tables.entry
    query = sa.select(private.c.idx, private.c.body).join(entry, entry.c.idx == private.c.idx)
    row = connection.execute(query.where(entry.c.book == book, entry.c.seq == seq)).first()
    openings = load_openings(row.body) if row else {}
    if row is None or openings.pop(field, None) is None:
        return False
    here = private.c.idx == row.idx
    left = sa.update(private).values(body=dump_openings(openings)) if openings else sa.delete(private)
    connection.execute(left.where(here))
    return True
