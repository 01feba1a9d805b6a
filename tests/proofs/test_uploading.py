"""A site that is killed while it books a long upload: the next one finishes it, once, with the right receipt."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tests.proofs.uploading import KILLS
from tests.proofs.uploading import SEED
from tests.proofs.uploading import upload

if TYPE_CHECKING:
    from pathlib import Path

FULL = os.environ.get("BUURTKAS_PROOFS") == "full"
SAMPLE = 6


def test_a_killed_booking_is_finished_once(
    tmp_path: Path,
    database: str,  # noqa: ARG001 - where its books lie
) -> None:
    """Killed at random instants (100 in the full proof), on each database."""
    kills = KILLS if FULL else SAMPLE
    found = upload(kills, SEED, tmp_path)
    assert found.wrong == []
    assert found.kills == kills
    if FULL:
        assert 0 < found.before < kills, "every kill came at the same moment of the work"
