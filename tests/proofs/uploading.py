"""Booking a long upload in a process of its own, which is killed at any instant, as a site may be.

Another process then comes to the same draft after its silence, and finishes it: the draft has the right receipt, every
line is booked once, and the books verify.
"""

from __future__ import annotations

import random
import statistics
import time
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

import sqlalchemy as sa

from dashboards.work.background import Background
from dashboards.work.claiming import ask
from dashboards.work.drafts import SILENT
from dashboards.work.drafts import Stage
from dashboards.work.drafts import begin_draft
from dashboards.work.drafts import find_draft
from dashboards.work.receipts import Choice
from dashboards.work.receipts import complete
from ledger import tables
from tests.proofs.bank import NOW
from tests.proofs.bank import Account
from tests.proofs.bank import make_bank
from tests.proofs.importing import READY
from tests.proofs.importing import context
from tests.proofs.importing import examine
from tests.proofs.importing import where

if TYPE_CHECKING:
    import datetime as dt
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkServerProcess
    from pathlib import Path

    from dashboards.work.drafts import Draft
    from dashboards.work.statements import Preview
    from ledger.installation import Installation
    from tests.proofs.importing import Where

KILLS = 100
SEED = 20261128
LINES = 60
WARM = 2
BEYOND = 1.1
PERSON = "00000000000000a1"
LATER = NOW + 2 * SILENT


@dataclass(slots=True)
class Uploads:
    """What happened.

    Attributes:
        before: How many kills came before anything was booked.
        wrong: Whatever must not be.
        took: Seconds of a booking that was left alone.
    """

    kills: int = 0
    before: int = 0
    wrong: list[str] = field(default_factory=list)
    took: list[float] = field(default_factory=list)


def upload(kills: int, seed: int, directory: Path) -> Uploads:
    """Kill that many bookings of an upload."""
    rng, found = random.Random(seed), Uploads()
    place, account = where(directory / "bank"), Account(1, LINES)
    make_bank(place.directory, 1).close()
    for day in range(WARM + kills):
        draft = _begin(place, account.statement(day, day))
        if day < WARM:
            found.took.append(_undisturbed(place, draft))
        else:
            _kill(place, draft, rng.random() * BEYOND * statistics.median(found.took))
            found.kills += 1
            found.before += examine(place)[0] == day * LINES
        found.wrong += _finished(place, draft)
        lines, wrong = examine(place)
        found.wrong += wrong
        if lines != (day + 1) * LINES:
            found.wrong.append(f"after file {day}: {lines} lines, not {(day + 1) * LINES}")
        if found.wrong:
            break
    return found


def worker(installation: Installation, now: dt.datetime) -> Background:
    """Return who works at once on what is asked for."""
    return Background(installation, lambda: now, _nothing_chosen, lambda work: work())


def _nothing_chosen(_draft: Draft, _shown: Preview) -> Choice:
    return Choice({}, ())


def _begin(place: Where, content: bytes) -> str:
    """Begin an upload, have it read, and ask for booking it."""
    installation = place.open()
    with installation.store.reading() as connection:
        foundation = connection.execute(sa.select(tables.foundation.c.id)).scalar_one()
    id_ = begin_draft(installation, PERSON, foundation, ("dag.xml", content), NOW, Stage.READING)
    draft = worker(installation, NOW).look(_draft(installation, id_))
    ask(installation, draft, Stage.BOOKING)
    installation.close()
    return id_


def _draft(installation: Installation, id_: str) -> Draft:
    with installation.store.reading() as connection:
        return find_draft(connection, id_)


def _start(place: Where, draft: str) -> tuple[ForkServerProcess, Connection]:
    """Start a process that books a draft once it is told to."""
    ours, theirs = context().Pipe()
    child = context().Process(target=_book, args=(place, draft, theirs), daemon=True)
    child.start()
    theirs.close()
    ours.recv()
    ours.send(None)
    return child, ours


def _book(place: Where, draft: str, pipe: Connection) -> None:
    """Book a draft, in the child."""
    installation = place.open()
    pipe.send(READY)
    pipe.recv()
    worker(installation, NOW).look(_draft(installation, draft))


def _undisturbed(place: Where, draft: str) -> float:
    """Let a booking be; return the seconds that it took."""
    child, _ = _start(place, draft)
    begun = time.perf_counter()
    child.join()
    return time.perf_counter() - begun


def _kill(place: Where, draft: str, after: float) -> None:
    """Kill a booking after some seconds."""
    child, _ = _start(place, draft)
    time.sleep(after)
    child.kill()
    child.join()


def _finished(place: Where, id_: str) -> list[str]:
    """Come to the draft as a page does after the other's silence; return what is wrong with the receipt."""
    installation = place.open()
    try:
        draft = _draft(installation, id_)
        if draft.working:
            draft = worker(installation, LATER).look(draft)
        if draft.receipt is not None and draft.receipt["looked_at"] is None:
            complete(installation, draft, LATER)
            draft = _draft(installation, id_)
        receipt = draft.receipt or {}
        said = (receipt.get("new"), receipt.get("known"), bool(receipt.get("number")), receipt.get("looked_at") is None)
        return [] if said == (LINES, 0, True, False) else [f"the receipt says {receipt}, the stage is {draft.stage}"]
    finally:
        installation.close()
