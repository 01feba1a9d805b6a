"""The log's inner nodes at every eighth level, and proofs made from them.

A node at level L and place P is the root over the leaves [P * 2^L, (P + 1) * 2^L). Level 0 is
the hashes of the entries themselves; levels 8, 16, ... are kept, so that a proof reads
a few hundred hashes however long the log is, and tiles are ranges of rows.

Source: C2SP tlog-tiles (tiles of 256 hashes); RFC 6962, section 2.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import sqlalchemy as sa

from ledger import tables
from ledger.merkle import Frontier
from ledger.merkle import node_hash
from ledger.merkle import root_of

if TYPE_CHECKING:
    from collections.abc import Callable

HEIGHT = 8
WIDTH = 1 << HEIGHT


class NodeMaker:
    """Makes the kept nodes as a log grows.

    Args:
        size: The log's size at the start.
        read: Gives the hashes of a level, places [start, end), that were there before.
    """

    def __init__(self, size: int, read: Callable[[int, int, int], list[bytes]]) -> None:
        self._size = size
        self._read = read
        self._open: dict[int, list[bytes]] = {}
        self.made: list[dict[str, Any]] = []

    def append(self, leaf: bytes) -> None:
        """Take one more leaf; `made` grows by the rows of the nodes that it completes."""
        level, place, node = 0, self._size, leaf
        while True:
            tile = self._tile(level, place)
            tile.append(node)
            if len(tile) < WIDTH:
                break
            node = root_of(tile)
            self._open[level] = []
            level, place = level + HEIGHT, place >> HEIGHT
            self.made.append({"level": level, "place": place, "hash": node})
        self._size += 1

    def _tile(self, level: int, place: int) -> list[bytes]:
        """Return the hashes so far of the tile that a place lies in."""
        if level not in self._open:
            self._open[level] = self._read(level, place - place % WIDTH, place)
        return self._open[level]


def hashes(connection: sa.Connection, level: int, start: int, end: int) -> list[bytes]:
    """Return the kept hashes of a level, places [start, end)."""
    if start >= end:
        return []
    if level == 0:
        entry = tables.entry
        query = sa.select(entry.c.hash).where(entry.c.idx >= start, entry.c.idx < end).order_by(entry.c.idx)
    else:
        node = tables.log_node
        query = (
            sa.select(node.c.hash)
            .where(node.c.level == level, node.c.place >= start, node.c.place < end)
            .order_by(node.c.place)
        )
    return list(connection.execute(query).scalars())


def subtree_reader(connection: sa.Connection) -> Callable[[int, int], bytes]:
    """Return a function that gives the root over leaves [start, end), for proofs.

    The starts that proofs ask for are multiples of the power of two that covers their range.
    """

    def subtree(start: int, end: int) -> bytes:
        return root_of_range(connection, start, end)

    return subtree


def root_of_range(connection: sa.Connection, start: int, end: int) -> bytes:
    """Return the root over leaves [start, end), reading the highest kept nodes that fit."""
    size = end - start
    level = 0
    while size >> (level + HEIGHT) and start % (1 << (level + HEIGHT)) == 0:
        level += HEIGHT
    if level == 0:
        return root_of(hashes(connection, 0, start, end))
    whole = end >> level << level
    nodes = hashes(connection, level, start >> level, whole >> level)
    if whole == end:
        return root_of(nodes)
    return _join(nodes, root_of_range(connection, whole, end))


def _join(nodes: list[bytes], last: bytes) -> bytes:
    """Return the root over full nodes followed by the root of a shorter rest."""
    frontier = Frontier()
    for node in nodes:
        frontier.append(node)
    root = last
    for left in reversed(frontier.nodes):
        root = node_hash(left, root)
    return root
