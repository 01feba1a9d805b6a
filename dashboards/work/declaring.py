"""What a district paid from its own financial system: declared with its source document.

Only a foundation of kind `district` does so: whoever has a bank account brings the bank's statements. The
document is kept like a bank's file and committed to by its hash; the payee's name and the purpose are shown
at once, because a district declares what it paid to organisations.

Source: DESIGN "Words" and "What goes into which book".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from dashboards.work.errors import SpendingRefused
from dashboards.work.finishing import finish
from ledger import tables
from ledger.entry import foundation_book

if TYPE_CHECKING:
    import datetime as dt

    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.installation import Installation

DISTRICT_KIND = "district"


@dataclass(frozen=True, slots=True)
class Spending:
    """One payment by the district itself.

    Attributes:
        amount_minor: What was paid; positive, in euro cents.
        category: Of the initiative's budget.
        document: The invoice or the page of the financial system, as bytes.
    """

    paid_on: dt.date
    amount_minor: int
    name: str
    text: str
    initiative: str
    category: int
    document: bytes


def declare_spending(
    installation: Installation, person: str, foundation: str, spending: Spending, now: dt.datetime
) -> Entry:
    """Declare what the district paid, for one category of one of its initiatives.

    Args:
        person: Who does it; that they may is for the caller to know.

    Raises:
        SpendingRefused: It is no district, the day is to come, or nothing fits; nothing was declared.
    """
    with installation.store.writing(now) as appender:
        _check(appender.connection, foundation, spending, now)
        document = installation.keep_file(spending.document)
        public: dict[str, Json] = {
            "paid_on": spending.paid_on.isoformat(),
            "amount": -spending.amount_minor,
            "currency": "EUR",
            "initiative": spending.initiative,
            "category": spending.category,
        }
        private: dict[str, Json] = {"name": spending.name, "iban": None, "text": spending.text, "document": document}
        book = foundation_book(foundation)
        draft = installation.store.draft(book, "spending declared", public, private, (person,))
        entry = appender.append(draft)
        shown: Json = [[entry.seq, "name"], [entry.seq, "text"]]
        appender.append(installation.store.draft(book, "disclosed", {"pairs": shown}, by=(person,)))
    finish(installation, now)
    return entry


def _check(connection: sa.Connection, foundation: str, spending: Spending, now: dt.datetime) -> None:
    """Refuse what the district cannot have paid so."""
    table, payer, line = tables.foundation, tables.initiative_payer, tables.budget_line
    kind = connection.execute(sa.select(table.c.kind).where(table.c.id == foundation)).scalar()
    if kind != DISTRICT_KIND:
        raise SpendingRefused("only a district declares; whoever has a bank account uploads the bank's statements")
    if spending.amount_minor <= 0 or spending.paid_on > now.date():
        raise SpendingRefused("a day that has been, and an amount above nought, are expected")
    category = (
        sa.select(line.c.category)
        .join(payer, payer.c.initiative == line.c.initiative)
        .where(payer.c.foundation == foundation, line.c.initiative == spending.initiative)
        .where(line.c.category == spending.category)
    )
    if connection.execute(category).first() is None:
        raise SpendingRefused("the initiative is not the district's, or its budget has no such category")
