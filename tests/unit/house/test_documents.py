"""What is written about the project is there, in its form, and true."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from pathlib import Path

import pytest

from dashboards.work.setup import create_district
from dashboards.work.setup_file import FORMS
from dashboards.work.setup_file import read_setup
from ledger.check_views import verify_installation

ROOT = Path(__file__).resolve().parents[3]
RECORDS = sorted((ROOT / "docs/adr").glob("*.md"))
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
SENTENCE = "Buurtkas is a public spending ledger for neighbourhood budgets"
LONGEST_README = 60
NOW = dt.datetime(2026, 2, 1, 12, tzinfo=dt.UTC)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
PICTURES = "docs/pictures/"
"""Pictures are taken of a running site and may not be there yet."""


def declared() -> set[str]:
    """Return every package that pyproject.toml and the build lock ask for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [*project["dependencies"], *(name for extra in project["optional-dependencies"].values() for name in extra)]
    build = (ROOT / "requirements-build.txt").read_text()
    return {re.split(r"[\[<>=!~; ]", name)[0] for name in asked} | set(re.findall(r"^([\w.-]+)==", build, re.MULTILINE))


def test_every_dependency_is_justified() -> None:
    """Each package has its row, and each row its package."""
    rows = re.findall(r"^\| ([a-z0-9][\w.-]*) \|", (ROOT / "docs/dependencies.md").read_text(), re.MULTILINE)
    assert sorted(row for row in rows if row != "package") == sorted(declared())


def test_the_readme_says_what_it_is_and_how_to_begin() -> None:
    """One sentence, then the two commands, then a picture; short enough to be read."""
    lines = (ROOT / "README.md").read_text().splitlines()
    said = [line for line in lines if line.strip()]
    assert said[0] == "# Buurtkas"
    assert said[1].startswith(SENTENCE)
    assert said[1].count(". ") == 0
    assert [line.split()[:2] for line in said[3:5]] == [["make", "demo"], ["make", "test"]]
    assert any(line.startswith("![") for line in said)
    assert len(lines) < LONGEST_README


@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.stem)
def test_every_decision_has_context_decision_and_consequences(record: Path) -> None:
    """A decision that was made says why, what, and what follows; in this order."""
    text = record.read_text()
    number = int(record.name[:4])
    assert text.startswith(f"# {number}. ")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]


def test_decisions_are_numbered_without_gaps() -> None:
    """The records are 1, 2, 3 and so on."""
    assert [int(record.name[:4]) for record in RECORDS] == list(range(1, len(RECORDS) + 1))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Whatever a page points to in the tree is there."""
    targets = [target for target in LINK.findall(page.read_text()) if not target.startswith(PICTURES)]
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_the_example_of_a_setup_file_works(tmp_path: Path) -> None:
    """The setup file in the documentation declares a whole district, and its books verify."""
    setup = read_setup((ROOT / "docs/setup.example.toml").read_text(encoding="utf-8"))
    assert set(setup.rows) == set(FORMS)
    installation = create_district(tmp_path / "books", setup, NOW)
    try:
        report = verify_installation(installation)
    finally:
        installation.close()
    assert report.ok, report.problems


def test_the_version_is_the_same_everywhere() -> None:
    """The package and its description for public bodies name one version and one licence."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    description = (ROOT / "publiccode.yml").read_text()
    assert f"softwareVersion: {project['version']}\n" in description
    assert f"license: {project['license']}\n" in description
    assert f"SPDX-License-Identifier: {project['license']}\n" in (ROOT / "LICENSE").read_text()


def test_every_make_target_is_explained() -> None:
    """`make help` has a sentence for each target that a person may call."""
    text = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.+)$", text, re.MULTILINE)
    assert phony is not None
    explained = re.findall(r"^([a-z]+):.*## ", text, re.MULTILINE)
    assert sorted(explained) == sorted(phony.group(1).split())
