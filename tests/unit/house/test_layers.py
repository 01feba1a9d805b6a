"""The house keeps its layers, and every room says what it is for."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

IMPORTS_OF_THE_VERIFIER = """
import sys
import ledger.verify
foreign = {"sqlalchemy", "alembic", "flask", "jinja2", "pandas", "numpy", "plotly", "lxml", "babel", "argon2", "stdnum"}
print(*sorted(foreign & sys.modules.keys()))
"""


def test_imports_run_downward_only(root: Path) -> None:
    """Every import-linter contract of pyproject.toml is kept."""
    linter = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([linter, "--no-cache"], cwd=root, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout[-4000:]
    assert " 0 broken" in result.stdout


def test_the_verifier_loads_nothing_but_the_standard_library_and_cryptography(root: Path) -> None:
    """Importing the verifier in a fresh interpreter loads no other package of ours."""
    result = subprocess.run(
        [sys.executable, "-c", IMPORTS_OF_THE_VERIFIER], cwd=root, capture_output=True, text=True, check=True
    )
    assert result.stdout.split() == []


def test_every_module_begins_with_its_idea(modules: tuple[Path, ...], root: Path) -> None:
    """Each module has a docstring, and then the annotations of the future where it imports anything."""
    assert len(modules) > 100
    for path in modules:
        tree = ast.parse(path.read_bytes())
        assert ast.get_docstring(tree), path.relative_to(root)
        imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        if imports:
            first = imports[0]
            assert isinstance(first, ast.ImportFrom), path.relative_to(root)
            assert first.module == "__future__", path.relative_to(root)


def test_no_room_is_a_lumber_room(modules: tuple[Path, ...]) -> None:
    """No module bears a name that says nothing about its subject."""
    names = {path.stem for path in modules} | {path.parent.name for path in modules}
    assert not names & {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "tools"}
