"""What all tests share: where Chromium and the shared bank files are, and fresh installations.

Tests marked `browser` need Chromium, tests marked `statements` the shared bank files. Where one of these
is missing they are skipped, and the run ends by saying so loudly. BUURTKAS_REQUIRE (a list such as
"browser,statements") turns a missing one, and every skip of such a test, into a failure.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Protocol

import hypothesis
import pytest

from ledger.installation import Settings
from ledger.installation import create_installation

if TYPE_CHECKING:
    from collections.abc import Generator
    from collections.abc import Iterator

    from ledger.installation import Installation

ORIGIN = "buurtkas.example/proef"
STATEMENTS = "BUURTKAS_STATEMENTS"
CHROMIUM = "BUURTKAS_CHROMIUM"
REQUIRE = "BUURTKAS_REQUIRE"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
MISSING = {
    "browser": f"there is no Chromium: install it (on Debian: apt-get install chromium), or name it in {CHROMIUM}",
    "statements": f"there are no shared bank files: name their directory in {STATEMENTS}",
}

hypothesis.settings.register_profile("dev", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if "CI" in os.environ else "dev"))


class MakeInstallation(Protocol):
    """Makes a new installation under the test's own directory; it is closed when the test ends."""

    def __call__(self, name: str = "books", *, simulated: bool = True) -> Installation:
        """Return an opened installation with an empty log."""


def find_chromium() -> Path | None:
    """Return where Chromium is: the named one, else the first on the path."""
    named = os.environ.get(CHROMIUM)
    if named is not None:
        return Path(named) if Path(named).is_file() else None
    return next((Path(found) for program in PROGRAMS if (found := shutil.which(program))), None)


def find_statements() -> Path | None:
    """Return the directory of the shared bank files."""
    named = os.environ.get(STATEMENTS)
    return Path(named) if named and Path(named).is_dir() else None


def required() -> set[str]:
    """Return the markers whose tests must not be skipped."""
    return {word.strip() for word in os.environ.get(REQUIRE, "").split(",") if word.strip()}


def missing() -> set[str]:
    """Return the markers whose tests cannot run here."""
    found = {"browser": find_chromium(), "statements": find_statements()}
    return {marker for marker, place in found.items() if place is None}


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to begin where something required is missing."""
    if hasattr(config, "workerinput"):
        return
    unknown = required() - MISSING.keys()
    if unknown:
        raise pytest.UsageError(f"{REQUIRE} knows {', '.join(MISSING)}, not {', '.join(sorted(unknown))}")
    absent = sorted(required() & missing())
    if absent:
        raise pytest.UsageError(f"{REQUIRE}: " + "; ".join(MISSING[marker] for marker in absent))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what cannot run here."""
    absent = missing()
    for item in items:
        for marker in sorted(absent):
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=MISSING[marker]))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn the skip of a required test into a failure."""
    report = yield
    marked = sorted(marker for marker in required() if item.get_closest_marker(marker))
    if report.skipped and marked and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, but {REQUIRE} asks for {', '.join(marked)}: {report.longrepr}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what was not tested."""
    skipped = terminalreporter.stats.get("skipped", [])
    for marker in sorted(missing()):
        count = sum(marker in report.keywords for report in skipped)
        if count:
            terminalreporter.section(f"NOT TESTED: {count} {marker} tests", sep="!", red=True, bold=True)
            terminalreporter.line(f"They were skipped: {MISSING[marker]}.")


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """Where Chromium is; for tests marked `browser`."""
    found = find_chromium()
    if found is None:
        pytest.skip(MISSING["browser"])
    return found


@pytest.fixture(scope="session")
def statements_dir() -> Path:
    """The directory of the shared bank files; for tests marked `statements`."""
    found = find_statements()
    if found is None:
        pytest.skip(MISSING["statements"])
    return found


@pytest.fixture
def make_installation(tmp_path: Path) -> Iterator[MakeInstallation]:
    """A maker of new installations with empty logs."""
    made: list[Installation] = []

    def make(name: str = "books", *, simulated: bool = True) -> Installation:
        made.append(create_installation(tmp_path / name, Settings(ORIGIN, simulated=simulated)))
        return made[-1]

    yield make
    for installation in made:
        installation.close()


@pytest.fixture
def installation(make_installation: MakeInstallation) -> Installation:
    """A new installation with an empty log, on a simulated clock."""
    return make_installation()
