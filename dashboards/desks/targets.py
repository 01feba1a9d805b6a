"""What a foundation's money can be for: its open initiatives and the lines of their budgets."""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple

import sqlalchemy as sa

from dashboards.desks.typed import write_target
from dashboards.pages.desks import Choice
from dashboards.pages.desks import ChoiceGroup
from ledger import tables


class TargetLine(NamedTuple):
    """A line of an initiative's budget; `title` is the initiative's name, `name` the category's."""

    initiative: str
    title: str
    category: int
    name: str


def target_groups(connection: sa.Connection, foundation: str) -> tuple[ChoiceGroup, ...]:
    """Return the open initiatives that a foundation pays, each with its budget's categories."""
    lines = _lines(connection, foundation)
    return tuple(
        ChoiceGroup(label=title, choices=tuple(_choice(row) for row in rows))
        for (title, _), rows in groupby(lines, key=lambda row: (row.title, row.initiative))
    )


def target_names(connection: sa.Connection, foundation: str) -> dict[str, str]:
    """Return names by initiative, and by initiative and category as a select writes them."""
    lines = _lines(connection, foundation, closed=True)
    initiatives = {row.initiative: row.title for row in lines}
    return initiatives | {write_target(row.initiative, row.category): row.name for row in lines}


def _choice(row: TargetLine) -> Choice:
    """Return one category as an option."""
    return Choice(value=write_target(row.initiative, row.category), label=row.name)


def _lines(connection: sa.Connection, foundation: str, *, closed: bool = False) -> list[TargetLine]:
    """Return the budget lines of a foundation's initiatives, by title and category."""
    payer, opened, line = tables.initiative_payer, tables.initiative, tables.budget_line
    title = sa.func.coalesce(opened.c.name, opened.c.id).label("title")
    name = sa.func.coalesce(line.c.name, sa.cast(line.c.category, sa.Text)).label("name")
    query = (
        sa.select(opened.c.id.label("initiative"), title, line.c.category, name)
        .join(payer, payer.c.initiative == opened.c.id)
        .join(line, line.c.initiative == opened.c.id)
        .where(payer.c.foundation == foundation)
        .order_by(title, opened.c.id, line.c.category)
    )
    if not closed:
        query = query.where(opened.c.closed_at.is_(None))
    return [TargetLine(*row) for row in connection.execute(query)]
