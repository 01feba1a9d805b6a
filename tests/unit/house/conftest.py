"""The tree of the project, as the house rules see it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's directory."""
    return ROOT


@pytest.fixture(scope="session")
def tracked(root: Path) -> tuple[Path, ...]:
    """Every file that git keeps or is about to keep, and that is there."""
    git = shutil.which("git")
    if git is None or not (root / ".git").exists():
        pytest.skip("this is no git checkout")
    listing = subprocess.run(
        [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=root, capture_output=True, check=True
    )
    paths = (root / name for name in listing.stdout.decode().split("\0") if name)
    return tuple(sorted(path for path in paths if path.is_file()))


@pytest.fixture(scope="session")
def modules(root: Path) -> tuple[Path, ...]:
    """Every module of the four packages, and `wsgi.py`."""
    packages = (path for name in ("ledger", "importers", "audit", "dashboards") for path in (root / name).rglob("*.py"))
    wsgi = root / "wsgi.py"
    return (*sorted(packages), *([wsgi] if wsgi.exists() else []))
