"""What a checker found, in words for neighbours."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from dashboards.language import load_languages
from dashboards.reading.verify import CHANGED_LINE
from dashboards.reading.verify import FAULTS
from dashboards.reading.verify import MISSING_LINE
from dashboards.reading.verify import plain_words
from ledger import check_views
from ledger import verify

DUTCH = load_languages()["nl"]
ABOUT_ONE_LINE = ("no view can be made of it",)


def _problems(module: str) -> list[str]:
    """Return how the problems that a checker names without an entry begin."""
    calls = [node for node in ast.walk(ast.parse(Path(module).read_text())) if isinstance(node, ast.Call)]
    named = [call.args[0] for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Problem"]
    inner = [text.args[0] if isinstance(text, ast.Call) else text for text in named]
    heads = [text.values[0] if isinstance(text, ast.JoinedStr) else text for text in inner]
    return [str(head.value) for head in heads if isinstance(head, ast.Constant)]


@pytest.mark.parametrize("what", [*_problems(verify.__file__), *_problems(check_views.__file__)])
def test_every_problem_beside_the_lines_has_words_of_its_own(what: str) -> None:
    """Nobody reads that a line was changed where it is a view, a lock or a note that does not fit."""
    assert (plain_words(what) == CHANGED_LINE) == what.startswith(ABOUT_ONE_LINE)


@pytest.mark.parametrize(
    "what",
    [
        "its bytes do not hash to its leaf",
        "it does not link to the entry before it in its book",
        "an entry is kept at a place that is not in the log",
        "This entry is not well formed: no JSON.",
    ],
)
def test_a_fault_of_a_line_is_said_of_a_line(what: str) -> None:
    """What is wrong with one entry is one sentence for people; the checker's own words stand beside it."""
    assert plain_words(what) == CHANGED_LINE


def test_a_gap_and_a_cut_tail_are_missing_lines() -> None:
    """A line that is not there is not a line that was changed."""
    assert plain_words("entry 7 of the log is missing") == MISSING_LINE
    assert plain_words("the log ends at 7 entries, its checkpoint covers 9") == MISSING_LINE


@pytest.mark.parametrize("said", [CHANGED_LINE, *(said for _, said in FAULTS)])
def test_every_sentence_is_dutch_too(said: str) -> None:
    """The verify page is read by neighbours."""
    assert DUTCH.gettext(said) != said
