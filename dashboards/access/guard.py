"""The guard before the desks: who is it, and was this form shown by this site to this browser.

It runs before every request to a desk and reads person and roles anew each time. Answers are
never stored. Forms from elsewhere are refused twice: by what the browser says about where they
come from, and by their token. Our pages send no referrer, so that older browsers say
"Origin: null" about our own forms; that alone proves nothing and the token decides.

Source: OWASP "Session Management", RFC 6265bis (cookie name prefixes), W3C Fetch Metadata.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import cast

from flask import g
from flask import redirect
from flask import request
from flask import url_for

from dashboards.access import sessions
from dashboards.access import tokens
from dashboards.errors import CrossSite
from dashboards.security import refuse_typed_nul
from dashboards.work.people import person_by_id
from dashboards.work.people import roles_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from flask import Blueprint
    from flask import Response
    from flask.typing import ResponseReturnValue

    from dashboards.work.people import Person
    from dashboards.work.people import Roles
    from ledger.installation import Installation

SESSION = "buurtkas"
VISITOR = "buurtkas-visitor"
SIGN_IN = "desks.sign_in"
UPLOAD = "desks.upload"
OWN = ("same-origin", "none")
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
NEXT = re.compile(r"/bureau(/[A-Za-z0-9_-]+)*\Z", re.ASCII)
MEGABYTE = 1024 * 1024
LARGEST_FILE = 16 * MEGABYTE
AROUND_A_FILE = 64 * 1024
LARGEST_FORM = 2 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Visit:
    """Who is signed in on this request, and the token that this browser's forms carry."""

    person: Person
    roles: Roles
    form_token: str


class Guard:
    """Stands before a blueprint.

    Args:
        installation: Whose people sign in.
        clock: What time it is.
    """

    def __init__(self, installation: Installation, clock: Callable[[], dt.datetime]) -> None:
        self._installation = installation
        self._clock = clock

    def install(self, blueprint: Blueprint) -> None:
        """Let every request to the blueprint pass here."""
        blueprint.before_request(self.admit)
        blueprint.after_request(self.finish)

    def admit(self) -> ResponseReturnValue | None:
        """Let a request pass, send it to sign in, or refuse it.

        Raises:
            CrossSite: The form was not shown by this site to this browser.
        """
        request.max_content_length = LARGEST_FILE + AROUND_A_FILE if request.endpoint == UPLOAD else LARGEST_FORM
        changes = request.method not in SAFE_METHODS
        if changes and not _from_here():
            raise CrossSite
        g.visit = self._visit(request.cookies.get(cookie_name(SESSION), ""))
        if g.visit is None and request.endpoint != SIGN_IN:
            return redirect(url_for(SIGN_IN, next=None if changes else request.path), 303)
        if changes and not self._right_token():
            raise CrossSite
        refuse_typed_nul()
        return None

    def finish(self, response: Response) -> Response:
        """Let nobody store an answer, and hand a new visitor a token."""
        response.headers["Cache-Control"] = "no-store"
        token = g.get("new_visitor")
        if token is not None:
            keep_cookie(response, VISITOR, token)
        return response

    def visitor_form_token(self) -> str:
        """Return the token for a form that is shown before signing in."""
        token = request.cookies.get(cookie_name(VISITOR), "")
        if not tokens.right_visitor_token(self._installation, token):
            token = g.new_visitor = tokens.visitor_token(self._installation)
        return tokens.form_token(self._installation, token)

    def begin(self, response: Response, token: str) -> None:
        """Hand a browser its session; what it had before is worth nothing any more."""
        keep_cookie(response, SESSION, token, int(sessions.LASTS.total_seconds()))
        drop_cookie(response, VISITOR)

    def _visit(self, token: str) -> Visit | None:
        """Return who is signed in with a token."""
        if not token:
            return None
        with self._installation.store.reading() as connection:
            id_ = sessions.person_of(connection, token, self._clock())
            person = person_by_id(connection, id_) if id_ is not None else None
            if person is None:
                return None
            return Visit(person, roles_of(connection, person.id), tokens.form_token(self._installation, token))

    def _right_token(self) -> bool:
        """Tell whether a form carries the token of this browser."""
        given = request.form.get("csrf_token", "")
        if g.visit is not None:
            return tokens.right_form_token(self._installation, request.cookies.get(cookie_name(SESSION), ""), given)
        visitor = request.cookies.get(cookie_name(VISITOR), "")
        made_here = tokens.right_visitor_token(self._installation, visitor)
        return made_here and tokens.right_form_token(self._installation, visitor, given)


def visit() -> Visit:
    """Return who is signed in; only behind the guard."""
    return cast("Visit", g.visit)


def safe_next(path: str) -> str | None:
    """Return a path of a desk to go on to, or None for anything else."""
    return path if NEXT.match(path) else None


def cookie_name(name: str) -> str:
    """Return a cookie's name; over HTTPS one that no other host and no plain connection can set."""
    return f"__Host-{name}" if request.is_secure else name


def keep_cookie(response: Response, name: str, value: str, seconds: int | None = None) -> None:
    """Set a cookie that scripts cannot read and other sites' forms do not bring."""
    response.set_cookie(
        cookie_name(name), value, max_age=seconds, secure=request.is_secure, httponly=True, samesite="Lax", path="/"
    )


def drop_cookie(response: Response, name: str) -> None:
    """Take a cookie away."""
    response.delete_cookie(cookie_name(name), secure=request.is_secure, httponly=True, samesite="Lax", path="/")


def _from_here() -> bool:
    """Tell whether the browser says that a form comes from this site, as far as it says anything."""
    said = request.headers.get("Sec-Fetch-Site")
    if said is not None:
        return said in OWN
    origin = request.headers.get("Origin", "null")
    return origin == "null" or origin.partition("://")[2] == request.host
