"""Lines in plain values, so that many of them can lie in a file instead of in memory (see `importers.spool`)."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields
from operator import attrgetter
from typing import Any

from importers.spool import Packing
from importers.statement import Line
from importers.statement import Part

_NAMES = tuple(field.name for field in fields(Line))
_line_values = attrgetter(*_NAMES)
_part_values = attrgetter(*(field.name for field in fields(Part)))
_BOOKED_ON, _VALUED_ON, _PARTS = (_NAMES.index(name) for name in ("booked_on", "valued_on", "parts"))
_day_of = dt.date.fromordinal


def _pack(line: Line) -> list[Any]:
    values = list(_line_values(line))
    values[_BOOKED_ON] = line.booked_on.toordinal()
    values[_VALUED_ON] = line.valued_on.toordinal() if line.valued_on else None
    if line.parts:
        values[_PARTS] = tuple(_part_values(part) for part in line.parts)
    return values


def _unpack(values: list[Any]) -> Line:
    values[_BOOKED_ON] = _day_of(values[_BOOKED_ON])
    valued = values[_VALUED_ON]
    values[_VALUED_ON] = _day_of(valued) if valued is not None else None
    if values[_PARTS]:
        values[_PARTS] = tuple(Part(*part) for part in values[_PARTS])
    return Line(*values)


LINES = Packing(_pack, _unpack)
