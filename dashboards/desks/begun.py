"""Opening an upload that was begun: what is in its file, or what to answer instead of the step that was asked for.

A short file is read for every page. A long one was read beside some request, and what came of that is kept; while
it is read or booked, every step shows how far that has come. A file that waits for an account leads to that question.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect
from flask import render_template
from flask import url_for

from dashboards.access.guard import visit
from dashboards.desks.desk import UNPROCESSABLE
from dashboards.desks.desk import desk_user
from dashboards.desks.desk import foundation_by_id
from dashboards.desks.upload_links import Begun
from dashboards.desks.upload_pages import progress_words
from dashboards.desks.wording import file_sentence
from dashboards.desks.wording import refusal_sentence
from dashboards.errors import NotAllowed
from dashboards.pages.desks import FieldError
from dashboards.pages.desks import UnfinishedUpload
from dashboards.pages.desks import UploadPage
from dashboards.pages.uploading import UploadProgressPage
from dashboards.work.accounts import are_declared
from dashboards.work.accounts import undeclared
from dashboards.work.background import REFUSALS
from dashboards.work.claiming import ask
from dashboards.work.drafts import Refusal
from dashboards.work.drafts import Stage
from dashboards.work.drafts import find_draft
from dashboards.work.drafts import unfinished
from dashboards.work.kept_preview import book_length
from dashboards.work.kept_preview import kept_preview
from dashboards.work.statements import Preview
from dashboards.work.statements import preview
from importers.errors import AccountUnknown
from importers.errors import AccountUnstated

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import IO

    from flask.typing import ResponseReturnValue

    from dashboards.desks.desk import DeskBook
    from dashboards.desks.desk import Office
    from dashboards.work.background import Background
    from dashboards.work.drafts import Draft
    from ledger.errors import BuurtkasError


FIRST = 8
"""How many bytes tell what a file is."""


class Opening:
    """Opens uploads that were begun.

    Args:
        office: The installation and the clock.
        background: Who does long work.
    """

    def __init__(self, office: Office, background: Background) -> None:
        self._office = office
        self._background = background

    def own(self, draft: str) -> tuple[Draft, DeskBook]:
        """Return somebody's own draft and its foundation; long work on it goes on, or is over.

        Raises:
            Missing: There is no such draft of this person.
            NotAllowed: The person acts for the foundation no more.
        """
        who = visit()
        with self._office.reading() as connection:
            own = find_draft(connection, draft, who.person.id)
            if own.foundation not in who.roles.foundations:
                raise NotAllowed
            book = foundation_by_id(connection, own.foundation)
        return (self._background.look(own) if own.working else own), book

    def begun(self, draft: str) -> Begun | ResponseReturnValue:
        """Return an upload that is not confirmed yet, or what to answer instead."""
        own, book = self.own(draft)
        if own.receipt is not None:
            return redirect(url_for("desks.upload_receipt", draft=draft), 303)
        return self._short(own, book) if own.stage is None else self._long(own, book)

    def choose(self, book: DeskBook, errors: Sequence[FieldError] = ()) -> str:
        """Show step 1; where nothing is wrong yet, with the file that another one would take the place of."""
        who = visit()
        with self._office.reading() as connection:
            before = None if errors else unfinished(connection, who.person.id, book.id)
        page = UploadPage(
            user=desk_user(who),
            foundation=book.link,
            csrf_token=who.form_token,
            unfinished=UnfinishedUpload(draft=before[0], filename=before[1]) if before else None,
            errors=tuple(errors),
        )
        return render_template("desks/upload.html", page=page)

    def progress(self, own: Draft, book: DeskBook) -> str:
        """Show how far long work has come; the page asks again by itself."""
        who = visit()
        page = UploadProgressPage(
            user=desk_user(who),
            foundation=book.link,
            csrf_token=who.form_token,
            draft=own.id,
            filename=own.filename,
            booking=own.stage is Stage.BOOKING,
            words=progress_words(own),
            done=own.work.done,
            whole=own.work.whole,
        )
        return render_template("desks/upload_progress.html", page=page)

    def waits(self, own: Draft, book: DeskBook) -> tuple[str, ...] | None:
        """Return the accounts that a file names and nobody declared.

        Returns:
            Nothing where the file names no account; None where it does not wait for one.
        """
        unknown: tuple[str, ...] = ()
        if own.stage is None:
            opened = self._opened(own, book)
            code = None if isinstance(opened, Preview) else opened.code
            if code == AccountUnknown.code:
                unknown = undeclared(self._office.installation, self._office.installation.kept_path(own.content))
        else:
            refusal = own.refusal if own.stage is Stage.REFUSED else None
            code, unknown = (refusal.code, refusal.accounts) if refusal else (None, ())
            with self._office.reading() as connection:
                unknown = tuple(number for number in unknown if not are_declared(connection, [number]))
        if code == AccountUnstated.code:
            return ()
        return unknown or None

    def _opened(self, own: Draft, book: DeskBook) -> Preview | BuurtkasError:
        """Return what a file that is quickly read would do, or why it cannot be booked."""
        content = self._office.installation.kept_path(own.content)
        try:
            return preview(self._office.installation, book.id, content, (own.person,), account=own.account)
        except REFUSALS as error:
            return error

    def _short(self, own: Draft, book: DeskBook) -> Begun | ResponseReturnValue:
        """Open a file that is quickly read."""
        opened = self._opened(own, book)
        if isinstance(opened, Preview):
            return Begun(own, book, opened)
        if waits_for_account(opened, book):
            return redirect(url_for("desks.upload_account", draft=own.id), 303)
        return self.choose(book, [refused(opened)]), UNPROCESSABLE

    def _long(self, own: Draft, book: DeskBook) -> Begun | ResponseReturnValue:
        """Open a file that was read beside some request."""
        if own.working:
            return self.progress(own, book)
        if own.stage is Stage.REFUSED:
            return self._broken_off(own, book, own.refusal or Refusal(""))
        with self._office.reading() as connection:
            length = book_length(connection, book.id)
        shown = kept_preview(self._office.installation, own.id, length)
        return self._again(own) if shown is None else Begun(own, book, shown)

    def _again(self, own: Draft) -> ResponseReturnValue:
        """Have a file read again: what was kept of it does not hold any more."""
        ask(self._office.installation, own, Stage.READING)
        return redirect(url_for("desks.upload_preview", draft=own.id), 303)

    def _broken_off(self, own: Draft, book: DeskBook, refusal: Refusal) -> ResponseReturnValue:
        """Say why a long file was refused; one that waited for an account may go on."""
        if refusal.code == AccountUnstated.code:
            return redirect(url_for("desks.upload_account", draft=own.id), 303)
        if refusal.code == AccountUnknown.code:
            with self._office.reading() as connection:
                declared = are_declared(connection, refusal.accounts)
            if declared:
                return self._again(own)
            if is_treasurer(book):
                return redirect(url_for("desks.upload_account", draft=own.id), 303)
        message = refusal_sentence(refusal.code, refusal.place)
        return self.choose(book, [FieldError(field="statement", message=message)]), UNPROCESSABLE


def waits_for_account(error: BuurtkasError, book: DeskBook) -> bool:
    """Tell whether somebody can be asked what would let a file go on."""
    return isinstance(error, AccountUnstated) or (isinstance(error, AccountUnknown) and is_treasurer(book))


def is_treasurer(book: DeskBook) -> bool:
    """Tell whether who is signed in is the foundation's treasurer."""
    return book.id in visit().roles.treasurer


def refused(error: BuurtkasError, content: IO[bytes] | None = None) -> FieldError:
    """Return why a file is refused, beside the file's field; a picture of a statement is told by its first bytes."""
    return FieldError(field="statement", message=file_sentence(error, _first(content) if content else b""))


def _first(content: IO[bytes]) -> bytes:
    """Return the first bytes of a file."""
    content.seek(0)
    return content.read(FIRST)
