"""Holding a restored log against the newest checkpoint that anybody knows.

A backup is older than what was signed after it. Whoever writes on from there under the same key signs a second
history, and two signed heads that do not fit are proof of tampering. So a log is taken up again only where it
holds at least what is known to be signed, and holds the same.

Source: DESIGN "The signer"; RFC 6962, section 2.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import sqlalchemy as sa

from dashboards.work.errors import RestoreRefused
from ledger import tables
from ledger.checkpoint import open_note
from ledger.errors import RecordUnreadable
from ledger.merkle import HASH_BYTES
from ledger.merkle import root_of
from ledger.record import PublishedRecord

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence

    from ledger.checkpoint import Checkpoint
    from ledger.checkpoint import VerifierKey

NEWER = (
    "The log in this backup holds {size} entries, and {signed} were signed. Find a newer backup, or the database. "
    "If what is missing is lost for good, repeat this with --accept-loss REASON --new-key: the loss is then written "
    "into the book for everybody to read."
)
OTHER = "The log in this backup is another one than was signed. Do not go on: compare with the public record first."


@dataclass(frozen=True, slots=True)
class Taken:
    """What of the signed log a backup holds.

    Attributes:
        size: How many entries the backup holds.
        leaves: Their hashes.
        signed: The newest checkpoint known; None where nothing was ever signed.
    """

    size: int
    leaves: Sequence[bytes]
    signed: Checkpoint | None

    @property
    def lost(self) -> int:
        """Return how many signed entries are not in the backup."""
        return max(0, self.signed.size - self.size) if self.signed else 0


def fetch_checkpoint(where: str, vkey: VerifierKey) -> Checkpoint:
    """Return the checkpoint in a file, an export, or at the address of a mirror or a running site.

    Raises:
        RecordUnreadable: There is none.
        MalformedNote: It cannot be read, or another key signed it.
        BadSignature: Its signature does not hold.
    """
    path = Path(where)
    if path.is_file():
        note = path.read_text(errors="replace")
    else:
        note = PublishedRecord(where.removesuffix("/").removesuffix("/log/checkpoint")).checkpoint() or ""
    if not note:
        raise RecordUnreadable(where)
    return open_note(note, vkey)


def reconcile(connection: sa.Connection, known: Iterable[Checkpoint], leaves: bytes, *, lossy: bool) -> Taken:
    """Hold a log against checkpoints.

    Args:
        connection: On the restored database.
        known: Every checkpoint that anybody knows of.
        leaves: What the signer kept of the leaves it signed, where that is at hand.
        lossy: A log that lacks signed entries is taken all the same.

    Raises:
        RestoreRefused: The log lacks signed entries, or holds others.
    """
    known = tuple(known)
    hashes = [bytes(row.hash) for row in connection.execute(_hashes())]
    newest = max(known, key=lambda checkpoint: checkpoint.size, default=None)
    covered = [checkpoint for checkpoint in known if checkpoint.size <= len(hashes)]
    if any(root_of(hashes[: checkpoint.size]) != checkpoint.root for checkpoint in covered):
        raise RestoreRefused(OTHER)
    taken = Taken(len(hashes), hashes, newest)
    if taken.lost and leaves and leaves[: taken.size * HASH_BYTES] != b"".join(hashes):
        raise RestoreRefused(OTHER)
    if newest is not None and taken.lost and not lossy:
        raise RestoreRefused(NEWER.format(size=taken.size, signed=newest.size))
    return taken


def _hashes() -> sa.Select[Any]:
    """Select the leaves in the order of the log."""
    return sa.select(tables.entry.c.hash).order_by(tables.entry.c.idx)
