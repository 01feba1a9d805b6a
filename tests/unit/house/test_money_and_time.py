"""Money is whole hundredths, and the clock is passed in."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ALLOWED = "# float:"
"""A line that needs a float for what is no money says why after this mark."""

CLOCKS = {"now", "utcnow", "today", "fromtimestamp", "utcfromtimestamp"}
CLOCK_OWNERS = {"dt", "datetime", "date", "time"}
TIMERS = {"time", "time_ns", "localtime", "gmtime"}
ENTRANCES = ("dashboards/cli.py", "dashboards/commands/", "wsgi.py")
"""Where a person or a server comes in: here alone the real clock is read, and handed on."""


def floats(tree: ast.AST) -> Iterator[int]:
    """Yield the lines that name the type `float`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute | ast.Constant) and named(node).startswith("float"):
            yield node.lineno


def named(node: ast.AST) -> str:
    """Return the name that a node calls by, or the text that it is."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Constant(value=str(name)):
            return name
        case _:
            return ""


def clocks(tree: ast.AST) -> Iterator[int]:
    """Yield the lines that read the clock of the machine."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        name = named(node.func.value)
        if (node.func.attr in CLOCKS and name in CLOCK_OWNERS) or (node.func.attr in TIMERS and name == "time"):
            yield node.lineno


def test_money_is_never_a_float(modules: tuple[Path, ...], root: Path) -> None:
    """No module names `float`, unless the line says why it is no money."""
    found = []
    for path in modules:
        lines = path.read_text().splitlines()
        found += [
            f"{path.relative_to(root)}:{line}"
            for line in floats(ast.parse("\n".join(lines)))
            if ALLOWED not in lines[line - 1]
        ]
    assert found == []


def test_the_clock_is_read_at_the_entrances_only(modules: tuple[Path, ...], root: Path) -> None:
    """Everything below the command line and the application is told what time it is."""
    found = [
        f"{name}:{line}"
        for path in modules
        if not (name := path.relative_to(root).as_posix()).startswith(ENTRANCES)
        for line in clocks(ast.parse(path.read_bytes()))
    ]
    assert found == []


def test_the_scans_find_what_they_look_for() -> None:
    """Planted floats and clocks are seen, and what only looks like one is not."""
    assert sorted(floats(ast.parse("x = float(1)\ny = np.float64(1)\nz = 'float64'\ninteger = 1"))) == [1, 2, 3]
    planted = "dt.datetime.now(dt.UTC)\ndate.today()\ntime.time()\noffice.today()\ntime.sleep(1)"
    assert sorted(clocks(ast.parse(planted))) == [1, 2, 3]
