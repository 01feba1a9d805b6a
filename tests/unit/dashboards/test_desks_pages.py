"""Values of the desks: what a preview counts, and when it stops."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType


def test_preview_counts_new_known_and_double(sample: ModuleType) -> None:
    """Possibly double lines are new ones that deserve a look; a long statement shows its first lines alone."""
    statement = replace(sample.STATEMENT, lines=sample.PREVIEW_LINES[:1])
    assert (statement.new, statement.known, statement.twins, statement.whole) == (2, 1, 1, 3)


def test_preview_adds_up_only_with_both_balances(sample: ModuleType) -> None:
    """Opening + in - out = closing; a balance that is not stated proves nothing."""
    assert sample.STATEMENT.adds_up
    assert not replace(sample.STATEMENT, in_minor=1).adds_up
    assert not replace(sample.STATEMENT, opening_minor=None).adds_up


def test_preview_tells_by_how_much_it_is_off(sample: ModuleType) -> None:
    """Where the lines lead, and how much more the bank states; nothing where one of both is not stated."""
    statement = replace(sample.STATEMENT, opening_minor=1_000, in_minor=50, out_minor=300, closing_minor=800)
    assert (statement.made_minor, statement.off_minor, statement.adds_up) == (750, 50, False)
    assert replace(statement, opening_minor=None).off_minor is None
    assert replace(statement, closing_minor=None).off_minor is None


def test_any_problem_stops_the_upload(sample: ModuleType) -> None:
    """One statement with a problem stops the file; without problems it goes on."""
    assert sample.STOPPED.stopped
    assert not sample.PREVIEW.stopped
