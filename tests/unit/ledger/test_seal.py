"""Seals: what they hold, and that a hidden book, a cut tail or a forged list no longer fits them."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.canonical import canonical
from ledger.merkle import EMPTY_ROOT
from ledger.merkle import leaf_hash
from ledger.merkle import root_of
from ledger.seal import BookState
from ledger.seal import books_root
from ledger.seal import root_of_list
from ledger.seal import written
from ledger.verify import verify
from tests.unit.ledger.test_verify import HandMade

DISTRICT, FOUNDATION = "district", "foundation/00112233445566aa"
DAY = "2026-11-23"
LINE: dict[str, Any] = {
    "type": "transaction",
    "account": "00112233445566aa",
    "statement": 0,
    "line": 1,
    "booked_on": DAY,
    "valued_on": None,
    "currency": "EUR",
    "commit": dict.fromkeys(("name", "iban", "text", "refs", "code", "parts", "counter"), "A" * 43),
}


@pytest.fixture
def record() -> HandMade:
    """A log with two books; the second holds 70 cents."""
    record = HandMade()
    record.open_log()
    record.add(FOUNDATION, **LINE, amount=-30)
    record.add(FOUNDATION, **LINE, amount=100)
    return record


def books(record: HandMade) -> list[BookState]:
    """Return the books of the record, worked out apart."""
    heads = {stored.beside[0]: stored for stored in record.stored if stored.beside}
    counts = [stored.beside[0] for stored in record.stored if stored.beside]
    return [
        BookState(str(book), counts.count(book), last.hash.hex(), 70 if book == FOUNDATION else 0)
        for book, last in heads.items()
    ]


def seal(record: HandMade, day: str = DAY, **otherwise: object) -> None:
    """Add a seal that is true but for what is said otherwise, and sign."""
    states = books(record)
    fields: dict[str, Any] = {
        "day": day,
        "size": len(record.stored),
        "root": root_of(stored.hash for stored in record.stored).hex(),
        "books": len(states),
        "books_root": books_root(states).hex(),
    }
    record.lists.setdefault(day, written(states))
    record.add(type="seal", **(fields | otherwise))
    record.sign()


def test_the_root_of_books_is_that_of_their_lines_sorted() -> None:
    """Whatever order they come in; the leaves are those of RFC 6962, and no book at all has the empty root."""
    one, two = BookState("district", 3, "ab" * 32, 0), BookState("foundation/1", 2, "cd" * 32, -5)
    leaves = [leaf_hash(canonical([book.book, book.length, book.head, book.balance_minor])) for book in (one, two)]
    assert books_root([two, one]) == root_of(leaves) == root_of_list(written([two, one]))
    assert books_root([]) == root_of_list(b"") == EMPTY_ROOT


def test_true_seals_hold(record: HandMade) -> None:
    """One a day, with the list beside it."""
    seal(record)
    seal(record, "2026-11-24")
    assert verify(record).problems == ()


@pytest.mark.parametrize(
    ("otherwise", "said"),
    [
        ({"size": 2}, "seal: it is over 2 entries, but 3 stand before it"),
        ({"root": "5e" * 32}, f"seal: the entries before it do not lead to the root that was sealed on {DAY}"),
        ({"books": 3}, f"seal: the books are not those that were sealed on {DAY}"),
        ({"books_root": "5e" * 32}, f"seal: the books are not those that were sealed on {DAY}"),
    ],
)
def test_a_seal_that_is_not_true_is_named(record: HandMade, otherwise: dict[str, Any], said: str) -> None:
    """Its place in the log, and what does not fit."""
    seal(record, **otherwise)
    first = verify(record).first
    assert first is not None
    assert (first.index, first.what) == (3, said)


def test_a_seal_of_an_earlier_day_is_named(record: HandMade) -> None:
    """Days only go forward, and none has two."""
    seal(record)
    seal(record, "2026-11-22")
    first = verify(record).first
    assert first is not None
    assert (first.index, first.what) == (4, f"seal: that of 2026-11-22 stands after that of {DAY}")


def test_a_balance_is_sealed_too(record: HandMade) -> None:
    """A root over books with another balance does not hold."""
    states = [BookState(state.book, state.length, state.head, 0) for state in books(record)]
    seal(record, books_root=books_root(states).hex())
    assert not verify(record).ok


def test_a_published_list_without_a_book_is_named(record: HandMade) -> None:
    """The entry holds, the list beside it does not."""
    record.lists[DAY] = written(books(record)[:1])
    seal(record)
    problems = verify(record).problems
    assert [problem.what for problem in problems] == [
        f"seal: the list of books published for {DAY} is not what was sealed"
    ]


def test_a_seal_after_another_fault_says_nothing_of_its_own(record: HandMade) -> None:
    """Roots no longer tell anything once an entry is wrong."""
    record.change(1, hash=b"\x00" * 32)
    seal(record)
    assert [problem.index for problem in verify(record).problems] == [1]
