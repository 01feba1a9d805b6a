"""The application: headers on every answer, pages for every fault, and answers that may be kept."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING
from typing import Any

import pytest
from flask import Response
from flask import abort
from jinja2 import UndefinedError

from dashboards.app import create_app
from dashboards.faults import FAULTS
from dashboards.faults import fault_page
from dashboards.security import HEADERS
from ledger.errors import DatabaseGone

if TYPE_CHECKING:
    from types import ModuleType

    from flask import Flask
    from flask.testing import FlaskClient


@pytest.mark.parametrize("path", ["/", "/nergens", "/static/buurtkas.css", "/chart/flow.json", "/en/uitleg"])
def test_every_answer_carries_the_headers(client: FlaskClient, path: str) -> None:
    """Pages, faults, files and figures all carry the strict headers."""
    with client.get(path) as response:
        assert {name: response.headers.get(name) for name in HEADERS} == HEADERS


@pytest.mark.parametrize(
    "path", ["/nergens", "/stichting//x", "/betaling/merelveld/99999999999999999999", "/betalingen/"]
)
def test_fault_is_not_kept_and_leads_nowhere(client: FlaskClient, path: str) -> None:
    """No cache keeps a fault, no number is too large, and no redirect names the host that a request claims."""
    response = client.get(path, headers={"Host": "elders.example"})
    assert (response.status_code, response.headers["Cache-Control"]) == (404, "no-store")
    assert "Location" not in response.headers
    assert "elders.example" not in response.text


@pytest.mark.parametrize("path", ["/%00", "/zoeken?q=a%00b", "/zoeken?a%00=b&q=%00"])
def test_the_character_nul_is_refused(client: FlaskClient, path: str) -> None:
    """Nobody types it, and not every database takes it."""
    assert client.get(path).status_code == 400


def test_a_database_that_is_away_gives_a_page(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    """Visitors read that nothing was lost; the log names what it was."""

    def trouble() -> Response:
        raise DatabaseGone

    app.add_url_rule("/trouble", "trouble", trouble)
    response = app.test_client().get("/en/trouble")
    assert (response.status_code, "Nothing was lost" in response.text) == (503, True)
    assert "database_gone" in caplog.text


def test_policy_allows_nothing_unsafe() -> None:
    """No unsafe keyword and no other host stands in the policy."""
    policy = HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize("code", [400, 403, 404, 405, 413, 429, 500, 503])
def test_every_fault_has_a_page(app: Flask, code: int) -> None:
    """A fault answers with its own status, a sentence, and a way back."""
    app.add_url_rule(f"/fault/{code}", f"fault-{code}", lambda: abort(code))
    response = app.test_client().get(f"/en/fault/{code}")
    assert response.status_code == code
    assert FAULTS[code][0] in response.get_data(as_text=True)
    assert 'href="/en/"' in response.get_data(as_text=True)


def test_unexpected_error_tells_nothing(app: Flask) -> None:
    """An error that nobody foresaw gives the page for 500 without a word of the error."""

    def broken() -> str:
        message = "secret of a neighbour"
        raise RuntimeError(message)

    app.add_url_rule("/broken", "broken", broken)
    response = app.test_client().get("/broken")
    assert response.status_code == 500
    assert "secret" not in response.get_data(as_text=True)


def test_fault_page_survives_a_reader_that_fails(sample: ModuleType) -> None:
    """When not even the site's name can be read, there still is a page."""

    class Broken:
        def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- every method fails alike
            raise RuntimeError(name)

    reader: Any = Broken()
    response = create_app(reader).test_client().get("/en/")
    assert response.status_code == 500
    assert "Something went wrong with us" in response.get_data(as_text=True)
    assert sample is not None


def test_fault_with_an_answer_of_its_own_keeps_it(app: Flask) -> None:
    """A route that stops with a finished answer sends that answer."""
    app.add_url_rule("/own", "own", lambda: abort(Response("my own words", 409)))
    response = app.test_client().get("/own")
    assert (response.status_code, response.get_data(as_text=True)) == (409, "my own words")


def test_unknown_fault_reads_like_its_kind() -> None:
    """A status without words of its own borrows those of its kind."""
    assert fault_page(418).title == FAULTS[400][0]
    assert fault_page(502).title == FAULTS[500][0]
    assert fault_page(502).code == 502


def test_public_pages_work_without_desks(reader: Any) -> None:  # noqa: ANN401 -- loaded by path
    """An installation without desks shows no way to them."""
    text = create_app(reader).test_client().get("/en/").get_data(as_text=True)
    assert "Sign in" not in text


def test_public_page_may_be_kept_and_asked_for_again(client: FlaskClient) -> None:
    """A page has an ETag, and is not sent twice when nothing changed."""
    first = client.get("/")
    assert first.cache_control.public
    assert client.get("/", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_faults_are_not_kept(client: FlaskClient) -> None:
    """A page that is missing now may be there tomorrow."""
    assert "ETag" not in client.get("/nergens").headers


def test_undefined_value_is_an_error(app: Flask) -> None:
    """A template that asks for what is not there fails in tests and not in silence."""
    with pytest.raises(UndefinedError, match="nothing"):
        app.jinja_env.from_string("{{ nothing }}").render()


def test_text_is_escaped(app: Flask) -> None:
    """What a bank or a neighbour wrote is text and never markup."""
    with app.test_request_context():
        app.preprocess_request()
        rendered = app.jinja_env.from_string("{{ name|bdi }}").render(name="<script>")
    assert rendered == "<bdi>&lt;script&gt;</bdi>"


@pytest.mark.parametrize(
    "path",
    ["/stichting/weg", "/initiatief/weg", "/betaling/kade-zeven/9", "/regels/X", "/initiatief/moestuin/chart/x.json"],
)
def test_what_is_not_there_is_missing(client: FlaskClient, path: str) -> None:
    """An unknown name answers 404 on every kind of page."""
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/chart/flow.json",
        "/chart/flow.json?smal=1",
        "/stichting/merelveld-samen/chart/flow.json",
        "/initiatief/moestuin/chart/budget.json",
        "/en/initiatief/moestuin/chart/spending.json",
    ],
)
def test_charts_are_figures_in_json(client: FlaskClient, path: str) -> None:
    """A chart's address gives data and layout."""
    figure = json.loads(client.get(path).get_data())
    assert figure["data"]
    assert figure["layout"]["height"] > 0


def test_plotly_is_served_compressed_and_for_ever(client: FlaskClient) -> None:
    """The script has an address that changes with it, and is sent as the client can take it."""
    page = client.get("/").get_data(as_text=True)
    address = page.split('data-script="')[1].split('"')[0]
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    plain = client.get(address, headers={"Accept-Encoding": "identity"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.cache_control.immutable
    assert client.get(address.replace("/plotly/", "/plotly/0")).status_code == 404


def test_plotly_rules_are_read_from_the_bundle(client: FlaskClient) -> None:
    """The rules that Plotly would write inline are served as a stylesheet, and its other style is named."""
    page = client.get("/").get_data(as_text=True)
    rules = client.get(page.split('data-style="')[1].split('"')[0]).get_data(as_text=True)
    assert ".js-plotly-plot .plotly .main-svg{position:absolute;" in rules
    assert page.split('data-blank-style="')[1].split('"')[0]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("maand=2026-03", ("2026-03", 1, "")),
        ("maand=2026-13&pagina=x", ("", 1, "")),
        ("maand=2026-03%0A&pagina=-1&zoek=%20hout%20", ("", 1, "hout")),
        ("pagina=7", ("", 7, "")),
    ],
)
def test_senseless_filter_is_as_if_not_there(
    client: FlaskClient,
    reader: Any,  # noqa: ANN401 -- loaded by path
    monkeypatch: pytest.MonkeyPatch,
    query: str,
    expected: tuple[str, int, str],
) -> None:
    """What cannot be a month or a page number is ignored and never an error."""
    asked = []
    answer = reader.payments

    def listen(wish: Any, page: int) -> Any:  # noqa: ANN401 -- loaded by path
        asked.append((wish.month_value, page, wish.text))
        return answer(wish, page)

    monkeypatch.setattr(reader, "payments", listen)
    assert client.get(f"/betalingen?{query}").status_code == 200
    assert asked == [expected]
