"""Initiatives in a list, largest budget first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from dashboards.pages.parts import InitiativeCard
from dashboards.reading.links import link_of
from dashboards.reading.sums import initiative_sums
from dashboards.reading.sums import no_sums
from ledger import tables

if TYPE_CHECKING:
    from collections.abc import Collection


def initiative_cards(connection: sa.Connection, ids: Collection[str] | None = None) -> tuple[InitiativeCard, ...]:
    """Return the cards of initiatives; of all where no ids are given."""
    table = tables.initiative
    query = sa.select(table.c.id, table.c.slug, table.c.name, table.c.theme)
    if ids is not None:
        query = query.where(table.c.id.in_(sorted(ids)))
    sums = initiative_sums(connection, ids)
    cards = [
        InitiativeCard(
            link=link_of(row.id, row.slug, row.name), theme=row.theme or "", sums=sums.get(row.id, no_sums())
        )
        for row in connection.execute(query)
    ]
    return tuple(sorted(cards, key=lambda card: (-card.sums.granted_minor, card.link.name, card.link.slug)))
