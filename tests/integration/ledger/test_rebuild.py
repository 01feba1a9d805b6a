"""Views are a function of the entries and the private values: rebuilt, they are the same."""

from __future__ import annotations

import random
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from hypothesis.stateful import initialize
from hypothesis.stateful import invariant
from hypothesis.stateful import precondition
from hypothesis.stateful import rule
from hypothesis.stateful import run_state_machine_as_test

from dashboards.work.ordinary import changing
from ledger import tables
from ledger.check_views import verify_installation
from ledger.errors import MalformedEntry
from ledger.installation import Installation
from ledger.installation import create_installation
from ledger.rebuild import rebuild
from tests.conftest import new_settings
from tests.proofs.histories import History


def _views(installation: Installation) -> dict[str, list[tuple[Any, ...]]]:
    """Return every view's rows as the database keeps them, in the order of their keys."""
    with installation.store.reading() as connection:
        return {
            table.name: sorted(
                (tuple(row) for row in connection.execute(sa.text(f'SELECT * FROM "{table.name}"'))), key=repr
            )
            for table in tables.VIEWS
        }


class Ledger(RuleBasedStateMachine):
    """A ledger under random use, against its own replay."""

    def __init__(self) -> None:
        super().__init__()
        self.directory = Path(tempfile.mkdtemp())
        self.installation = create_installation(self.directory / "books", new_settings())

    @initialize(seed=st.integers(0, 2**32))
    def begin(self, seed: int) -> None:
        """Open the books."""
        self.history = History(self.installation, random.Random(seed))
        self.history.open()

    @rule(places=st.lists(st.integers(0, 10**6), min_size=1, max_size=8))
    def write(self, places: list[int]) -> None:
        """Do several things in one transaction."""
        with self.history.transaction():
            for place in places:
                actions = self.history.actions()
                actions[place % len(actions)]()

    @rule(count=st.integers(1, 4))
    def erase(self, count: int) -> None:
        """Delete private values."""
        self.history.erase(count)

    @rule()
    def sign(self) -> None:
        """Sign the log."""
        self.history.sign()

    @rule()
    def rebuild(self) -> None:
        """Make all views again: nothing differs."""
        before = _views(self.installation)
        replayed = rebuild(self.installation.store)
        assert _views(self.installation) == before
        with self.installation.store.reading() as connection:
            size = connection.execute(sa.select(tables.log_head.c.size)).scalar_one()
        assert replayed == size

    @precondition(lambda self: hasattr(self, "history"))
    @invariant()
    def the_replay_in_memory_gives_the_same(self) -> None:
        """What the verifier makes in memory equals what the database holds."""
        report = verify_installation(self.installation)
        assert report.ok, report.first

    def teardown(self) -> None:
        """Make everything again at the end, and clear up."""
        if hasattr(self, "history"):
            self.rebuild()
        self.installation.close()
        shutil.rmtree(self.directory)


def test_whatever_is_done_the_replay_gives_the_same() -> None:
    """Random use of a ledger, with erasures and rebuilds in between, never makes a view differ from the entries."""
    few = settings(max_examples=12, stateful_step_count=10, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Ledger, settings=few)


@pytest.mark.parametrize("seed", range(4))
def test_a_long_history_is_rebuilt_the_same(installation: Installation, seed: int) -> None:
    """Beyond one page of the replay, and after erasures, the views come out equal."""
    history = History(installation, random.Random(seed))
    history.open()
    history.grow(400 if seed else 900)
    history.erase(5)
    before = _views(installation)
    assert rebuild(installation.store) > 400
    assert _views(installation) == before


def test_a_rebuild_mends_forged_views(installation: Installation) -> None:
    """Whatever was done to a view, making it again sets it right."""
    history = History(installation, random.Random(1))
    history.open()
    history.grow(60)
    before = _views(installation)
    with changing(installation.engine) as connection:
        connection.execute(sa.update(tables.foundation_sum).values(paid_minor=1))
        connection.execute(sa.delete(tables.flag))
    assert not verify_installation(installation).ok
    rebuild(installation.store)
    assert _views(installation) == before
    assert verify_installation(installation).ok


def test_a_rebuild_refuses_damaged_private_values(installation: Installation) -> None:
    """Nothing is replayed halfway: the old views stay."""
    history = History(installation, random.Random(1))
    history.open()
    before = _views(installation)
    with changing(installation.engine) as connection:
        connection.execute(sa.update(tables.private_value).values(body="{"))
    with pytest.raises(MalformedEntry, match="private values"):
        rebuild(installation.store)
    assert _views(installation) == before
