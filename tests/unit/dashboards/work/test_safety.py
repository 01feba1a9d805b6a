"""Who may work in an installation's directory."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from dashboards.work import safety
from dashboards.work.errors import StartRefused
from dashboards.work.safety import check_owner

if TYPE_CHECKING:
    from pathlib import Path

SOMEBODY = 65534


def test_root_is_refused_the_directory_of_somebody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What root leaves in it, a signing state above all, its owner could not read any more."""
    if os.geteuid() == safety.ROOT:
        os.chown(tmp_path, SOMEBODY, -1)
    monkeypatch.setattr(os, "geteuid", lambda: safety.ROOT)
    with pytest.raises(StartRefused, match=r"belongs to another user.*Do this as that user: runuser -u"):
        check_owner(tmp_path)


def test_an_ordinary_user_and_a_directory_that_is_missing_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody but root leaves what an owner cannot read; a missing directory has a message of its own."""
    check_owner(tmp_path / "missing")
    monkeypatch.setattr(os, "geteuid", lambda: SOMEBODY)
    check_owner(tmp_path)
