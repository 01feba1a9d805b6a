"""The list of payments: filtered, counted, and cut into pages in an order that never changes.

Everything, or all of one foundation, is counted from the kept sums; a narrower question counts what it finds.
A page reads the places of its lines by index and then those lines alone.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

import sqlalchemy as sa

from dashboards.pages.payments import PaymentsPage
from dashboards.pages.reader import PageMissing
from dashboards.reading.initiative import movements_of
from dashboards.reading.lines import LATEST
from dashboards.reading.lines import payment_rows
from dashboards.reading.links import find_id
from dashboards.reading.links import foundation_links
from dashboards.reading.links import initiative_links
from dashboards.reading.looks import movements_standing
from dashboards.reading.searching import conditions
from dashboards.reading.sums import EUR
from dashboards.reading.sums import money_of
from dashboards.reading.sums import together
from ledger import tables
from ledger.entries.foundation.transaction import PAID
from ledger.entries.foundation.transaction import RECEIVED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dashboards.pages.parts import Link
    from dashboards.pages.payments import PaymentFilter
    from dashboards.pages.payments import Standing
    from dashboards.reading.state import State

ON_A_PAGE = 25
_LOOKS = {"looked_at": "open", "not_in_order": "confirmed"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A filter with ids in place of addresses.

    Attributes:
        nothing: It names what is not there, so that it finds nothing.
        standing: Only what stands like this.
    """

    foundation: str | None
    initiative: str | None
    month: dt.date | None
    words: tuple[sa.ColumnElement[bool], ...]
    nothing: bool
    standing: sa.ColumnElement[bool] | None = None

    @property
    def kept(self) -> bool:
        """Return whether the kept sums hold the answer."""
        narrow = self.initiative or self.month or self.words or self.nothing
        return not narrow and self.standing is None

    def where(self) -> list[sa.ColumnElement[bool]]:
        """Return the conditions on a movement."""
        movement = tables.movement
        found: list[sa.ColumnElement[bool]] = [*self.words]
        if self.nothing:
            found.append(sa.false())
        if self.foundation:
            found.append(movement.c.foundation == self.foundation)
        if self.standing is not None:
            found.append(self.standing)
        if self.initiative:
            found.append(movement.c.idx.in_(movements_of(self.initiative)))
        if self.month:
            found.append(movement.c.booked_on.between(self.month, _last_day(self.month)))
        return found


@dataclass(frozen=True, slots=True)
class Found:
    """How many lines there are, and what went out and came in with them; both above zero."""

    lines: int
    out_minor: int
    in_minor: int


def payments(state: State, asked: PaymentFilter, page: int) -> PaymentsPage:
    """Return a page of payments.

    Raises:
        PageMissing: There are fewer pages.
    """
    connection = state.connection
    resolved = _resolve(connection, asked)
    found = _kept(connection, resolved.foundation) if resolved.kept else _counted(connection, resolved)
    pages = max(1, -(-found.lines // ON_A_PAGE))
    if not 1 <= page <= pages:
        raise PageMissing
    money = list(money_of(state, resolved.foundation).values())
    return PaymentsPage(
        asked=asked,
        rows=payment_rows(connection, _page(connection, resolved, page)),
        total=found.lines,
        out_minor=found.out_minor,
        in_minor=found.in_minor,
        currency=EUR,
        page=page,
        pages=pages,
        foundations=_by_name(foundation_links(connection).values()),
        initiatives=_by_name(initiative_links(connection).values()),
        months=_months(connection),
        unexplained_minor=sum(each.sums.unexplained_minor for each in money),
        badge=together(each.badge for each in money),
    )


def page_query(asked: Asked, page: int) -> sa.Select[Any]:
    """Return the query for the places in the log of one page's lines."""
    query = sa.select(tables.movement.c.idx).where(*asked.where()).order_by(*LATEST)
    return query.limit(ON_A_PAGE).offset((page - 1) * ON_A_PAGE)


def _page(connection: sa.Connection, asked: Asked, page: int) -> list[int]:
    return list(connection.execute(page_query(asked, page)).scalars())


def _resolve(connection: sa.Connection, asked: PaymentFilter) -> Asked:
    foundation = find_id(connection, tables.foundation, asked.foundation) if asked.foundation else None
    initiative = find_id(connection, tables.initiative, asked.initiative) if asked.initiative else None
    unknown = bool(asked.foundation and not foundation) or bool(asked.initiative and not initiative)
    words = tuple(conditions(connection, asked.text))
    nothing = unknown or bool(asked.text and not words)
    return Asked(foundation, initiative, asked.month, words, nothing, _standing(asked.standing))


def _standing(standing: Standing | None) -> sa.ColumnElement[bool] | None:
    movement = tables.movement
    if standing is None:
        return None
    if standing == "unexplained":
        return sa.and_(movement.c.kind == PAID, movement.c.allocated_minor != movement.c.amount_minor)
    return movement.c.idx.in_(movements_standing(_LOOKS[standing]))


def _kept(connection: sa.Connection, foundation: str | None) -> Found:
    """Return what the kept sums say."""
    sums = tables.foundation_sum
    columns = (sums.c.movements, sums.c.paid_minor, sums.c.received_minor)
    query = sa.select(*(sa.func.coalesce(sa.func.sum(column), 0) for column in columns))
    if foundation:
        query = query.where(sums.c.foundation == foundation)
    return Found(*(int(value) for value in connection.execute(query).one()))


def _counted(connection: sa.Connection, asked: Asked) -> Found:
    """Count what a narrower question finds."""
    movement = tables.movement
    out = sa.func.sum(sa.case((movement.c.kind == PAID, -movement.c.amount_minor), else_=0))
    into = sa.func.sum(sa.case((movement.c.kind == RECEIVED, movement.c.amount_minor), else_=0))
    row = connection.execute(sa.select(sa.func.count(), out, into).where(*asked.where())).one()
    return Found(row[0], int(row[1] or 0), int(row[2] or 0))


def _by_name(links: Iterable[Link]) -> tuple[Link, ...]:
    return tuple(sorted(links, key=lambda link: (link.name, link.slug)))


def _months(connection: sa.Connection) -> tuple[dt.date, ...]:
    """Return the months with payments or income, newest first."""
    table = tables.month_sum
    months = connection.execute(sa.select(table.c.month).distinct().order_by(table.c.month.desc())).scalars()
    return tuple(dt.date.fromisoformat(f"{month}-01") for month in months)


def _last_day(month: dt.date) -> dt.date:
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])
