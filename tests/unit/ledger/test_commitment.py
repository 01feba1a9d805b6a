"""Commitments: a frozen vector, and openings that must not open."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.commitment import Opening
from ledger.commitment import Sealed
from ledger.commitment import commit
from ledger.commitment import dump_openings
from ledger.commitment import load_openings
from ledger.commitment import matches
from ledger.commitment import seal
from ledger.errors import MalformedEntry

if TYPE_CHECKING:
    from ledger.canonical import Json

LOG = "buurtkas.example/proef"
BOOK = "foundation/00112233445566aa"
SALT = bytes(range(32)).hex()
OPENING = Opening(SALT, "Bouwmarkt Zon")
COMMITMENT = "2qNRQxvWMyTbLMq19sEtm-nmeOahWtHGoPTZw5Mmn0Q"


def test_the_frozen_commitment_comes_out_again() -> None:
    """A fixed salt and value give the very same commitment, as the formula says it."""
    assert commit(LOG, BOOK, "name", OPENING) == COMMITMENT
    message = f'["buurtkas/commit/1","{LOG}","{BOOK}","name","Bouwmarkt Zon"]'.encode()
    digest = hmac.new(bytes(range(32)), message, hashlib.sha256).digest()
    assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == COMMITMENT


def test_only_the_very_same_opening_opens() -> None:
    """Another log, book, field, salt or value does not open a commitment."""
    assert matches(LOG, BOOK, "name", OPENING, COMMITMENT)
    assert not matches("another.example", BOOK, "name", OPENING, COMMITMENT)
    assert not matches(LOG, "district", "name", OPENING, COMMITMENT)
    assert not matches(LOG, BOOK, "iban", OPENING, COMMITMENT)
    assert not matches(LOG, BOOK, "name", Opening("00" * 32, OPENING.value), COMMITMENT)
    assert not matches(LOG, BOOK, "name", Opening(SALT, None), COMMITMENT)


@pytest.mark.parametrize("salt", ["", "0" * 63, SALT.upper(), SALT + " ", "zz" * 32, None, 5, b"\x00" * 32])
def test_a_salt_has_one_form(salt: object) -> None:
    """A salt of another form opens nothing, and raises nothing."""
    assert not matches(LOG, BOOK, "name", Opening(salt, OPENING.value), COMMITMENT)  # type: ignore[arg-type]  # hostile


@pytest.mark.parametrize("value", [1.5, "\ud800", [["e\u0301"]], 2**60])
def test_a_value_beyond_the_subset_opens_nothing(value: object) -> None:
    """A value to which nothing can be committed raises nothing either."""
    assert not matches(LOG, BOOK, "name", Opening(SALT, value), COMMITMENT)  # type: ignore[arg-type]  # hostile


def test_a_commitment_beyond_ascii_is_opened_by_nothing() -> None:
    """A commitment of another form raises nothing."""
    assert not matches(LOG, BOOK, "name", OPENING, "é" * 43)


def test_every_value_gets_a_salt_of_its_own() -> None:
    """Equal values are hidden behind different commitments, null included."""
    openings = load_openings(seal(LOG, BOOK, {"name": None, "iban": None}).openings)
    assert len({opening.salt_hex for opening in openings.values()}) == 2
    assert len({commit(LOG, BOOK, "name", opening) for opening in openings.values()}) == 2


def test_what_is_sealed_is_opened_by_what_is_kept() -> None:
    """Commitments and kept text belong together, field by field, whatever kind of value it is."""
    values: dict[str, Json] = {"name": "Bouwmarkt Zon", "iban": None, "refs": {"b": 1, "a": [True, "é"]}}
    sealed = seal(LOG, BOOK, values)
    openings = load_openings(sealed.openings)
    assert {name: opening.value for name, opening in openings.items()} == values
    assert all(matches(LOG, BOOK, name, openings[name], sealed.commitments[name]) for name in values)


def test_nothing_is_sealed_where_there_is_nothing() -> None:
    """No values: no commitment and no row."""
    assert seal(LOG, BOOK, {}) == Sealed({}, "")


@given(st.dictionaries(st.text(), st.none() | st.text() | st.lists(st.integers())))
def test_kept_openings_are_read_back(values: dict[str, object]) -> None:
    """What is dumped is loaded, whatever the text."""
    openings = {field: Opening(SALT, value) for field, value in values.items()}  # type: ignore[arg-type]  # any JSON
    assert load_openings(dump_openings(openings)) == openings


@pytest.mark.parametrize(
    "text", ["", "[]", "1", "null", '{"a":1}', '{"a":["x"]}', "[" * 100_000, '{"a":["x",NaN],"a":2}']
)
def test_damaged_openings_are_refused(text: str) -> None:
    """What was not written by us is refused, with one kind of error."""
    with pytest.raises(MalformedEntry, match="private values"):
        load_openings(text)


def test_openings_in_another_spelling_are_refused() -> None:
    """A blank more is a change too."""
    with pytest.raises(MalformedEntry, match="written otherwise"):
        load_openings(dump_openings({"name": OPENING}) + " ")
