"""How a case is told from another."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from audit.rules import RULES
from dashboards.app import create_app
from dashboards.desks import case_words
from dashboards.templating import translated
from dashboards.work.casebook import Case
from dashboards.work.casebook import CaseFlag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.unit.dashboards.sample import SampleReader

TODAY = dt.date(2026, 11, 2)
AT = dt.datetime(2026, 11, 2, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _english(reader: SampleReader) -> Iterator[None]:
    """A request in English."""
    app = create_app(reader)
    with app.test_request_context(environ_overrides={"buurtkas.language": "en"}):
        app.preprocess_request()
        yield


@pytest.mark.parametrize(
    ("days", "written"),
    [
        ((TODAY,), "2 November"),
        ((TODAY, TODAY), "2 November"),
        ((dt.date(2026, 9, 3), dt.date(2026, 8, 31)), "31 August and 3 September"),
        (tuple(dt.date(2026, 9, day) for day in (1, 2, 4)), "1 September, 2 September and 4 September"),
        (tuple(dt.date(2026, 9, day) for day in (9, 2, 4, 7)), "2 September to 9 September"),
        ((dt.date(2025, 12, 31), dt.date(2026, 1, 2)), "31 December 2025 and 2 January"),
    ],
)
def test_days_are_written_as_people_say_them(days: tuple[dt.date, ...], written: str) -> None:
    """A few days one by one, many as a period, another year with its year."""
    assert case_words.days_text(days, TODAY) == written


def test_a_case_without_payments_is_its_rule() -> None:
    """A case about a statement has nobody who was paid; its figures are said all the same."""
    flag = CaseFlag(
        id="0" * 64,
        idx=0,
        rule="BNK-01",
        severity="high",
        status="open",
        raised_at=AT,
        changed_at=AT,
        about=(),
        evidence={"opening_minor": 100, "booked_on": "2026-10-01", "currency": "EUR"},
        shown=False,
    )
    case = Case(id="0" * 64, foundation="0" * 16, flags=(flag, flag), steps=(), payments=())
    title = case_words.case_title(case, TODAY)
    assert (title.what, title.who) == (translated(RULES["BNK-01"].title), None)
    (finding,) = case_words.findings(case, ())
    assert [line.value for line in finding.evidence] == ["1 October 2026", "€1.00"]
