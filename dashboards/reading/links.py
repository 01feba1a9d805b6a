"""Names and addresses of foundations and initiatives, as far as they are disclosed.

A foundation of residents has no public name: it is called by the beginning of its random id. Whoever has no
public slug is found by id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from dashboards.pages.parts import Link
from dashboards.pages.reader import PageMissing
from ledger import tables

if TYPE_CHECKING:
    from collections.abc import Collection

DIGITS = 8


def link_of(id_: str, slug: str | None, name: str | None) -> Link:
    """Return the link of a foundation or initiative."""
    return Link(slug=slug or id_, name=name or f"#{id_[:DIGITS]}")


def foundation_links(connection: sa.Connection, ids: Collection[str] | None = None) -> dict[str, Link]:
    """Return the links of foundations by id; of all where no ids are given."""
    return _links(connection, tables.foundation, ids)


def initiative_links(connection: sa.Connection, ids: Collection[str] | None = None) -> dict[str, Link]:
    """Return the links of initiatives by id; of all where no ids are given."""
    return _links(connection, tables.initiative, ids)


def find_id(connection: sa.Connection, table: sa.Table, slug: str) -> str | None:
    """Return the id of the foundation or initiative with an address, or None."""
    found = connection.execute(sa.select(table.c.id).where(table.c.slug == slug)).scalar()
    if found is None:
        nameless = sa.select(table.c.id).where(table.c.id == slug, table.c.slug.is_(None))
        found = connection.execute(nameless).scalar()
    return str(found) if found is not None else None


def must_find(connection: sa.Connection, table: sa.Table, slug: str) -> str:
    """Return the id of the foundation or initiative with an address.

    Raises:
        PageMissing: There is none.
    """
    found = find_id(connection, table, slug)
    if found is None:
        raise PageMissing
    return found


def _links(connection: sa.Connection, table: sa.Table, ids: Collection[str] | None) -> dict[str, Link]:
    query = sa.select(table.c.id, table.c.slug, table.c.name)
    if ids is not None:
        query = query.where(table.c.id.in_(sorted(ids)))
    return {row.id: link_of(row.id, row.slug, row.name) for row in connection.execute(query)}
