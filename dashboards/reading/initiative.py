"""An initiative's page: its budget, what of it was spent month by month, and the way from plan to result.

Its sum is its budget's: what its foundations cannot explain yet belongs to no initiative and is a line
of its own. How much work a page is grows with the initiative's own payments, never with the log.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

import sqlalchemy as sa

from dashboards.pages.initiative import CategoryLine
from dashboards.pages.initiative import InitiativePage
from dashboards.pages.initiative import MonthLine
from dashboards.pages.initiative import ReceiptCount
from dashboards.pages.initiative import TimelineStep
from dashboards.reading.lines import payment_rows
from dashboards.reading.links import foundation_links
from dashboards.reading.links import link_of
from dashboards.reading.links import must_find
from dashboards.reading.state import day_of
from dashboards.reading.sums import initiative_sums
from dashboards.reading.sums import money_of
from dashboards.reading.sums import together
from ledger import tables
from ledger.entry import initiative_book
from ledger.entry import read_entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dashboards.pages.initiative import StepKind
    from dashboards.pages.parts import Link
    from dashboards.reading.state import State

SHOWN = 10
STEP_ENTRIES: dict[str, StepKind] = {"progress": "progress", "report filed": "reported"}
NO_RECEIPTS = ReceiptCount(present=0, wanted=0)


@dataclass(frozen=True, slots=True)
class Grants:
    """When an initiative's grants were awarded, and their period together."""

    awarded_on: dt.date | None
    starts: dt.date | None
    ends: dt.date | None


def initiative(state: State, slug: str) -> InitiativePage:
    """Return an initiative's page.

    Raises:
        PageMissing: There is no such initiative.
    """
    connection = state.connection
    id_ = must_find(connection, tables.initiative, slug)
    table, round_ = tables.initiative, tables.round_
    query = sa.select(table, round_.c.neighbourhood).outerjoin(round_, round_.c.id == table.c.round)
    row = connection.execute(query.where(table.c.id == id_)).one()
    grants = _grants(connection, id_)
    latest = _latest(connection, id_)
    money = [money_of(state, payer)[payer] for payer in _payers(connection, id_)]
    return InitiativePage(
        link=link_of(row.id, row.slug, row.name),
        foundations=_foundations(connection, id_),
        theme=row.theme or "",
        neighbourhood=row.neighbourhood,
        promise=row.promise,
        sums=initiative_sums(connection, {id_})[id_],
        categories=_categories(connection, id_),
        months=_months(connection, id_),
        steps=_ordered(_steps(connection, row, grants, _first_on(connection, id_))),
        receipts=NO_RECEIPTS,
        latest=payment_rows(connection, latest[:SHOWN]),
        more=len(latest) > SHOWN,
        starts=grants.starts,
        ends=grants.ends,
        unexplained_minor=sum(each.sums.unexplained_minor for each in money),
        badge=together(each.badge for each in money),
        looks=state.looks.count(connection, initiative=id_),
    )


def movements_of(initiative: str) -> sa.Select[tuple[int]]:
    """Return the places in the log of everything that counts for an initiative."""
    return movements_linked(tables.allocation.c.initiative == initiative)


def movements_linked(which: sa.ColumnElement[bool]) -> sa.Select[tuple[int]]:
    """Return the places in the log of everything linked by certain allocations."""
    part = tables.allocation
    return sa.select(part.c.movement).where(which, part.c.undone.is_(False))


def _first_on(connection: sa.Connection, initiative: str) -> dt.date | None:
    """Return the day of the first payment."""
    part = tables.allocation
    paid = movements_of(initiative).with_only_columns(part.c.booked_on).where(part.c.amount_minor < 0)
    return connection.execute(paid.order_by(part.c.booked_on).limit(1)).scalar()


def _latest(connection: sa.Connection, initiative: str) -> list[int]:
    """Return the places in the log of the newest payments, one more than are shown."""
    part = tables.allocation
    newest = movements_of(initiative).add_columns(part.c.booked_on).distinct()
    rows = connection.execute(newest.order_by(part.c.booked_on.desc(), part.c.movement.desc()).limit(SHOWN + 1))
    return [movement for movement, _ in rows]


def _foundations(connection: sa.Connection, initiative: str) -> tuple[Link, ...]:
    links = foundation_links(connection, _payers(connection, initiative)).values()
    return tuple(sorted(links, key=lambda link: (link.name, link.slug)))


def _payers(connection: sa.Connection, initiative: str) -> list[str]:
    payer = tables.initiative_payer
    return list(connection.execute(sa.select(payer.c.foundation).where(payer.c.initiative == initiative)).scalars())


def _categories(connection: sa.Connection, initiative: str) -> tuple[CategoryLine, ...]:
    """Return the budget's lines, and what was spent without one, largest budget first."""
    line, month = tables.budget_line, tables.category_month
    net = sa.func.sum(month.c.spent_minor - month.c.refunded_minor)
    paid = sa.select(month.c.category, net).where(month.c.initiative == initiative).group_by(month.c.category)
    spent = {category: int(amount_minor) for category, amount_minor in connection.execute(paid)}
    rows = connection.execute(sa.select(line).where(line.c.initiative == initiative)).all()
    lines = [
        CategoryLine(
            name=row.name or str(row.category), budget_minor=row.amount_minor, spent_minor=spent.pop(row.category, 0)
        )
        for row in rows
    ]
    lines += [
        CategoryLine(name=str(category), budget_minor=0, spent_minor=amount) for category, amount in spent.items()
    ]
    return tuple(sorted(lines, key=lambda line: (-line.budget_minor, line.name)))


def _months(connection: sa.Connection, initiative: str) -> tuple[MonthLine, ...]:
    month = tables.category_month
    net = sa.func.sum(month.c.spent_minor - month.c.refunded_minor)
    query = sa.select(month.c.month, net).where(month.c.initiative == initiative).group_by(month.c.month)
    spent: dict[dt.date, int] = defaultdict(int)
    for text, amount_minor in connection.execute(query):
        spent[dt.date.fromisoformat(f"{text}-01")] = int(amount_minor)
    lines, total_minor = [], 0
    for first in _every_month(min(spent, default=None), max(spent, default=None)):
        total_minor += spent.get(first, 0)
        lines.append(MonthLine(month=first, spent_minor=spent.get(first, 0), total_minor=total_minor))
    return tuple(lines)


def _every_month(first: dt.date | None, last: dt.date | None) -> Iterator[dt.date]:
    """Yield the first day of every month from one to another."""
    while first is not None and last is not None and first <= last:
        yield first
        first = (first + dt.timedelta(days=31)).replace(day=1)


def _grants(connection: sa.Connection, initiative: str) -> Grants:
    grant, own = tables.grant_award, tables.initiative_grant
    query = (
        sa.select(grant.c.awarded_at, grant.c.starts, grant.c.ends)
        .join(own, own.c.grant_award == grant.c.id)
        .where(own.c.initiative == initiative)
    )
    rows = connection.execute(query).all()
    return Grants(
        awarded_on=min((min(day_of(row.awarded_at), row.starts) for row in rows), default=None),
        starts=min((row.starts for row in rows), default=None),
        ends=max((row.ends for row in rows), default=None),
    )


def _steps(
    connection: sa.Connection, row: sa.Row[Any], grants: Grants, first_on: dt.date | None
) -> Iterator[TimelineStep]:
    """Yield the steps from plan to result."""
    yield TimelineStep(kind="granted", on=grants.awarded_on)
    yield TimelineStep(kind="opened", on=day_of(row.opened_at))
    yield TimelineStep(kind="first_payment", on=first_on)
    shown = dict(_shown_steps(connection, row.id))
    yield TimelineStep(kind="progress", on=shown.get("progress"))
    yield TimelineStep(kind="closed", on=day_of(row.closed_at) if row.closed_at else None)
    yield TimelineStep(kind="reported", on=shown.get("reported"))


def _shown_steps(connection: sa.Connection, initiative: str) -> Iterator[tuple[StepKind, dt.date]]:
    """Yield the newest progress and report; an index holds these alone, for a book holds every link too."""
    table = tables.entry
    query = sa.select(table.c.idx, table.c.body).where(table.c.book == initiative_book(initiative), tables.STEPS)
    for idx, body in connection.execute(query.order_by(table.c.seq)):
        entry = read_entry(idx, body)
        day = entry.day("done_on") if entry.type == "progress" else day_of(entry.recorded_at)
        yield STEP_ENTRIES[entry.type], day


def _ordered(steps: Iterator[TimelineStep]) -> tuple[TimelineStep, ...]:
    """Order steps by day, those to come last."""
    return tuple(sorted(steps, key=lambda step: step.on or dt.date.max))
