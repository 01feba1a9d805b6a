"""Sealing days: every day once, silent ones too, and what a hidden book or a cut tail leads to."""

from __future__ import annotations

import datetime as dt
import random
import shutil
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from ledger import tables
from ledger.errors import RecordUnreadable
from ledger.publish import export_record
from ledger.publish import sealed_list
from ledger.record import PublishedRecord
from ledger.seal import books_root
from ledger.sealing import books_at
from ledger.sealing import last_sealed
from ledger.sealing import seal_days
from ledger.verify import verify
from tests.proofs.histories import History

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.installation import Installation

NIGHT = dt.timedelta(days=1)


class Unsealed(History):
    """A history that seals nothing by itself."""

    def seal(self) -> None:
        """Leave sealing to the test."""


@pytest.fixture
def history(installation: Installation) -> History:
    """A random history."""
    history = Unsealed(installation, random.Random(7))
    history.open()
    history.grow(60)
    return history


def days_of(installation: Installation) -> list[dt.date]:
    """Return the sealed days in the order of the log."""
    with installation.store.reading() as connection:
        return list(connection.execute(sa.select(tables.seal.c.day).order_by(tables.seal.c.idx)).scalars())


def test_a_day_is_sealed_once(installation: Installation) -> None:
    """A second time brings nothing; an empty log can be sealed too."""
    now = dt.datetime(2026, 11, 23, 22, 30, tzinfo=dt.UTC)
    assert seal_days(installation.store, now) == (dt.date(2026, 11, 23),)
    assert seal_days(installation.store, now) == ()
    assert days_of(installation) == [dt.date(2026, 11, 23)]


def test_the_day_is_that_of_amsterdam(installation: Installation) -> None:
    """Half an hour before midnight in UTC the next day has begun there."""
    assert seal_days(installation.store, dt.datetime(2026, 11, 23, 23, 30, tzinfo=dt.UTC)) == (dt.date(2026, 11, 24),)


def test_days_that_nobody_sealed_are_sealed_later(installation: Installation) -> None:
    """One each, up to today and no further; each says when it was made."""
    now = dt.datetime(2026, 11, 20, 3, tzinfo=dt.UTC)
    seal_days(installation.store, now)
    later = now + 3 * NIGHT
    assert [day.day for day in seal_days(installation.store, later)] == [21, 22, 23]
    with installation.store.reading() as connection:
        rows = connection.execute(sa.select(tables.seal).order_by(tables.seal.c.idx)).all()
        assert last_sealed(connection) == dt.date(2026, 11, 23)
    assert [row.at for row in rows] == [now, later, later, later]
    assert [row.size for row in rows] == [0, 1, 2, 3]


def test_books_are_found_as_they_were(history: History) -> None:
    """At every size that was sealed, from what the tables say now."""
    store, roots = history.installation.store, {}
    for _ in range(4):
        history.now += NIGHT
        seal_days(store, history.now)
        history.grow(15)
    with store.reading() as connection:
        rows = connection.execute(sa.select(tables.seal).order_by(tables.seal.c.idx.desc())).all()
        for row, books in zip(rows, books_at(connection, *(row.size for row in rows)), strict=True):
            roots[row.day] = (row.books, row.books_root)
            assert books == next(books_at(connection, row.size))
            assert (len(books), books_root(books).hex()) == roots[row.day]
    assert len(set(roots.values())) > 3


def test_a_sealed_history_holds(history: History, tmp_path: Path) -> None:
    """In its export too, where the lists lie beside the seals."""
    history.now += NIGHT
    seal_days(history.installation.store, history.now)
    history.grow(10)
    history.now += 2 * NIGHT
    days = seal_days(history.installation.store, history.now)
    export_record(history.installation, tmp_path / "export")
    assert verify(PublishedRecord(str(tmp_path / "export"))).problems == ()
    kept = {path.name for path in (tmp_path / "export" / "log" / "seals").iterdir()}
    assert {day.isoformat() for day in days} <= kept


def test_a_list_that_is_another_is_a_fault_and_one_that_is_missing_cannot_be_read(
    history: History, tmp_path: Path
) -> None:
    """A list stands beside each seal, and nobody takes it away or changes it unseen."""
    seal_days(history.installation.store, history.now)
    export_record(history.installation, tmp_path / "export")
    (place,) = (tmp_path / "export" / "log" / "seals").iterdir()
    place.write_bytes(place.read_bytes().split(b"\n", 1)[1])
    (problem,) = verify(PublishedRecord(str(tmp_path / "export"))).problems
    assert problem.what.startswith("seal: the list of books published for ")
    shutil.rmtree(place.parent)
    with pytest.raises(RecordUnreadable, match=r"log/seals/"):
        verify(PublishedRecord(str(tmp_path / "export")))


def test_a_site_is_asked_for_its_newest_list_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A directory's lists cost nothing, a site's are fetched."""
    record, asked = PublishedRecord("http://buurtkas.example"), []

    def fetch(path: str) -> bytes:
        asked.append(path)
        return b"[]"

    monkeypatch.setattr(record, "_fetch", fetch)
    assert list(record.seal_lists(("2026-11-22", "2026-11-23"))) == [("2026-11-23", b"[]")]
    assert asked == ["log/seals/2026-11-23"]


def test_a_list_is_published_with_its_seal(installation: Installation) -> None:
    """Not of a day without one, and not before the checkpoint covers it."""
    (day,) = seal_days(installation.store, dt.datetime(2026, 11, 23, 3, tzinfo=dt.UTC))
    with installation.store.reading() as connection:
        assert sealed_list(connection, day, 1) == b""
        for other, size in ((day, 0), (day - NIGHT, 1)):
            with pytest.raises(RecordUnreadable, match="seals/"):
                sealed_list(connection, other, size)
