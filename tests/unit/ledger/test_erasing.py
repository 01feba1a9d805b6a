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
    from ledger.store import Store

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


RELEASED = "foundation/00000000000000aa"


def release(store: Store, transaction: int, shown: str) -> int:
    """Release a text that is shown as these words, and return the place of the release."""
    with store.writing(NOW) as appender:
        public: dict[str, Json] = {"transaction": transaction, "removed": [[5, 9]]}
        entry = appender.append(store.draft(RELEASED, "text released", public, {"shown": shown}))
        appender.append(store.draft(RELEASED, "disclosed", {"pairs": [[entry.seq, "shown"]]}))
    return entry.seq


def paid(store: Store) -> int:
    """Book a payment with a text and return its place."""
    public: dict[str, Json] = {"account": "00000000000000d1", "statement": 0, "line": 1, "booked_on": "2026-02-03"}
    public |= {"valued_on": None, "amount": -120, "currency": "EUR"}
    private: dict[str, Json] = {"name": "Jans", "iban": None, "text": "hout Jans", "refs": {}, "code": None}
    with store.writing(NOW) as appender:
        draft = store.draft(RELEASED, "transaction", public, {**private, "parts": [], "counter": None})
        return appender.append(draft).seq


def text(store: Store, seq: int) -> tuple[str | None, int | None]:
    """What everybody reads of a payment's text, and from which release."""
    line = tables.movement
    with store.reading() as connection:
        found = connection.execute(sa.select(line.c.text, line.c.text_from).where(line.c.seq == seq)).one()
    return found.text, found.text_from


def test_a_released_text_shows_until_it_is_withdrawn(installation: Installation) -> None:
    """The release that was disclosed last shows; hiding another one leaves it, and views are made again equal."""
    store = installation.store
    seq, other = paid(store), paid(store)
    first, second = release(store, seq, "hout ▮"), release(store, seq, "hout")
    assert text(store, seq) == ("hout", second)
    assert text(store, other) == (None, None)
    for hidden, left in ((first, ("hout", second)), (second, (None, None))):
        with store.writing(NOW) as appender:
            public: dict[str, Json] = {"pairs": [[hidden, "shown"]], "why": "mistake"}
            appender.append(store.draft(RELEASED, "withdrawn", public))
        assert text(store, seq) == left
        installation.signer.sign(installation.engine)
        assert verify_installation(installation).ok


def test_erasing_a_text_takes_its_releases_along(installation: Installation) -> None:
    """Whoever names the bank's text need not know what was released of it; another payment's text stays."""
    store = installation.store
    seq, other = paid(store), paid(store)
    release(store, seq, "hout ▮")
    last, kept = release(store, seq, "hout"), release(store, other, "hout ▮")
    assert erase(store, Erasure(RELEASED, "request", ((seq, "text"), (last, "shown"))), NOW) == 3
    assert (text(store, seq), text(store, other)) == ((None, None), ("hout ▮", kept))
    with store.reading() as connection:
        shown = connection.execute(sa.select(tables.disclosure.c.seq)).scalars().all()
    assert shown == [kept]
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
