"""Long work on drafts, by several who come to the same one: claimed once, taken over after a silence, stopped."""

from __future__ import annotations

import datetime as dt
import fcntl
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from dashboards.errors import Missing
from dashboards.errors import Settled
from dashboards.work import background
from dashboards.work.background import Background
from dashboards.work.background import Heart
from dashboards.work.background import Job
from dashboards.work.claiming import ask
from dashboards.work.claiming import beat
from dashboards.work.claiming import claim
from dashboards.work.drafts import SILENT
from dashboards.work.drafts import Stage
from dashboards.work.drafts import Work
from dashboards.work.drafts import begin_draft
from dashboards.work.drafts import cancel_draft
from dashboards.work.drafts import find_draft
from dashboards.work.drafts import settle
from dashboards.work.kept_preview import FOLDER
from dashboards.work.kept_preview import kept_preview
from dashboards.work.kept_preview import place_of
from dashboards.work.ordinary import changing
from dashboards.work.receipts import Choice
from dashboards.work.statements import preview
from dashboards.work.tidying import tidy
from importers.errors import Cancelled
from importers.progress import Step
from ledger import tables
from ledger.database import on_postgresql
from ledger.errors import DatabaseBusy
from tests.proofs.bank import NOW
from tests.proofs.bank import Account
from tests.proofs.bank import make_bank

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from pathlib import Path

    from dashboards.work.drafts import Draft
    from dashboards.work.statements import Preview
    from ledger.installation import Installation

PERSON = "00000000000000a1"
LINES = 10


@pytest.fixture
def bank(tmp_path: Path, database: str) -> Iterator[Installation]:  # noqa: ARG001 - where its books lie
    """A foundation with one account."""
    installation = make_bank(tmp_path / "bank", 1)
    yield installation
    installation.close()


@pytest.fixture
def draft(bank: Installation) -> Draft:
    """A long file that waits to be read."""
    with bank.store.reading() as connection:
        foundation = connection.execute(sa.select(tables.foundation.c.id)).scalar_one()
    file = ("dag.xml", Account(1, LINES).statement(0, 0))
    return found(bank, begin_draft(bank, PERSON, foundation, file, NOW, Stage.READING))


def found(bank: Installation, id_: str) -> Draft:
    with bank.store.reading() as connection:
        return find_draft(connection, id_)


def nothing_chosen(_draft: Draft, _shown: Preview) -> Choice:
    return Choice({}, ())


def worker(
    bank: Installation, now: dt.datetime = NOW, start: Callable[[Callable[[], None]], None] = lambda work: work()
) -> Background:
    """Return somebody who works at once."""
    return Background(bank, lambda: now, nothing_chosen, start)


def test_a_draft_is_claimed_once(bank: Installation, draft: Draft) -> None:
    """Of two who saw it silent the quicker one has it; the other has it after a silence alone."""
    assert claim(bank, draft, NOW)
    assert not claim(bank, draft, NOW)
    seen = found(bank, draft.id)
    assert not seen.is_silent(NOW + SILENT)
    assert seen.is_silent(NOW + SILENT + dt.timedelta(seconds=1))
    assert seen.is_silent(NOW - SILENT - dt.timedelta(seconds=1))
    assert claim(bank, seen, NOW + 2 * SILENT)


def test_who_was_taken_over_notices(bank: Installation, draft: Draft) -> None:
    """Its beats no longer count, and the work stops at its next word."""
    claim(bank, draft, NOW)
    slow = found(bank, draft.id)
    job = Job()
    heart = Heart(bank, slow, job, lambda: NOW)
    job.told(Step.READ, 5, 10)
    heart.beat()
    assert (job.lost, found(bank, draft.id).work.done) == (False, 5)
    claim(bank, found(bank, draft.id), NOW + SILENT)
    heart.beat()
    assert job.lost
    with pytest.raises(Cancelled, match="This was stopped"):
        job.told(Step.PLAN, 1, 10)
    job.told(Step.AUDIT, 0, 1)


def test_a_cancelled_draft_stops_the_work(bank: Installation, draft: Draft, monkeypatch: pytest.MonkeyPatch) -> None:
    """While it is read: nothing is kept of it."""
    hearts: list[Heart] = []

    def told(self: Job, step: Step, done: int, whole: int) -> None:
        cancel_draft(bank, draft)
        hearts.append(Heart(bank, draft, self, lambda: NOW))
        hearts[0].beat()
        tell(self, step, done, whole)

    tell = Job.told
    with monkeypatch.context() as patch:
        patch.setattr(Job, "told", told)
        with pytest.raises(Missing, match="This is not here"):
            worker(bank).look(draft)
    assert len(hearts) == 1
    assert not place_of(bank, draft.id).exists()
    assert not bank.kept_path(draft.content).exists()


def test_a_page_of_the_same_process_sees_how_far_it_is(bank: Installation, draft: Draft) -> None:
    """Sooner than the next beat tells."""
    waiting: list[Callable[[], None]] = []
    here = worker(bank, start=waiting.append)
    assert here.look(draft).working
    here._jobs[draft.id].told(Step.READ, 3, 9)
    assert here.look(draft).work == Work(Step.READ, 3, 9)
    assert len(waiting) == 1
    waiting[0]()
    assert here.look(found(bank, draft.id)).stage is Stage.READY


def test_who_holds_the_lock_is_left_alone(bank: Installation, draft: Draft) -> None:
    """However long it is silent: on SQLite nobody can beat while all is booked."""
    with place_of(bank, draft.id, "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert worker(bank, NOW + 9 * SILENT).look(draft).stage is Stage.READING
    assert worker(bank).look(draft).stage is Stage.READY


def test_on_sqlite_no_beat_waits_for_the_booking(bank: Installation, draft: Draft) -> None:
    """It would wait for the very transaction that it speaks for."""
    claim(bank, draft, NOW)
    job = Job()
    job.told(Step.BOOK, 1, 2)
    Heart(bank, found(bank, draft.id), job, lambda: NOW).beat()
    assert (found(bank, draft.id).work.step == "book") == on_postgresql(bank.engine)


def test_a_busy_database_is_tried_again(bank: Installation, draft: Draft, monkeypatch: pytest.MonkeyPatch) -> None:
    """The work stays asked for, and whoever comes next does it."""

    def busy(*_: object, **__: object) -> None:
        raise DatabaseBusy

    with monkeypatch.context() as patch:
        patch.setattr(background, "preview", busy)
        assert worker(bank).look(draft).working
        patch.setattr(background, "beat", busy)
        heart = Heart(bank, draft, Job(), lambda: NOW)
        heart.beat()
    assert worker(bank, NOW + 2 * SILENT).look(found(bank, draft.id)).stage is Stage.READY


def test_what_was_kept_is_what_was_shown(bank: Installation, draft: Draft) -> None:
    """Every line of it, from any place on."""
    worker(bank).look(draft)
    with bank.store.reading() as connection:
        length = connection.execute(sa.select(tables.book_head.c.length)).scalars().all()[-1]
    shown = preview(bank, draft.foundation, bank.kept_path(draft.content), (PERSON,))
    kept = kept_preview(bank, draft.id, length)
    assert kept is not None
    (one,), (other,) = kept.statements, shown.statements
    assert list(one.lines) == list(other.lines)
    assert (one.lines[3], one.lines[-1], one.lines[2:5:2]) == (
        other.lines[3],
        other.lines[-1],
        tuple(other.lines[2:5:2]),
    )
    assert (len(one.lines), one.lines[9:3]) == (LINES, ())
    assert (one.opened_on, one.problems, one.twins) == (other.opened_on, other.problems, other.twins)
    assert kept_preview(bank, draft.id, length + 1) is None


def test_asking_twice_is_asking_once(bank: Installation, draft: Draft) -> None:
    """And nothing is asked of what is booked already, or being booked."""
    worker(bank).look(draft)
    ask(bank, draft, Stage.BOOKING)
    claim(bank, found(bank, draft.id), NOW)
    claimed = found(bank, draft.id)
    beat(bank, claimed, Work("seal", 1, 2, NOW))
    for stage in (Stage.BOOKING, Stage.READING):
        ask(bank, draft, stage)
        assert found(bank, draft.id).work == Work("seal", 1, 2, NOW)
    with pytest.raises(Settled, match="already settled"):
        cancel_draft(bank, draft)


def test_a_receipt_is_kept_once(bank: Installation, draft: Draft) -> None:
    """A second booking of the same draft is taken back as a whole."""
    with changing(bank.engine) as connection:
        settle(connection, draft.id, {"new": 1}, NOW)
    with pytest.raises(Settled, match="already settled"), changing(bank.engine) as connection:
        settle(connection, draft.id, {"new": 2}, NOW)
    assert found(bank, draft.id).receipt == {"new": 1}


def test_what_drafts_left_is_tidied_away(bank: Installation, draft: Draft) -> None:
    """Once they are none any more."""
    worker(bank).look(draft)
    (bank.directory / FOLDER / "0000000000000bad.preview").write_bytes(b"x")
    tidy(bank, NOW)
    assert {path.stem for path in (bank.directory / FOLDER).iterdir()} == {draft.id}
    tidy(bank, NOW + dt.timedelta(days=40))
    assert list((bank.directory / FOLDER).iterdir()) == []
