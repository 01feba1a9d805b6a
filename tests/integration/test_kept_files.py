"""Kept files, while others forget: what an upload or an entry names is there, whoever came in between."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from dashboards.errors import Settled
from dashboards.work.drafts import begin_draft
from dashboards.work.drafts import cancel_draft
from dashboards.work.drafts import find_draft
from dashboards.work.receipts import Choice
from dashboards.work.receipts import confirm_draft
from dashboards.work.unnamed import forget_unnamed
from importers.errors import FileChanged
from importers.progress import Step
from ledger import tables
from tests.proofs.bank import NOW
from tests.proofs.bank import Account
from tests.proofs.bank import make_bank

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future
    from pathlib import Path

    from dashboards.work.drafts import Draft
    from ledger.errors import BuurtkasError
    from ledger.files import Content
    from ledger.installation import Installation

PERSON = "00000000000000a1"
LINES = 3
A_MOMENT = 0.5
"""Seconds in which somebody who may forget a file has long forgotten it."""


@pytest.fixture
def bank(tmp_path: Path, database: str) -> Iterator[Installation]:  # noqa: ARG001 - where its books lie
    """A foundation with one account."""
    installation = make_bank(tmp_path / "bank", 1)
    yield installation
    installation.close()


def begun(bank: Installation) -> Draft:
    """Return a short file that somebody brought."""
    with bank.store.reading() as connection:
        foundation = connection.execute(sa.select(tables.foundation.c.id)).scalar_one()
    id_ = begin_draft(bank, PERSON, foundation, ("dag.xml", Account(1, LINES).statement(0, 0)), NOW)
    with bank.store.reading() as connection:
        return find_draft(connection, id_)


def test_a_file_of_an_upload_that_begins_is_not_forgotten(bank: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else gives up the same file between its keeping and its naming."""
    forgetting: list[Future[None]] = []
    keep = bank.keep_file

    def kept(content: Content) -> str:
        file = keep(content)
        forgetting.append(pool.submit(forget_unnamed, bank, [file]))
        wait(forgetting, A_MOMENT)
        return file

    with ThreadPoolExecutor(1) as pool:
        monkeypatch.setattr(bank, "keep_file", kept)
        draft = begun(bank)
    assert forgetting[0].result() is None
    assert bank.kept_path(draft.content).exists()


@pytest.mark.parametrize(("at", "error"), [(Step.READ, FileChanged), (Step.PLAN, Settled), (Step.SEAL, Settled)])
def test_an_upload_that_is_given_up_while_it_is_booked_books_nothing(
    bank: Installation, at: Step, error: type[BuurtkasError]
) -> None:
    """Its file is gone by then."""
    draft = begun(bank)
    given_up: list[Step] = []

    def told(step: Step, _done: int, _whole: int) -> None:
        if step is at and not given_up:
            given_up.append(step)
            cancel_draft(bank, draft)

    with pytest.raises(error, match=r"settled|changed while it was read"):
        confirm_draft(bank, draft, Choice({}, ()), NOW, progress=told)
    assert not bank.kept_path(draft.content).exists()
    with bank.store.reading() as connection:
        assert connection.execute(sa.select(tables.statement)).all() == []
