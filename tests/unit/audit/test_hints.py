"""What indicators find is kept as hints, which come and go with the payments that they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from audit import window
from ledger import tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.audit.books import Books


def test_a_hint_is_no_flag_and_is_kept_once(make_books: Callable[[], Books]) -> None:
    """The same bill paid twice: whoever looks again finds the same hint, and the public finds none."""
    books = make_books()
    first, second = books.pay(None, [(0, 0, 12_345), (3, 0, 12_345)])
    books.run()
    books.run("00000000000000aa")
    with books.installation.store.reading() as connection:
        (hint,) = connection.execute(sa.select(tables.hint)).all()
    assert (hint.rule, hint.about, hint.found_at, hint.gone_at) == ("AMT-01", [first, second], books.now, None)
    assert hint.flag not in books.raised()


@pytest.mark.parametrize("most", [0, 1_000])
def test_a_hint_goes_when_a_series_is_seen(
    make_books: Callable[[], Books], monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """A fourth payment makes it instalments; found among the same amounts, or among all where there are many."""
    monkeypatch.setattr(window, "MOST", most)
    books = make_books()
    books.pay(100_000, [(0, 0, 12_345), (7, 0, 12_345), (8, 1, 700)])
    books.run()
    assert len(books.hints()) == 1
    books.day = 14
    books.pay(74_610, [(14, 0, 12_345)])
    books.run()
    assert len(books.hints()) == 2
    books.day = 21
    books.pay(62_265, [(21, 0, 12_345)])
    books.run()
    assert (books.hints(), books.all_hints()) == (set(), set())


def test_a_hint_of_a_rule_that_is_gone_goes_with_it(make_books: Callable[[], Books]) -> None:
    """Nobody can say any more why it was found."""
    books = make_books()
    books.pay(None, [(0, 0, 12_345), (3, 0, 12_345)])
    books.run()
    with books.installation.engine.begin() as connection:
        connection.execute(sa.update(tables.hint).values(flag="5e" * 32, rule="AMT-99"))
    books.run("00000000000000aa")
    assert "5e" * 32 not in books.hints()


def test_a_hint_that_is_found_again_is_the_same_hint(make_books: Callable[[], Books]) -> None:
    """Somebody set it aside, and it stays aside."""
    books = make_books()
    books.pay(None, [(0, 0, 12_345), (3, 0, 12_345)])
    books.run()
    with books.installation.engine.begin() as connection:
        connection.execute(sa.update(tables.hint).values(gone_at=books.now, aside_at=books.now, aside_by="ann"))
    books.run("00000000000000aa")
    with books.installation.store.reading() as connection:
        (hint,) = connection.execute(sa.select(tables.hint)).all()
    assert (hint.gone_at, hint.aside_at, hint.aside_by) == (None, books.now, "ann")
