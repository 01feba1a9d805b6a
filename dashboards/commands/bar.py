"""A bar on standard error that shows how far a long file has come, where somebody watches."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

import click

from importers.progress import Step
from importers.progress import nothing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click._termui_impl import ProgressBar

    from importers.progress import Progress

LABELS = {
    Step.READ: "Reading",
    Step.PLAN: "Comparing with the book",
    Step.SEAL: "Sealing",
    Step.BOOK: "Booking",
    Step.AUDIT: "Running the rules",
}


@contextlib.contextmanager
def progress_bar(*, as_json: bool) -> Iterator[Progress]:
    """Give what shows progress: a bar for each step at a terminal, else nothing."""
    if as_json or not sys.stderr.isatty():
        yield nothing
        return
    bars = _Bars()
    try:
        yield bars.show
    finally:
        bars.close()


class _Bars:
    """One bar after the other."""

    def __init__(self) -> None:
        self._step: Step | None = None
        self._bar: ProgressBar[int] | None = None
        self._stack = contextlib.ExitStack()

    def show(self, step: Step, done: int, whole: int) -> None:
        """Move the bar of a step, beginning it where another one was shown."""
        if self._bar is None or step is not self._step or done < self._bar.pos:
            self.close()
            self._step = step
            self._bar = self._stack.enter_context(click.progressbar(length=whole, label=LABELS[step], file=sys.stderr))
        self._bar.update(done - self._bar.pos)

    def close(self) -> None:
        """End the bar that is shown."""
        self._stack.close()
        self._bar = None
