"""Whose word is taken on where a request comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from flask import Flask
from flask import request

from dashboards.proxy import BelievingProxy

if TYPE_CHECKING:
    from flask.testing import FlaskClient

SAID = {"X-Forwarded-For": "203.0.113.77", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}


def client(proxy: str | None) -> FlaskClient:
    """Return a client of a site behind a proxy."""
    app = Flask("x")
    app.wsgi_app = BelievingProxy(app.wsgi_app, proxy)  # type: ignore[method-assign] # Flask's documented way

    @app.get("/")
    def home() -> dict[str, str | None]:
        told = request.headers.get("X-Forwarded-For")
        return {"from": request.remote_addr, "scheme": request.scheme, "host": request.host, "told": told}

    return app.test_client()


@pytest.mark.parametrize(
    ("proxy", "asks", "seen"),
    [
        ("10.0.0.1", "10.0.0.1", ("203.0.113.77", "https")),
        ("10.0.0.1", "10.0.0.2", ("10.0.0.2", "http")),
        (None, "127.0.0.1", ("127.0.0.1", "http")),
        ("unix", "", ("203.0.113.77", "https")),
    ],
    ids=["the proxy", "a stranger", "nobody named", "a socket"],
)
def test_only_the_named_proxy_is_believed(proxy: str | None, asks: str, seen: tuple[str, str]) -> None:
    """About visitors and https; about the host, nobody; what others say is dropped."""
    answer = client(proxy).get("/", headers=SAID, environ_base={"REMOTE_ADDR": asks}).json
    assert answer is not None
    assert (answer["from"], answer["scheme"], answer["host"]) == (*seen, "localhost")
    if asks and asks != proxy:
        assert answer["told"] is None
