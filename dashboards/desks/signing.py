"""Signing in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g
from flask import make_response
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for

from dashboards.access.guard import SESSION
from dashboards.access.guard import cookie_name
from dashboards.access.guard import drop_cookie
from dashboards.access.guard import safe_next
from dashboards.access.sign_in import sign_in
from dashboards.access.sign_in import sign_out
from dashboards.desks.desk import UNPROCESSABLE
from dashboards.errors import SignInRefused
from dashboards.pages.desks import FieldError
from dashboards.pages.desks import SignInPage
from dashboards.templating import translated

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from dashboards.access.guard import Guard
    from dashboards.desks.desk import Office
    from dashboards.desks.desk import Route

LONGEST_TYPED = 254


class SigningDesk:
    """The door."""

    def __init__(self, office: Office, guard: Guard) -> None:
        self._office = office
        self._guard = guard

    def routes(self) -> tuple[Route, ...]:
        """Address, name, methods and function of every page."""
        return (
            ("/inloggen", "sign_in", ["GET", "POST"], self.sign_in),
            ("/uitloggen", "sign_out", ["POST"], self.sign_out),
        )

    def sign_in(self) -> ResponseReturnValue:
        """Show the form, or begin a session."""
        if g.visit is not None:
            return redirect(url_for("desks.home"), 303)
        if request.method == "GET":
            return self._show(next_=request.args.get("next", ""))
        email, password = request.form.get("email", ""), request.form.get("password", "")
        next_ = request.form.get("next", "")
        office = self._office
        try:
            token = sign_in(office.installation, email, password, request.remote_addr or "", office.clock())
        except SignInRefused as error:
            refusal = FieldError(field="email", message=translated(error.advice))
            return self._show(email[:LONGEST_TYPED], next_, (refusal,)), UNPROCESSABLE
        path = safe_next(next_)
        response = make_response(redirect(request.script_root + path if path else url_for("desks.home"), 303))
        self._guard.begin(response, token)
        return response

    def sign_out(self) -> ResponseReturnValue:
        """End the session."""
        sign_out(self._office.installation, request.cookies.get(cookie_name(SESSION), ""))
        response = make_response(redirect(url_for("desks.sign_in"), 303))
        drop_cookie(response, SESSION)
        return response

    def _show(self, email: str = "", next_: str = "", errors: tuple[FieldError, ...] = ()) -> str:
        """Show the form with what was typed, never the password."""
        page = SignInPage(
            csrf_token=self._guard.visitor_form_token(), email=email, next=safe_next(next_) or "", errors=errors
        )
        return render_template("desks/sign_in.html", page=page)
