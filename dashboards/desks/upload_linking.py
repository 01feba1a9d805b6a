"""The step of an upload in which lines are linked: to a budget line each, or divided into parts.

It keeps what was chosen in the draft; nothing is public before the upload is confirmed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect
from flask import render_template
from flask import request
from flask import url_for

from dashboards.access.guard import visit
from dashboards.desks import upload_links as links
from dashboards.desks.desk import UNPROCESSABLE
from dashboards.desks.desk import desk_user
from dashboards.desks.explain_pages import offered
from dashboards.desks.explain_pages import read_parts
from dashboards.desks.explain_pages import typed_parts
from dashboards.desks.targets import target_groups
from dashboards.desks.targets import target_names
from dashboards.desks.typed import write_target
from dashboards.desks.upload_links import Begun
from dashboards.errors import Missing
from dashboards.pages.linking import UploadLinkPage
from dashboards.pages.linking import UploadSplitPage
from dashboards.work.drafts import keep_links
from dashboards.work.drafts import keep_split

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from dashboards.desks.desk import Office
    from dashboards.desks.desk import Route
    from dashboards.desks.upload_links import Chosen
    from dashboards.pages.desks import FieldError
    from dashboards.pages.linking import PartRow


class LinkingStep:
    """Linking the lines of a file that is not booked yet.

    Args:
        office: The installation and the clock.
        begun: Returns an upload that is not confirmed yet; or, what to answer instead.
    """

    def __init__(self, office: Office, begun: Callable[[str], Begun | ResponseReturnValue]) -> None:
        self._office = office
        self._begun = begun

    def routes(self) -> tuple[Route, ...]:
        """Address, name, methods and function of every page."""
        both = ["GET", "POST"]
        return (
            ("/afschrift/<draft>/toedelen", "upload_link", both, self.link),
            ("/afschrift/<draft>/toedelen/<line>", "upload_split", both, self.split),
        )

    def link(self, draft: str) -> ResponseReturnValue:
        """Show the lines, or keep what was chosen for them."""
        begun = self._begun(draft)
        if not isinstance(begun, Begun):
            return begun
        chosen = links.chosen_of(begun.draft, begun.shown)
        page = _page(chosen)
        if request.method == "GET":
            return self._lines(begun, chosen, page)
        keys = links.keys_of(chosen, page)
        chosen = links.sent(request.form, chosen, keys)
        with self._office.reading() as connection:
            wrong = links.link_errors(chosen, keys, target_groups(connection, begun.book.id))
        if wrong:
            return self._lines(begun, chosen, page, wrong), UNPROCESSABLE
        asked = {**begun.draft.links, **{key: chosen.links[key] for key in keys}}
        keep_links(self._office.installation, begun.draft, asked, chosen.always)
        return redirect(_onward(draft, page, links.pages_of(chosen)), 303)

    def split(self, draft: str, line: str) -> ResponseReturnValue:
        """Show one line, or keep into which parts it is divided.

        Raises:
            Missing: The file has no such line that can be linked.
        """
        begun = self._begun(draft)
        if not isinstance(begun, Begun):
            return begun
        chosen = links.chosen_of(begun.draft, begun.shown)
        key = line.replace("-", ".")
        if key not in chosen.lines:
            raise Missing
        if request.method == "GET":
            return self._one(begun, chosen, key, _kept_parts(chosen, key))
        rows = typed_parts(request.form)
        with self._office.reading() as connection:
            values = offered(target_groups(connection, begun.book.id))
        parts, wrong = read_parts(chosen.lines[key].amount_minor, rows, values, whole=True)
        if "whole" in request.form:
            parts, wrong = (), ()
        if wrong:
            return self._one(begun, chosen, key, rows, wrong), UNPROCESSABLE
        keep_split(self._office.installation, begun.draft, key, parts)
        return redirect(_address(draft, links.page_of(chosen, key), links.field_of(key)), 303)

    def _lines(self, begun: Begun, chosen: Chosen, page: int, errors: tuple[FieldError, ...] = ()) -> str:
        """Show a page of lines."""
        who = visit()
        with self._office.reading() as connection:
            groups = target_groups(connection, begun.book.id)
            names = target_names(connection, begun.book.id)
        shown = UploadLinkPage(
            user=desk_user(who),
            foundation=begun.book.link,
            csrf_token=who.form_token,
            draft=begun.draft.id,
            rows=links.link_rows(chosen, links.keys_of(chosen, page), groups, names),
            groups=groups,
            count=len(chosen.lines),
            suggested=chosen.answered,
            before=(page - 1) * links.ON_A_PAGE,
            page=page,
            pages=links.pages_of(chosen),
            errors=errors,
        )
        return render_template("desks/upload_link.html", page=shown)

    def _one(
        self, begun: Begun, chosen: Chosen, key: str, parts: tuple[PartRow, ...], errors: tuple[FieldError, ...] = ()
    ) -> str:
        """Show one line to divide."""
        who = visit()
        with self._office.reading() as connection:
            groups = target_groups(connection, begun.book.id)
            names = target_names(connection, begun.book.id)
        page = UploadSplitPage(
            user=desk_user(who),
            foundation=begun.book.link,
            csrf_token=who.form_token,
            draft=begun.draft.id,
            line=links.place_of(key),
            row=links.link_row(key, chosen, offered(groups), names),
            divided=key in chosen.splits,
            parts=parts,
            groups=groups,
            errors=errors,
        )
        return render_template("desks/upload_split.html", page=page)


def _kept_parts(chosen: Chosen, key: str) -> tuple[PartRow, ...]:
    """Return the parts of a line as they would be typed: those kept, or the whole line as the first."""
    kept = chosen.parts(key)
    amounts = [f"{abs(part.amount_minor) // 100},{abs(part.amount_minor) % 100:02}" for part in kept]
    if key not in chosen.splits:
        amounts = [""] * len(kept)
    form = {f"target-{at}": write_target(part.initiative, part.category) for at, part in enumerate(kept, 1)}
    return typed_parts(form | {f"amount-{at}": amount for at, amount in enumerate(amounts, 1)})


def _page(chosen: Chosen) -> int:
    """Return the page of lines that is asked for.

    Raises:
        Missing: There is none of that number.
    """
    page = request.args.get("blad", 1, type=int)
    if not 1 <= page <= links.pages_of(chosen):
        raise Missing
    return page


def _onward(draft: str, page: int, pages: int) -> str:
    """Return where the button leads that was pressed on a page of lines."""
    divided = request.form.get("split")
    if divided is not None:
        return url_for("desks.upload_split", draft=draft, line=divided)
    if "back" in request.form:
        return _address(draft, page - 1) if page > 1 else url_for("desks.upload_preview", draft=draft)
    if page < pages and "check" not in request.form:
        return _address(draft, page + 1)
    return url_for("desks.upload_check", draft=draft)


def _address(draft: str, page: int, anchor: str | None = None) -> str:
    """Return where a page of lines is."""
    return url_for("desks.upload_link", draft=draft, _anchor=anchor, blad=page if page > 1 else None)
