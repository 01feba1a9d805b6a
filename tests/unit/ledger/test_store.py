"""The one writer: gapless places, one instant, all of it or nothing."""

from __future__ import annotations

import datetime as dt
import threading
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from ledger import tables
from ledger.check_views import verify_installation
from ledger.entry import DISTRICT
from ledger.entry import FIRST_PREV
from ledger.errors import BooksMoved
from ledger.errors import ClockRefused
from ledger.errors import MalformedEntry
from ledger.errors import UnknownType
from ledger.store import Head

if TYPE_CHECKING:
    from ledger.installation import Installation
    from ledger.store import Draft
    from ledger.store import Store

NOW = dt.datetime(2026, 3, 1, 12, 0, 0, 999_999, dt.UTC)
FOUNDATION = "foundation/00112233445566aa"
INITIATIVE = "initiative/8899aabbccddeeff"


def _run(store: Store, size: int = 0) -> Draft:
    return store.draft(DISTRICT, "run", {"size": size, "rules": "5e" * 32}, {"hits": []})


def _count(installation: Installation, table: sa.Table) -> int:
    with installation.store.reading() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def test_entries_follow_one_another_in_log_and_book(installation: Installation) -> None:
    """Places have no gaps, and each entry links to the one before it in its book."""
    store = installation.store
    with store.writing(NOW) as appender:
        confirmed = store.draft(FOUNDATION, "statement confirmed", {"statement": 0}, by=("00112233445566bb",))
        first, other = appender.extend([_run(store), confirmed])
    with store.writing(NOW) as appender:
        second = appender.append(_run(store))
        assert appender.head(DISTRICT) == Head(2, second.hash.hex())
        assert appender.head(INITIATIVE) == Head(0, FIRST_PREV)
    assert [(entry.idx, entry.seq) for entry in (first, other, second)] == [(0, 0), (1, 0), (2, 1)]
    assert (first.words("prev"), second.words("prev")) == (FIRST_PREV, first.hash.hex())
    assert first.words("recorded") == "2026-03-01T12:00:00Z"
    assert verify_installation(installation).ok


def test_writing_nothing_leaves_the_log_as_it_was(installation: Installation) -> None:
    """A transaction for the ordinary tables alone does not touch the log's head."""
    store = installation.store
    with store.writing(NOW) as appender:
        appender.append(_run(store))
    with store.writing(NOW + dt.timedelta(days=1)) as appender:
        appender.expect(DISTRICT, 1)
    assert verify_installation(installation).ok


def test_a_thousand_entries_in_one_transaction_are_written_in_batches(installation: Installation) -> None:
    """Batches, kept nodes and views fit, however many entries come at once."""
    store = installation.store
    with store.writing(NOW) as appender:
        appender.extend([_run(store, size) for size in range(1100)])
        appender.settle()
        counted = appender.connection.execute(sa.select(sa.func.count()).select_from(tables.run)).scalar_one()
    assert counted == 1100
    assert _count(installation, tables.log_node) == 1100 // 256
    with store.writing(NOW) as appender:
        appender.extend([_run(store, size) for size in range(300)])
    assert verify_installation(installation).ok


def test_an_exception_leaves_nothing(installation: Installation) -> None:
    """Whatever breaks off a transaction, nothing of it stays."""
    store = installation.store

    def break_off() -> None:
        with store.writing(NOW) as appender:
            appender.extend([_run(store)] * 3)
            appender.settle()
            message = "the disk is full"
            raise OSError(message)

    with pytest.raises(OSError, match="disk is full"):
        break_off()
    tables_written = (tables.entry, tables.private_value, tables.run, tables.book_head)
    assert [_count(installation, table) for table in tables_written] == [0, 0, 0, 0]
    with store.writing(NOW) as appender:
        assert appender.append(_run(store)).idx == 0


def test_an_entry_that_failed_half_way_spoils_its_transaction(installation: Installation) -> None:
    """Somebody who swallows the error of an append still writes nothing."""
    store = installation.store
    dangling = store.draft(DISTRICT, "disclosed", {"pairs": [[99, "name"]]})

    def swallow() -> None:
        with store.writing(NOW) as appender:
            with pytest.raises(MalformedEntry, match="no entry 99"):
                appender.append(dangling)
            appender.append(_run(store))

    with pytest.raises(MalformedEntry, match="broke off"):
        swallow()
    assert _count(installation, tables.entry) == 0


def test_an_entry_of_a_leap_day_is_looked_at_step_by_step(installation: Installation) -> None:
    """No short form matches that day; the entry is as good as any."""
    with installation.store.writing(dt.datetime(2028, 2, 29, 12, tzinfo=dt.UTC), confirm_clock=True) as appender:
        entry = appender.append(_run(installation.store))
    assert entry.words("recorded") == "2028-02-29T12:00:00Z"


@pytest.mark.parametrize("seconds", [-5, 0, 400 * 86400])
def test_the_clock_may_waver(installation: Installation, seconds: int) -> None:
    """Up to 5 s behind and 400 days ahead are accepted, and no entry is recorded before its predecessor."""
    store = installation.store
    with store.writing(NOW) as appender:
        first = appender.append(_run(store))
    with store.writing(NOW + dt.timedelta(seconds=seconds)) as appender:
        second = appender.append(_run(store))
    assert second.recorded_at == max(first.recorded_at, second.recorded_at)
    assert second.recorded_at - first.recorded_at == dt.timedelta(seconds=max(0, seconds))


def _write_at(store: Store, now: dt.datetime, *, confirm: bool = False) -> None:
    with store.writing(now, confirm_clock=confirm) as appender:
        appender.append(_run(store))


def test_a_clock_that_runs_back_or_leaps_is_refused(installation: Installation) -> None:
    """Further behind is refused always, further ahead unless it is confirmed."""
    store = installation.store
    _write_at(store, NOW)
    with pytest.raises(ClockRefused, match="behind the last entry"):
        _write_at(store, NOW - dt.timedelta(seconds=6))
    with pytest.raises(ClockRefused, match=r"behind the last entry .* clock right\.$"):
        _write_at(store, NOW - dt.timedelta(seconds=6), confirm=True)
    ahead = NOW + dt.timedelta(days=400, seconds=1)
    with pytest.raises(ClockRefused, match=r"400 days ahead .* --confirm-clock"):
        _write_at(store, ahead)
    _write_at(store, ahead, confirm=True)
    assert _count(installation, tables.entry) == 2


def test_a_naive_clock_is_refused(installation: Installation) -> None:
    """An instant without a zone is nobody's instant."""
    with pytest.raises(MalformedEntry, match="time zone"):
        _write_at(installation.store, dt.datetime(2026, 3, 1))  # noqa: DTZ001 - naive on purpose


def test_a_book_that_moved_is_noticed(installation: Installation) -> None:
    """Somebody who read a book before writing finds out that it grew."""
    store = installation.store
    _write_at(store, NOW)
    with pytest.raises(BooksMoved, match="try again"), store.writing(NOW) as appender:
        appender.expect(DISTRICT, 0)


@pytest.mark.parametrize(
    ("public", "private", "what"),
    [
        ({"size": 1, "rules": "5e" * 32, "seq": 7}, {"hits": []}, "only the writer"),
        ({"size": 1}, {"hits": []}, "other fields than its list: rules"),
        ({"size": 1, "rules": "5e" * 32, "name": "Jan"}, {"hits": []}, "other fields than its list: name"),
        ({"size": 1, "rules": "5e" * 32}, {}, "other fields than its list: commit"),
        ({"size": 1, "rules": "5e" * 32}, {"hits": [], "name": "Jan"}, "commits to other fields"),
    ],
)
def test_a_draft_holds_exactly_its_types_fields(
    installation: Installation, public: dict[str, object], private: dict[str, object], what: str
) -> None:
    """No more, no less, and nothing that the writer says itself."""
    store = installation.store
    draft = store.draft(DISTRICT, "run", public, private)  # type: ignore[arg-type]  # hostile on purpose
    with pytest.raises(MalformedEntry, match=what), store.writing(NOW) as appender:
        appender.append(draft)


def test_a_type_of_another_book_is_refused(installation: Installation) -> None:
    """The district's book holds no transactions."""
    store = installation.store
    with pytest.raises(UnknownType, match="no entry type"), store.writing(NOW) as appender:
        appender.append(store.draft(DISTRICT, "transaction"))


def test_two_threads_keep_the_log_gapless(installation: Installation) -> None:
    """Writers queue; nobody's entry is lost and no place is given twice."""
    store = installation.store

    def write(book: str) -> None:
        for _ in range(15):
            with store.writing(NOW) as appender:
                appender.append(
                    store.draft(book, "progress", {"done_on": "2026-01-01"}, {"text": None, "picture": None})
                )

    threads = [threading.Thread(target=write, args=(book,)) for book in (INITIATIVE, INITIATIVE, INITIATIVE[:-1] + "0")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    report = verify_installation(installation)
    assert (report.ok, report.entries, report.books) == (True, 45, 2)


def test_the_last_instant_is_told(installation: Installation) -> None:
    """Whoever plays a clock can ask where it stands."""
    assert installation.store.last_recorded() is None
    _write_at(installation.store, NOW)
    assert installation.store.last_recorded() == NOW.replace(microsecond=0)


def test_waiting_for_the_lock_is_not_a_clock_that_is_behind(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who stood in a queue for a minute is not refused, and is recorded with whoever was before."""
    store = installation.store
    with store.writing(NOW + dt.timedelta(seconds=50)) as appender:
        appender.append(_run(store))
    ticks = iter((100.0, 160.9))
    monkeypatch.setattr("ledger.store.time.monotonic", lambda: next(ticks))
    with store.writing(NOW) as appender:
        assert appender.now == NOW.replace(microsecond=0) + dt.timedelta(seconds=50)
