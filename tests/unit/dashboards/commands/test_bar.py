"""The bar that shows how far a long file has come."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from dashboards.commands.bar import LABELS
from dashboards.commands.bar import progress_bar
from importers.progress import Step
from importers.progress import nothing

if TYPE_CHECKING:
    import pytest

    from tests.unit.dashboards.commands.conftest import Line


class _Terminal(io.StringIO):
    """A terminal that somebody watches."""

    def isatty(self) -> bool:
        return True


def test_each_step_has_a_bar_that_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its label and how far it came; a step that begins anew begins a bar anew."""
    terminal = _Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress_bar(as_json=False) as told:
        for step, done in ((Step.READ, 0), (Step.READ, 4), (Step.BOOK, 0), (Step.BOOK, 4), (Step.BOOK, 0)):
            told(step, done, 4)
    shown = terminal.getvalue()
    assert ["Reading" in shown, "Booking" in shown, "Sealing" in shown] == [True, True, False]
    assert "100%" in shown
    assert shown.count("\n") == 3


def test_nothing_is_shown_in_a_document_or_where_nobody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    """`--json`, a pipe or a timer."""
    for stream, as_json in ((_Terminal(), True), (io.StringIO(), False)):
        monkeypatch.setattr(sys, "stderr", stream)
        with progress_bar(as_json=as_json) as told:
            assert told is nothing
        assert stream.getvalue() == ""


def test_every_step_has_a_label() -> None:
    """Also the ones to come."""
    assert set(LABELS) == set(Step)


def test_commands_print_no_bar_into_a_pipe(line: Line) -> None:
    """Standard error stays empty."""
    assert line("parse", line.file("a.xml", -1)).err == ""
