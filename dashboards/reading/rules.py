"""Pages about the rules: what they say of themselves, and how often each was right.

A count is made from what is disclosed alone. A rule that tells something about a person shows
none: how often it fired beside so few payments could already point at somebody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from audit.parameters import parameters_set
from audit.rules import RULES
from dashboards.pages.reader import PageMissing
from dashboards.pages.rules import RulePage
from dashboards.pages.rules import RuleParameter
from dashboards.pages.rules import RuleScore
from dashboards.pages.rules import RuleSummary
from dashboards.reading.links import foundation_links
from dashboards.reading.state import day_of
from ledger import tables

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence

    from audit.parameters import ParameterSet
    from audit.rule import Parameter
    from audit.rule import Rule
    from dashboards.reading.state import State

ACCEPTED = "accepted"
CONFIRMED = "confirmed"


def rules() -> tuple[RuleSummary, ...]:
    """Return every rule, in order of id."""
    return tuple(_summary(RULES[rule_id]) for rule_id in sorted(RULES))


def rule(state: State, rule_id: str) -> RulePage:
    """Return one rule's page.

    Raises:
        PageMissing: There is no such rule.
    """
    if rule_id not in RULES:
        raise PageMissing
    found = RULES[rule_id]
    own = [one for one in parameters_set(state.connection) if one.rule == rule_id]
    general = {one.parameter.name: one for one in own if one.foundation is None}
    return RulePage(
        id=found.id,
        version=found.version,
        kind=found.kind,
        title=found.title,
        what=found.how,
        why=found.why,
        example=found.example,
        innocent=found.false_positives,
        weight=found.severity_note,
        parameters=tuple(_parameter(parameter, general) for parameter in found.parameters),
        history=_history(state.connection, own),
        score=None if found.personal else _score(state.connection, found.id),
    )


def _summary(found: Rule) -> RuleSummary:
    return RuleSummary(id=found.id, kind=found.kind, title=found.title, what=found.how)


def _parameter(parameter: Parameter, general: Mapping[str, ParameterSet]) -> RuleParameter:
    """Return what counts for every foundation that has nothing of its own."""
    given = general.get(parameter.name)
    return RuleParameter(
        name=parameter.label,
        value=given.value if given else parameter.default,
        unit=parameter.unit,
        since=day_of(given.at) if given else None,
    )


def _history(connection: sa.Connection, own: Sequence[ParameterSet]) -> tuple[RuleParameter, ...]:
    """Return what was ever set, the newest first, and which of it was set otherwise later."""
    links = foundation_links(connection, {one.foundation for one in own if one.foundation})
    newest = {(one.parameter.name, one.foundation): one.idx for one in own}
    return tuple(
        RuleParameter(
            name=one.parameter.label,
            value=one.value,
            unit=one.parameter.unit,
            since=day_of(one.at),
            foundation=links.get(one.foundation) if one.foundation else None,
            past=newest[one.parameter.name, one.foundation] != one.idx,
        )
        for one in reversed(own)
    )


def _score(connection: sa.Connection, rule_id: str) -> RuleScore:
    """Return how often a rule fired, and the newest ruling on each of those flags."""
    flag, step = tables.flag, tables.flag_step
    hits = connection.execute(sa.select(sa.func.count()).where(flag.c.rule == rule_id)).scalar_one()
    ruled = (
        sa.select(flag.c.id, step.c.status)
        .join(step, step.c.flag == flag.c.id)
        .where(flag.c.rule == rule_id, step.c.status.in_((ACCEPTED, CONFIRMED)))
        .order_by(step.c.idx)
    )
    newest = list({row.id: row.status for row in connection.execute(ruled)}.values())
    accepted, confirmed = newest.count(ACCEPTED), newest.count(CONFIRMED)
    return RuleScore(hits=hits, ruled=len(newest), accepted=accepted, confirmed=confirmed)
