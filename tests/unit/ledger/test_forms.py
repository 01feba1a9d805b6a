"""The short cut never lets through what reading step by step would refuse."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.canonical import canonical
from ledger.commitment import seal
from ledger.entries import all_types
from ledger.entries import known_type
from ledger.entry import FIRST_PREV
from ledger.entry import make_entry
from ledger.entry import read_entry
from ledger.fields import Text
from ledger.forms import NOTHING
from ledger.forms import form_of
from ledger.forms import quick_entry
from ledger.forms import quick_making

if TYPE_CHECKING:
    from ledger.canonical import Json
    from ledger.entry import EntryType

LOG = "buurtkas.example/proef"
ID = "00112233445566aa"
TYPES = all_types()
TRANSACTION = next(type_ for type_ in TYPES if type_.name == "transaction")


def _body(type_: EntryType, book: str = "") -> dict[str, Json]:
    kind = book or type_.books[0]
    name = kind if kind == "district" else f"{kind}/{ID}"
    body: dict[str, Json] = {
        "v": type_.version,
        "log": LOG,
        "book": name,
        "seq": 0,
        "prev": FIRST_PREV,
        "type": type_.name,
        "recorded": "2026-11-23T20:00:00Z",
        "by": [ID, ID[::-1]],
        **type_.example.public,
    }
    if type_.committed:
        body["commit"] = dict(seal(LOG, name, type_.example.private).commitments)
    return body


def _holds(data: bytes) -> bool:
    """Tell whether the short cut takes bytes; whatever it takes must be in order, and read alike."""
    quick = quick_entry(7, data)
    if quick is None:
        return False
    entry = read_entry(7, data)
    type_ = known_type(entry.body)
    assert type_ is not None
    type_.check(entry.body)
    assert quick == entry
    return True


@pytest.mark.parametrize("type_", TYPES, ids=lambda type_: type_.name)
def test_every_types_example_takes_the_short_cut(type_: EntryType) -> None:
    """In each kind of book that it may stand in."""
    assert all(_holds(canonical(_body(type_, book))) for book in type_.books)
    assert NOTHING not in form_of(type_)


@given(st.data())
def test_bytes_changed_at_random_never_slip_through(data: st.DataObject) -> None:
    """Some bytes of an entry of any type exchanged, doubled or left out."""
    written = canonical(_body(data.draw(st.sampled_from(TYPES))))
    start = data.draw(st.integers(0, len(written)))
    end = data.draw(st.integers(start, min(start + 3, len(written))))
    inside = data.draw(st.binary(max_size=3) | st.sampled_from([written[start:end] * 2, b"null", b"-", b"0", b"[]"]))
    _holds(written[:start] + inside + written[end:])


@given(st.integers(-(2**54), 2**54), st.dates().map(str) | st.sampled_from(["2026-02-29", "2026-04-31", "0000-01-01"]))
def test_amounts_and_days_at_the_edge_never_slip_through(amount: int, day: str) -> None:
    """Only days that exist and amounts that a verifier's integers hold."""
    body = {**_body(TRANSACTION), "amount": 0, "booked_on": day, "recorded": f"{day}T20:00:00Z"}
    data = canonical(body).replace(b'"amount":0', b'"amount":%d' % amount)
    _holds(data)


@pytest.mark.parametrize(
    "changes",
    [
        {"booked_on": "2028-02-29"},
        {"amount": 10**15},
        {"sig": [{"by": ID, "key": "5e" * 32, "sig": "5e" * 64}]},
    ],
)
def test_what_has_no_simple_form_is_read_step_by_step(changes: dict[str, Json]) -> None:
    """A leap day, a very large amount and a signed entry are in order all the same."""
    data = canonical({**_body(TRANSACTION), **changes})
    assert quick_entry(7, data) is None
    entry = read_entry(7, data)
    TRANSACTION.check(entry.body)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"[]",
        b"5",
        b"{}",
        b"[" * 100_000,
        b'{"book":1,"type":"x","v":1}',
        b'{"book":"district","type":[],"v":1}',
    ],
)
def test_what_is_no_entry_has_no_form(data: bytes) -> None:
    """Hostile bytes raise nothing."""
    assert quick_entry(0, data) is None


def test_a_type_that_is_not_known_has_no_form() -> None:
    """A newer program's entries are read step by step."""
    assert quick_entry(0, canonical({**_body(TRANSACTION), "type": "something new"})) is None


def test_an_entry_that_is_too_long_has_no_form() -> None:
    """However well it is formed."""
    type_ = next(type_ for type_ in TYPES if type_.name == "disclosed")
    pairs: list[Json] = [[seq, "name"] for seq in range(5000)]
    assert quick_entry(0, canonical({**_body(type_), "pairs": pairs})) is None
    assert _holds(canonical({**_body(type_), "pairs": pairs[:1500]}))


def test_a_kind_without_a_simple_form_matches_nothing() -> None:
    """A new kind of text has to be looked at before it may take the short cut."""
    kind = Text(re.compile(r"[a-z]*\Z"), "small letters")
    assert NOTHING in form_of(dataclasses.replace(TRANSACTION, public={"word": kind}))


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=4),
    st.just("\ud800"),
    st.just("e\u0301"),
    st.just(ID),
    st.lists(st.integers(), max_size=2),
    st.just(object()),
)


@given(st.data())
def test_what_is_made_quickly_is_what_is_made_carefully(data: st.DataObject) -> None:
    """A field set to something odd, left out or added: the short cut makes the same entry, or leaves it to the rest."""
    type_ = data.draw(st.sampled_from(TYPES))
    body = _body(type_)
    name = data.draw(st.sampled_from([*body, "more"]))
    body.pop(name, None)
    if data.draw(st.booleans()):
        body[name] = data.draw(ODD)
    quick = quick_making(7, body, type_) if "book" in body else None
    if quick is None:
        return
    type_.check(body)
    assert quick == make_entry(7, body)


@pytest.mark.parametrize("type_", TYPES, ids=lambda type_: type_.name)
def test_every_types_example_is_made_quickly(type_: EntryType) -> None:
    """And is the same entry."""
    body = _body(type_)
    assert quick_making(7, body, type_) == make_entry(7, body)
