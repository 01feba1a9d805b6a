"""The start page: the sums of all foundations, and the ways on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from dashboards.pages.home import DISTRICT_MONEY
from dashboards.pages.home import HomePage
from dashboards.pages.home import Verdict
from dashboards.pages.parts import FoundationCard
from dashboards.reading.cards import initiative_cards
from dashboards.reading.flows import flow
from dashboards.reading.lines import LATEST
from dashboards.reading.lines import payment_rows
from dashboards.reading.links import foundation_links
from dashboards.reading.links import initiative_links
from dashboards.reading.site import district_name
from dashboards.reading.sums import bank_total
from dashboards.reading.sums import money_of
from dashboards.reading.sums import together
from dashboards.reading.sums import total
from dashboards.reading.verify import first_problem
from dashboards.work.verification import last_verification
from ledger import tables
from ledger.entries.foundation.transaction import PAID

if TYPE_CHECKING:
    from dashboards.pages.home import FlowLink
    from dashboards.reading.state import State

SHOWN = 3


def home(state: State) -> HomePage:
    """Return the start page."""
    connection = state.connection
    money = money_of(state)
    links = foundation_links(connection)
    initiatives = _initiatives_by_foundation(connection)
    cards = [
        FoundationCard(link=link, sums=money[id_].sums, badge=money[id_].badge, initiatives=initiatives.get(id_, 0))
        for id_, link in links.items()
    ]
    return HomePage(
        neighbourhood=neighbourhood(state),
        sums=total(each.sums for each in money.values()),
        latest=payment_rows(connection, _latest(connection)),
        foundations=tuple(sorted(cards, key=lambda card: (card.link.name, card.link.slug))),
        initiatives=initiative_cards(connection),
        flow=_first_step(flow(connection, DISTRICT_MONEY, initiative_links(connection))),
        verdict=_verdict(state),
        unawarded_minor=_unawarded(connection),
        looks=state.looks.count(connection),
        badge=together(each.badge for each in money.values()),
        bank=bank_total(each.bank for each in money.values() if not each.badge.declared),
    )


def neighbourhood(state: State) -> str:
    """Return for whom the money is: the one neighbourhood of all rounds, else the district."""
    table = tables.round_
    found = set(state.connection.execute(sa.select(table.c.neighbourhood)).scalars())
    only = found.pop() if len(found) == 1 else None
    return only or district_name(state)


def _latest(connection: sa.Connection) -> list[int]:
    movement = tables.movement
    query = sa.select(movement.c.idx).where(movement.c.kind == PAID).order_by(*LATEST).limit(SHOWN)
    return list(connection.execute(query).scalars())


def _initiatives_by_foundation(connection: sa.Connection) -> dict[str, int]:
    payer = tables.initiative_payer
    query = sa.select(payer.c.foundation, sa.func.count()).group_by(payer.c.foundation)
    return {row[0]: row[1] for row in connection.execute(query)}


def _verdict(state: State) -> Verdict | None:
    last = last_verification(state.installation)
    if last is None:
        return None
    return Verdict(ok=last.ok, checked=last.held, total=last.entries, problem=first_problem(last))


def _unawarded(connection: sa.Connection) -> int | None:
    """Return what of the rounds was not granted yet; what grants gave back counts as granted."""
    table, grant = tables.round_, tables.grant_award
    rounds = connection.execute(sa.select(sa.func.sum(table.c.amount_minor))).scalar()
    if rounds is None:
        return None
    granted = sa.select(sa.func.sum(grant.c.amount_minor)).where(grant.c.round.is_not(None))
    return int(rounds) - int(connection.execute(granted).scalar() or 0)


def _first_step(streams: tuple[FlowLink, ...]) -> tuple[FlowLink, ...]:
    """Return only what went to initiatives; their own pages say what for."""
    return tuple(link for link in streams if link.step == 0)
