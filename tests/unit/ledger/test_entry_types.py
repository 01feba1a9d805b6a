"""Every entry type: complete, and unable to hold a name, an IBAN, a phone number or a text in public."""

from __future__ import annotations

import copy
import importlib
import pkgutil
from typing import TYPE_CHECKING
from typing import Any

import pytest

from ledger.commitment import seal
from ledger.entries import FOLDERS
from ledger.entries import all_types
from ledger.entries import entry_type
from ledger.entries import known_type
from ledger.entry import FIRST_PREV
from ledger.entry import make_entry
from ledger.errors import MalformedEntry
from ledger.errors import UnknownType
from ledger.fields import AMOUNT
from ledger.fields import Kind
from ledger.fields import Maybe
from ledger.fields import Row
from ledger.fields import Rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.entry import EntryType

LOG = "buurtkas.example/proef"
ID = "00112233445566aa"
PERSON = "8899aabbccddeeff"
BOOKS = {"district": "district", "foundation": f"foundation/{ID}", "initiative": f"initiative/{ID}"}
PLANTED: tuple[object, ...] = (
    "Jan de Vries",
    "jandevries",
    "Fatima",
    "NL02ABNA0123456789",
    "NL02 ABNA 0123 4567 89",
    "nl02abna0123456789",
    "0612345678",
    "+31612345678",
    "t@example.org",
    "Voor de verjaardag van mijn dochter.",
    "",
    {"name": "Fatima"},
    ["Fatima"],
)
PHONES = (612345678, 31612345678, 201234567)
TABLE = {
    "district": "log opened|round|grant awarded|grant changed|grant closed|role given|role ended|rule parameter set|"
    "tie declared|seal|run|key rotated|log restored|disclosed|withdrawn|erasure",
    "foundation": "opened|closed|account declared|account closed|statement|statement confirmed|transaction|reversal|"
    "spending declared|payee proposed|payee approved|payee revoked|decision proposed|decision approved|"
    "decision withdrawn|declaration|balance confirmed|claim handed in|claim approved|claim repaid|receipt attached|"
    "flag raised|flag taken up|flag answered|flag ruled|flag escalated|flag confirmed|flag closed|flag reopened|"
    "flag judged again|flag severity raised|correction linked|"
    "question|answer|disclosed|withdrawn|text released|erasure",
    "initiative": "opened|changed|closed|budget set|activity|allocation|deallocation|progress|report filed|question|"
    "answer|disclosed|withdrawn|erasure",
}
TYPES = [pytest.param(type_, book, id=f"{book}: {type_.name}") for type_ in all_types() for book in type_.books]


def _body(type_: EntryType, kind: str) -> dict[str, Any]:
    """Return the body of the type's example, written by two people."""
    book = BOOKS[kind]
    body: dict[str, Any] = {
        "v": type_.version,
        "log": LOG,
        "book": book,
        "seq": 0,
        "prev": FIRST_PREV,
        "type": type_.name,
        "recorded": "2026-11-23T20:00:00Z",
        "by": [PERSON, ID],
        **copy.deepcopy(dict(type_.example.public)),
    }
    if type_.committed:
        body["commit"] = dict(seal(LOG, book, type_.example.private).commitments)
    return body


def _places(value: object, at: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
    """Yield the place of every value inside, the value itself first."""
    yield at
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield from _places(item, (*at, key))


def _with(body: dict[str, Any], place: tuple[Any, ...], planted: object) -> dict[str, Any]:
    """Return a body with something planted in a place."""
    changed: Any = copy.deepcopy(body)
    inside = changed
    for key in place[:-1]:
        inside = inside[key]
    inside[place[-1]] = planted
    return dict(changed)


def _at(body: dict[str, Any], place: tuple[Any, ...]) -> Any:  # noqa: ANN401 - any JSON value
    """Return what stands in a place."""
    inside: Any = body
    for key in place:
        inside = inside[key]
    return inside


def _plantings(body: dict[str, Any], planted: object) -> Iterator[dict[str, Any]]:
    """Yield bodies with something planted in each place, in each list and under each key."""
    for place in _places(body):
        if place and place[0] != "log":
            yield _with(body, place, planted)
        value = _at(body, place)
        if isinstance(value, list):
            yield _with(body, place, [*value, planted])
            yield _with(body, place, [planted, *value])
        if isinstance(value, dict):
            extra = {**value, "extra": planted}
            yield _with(body, place, extra) if place else extra
            if isinstance(planted, str):
                keyed = {**value, planted: 1}
                yield _with(body, place, keyed) if place else keyed


def _is_allowed(type_: EntryType, book: str, body: dict[str, Any]) -> bool:
    """Tell whether a body is a well-formed entry of this type in this log."""
    try:
        entry = make_entry(0, body)
        type_.check(body)
    except MalformedEntry:
        return False
    return (entry.type, entry.book, body["log"]) == (type_.name, BOOKS[book], LOG)


def _holds_count(kind: Kind) -> bool:
    """Tell whether a kind of field holds whole numbers that are not amounts."""
    if isinstance(kind, Maybe | Rows):
        return _holds_count(kind.kind)
    if isinstance(kind, Row):
        return any(_holds_count(inner) for inner in kind.kinds)
    return hasattr(kind, "most") and kind != AMOUNT


@pytest.mark.parametrize(("type_", "book"), TYPES)
def test_every_example_is_allowed(type_: EntryType, book: str) -> None:
    """A type takes its own example, found by its own name, and opens exactly its committed fields."""
    body = _body(type_, book)
    assert _is_allowed(type_, book, body)
    assert entry_type(BOOKS[book], type_.name) is type_ is known_type(body)
    assert type_.example.private.keys() == set(type_.committed)
    assert type_.shows.keys() <= set(type_.committed)


@pytest.mark.parametrize("planted", PLANTED, ids=repr)
@pytest.mark.parametrize(("type_", "book"), TYPES)
def test_nothing_personal_fits_in_any_public_place(type_: EntryType, book: str, planted: object) -> None:
    """Planted in any field, list or key, header included, it makes the entry malformed or of no known type."""
    for body in _plantings(_body(type_, book), planted):
        assert not _is_allowed(type_, book, body), body


@pytest.mark.parametrize("phone", PHONES)
@pytest.mark.parametrize(("type_", "book"), TYPES)
def test_no_phone_number_fits_in_a_count(type_: EntryType, book: str, phone: int) -> None:
    """A phone number written as an integer is too large for every field but an amount of money."""
    body = _body(type_, book)
    counts = {name for name, kind in type_.public.items() if _holds_count(kind)} | {"seq", "v"}
    for place in _places(body):
        if place and place[0] in counts and type(_at(body, place)) is int:
            amounts = type_.public.get(str(place[0]))
            if len(place) == 3 and isinstance(amounts, Rows) and isinstance(amounts.kind, Row):
                inner = amounts.kind.kinds[int(str(place[2]))]
                if inner == AMOUNT:
                    continue
            assert not _is_allowed(type_, book, _with(body, place, phone)), place


@pytest.mark.parametrize(("type_", "book"), TYPES)
def test_no_field_may_be_missing(type_: EntryType, book: str) -> None:
    """All of a type's fields are always there."""
    body = _body(type_, book)
    for name in body:
        assert not _is_allowed(type_, book, {key: value for key, value in body.items() if key != name})


@pytest.mark.parametrize("kind", TABLE)
def test_every_type_of_the_design_stands_in_its_kind_of_book(kind: str) -> None:
    """The design's table and the registry hold the same types."""
    assert {type_.name for type_ in all_types() if kind in type_.books} == set(TABLE[kind].split("|"))


def test_every_file_is_named_after_its_type_and_says_so() -> None:
    """A type is found where its name says, and its module's docstring begins with the name."""
    for folder in FOLDERS:
        for found in pkgutil.iter_modules(folder.__path__, folder.__name__ + "."):
            module = importlib.import_module(found.name)
            name = module.TYPE.name
            assert found.name.rpartition(".")[2] == name.replace(" ", "_")
            assert (module.__doc__ or "").startswith(f"{name}: ")


def test_a_book_knows_only_its_own_types() -> None:
    """A type of another kind of book, or of a later version, is refused by the writer and not understood by readers."""
    with pytest.raises(UnknownType, match="district book has no entry type 'transaction'"):
        entry_type("district", "transaction")
    with pytest.raises(UnknownType, match="version 2"):
        entry_type(BOOKS["foundation"], "transaction", 2)
    assert known_type({"book": "district", "type": "transaction", "v": 1}) is None
    assert known_type({"book": "district", "type": "run", "v": "1"}) is None


def test_a_step_that_takes_somebody_is_refused_without_anybody() -> None:
    """Proposals and approvals name at least one person."""
    type_ = entry_type(BOOKS["foundation"], "payee approved")
    with pytest.raises(MalformedEntry, match="takes at least 1"):
        type_.check({**_body(type_, "foundation"), "by": []})


def test_commitments_have_one_form() -> None:
    """A commitment is 43 characters of base64url, one for each committed field."""
    type_ = entry_type("district", "round")
    body = _body(type_, "district")
    with pytest.raises(MalformedEntry, match="commits to other fields"):
        type_.check({**body, "commit": {}})
    with pytest.raises(MalformedEntry, match="43 characters"):
        type_.check({**body, "commit": {**body["commit"], "slug": "ronde-1"}})
