"""What the tree must not hold: addresses of registries, paths of a machine, bank files of others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

# The patterns are joined from parts, so that this file does not hold what it looks for.
REGISTRIES = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("deb", "debian", "org"),
        ("proxy", "golang", "org"),
        ("crates", "io"),
        ("anaconda", "org"),
    )
)
INDEX_OPTIONS = tuple("--" + option for option in ("index-url", "extra-index-url", "find-links", "trusted-host"))
MACHINE_PATHS = re.compile(
    "(?<![A-Za-z0-9_.}/-])/(" + "|".join(("wo" + "rk", "ro" + "ot", "ho" + "me", "Us" + "ers", "o" + "pt")) + r")/[\w.]"
)


def words(path: Path) -> str:
    """Return a file's text, or nothing where it is a picture."""
    data = path.read_bytes()
    return "" if b"\0" in data else data.decode("utf-8")


def test_no_file_names_a_registry(tracked: tuple[Path, ...], root: Path) -> None:
    """Where packages come from is for whoever installs, never for the tree."""
    found = [(path.relative_to(root), host) for path in tracked for host in REGISTRIES if host in words(path).lower()]
    assert found == []


def test_no_file_holds_a_path_of_a_machine(tracked: tuple[Path, ...], root: Path) -> None:
    """The tree works wherever it lies."""
    found = [path.relative_to(root) for path in tracked if MACHINE_PATHS.search(words(path))]
    assert found == []


def test_locked_requirements_hold_hashes_and_no_address(root: Path) -> None:
    """Every locked package has its hash, and no lock says where to get it."""
    locks = sorted(root.glob("requirements*.txt"))
    assert [lock.name for lock in locks] == ["requirements-build.txt", "requirements-dev.txt", "requirements.txt"]
    for lock in locks:
        text = lock.read_text()
        assert not any(option in text for option in INDEX_OPTIONS), lock.name
        for package in re.split(r"\n(?=\S)", text.strip()):
            assert "==" in package, package
            assert "--hash=sha256:" in package, package


def test_the_development_lock_agrees_with_the_lock(root: Path) -> None:
    """Tests run with the very versions that are served."""
    served = set(re.findall(r"^\S+==\S+", (root / "requirements.txt").read_text(), re.MULTILINE))
    tested = set(re.findall(r"^\S+==\S+", (root / "requirements-dev.txt").read_text(), re.MULTILINE))
    assert served <= tested


@pytest.mark.parametrize("suffix", [".sta", ".mt940", ".940", ".ofx", ".qfx", ".xml", ".csv", ".tab"])
def test_bank_files_are_never_copied(tracked: tuple[Path, ...], root: Path, suffix: str) -> None:
    """Files as banks write them are made by the tests, or read where they lie."""
    kept = [path.relative_to(root) for path in tracked if path.suffix.lower() == suffix]
    assert [path for path in kept if not path.is_relative_to("tests/data")] == []


def test_the_scan_finds_a_planted_path() -> None:
    """The pattern sees a machine's path and leaves an address of a page alone."""
    assert MACHINE_PATHS.search("see " + "/".join(("", "ho" + "me", "someone", "x")))
    assert not MACHINE_PATHS.search("https://buurtkas.example/home/page and ./desks/people.py")
