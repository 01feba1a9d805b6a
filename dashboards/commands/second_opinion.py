"""`parse --second-opinion`: what another reader finds in the same file, line by line where it differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence
    from pathlib import Path

    from importers.second_opinion.comparison import Difference
    from importers.second_opinion.opinion import Opinion

Asked = tuple["Path", "Opinion"]


def opinions_as_json(opinions: Sequence[Asked]) -> dict[str, object]:
    """Return what other readers said of files, as one document."""
    return {
        "opinions": [
            {
                "file": str(path),
                "reader": opinion.reader,
                "lines": opinion.lines,
                "agrees": opinion.agrees,
                "differences": [_as_json(difference) for difference in opinion.differences],
            }
            for path, opinion in opinions
        ]
    }


def _as_json(difference: Difference) -> dict[str, object]:
    return {
        "place": difference.place,
        "part": difference.part,
        "field": difference.what,
        "ours": difference.ours,
        "theirs": difference.theirs,
        "reason": difference.reason,
    }


def opinions_in_words(opinions: Sequence[Asked]) -> str:
    """Return what other readers said of files, in words."""
    return "\n".join(line for path, opinion in opinions for line in _in_words(path, opinion))


def _in_words(path: Path, opinion: Opinion) -> Iterator[str]:
    verdict = "agrees" if opinion.agrees else "DOES NOT AGREE"
    figures = "their number and sum, each day and amount, and the balances"
    yield f"{path}: {opinion.reader} {verdict} with our {opinion.lines} lines: {figures}."
    for one in opinion.differences:
        said = f"{one.what}: ours {_quoted(one.ours)}, theirs {_quoted(one.theirs)}"
        yield f"  {_place(one)}{said} ({one.reason or 'NOT EXPLAINED'})"


def _place(one: Difference) -> str:
    if not one.place:
        return ""
    kind = "statement" if one.what in {"opening", "closing"} else "line"
    return f"{kind} {one.place} " + (f"part {one.part} " if one.part else "")


def _quoted(said: str | None) -> str:
    return "nothing" if said is None else repr(said)
