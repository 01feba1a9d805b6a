"""How soon it would have been seen: days, sums, and whom it may be told about."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from dashboards.pages.reader import PageMissing
from dashboards.reading.soon import Payment
from dashboards.reading.soon import gone
from dashboards.reading.soon import next_first
from dashboards.reading.soon import next_monday
from dashboards.reading.soon import story

if TYPE_CHECKING:
    from ledger.entry import Entry
    from tests.unit.dashboards.reading.conftest import Village

THURSDAY = dt.date(2026, 9, 10)


def test_rhythms_begin_on_their_own_day() -> None:
    """A Monday and a first of the month are days of an upload themselves; else the next one is."""
    assert next_monday(THURSDAY) == dt.date(2026, 9, 14)
    assert next_monday(dt.date(2026, 9, 14)) == dt.date(2026, 9, 14)
    assert next_first(THURSDAY) == dt.date(2026, 10, 1)
    assert next_first(dt.date(2026, 12, 31)) == dt.date(2027, 1, 1)
    assert next_first(dt.date(2026, 9, 1)) == dt.date(2026, 9, 1)


def test_gone_are_the_payments_up_to_the_end_of_the_day() -> None:
    """What was booked on the day itself is on that day's statement."""
    payments = [Payment(number, THURSDAY + dt.timedelta(days=number), 100) for number in range(4)]
    assert [gone(payments, THURSDAY + dt.timedelta(days=day)) for day in (-1, 0, 2, 9)] == [0, 100, 300, 400]


def test_a_story_has_no_gap_of_more_than_a_week() -> None:
    """A year of small mistakes is not one story: the run with the largest sum is."""
    days = (0, 60, 67, 75)
    first, second, third, fourth = (
        Payment(number, THURSDAY + dt.timedelta(days=day), 100) for number, day in enumerate(days)
    )
    assert story([third, first, second, fourth]) == (second, third)
    assert story([]) == ()


def _two_payments(village: Village) -> tuple[Entry, Entry]:
    first, second = village.line(-400_00, "2026-03-12"), village.line(-600_00, "2026-03-17")
    village.line(-25_00, "2026-03-13")
    return first, second


def test_it_is_told_only_after_the_ruling(village: Village) -> None:
    """Nothing while a payment is looked at, nothing about one found in order; then what the book says."""
    first, second = _two_payments(village)
    flags = [village.flag(entry, "PAY-01", show=True, number=number) for number, entry in enumerate((first, second), 1)]
    for status in ("open", "accepted"):
        if status == "accepted":
            village.step("flag ruled", flags[0], "accepted", outcome="accepted")
        with pytest.raises(PageMissing, match="no such page"):
            village.reader.soon("beemd")
    for flag in flags:
        village.step("flag confirmed", flag, "confirmed")
    page = village.reader.soon("beemd")
    assert (page.payments, page.total_minor, page.every_days) == (2, 1_000_00, 35)
    told = {line.rhythm: (line.seen_on.isoformat(), line.gone_minor, page.kept_minor(line)) for line in page.lines}
    assert told["daily"] == ("2026-03-12", 400_00, 600_00)
    assert told["weekly"] == ("2026-03-16", 400_00, 600_00)
    assert told["monthly"] == ("2026-04-01", 1_000_00, 0)
    assert (page.soonest.rhythm, page.happened.rhythm) == ("daily", "happened")


def test_the_agreement_counts_from_the_last_statement_before(village: Village) -> None:
    """Or from the day on which the book began, where there was none; never from before the payment."""
    first, _ = _two_payments(village)
    village.step("flag confirmed", village.flag(first, "PAY-01", show=True), "confirmed")
    agreed = village.reader.soon("beemd").lines[3]
    assert (agreed.rhythm, agreed.days >= 0) == ("agreed", True)


def test_nobody_and_nothing_wrong_have_no_page(village: Village) -> None:
    """The page exists only where there is something to tell."""
    for slug in ("beemd", "nergens"):
        with pytest.raises(PageMissing, match="no such page"):
            village.reader.soon(slug)
