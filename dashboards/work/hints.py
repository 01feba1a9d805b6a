"""Hints at the district's desk: what indicators found, to be taken up or set aside by an officer.

Nobody else sees them: no foundation, and no officer who has a tie with it. Taking a hint up raises it as
a flag whose rule and severity stay committed, and takes that flag up; setting it aside is remembered, and
found again it stays aside.

Source: DESIGN "Audit", RULES "A flag's life".
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import sqlalchemy as sa

from audit.life import FlagState
from audit.life import Step
from audit.life import next_status
from dashboards.errors import Missing
from dashboards.work.casebook import Case
from dashboards.work.casebook import CaseFlag
from dashboards.work.casebook import lines_of
from dashboards.work.cases import actor_of
from dashboards.work.ordinary import changing
from dashboards.work.people import roles_of
from ledger import tables
from ledger.entry import foundation_book

if TYPE_CHECKING:
    import datetime as dt

    from ledger.canonical import Json
    from ledger.installation import Installation

TAKE_UP = Step(name="flag taken up")
SHOWN = 20
"""How many hints the desk shows at a time."""


def open_hints(connection: sa.Connection, person: str) -> tuple[tuple[Case, ...], int]:
    """Return the oldest hints that wait for an officer, and how many wait.

    Each is shown as the case that it would be, without names.
    """
    roles = roles_of(connection, person)
    if not roles.rules:
        return (), 0
    table = tables.hint
    query = waiting_hints().where(table.c.foundation.not_in(roles.ties | roles.foundations))
    count = connection.execute(sa.select(sa.func.count()).select_from(query.subquery())).scalar_one()
    rows = connection.execute(query.order_by(table.c.found_at, table.c.flag).limit(SHOWN)).all()
    return tuple(_case(connection, row) for row in rows), count


def take_up_hint(installation: Installation, person: str, flag: str, now: dt.datetime) -> str:
    """Raise a hint as a flag, taken up by this officer, and return its case.

    Raises:
        Missing: There is no such hint any more.
        audit.errors.StepRefused: Somebody else must do that; nothing was appended.
    """
    with installation.store.writing(now) as appender:
        row = _hint(appender.connection, flag)
        status = _check(appender.connection, person, row)
        book, draft = foundation_book(row.foundation), installation.store.draft
        private: dict[str, Json] = {
            "rule": row.rule,
            "severity": row.severity,
            "case": row.case_id,
            "evidence": row.evidence,
        }
        raised: dict[str, Json] = {"flag": flag, "about": row.about}
        appender.append(draft(book, "flag raised", raised, private, (person,)))
        appender.append(draft(book, TAKE_UP.name, {"flag": flag, "status": status}, {"reason": None}, (person,)))
    return str(row.case_id)


def set_aside(installation: Installation, person: str, flag: str, now: dt.datetime) -> None:
    """Remember that an officer saw nothing in a hint; it does not wait for anybody any more.

    Raises:
        Missing: There is no such hint any more.
        audit.errors.StepRefused: Somebody else must do that.
    """
    table = tables.hint
    with changing(installation.engine) as connection:
        _check(connection, person, _hint(connection, flag))
        connection.execute(sa.update(table).where(table.c.flag == flag).values(aside_at=now, aside_by=person))


def waiting_hints() -> sa.Select[Any]:
    """Return the hints that are still found, that nobody set aside, and that are no flag yet."""
    table = tables.hint
    raised = sa.select(tables.flag.c.id).where(tables.flag.c.id == table.c.flag).exists()
    return sa.select(table).where(table.c.gone_at.is_(None), table.c.aside_at.is_(None), ~raised)


def _hint(connection: sa.Connection, flag: str) -> sa.Row[Any]:
    """Return a hint that waits."""
    row = connection.execute(waiting_hints().where(tables.hint.c.flag == flag)).first()
    if row is None:
        raise Missing
    return row


def _check(connection: sa.Connection, person: str, row: sa.Row[Any]) -> str:
    """Return the status after taking a hint up, refusing whoever may not."""
    actor = actor_of(roles_of(connection, person), person, row.foundation)
    return next_status(FlagState(severity=row.severity, kind="indicator"), TAKE_UP, actor)


def _case(connection: sa.Connection, row: sa.Row[Any]) -> Case:
    """Return a hint as the case that it would be."""
    flag = CaseFlag(
        id=row.flag,
        idx=0,
        rule=row.rule,
        severity=row.severity,
        status="open",
        raised_at=row.found_at,
        changed_at=row.found_at,
        about=tuple(row.about),
        evidence=row.evidence,
        shown=False,
    )
    payments = lines_of(connection, row.foundation, flag.about)
    return Case(id=row.flag, foundation=row.foundation, flags=(flag,), steps=(), payments=payments)
