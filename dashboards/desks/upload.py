"""The desk of statements: choose a file, look at it, link its lines, check, and book it.

Each step is a page of its own with an address, so that a reload loses nothing. What a step shows
is made anew from the kept file (`dashboards.desks.begun`); nothing is public before the last.
"""

from __future__ import annotations

import os
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
from dashboards.desks.begun import Opening
from dashboards.desks.begun import is_treasurer
from dashboards.desks.begun import refused
from dashboards.desks.begun import waits_for_account
from dashboards.desks.desk import UNPROCESSABLE
from dashboards.desks.desk import desk_user
from dashboards.desks.desk import field_errors
from dashboards.desks.desk import my_foundation
from dashboards.desks.targets import target_names
from dashboards.desks.upload_account import AccountStep
from dashboards.desks.upload_linking import LinkingStep
from dashboards.desks.upload_links import Begun
from dashboards.desks.wording import refusal_sentence
from dashboards.errors import FieldRefused
from dashboards.errors import Missing
from dashboards.errors import NotAllowed
from dashboards.errors import ReasonRefused
from dashboards.errors import Settled
from dashboards.errors import StatementEmpty
from dashboards.errors import StatementRefused
from dashboards.pages.desks import FieldError
from dashboards.pages.desks import UploadPreviewPage
from dashboards.pages.desks import UploadReceiptPage
from dashboards.pages.linking import UploadCheckPage
from dashboards.pages.uploading import UploadLinesPage
from dashboards.work.background import REFUSALS
from dashboards.work.background import is_long
from dashboards.work.brought import brought
from dashboards.work.claiming import ask
from dashboards.work.confirming import DIFFERS
from dashboards.work.drafts import Stage
from dashboards.work.drafts import begin_draft
from dashboards.work.drafts import cancel_draft
from dashboards.work.drafts import keep_accept
from dashboards.work.drafts import keep_links
from dashboards.work.kept_preview import forget_preview
from dashboards.work.proposals import plain_text
from dashboards.work.receipts import complete
from dashboards.work.receipts import confirm_draft
from dashboards.work.statements import preview
from dashboards.work.unexplained import count_open

if TYPE_CHECKING:
    from typing import IO

    from flask.typing import ResponseReturnValue
    from werkzeug.wrappers import Response

    from dashboards.desks.desk import DeskBook
    from dashboards.desks.desk import Office
    from dashboards.desks.desk import Route
    from dashboards.desks.upload_links import Chosen
    from dashboards.work.background import Background
    from dashboards.work.drafts import Draft
    from ledger.errors import BuurtkasError

TOO_LARGE = 413
LONGEST_FILENAME = 100
ON_A_PAGE = 200
"""How many lines of a long statement stand on a page of their own."""
RECEIPT = ("number", "new", "known", "confirmed", "looked_at", "checkpoint_size", "root_short", "statements")


class UploadDesk:
    """Bringing a bank statement.

    Args:
        office: The installation and the clock.
        background: Who does long work.
    """

    def __init__(self, office: Office, background: Background) -> None:
        self._office = office
        self._opening = Opening(office, background)

    def routes(self) -> tuple[Route, ...]:
        """Address, name, methods and function of every page."""
        both = ["GET", "POST"]
        return (
            ("/<slug>/afschrift", "upload", both, self.upload),
            ("/afschrift/<draft>/bekijken", "upload_preview", both, self.preview),
            ("/afschrift/<draft>/regels/<int:statement>/<int:page>", "upload_lines", ["GET"], self.lines),
            *AccountStep(self._office, self._opening).routes(),
            *LinkingStep(self._office, self._opening.begun).routes(),
            ("/afschrift/<draft>/controleren", "upload_check", both, self.check),
            ("/afschrift/<draft>/klaar", "upload_receipt", ["GET"], self.receipt),
            ("/afschrift/<draft>/annuleren", "upload_cancel", ["POST"], self.cancel),
        )

    def upload(self, slug: str) -> ResponseReturnValue:
        """Step 1: show the form, or take a file; what is quickly read is refused at once where it cannot be booked."""
        with self._office.reading() as connection:
            book = my_foundation(connection, slug)
        if request.method == "GET":
            return self._opening.choose(book)
        file = request.files.get("statement")
        size = file.stream.seek(0, os.SEEK_END) if file else 0
        if size > LARGEST_FILE:
            abort(TOO_LARGE)
        if file is None or not size:
            missing = StatementEmpty() if file and file.filename else StatementRefused()
            return self._opening.choose(book, field_errors([missing])), UNPROCESSABLE
        content = file.stream
        filename = (file.filename or "")[-LONGEST_FILENAME:]
        stage = Stage.READING if is_long(content, size) else None
        error = None if stage else self._error(book, content)
        if error is not None and not waits_for_account(error, book):
            return self._opening.choose(book, [refused(error, content)]), UNPROCESSABLE
        person, now = visit().person.id, self._office.clock()
        draft = begin_draft(self._office.installation, person, book.id, (filename, content), now, stage)
        return redirect(url_for("desks.upload_preview", draft=draft), 303)

    def preview(self, draft: str) -> ResponseReturnValue:
        """Step 2: show what is in the file, or go on; past what does not fit only with a reason."""
        begun = self._opening.begun(draft)
        if not isinstance(begun, Begun):
            return begun
        if request.method == "GET" or (begun.shown.problems and "reason" not in request.form):
            return self._look(begun, begun.draft.accept or "")
        if begun.shown.problems:
            return self._accept(begun, request.form["reason"])
        return self._go_on(begun)

    def lines(self, draft: str, statement: int, page: int) -> ResponseReturnValue:
        """Show some of the lines of a long statement.

        Raises:
            Missing: There are no such ones.
        """
        begun = self._opening.begun(draft)
        if not isinstance(begun, Begun):
            return begun
        if statement >= len(begun.shown.statements):
            raise Missing
        one = begun.shown.statements[statement]
        start, whole = (page - 1) * ON_A_PAGE, len(one.lines)
        if not 0 <= start < max(whole, 1):
            raise Missing
        shown = UploadLinesPage(
            user=desk_user(visit()),
            foundation=begun.book.link,
            draft=draft,
            statement=statement,
            account=one.account_iban or "",
            currency=one.currency,
            lines=pages.preview_lines(one, start, start + ON_A_PAGE),
            whole=whole,
            page=page,
            pages=-(-whole // ON_A_PAGE),
        )
        return render_template("desks/upload_lines.html", page=shown)

    def check(self, draft: str) -> ResponseReturnValue:
        """Step 4: show what confirming does, or confirm."""
        begun = self._opening.begun(draft)
        if not isinstance(begun, Begun):
            return begun
        accept = _accepted(begun)
        if request.method == "GET":
            return self._sure(begun, links.chosen_of(begun.draft, begun.shown))
        if begun.draft.stage is not None:
            ask(self._office.installation, begun.draft, Stage.BOOKING)
            return redirect(url_for("desks.upload_receipt", draft=draft), 303)
        try:
            choice = links.choice_of(begun.draft, begun.shown)
            confirm_draft(self._office.installation, begun.draft, choice, self._office.clock(), accept)
        except REFUSALS as error:
            return self._opening.choose(begun.book, [refused(error)]), UNPROCESSABLE
        except Settled:
            pass  # another click was quicker: its receipt is this one's
        return redirect(url_for("desks.upload_receipt", draft=draft), 303)

    def receipt(self, draft: str) -> ResponseReturnValue:
        """Step 5: show the receipt; or how far a long file is, or what to do about one that was not booked."""
        own, book = self._opening.own(draft)
        if own.working:
            return self._opening.progress(own, book)
        if own.receipt is None:
            step = "desks.upload_preview" if own.refusal is None else "desks.upload_check"
            return redirect(url_for(step, draft=draft), 303)
        if own.receipt["looked_at"] is None:
            complete(self._office.installation, own, self._office.clock())
            own, book = self._opening.own(draft)
        with self._office.reading() as connection:
            unexplained = count_open(connection, book.id).payments
        said = {name: value for name, value in (own.receipt or {}).items() if name in RECEIPT}
        page = UploadReceiptPage(user=desk_user(visit()), foundation=book.link, unexplained=unexplained, **said)
        return render_template("desks/upload_receipt.html", page=page)

    def cancel(self, draft: str) -> ResponseReturnValue:
        """Forget an upload that was not confirmed, and its file; go on to another one, or home."""
        own, book = self._opening.own(draft)
        cancel_draft(self._office.installation, own)
        forget_preview(self._office.installation, own.id)
        on = url_for("desks.home") if "home" in request.form else url_for("desks.upload", slug=book.slug)
        return redirect(on, 303)

    def _error(self, book: DeskBook, content: IO[bytes]) -> BuurtkasError | None:
        """Return why a file cannot be booked; None where it can."""
        try:
            preview(self._office.installation, book.id, content, (visit().person.id,))
        except REFUSALS as error:
            return error
        return None

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
        with self._office.reading() as connection:
            last = pages.last_statements(brought(connection, begun.book.id)) if begun.shown.problems else {}
        page = UploadPreviewPage(
            user=desk_user(who),
            foundation=begun.book.link,
            csrf_token=who.form_token,
            draft=draft.id,
            filename=draft.filename,
            format=pages.format_name(begun.shown),
            statements=pages.preview_statements(begun.shown, self._office.today(), last),
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
        received = links.came_in(chosen)
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
            count=len(chosen.lines),
            answered=chosen.answered,
            received=len(received),
            received_minor=sum(received),
            moved=begun.shown.new - len(chosen.lines),
            newer=pages.newer_days(begun.shown, self._office.today()),
            rules=links.rule_sentences(chosen, names),
            errors=_broken_off(begun.draft),
        )
        return render_template("desks/upload_check.html", page=page)


def _may_accept(begun: Begun) -> bool:
    """Tell whether the person may book what does not fit.

    That is for the foundation's treasurer; but what differs from the treasurer's file nobody can keep out.
    """
    differs = any(problem.code == DIFFERS for problem in begun.shown.problems)
    return differs or is_treasurer(begun.book)


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


def _broken_off(draft: Draft) -> tuple[FieldError, ...]:
    """Return why a long file that was to be booked was not, beside the button that books it."""
    if draft.refusal is None:
        return ()
    return (FieldError(field="book", message=refusal_sentence(draft.refusal.code, draft.refusal.place)),)
