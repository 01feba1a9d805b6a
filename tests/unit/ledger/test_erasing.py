"""Erasing: what is named is gone, the book says how much, and the journal remembers."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from ledger import tables
from ledger.check_views import verify_installation
from ledger.erasing import Erasure
from ledger.erasing import erase
from ledger.erasing import note_erasure
from ledger.erasing import noted_erasures
from ledger.errors import SignerRefused

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.canonical import Json
    from ledger.installation import Installation

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
SHOP: Erasure = Erasure("foundation/00000000000000aa", "request", ((0, "kvk"), (0, "name"), (0, "slug"), (7, "name")))


def test_what_is_named_is_deleted_and_the_book_says_how_much(installation: Installation) -> None:
    """One value of an entry or all of them; what is not there is not counted, and twice is nothing."""
    store = installation.store
    opened: dict[str, Json] = {"kind": "foundation", "limit": 1, "currency": "EUR", "every": 35, "basis": "opening"}
    with store.writing(NOW) as appender:
        appender.append(store.draft("district", "log opened", {"clock": "simulated"}, {"name": "Proefstad"}))
        private: dict[str, Json] = {"slug": "meer", "name": "Stichting Kievitsmeer", "kvk": None}
        appender.append(store.draft(SHOP.book, "opened", opened, private))
    assert erase(store, Erasure(SHOP.book, "request", SHOP.pairs[:1]), NOW) == 1
    assert erase(store, SHOP, NOW) == 2
    assert erase(store, SHOP, NOW) == 0
    with store.reading() as connection:
        kept = connection.execute(sa.select(tables.private_value.c.idx)).scalars().all()
        types = connection.execute(sa.select(tables.entry.c.type).order_by(tables.entry.c.idx)).scalars().all()
    assert types == ["log opened", "opened", "erasure", "erasure"]
    assert kept == [0, 2, 3]
    installation.signer.sign(installation.engine)
    assert verify_installation(installation).ok


def test_the_journal_says_what_was_noted(tmp_path: Path) -> None:
    """Line after line; one that cannot be read is refused, so that nobody's values come back."""
    assert noted_erasures(tmp_path) == ()
    other = Erasure("district", "order", ((3, "reason"),))
    note_erasure(tmp_path, SHOP)
    note_erasure(tmp_path, other)
    assert noted_erasures(tmp_path) == (SHOP, other)
    with (tmp_path / "erasures").open("a") as file:
        file.write('["district"')
    with pytest.raises(SignerRefused, match="journal of erasures cannot be read"):
        noted_erasures(tmp_path)
