"""The signer: it signs what is committed, and never two heads that do not fit.

It runs after a transaction, never inside one: it reads the leaves that came since it last
signed, hashes their bytes again, and refuses a log that is shorter than what it signed
or whose entries do not hash to their leaves. Its own state is on disk before the
checkpoint is published; after a crash in between it publishes the same bytes again.
The log must hold what the state says and what the newest checkpoint says, root and all: a state that was damaged, put
back from a copy or brought from another log signs nothing that does not fit.
It also keeps every leaf that it signed, so that the verifier can name the first altered
entry even where everything after it was linked anew. Its key and state live outside the database and outside backups.

Whoever can read the key signs; whoever cannot, asks the signer's own process and waits for its
checkpoint (`ledger.signing`). Where the signer's directory lies apart from the installation's, everybody on the
machine may read what is public in it, which is all but the key.

Source: DESIGN "The signer"; C2SP tlog-checkpoint.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
from typing import TYPE_CHECKING
from typing import Any

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger import tables
from ledger.checkpoint import Checkpoint
from ledger.checkpoint import VerifierKey
from ledger.checkpoint import open_note
from ledger.checkpoint import sign
from ledger.environment import SIGNER_DIR
from ledger.errors import BadProof
from ledger.errors import BuurtkasError
from ledger.errors import SettingRefused
from ledger.errors import SignerDamaged
from ledger.errors import SignerRefused
from ledger.merkle import HASH_BYTES
from ledger.merkle import Frontier
from ledger.merkle import leaf_hash
from ledger.merkle import root_of
from ledger.tiles import root_of_range

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Sequence
    from pathlib import Path

KEY = "key"
STATE = "state.json"
CHECKPOINT = "checkpoint"
VKEY = "vkey"
LOCK = "lock"
LEAVES = "leaves"
PUBLIC = 0o644
"""Everybody on the machine may read it."""


class Signer:
    """Signs one installation's log.

    Args:
        directory: Where key, state and checkpoint are kept.
        origin: The log's origin, which is also the name of the key.
        apart: The directory lies outside the installation's, with readers of its own.
    """

    def __init__(self, directory: Path, origin: str, *, apart: bool = False) -> None:
        self.directory = directory
        self.origin = origin
        self._mode = PUBLIC if apart else 0o600

    def create(self) -> None:
        """Make a key and an empty state.

        Raises:
            SettingRefused: There is a signer already, that has signed.
        """
        self.directory.mkdir(mode=0o755 if self._mode == PUBLIC else 0o700, parents=True, exist_ok=True)
        if (self.directory / KEY).exists() and self.size():
            raise SettingRefused(SIGNER_DIR, "the signer in that directory signs for another installation")
        key = Ed25519PrivateKey.generate()
        vkey = VerifierKey(self.origin, key.public_key().public_bytes_raw())
        write_durably(self.directory / VKEY, vkey.text().encode(), self._mode)
        write_durably(self.directory / LEAVES, b"", self._mode)
        self._write_state(Frontier())
        write_durably(self.directory / KEY, key.private_bytes_raw())  # last: what breaks off before is made again

    def resume(self, vkey: VerifierKey, leaves: Sequence[bytes]) -> bool:
        """Take up signing with a sealed copy of the key alone; what was signed before are these leaves.

        Returns:
            Whether the key is that of the verifiers; nothing is written where it is not.
        """
        if self._key().public_key().public_bytes_raw() != vkey.public:
            return False
        frontier = Frontier()
        for leaf in leaves:
            frontier.append(leaf)
        write_durably(self.directory / VKEY, vkey.text().encode(), self._mode)
        self._keep_leaves(0, leaves)
        self._write_state(frontier)
        return True

    def has_key(self) -> bool:
        """Say whether this process may sign."""
        return os.access(self.directory / KEY, os.R_OK)

    def vkey(self) -> VerifierKey:
        """Return the key that checkpoints are verified with.

        Raises:
            MalformedNote: It cannot be read.
        """
        return VerifierKey.from_text(_text(self.directory / VKEY) or "")

    def published(self) -> str | None:
        """Return the newest checkpoint as it was published, or None before the first; it may be damaged."""
        return _text(self.directory / CHECKPOINT)

    def newest(self) -> Checkpoint | None:
        """Return what the newest checkpoint says; None before the first, and where it does not hold."""
        note = self.published()
        try:
            return open_note(note, self.vkey()) if note else None
        except BuurtkasError:
            return None

    def size(self) -> int:
        """Return how many entries are signed."""
        return self._read_state().size

    def signed(self) -> Checkpoint:
        """Return the size and root that were signed last, published or not."""
        state = self._read_state()
        return Checkpoint(self.origin, state.size, state.root())

    def signed_leaves(self) -> bytes:
        """Return the leaves that were signed, 32 bytes each; nothing where they do not lead to what was signed."""
        path, state = self.directory / LEAVES, self._read_state()
        leaves = path.read_bytes()[: state.size * HASH_BYTES] if path.exists() else b""
        made = root_of(leaves[at : at + HASH_BYTES] for at in range(0, len(leaves), HASH_BYTES))
        return leaves if made == state.root() else b""

    def sign(self, engine: sa.Engine) -> str:
        """Sign the log as it is now, and publish the checkpoint.

        Raises:
            SignerRefused: The database does not continue what was signed before.
            SignerDamaged: Key or state cannot be used.
        """
        with self._alone():
            frontier, key, newest = self._read_state(), self._checked_key(), self.newest()
            before = Checkpoint(self.origin, frontier.size, frontier.root())
            with engine.connect() as connection, connection.begin():
                _check_continues(connection, before.size, self._last_leaf(before.size))
                size = _size(connection)
                for signed in (before, *((newest,) if newest else ())):
                    _check_holds(connection, size, signed)
                self._keep_leaves(before.size, _extend(connection, frontier, size, newest))
            note = sign(Checkpoint(self.origin, frontier.size, frontier.root()), key, self.origin)
            self._write_state(frontier)
            write_durably(self.directory / CHECKPOINT, note.encode(), self._mode)
            return note

    def _key(self) -> Ed25519PrivateKey:
        """Return the private key."""
        try:
            return Ed25519PrivateKey.from_private_bytes((self.directory / KEY).read_bytes())
        except ValueError as error:
            raise SignerDamaged("the signing key cannot be read") from error

    def _checked_key(self) -> Ed25519PrivateKey:
        """Return the private key, which is that of the verifiers."""
        key = self._key()
        if self.vkey() != VerifierKey(self.origin, key.public_key().public_bytes_raw()):
            raise SignerDamaged("the signing key is not the one that verifiers have")
        return key

    def _read_state(self) -> Frontier:
        """Return the tree of what was last signed."""
        try:
            state = json.loads((self.directory / STATE).read_text())
            return Frontier(state["size"], [bytes.fromhex(node) for node in state["nodes"]])
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError, BadProof) as error:
            raise SignerDamaged("the signer's own state cannot be read") from error

    def _write_state(self, frontier: Frontier) -> None:
        """Keep the tree of what is about to be published."""
        state = {"size": frontier.size, "nodes": [node.hex() for node in frontier.nodes]}
        write_durably(self.directory / STATE, json.dumps(state).encode(), self._mode)

    def _last_leaf(self, size: int) -> bytes:
        """Return the last leaf that was signed; nothing before the first, or where the leaves are lost."""
        path = self.directory / LEAVES
        if size == 0 or not path.exists():
            return b""
        with path.open("rb") as file:
            file.seek((size - 1) * HASH_BYTES)
            leaf = file.read(HASH_BYTES)
        return leaf if len(leaf) == HASH_BYTES else b""

    def _keep_leaves(self, start: int, leaves: Iterable[bytes]) -> None:
        """Write the leaves from a place on, over what a crash or a refusal may have left there; they may be many."""
        handle = os.open(self.directory / LEAVES, os.O_RDWR | os.O_CREAT, self._mode)
        with os.fdopen(handle, "r+b") as file:
            file.seek(start * HASH_BYTES)
            file.writelines(leaves)
            file.truncate()
            file.flush()
            os.fsync(file.fileno())

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the lock that lets one signer work at a time."""
        with (self.directory / LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _check_continues(connection: sa.Connection, size: int, last: bytes) -> None:
    """Refuse a log whose last signed entry is another one: a database put back and written on."""
    if not last:
        return
    column: sa.ColumnElement[Any] = sa.literal_column("body")
    query = sa.select(column).select_from(tables.entry).where(tables.entry.c.idx == size - 1)
    found = connection.execute(query).scalar()
    if isinstance(found, bytes) and leaf_hash(found) != last:
        raise SignerRefused(f"entry {size - 1} of the log is another one than was signed")


def _size(connection: sa.Connection) -> int:
    """Return how many entries the log's head says there are."""
    size = connection.execute(sa.select(tables.log_head.c.size)).scalar()
    if not isinstance(size, int):
        raise SignerRefused("the log's head is missing")
    return size


def _check_holds(connection: sa.Connection, size: int, signed: Checkpoint) -> None:
    """Refuse a log that is shorter than what was signed, or leads to another root there."""
    if size < signed.size:
        raise SignerRefused(f"it holds {size} entries where {signed.size} were signed")
    try:
        root = root_of_range(connection, 0, signed.size)
    except TypeError:  # something that is no hash stands in the place of one
        root = b""
    if root != signed.root:
        raise _other_root(signed)


def _other_root(signed: Checkpoint) -> SignerRefused:
    return SignerRefused(f"its first {signed.size} entries lead to another root than was signed")


def _extend(connection: sa.Connection, frontier: Frontier, size: int, newest: Checkpoint | None) -> Iterator[bytes]:
    """Add the committed leaves that are not yet in the tree, their hashes made again, and yield each.

    Where the tree is as large as the newest checkpoint, which a state put back leaves ahead, it is that checkpoint's.
    """
    entry = tables.entry
    columns: list[sa.ColumnElement[Any]] = [sa.literal_column(name) for name in ("idx", "hash", "body")]
    query = sa.select(*columns).select_from(entry).where(entry.c.idx >= frontier.size).order_by(entry.c.idx)
    for idx, stored, body in connection.execute(query.execution_options(yield_per=1000)):
        leaf = leaf_hash(body) if isinstance(body, bytes) else b""
        if idx != frontier.size or leaf != stored:
            raise SignerRefused(f"entry {frontier.size} of the log is missing or does not hash to its leaf")
        frontier.append(leaf)
        if newest is not None and frontier.size == newest.size and frontier.root() != newest.root:
            raise _other_root(newest)
        yield leaf
    if frontier.size != size:
        raise SignerRefused(f"the log's head says {size} entries, {frontier.size} are there")


def _text(path: Path) -> str | None:
    """Return a file's text, whatever is in it; None where it is not there."""
    try:
        return path.read_text(errors="replace")
    except FileNotFoundError:
        return None


def write_durably(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Replace a file's content so that a crash leaves either the old or the new."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(handle, "wb") as file:
            if mode == PUBLIC:
                os.fchmod(file.fileno(), mode)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    synced(path.parent)


def synced(folder: Path) -> None:
    """Have the disk keep the names in a folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
