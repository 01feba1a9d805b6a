"""The desk of standing rules: what payments of one kind always count for, who said so, and ending it.

Rules are made beside a payment, in the upload and where payments are explained. Who acts for the foundation sees
them; only its treasurer ends one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask import redirect
from flask import render_template
from flask import url_for

from dashboards.access.guard import visit
from dashboards.desks.desk import GONE
from dashboards.desks.desk import desk_user
from dashboards.desks.desk import my_foundation
from dashboards.desks.standing_words import conditions_sentence
from dashboards.desks.targets import target_names
from dashboards.desks.typed import write_target
from dashboards.errors import NotAllowed
from dashboards.errors import Settled
from dashboards.pages.standing import RuleRow
from dashboards.pages.standing import RulesPage
from dashboards.reading.state import day_of
from dashboards.work.allocations import open_budgets
from dashboards.work.ordinary import changing
from dashboards.work.standing import all_rules
from dashboards.work.standing import end_rule
from ledger import tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from dashboards.desks.desk import DeskBook
    from dashboards.desks.desk import Office
    from dashboards.desks.desk import Route
    from dashboards.work.standing import StandingRule


class StandingDesk:
    """A foundation's standing rules."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def routes(self) -> tuple[Route, ...]:
        """Address, name, methods and function of every page."""
        return (
            ("/<slug>/vaste-regels", "standing", ["GET"], self.rules),
            ("/<slug>/vaste-regels/<rule>/einde", "standing_end", ["POST"], self.end),
        )

    def rules(self, slug: str) -> ResponseReturnValue:
        """Show the rules."""
        who = visit()
        with self._office.reading() as connection:
            book = my_foundation(connection, slug)
            row = _rows(connection, book)
            rows = tuple(map(row, all_rules(connection, book.id)))
        page = RulesPage(
            user=desk_user(who),
            foundation=book.link,
            csrf_token=who.form_token,
            standing=tuple(found for found in rows if found.ended_by is None),
            ended=tuple(found for found in rows if found.ended_by is not None),
            may_end=book.id in who.roles.treasurer,
        )
        return render_template("desks/standing.html", page=page)

    def end(self, slug: str, rule: str) -> ResponseReturnValue:
        """End a rule.

        Raises:
            NotAllowed: Somebody else than the treasurer asks.
            Settled: There is no such rule here, or it was ended before.
        """
        who = visit()
        with self._office.reading() as connection:
            book = my_foundation(connection, slug)
        if book.id not in who.roles.treasurer:
            raise NotAllowed
        with changing(self._office.installation.engine) as connection:
            if not end_rule(connection, book.id, rule, who.person.id, self._office.clock()):
                raise Settled
        return redirect(url_for("desks.standing", slug=slug), 303)


def _rows(connection: sa.Connection, book: DeskBook) -> Callable[[StandingRule], RuleRow]:
    """Return what makes a rule a row of the list."""
    names, people = target_names(connection, book.id), _people(connection)
    payees, budgets = _payees(connection, book.id), open_budgets(connection, book.id)

    def row(rule: StandingRule) -> RuleRow:
        initiative, category = rule.target
        return RuleRow(
            id=rule.id,
            what=conditions_sentence(rule.conditions, book.currency),
            payee=payees.get(rule.conditions.iban or ""),
            initiative=names.get(initiative, GONE),
            category=names.get(write_target(initiative, category), GONE),
            idle=category not in budgets.get(initiative, set()),
            made_by=people.get(rule.made_by, GONE),
            made_on=day_of(rule.made_at),
            matched=rule.matched,
            ended_by=people.get(rule.ended_by, GONE) if rule.ended_by else None,
            ended_on=day_of(rule.ended_at) if rule.ended_at else None,
        )

    return row


def _people(connection: sa.Connection) -> dict[str, str]:
    """Return people's names by id."""
    return {row.id: row.name for row in connection.execute(sa.select(tables.person.c.id, tables.person.c.name))}


def _payees(connection: sa.Connection, foundation: str) -> dict[str, str]:
    """Return the names of the register by IBAN."""
    table = tables.payee
    query = sa.select(table.c.private_ibans, table.c.private_name).where(table.c.foundation == foundation)
    rows = connection.execute(query.order_by(table.c.idx)).all()
    return {iban: row.private_name for row in rows if row.private_name for iban in row.private_ibans or ()}
