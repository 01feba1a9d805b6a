"""Long work on drafts: reading and planning a long file, and booking it, while a page shows how far it has come.

A file is read or booked by a thread of whichever process is asked for its page first. Who works has claimed the draft
by a conditional change, holds a lock on this machine, and beats; where both are gone another one takes over and
does the work anew. That is harmless: reading changes nothing, and what is booked and the draft's receipt are one
transaction, so that a draft is booked once, however often somebody begins.

Cancelling drops the draft; whoever works on it notices at the next beat and stops.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import threading
from dataclasses import replace
from typing import IO
from typing import TYPE_CHECKING
from typing import TypeAlias

from dashboards.errors import Missing
from dashboards.errors import Settled
from dashboards.work.accounts import undeclared
from dashboards.work.claiming import beat
from dashboards.work.claiming import claim
from dashboards.work.claiming import rest
from dashboards.work.drafts import Refusal
from dashboards.work.drafts import Stage
from dashboards.work.drafts import Work
from dashboards.work.drafts import find_draft
from dashboards.work.errors import SplitRefused
from dashboards.work.kept_preview import book_length
from dashboards.work.kept_preview import forget_preview
from dashboards.work.kept_preview import keep_preview
from dashboards.work.kept_preview import kept_preview
from dashboards.work.kept_preview import place_of
from dashboards.work.receipts import confirm_draft
from dashboards.work.statements import preview
from importers.errors import AccountUnknown
from importers.errors import BookingRefused
from importers.errors import Cancelled
from importers.errors import MalformedFile
from importers.errors import UnreadableFile
from importers.progress import Step
from ledger.database import on_postgresql
from ledger.errors import BooksMoved
from ledger.errors import BuurtkasError
from ledger.errors import DatabaseTrouble

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from collections.abc import Iterator
    from pathlib import Path

    from dashboards.work.drafts import Draft
    from dashboards.work.receipts import Choice
    from dashboards.work.statements import Preview
    from ledger.installation import Installation

REFUSALS = (UnreadableFile, BookingRefused, SplitRefused, BooksMoved)
"""What may come of a file that was brought, and is told beside it."""
LONG_BYTES, LONG_LINES = 1_000_000, 2_000
"""From here on a file is long: reading it takes longer than somebody likes to look at nothing."""
PATIENCE = 0.3
"""How many seconds a page waits for work that may be over soon, before it shows how far it has come."""
BEATS = 1.0
"""How many seconds lie between two beats."""
BROKE = "broke"
AT_ONCE = 2
"""How many long files one process works on at once; others wait for their turn."""
LOGGER = logging.getLogger(__name__)
Start: TypeAlias = "Callable[[Callable[[], None]], None]"


def in_thread(work: Callable[[], None]) -> None:
    """Run something beside the request that asked for it."""
    threading.Thread(target=work, daemon=True).start()


def is_long(stream: IO[bytes], size: int) -> bool:
    """Tell whether a file is read while a page shows how far it has come."""
    stream.seek(0)
    return size > LONG_BYTES or stream.read().count(b"\n") > LONG_LINES


class Job:
    """Work on one draft that this process does: it is told how far it has come, and stops when it is no longer ours."""

    def __init__(self) -> None:
        self.work = Work()
        self.over = threading.Event()
        self.lost = False

    def told(self, step: Step, done: int, whole: int) -> None:
        """Take note of how far it has come.

        Raises:
            Cancelled: Somebody cancelled it, or took it over.
        """
        if self.lost and step is not Step.AUDIT:
            raise Cancelled
        self.work = Work(step, done, whole)


class Background:
    """Does long work on drafts in threads of this process.

    Args:
        installation: Whose drafts.
        clock: What time it is.
        choose: Returns what a draft's lines count for.
        start: Runs something beside the request that asked for it.
    """

    def __init__(
        self,
        installation: Installation,
        clock: Callable[[], dt.datetime],
        choose: Callable[[Draft, Preview], Choice],
        start: Start = in_thread,
    ) -> None:
        self._installation = installation
        self._clock = clock
        self._choose = choose
        self._start = start
        self._jobs: dict[str, Job] = {}
        self._door = threading.Lock()
        self._turns = threading.BoundedSemaphore(AT_ONCE)

    def look(self, draft: Draft) -> Draft:
        """Return a draft that waits for long work as it is now, having made sure that somebody is at it."""
        job = self._begun(draft)
        if job is not None:
            job.over.wait(PATIENCE)
        with self._installation.store.reading() as connection:
            fresh = find_draft(connection, draft.id)
        at_hand = job is not None and fresh.working and job.work.step is not None
        return replace(fresh, work=job.work) if job is not None and at_hand else fresh

    def _begun(self, draft: Draft) -> Job | None:
        """Return this process's job on a draft, begun if nobody is at it; None where another process is."""
        with self._door:
            job = self._jobs.get(draft.id)
            if job is not None or not draft.is_silent(self._clock()):
                return job
            job = self._jobs[draft.id] = Job()
        self._start(lambda: self._do(draft.id, job))
        return job

    def _do(self, id_: str, job: Job) -> None:
        """Do the work on a draft, if nobody else does."""
        try:
            with self._turns, _alone(place_of(self._installation, id_, "lock")) as alone:
                draft = self._claimed(id_) if alone else None
                if draft is not None:
                    with self._heart(draft, job):
                        self._work(draft, job)
        except (Missing, DatabaseTrouble):
            LOGGER.info("a draft that was to be worked on is gone, or the database is busy")
        finally:
            with self._door:
                del self._jobs[id_]
            job.over.set()

    def _claimed(self, id_: str) -> Draft | None:
        """Return a draft that is now ours to work on; None where there is nothing to do, or somebody else is at it.

        Raises:
            Missing: It was cancelled.
        """
        now = self._clock()
        with self._installation.store.reading() as connection:
            draft = find_draft(connection, id_)
        if not draft.working or not draft.is_silent(now) or not claim(self._installation, draft, now):
            return None
        return replace(draft, work=Work(beat_at=now))

    @contextlib.contextmanager
    def _heart(self, draft: Draft, job: Job) -> Iterator[None]:
        """Say again and again that the work goes on."""
        stop, heart = threading.Event(), Heart(self._installation, draft, job, self._clock)

        def beat_on() -> None:
            while not stop.wait(BEATS):
                heart.beat()

        thread = threading.Thread(target=beat_on, daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def _work(self, draft: Draft, job: Job) -> None:
        """Read or book, and keep what came of it or why nothing did."""
        back = Stage.READY if draft.stage is Stage.BOOKING else Stage.REFUSED
        try:
            if draft.stage is Stage.BOOKING:
                self._book(draft, job)
            else:
                self._read(draft, job)
        except (Cancelled, Settled):
            return
        except REFUSALS as error:
            rest(self._installation, draft, back, self._refusal(draft, error))
        except DatabaseTrouble:
            raise
        except Exception:
            LOGGER.exception("long work on a draft broke off")
            rest(self._installation, draft, back, Refusal(BROKE))

    def _read(self, draft: Draft, job: Job) -> None:
        """Read and plan a file, and keep what it would do."""
        shown, length = self._preview(draft, job)
        keep_preview(self._installation, draft.id, shown, length)
        rest(self._installation, draft, Stage.READY)

    def _book(self, draft: Draft, job: Job) -> None:
        """Book a file with what was chosen for it."""
        with self._installation.store.reading() as connection:
            length = book_length(connection, draft.foundation)
        shown = kept_preview(self._installation, draft.id, length) or self._preview(draft, job)[0]
        accept = draft.accept if shown.problems else None
        chosen = self._choose(draft, shown)
        confirm_draft(self._installation, draft, chosen, self._clock(), accept, job.told)
        forget_preview(self._installation, draft.id)

    def _preview(self, draft: Draft, job: Job) -> tuple[Preview, int]:
        """Return what a file would do, and how long the book was before that was worked out."""
        installation = self._installation
        with installation.store.reading() as connection:
            length = book_length(connection, draft.foundation)
        content = installation.kept_path(draft.content)
        by = (draft.person,)
        shown = preview(installation, draft.foundation, content, by, account=draft.account, progress=job.told)
        return shown, length

    def _refusal(self, draft: Draft, error: BuurtkasError) -> Refusal:
        """Return why nothing came of it, fit to be kept."""
        unknown = isinstance(error, AccountUnknown)
        accounts = undeclared(self._installation, self._installation.kept_path(draft.content)) if unknown else ()
        return Refusal(error.code, error.place if isinstance(error, MalformedFile) else None, accounts)


class Heart:
    """Beats for a job, and takes note when it is no longer ours."""

    def __init__(self, installation: Installation, draft: Draft, job: Job, clock: Callable[[], dt.datetime]) -> None:
        self._installation = installation
        self._draft = draft
        self._job = job
        self._clock = clock

    def beat(self) -> None:
        """Say that the work goes on.

        On SQLite nobody else can write while all is being booked; then the lock on this machine says it.
        """
        work = self._job.work
        if work.step == Step.BOOK and not on_postgresql(self._installation.engine):
            return
        with contextlib.suppress(DatabaseTrouble):  # busy, or gone for a moment: the next beat says it
            found = beat(self._installation, self._draft, replace(work, beat_at=self._clock()))
            self._job.lost = found is None
            self._draft = found or self._draft


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[bool]:
    """Hold the lock that lets one process of this machine work on a draft; tell whether it was free."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        yield _locked(handle)
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    """Lock a file, unless another process has."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
