"""The desk of explaining: what payments were for that are in the book already, and putting that right.

Who acts for the foundation sees it; only its treasurer links and undoes. A form is linked in full or not
at all. What a step did is told from the log: the address carries the places of its entries, and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect
from flask import render_template
from flask import request
from flask import url_for

from dashboards.access.guard import visit
from dashboards.desks import explain_pages as pages
from dashboards.desks.desk import UNPROCESSABLE
from dashboards.desks.desk import desk_user
from dashboards.desks.desk import field_errors
from dashboards.desks.desk import my_foundation
from dashboards.desks.targets import target_groups
from dashboards.desks.targets import target_names
from dashboards.errors import FieldRefused
from dashboards.errors import NotAllowed
from dashboards.errors import NothingChosen
from dashboards.errors import ReasonRefused
from dashboards.errors import Settled
from dashboards.pages.desks import FieldError
from dashboards.pages.explaining import ExplainedReceipt
from dashboards.pages.explaining import ExplainPage
from dashboards.pages.explaining import SplitPage
from dashboards.templating import translated
from dashboards.work import unexplained
from dashboards.work.allocations import link
from dashboards.work.allocations import unlink
from dashboards.work.errors import SplitRefused
from dashboards.work.linking import matching
from dashboards.work.linking import remember
from dashboards.work.ordinary import changing
from dashboards.work.proposals import plain_text
from dashboards.work.standing import Target
from dashboards.work.standing import make_rule
from dashboards.work.suggestions import Suggestions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence
    from typing import Any

    import sqlalchemy as sa
    from flask.typing import ResponseReturnValue

    from dashboards.desks.desk import DeskBook
    from dashboards.desks.desk import Office
    from dashboards.desks.desk import Route
    from dashboards.pages.linking import PartRow
    from dashboards.work.allocations import Split
    from dashboards.work.standing import Payment

ON_A_PAGE = 50
RECENT = 10
LONGEST_NUMBER = 15
PLACE = "<int(max=9007199254740991):seq>"
"""A place in a book, as an address has it: a number that every database can hold."""


class ExplainDesk:
    """Explaining payments that were booked before."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def routes(self) -> tuple[Route, ...]:
        """Address, name, methods and function of every page."""
        both = ["GET", "POST"]
        return (
            ("/<slug>/toelichten", "explain", both, self.explain),
            (f"/<slug>/toelichten/{PLACE}", "split", both, self.split),
            (f"/<slug>/toelichten/{PLACE}/ongedaan", "split_undo", ["POST"], self.undo),
            (f"/<slug>/toelichten/{PLACE}/altijd", "split_always", ["POST"], self.always),
        )

    def explain(self, slug: str) -> ResponseReturnValue:
        """Show what is not explained yet, or link what was chosen."""
        if request.method == "GET":
            with self._office.reading() as connection:
                book = my_foundation(connection, slug)
            return self._list(book)
        book = self._treasurers(slug)
        chosen = pages.chosen_lines(request.form)
        with self._office.reading() as connection:
            lines = unexplained.open_lines_at(connection, book.id, chosen)
            wrong = pages.not_offered(chosen, target_groups(connection, book.id))
        if len(lines) < len(chosen):
            raise Settled
        if wrong or not chosen:
            return self._list(book, chosen, wrong), UNPROCESSABLE
        splits = pages.whole_splits(chosen, lines)
        done = self._link(book, splits)
        always = [lines[seq].payment for seq in pages.always_lines(request.form) if seq in lines]
        self._remember(book, [(lines[seq].payment, own) for seq, own in splits.items()], always)
        return redirect(url_for("desks.explain", slug=slug, bladzijde=_number("bladzijde") or None, **done), 303)

    def split(self, slug: str, seq: int) -> ResponseReturnValue:
        """Show one payment, or link parts of it."""
        if request.method == "GET":
            with self._office.reading() as connection:
                book = my_foundation(connection, slug)
            return self._one(book, seq)
        book = self._treasurers(slug)
        rows = pages.typed_parts(request.form)
        with self._office.reading() as connection:
            line = unexplained.line_at(connection, book.id, seq)
            values = pages.offered(target_groups(connection, book.id))
        splits, wrong = pages.read_parts(line.rest_minor, rows, values)
        if wrong:
            return self._one(book, seq, rows, errors=wrong), UNPROCESSABLE
        done = self._link(book, {seq: splits})
        self._remember(book, [(line.payment, splits)])
        return redirect(url_for("desks.split", slug=slug, seq=seq, **done), 303)

    def always(self, slug: str, seq: int) -> ResponseReturnValue:
        """Make a standing rule of what a payment counts for.

        Raises:
            Settled: It counts for nothing, for several things, or nothing tells its kind apart.
        """
        book, office = self._treasurers(slug), self._office
        with office.reading() as connection:
            line = unexplained.line_at(connection, book.id, seq)
            parts = unexplained.parts_at(connection, book.id, seq)
        conditions = pages.rule_conditions(line, parts, with_amount="amount" in request.form)
        if conditions is None:
            raise Settled
        target = Target(parts[0].initiative, parts[0].category)
        with changing(office.installation.engine) as connection:
            make_rule(connection, book.id, conditions, target, visit().person.id, office.clock())
        return redirect(url_for("desks.standing", slug=slug), 303)

    def undo(self, slug: str, seq: int) -> ResponseReturnValue:
        """Undo what a payment is linked to."""
        book, office = self._treasurers(slug), self._office
        typed = request.form.get("reason", "")
        with office.reading() as connection:
            unexplained.line_at(connection, book.id, seq)
        try:
            reason = plain_text(typed, ReasonRefused)
        except FieldRefused as error:
            return self._one(book, seq, reason=typed, errors=field_errors([error])), UNPROCESSABLE
        by = (visit().person.id,)
        if not unlink(office.installation, book.id, seq, reason, by=by, now=office.clock()):
            raise Settled
        return redirect(url_for("desks.split", slug=slug, seq=seq), 303)

    def _treasurers(self, slug: str) -> DeskBook:
        """Return the foundation whose treasurer is asking.

        Raises:
            NotAllowed: There is none, or somebody else is asking.
        """
        with self._office.reading() as connection:
            book = my_foundation(connection, slug)
        if not _may_link(book):
            raise NotAllowed
        return book

    def _link(self, book: DeskBook, links: Mapping[int, Sequence[Split]]) -> dict[str, Any]:
        """Link lines, and return where that stands in the log, for an address.

        Raises:
            Settled: Somebody was before; nothing was linked.
        """
        office, by = self._office, (visit().person.id,)
        try:
            entries = link(office.installation, book.id, links, by=by, now=office.clock())
        except SplitRefused as error:
            raise Settled from error
        return {"vanaf": entries[0].idx, "aantal": len(entries)}

    def _remember(
        self, book: DeskBook, linked: Sequence[tuple[Payment, Sequence[Split]]], always: Sequence[Payment] = ()
    ) -> None:
        """Count which standing rules were followed, and make those that were asked for."""
        office = self._office
        remember(office.installation, book.id, linked, always, visit().person.id, office.clock())

    def _list(
        self, book: DeskBook, chosen: Mapping[int, str] | None = None, errors: tuple[FieldError, ...] = ()
    ) -> str:
        """Show a page of what is not explained yet, with what was chosen."""
        who = visit()
        with self._office.reading() as connection:
            count = unexplained.count_open(connection, book.id)
            last = max(1, -(-(count.payments + count.income) // ON_A_PAGE))
            number = min(max(1, _number("bladzijde")), last)
            offset = (number - 1) * ON_A_PAGE
            lines = unexplained.open_lines(connection, book.id, limit=ON_A_PAGE, offset=offset)
            recent = unexplained.last_linked(connection, book.id, RECENT)
            found = pages.suggested(lines, Suggestions(connection, book.id))
            groups = target_groups(connection, book.id)
            done = _done(connection, book)
        values = pages.offered(groups)
        rows = {
            line: pages.link_row(
                line, None if chosen is None else chosen.get(line.seq, ""), found.get(line.seq), values
            )
            for line in lines
        }
        if chosen is not None and not chosen and lines:
            errors = (FieldError(field=f"line-{lines[0].seq}", message=translated(NothingChosen.advice)),)
        page = ExplainPage(
            user=desk_user(who),
            foundation=book.link,
            csrf_token=who.form_token,
            currency=book.currency,
            payments=count.payments,
            amount_minor=count.amount_minor,
            rows=tuple(row for line, row in rows.items() if line.paid),
            refunds=tuple(row for line, row in rows.items() if not line.paid),
            recent=tuple(pages.link_row(line, "", None, values) for line in recent),
            groups=groups,
            number=number,
            pages=last,
            may_link=_may_link(book),
            done=done,
            errors=errors,
        )
        return render_template("desks/explain.html", page=page)

    def _one(
        self,
        book: DeskBook,
        seq: int,
        rows: tuple[PartRow, ...] | None = None,
        *,
        reason: str = "",
        errors: tuple[FieldError, ...] = (),
    ) -> str:
        """Show one payment, with what was typed."""
        who = visit()
        with self._office.reading() as connection:
            line = unexplained.line_at(connection, book.id, seq)
            parts = unexplained.parts_at(connection, book.id, seq)
            names, groups = target_names(connection, book.id), target_groups(connection, book.id)
            done = _done(connection, book)
            ruled = matching(Suggestions(connection, book.id), line.payment, parts)
        may_link = _may_link(book)
        page = SplitPage(
            user=desk_user(who),
            foundation=book.link,
            csrf_token=who.form_token,
            seq=seq,
            booked_on=line.booked_on,
            amount_minor=abs(line.amount_minor),
            rest_minor=abs(line.rest_minor),
            currency=line.currency,
            paid=line.paid,
            counterparty=line.name,
            remittance=line.text,
            linked=pages.linked_parts(parts, names),
            parts=pages.typed_parts({}) if rows is None else rows,
            groups=groups,
            may_link=may_link,
            ruled=bool(ruled),
            always=pages.rule_sentence(line, parts) if may_link and not ruled else None,
            reason=reason,
            done=done,
            errors=errors,
        )
        return render_template("desks/split.html", page=page)


def _may_link(book: DeskBook) -> bool:
    """Tell whether the person is the foundation's treasurer."""
    return book.id in visit().roles.treasurer


def _done(connection: sa.Connection, book: DeskBook) -> ExplainedReceipt | None:
    """Return what the step before did, where the address names its entries."""
    found = unexplained.explained_by(connection, book.id, _number("vanaf"), _number("aantal"))
    return ExplainedReceipt(lines=found.lines, amount_minor=found.amount_minor) if found.lines else None


def _number(name: str) -> int:
    """Return a number of the address; 0 where there is none."""
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER else 0
