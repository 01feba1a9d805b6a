"""The canonical bytes: RFC 8785's vectors within the subset, and a comparison with another implementation."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from ledger.canonical import MAX_DEPTH
from ledger.canonical import MAX_INTEGER
from ledger.canonical import canonical
from ledger.canonical import parse
from ledger.errors import MalformedEntry

if TYPE_CHECKING:
    from ledger.canonical import Json

NFC = st.text(st.characters(exclude_categories=["Cs"])).map(lambda text: unicodedata.normalize("NFC", text))
LEAVES = st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | NFC
KEYS = st.text(st.characters(max_codepoint=127))
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4))


def test_the_escapes_are_those_of_the_rfc() -> None:
    """RFC 8785 section 3.2.2.2: short escapes, lower-case hex, and nothing else escaped."""
    text = '€$\u000f\nA\'B"\\\\"/'
    assert canonical(text) == b'"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'


def test_the_rfcs_literals_and_sorting_are_kept() -> None:
    """RFC 8785 section 3.2.2 and 3.2.3 within the subset: literals, and members sorted."""
    value: dict[str, Json] = {"literals": [None, True, False], "1": "One", "\r": "Return", "": "empty", "b": {}}
    expected = b'{"":"empty","\\r":"Return","1":"One","b":{},"literals":[null,true,false]}'
    assert canonical(value) == expected


@given(VALUES)
def test_another_implementation_gives_the_same_bytes(value: object) -> None:
    """The rfc8785 package and ours agree on everything that the subset holds."""
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]  # any value of the subset


@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_canonical_bytes_are_read_back_as_what_was_written(value: dict[str, object]) -> None:
    """Parsing undoes writing."""
    assert parse(canonical(value)) == value  # type: ignore[arg-type]  # any value of the subset


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (1.0, "type float"),
        (float("nan"), "type float"),
        (2**53, "2\\^53"),
        (-(2**53), "2\\^53"),
        ("e\u0301", "NFC"),
        ("\ud800", "not Unicode"),
        ({"é": 1}, "not ASCII"),
        ({1: 1}, "not ASCII"),
        ((1,), "type tuple"),
        (b"", "type bytes"),
    ],
)
def test_what_the_subset_leaves_out_is_not_written(value: object, what: str) -> None:
    """Floats, large integers, other keys, other text and other types are refused."""
    with pytest.raises(MalformedEntry, match=what):
        canonical([value])  # type: ignore[list-item]  # hostile on purpose


def test_deep_nesting_is_refused() -> None:
    """A value may be nested as deeply as allowed, and no deeper."""
    value: list[object] = []
    for _ in range(MAX_DEPTH - 1):
        value = [value]
    canonical(value)  # type: ignore[arg-type]  # a list of lists
    with pytest.raises(MalformedEntry, match="too deeply"):
        canonical([value])  # type: ignore[list-item]  # a list of lists


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "not JSON"),
        (b"\xff", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"a":' + b"9" * 5000 + b"}", "not JSON"),
        (b"[]", "not an object"),
        (b'{"a":1,"a":1}', "stands twice"),
        (b'{"a":1.0}', "not an integer"),
        (b'{"a":1e3}', "not an integer"),
        (b'{"a":NaN}', "not an integer"),
        (b'{"a":-Infinity}', "not an integer"),
        (b'{"a":-0}', "canonical"),
        (b'{"a": 1}', "canonical"),
        (b'{"b":1,"a":1}', "canonical"),
        (b'{"a":"\\u0041"}', "canonical"),
        (b'{"a":"\\/"}', "canonical"),
        (b'{"a":"\\ud800"}', "not Unicode"),
        (b'\xef\xbb\xbf{"a":1}', "not JSON"),
        (b'{"a":1}\n', "canonical"),
    ],
)
def test_other_bytes_are_refused(data: bytes, what: str) -> None:
    """Only the one canonical form of an object is read."""
    with pytest.raises(MalformedEntry, match=what):
        parse(data)
