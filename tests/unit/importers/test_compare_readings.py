"""The tool that names what a change of code changes in readings and bookings."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from tests.compare_readings import main
from tests.compare_readings import one_checkout

if TYPE_CHECKING:
    import pytest

_ROOT = Path(__file__).parents[3]
_SAMPLES = _ROOT / "tests" / "data" / "importers"


def _other(place: Path, module: str, now: str, then: str) -> Path:
    """Return a checkout in which one thing was still otherwise."""
    for package in ("ledger", "audit", "dashboards"):
        (place / package).symlink_to(_ROOT / package)
    shutil.copytree(_ROOT / "importers", place / "importers", ignore=shutil.ignore_patterns("__pycache__"))
    source = (place / module).read_text(encoding="utf-8")
    assert now in source
    (place / module).write_text(source.replace(now, then), encoding="utf-8")
    return place


def test_nothing_changed_in_one_and_the_same_code(capsys: pytest.CaptureFixture[str]) -> None:
    """Files read and booked twice by the same checkout."""
    assert main([str(_ROOT), str(_SAMPLES / "ing.940"), str(_SAMPLES / "knab.csv")]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Compared: 2 files, ")
    assert out.endswith(" things before, 0 changes\n")


def test_each_change_of_a_reading_and_of_a_booking_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By file, place and field, with what was said before and what is said now."""
    other = _other(tmp_path, "importers/mt940_line.py", "name=tidy(said.name or name)", "name=None")
    assert main([str(other), str(_SAMPLES / "ing.940")]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert "ing.940 | statement 001 line 00001 | name | - | Kwekerij Vlier" in lines
    assert 'ing.940 | booked 2026-01-31 -1200 no. 1 | name | - | "Kwekerij Vlier"' in lines
    assert "ing.940 | flag 2026-01-31 -12.00 | PAY-02 | low policy | -" in lines
    assert "     8 name" in lines


def test_two_files_of_one_account_are_booked_after_each_other(tmp_path: Path) -> None:
    """In both orders, so that what the second one adds is compared too."""
    first = (_SAMPLES / "ing.940").read_bytes()
    paths = [tmp_path / "a.940", tmp_path / "b.940"]
    for path in paths:
        path.write_bytes(first + path.name.encode())
    (tmp_path / "files").write_text("\n".join(map(str, paths)))
    one_checkout(tmp_path / "files", tmp_path / "answer")
    said = json.loads((tmp_path / "answer").read_text())
    for pair in ("a.940 + b.940", "b.940 + a.940"):
        assert said[f"{pair} | import 1 statement 001 | new"] == "4"
        assert said[f"{pair} | import 2 statement 001 | known"] == "4"


def test_what_changed_of_a_file_is_told_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Not again for each pair that it is in."""
    other = _other(tmp_path, "importers/mt940_line.py", "text=_text(", "text='x' or (")
    paths = [tmp_path / "a.940", tmp_path / "b.940"]
    for path in paths:
        path.write_bytes((_SAMPLES / "ing.940").read_bytes() + path.name.encode())
    assert main([str(other), *map(str, paths)]) == 1
    out = capsys.readouterr().out
    assert 'a.940 | booked 2026-01-31 -1200 no. 1 | text | "x" | "Viooltjes plein"' in out
    assert " + " not in out


def test_what_cannot_be_compared_is_exit_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No other checkout, or no files."""
    assert main([]) == 2
    assert main([str(tmp_path)]) == 2
    assert main([str(_ROOT), str(tmp_path)]) == 2
    assert "Name the other checkout" in capsys.readouterr().err
