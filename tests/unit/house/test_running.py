"""A test that cannot run is skipped loudly, or fails where it is required."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PLANTED = '''
import pytest

@pytest.mark.browser
def test_that_needs_a_browser():
    """It needs one."""

@pytest.mark.statements
def test_that_skips_itself():
    """It finds its own reason."""
    pytest.skip("for a reason of its own")
'''
SETTINGS = "[pytest]\nmarkers =\n    browser: needs Chromium\n    statements: needs the shared bank files\n"


def planted(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run two planted tests under the project's conftest."""
    shutil.copy(ROOT / "tests/conftest.py", tmp_path / "conftest.py")
    (tmp_path / "pytest.ini").write_text(SETTINGS)
    (tmp_path / "test_planted.py").write_text(PLANTED)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BUURTKAS_", "PYTEST_", "COV_"))}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-c", tmp_path / "pytest.ini", tmp_path],
        cwd=ROOT,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_was_not_tested_is_said_loudly(tmp_path: Path) -> None:
    """Without a browser its tests are skipped, and the end of the run says so and what to do."""
    result = planted(tmp_path, BUURTKAS_CHROMIUM="nowhere")
    assert result.returncode == 0, result.stdout
    assert "NOT TESTED: 1 browser tests" in result.stdout
    assert "apt-get install chromium" in result.stdout


def test_a_required_browser_that_is_missing_stops_the_run(tmp_path: Path) -> None:
    """Nothing runs where something required is missing, and the reason is given."""
    result = planted(tmp_path, BUURTKAS_CHROMIUM="nowhere", BUURTKAS_REQUIRE="browser")
    assert result.returncode == pytest.ExitCode.USAGE_ERROR
    assert "there is no Chromium" in result.stderr


def test_a_required_test_may_not_skip_itself(tmp_path: Path) -> None:
    """A skip for whatever reason is a failure where the test is required."""
    result = planted(tmp_path, BUURTKAS_STATEMENTS=str(tmp_path), BUURTKAS_REQUIRE="statements")
    assert result.returncode == pytest.ExitCode.TESTS_FAILED, result.stdout
    assert "for a reason of its own" in result.stdout
    assert "BUURTKAS_REQUIRE asks for statements" in result.stdout


def test_a_wrong_requirement_is_refused(tmp_path: Path) -> None:
    """A misspelt requirement must not silently require nothing."""
    result = planted(tmp_path, BUURTKAS_REQUIRE="browzer")
    assert result.returncode == pytest.ExitCode.USAGE_ERROR
    assert "not browzer" in result.stderr
