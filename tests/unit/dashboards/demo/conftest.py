"""The fictional district, made once for all its tests."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from dashboards.demo.world import World
from dashboards.demo.world import make_world


@pytest.fixture(scope="session")
def world() -> World:
    return make_world()


@pytest.fixture(scope="session")
def setup(world: World) -> dict[str, Any]:
    return tomllib.loads(world.setup)
