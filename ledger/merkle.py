"""The Merkle tree of RFC 6962 over leaf hashes, as pure functions.

A leaf is already a hash, SHA-256(0x00 || bytes); a node is SHA-256(0x01 || left || right).
`Frontier` keeps the roots of the perfect subtrees of a growing log, largest first, so
that a root costs O(log n) whatever the log's size.

Source: RFC 6962, section 2.1; verification: RFC 9162, sections 2.1.3.2 and 2.1.4.2.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from ledger.errors import BadProof

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Sequence

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of an entry's bytes: its leaf, and the next entry's `prev`."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """The perfect subtrees of a log of `size` leaves; grows by one leaf at a time."""

    __slots__ = ("nodes", "size")

    def __init__(self, size: int = 0, nodes: Iterable[bytes] = ()) -> None:
        self.size = size
        self.nodes = list(nodes)
        if len(self.nodes) != size.bit_count():
            raise BadProof("a frontier has one node for each set bit of its size")

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash."""
        size, node = self.size, leaf
        while size & 1:
            node = node_hash(self.nodes.pop(), node)
            size >>= 1
        self.nodes.append(node)
        self.size += 1

    def root(self) -> bytes:
        """Return the root over all leaves so far."""
        if not self.nodes:
            return EMPTY_ROOT
        node = self.nodes[-1]
        for left in reversed(self.nodes[:-1]):
            node = node_hash(left, node)
        return node


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Return the root over leaf hashes."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


def _split(size: int) -> int:
    """Return the largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def inclusion_path(index: int, size: int, subtree: Callable[[int, int], bytes]) -> list[bytes]:
    """Return the audit path of a leaf, from the leaf upward.

    Args:
        index: The leaf's place, from 0.
        size: The size of the log that the proof is for.
        subtree: Gives the root over leaves [start, end).

    Source: RFC 6962, section 2.1.1.
    """
    if not 0 <= index < size:
        raise BadProof("the leaf lies outside the log")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(subtree(middle, end))
            end = middle
        else:
            path.append(subtree(start, middle))
            start = middle
    return path[::-1]


def root_from_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """Return the root that a leaf and its audit path lead to.

    Raises:
        BadProof: The path has another length than that place in that log asks for.
    """
    if not 0 <= index < size:
        raise BadProof("the leaf lies outside the log")
    node, place, last = leaf, index, size - 1
    for sibling in path:
        if last == 0:
            raise BadProof("the path is too long")
        if place & 1 or place == last:
            node = node_hash(sibling, node)
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        else:
            node = node_hash(node, sibling)
        place >>= 1
        last >>= 1
    if last:
        raise BadProof("the path is too short")
    return node


def consistency_path(old: int, new: int, subtree: Callable[[int, int], bytes]) -> list[bytes]:
    """Return the proof that the log of `new` leaves continues the one of `old` leaves.

    Source: RFC 6962, section 2.1.2. An empty old log is the caller's business.
    """
    if not 0 < old <= new:
        raise BadProof("the old log is empty or larger than the new one")
    path: list[bytes] = []
    start, end, whole = 0, new, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(subtree(middle, end))
            end = middle
        else:
            path.append(subtree(start, middle))
            start, whole = middle, False
    if not whole:
        path.append(subtree(start, end))
    return path[::-1]


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> None:
    """Check that the new root continues the old one.

    Raises:
        BadProof: It does not, or the path has the wrong length.

    Source: RFC 9162, section 2.1.4.2.
    """
    if not 0 < old <= new:
        raise BadProof("the old log is empty or larger than the new one")
    if old == new:
        if path or old_root != new_root:
            raise BadProof("two roots for one size")
        return
    nodes = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not nodes:
        raise BadProof("the path is too short")
    if _roots_from_path(old, new, nodes) != (old_root, new_root):
        raise BadProof("the new log does not continue the old one")


def _roots_from_path(old: int, new: int, nodes: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Return the old and the new root that a consistency proof leads to."""
    place, last = old - 1, new - 1
    while place & 1:
        place >>= 1
        last >>= 1
    before = after = nodes[0]
    for node in nodes[1:]:
        if last == 0:
            raise BadProof("the path is too long")
        if place & 1 or place == last:
            before, after = node_hash(node, before), node_hash(node, after)
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        else:
            after = node_hash(after, node)
        place >>= 1
        last >>= 1
    if last:
        raise BadProof("the path is too short")
    return before, after
