"""No statement is built from text, and no text reaches a page without being escaped."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = sorted((ROOT / "dashboards/templates").rglob("*.html"))
RAW = frozenset({"Markup", "exec_driver_sql", "literal_column", "text"})
"""What takes a text as it is: into a page, or into a statement."""
OWN_WORDS = {
    "ledger/check_views.py": "names of columns, which the tables declare",
    "ledger/comparing.py": "names of settings, which are constants of that file",
    "ledger/inserting.py": "statements that SQLAlchemy made of a table; their values go along apart",
    "ledger/postgresql.py": "constants of that file, tables, and names that are quoted or checked",
    "ledger/sqlite.py": "names and bodies of the fences, which are constants of that file",
    "ledger/signer.py": "names of columns, which stand in that line",
}
UNESCAPED = re.compile(r"\|\s*safe\b|{%-?\s*autoescape")
CONSTANT_BEFORE = re.compile(r"=\"[^\"{}]*\"\s*$")


def raw_texts(source: str) -> list[int]:
    """Return the lines on which something that is no constant is taken as it is."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and node.args)
    return [call.lineno for call in calls if _name(call) in RAW and not isinstance(call.args[0], ast.Constant)]


def _name(call: ast.Call) -> str:
    """Return what is called, without what it is taken from; a method named `text` is no statement."""
    called = call.func
    if isinstance(called, ast.Attribute):
        ours = called.attr != "text" or (isinstance(called.value, ast.Name) and called.value.id == "sa")
        return called.attr if ours else ""
    return called.id if isinstance(called, ast.Name) and called.id != "text" else ""


def unescaped(template: str) -> list[str]:
    """Return the lines of a template that let something pass unescaped, constants left out."""
    lines = template.splitlines()
    marks = ((line, mark) for line in lines for mark in UNESCAPED.finditer(line))
    return [line for line, mark in marks if not CONSTANT_BEFORE.search(line[: mark.start()])]


def test_nothing_is_taken_as_it_is_but_constants(modules: tuple[Path, ...], root: Path) -> None:
    """Statements are made of expressions and markup of formats, so that values never become either."""
    found = {str(path.relative_to(root)): raw_texts(path.read_text()) for path in modules}
    assert {name for name, lines in found.items() if lines} <= set(OWN_WORDS)


def test_templates_escape_everything() -> None:
    """What is marked as safe is written out in the template itself."""
    assert {path.name: unescaped(path.read_text()) for path in TEMPLATES if unescaped(path.read_text())} == {}


def test_the_scans_find_what_they_look_for() -> None:
    """Planted texts are seen; constants are not."""
    assert raw_texts('Markup("<b>{}</b>").format(name)\nsa.text("SELECT 1")\nwords.text(name)') == []
    assert raw_texts("Markup(f'<b>{name}</b>')\nsa.text(made)\nrun.exec_driver_sql('x' + name)") == [1, 2, 3]
    assert unescaped('{{ _("x %(a)s", a="<code>y</code>"|safe) }}') == []
    assert len(unescaped("{{ name|safe }}\n{{ name | safe }}\n{% autoescape false %}")) == 3
    assert TEMPLATES
