"""Values of pages: the sum law, bars that fill their width, and groups too small to show."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.charts.picture import picture
from dashboards.charts.street import GROUND
from dashboards.charts.street import street
from dashboards.pages.parts import BankSum
from dashboards.pages.parts import Payee
from dashboards.pages.parts import PrivateTotal
from dashboards.pages.parts import Sums

if TYPE_CHECKING:
    from types import ModuleType

AMOUNTS = st.integers(min_value=0, max_value=2**53 - 1)


def sums(granted: int, explained: int, unexplained: int) -> Sums:
    """Sums in euros."""
    return Sums(currency="EUR", granted_minor=granted, explained_minor=explained, unexplained_minor=unexplained)


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_granted_is_always_the_sum_of_its_parts(granted: int, explained: int, unexplained: int) -> None:
    """Whatever is spent, the three parts make the whole."""
    value = sums(granted, explained, unexplained)
    assert value.explained_minor + value.unexplained_minor + value.left_minor == granted
    assert value.overspent == (explained + unexplained > granted)


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_bar_is_full_and_never_overflows(granted: int, explained: int, unexplained: int) -> None:
    """The segments join up, and fill the bar but for rounding."""
    segments = sums(granted, explained, unexplained).segments
    widths = [Decimal(segment.width.rstrip("%")) for segment in segments]
    assert not widths or abs(sum(widths, Decimal(0)) - 100) <= Decimal("0.02")
    assert all(Decimal(segment.start.rstrip("%")) <= 100 for segment in segments)


def test_what_is_above_the_plan_is_a_part_of_the_bar() -> None:
    """Where all is explained, paid above the plan has a pattern of its own."""
    assert [part.kind for part in sums(100, 150, 0).segments] == ["spent", "over"]
    assert [part.kind for part in sums(100, 120, 30).segments] == ["spent", "unexplained"]


def test_bank_sum_that_does_not_add_up_is_refused() -> None:
    """The value itself refuses a sum that is a cent off."""
    with pytest.raises(ValueError, match="must give the balance"):
        BankSum(currency="EUR", opening_minor=1, came_in_minor=2, paid_minor=1, moved_minor=0, balance_minor=3)


def test_bar_of_nothing_is_empty() -> None:
    """Without money there is nothing to draw, and no division by zero."""
    assert sums(0, 0, 0).segments == ()


@pytest.mark.parametrize(("persons", "shown"), [(0, None), (2, None), (3, 3)])
def test_small_groups_are_not_counted_in_public(persons: int, shown: int | None) -> None:
    """Fewer than three persons are not numbered."""
    assert PrivateTotal.counted(persons=persons, payments=9, amount_minor=1, currency="EUR").persons == shown


def test_small_group_cannot_be_made_by_mistake() -> None:
    """The value itself refuses a number below three."""
    with pytest.raises(ValueError, match=r"use PrivateTotal\.counted"):
        PrivateTotal(persons=2, payments=1, amount_minor=1, currency="EUR")


def test_private_payee_cannot_have_a_name() -> None:
    """Only a named payee has a name, and it always has one."""
    with pytest.raises(ValueError, match="exactly when its kind is 'named'"):
        Payee(kind="private", name="P. Vanverre")
    with pytest.raises(ValueError, match="exactly when its kind is 'named'"):
        Payee(kind="named")


def test_street_shows_at_most_twelve_houses(sample: ModuleType) -> None:
    """Four hundred initiatives are still a street and not a wall."""
    assert len(street(sample.LONG_HOME.initiatives).houses) == 12
    assert street(()).houses == ()


def test_house_fills_as_money_is_spent(sample: ModuleType) -> None:
    """Nothing spent is an empty house, everything or more is a full one."""
    card = sample.HOME.initiatives[0]
    for spent in (0, card.sums.granted_minor, 2 * card.sums.granted_minor):
        house = street((replace(card, sums=replace(card.sums, explained_minor=spent)),)).houses[0]
        assert house.spent_y + house.spent_height == GROUND
        assert (house.spent_height == 0) == (spent == 0)


def test_picture_is_the_same_on_every_visit() -> None:
    """The quilt follows from name and theme alone, and its shapes never vanish into their ground."""
    first = picture("moestuin", "groen")
    assert first == picture("moestuin", "groen")
    assert first != picture("geveltuin", "groen")
    assert all(patch.ground != patch.tone for patch in first.patches)
