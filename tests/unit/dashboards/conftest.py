"""The sample district as an application, for the page tests."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import pytest

from dashboards.app import create_app

if TYPE_CHECKING:
    from types import ModuleType

    from flask import Flask
    from flask.testing import FlaskClient

NAME = "buurtkas_page_sample"


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location(NAME, Path(__file__).with_name("sample.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[NAME] = module
    spec.loader.exec_module(module)
    return module


SAMPLE = sys.modules.get(NAME) or _load()


@pytest.fixture
def sample() -> ModuleType:
    """The module of sample values."""
    return SAMPLE


@pytest.fixture
def reader() -> Any:  # noqa: ANN401 -- the sample is loaded by path, so its types are not known here
    """A fresh reader of the sample."""
    return SAMPLE.SampleReader()


@pytest.fixture
def app(reader: Any) -> Flask:  # noqa: ANN401 -- see above
    """The application over the sample, with stand-in desks."""
    return create_app(reader, blueprints=(SAMPLE.desk_blueprint(),))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of that application."""
    return app.test_client()
