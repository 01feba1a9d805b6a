"""Setting a rule's parameter, for one foundation or for all: by an officer, with a reason, for everybody to read.

The rules look again at once, so that the book holds what they find by the new value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from audit.errors import ParameterRefused
from audit.rules import RULES
from audit.run import run_rules
from dashboards import errors
from dashboards.work.alarms import write_alarms
from dashboards.work.errors import FoundationUnknown
from dashboards.work.finishing import sign_rest
from dashboards.work.people import roles_of
from dashboards.work.proposals import plain_text
from ledger import tables
from ledger.entry import DISTRICT

if TYPE_CHECKING:
    import datetime as dt

    from ledger.canonical import Json
    from ledger.installation import Installation


def set_parameter(
    installation: Installation,
    person: str,
    rule_id: str,
    name: str,
    value: int,
    *,
    slug: str | None,
    reason: str,
    now: dt.datetime,
) -> None:
    """Set a parameter, and let the rules look again.

    Args:
        name: The parameter's (see `audit.rule.Parameter`).
        value: A whole number; money in hundredths.
        slug: The foundation; None for all.

    Raises:
        NotAllowed: The person is no officer of the district, or has a tie with the foundation.
        FoundationUnknown: There is no foundation of that slug.
        ParameterRefused: There is no such rule or parameter, or it cannot work with that value.
        ReasonRefused: Nobody said why.
    """
    rule = RULES.get(rule_id)
    if rule is None:
        raise ParameterRefused(rule_id, "there is no such rule")
    rule.settings({name: value})
    why = plain_text(reason, errors.ReasonRefused)
    position = [parameter.name for parameter in rule.parameters].index(name)
    with installation.store.writing(now) as appender:
        foundation = _foundation(appender.connection, slug)
        roles = roles_of(appender.connection, person)
        if not roles.rules or (foundation is not None and roles.tied(foundation)):
            raise errors.NotAllowed
        public: dict[str, Json] = {
            "rule": rule.id,
            "version": int(rule.version),
            "position": position,
            "foundation": foundation,
            "value": value,
        }
        appender.append(installation.store.draft(DISTRICT, "rule parameter set", public, {"reason": why}, (person,)))
    run_rules(installation, now, None if foundation is None else {foundation})
    sign_rest(installation)
    write_alarms(installation, now)


def _foundation(connection: sa.Connection, slug: str | None) -> str | None:
    if slug is None:
        return None
    table = tables.foundation
    found = connection.execute(sa.select(table.c.id).where(table.c.slug == slug)).scalar()
    if found is None:
        raise FoundationUnknown(slug)
    return str(found)
