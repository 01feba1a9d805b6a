"""Asking for a second opinion on a file that was read, and what came of it."""

from __future__ import annotations

import importlib.metadata
import importlib.util
from dataclasses import dataclass
from typing import TYPE_CHECKING

from importers.second_opinion.apart import read_apart
from importers.second_opinion.comparison import Difference
from importers.second_opinion.comparison import differences
from importers.second_opinion.errors import NoSecondReader
from importers.second_opinion.errors import SecondReaderMissing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from importers.statement import Statement

_READERS = {"mt94": "mt-940", "ofx": "ofxparse", "camt": "a plain reading of its elements"}
_MODULES = {"mt-940": "mt940", "ofxparse": "ofxparse"}


@dataclass(frozen=True, slots=True)
class Opinion:
    """What another reader thinks of our reading of a file.

    Attributes:
        reader: Whose opinion it is, with the version where it is a package.
        lines: How many lines we read.
    """

    reader: str
    lines: int
    differences: tuple[Difference, ...]

    @property
    def agrees(self) -> bool:
        """Whether no figure differs without a reason."""
        return not any(difference.weighs for difference in self.differences)


def second_opinion_on(path: Path, ours: Sequence[Statement]) -> Opinion:
    """Have another reader read the same file, in a process of its own.

    Args:
        path: The file.
        ours: What `importers.reading` found in it.

    Raises:
        NoSecondReader: Nobody else's reader is known for the format.
        SecondReaderMissing: The package is not installed.
        SecondReaderFailed: It could not read the file, or not within its limits.
    """
    form = ours[0].format
    reader = next((name for beginning, name in _READERS.items() if form.startswith(beginning)), None)
    if reader is None or any(statement.member for statement in ours):
        raise NoSecondReader("zip" if reader else form)
    module = _MODULES.get(reader)
    if module and importlib.util.find_spec(module) is None:
        raise SecondReaderMissing(reader)
    found = differences(ours, read_apart(reader, path))
    version = f" {importlib.metadata.version(reader)}" if module else ""
    return Opinion(reader + version, sum(len(one.lines) + len(one.pending) for one in ours), found)
