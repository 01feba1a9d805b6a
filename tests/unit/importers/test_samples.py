"""Samples with made-up people, each with what must be read beside it as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from importers.asdict import statement_as_json
from importers.reading import read

_SAMPLES = Path(__file__).parents[2] / "data" / "importers"


@pytest.mark.parametrize("name", ["abnamro.940", "rabobank.940", "rabobank.csv", "card.qfx"])
def test_a_sample_is_read_as_it_says_beside_it(name: str) -> None:
    """Every field, as the command line prints it."""
    found = [statement_as_json(statement) for statement in read((_SAMPLES / name).read_bytes())]
    assert found == json.loads((_SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
