"""Browsers at the desks of the made-up district."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import pytest

from dashboards.app import create_app
from dashboards.desks import register
from tests.unit.dashboards import district as made_up_district

if TYPE_CHECKING:
    import io
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.unit.dashboards.district import District
    from tests.unit.dashboards.sample import SampleReader


class Browser:
    """A browser at a desk: it remembers the token of the form that it saw last."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.token = ""

    def get(self, path: str, status: int = 200) -> str:
        """Look at a page."""
        return self._seen(self.client.get(path), status)

    def post(self, path: str, status: int = 303, /, **form: str | tuple[io.BytesIO, str]) -> str:
        """Send a form with the token; what comes back is the page, or where a redirect leads."""
        return self._seen(self.client.post(path, data={"csrf_token": self.token, **form}), status)

    def sign_in(self, who: str) -> Browser:
        """Sign in."""
        self.get("/bureau/inloggen")
        self.post("/bureau/inloggen", email=f"{who}@meer.example", password=made_up_district.PASSWORD)
        self.get("/bureau")
        return self

    def _seen(self, response: TestResponse, status: int) -> str:
        """Take note of an answer."""
        assert response.status_code == status, response.text
        assert response.headers["Cache-Control"] == "no-store"
        found = re.search(r'name="csrf_token" value="([^"]+)"', response.text)
        self.token = found[1] if found else self.token
        return response.headers["Location"] if response.status_code == 303 else html.unescape(response.text)


@pytest.fixture
def make_browser() -> type[Browser]:
    """What a test makes a browser of its own with."""
    return Browser


@pytest.fixture
def browse(district: District, reader: SampleReader) -> Callable[[str], Browser]:
    """Return a function that gives a browser in which somebody is signed in."""
    made_up_district.give_passwords(district)
    app = create_app(reader)
    register(app, district.installation, district.clock)
    return lambda who: Browser(app.test_client()).sign_in(who)
