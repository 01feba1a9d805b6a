"""The desk of texts: what the bank says with a payment stays private until a treasurer makes it public.

What may tell something about a person is blacked out already; the treasurer changes that by word and
releases one text or several at once. Who acts for the foundation looks along.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from flask import redirect
from flask import render_template
from flask import request
from flask import url_for

from dashboards.access.guard import visit
from dashboards.desks.desk import UNPROCESSABLE
from dashboards.desks.desk import desk_user
from dashboards.desks.desk import my_foundation
from dashboards.desks.explain import PLACE
from dashboards.errors import NotAllowed
from dashboards.errors import NothingLeft
from dashboards.errors import NothingReleased
from dashboards.errors import Settled
from dashboards.pages.desks import FieldError
from dashboards.pages.texts import TextRow
from dashboards.pages.texts import TextsPage
from dashboards.pages.texts import TextWord
from dashboards.templating import translated
from dashboards.work import releasing
from dashboards.work.errors import ReleaseRefused
from dashboards.work.redaction import ranges_of
from dashboards.work.redaction import redactions
from dashboards.work.redaction import says_something
from dashboards.work.redaction import shown_text
from dashboards.work.redaction import words_of
from dashboards.work.releasing import Asked

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Mapping
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from dashboards.desks.desk import DeskBook
    from dashboards.desks.desk import Office
    from dashboards.desks.desk import Route
    from dashboards.work.releasing import Range
    from dashboards.work.releasing import TextLine

ON_A_PAGE = 20
LONGEST_NUMBER = 8
LONGEST_SEARCH = 100
MOST_STATEMENTS = 50


class TextsDesk:
    """Making texts public."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def routes(self) -> tuple[Route, ...]:
        """Address, name, methods and function of every page."""
        return (
            ("/<slug>/teksten", "texts", ["GET", "POST"], self.texts),
            (f"/<slug>/teksten/{PLACE}/verbergen", "text_hide", ["POST"], self.hide),
        )

    def texts(self, slug: str) -> ResponseReturnValue:
        """Show texts, or release those that were chosen."""
        with self._office.reading() as connection:
            book = my_foundation(connection, slug)
        if request.method == "GET":
            return self._list(book)
        _only_treasurers(book)
        chosen = _numbers(request.form.getlist("release"))
        hidden = {seq: _numbers(request.form.getlist(f"hide-{seq}")) for seq in chosen}
        with self._office.reading() as connection:
            lines = releasing.texts_at(connection, book.id, chosen)
        removed = {seq: ranges_of(line.text, hidden[seq]) for seq, line in lines.items()}
        wrong = [seq for seq, line in lines.items() if not says_something(shown_text(line.text, removed[seq]))]
        if wrong or not chosen:
            return self._list(book, chosen, _errors(wrong)), UNPROCESSABLE
        return redirect(_here(slug, vanaf=self._release(book, chosen, removed)), 303)

    def hide(self, slug: str, seq: int) -> ResponseReturnValue:
        """Hide a text again.

        Raises:
            Settled: Nothing of it is shown.
        """
        with self._office.reading() as connection:
            book = my_foundation(connection, slug)
        _only_treasurers(book)
        if not releasing.hide(self._office.installation, book.id, seq, visit().person.id, self._office.clock()):
            raise Settled
        return redirect(_here(slug), 303)

    def _release(
        self, book: DeskBook, chosen: Collection[int], removed: Mapping[int, tuple[tuple[int, int], ...]]
    ) -> int:
        """Release texts, and return the place of the first release in the book.

        Raises:
            Settled: One is not there any more; none was released.
        """
        if removed.keys() != set(chosen):
            raise Settled
        office = self._office
        try:
            return releasing.release(office.installation, book.id, removed, visit().person.id, office.clock())
        except ReleaseRefused as error:
            raise Settled from error

    def _list(self, book: DeskBook, chosen: Collection[int] = (), errors: tuple[FieldError, ...] = ()) -> str:
        """Show a page of texts, with what was chosen."""
        who, asked = visit(), _asked()
        with self._office.reading() as connection:
            count = 0 if asked.words else releasing.count_lines(connection, book.id, asked)
            last = max(1, -(-count // ON_A_PAGE))
            number = min(max(1, _number("bladzijde")), last)
            offset = (number - 1) * ON_A_PAGE
            lines = releasing.texts(connection, book.id, asked, limit=ON_A_PAGE, offset=offset)
            removed = releasing.removed_by(connection, book.id, lines)
            since = _number("vanaf")
            done = releasing.released_since(connection, book.id, since) if since else 0
        rows = tuple(_row(line, removed.get(line.seq), chosen=line.seq in chosen) for line in lines)
        if errors and rows and not chosen:
            errors = (FieldError(field=f"release-{rows[0].seq}", message=errors[0].message),)
        page = TextsPage(
            user=desk_user(who),
            foundation=book.link,
            csrf_token=who.form_token,
            rows=rows,
            number=number,
            pages=last,
            may_release=book.id in who.roles.treasurer,
            statements=asked.statements,
            search=asked.words,
            done=done,
            errors=errors,
        )
        return render_template("desks/texts.html", page=page)


def _only_treasurers(book: DeskBook) -> None:
    """Refuse whoever is not the foundation's treasurer.

    Raises:
        NotAllowed: Somebody else is asking.
    """
    if book.id not in visit().roles.treasurer:
        raise NotAllowed


def _row(line: TextLine, removed: Sequence[Range] | None, *, chosen: bool) -> TextRow:
    """Return a text with what is blacked out: as it was sent, else as it was released, else as it is proposed."""
    sent = _numbers(request.form.getlist(f"hide-{line.seq}")) if request.method == "POST" else None
    proposed = [(start, end) for start, end, _ in redactions(line.text, line.known)]
    words = words_of(line.text, proposed if removed is None else removed)
    return TextRow(
        seq=line.seq,
        booked_on=line.booked_on,
        amount_minor=line.amount_minor,
        currency=line.currency,
        counterparty=line.name,
        words=tuple(
            TextWord(
                number=number,
                word=line.text[word.start : word.end],
                hidden=word.removed if sent is None else number in sent,
            )
            for number, word in enumerate(words)
        ),
        shown=line.shown,
        chosen=chosen,
    )


def _errors(wrong: Collection[int]) -> tuple[FieldError, ...]:
    """Return what is to be mended: texts of which nothing is left, or that none was chosen."""
    left = translated(NothingLeft.advice)
    none = (FieldError(field="release", message=translated(NothingReleased.advice)),)
    return tuple(FieldError(field=f"release-{seq}", message=left) for seq in wrong) or none


def _asked() -> Asked:
    """Return which texts the address asks for."""
    statements = _numbers(request.args.getlist("afschrift")[:MOST_STATEMENTS])
    return Asked(tuple(sorted(statements)), request.args.get("zoek", "").strip()[:LONGEST_SEARCH])


def _here(slug: str, **more: Any) -> str:  # noqa: ANN401 - Flask's own words come among them
    """Return the address of the same list."""
    asked = _asked()
    address: dict[str, Any] = {"afschrift": asked.statements, "zoek": asked.words or None}
    return url_for("desks.texts", slug=slug, bladzijde=_number("bladzijde") or None, **address, **more)


def _number(name: str) -> int:
    """Return a number of the address; 0 where there is none."""
    return next(iter(_numbers([request.args.get(name, "")])), 0)


def _numbers(texts: Collection[str]) -> set[int]:
    """Return the whole numbers among texts of an address or a form."""
    return {int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER}
