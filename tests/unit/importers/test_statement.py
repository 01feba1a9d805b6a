"""A line made quickly is a line like any other."""

from __future__ import annotations

import datetime as dt
from dataclasses import FrozenInstanceError
from dataclasses import replace

import pytest

from importers.statement import Line
from importers.statement import Part
from importers.statement import make_line


def test_a_line_made_quickly_equals_one_made_slowly() -> None:
    """With all fields, with defaults, and by name or by place."""
    day = dt.date(2026, 3, 1)
    slow = Line(1, day, None, -100, "EUR", text="hout", parts=(Part(-100),), returned=True)
    quick = make_line(1, day, None, -100, "EUR", text="hout", parts=(Part(-100),), returned=True)
    assert quick == slow
    assert hash(quick) == hash(slow)
    assert repr(quick) == repr(slow)
    assert type(quick) is Line
    assert replace(quick, text=None) == replace(slow, text=None)


def test_a_line_made_quickly_cannot_be_changed() -> None:
    """It is as frozen as any."""
    quick = make_line(1, dt.date(2026, 3, 1), None, -100, "EUR")
    with pytest.raises(FrozenInstanceError, match="amount_minor"):
        quick.amount_minor = 5  # type: ignore[misc]  # that it is refused is what is tested


def test_a_line_without_a_needed_field_is_refused() -> None:
    """As by the class itself."""
    with pytest.raises(TypeError, match="currency"):
        make_line(1, dt.date(2026, 3, 1), None, -100)  # type: ignore[call-arg]  # that it is refused is what is tested
