"""The desk of refused deliveries: what a bank sent and was not booked, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect
from flask import render_template
from flask import url_for

from dashboards.access.guard import visit
from dashboards.desks.desk import desk_books
from dashboards.desks.desk import desk_user
from dashboards.desks.wording import refusal_sentence
from dashboards.pages.deliveries import DeliveriesPage
from dashboards.pages.deliveries import DeliveryRow
from dashboards.work.deliveries import see_refusal
from dashboards.work.deliveries import unseen_refusals
from ledger import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from dashboards.desks.desk import Office
    from dashboards.desks.desk import Route
    from dashboards.pages.parts import Link
    from dashboards.work.deliveries import RefusedDelivery


class DeliveriesDesk:
    """What was delivered and not booked."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def routes(self) -> tuple[Route, ...]:
        """Address, name, methods and function of every page."""
        return (
            ("/leveringen", "deliveries", ["GET"], self.deliveries),
            ("/leveringen/<key>/gezien", "delivery_seen", ["POST"], self.seen),
        )

    def deliveries(self) -> ResponseReturnValue:
        """Show what this person is told of."""
        who = visit()
        with self._office.reading() as connection:
            found = unseen_refusals(connection, who.roles)
            own = tables.foundation.c.id.in_({one.foundation for one in found if one.foundation})
            links = {book.id: book.link for book in desk_books(connection, own)}
        rows = tuple(_row(one, links) for one in found)
        page = DeliveriesPage(user=desk_user(who), csrf_token=who.form_token, rows=rows)
        return render_template("desks/deliveries.html", page=page)

    def seen(self, key: str) -> ResponseReturnValue:
        """Note that it was seen."""
        see_refusal(self._office.installation, visit().person.id, key, self._office.clock())
        return redirect(url_for("desks.deliveries"), 303)


def _row(one: RefusedDelivery, links: Mapping[str, Link]) -> DeliveryRow:
    """Return a refused delivery as its desk shows it."""
    return DeliveryRow(
        key=one.content,
        foundation=links.get(one.foundation or ""),
        filename=one.filename,
        refused_at=one.refused_at,
        why=refusal_sentence(one.code, one.place),
    )
