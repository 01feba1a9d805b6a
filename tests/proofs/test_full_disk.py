"""A full disk is said in words, and leaves all of a file or nothing."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from ledger.environment import DATABASE_URL
from ledger.environment import OWNER_URL
from tests import server
from tests.proofs.full_disk import DISKS
from tests.proofs.full_disk import SEED
from tests.proofs.full_disk import Disks
from tests.proofs.full_disk import fill_disks
from tests.proofs.full_disk import fill_server
from tests.proofs.full_disk import markdown
from tests.proofs.full_disk import may_mount
from tests.proofs.full_disk import small_disk

FULL = os.environ.get("BUURTKAS_PROOFS") == "full"
PAGES = Path(__file__).parents[2] / "docs" / "proof"
SERVER_MEGABYTES = 160
NEEDS_ROOT = pytest.mark.skipif(not may_mount(), reason="only root can make a small file system")


def _keep(name: str, found: Disks) -> None:
    """Write the figures of a full proof down."""
    if FULL:
        PAGES.mkdir(exist_ok=True)
        page = markdown({name: found}, SEED, os.environ.get("BUURTKAS_REVISION", "unknown"))
        (PAGES / f"full-disk-{name}.md").write_text(page)


@NEEDS_ROOT
def test_a_full_disk_leaves_all_or_nothing(tmp_path: Path) -> None:
    """With less and more room than an import needs (50 times in the full proof)."""
    found = fill_disks(DISKS if FULL else 6, SEED, tmp_path)
    _keep("sqlite", found)
    assert found.wrong == []
    assert found.tried > found.answers["done"] > 0 or not FULL


@NEEDS_ROOT
@pytest.mark.postgresql
def test_a_servers_full_disk_leaves_all_or_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server may fall over with its disk; once it is started again, nothing is half done."""
    folder = Path(tempfile.mkdtemp(prefix="buurtkas-disk-"))
    folder.chmod(0o755)
    with small_disk(folder / "disk", SERVER_MEGABYTES) as disk, server.own_server(disk) as (place, recover):
        monkeypatch.setenv(DATABASE_URL, place.everyday)
        monkeypatch.setenv(OWNER_URL, place.owner)
        found = fill_server(DISKS // 2 if FULL else 3, SEED, disk, recover)
    shutil.rmtree(folder)
    _keep("postgresql", found)
    assert found.wrong == []


def test_the_page_names_what_is_wrong() -> None:
    """Words that do not help would stand on the page."""
    found = Disks(wrong=["no clear words: broke"])
    found.answers["done"] = 1
    page = markdown({"sqlite": found}, 1, "abc")
    assert "| sqlite | 1 | done 1 | 1 |" in page
    assert "WRONG on sqlite: no clear words" in page
