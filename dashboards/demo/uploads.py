"""The files that treasurers upload, month by month, and how they link the lines.

Each foundation uploads a month's statement in the first week of the next month. One file
(`OVERLAP`) begins ten days early, as an export chosen by hand does. Balances of an account
continue from file to file.
"""

from __future__ import annotations

import calendar
import datetime as dt
from typing import TYPE_CHECKING

from dashboards.demo.banks import BankStatement
from dashboards.demo.banks import camt053
from dashboards.demo.banks import ing_csv
from dashboards.demo.district import FOUNDATIONS
from dashboards.demo.district import MONTHS
from dashboards.demo.district import YEAR
from dashboards.demo.events import Link
from dashboards.demo.events import Upload
from dashboards.demo.people import treasurer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    from dashboards.demo.chance import Chance
    from dashboards.demo.district import Foundation
    from dashboards.demo.events import Event
    from dashboards.demo.events import Share
    from dashboards.demo.months import Account
    from dashboards.demo.months import Movement

OVERLAP = ("steunpunt", 7)
OVERLAP_DAYS = 10
_UPLOAD_DAY = {"ekster": 3, "melkput": 4, "steunpunt": 2}
_LINK_MINUTES = 25


def upload_events(movements: Sequence[Movement], chance: Chance) -> Iterator[Event]:
    """Yield every upload, and a while after it the links that were forgotten a month before."""
    for foundation in FOUNDATIONS:
        own = [item for item in movements if item.foundation == foundation.slug]
        for month in MONTHS:
            at = _upload_at(foundation.slug, month, chance)
            yield _upload(foundation, own, month, at)
            forgotten = {
                item.line.reference: item.shares for item in own if item.late and item.line.booked_on.month == month - 1
            }
            if forgotten:
                later = at + dt.timedelta(minutes=_LINK_MINUTES)
                actor = treasurer(foundation.slug)
                yield Link(at=later, actor=actor, foundation=foundation.slug, links=forgotten)


def _upload_at(slug: str, month: int, chance: Chance) -> dt.datetime:
    day = _UPLOAD_DAY[slug] + chance.below(3)
    return dt.datetime(YEAR, month + 1, day, chance.between(17, 19), chance.below(55), tzinfo=dt.UTC)


def _upload(foundation: Foundation, own: Sequence[Movement], month: int, at: dt.datetime) -> Upload:
    starts, ends = dt.date(YEAR, month, 1), dt.date(YEAR, month, calendar.monthrange(YEAR, month)[1])
    if (foundation.slug, month) == OVERLAP:
        starts -= dt.timedelta(days=OVERLAP_DAYS)
    filename, content = _file(foundation, own, starts, ends, at)
    return Upload(
        at=at,
        actor=treasurer(foundation.slug),
        foundation=foundation.slug,
        filename=filename,
        content=content,
        links=_links(own, month),
    )


def _links(own: Sequence[Movement], month: int) -> dict[str, tuple[Share, ...]]:
    return {
        item.line.reference: item.shares
        for item in own
        if item.shares and not item.late and item.line.booked_on.month == month
    }


def _file(
    foundation: Foundation, own: Sequence[Movement], starts: dt.date, ends: dt.date, at: dt.datetime
) -> tuple[str, bytes]:
    current = _statement(foundation, "current", own, starts, ends)
    if foundation.format == "ing":
        return f"{current.iban}_{starts:%d-%m-%Y}_{ends:%d-%m-%Y}.csv", ing_csv(current)
    accounts = [current]
    if foundation.savings:
        accounts.append(_statement(foundation, "savings", own, starts, ends))
    content = camt053(
        accounts,
        version="08" if foundation.format.endswith("08") else "02",
        message_id=f"{current.iban[4:8]}{ends:%Y%m%d}{foundation.slug.upper()}",
        created_at=at - dt.timedelta(minutes=20),
    )
    return f"CAMT053_{current.iban}_{ends:%Y-%m}.xml", content


def _statement(
    foundation: Foundation, account: Account, own: Sequence[Movement], starts: dt.date, ends: dt.date
) -> BankStatement:
    booked = [item.line for item in own if item.account == account]
    before = sum(line.amount_minor for line in booked if line.booked_on < starts)
    iban = foundation.savings if account == "savings" else None
    return BankStatement(
        iban=iban or foundation.current,
        owner=foundation.name,
        number=ends.month,
        starts=starts,
        ends=ends,
        opening_minor=before + (foundation.opening_minor if account == "current" else 0),
        lines=tuple(line for line in booked if starts <= line.booked_on <= ends),
    )
