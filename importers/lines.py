"""Lines and statements in plain values, so that many can lie in a file instead of in memory (see `importers.spool`).

A statement of each day makes tens of thousands of them in a long file: they lie there too, and lead to their lines.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import fields
from dataclasses import replace
from itertools import starmap
from operator import attrgetter
from typing import TYPE_CHECKING
from typing import Any

from importers.spool import Packing
from importers.spool import lead_to
from importers.spool import place_of
from importers.statement import Balance
from importers.statement import Line
from importers.statement import Part
from importers.statement import Problem
from importers.statement import Statement
from importers.statement import make_line

if TYPE_CHECKING:
    from importers.spool import Spool

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
    return make_line(*values)


LINES = Packing(_pack, _unpack)


_STATEMENT_NAMES = tuple(field.name for field in fields(Statement))
_statement_values = attrgetter(*_STATEMENT_NAMES)
_LINES, _PENDING, _OPENING, _CLOSING, _PROBLEMS = (
    _STATEMENT_NAMES.index(name) for name in ("lines", "pending", "opening", "closing", "problems")
)


def moved(statement: Statement, spool: Spool, member: str) -> Statement:
    """Return a statement out of a file of a ZIP, with its lines in the spool of the whole."""
    lines, pending = spool.keep(statement.lines, LINES), spool.keep(statement.pending, LINES)
    return replace(statement, lines=lines, pending=pending, member=member)


def statements_in(spool: Spool) -> Packing[Statement]:
    """Return how statements become plain whose lines lie in a spool, and lead to them when they come back."""

    def unpack(values: list[Any]) -> Statement:
        for place in (_LINES, _PENDING):
            values[place] = lead_to(spool, values[place], LINES)
        for place in (_OPENING, _CLOSING):
            balance = values[place]
            values[place] = Balance(_day_of(balance[0]), balance[1]) if balance else None
        values[_PROBLEMS] = tuple(starmap(Problem, values[_PROBLEMS]))
        return Statement(*values)

    def pack(statement: Statement) -> list[Any]:
        values = list(_statement_values(statement))
        for place in (_LINES, _PENDING):
            values[place] = place_of(values[place], spool, LINES)
        for place in (_OPENING, _CLOSING):
            balance = values[place]
            values[place] = (balance.date.toordinal(), balance.amount_minor) if balance else None
        values[_PROBLEMS] = tuple((problem.code, problem.text) for problem in statement.problems)
        return values

    return Packing(pack, unpack)
