"""The proof of one entry: its exact bytes, and the way from its hash to the newest signed root.

An entry beyond the newest checkpoint has no proof yet. Bytes that no longer lead to the signed root
have none either: a proof that does not hold is never shown as one.

Source: RFC 6962, section 2.1.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from dashboards.pages.transaction import Proof
from ledger import tables
from ledger.checkpoint import open_note
from ledger.entry import read_entry
from ledger.errors import BuurtkasError
from ledger.merkle import inclusion_path
from ledger.merkle import root_from_path
from ledger.tiles import subtree_reader

if TYPE_CHECKING:
    from ledger.checkpoint import Checkpoint
    from ledger.entry import Entry
    from ledger.installation import Installation


@dataclass(frozen=True, slots=True)
class Signed:
    """The newest checkpoint: what it says, and the note as published."""

    checkpoint: Checkpoint
    note: str


@dataclass(frozen=True, slots=True)
class Included:
    """An entry with its way up."""

    entry: Entry
    path: tuple[bytes, ...]


def newest_signed(installation: Installation) -> Signed | None:
    """Return the newest checkpoint; None before the first, and where it does not hold: the check names that."""
    note = installation.signer.published()
    try:
        return Signed(open_note(note, installation.signer.vkey()), note) if note else None
    except BuurtkasError:
        return None


def include(connection: sa.Connection, signed: Signed | None, idx: int) -> Included | None:
    """Return an entry and its way up to a signed root; None where it is not signed yet, or does not lead there."""
    if signed is None or idx >= signed.checkpoint.size:
        return None
    entry = entry_at(connection, idx)
    path = tuple(inclusion_path(idx, signed.checkpoint.size, subtree_reader(connection)))
    if entry is None or root_from_path(entry.hash, idx, signed.checkpoint.size, path) != signed.checkpoint.root:
        return None
    return Included(entry, path)


def prove(connection: sa.Connection, signed: Signed | None, idx: int) -> Proof | None:
    """Return what a page shows as an entry's proof; None where there is none."""
    included = include(connection, signed, idx)
    if signed is None or included is None:
        return None
    entry = included.entry
    return Proof(
        book=entry.book,
        seq=entry.seq,
        index=idx,
        size=signed.checkpoint.size,
        entry_text=entry.data.decode(),
        entry_hash_hex=entry.hash.hex(),
        prev_hash_hex=entry.words("prev"),
        path_hex=tuple(step.hex() for step in included.path),
        root_hex=signed.checkpoint.root.hex(),
        checkpoint=signed.note,
    )


def entry_at(connection: sa.Connection, idx: int) -> Entry | None:
    """Return the entry at a place in the log; None where it is missing or altered so that it is none."""
    table = tables.entry
    body = connection.execute(sa.select(table.c.body).where(table.c.idx == idx)).scalar()
    try:
        return read_entry(idx, body) if isinstance(body, bytes) else None
    except BuurtkasError:
        return None
