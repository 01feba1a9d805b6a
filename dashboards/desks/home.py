"""My desk: my foundations, and what waits for me."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask import render_template
from flask import url_for

from dashboards.access.guard import visit
from dashboards.desks.caseload import caseload
from dashboards.desks.desk import desk_books
from dashboards.desks.desk import desk_user
from dashboards.pages.desks import DeskFoundation
from dashboards.pages.desks import DeskHomePage
from dashboards.pages.desks import Waiting
from dashboards.reading.lines import payment_rows
from dashboards.templating import current_language
from dashboards.work.accounts import count_proposals
from dashboards.work.brought import brought
from dashboards.work.deliveries import unseen_refusals
from dashboards.work.drafts import open_drafts
from dashboards.work.unexplained import count_open
from ledger import tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from dashboards.access.guard import Visit
    from dashboards.desks.desk import DeskBook
    from dashboards.desks.desk import Office
    from dashboards.desks.desk import Route
    from dashboards.pages.parts import PaymentRow

LATEST = 5


class HomeDesk:
    """What is mine and what waits for me."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def routes(self) -> tuple[Route, ...]:
        """Address, name, methods and function of every page."""
        return (("", "home", ["GET"], self.home),)

    def home(self) -> ResponseReturnValue:
        """Show the desk."""
        who = visit()
        with self._office.reading() as connection:
            books = desk_books(connection, tables.foundation.c.id.in_(who.roles.foundations))
            page = DeskHomePage(
                user=desk_user(who),
                foundations=tuple(self._foundation(connection, book) for book in books),
                waiting=tuple(self._waiting(connection, who, books)),
                latest=latest(connection, books),
            )
        return render_template("desks/home.html", page=page)

    def _foundation(self, connection: sa.Connection, book: DeskBook) -> DeskFoundation:
        """Return a foundation with its sums and how fresh they are."""
        money = self._office.money(connection, book.id)
        return DeskFoundation(link=book.link, sums=money.sums, badge=money.badge)

    def _waiting(self, connection: sa.Connection, who: Visit, books: Sequence[DeskBook]) -> Iterator[Waiting]:
        """Yield what waits for this person, each with its number."""
        ngettext, person = current_language().ngettext, who.person.id
        drafts = open_drafts(connection, person)
        if drafts and who.roles.foundations:
            text = ngettext(
                "statement that you have not finished", "statements that you have not finished", len(drafts)
            )
            yield Waiting(text=text, count=len(drafts), url=url_for("desks.upload_preview", draft=drafts[0]))
        yield from _undelivered(connection, who)
        for book in books:
            if book.id in who.roles.treasurer:
                yield from _unexplained(connection, book)
            yield from _unseen(connection, book, person)
            accounts = count_proposals(connection, book.id, person)
            if accounts:
                text = ngettext("account to approve", "accounts to approve", accounts)
                yield Waiting(text=text, count=accounts, url=url_for("desks.accounts", slug=book.slug))
            payees = _proposed(connection, tables.payee, book.id, person)
            if payees:
                text = ngettext("payee to approve", "payees to approve", payees)
                yield Waiting(text=text, count=payees, url=url_for("desks.payees", slug=book.slug))
            decisions = _proposed(connection, tables.decision, book.id, person)
            if decisions:
                text = ngettext("decision to approve", "decisions to approve", decisions)
                yield Waiting(text=text, count=decisions, url=url_for("desks.decisions", slug=book.slug))
        cases = self._cases(connection, who)
        if cases:
            text = ngettext("case where you can do something", "cases where you can do something", cases)
            yield Waiting(text=text, count=cases, url=url_for("desks.inbox"))

    def _cases(self, connection: sa.Connection, who: Visit) -> int:
        """Return in how many cases this person can take a step."""
        if not who.roles.rules and not who.roles.foundations:
            return 0
        return len(caseload(connection, who, self._office.clock()).yours)


def latest(connection: sa.Connection, books: Sequence[DeskBook]) -> tuple[PaymentRow, ...]:
    """Return the latest lines of foundations, as neighbours see them."""
    line = tables.movement
    mine = line.c.foundation.in_([book.id for book in books])
    query = sa.select(line.c.idx).where(mine).order_by(line.c.booked_on.desc(), line.c.idx.desc()).limit(LATEST)
    return payment_rows(connection, connection.execute(query).scalars().all())


def _unexplained(connection: sa.Connection, book: DeskBook) -> Iterator[Waiting]:
    """Yield the payments of a foundation that are not explained yet, where there are any."""
    payments = count_open(connection, book.id).payments
    if payments:
        text = current_language().ngettext("payment is not explained yet", "payments are not explained yet", payments)
        yield Waiting(text=text, count=payments, url=url_for("desks.explain", slug=book.slug))


def _unseen(connection: sa.Connection, book: DeskBook, person: str) -> Iterator[Waiting]:
    """Yield the statements of a foundation that this person can be the second to see, where there are any."""
    count = sum(one.waits_for(person) for one in brought(connection, book.id))
    if count:
        text = current_language().ngettext(
            "bank statement that you can confirm", "bank statements that you can confirm", count
        )
        yield Waiting(text=text, count=count, url=url_for("desks.statements", slug=book.slug))


def _undelivered(connection: sa.Connection, who: Visit) -> Iterator[Waiting]:
    """Yield what a bank delivered and was not booked, where this person is told."""
    count = len(unseen_refusals(connection, who.roles))
    if count:
        text = current_language().ngettext("delivery that was not booked", "deliveries that were not booked", count)
        yield Waiting(text=text, count=count, url=url_for("desks.deliveries"))


def _proposed(connection: sa.Connection, table: sa.Table, foundation: str, person: str) -> int:
    """Return how many payees or decisions wait for this person's approval."""
    match = (table.c.foundation == foundation, table.c.status == "proposed", table.c.proposed_by != person)
    return connection.execute(sa.select(sa.func.count()).select_from(table).where(*match)).scalar_one()
