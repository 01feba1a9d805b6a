"""The files that treasurers upload, month by month, and how they link the lines.

Each foundation uploads a month's statements in the first week of the next month, a file for each of its
banks. One file (`OVERLAP`) begins ten days early, as an export chosen by hand does; one comes weeks late
(`LATE`); one is uploaded again by a second person (`SEEN_TWICE`). Balances of an account continue from
file to file.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from dashboards.demo.banks import BankStatement
from dashboards.demo.banks import camt053
from dashboards.demo.banks import ing_csv
from dashboards.demo.banks_mt940 import mt940
from dashboards.demo.banks_rabobank import rabobank_csv
from dashboards.demo.district import FOUNDATIONS
from dashboards.demo.district import MONTHS
from dashboards.demo.district import after
from dashboards.demo.district import date_of
from dashboards.demo.events import Link
from dashboards.demo.events import Upload
from dashboards.demo.people import signatories
from dashboards.demo.people import treasurer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    from dashboards.demo.chance import Chance
    from dashboards.demo.district import Account
    from dashboards.demo.district import Format
    from dashboards.demo.district import Foundation
    from dashboards.demo.events import Event
    from dashboards.demo.events import Share
    from dashboards.demo.months import Movement

OVERLAP = ("steunpunt", 7)
OVERLAP_DAYS = 10
LATE = ("stoepgroep", 3)
LATE_DAYS = 21
SEEN_TWICE = ("ekster", 6)
_UPLOAD_DAY = {"ekster": 3, "melkput": 4, "steunpunt": 2, "stoepgroep": 1}
_LINK_MINUTES = 25
_SECOND_FILE_MINUTES = 4
_SEEN_AFTER = dt.timedelta(days=2, minutes=12)


def upload_events(movements: Sequence[Movement], chance: Chance) -> Iterator[Event]:
    """Yield every upload, and a while after it the links that were forgotten a month before."""
    for foundation in FOUNDATIONS:
        if not foundation.accounts:
            continue
        own = [item for item in movements if item.foundation == foundation.slug]
        for month in MONTHS:
            at = _upload_at(foundation.slug, month, chance)
            yield from _uploads(foundation, own, month, at)
            forgotten = {
                item.line.reference: item.shares
                for item in own
                if item.late and after(item.line.booked_on.month) == month != MONTHS[0]
            }
            if forgotten:
                later = at + dt.timedelta(minutes=_LINK_MINUTES)
                actor = treasurer(foundation.slug)
                yield Link(at=later, actor=actor, foundation=foundation.slug, links=forgotten)


def _upload_at(slug: str, month: int, chance: Chance) -> dt.datetime:
    days = _UPLOAD_DAY[slug] + chance.below(3) + (LATE_DAYS if (slug, month) == LATE else 0)
    day = _last_of(month) + dt.timedelta(days=days)
    return dt.datetime(day.year, day.month, day.day, chance.between(17, 19), chance.below(55), tzinfo=dt.UTC)


def _last_of(month: int) -> dt.date:
    first = date_of(month, 1)
    return first.replace(day=calendar.monthrange(first.year, month)[1])


def _uploads(foundation: Foundation, own: Sequence[Movement], month: int, at: dt.datetime) -> Iterator[Upload]:
    """Yield a file for each format that the foundation's accounts are exported in."""
    starts, ends = date_of(month, 1), _last_of(month)
    if (foundation.slug, month) == OVERLAP:
        starts -= dt.timedelta(days=OVERLAP_DAYS)
    for number, (_, group) in enumerate(groupby(foundation.accounts, key=lambda account: account.format)):
        accounts = tuple(group)
        keys = {account.key for account in accounts}
        statements = [_statement(foundation, account, own, starts, ends) for account in accounts]
        filename, content = _file(accounts[0].format, statements, at)
        upload = Upload(
            at=at + dt.timedelta(minutes=number * _SECOND_FILE_MINUTES),
            actor=treasurer(foundation.slug),
            foundation=foundation.slug,
            filename=filename,
            content=content,
            links=_links([item for item in own if item.account in keys], month),
        )
        yield upload
        if (foundation.slug, month) == SEEN_TWICE:
            yield replace(upload, at=at + _SEEN_AFTER, actor=signatories(foundation.slug)[0], links={})


def _links(own: Sequence[Movement], month: int) -> dict[str, tuple[Share, ...]]:
    return {
        item.line.reference: item.shares
        for item in own
        if item.shares and not item.late and item.line.booked_on.month == month
    }


def _file(form: Format, statements: Sequence[BankStatement], at: dt.datetime) -> tuple[str, bytes]:
    """Return a file's name and content as the bank makes them."""
    first = statements[0]
    if form == "ing":
        return f"{first.iban}_{first.starts:%d-%m-%Y}_{first.ends:%d-%m-%Y}.csv", ing_csv(first)
    if form == "mt940":
        return f"MT940_{first.iban}_{first.ends:%Y%m}.sta", mt940(first)
    if form == "rabobank":
        return f"CSV_A_{first.iban}_EUR_{first.starts:%Y%m%d}_{first.ends:%Y%m%d}.csv", rabobank_csv(first, first.line)
    content = camt053(
        statements,
        version="08" if form == "camt.053.001.08" else "02",
        message_id=f"{first.iban[4:8]}{first.ends:%Y%m%d}{first.iban[-6:]}",
        created_at=at - dt.timedelta(minutes=20),
    )
    return f"CAMT053_{first.iban}_{first.ends:%Y-%m}.xml", content


def _statement(
    foundation: Foundation, account: Account, own: Sequence[Movement], starts: dt.date, ends: dt.date
) -> BankStatement:
    booked = [item.line for item in own if item.account == account.key]
    before = [line.amount_minor for line in booked if line.booked_on < starts]
    return BankStatement(
        iban=account.iban,
        owner=foundation.name,
        number=ends.month,
        starts=starts,
        ends=ends,
        opening_minor=sum(before) + account.opening_minor,
        lines=tuple(line for line in booked if starts <= line.booked_on <= ends),
        line=len(before) + 1,
    )
