"""The sample pages as an application, and a made-up district with its books, for the tests of pages and desks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher

from dashboards.app import create_app
from dashboards.work import people
from tests.unit.dashboards import district as made_up_district
from tests.unit.dashboards import sample as page_sample

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    from flask import Flask
    from flask.testing import FlaskClient

    from tests.unit.dashboards.district import District


@pytest.fixture
def sample() -> ModuleType:
    """The module of sample values."""
    return page_sample


@pytest.fixture
def reader() -> page_sample.SampleReader:
    """A fresh reader of the sample."""
    return page_sample.SampleReader()


@pytest.fixture
def app(reader: page_sample.SampleReader) -> Flask:
    """The application over the sample, with stand-in desks."""
    return create_app(reader, blueprints=(page_sample.desk_blueprint(),))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of that application."""
    return app.test_client()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords with little work, for these tests alone."""
    monkeypatch.setattr(people, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    people._decoy.cache_clear()


@pytest.fixture
def made_up() -> ModuleType:
    """The module of the district: its names and numbers."""
    return made_up_district


@pytest.fixture
def district(tmp_path: Path) -> District:
    """A fresh district."""
    return made_up_district.make_district(tmp_path / "installation")
