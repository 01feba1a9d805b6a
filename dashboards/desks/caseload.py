"""Whose turn it is in which case: the inbox and the number on my desk are made of the same cases.

A case is "yours" when the life of its flags lets this person take a step now. Giving new evidence on
what is settled is always possible and waits for nobody, so it does not count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.rule import severity_rank
from dashboards.work.casebook import with_steps
from dashboards.work.cases import actions
from dashboards.work.cases import actor_of
from dashboards.work.cases import inbox

if TYPE_CHECKING:
    import datetime as dt

    import sqlalchemy as sa

    from dashboards.access.guard import Visit
    from dashboards.work.casebook import Case

SETTLED = frozenset({"accepted", "confirmed", "closing"})
"""Ruled on; what remains is closing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caseload:
    """The cases that a person may look at; `tied` counts those that a tie hides."""

    yours: tuple[Case, ...]
    others: tuple[Case, ...]
    tied: int


def caseload(connection: sa.Connection, who: Visit, now: dt.datetime) -> Caseload:
    """Return a person's cases, by risk, then what is not ruled on yet, then by age.

    Raises:
        NotAllowed: The person has no role in any case.
    """
    found, tied = inbox(connection, who.person.id)
    ordered = sorted(with_steps(connection, found), key=_urgency)
    mine = {case.id for case in ordered if _waits_for(case, who, now)}
    return Caseload(
        yours=tuple(case for case in ordered if case.id in mine),
        others=tuple(case for case in ordered if case.id not in mine),
        tied=tied,
    )


def _urgency(case: Case) -> tuple[int, bool, dt.datetime, str]:
    """Return what cases are ordered by."""
    return (-severity_rank(case.severity), case.status in SETTLED, case.raised_at, case.id)


def _waits_for(case: Case, who: Visit, now: dt.datetime) -> bool:
    """Tell whether this person can take a step that is waited for."""
    actor = actor_of(who.roles, who.person.id, case.foundation)
    return bool(set(actions(case, actor, now)) - {"reopen"})
