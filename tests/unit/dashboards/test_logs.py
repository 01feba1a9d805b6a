"""What is logged, and above all what is not."""

from __future__ import annotations

import io
import json
import logging
from typing import TYPE_CHECKING
from typing import Any

import pytest
from flask import Flask
from flask import abort

from dashboards import logs
from dashboards.site import make_site
from ledger.errors import SignerRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.unit.dashboards.district import District

NAME, IBAN, MAIL, ADDRESS = "Jacoba Kikkerbeet", "NL20INGB0001234567", "jacoba@kikkerbeet.example", "203.0.113.77"
PLANTED = (NAME, "Kikkerbeet", "kikkerbeet", IBAN, MAIL, ADDRESS, "203.0.113")


class Lines:
    """The lines that were written."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    def __call__(self) -> list[dict[str, Any]]:
        """Return them, each an object."""
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]

    def hold_nothing_planted(self) -> None:
        """Check that nothing personal is in any of them."""
        text = self.stream.getvalue()
        assert [planted for planted in PLANTED if planted in text] == []


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Everything that any logger writes, as the server writes it."""
    written, root = Lines(), logging.getLogger()
    handler, before = logging.StreamHandler(written.stream), root.level
    handler.setFormatter(logs.JsonLines())
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.fixture
def app() -> Flask:
    """An application whose pages fail in every way."""
    app = Flask("dashboards")
    ticks = iter(range(0, 10**9, 3_000_000))
    logs.install(app, lambda: next(ticks))

    @app.get("/ok/<name>")
    def ok(name: str) -> str:
        return name

    @app.get("/fault/<name>")
    def fault(name: str) -> str:
        nobody: dict[str, str] = {}
        try:
            return nobody[name]
        except KeyError as error:
            message = f"no {name} with {IBAN}"
            raise RuntimeError(message) from error

    @app.get("/ours/<name>")
    def ours(name: str) -> str:
        raise SignerRefused(name)

    @app.get("/away/<name>")
    def away(name: str) -> str:
        abort(410, name)

    return app


def test_a_request_is_one_line_with_its_rule(app: Flask, lines: Lines) -> None:
    """Never the address, its values or its query; nothing about who asked."""
    headers = {"User-Agent": MAIL, "Referer": f"https://x.example/{NAME}", "X-Forwarded-For": ADDRESS, "Cookie": NAME}
    client = app.test_client()
    client.get(f"/ok/{NAME}?zoek={IBAN}", headers=headers, environ_base={"REMOTE_ADDR": ADDRESS})
    (line,) = lines()
    assert line.pop("time").endswith("Z")
    assert len(line.pop("request")) == 16
    assert line == {
        "level": "info",
        "event": "request",
        "method": "GET",
        "rule": "/ok/<name>",
        "status": 200,
        "ms": 3,
        "bytes": 17,
    }
    lines.hold_nothing_planted()


def test_an_unknown_address_or_method_is_not_repeated(app: Flask, lines: Lines) -> None:
    """What somebody typed may be a name."""
    client = app.test_client()
    client.get(f"/{NAME}/{MAIL}")
    client.open("/ok/x", method="KIKKERBEET")
    client.get(f"/away/{NAME}")
    assert [(line["method"], line["rule"], line["status"]) for line in lines()] == [
        ("GET", None, 404),
        ("OTHER", None, 405),
        ("GET", "/away/<name>", 410),
    ]
    lines.hold_nothing_planted()


def test_a_fault_is_told_by_kind_and_place(app: Flask, lines: Lines) -> None:
    """Neither the address nor the errors' texts are written, also not of the error behind the error."""
    assert app.test_client().get(f"/fault/{NAME}").status_code == 500
    fault, request = lines()
    assert (fault["level"], fault["event"], fault["rule"]) == ("error", "fault", "/fault/<name>")
    assert fault["request"] == request["request"]
    assert [told["type"] for told in fault["fault"]] == ["builtins.RuntimeError", "builtins.KeyError"]
    assert any(place.endswith(" fault") for place in fault["fault"][0]["places"])
    assert request["status"] == 500
    lines.hold_nothing_planted()


def test_our_own_errors_give_their_code(app: Flask, lines: Lines) -> None:
    """The code is stable and says nothing about anybody."""
    assert app.test_client().get(f"/ours/{NAME}").status_code == 500
    assert lines()[0]["fault"][0]["code"] == "signer_refused"
    lines.hold_nothing_planted()


def test_of_others_no_word_is_written(lines: Lines) -> None:
    """Only which program spoke and where; gunicorn's templates without what they fill in; our own in full."""
    logging.getLogger("waitress.queue").warning("client %s said %s", ADDRESS, NAME)
    logging.getLogger("sqlalchemy.engine").warning("INSERT %s", {"name": NAME})
    logging.getLogger("gunicorn.error").info("Listening at: %s", ADDRESS)
    logging.getLogger("gunicorn.error").warning(f"Invalid request from ip={ADDRESS}: {NAME}")  # noqa: G004 - as it does
    logging.getLogger("dashboards.health").warning("not ready")
    said = [(line["event"], line.get("logger")) for line in lines()]
    assert said == [
        ("message", "waitress.queue"),
        ("message", "sqlalchemy.engine"),
        ("Listening at: %s", None),
        ("message", "gunicorn.error"),
        ("not ready", None),
    ]
    lines.hold_nothing_planted()


def test_a_long_chain_of_errors_ends(lines: Lines) -> None:
    """Errors behind errors are told up to a number, so that a line stays a line."""
    error: BaseException | None = None
    for _ in range(40):
        made = ValueError(NAME)
        made.__cause__ = error
        error = made
    logging.getLogger("dashboards.site").error("fault", exc_info=error)
    assert len(lines()[0]["fault"]) == logs.MOST_PLACES
    lines.hold_nothing_planted()


def test_the_whole_site_logs_nothing_personal(district: District, lines: Lines) -> None:
    """Searching for a person, signing in as one, and asking for what is not there leave nothing behind."""
    site = make_site(district.installation, district.clock)
    client = site.test_client()
    for address in (f"/betalingen?zoek={NAME}", f"/stichting/{NAME}", f"/en/initiatief/{IBAN}", f"/{MAIL}"):
        client.get(address, environ_base={"REMOTE_ADDR": ADDRESS})
    client.post("/bureau/aanmelden", data={"email": MAIL, "password": NAME}, environ_base={"REMOTE_ADDR": ADDRESS})
    assert len(lines()) >= 5
    lines.hold_nothing_planted()


def test_lines_can_be_set_up_for_a_process() -> None:
    """The settings are those of `logging.config`, and give gunicorn no access log."""
    settings = logs.settings()
    assert settings["loggers"]["gunicorn.access"]["handlers"] == []
    assert settings["formatters"]["lines"]["()"] is logs.JsonLines
