"""A foundation's page."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import cast

import sqlalchemy as sa

from dashboards.pages.foundation import FoundationPage
from dashboards.pages.foundation import GrantLine
from dashboards.pages.foundation import PublicAccount
from dashboards.pages.home import DISTRICT_MONEY
from dashboards.reading.cards import initiative_cards
from dashboards.reading.flows import flow
from dashboards.reading.lines import LATEST
from dashboards.reading.lines import payment_rows
from dashboards.reading.links import foundation_links
from dashboards.reading.links import initiative_links
from dashboards.reading.links import must_find
from dashboards.reading.sums import money_of
from ledger import tables

if TYPE_CHECKING:
    from dashboards.pages.foundation import FoundationKind
    from dashboards.reading.state import State

SHOWN = 10


def foundation(state: State, slug: str) -> FoundationPage:
    """Return a foundation's page.

    Raises:
        PageMissing: There is no such foundation.
    """
    connection = state.connection
    id_ = must_find(connection, tables.foundation, slug)
    link = foundation_links(connection, {id_})[id_]
    money = money_of(state, id_)[id_]
    private, pending = state.masked.read(connection, id_, money.sums.currency)
    grants = _grants(connection, id_)
    initiatives = _initiatives(connection, id_)
    return FoundationPage(
        link=link,
        kind=_kind(connection, id_),
        sums=money.sums,
        badge=money.badge,
        grants=grants,
        accounts=_accounts(connection, id_),
        initiatives=initiative_cards(connection, initiatives),
        looked_at=state.looks.open_looks(connection, id_, link),
        statements_looked_at=state.looks.open_statements(connection, id_),
        accounts_looked_at=state.looks.open_accounts(connection, id_),
        not_in_order=state.looks.not_in_order(connection, id_, link),
        looks=state.looks.count(connection, id_),
        bank=money.bank,
        latest=payment_rows(connection, _latest(connection, id_)),
        payments=money.movements,
        private=private,
        pending=pending,
        flow=flow(connection, DISTRICT_MONEY, initiative_links(connection, initiatives), id_),
    )


def _kind(connection: sa.Connection, foundation: str) -> FoundationKind:
    table = tables.foundation
    found = connection.execute(sa.select(table.c.kind).where(table.c.id == foundation)).scalar_one()
    return cast("FoundationKind", found)


def _grants(connection: sa.Connection, foundation: str) -> tuple[GrantLine, ...]:
    grant = tables.grant_award
    query = sa.select(grant).where(grant.c.foundation == foundation).order_by(grant.c.starts, grant.c.idx)
    return tuple(
        GrantLine(
            reference=row.reference or row.id,
            amount_minor=row.amount_minor,
            currency=row.currency,
            starts=row.starts,
            ends=row.ends,
        )
        for row in connection.execute(query)
    )


def _accounts(connection: sa.Connection, foundation: str) -> tuple[PublicAccount, ...]:
    """Return the accounts whose IBAN is disclosed and that are still open."""
    account = tables.account
    query = sa.select(account.c.iban, account.c.mandate).where(
        account.c.foundation == foundation, account.c.iban.is_not(None), account.c.closed_at.is_(None)
    )
    rows = connection.execute(query.order_by(account.c.idx))
    return tuple(PublicAccount(iban=row.iban, mandate=row.mandate) for row in rows)


def _initiatives(connection: sa.Connection, foundation: str) -> list[str]:
    payer = tables.initiative_payer
    return list(connection.execute(sa.select(payer.c.initiative).where(payer.c.foundation == foundation)).scalars())


def _latest(connection: sa.Connection, foundation: str) -> list[int]:
    movement = tables.movement
    query = sa.select(movement.c.idx).where(movement.c.foundation == foundation).order_by(*LATEST).limit(SHOWN)
    return list(connection.execute(query).scalars())
