"""The list of statements: who brought each, and which ones wait for a second pair of eyes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask import render_template

from dashboards.access.guard import visit
from dashboards.desks.desk import desk_user
from dashboards.desks.desk import my_foundation
from dashboards.pages.statements import StatementRow
from dashboards.pages.statements import StatementsPage
from dashboards.pages.words import word
from dashboards.reading.state import day_of
from dashboards.work.brought import brought
from ledger import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from dashboards.desks.desk import Office
    from dashboards.desks.desk import Route
    from dashboards.pages.statements import SeenState
    from dashboards.work.brought import Brought

ROLES = {
    "treasurer": word("the treasurer"),
    "signatory": word("the second signatory"),
    "officer": word("somebody of the district"),
    "head": word("somebody of the district"),
}
NO_ROLE = word("somebody without a role now")
BANK = word("the bank itself")
COMMAND = word("the operator, by command")


class StatementsDesk:
    """Which statements stand in the book."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def routes(self) -> tuple[Route, ...]:
        """Address, name, methods and function of every page."""
        return (("/<slug>/afschriften", "statements", ["GET"], self.statements),)

    def statements(self, slug: str) -> ResponseReturnValue:
        """Show the list."""
        who = visit()
        with self._office.reading() as connection:
            book = my_foundation(connection, slug)
            roles = _roles(connection, book.id)
            rows = tuple(_row(one, roles, who.person.id) for one in brought(connection, book.id))
        page = StatementsPage(user=desk_user(who), foundation=book.link, rows=rows)
        return render_template("desks/statements.html", page=page)


def _roles(connection: sa.Connection, foundation: str) -> dict[str, str]:
    """Return what people are to a foundation now, as message ids."""
    role = tables.role
    here = sa.or_(role.c.foundation == foundation, role.c.role.in_(("officer", "head")))
    query = sa.select(role.c.person, role.c.role).where(role.c.ended_at.is_(None), here).order_by(role.c.idx.desc())
    return {person: ROLES[name] for person, name in connection.execute(query) if name in ROLES}


def _row(one: Brought, roles: Mapping[str, str], reader: str) -> StatementRow:
    """Return one row of the list."""
    nobody = BANK if one.channel != "upload" else COMMAND
    return StatementRow(
        account=one.account,
        from_date=one.opened_on,
        to_date=one.closed_on,
        closing_minor=one.closing_minor,
        currency=one.currency,
        brought_by=roles.get(one.by[0], NO_ROLE) if one.by else nobody,
        brought_on=day_of(one.at),
        state=_state(one, reader),
        seen_by=roles.get(one.seen_by, NO_ROLE) if one.seen_by else None,
        seen_on=day_of(one.seen_at) if one.seen_at else None,
    )


def _state(one: Brought, reader: str) -> SeenState:
    """Return how a statement stands to its reader."""
    if one.seen_by:
        return "seen"
    if one.differs:
        return "differs"
    if one.waits_for(reader):
        return "waiting"
    return "yours" if one.by else "nobody"
