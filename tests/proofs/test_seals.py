"""Proof by trying: an operator with the key who hides a book or cuts a tail off is found by the seals.

The operator makes the record anew: entries are left out, everything after them takes its place in the log, and the
checkpoint is signed again with the right key. Every link, every leaf and the root hold; the seals since do not.
Whoever makes those anew as well is caught by anybody who kept a checkpoint of one of those days.
"""

from __future__ import annotations

import datetime as dt
import random
from typing import TYPE_CHECKING

import pytest

from ledger.check_views import DatabaseRecord
from ledger.entry import DISTRICT
from ledger.record import StoredEntry
from ledger.seal import SEAL
from ledger.sealing import seal_days
from ledger.verify import verify
from tests.proofs.histories import History
from tests.unit.ledger.test_verify import HandMade

if TYPE_CHECKING:
    from ledger.installation import Installation

SEEDS = range(3)


class Unsealed(History):
    """A history whose days are sealed from outside."""

    def seal(self) -> None:
        """Leave sealing to the proof."""


def sealed(installation: Installation, seed: int) -> HandMade:
    """Return the record of a random history of a few days, each with its seal, signed with the proof's own key."""
    history = Unsealed(installation, random.Random(seed))
    history.open()
    for _ in range(3):
        history.grow(25)
        history.now += dt.timedelta(days=1)
        seal_days(installation.store, history.now)
    history.sign()
    with installation.store.reading() as connection:
        record = DatabaseRecord(connection, installation.signer)
        made = HandMade(list(record.entries()), list(record.disclosures()))
    made.sign()
    return made


def without(record: HandMade, gone: set[int]) -> HandMade:
    """Return the record made anew without some entries; what was disclosed of them is gone as well."""
    left = [stored for stored in record.stored if stored.idx not in gone]
    places = {(stored.beside or ("", 0, ""))[:2] for stored in record.stored if stored.idx in gone}
    opened = [item for item in record.opened if (item.book, item.seq) not in places]
    made = HandMade([StoredEntry(idx, one.hash, one.data, one.beside) for idx, one in enumerate(left)], opened)
    made.sign()
    return made


def places_of(record: HandMade, book: str) -> list[int]:
    """Return the log indices of a book."""
    return [stored.idx for stored in record.stored if stored.beside and stored.beside[0] == book]


def seals_of(record: HandMade) -> list[int]:
    """Return the log indices of the seals."""
    return [stored.idx for stored in record.stored if stored.beside and stored.beside[2] == SEAL]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_hidden_book_is_found_by_the_next_seal(installation: Installation, seed: int) -> None:
    """Whichever book it is; the record without it fits in itself but for its seals."""
    record = sealed(installation, seed)
    assert verify(record).problems == ()
    books = {str(stored.beside[0]) for stored in record.stored if stored.beside} - {DISTRICT}
    for book in sorted(books):
        gone = set(places_of(record, book))
        first = verify(without(record, gone)).first
        assert first is not None, book
        assert first.what.startswith("seal: "), book
        after = next(idx for idx in seals_of(record) if idx > min(gone))
        assert first.index == after - sum(idx < after for idx in gone), book


@pytest.mark.parametrize("seed", SEEDS)
def test_a_tail_cut_off_a_book_is_found_by_the_next_seal(installation: Installation, seed: int) -> None:
    """A single last entry is enough."""
    record = sealed(installation, seed)
    last = seals_of(record)[-1]
    books = {str(stored.beside[0]) for stored in record.stored if stored.beside} - {DISTRICT}
    for book in sorted(books):
        cut = [idx for idx in places_of(record, book) if idx < last]
        first = verify(without(record, {cut[-1]})).first if cut else None
        assert first is None or first.what.startswith("seal: "), book
        assert first is not None or not cut, book
