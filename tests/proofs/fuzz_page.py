"""The page of the fuzzing: its words stay, and the figures below them are written anew, a row for each format."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence
    from pathlib import Path

Row = tuple[str, ...]

FIGURES = "## Figures"
"""Below this heading of the page the figures are written."""
OUTCOMES = ("same", "other", "problem", "refused")
_HEADS = ("format", "revision", "mutants", *OUTCOMES, "wrong", "slowest (ms)", "memory (MB)", "guided", "wrong")
_ROW = re.compile(r"^\| (?!format)(.+) \|$", re.MULTILINE)
_SHOWN = 20


def row(name: str, figures: Iterable[int]) -> Row:
    """Return the figures of a format as they stand in the table, with the revision that they are of."""
    return (name, os.environ.get("BUURTKAS_REVISION", "unknown"), *map(str, figures))


def markdown(rows: Iterable[Row], wrong: Sequence[str], seed: int) -> str:
    """Return rows as a table, and what is wrong below it."""
    lines = [
        f"Made by `make prove` with seed {seed}.",
        "",
        f"| {' | '.join(_HEADS)} |",
        f"|---|---|{'--:|' * (len(_HEADS) - 2)}",
        *(f"| {' | '.join(cells)} |" for cells in rows),
        "",
        *(f"- WRONG: {what}" for what in wrong[:_SHOWN]),
    ]
    return "\n".join(lines).rstrip() + "\n"


def keep(page: Path, new: Row, wrong: Sequence[str], seed: int, order: Sequence[str]) -> None:
    """Write a format's row into the page; those of the others stay.

    Args:
        page: Where.
        new: The row.
        wrong: What is wrong in this run.
        seed: Where its chance began.
        order: The names of all formats, as they follow each other.
    """
    words, _, below = page.read_text(encoding="utf-8").partition(FIGURES)
    rows = {cells[0]: cells for cells in (tuple(found.split(" | ")) for found in _ROW.findall(below))}
    rows[new[0]] = new
    kept = [rows[name] for name in order if name in rows]
    page.write_text(f"{words}{FIGURES}\n\n{markdown(kept, wrong, seed)}", encoding="utf-8")
