"""What is integrated is tested on both databases, whatever fixtures a test uses."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="module", autouse=True)
def _database(database: str) -> None:
    """Live in the one or the other."""
