"""daily: what a day brings, by command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.work.daily import DayDone

if TYPE_CHECKING:
    import pytest

    from tests.unit.dashboards.commands.conftest import Line

NOW = ("--now", "2026-11-02T12:00:00Z")


def test_a_day_is_done_and_told_once(made: Line) -> None:
    """In words and as JSON; the seal of every missed day, and nothing on the same day again."""
    assert made("daily", *NOW, "--json").document == {
        "sealed": ["2026-11-02"],
        "flags": 0,
        "alarms": 0,
        "tidied": 0,
        "holds": True,
    }
    again = made("daily", *NOW)
    assert (again.code, again.out) == (0, "Today's work was done before; 0 new flags.\n")
    later = made("daily", "--now", "2026-11-04T12:00:00Z")
    assert later.out.startswith("Sealed: 2026-11-03, 2026-11-04. ")
    assert "everything holds" in later.out
    assert made("verify").code == 0


def test_books_that_are_not_in_order_are_exit_1(made: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """A timer's service fails, and whoever keeps the machine hears of it."""
    monkeypatch.setattr("dashboards.work.daily.do_day", lambda *_: DayDone(holds=False))
    said = made("daily", *NOW)
    assert (said.code, "NOT in order" in said.out) == (1, True)
