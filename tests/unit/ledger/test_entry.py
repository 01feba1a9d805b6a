"""Entries: their header, their bytes, and that any changed byte is found."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.entry import FIRST_PREV
from ledger.entry import MAX_BYTES
from ledger.entry import Entry
from ledger.entry import foundation_book
from ledger.entry import initiative_book
from ledger.entry import make_entry
from ledger.entry import new_id
from ledger.entry import read_day
from ledger.entry import read_entry
from ledger.entry import signing_hash
from ledger.errors import MalformedEntry
from ledger.header import read_instant
from ledger.header import write_instant

BODY: dict[str, Any] = {
    "v": 1,
    "log": "buurtkas.example/proef",
    "book": "foundation/00112233445566aa",
    "seq": 3,
    "prev": FIRST_PREV,
    "type": "transaction",
    "recorded": "2026-11-23T20:00:00Z",
    "by": ["8899aabbccddeeff"],
    "day": "2026-11-23",
    "none": None,
    "yes": True,
    "words": "x",
    "list": [1],
}
ENTRY = make_entry(7, BODY)
SIGNED: dict[str, Any] = {"by": "8899aabbccddeeff", "key": "5e" * 32, "sig": "5e" * 64}


def test_the_frozen_entry_keeps_its_bytes_and_hash() -> None:
    """The bytes and the hash of an entry never change from one version of the program to the next."""
    body = {name: BODY[name] for name in ("v", "log", "book", "seq", "prev", "type", "recorded", "by")}
    entry = make_entry(0, body)
    assert entry.data.startswith(b'{"book":"foundation/00112233445566aa","by":["8899aabbccddeeff"],"log":')
    assert entry.hash.hex() == "0310fff5e698f931f617ef584a33814511781924dd486a9ccf2fec50fc482c98"


def test_an_entry_tells_what_it_says() -> None:
    """Every header field and every kind of value is read back."""
    entry = read_entry(7, ENTRY.data)
    assert entry == ENTRY
    assert (entry.book, entry.owner, entry.seq, entry.type) == (BODY["book"], "00112233445566aa", 3, "transaction")
    assert entry.recorded_at == dt.datetime(2026, 11, 23, 20, tzinfo=dt.UTC)
    assert entry.by == ["8899aabbccddeeff"]
    assert entry.day("day") == entry.day_or_none("day") == dt.date(2026, 11, 23)
    assert (entry.words_or_none("words"), entry.integer_or_none("seq"), entry.yes("yes")) == ("x", 3, True)
    assert entry.words_or_none("none") is None
    assert entry.integer_or_none("none") is None
    assert entry.day_or_none("none") is None
    assert entry.items("list") == [1]
    assert entry.commitments() == {}
    assert Entry(0, {"commit": {"name": "x"}}, b"", b"").commitments() == {"name": "x"}
    assert Entry(0, {"commit": []}, b"", b"").commitments() == {}


@pytest.mark.parametrize(
    ("read", "name", "what"),
    [
        ("words", "seq", "seq is not text"),
        ("integer", "words", "words is not a whole number"),
        ("items", "words", "words is not a list"),
        ("day", "words", "words is not a day"),
        ("words_or_none", "gone", "gone is missing"),
        ("integer_or_none", "gone", "gone is missing"),
        ("day_or_none", "gone", "gone is missing"),
        ("yes", "gone", "gone is missing"),
    ],
)
def test_a_field_of_another_kind_is_refused(read: str, name: str, what: str) -> None:
    """An entry of another type than expected is told apart, with our own error."""
    with pytest.raises(MalformedEntry, match=what):
        getattr(ENTRY, read)(name)


@given(st.integers(0, len(ENTRY.data) - 1), st.integers(1, 255))
def test_any_changed_byte_is_found(place: int, difference: int) -> None:
    """An entry with one changed byte is either not read at all or has another hash."""
    changed = bytearray(ENTRY.data)
    changed[place] ^= difference
    try:
        entry = read_entry(7, bytes(changed))
    except MalformedEntry:
        return
    assert entry.hash != ENTRY.hash


@given(st.integers(0, len(ENTRY.data)), st.binary(min_size=1, max_size=3))
def test_any_inserted_byte_is_found(place: int, more: bytes) -> None:
    """So has one with bytes put in."""
    changed = ENTRY.data[:place] + more + ENTRY.data[place:]
    try:
        entry = read_entry(7, changed)
    except MalformedEntry:
        return
    assert entry.hash != ENTRY.hash


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("v", 0, "v is not"),
        ("v", 100, "v is not"),
        ("v", True, "v is not"),
        ("v", "1", "v is not"),
        ("log", "", "log is not"),
        ("log", "Jan de Vries", "log is not"),
        ("log", 5, "log is not"),
        ("type", "Jan", "type is not"),
        ("type", "a" * 25, "type is not"),
        ("type", None, "type is not"),
        ("book", "foundation/x", "no such kind of book"),
        ("book", 5, "no such kind of book"),
        ("seq", -1, "seq: "),
        ("prev", "0", "prev: "),
        ("recorded", "2026-11-23 20:00:00", "recorded: "),
        ("recorded", "2026-02-30T20:00:00Z", "no such instant"),
        ("recorded", "2026-11-23T23:59:60Z", "no such instant"),
        ("by", ["Jan"], "by: "),
        ("by", "8899aabbccddeeff", "by: "),
        ("sig", {}, "sig is a list"),
        ("sig", [], "sig is a list"),
        ("sig", [1], "has by, key and sig"),
        ("sig", [{"by": "Jan"}], "has by, key and sig"),
        ("sig", [{**SIGNED, "by": "Jan"}], "16 hex digits"),
    ],
)
def test_a_wrong_header_is_refused(name: str, value: Any, what: str) -> None:  # noqa: ANN401 - hostile on purpose
    """Each header field has one form."""
    with pytest.raises(MalformedEntry, match=what):
        make_entry(0, {**BODY, name: value})


def test_a_missing_header_field_is_refused() -> None:
    """The header is always whole."""
    with pytest.raises(MalformedEntry, match="header field is missing"):
        make_entry(0, {"v": 1})


def test_an_entry_is_not_longer_than_its_length_can_say() -> None:
    """Beyond 65,535 bytes an entry is neither made nor read."""
    room = MAX_BYTES - len(make_entry(0, {**BODY, "text": ""}).data)
    longest = make_entry(0, {**BODY, "text": "x" * room})
    assert len(longest.data) == MAX_BYTES
    with pytest.raises(MalformedEntry, match="split it"):
        make_entry(0, {**BODY, "text": "x" * (room + 1)})
    with pytest.raises(MalformedEntry, match="longer than"):
        read_entry(0, longest.data + b" ")


def test_a_signature_is_over_everything_but_itself() -> None:
    """People sign the body without `sig`."""
    assert signing_hash({**BODY, "sig": [SIGNED]}) == signing_hash(BODY) != signing_hash({**BODY, "seq": 4})
    make_entry(0, {**BODY, "sig": [SIGNED]})


def test_instants_and_days_are_written_in_one_form() -> None:
    """Instants are UTC in whole seconds; a naive one is refused."""
    amsterdam = dt.timezone(dt.timedelta(hours=1))
    assert write_instant(dt.datetime(2026, 11, 23, 21, 0, 0, 5, amsterdam)) == "2026-11-23T20:00:00Z"
    with pytest.raises(MalformedEntry, match="time zone"):
        write_instant(dt.datetime(2026, 11, 23))  # noqa: DTZ001 - naive on purpose
    with pytest.raises(MalformedEntry, match="no such instant"):
        read_instant("x")
    assert read_day("2026-11-23") == dt.date(2026, 11, 23)
    assert read_day(None) is None


def test_books_are_named_by_random_ids() -> None:
    """Ids are fresh and books are named by them."""
    assert new_id() != new_id()
    assert foundation_book("00112233445566aa") == "foundation/00112233445566aa"
    assert initiative_book("00112233445566aa") == "initiative/00112233445566aa"
