"""Error pages: what happened and what to do next, without a word about who asked for what."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace
from typing import TYPE_CHECKING

from flask import current_app
from flask import render_template
from flask import request
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import InternalServerError
from werkzeug.exceptions import NotFound
from werkzeug.exceptions import ServiceUnavailable

from dashboards.pages.reader import PageMissing
from dashboards.pages.words import word
from ledger.errors import DatabaseTrouble

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

SERVER_FAULT = 500
DESKS = "desks"
"""The blueprint whose faults lead back to the desk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultPage:
    """An error page; title and advice are message ids. `desk` leads back to the desk, not to the public pages."""

    code: int
    title: str
    advice: str
    desk: bool = False


FAULTS = {
    400: (
        word("This could not be read"),
        word("Something was missing in what your browser sent. Go back, and try it once more."),
    ),
    403: (
        word("This page is not for you"),
        word("You may need to sign in first, or ask the district for the right role."),
    ),
    404: (
        word("This page is not here"),
        word("Perhaps the address has a typing error, or the page has moved. Search for it, or begin at the start."),
    ),
    405: (
        word("That is not possible here"),
        word("Go back to the page you came from, and use its buttons."),
    ),
    413: (
        word("This file is too large"),
        word("A bank statement is usually small. Ask your bank for one month at a time."),
    ),
    429: (
        word("That was very often"),
        word("Wait a few minutes, and try again. This keeps others from guessing passwords."),
    ),
    503: (
        word("The books cannot be opened at this moment"),
        word("Nothing was lost. Wait a minute, and try again."),
    ),
    500: (
        word("Something went wrong with us"),
        word("It is not your fault, and nothing was lost. Try again in a few minutes."),
    ),
}


def fault_page(code: int) -> FaultPage:
    """Return the page for a status code; an unknown one reads like the fault of its kind."""
    known = code if code in FAULTS else (SERVER_FAULT if code >= SERVER_FAULT else 400)
    title, advice = FAULTS[known]
    return FaultPage(code=code, title=title, advice=advice)


def answer(fault: HTTPException) -> ResponseReturnValue:
    """Answer any HTTP fault with its page."""
    if fault.response is not None:
        return fault.response
    code = fault.code or SERVER_FAULT
    headers = [(name, value) for name, value in fault.get_headers() if name != "Content-Type"]
    page = replace(fault_page(code), desk=request.blueprint == DESKS)
    return render_template("fault.html", page=page), code, headers


def _trouble(error: DatabaseTrouble) -> ResponseReturnValue:
    current_app.logger.error("the database could not answer: %s", error.code)
    return answer(ServiceUnavailable())


def _missing(_: PageMissing) -> ResponseReturnValue:
    return answer(NotFound())


def _unexpected(_: InternalServerError) -> ResponseReturnValue:
    return answer(InternalServerError())


def install(app: Flask) -> None:
    """Answer every fault of the application with a page of its own."""
    app.register_error_handler(HTTPException, answer)
    app.register_error_handler(InternalServerError, _unexpected)
    app.register_error_handler(PageMissing, _missing)
    app.register_error_handler(DatabaseTrouble, _trouble)
