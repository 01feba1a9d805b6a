"""The made-up district and its desks as fixtures."""

from __future__ import annotations

import html
import importlib.util
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher

from dashboards.app import create_app
from dashboards.desks import register
from dashboards.work import people

if TYPE_CHECKING:
    import io
    from collections.abc import Callable
    from types import ModuleType

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.unit.dashboards.district import District
    from tests.unit.dashboards.sample import SampleReader

NAME = "buurtkas_test_district"


def _load() -> ModuleType:
    """Load the district once, however many folders ask for it."""
    spec = importlib.util.spec_from_file_location(NAME, Path(__file__).parents[1] / "district.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[NAME] = module
    spec.loader.exec_module(module)
    return module


MADE_UP = sys.modules.get(NAME) or _load()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords with little work, for these tests alone."""
    monkeypatch.setattr(people, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    people._decoy.cache_clear()


@pytest.fixture
def made_up() -> ModuleType:
    """The module of the district: its names and numbers."""
    return MADE_UP


@pytest.fixture
def district(tmp_path: Path) -> District:
    """A fresh district."""
    made: District = MADE_UP.make_district(tmp_path / "installation")
    return made


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
        self.post("/bureau/inloggen", email=f"{who}@meer.example", password=MADE_UP.PASSWORD)
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
    MADE_UP.give_passwords(district)
    app = create_app(reader)
    register(app, district.installation, district.clock)
    return lambda who: Browser(app.test_client()).sign_in(who)
