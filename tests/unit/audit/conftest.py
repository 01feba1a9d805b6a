"""Books for every test of the audit that asks for some."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.audit.books import open_books

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.audit.books import Books


@pytest.fixture
def make_books(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Books]:
    """Fresh books for every example."""
    return lambda: open_books(tmp_path_factory.mktemp("books") / "installation")
