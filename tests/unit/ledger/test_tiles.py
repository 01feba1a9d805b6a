"""The kept nodes: the same roots and proofs as from all leaves, at every size."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from ledger import tables
from ledger.merkle import inclusion_path
from ledger.merkle import leaf_hash
from ledger.merkle import root_from_path
from ledger.merkle import root_of
from ledger.tiles import NodeMaker
from ledger.tiles import hashes
from ledger.tiles import root_of_range
from ledger.tiles import subtree_reader

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZE = 2 * 65_536 + 3 * 256 + 7
LEAVES = [leaf_hash(place.to_bytes(4, "big")) for place in range(SIZE)]


@pytest.fixture(scope="module")
def connection() -> Iterator[sa.Connection]:
    engine = sa.create_engine("sqlite://")
    tables.metadata.create_all(engine, [tables.entry, tables.log_node])
    maker = NodeMaker(0, lambda _level, _start, _end: [])
    rows = []
    for place, leaf in enumerate(LEAVES):
        maker.append(leaf)
        rows.append({"idx": place, "book": "district", "seq": place, "type": "run", "hash": leaf, "body": b""})
    with engine.connect() as connection:
        connection.execute(sa.insert(tables.entry), rows)
        connection.execute(sa.insert(tables.log_node), maker.made)
        yield connection
    engine.dispose()


def test_only_every_eighth_level_is_kept(connection: sa.Connection) -> None:
    """A long log keeps one node for 256 entries and one for 65,536."""
    query = sa.select(tables.log_node.c.level, sa.func.count()).group_by(tables.log_node.c.level)
    assert dict(connection.execute(query).all()) == {8: SIZE // 256, 16: SIZE // 65_536}


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 131_072, SIZE])
def test_the_root_comes_out_of_the_kept_nodes(connection: sa.Connection, size: int) -> None:
    """At every size the root is the same as over all leaves."""
    assert root_of_range(connection, 0, size) == root_of(LEAVES[:size])


def test_proofs_come_out_of_the_kept_nodes(connection: sa.Connection) -> None:
    """Audit paths made from kept nodes lead to the root, wherever the leaf stands."""
    rng = random.Random(5)
    for _ in range(60):
        size = rng.randint(1, SIZE)
        index = rng.randrange(size)
        path = inclusion_path(index, size, subtree_reader(connection))
        assert root_from_path(LEAVES[index], index, size, path) == root_of_range(connection, 0, size)


def test_nodes_go_on_where_an_earlier_transaction_stopped() -> None:
    """A maker that begins in the middle reads what is there, and makes the same nodes."""
    whole = NodeMaker(0, lambda _level, _start, _end: [])
    for leaf in LEAVES[:70_000]:
        whole.append(leaf)
    nodes = {(row["level"], row["place"]): row["hash"] for row in whole.made}

    def read(level: int, start: int, end: int) -> list[bytes]:
        return LEAVES[start:end] if level == 0 else [nodes[level, place] for place in range(start, end)]

    rest = NodeMaker(65_300, read)
    for leaf in LEAVES[65_300:70_000]:
        rest.append(leaf)
    assert rest.made == [row for row in whole.made if (row["place"] + 1) << row["level"] > 65_300]


def test_an_empty_range_has_no_hashes(connection: sa.Connection) -> None:
    """Nothing is read where nothing is asked."""
    assert hashes(connection, 0, 5, 5) == []
