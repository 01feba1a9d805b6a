"""The Merkle tree against the certificate-transparency vectors and a naive recursive tree."""

from __future__ import annotations

import hashlib

import pytest

from ledger.errors import BadProof
from ledger.merkle import EMPTY_ROOT
from ledger.merkle import Frontier
from ledger.merkle import consistency_path
from ledger.merkle import inclusion_path
from ledger.merkle import leaf_hash
from ledger.merkle import root_from_path
from ledger.merkle import root_of
from ledger.merkle import verify_consistency

INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
LEAVES = [leaf_hash(bytes.fromhex(text)) for text in INPUTS]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
MOST = 64
MANY = [leaf_hash(bytes([place])) for place in range(MOST)]


def _naive_root(leaves: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + _naive_root(leaves[:k]) + _naive_root(leaves[k:])).digest()


def _subtree(start: int, end: int) -> bytes:
    return _naive_root(MANY[start:end])


def test_an_empty_log_has_the_known_root() -> None:
    """The root over nothing is the hash of nothing."""
    assert root_of([]) == EMPTY_ROOT == Frontier().root()
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("size", range(1, 9))
def test_the_certificate_transparency_vectors_hold(size: int) -> None:
    """The eight known leaves lead to the eight known roots."""
    assert root_of(LEAVES[:size]).hex() == ROOTS[size - 1]


def test_the_known_paths_hold() -> None:
    """The reference implementation's inclusion and consistency proofs come out."""
    path = inclusion_path(0, 8, lambda start, end: root_of(LEAVES[start:end]))
    assert [node.hex() for node in path] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    path = consistency_path(6, 8, lambda start, end: root_of(LEAVES[start:end]))
    assert [node.hex() for node in path] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@pytest.mark.parametrize("size", range(1, MOST + 1))
def test_every_inclusion_proof_leads_to_the_root(size: int) -> None:
    """For every log and leaf the path leads to the naive root, and no shorter or longer one does."""
    root = _naive_root(MANY[:size])
    assert root_of(MANY[:size]) == root
    for index in range(size):
        path = inclusion_path(index, size, _subtree)
        assert root_from_path(MANY[index], index, size, path) == root
        with pytest.raises(BadProof, match="too long"):
            root_from_path(MANY[index], index, size, [*path, EMPTY_ROOT])
        if path:
            assert root_from_path(EMPTY_ROOT, index, size, path) != root
            with pytest.raises(BadProof, match="too short"):
                root_from_path(MANY[index], index, size, path[:-1])


@pytest.mark.parametrize("new", range(1, MOST + 1))
def test_every_consistency_proof_holds_and_no_altered_one(new: int) -> None:
    """For every two sizes the proof holds; with a node changed, taken away or added it does not."""
    after = _naive_root(MANY[:new])
    for old in range(1, new + 1):
        before = _naive_root(MANY[:old])
        path = consistency_path(old, new, _subtree)
        verify_consistency(old, new, before, after, path)
        damaged = [[*path, EMPTY_ROOT], path[:-1]] if path else [[EMPTY_ROOT]]
        damaged += [[*path[:place], EMPTY_ROOT, *path[place + 1 :]] for place in range(len(path))]
        for wrong in damaged:
            with pytest.raises(BadProof, match="proof does not hold"):
                verify_consistency(old, new, before, after, wrong)
        with pytest.raises(BadProof, match="proof does not hold"):
            verify_consistency(old, new, EMPTY_ROOT, after, path)


def test_an_empty_proof_between_sizes_is_refused() -> None:
    """A proof without nodes cannot tie together two sizes that are no powers of two."""
    with pytest.raises(BadProof, match="too short"):
        verify_consistency(3, 5, EMPTY_ROOT, EMPTY_ROOT, [])


@pytest.mark.parametrize(("old", "new"), [(0, 1), (2, 1), (-1, 1)])
def test_sizes_that_do_not_fit_are_refused(old: int, new: int) -> None:
    """An empty or larger old log has no consistency proof."""
    with pytest.raises(BadProof, match="empty or larger"):
        consistency_path(old, new, _subtree)
    with pytest.raises(BadProof, match="empty or larger"):
        verify_consistency(old, new, EMPTY_ROOT, EMPTY_ROOT, [])


@pytest.mark.parametrize("index", [-1, 3])
def test_a_leaf_outside_the_log_has_no_proof(index: int) -> None:
    """Places below nought or beyond the end are refused."""
    with pytest.raises(BadProof, match="outside"):
        inclusion_path(index, 3, _subtree)
    with pytest.raises(BadProof, match="outside"):
        root_from_path(EMPTY_ROOT, index, 3, [])


def test_a_frontier_needs_a_node_for_each_bit() -> None:
    """A frontier whose nodes do not fit its size is refused."""
    with pytest.raises(BadProof, match="one node for each set bit"):
        Frontier(3, [EMPTY_ROOT])
