"""Hints: for officers without a tie, who take them up or set them aside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from audit.errors import StepRefused
from dashboards.errors import Missing
from dashboards.work.cases import case_for
from dashboards.work.hints import open_hints
from dashboards.work.hints import set_aside
from dashboards.work.hints import take_up_hint
from ledger import tables
from ledger.check_views import verify_installation
from tests.unit.dashboards.district import MEER

if TYPE_CHECKING:
    from tests.unit.dashboards.district import District

HINT, CASE = "41" * 32, "ca5e".ljust(64, "0")


@pytest.fixture
def hint(district: District) -> str:
    """The same amount, twice, to one payee."""
    about = [district.pay("Drukkerij Inktvlek", "NL20INGB0001234567", 12_345) for _ in range(2)]
    row = {
        "flag": HINT,
        "foundation": MEER,
        "rule": "AMT-01",
        "severity": "medium",
        "case_id": CASE,
        "about": about,
        "evidence": {"amount_minor": 12_345, "currency": "EUR", "reasons": []},
        "found_at": district.now,
    }
    with district.installation.engine.begin() as connection:
        connection.execute(sa.insert(tables.hint).values(row))
    return HINT


def waiting(district: District, who: str = "officer") -> tuple[list[str], int]:
    """Return the hints that somebody sees, and how many wait."""
    with district.installation.store.reading() as connection:
        found, count = open_hints(connection, district.ids[who])
    return [case.id for case in found], count


@pytest.mark.usefixtures("hint")
@pytest.mark.parametrize("who", ["officer", "second", "head"])
def test_the_district_sees_hints_with_their_payments(district: District, who: str) -> None:
    """Each as the case that it would be."""
    assert waiting(district, who) == ([HINT], 1)
    with district.installation.store.reading() as connection:
        ((case,), _) = open_hints(connection, district.ids[who])
    assert [payment.amount_minor for payment in case.payments] == [-12_345, -12_345]
    assert [flag.kind for flag in case.flags] == ["indicator"]


@pytest.mark.usefixtures("hint")
@pytest.mark.parametrize("who", ["treasurer", "signatory", "tied", "nobody"])
def test_nobody_else_sees_or_touches_a_hint(district: District, who: str) -> None:
    """No foundation, and no officer with a tie; nothing is appended."""
    assert waiting(district, who) == ([], 0)
    size = district.size()
    for step in (take_up_hint, set_aside):
        with pytest.raises(StepRefused, match=r"\w"):
            step(district.installation, district.ids[who], HINT, district.now)
    assert (district.size(), waiting(district)) == (size, ([HINT], 1))


def test_a_hint_that_is_taken_up_is_a_case(district: District, hint: str) -> None:
    """Its rule and severity stay committed; the foundation sees it now, and it waits no longer as a hint."""
    size = district.size()
    assert take_up_hint(district.installation, district.ids["officer"], hint, district.now) == CASE
    assert district.types(size) == ["flag raised", "flag taken up"]
    (row,) = (row for row in district.rows(tables.flag) if row.id == hint)
    assert (row.status, row.rule, row.severity, row.private_rule) == ("under_review", None, None, "AMT-01")
    with district.installation.store.reading() as connection:
        assert [flag.id for flag in case_for(connection, district.ids["treasurer"], CASE).flags] == [hint]
    assert waiting(district) == ([], 0)
    with pytest.raises(Missing):
        take_up_hint(district.installation, district.ids["second"], hint, district.now)
    assert verify_installation(district.installation).ok


def test_what_was_set_aside_is_remembered(district: District, hint: str) -> None:
    """By whom, and when; nothing of it is in any book."""
    size = district.size()
    set_aside(district.installation, district.ids["officer"], hint, district.now)
    (row,) = district.rows(tables.hint)
    assert (row.aside_by, row.aside_at) == (district.ids["officer"], district.now)
    assert (district.size(), waiting(district)) == (size, ([], 0))
