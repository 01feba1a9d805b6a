"""The made-up district as a fixture."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher

from dashboards.work import people

if TYPE_CHECKING:
    from types import ModuleType

    from tests.unit.dashboards.district import District

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
