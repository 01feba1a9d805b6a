"""The desk of statements: choose a file, look at it, link its lines, check, and book it.

Each step is a page of its own with an address, so that a reload loses nothing. What a step shows
is made anew from the kept file; nothing is public before the last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for

from dashboards.access.guard import LARGEST_FILE
from dashboards.access.guard import visit
from dashboards.desks import upload_links as links
from dashboards.desks import upload_pages as pages
from dashboards.desks.desk import UNPROCESSABLE
from dashboards.desks.desk import desk_user
from dashboards.desks.desk import field_errors
from dashboards.desks.desk import foundation_by_id
from dashboards.desks.desk import my_foundation
from dashboards.desks.targets import target_names
from dashboards.desks.upload_linking import LinkingStep
from dashboards.desks.upload_links import Begun
from dashboards.desks.wording import file_sentence
from dashboards.errors import FieldRefused
from dashboards.errors import NotAllowed
from dashboards.errors import ReasonRefused
from dashboards.errors import Settled
from dashboards.errors import StatementRefused
from dashboards.pages.desks import FieldError
from dashboards.pages.desks import UploadPage
from dashboards.pages.desks import UploadPreviewPage
from dashboards.pages.desks import UploadReceiptPage
from dashboards.pages.linking import UploadCheckPage
from dashboards.work.casebook import flagged_lines
from dashboards.work.confirming import DIFFERS
from dashboards.work.drafts import begin_draft
from dashboards.work.drafts import find_draft
from dashboards.work.drafts import keep_accept
from dashboards.work.drafts import keep_links
from dashboards.work.drafts import keep_receipt
from dashboards.work.errors import SplitRefused
from dashboards.work.proposals import plain_text
from dashboards.work.statements import confirm
from dashboards.work.statements import preview
from dashboards.work.unexplained import count_open
from importers.errors import BookingRefused
from importers.errors import UnreadableFile
from ledger.errors import BooksMoved

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from werkzeug.wrappers import Response

    from dashboards.desks.desk import DeskBook
    from dashboards.desks.desk import Office
    from dashboards.desks.desk import Route
    from dashboards.desks.upload_links import Chosen
    from dashboards.work.drafts import Draft
    from ledger.errors import BuurtkasError

TOO_LARGE = 413
LONGEST_FILENAME = 100
REFUSALS = (UnreadableFile, BookingRefused, SplitRefused, BooksMoved)


class UploadDesk:
    """Bringing a bank statement."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def routes(self) -> tuple[Route, ...]:
        """Address, name, methods and function of every page."""
        both = ["GET", "POST"]
        return (
            ("/<slug>/afschrift", "upload", both, self.upload),
            ("/afschrift/<draft>/bekijken", "upload_preview", both, self.preview),
            *LinkingStep(self._office, self._begun).routes(),
            ("/afschrift/<draft>/controleren", "upload_check", both, self.check),
            ("/afschrift/<draft>/klaar", "upload_receipt", ["GET"], self.receipt),
        )

    def upload(self, slug: str) -> ResponseReturnValue:
        """Step 1: show the form, or take a file that can be read and booked."""
        with self._office.reading() as connection:
            book = my_foundation(connection, slug)
        if request.method == "GET":
            return self._choose(book)
        filename, content = _file()
        if len(content) > LARGEST_FILE:
            abort(TOO_LARGE)
        if not content:
            return self._choose(book, field_errors([StatementRefused()])), UNPROCESSABLE
        try:
            preview(self._office.installation, book.id, content, (visit().person.id,))
        except REFUSALS as error:
            return self._choose(book, (_refusal(error),)), UNPROCESSABLE
        person, now = visit().person.id, self._office.clock()
        draft = begin_draft(self._office.installation, person, book.id, (filename, content), now)
        return redirect(url_for("desks.upload_preview", draft=draft), 303)

    def preview(self, draft: str) -> ResponseReturnValue:
        """Step 2: show what is in the file, or go on; past what does not fit only with a reason."""
        begun = self._begun(draft)
        if not isinstance(begun, Begun):
            return begun
        if request.method == "GET" or (begun.shown.problems and "reason" not in request.form):
            return self._look(begun, begun.draft.accept or "")
        if begun.shown.problems:
            return self._accept(begun, request.form["reason"])
        return self._go_on(begun)

    def check(self, draft: str) -> ResponseReturnValue:
        """Step 4: show what confirming does, or confirm."""
        begun = self._begun(draft)
        if not isinstance(begun, Begun):
            return begun
        accept = _accepted(begun)
        chosen = links.chosen_of(begun.draft, begun.shown)
        if request.method == "GET":
            return self._sure(begun, chosen)
        office, person, now = self._office, visit().person.id, self._office.clock()
        content = office.installation.kept_file(begun.draft.content)
        try:
            done = confirm(
                office.installation,
                begun.book.id,
                content,
                chosen.all_parts(),
                by=(person,),
                now=now,
                accept=accept,
                always=chosen.rules(),
            )
        except REFUSALS as error:
            return self._choose(begun.book, (_refusal(error),)), UNPROCESSABLE
        with office.reading() as connection:
            looked_at = flagged_lines(connection, begun.book.id, [seq for _, seq in done.entries])
        keep_receipt(office.installation, begun.draft, pages.receipt_of(done, looked_at), now)
        return redirect(url_for("desks.upload_receipt", draft=draft), 303)

    def receipt(self, draft: str) -> ResponseReturnValue:
        """Step 5: show the receipt."""
        own, book = self._own(draft)
        if own.receipt is None:
            return redirect(url_for("desks.upload_preview", draft=draft), 303)
        with self._office.reading() as connection:
            unexplained = count_open(connection, book.id).payments
        who = desk_user(visit())
        page = UploadReceiptPage(user=who, foundation=book.link, unexplained=unexplained, **own.receipt)
        return render_template("desks/upload_receipt.html", page=page)

    def _own(self, draft: str) -> tuple[Draft, DeskBook]:
        """Return somebody's own draft and its foundation.

        Raises:
            Missing: There is no such draft of this person.
            NotAllowed: The person acts for the foundation no more.
        """
        who = visit()
        with self._office.reading() as connection:
            own = find_draft(connection, draft, who.person.id)
            if own.foundation not in who.roles.foundations:
                raise NotAllowed
            return own, foundation_by_id(connection, own.foundation)

    def _begun(self, draft: str) -> Begun | Response | tuple[str, int]:
        """Return an upload that is not confirmed yet, or what to answer instead."""
        own, book = self._own(draft)
        if own.receipt is not None:
            return redirect(url_for("desks.upload_receipt", draft=draft), 303)
        try:
            content = self._office.installation.kept_file(own.content)
            shown = preview(self._office.installation, book.id, content, (own.person,))
        except REFUSALS as error:
            return self._choose(book, (_refusal(error),)), UNPROCESSABLE
        return Begun(own, book, shown)

    def _choose(self, book: DeskBook, errors: tuple[FieldError, ...] = ()) -> str:
        """Show step 1."""
        who = visit()
        page = UploadPage(user=desk_user(who), foundation=book.link, csrf_token=who.form_token, errors=errors)
        return render_template("desks/upload.html", page=page)

    def _accept(self, begun: Begun, typed: str) -> ResponseReturnValue:
        """Keep why a file is booked that does not fit, and go on to step 3.

        Raises:
            NotAllowed: Only the treasurer may.
        """
        if not _may_accept(begun):
            raise NotAllowed
        try:
            keep_accept(self._office.installation, begun.draft, plain_text(typed, ReasonRefused))
        except FieldRefused as error:
            return self._look(begun, typed, field_errors([error])), UNPROCESSABLE
        return self._go_on(begun)

    def _go_on(self, begun: Begun) -> Response:
        """Go on to linking; to checking where there is nothing to link, or nothing to ask about it."""
        lines = links.linkable(begun.shown)
        if lines and not links.nothing_to_ask(begun.shown):
            return redirect(url_for("desks.upload_link", draft=begun.draft.id), 303)
        if lines and not begun.draft.chosen:
            keep_links(self._office.installation, begun.draft, links.chosen_of(begun.draft, begun.shown).links)
        return redirect(url_for("desks.upload_check", draft=begun.draft.id), 303)

    def _look(self, begun: Begun, reason: str, errors: tuple[FieldError, ...] = ()) -> str:
        """Show step 2."""
        who, draft = visit(), begun.draft
        page = UploadPreviewPage(
            user=desk_user(who),
            foundation=begun.book.link,
            csrf_token=who.form_token,
            draft=draft.id,
            filename=draft.filename,
            format=pages.format_name(begun.shown),
            statements=pages.preview_statements(begun.shown, self._office.today()),
            confirms=begun.shown.confirms,
            answered=links.nothing_to_ask(begun.shown),
            may_accept=_may_accept(begun),
            reason=reason,
            errors=errors,
        )
        return render_template("desks/upload_preview.html", page=page)

    def _sure(self, begun: Begun, chosen: Chosen) -> str:
        """Show step 4."""
        who = visit()
        with self._office.reading() as connection:
            before = self._office.money(connection, begun.book.id).sums
            names = target_names(connection, begun.book.id)
        page = UploadCheckPage(
            user=desk_user(who),
            foundation=begun.book.link,
            csrf_token=who.form_token,
            draft=begun.draft.id,
            currency=begun.book.currency,
            lines=links.check_lines(chosen, names),
            new=begun.shown.new,
            confirms=begun.shown.confirms,
            before=before,
            after=links.sums_after(before, chosen),
            problems=pages.problem_sentences(begun.shown),
            reason=_accepted(begun),
            rows=links.check_rows(chosen, names),
            rules=links.rule_sentences(chosen, names),
        )
        return render_template("desks/upload_check.html", page=page)


def _may_accept(begun: Begun) -> bool:
    """Tell whether the person may book what does not fit.

    That is for the foundation's treasurer; but what differs from the treasurer's file nobody can keep out.
    """
    differs = any(problem.code == DIFFERS for problem in begun.shown.problems)
    return differs or begun.book.id in visit().roles.treasurer


def _accepted(begun: Begun) -> str | None:
    """Return why a file is booked that does not fit; None for one that fits.

    Raises:
        Settled: It does not fit, and nobody said why it is booked all the same.
        NotAllowed: Somebody did who is treasurer no more.
    """
    if not begun.shown.problems:
        return None
    if begun.draft.accept is None:
        raise Settled
    if not _may_accept(begun):
        raise NotAllowed
    return begun.draft.accept


def _file() -> tuple[str, bytes]:
    """Return the name and content of the file that was sent; empty where there is none."""
    file = request.files.get("statement")
    if file is None:
        return "", b""
    return (file.filename or "")[-LONGEST_FILENAME:], file.stream.read(LARGEST_FILE + 1)


def _refusal(error: BuurtkasError) -> FieldError:
    """Return why a file is refused, beside the file's field."""
    return FieldError(field="statement", message=file_sentence(error))
