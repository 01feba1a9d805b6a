"""How far long work on a file has come: a callback that is told, and that may stop it.

It is told at most a few hundred times for each step of a file. It may raise `importers.errors.Cancelled`
as long as nothing was booked: whatever was begun is then taken back.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING
from typing import TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

T = TypeVar("T")
EVERY = 500
MOST = 200
"""How often one step tells how far it has come."""


class Step(StrEnum):
    """What is being done with a file, in this order; `AUDIT` comes when all is booked."""

    READ = "read"
    PLAN = "plan"
    SEAL = "seal"
    BOOK = "book"
    AUDIT = "audit"


Progress = Callable[[Step, int, int], None]
"""Is told which step it is, how much of it is done, and how much it is in all: bytes (READ) or lines."""


def nothing(_step: Step, _done: int, _whole: int, /) -> None:
    """Tell nobody."""


class Counting:
    """Counts what a step has done, over all the statements of a file, and tells it every so often.

    Args:
        whole: How much the step is in all.
    """

    def __init__(self, progress: Progress, step: Step, whole: int) -> None:
        self._progress, self._step, self._whole = progress, step, whole
        self._done = 0
        self._every = max(EVERY, whole // MOST)
        progress(step, 0, whole)

    def along(self, values: Iterable[T]) -> Iterator[T]:
        """Yield values, counting them."""
        for value in values:
            yield value
            self._done += 1
            if self._done % self._every == 0:
                self._progress(self._step, self._done, self._whole)

    def finish(self) -> None:
        """Tell that all is done."""
        self._progress(self._step, self._whole, self._whole)


class Places:
    """Tells how far along a file's bytes a reader stands.

    Attributes:
        due: From which place on it wants to be told the next time.
    """

    __slots__ = ("_every", "_progress", "_whole", "due")

    def __init__(self, progress: Progress, whole: int) -> None:
        self._progress, self._whole = progress, whole
        self._every = max(EVERY, whole // MOST)
        self.due = self._every

    def tell(self, place: int) -> None:
        """Tell where the reader stands."""
        self.due = place + self._every
        self._progress(Step.READ, place, self._whole)
