"""What a foundation set instead of the rules' defaults, as the district's book says it.

An entry names a parameter by its place in the list of its rule, so that lists only grow: a parameter keeps its place
for good. The last entry counts; one for a foundation goes before one for all. What a rule cannot work with any more
(it is gone, or the value is below what it takes now) counts as if it had never been set.

Source: DESIGN "What goes into which book", RULES: each parameter can be set per foundation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from audit.rules import RULES
from ledger import tables
from ledger.entry import DISTRICT
from ledger.entry import read_entry

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from audit.rule import Parameter
    from audit.rules import Overrides

TYPE = "rule parameter set"


@dataclass(frozen=True, slots=True)
class ParameterSet:
    """One parameter that was set: for a foundation, or for all where `foundation` is None."""

    idx: int
    rule: str
    parameter: Parameter
    foundation: str | None
    value: int
    at: dt.datetime
    by: tuple[str, ...]


def parameters_set(connection: sa.Connection) -> tuple[ParameterSet, ...]:
    """Return what was ever set, in order, as far as rules can work with it."""
    table = tables.entry
    query = sa.select(table.c.idx, table.c.body).where(table.c.book == DISTRICT, table.c.type == TYPE)
    found = []
    for idx, body in connection.execute(query.order_by(table.c.seq)):
        entry = read_entry(idx, body)
        rule, position = RULES.get(entry.words("rule")), entry.integer("position")
        if rule is None or position >= len(rule.parameters):
            continue
        parameter, value = rule.parameters[position], entry.integer("value")
        if value >= parameter.minimum:
            foundation = entry.words_or_none("foundation")
            found.append(
                ParameterSet(idx, rule.id, parameter, foundation, value, entry.recorded_at, tuple(map(str, entry.by)))
            )
    return tuple(found)


def parameters_of(connection: sa.Connection, foundations: Collection[str]) -> dict[str, Overrides]:
    """Return what counts for each foundation instead of the defaults; none where nothing was set."""
    found: dict[str, Overrides] = {foundation: {} for foundation in foundations}
    general_first = sorted(parameters_set(connection), key=lambda one: (one.foundation is not None, one.idx))
    for one in general_first:
        for foundation in found if one.foundation is None else {one.foundation} & found.keys():
            found[foundation].setdefault(one.rule, {})[one.parameter.name] = one.value
    return found
