"""Where money went, as streams from a grant to initiatives to categories, from the monthly sums.

Only what was spent flows; what is left and not explained is added by the picture from the page's own
sums. Of very many initiatives the largest have streams of their own and the rest share one.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import sqlalchemy as sa

from dashboards.pages.home import OTHERS
from dashboards.pages.home import FlowLink
from ledger import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboards.pages.parts import Link

OWN_STREAMS = 12


def flow(
    connection: sa.Connection, source: str, initiatives: Mapping[str, Link], foundation: str | None = None
) -> tuple[FlowLink, ...]:
    """Return the streams out of one place, largest first.

    Args:
        connection: One state of the database.
        source: What the place is called, as a message id.
        initiatives: Which ones, by id.
        foundation: Only what it paid.
    """
    spent = _spent(connection, initiatives, foundation)
    totals: Counter[str] = Counter()
    for (initiative, _), amount_minor in spent.items():
        totals[initiative] += amount_minor
    own = {initiative for initiative, _ in totals.most_common(OWN_STREAMS)}
    names = {id_: link.name if id_ in own else OTHERS for id_, link in initiatives.items()}
    streams: Counter[tuple[int, str, str]] = Counter()
    for initiative, amount_minor in totals.items():
        streams[0, source, names[initiative]] += amount_minor
    for (initiative, category), amount_minor in spent.items():
        streams[1, names[initiative], category if initiative in own else OTHERS] += amount_minor
    ordered = sorted(streams.items(), key=lambda item: (item[0][0], -item[1], item[0]))
    return tuple(
        FlowLink(step=step, source=start, target=end, amount_minor=amount_minor)
        for (step, start, end), amount_minor in ordered
        if amount_minor > 0
    )


def _spent(
    connection: sa.Connection, initiatives: Mapping[str, Link], foundation: str | None
) -> dict[tuple[str, str], int]:
    """Return what was spent by initiative and the category's name."""
    shared = _shared(connection, foundation) & initiatives.keys() if foundation else set()
    alone = sorted(initiatives.keys() - shared)
    month, part = tables.category_month, tables.allocation
    kept = sa.select(month.c.initiative, month.c.category, sa.func.sum(month.c.spent_minor - month.c.refunded_minor))
    rows = list(connection.execute(kept.where(month.c.initiative.in_(alone)).group_by(*kept.selected_columns[:2])))
    if shared:
        own = sa.select(part.c.initiative, part.c.category, sa.func.sum(-part.c.amount_minor))
        own = own.where(part.c.initiative.in_(shared), part.c.foundation == foundation, part.c.undone.is_(False))
        rows += connection.execute(own.group_by(part.c.initiative, part.c.category))
    names = _category_names(connection)
    found: Counter[tuple[str, str]] = Counter()
    for initiative, category, amount_minor in rows:
        found[initiative, names.get((initiative, category)) or str(category)] += int(amount_minor)
    return dict(found)


def _shared(connection: sa.Connection, foundation: str | None) -> set[str]:
    """Return the initiatives of a foundation that others pay for too."""
    payer = tables.initiative_payer
    own = sa.select(payer.c.initiative).where(payer.c.foundation == foundation)
    several = sa.select(payer.c.initiative).where(payer.c.initiative.in_(own)).group_by(payer.c.initiative)
    return set(connection.execute(several.having(sa.func.count() > 1)).scalars())


def _category_names(connection: sa.Connection) -> dict[tuple[str, int], str | None]:
    line = tables.budget_line
    rows = connection.execute(sa.select(line.c.initiative, line.c.category, line.c.name))
    return {(row.initiative, row.category): row.name for row in rows}
