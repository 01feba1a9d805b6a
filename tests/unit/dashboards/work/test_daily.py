"""The work of a day: everything once, missed days each with a seal, and nothing needed is thrown away."""

from __future__ import annotations

import datetime as dt
import threading
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from dashboards.access import sessions
from dashboards.work import daily
from dashboards.work.daily import DayDone
from dashboards.work.daily import do_day
from dashboards.work.drafts import begin_draft
from dashboards.work.ordinary import changing
from dashboards.work.people import person_by_id
from dashboards.work.progress import DAILY
from dashboards.work.progress import last_done
from dashboards.work.statements import confirm
from dashboards.work.tidying import DRAFTS_LAST
from dashboards.work.verification import last_verification
from ledger import tables
from ledger.check_views import verify_installation
from ledger.errors import BooksMoved
from ledger.errors import ClockRefused
from tests.unit.dashboards.work.test_statements import _file

if TYPE_CHECKING:
    from types import ModuleType

    from tests.unit.dashboards.district import District


def test_a_day_is_done_once(district: District) -> None:
    """Rules, seal, signature and full check; the second time adds nothing."""
    done = do_day(district.installation, district.now)
    assert (done.sealed, done.holds) == ((dt.date(2026, 11, 2),), True)
    assert district.types()[-2:] == ["run", "seal"]
    size = district.size()
    assert district.installation.signer.size() == size
    again = do_day(district.installation, district.later(hours=3))
    assert (again.sealed, again.holds, district.size()) == ((), None, size)
    with district.installation.store.reading() as connection:
        assert last_done(connection) == district.now - dt.timedelta(hours=3)


def test_missed_days_get_their_own_seals(district: District) -> None:
    """One each; the rules look once."""
    do_day(district.installation, district.now)
    size = district.size()
    done = do_day(district.installation, district.later(days=3))
    assert [day.day for day in done.sealed] == [3, 4, 5]
    assert district.types(size) == ["run", "seal", "seal", "seal"]
    assert done.holds is True


def test_days_done_at_the_same_time_are_done_once(district: District) -> None:
    """Four timers, or as many workers whose first visitor came: one seal, and everything holds."""
    now, size = district.now, district.size()
    done: list[DayDone] = []
    threads = [threading.Thread(target=lambda: done.append(do_day(district.installation, now))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 4
    assert [day for each in done for day in each.sealed] == [dt.date(2026, 11, 2)]
    assert district.types(size).count("seal") == 1
    assert verify_installation(district.installation).ok


def test_a_clock_that_goes_backwards_does_no_day(district: District) -> None:
    """It is said in words; nothing is sealed for a day that was, and the next right day is done in full."""
    do_day(district.installation, district.later(days=2))
    size = district.size()
    assert do_day(district.installation, district.now - dt.timedelta(days=1)) == DayDone()
    with changing(district.installation.engine) as connection:
        connection.execute(sa.delete(tables.progress).where(tables.progress.c.name == DAILY))
    with pytest.raises(ClockRefused, match="Set the machine's clock right"):
        do_day(district.installation, district.now - dt.timedelta(days=1))
    assert district.size() == size
    done = do_day(district.installation, district.later(days=1))
    assert (len(done.sealed), done.holds) == (1, True)


def test_a_day_broken_off_is_done_again(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    """It counts as done only when everything was."""

    def broken(*_: object) -> None:
        message = "no room"
        raise OSError(message)

    with monkeypatch.context() as patched:
        patched.setattr(daily, "tidy", broken)
        with pytest.raises(OSError, match="no room"):
            do_day(district.installation, district.now)
    with district.installation.store.reading() as connection:
        assert last_done(connection) is None
    done = do_day(district.installation, district.now)
    assert (done.sealed, done.holds) == ((), True)


def test_others_who_keep_writing_stop_no_day(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    """The seal stands; what they wrote is looked at after them."""

    def moved(*_: object) -> int:
        raise BooksMoved

    monkeypatch.setattr(daily, "run_rules", moved)
    assert do_day(district.installation, district.now).sealed


def test_what_nobody_needs_is_gone(district: District, made_up: ModuleType) -> None:
    """Ended sessions, old attempts, abandoned drafts with their files; not what is booked or still going on."""
    installation, own = district.installation, str(made_up.OWN_IBAN)
    booked, left, fresh = (_file(own, -amount) for amount in (30_000, 40_000, 50_000))
    confirm(installation, None, booked, {}, by=(district.ids["treasurer"],), now=district.now)
    with changing(installation.engine) as connection:
        person = person_by_id(connection, district.ids["treasurer"])
        assert person is not None
        sessions.begin(connection, person, district.now)
        connection.execute(sa.insert(tables.sign_in_attempt).values(subject="00", at=district.now))
    begin_draft(installation, district.ids["treasurer"], made_up.MEER, ("a", left), district.now)
    begin_draft(installation, district.ids["signatory"], made_up.MEER, ("b", booked), district.now)
    district.later(days=DRAFTS_LAST.days, hours=1)
    begin_draft(installation, district.ids["other"], made_up.EIK, ("c", fresh), district.now)
    assert do_day(installation, district.now).tidied == 4
    assert district.rows(tables.web_session) == district.rows(tables.sign_in_attempt) == []
    assert len(district.rows(tables.upload)) == 1
    kept = {path.name for path in (installation.directory / "files").glob("*/*")}
    assert kept == {installation.keep_file(content) for content in (booked, fresh)}


def test_the_check_of_the_day_is_kept(district: District) -> None:
    """Pages show it."""
    do_day(district.installation, district.now)
    last = last_verification(district.installation)
    assert last is not None
    assert (last.at, last.ok) == (district.now, True)
