"""What the server writes about itself: one JSON object a line, on standard error, without personal data.

A line about a request names the rule that answered (`/betaling/<slug>/<int:seq>`), never the address with its
values nor its query, and nothing about who asked. A line about a fault names the kind of error and the places it
went through, never its text: that may quote a row, a name, an account. Of other people's programs only our own
choice of words is written, for their messages may quote anything.

So nothing has to be erased from a log, and a log may be read by whoever keeps the machine.
"""

from __future__ import annotations

import json
import logging
import logging.config
import secrets
import sys
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

from flask import g
from flask import request

from ledger.errors import BuurtkasError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from flask import Flask
    from flask import Response

EVENT = "buurtkas_event"
"""Where a record carries what is written of it: a mapping of names to codes and numbers."""
OURS = ("dashboards", "ledger", "importers", "audit", "wsgi")
CONSTANT = ("gunicorn.error",)
"""Others whose messages are templates where something is filled in apart: these are written, without what is. A
message with nothing apart may have been filled in before (gunicorn: "Invalid request from ip=...")."""
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})
HEALTH = "/healthz"
ROOT = Path(__file__).resolve().parent.parent
MOST_PLACES = 12
MILLION = 1_000_000

requests = logging.getLogger("dashboards.requests")


class JsonLines(logging.Formatter):
    """Writes a record as one JSON object."""

    converter = time.gmtime  # type: ignore[assignment] # it takes seconds, or none for now

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        at = self.formatTime(record, "%Y-%m-%dT%H:%M:%S")
        line = {"time": f"{at}.{int(record.msecs):03d}Z", "level": record.levelname.lower(), **_said(record)}
        if record.exc_info is not None and record.exc_info[1] is not None:
            line["fault"] = described(record.exc_info[1])
        return json.dumps(line, ensure_ascii=True)


def _said(record: logging.LogRecord) -> dict[str, Any]:
    """Return what may be written of a record."""
    given = getattr(record, EVENT, None)
    if isinstance(given, dict):
        return given
    if record.name.partition(".")[0] in OURS or (record.name in CONSTANT and record.args):
        return {"event": str(record.msg)}
    return {"event": "message", "logger": record.name, "place": f"{record.module}:{record.lineno}"}


def described(error: BaseException) -> list[dict[str, object]]:
    """Return an error and its causes: kinds and places, no text."""
    chain: list[dict[str, object]] = []
    at: BaseException | None = error
    while at is not None and len(chain) < MOST_PLACES:
        kind = type(at)
        told: dict[str, object] = {
            "type": f"{kind.__module__}.{kind.__qualname__}",
            "places": _places(at.__traceback__),
        }
        if isinstance(at, BuurtkasError):
            told["code"] = at.code
        chain.append(told)
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
    return chain


def _places(trace: TracebackType | None) -> list[str]:
    """Return the last places that an error went through: file, line and function."""
    frames = list(traceback.walk_tb(trace))[-MOST_PLACES:]
    return [f"{_short(frame.f_code.co_filename)}:{line} {frame.f_code.co_name}" for frame, line in frames]


def _short(file: str) -> str:
    """Return a file's name below the project, or below whatever package folder it lies in."""
    path = Path(file)
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else "/".join(path.parts[-2:])


def write_lines() -> None:
    """Have the whole process log so, on standard error."""
    logging.config.dictConfig(settings())


def settings() -> dict[str, Any]:
    """Return the settings for `logging.config`, for gunicorn as well; it writes no access log of its own."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": JsonLines}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "stream": sys.stderr, "formatter": "lines"}},
        "root": {"level": "WARNING", "handlers": ["stderr"]},
        "loggers": {
            **{name: {"level": "INFO"} for name in OURS},
            "gunicorn.error": {"level": "INFO", "handlers": [], "propagate": True},
            "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
        },
    }


def install(app: Flask, timer: Callable[[], int] = time.perf_counter_ns) -> None:
    """Write one line for each request, and one without words for each fault.

    Args:
        app: The application.
        timer: A clock of nanoseconds that only tells how long something took.
    """

    def begin() -> None:
        g.request_id = secrets.token_hex(8)
        g.begun = timer()

    def end(response: Response) -> Response:
        rule = request.url_rule.rule if request.url_rule else None
        if rule != HEALTH or response.status_code >= 500:  # noqa: PLR2004 - HTTP's own number
            requests.info("request", extra={EVENT: _line(response, rule, timer())})
        return response

    def fault(exc_info: Any) -> None:  # noqa: ANN401 - as Flask hands it
        rule = request.url_rule.rule if request.url_rule else None
        event = {"event": "fault", "request": g.get("request_id"), "rule": rule}
        app.logger.error("fault", exc_info=exc_info, extra={EVENT: event})

    app.before_request_funcs.setdefault(None, []).insert(0, begin)
    app.after_request_funcs.setdefault(None, []).insert(0, end)
    app.log_exception = fault  # type: ignore[method-assign] # Flask's own writes the address


def _line(response: Response, rule: str | None, now: int) -> dict[str, object]:
    """Return what is written about a request."""
    begun = g.get("begun")
    return {
        "event": "request",
        "request": g.get("request_id"),
        "method": request.method if request.method in METHODS else "OTHER",
        "rule": rule,
        "status": response.status_code,
        "ms": None if begun is None else (now - begun) // MILLION,
        "bytes": response.content_length,
    }
