"""Pages read as well from the right as from the left, and carry no script or style of their own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
STYLES = sorted((ROOT / "dashboards/static").rglob("*.css"))
TEMPLATES = sorted((ROOT / "dashboards/templates").rglob("*.html"))

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
PHYSICAL_PROPERTY = re.compile(
    r"(?<![\w-])((margin|padding|border|scroll-margin|scroll-padding|inset)-(left|right)(-\w+)*|left|right"
    r"|border-(top|bottom)-(left|right)-radius)\s*:"
)
PHYSICAL_VALUE = re.compile(r"(?<![\w-])(text-align|float|clear)\s*:\s*(left|right)\b")
INLINE_STYLE = re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE)
INLINE_HANDLER = re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE)
INLINE_SCRIPT = re.compile(r"<script\b(?![^>]*\ssrc\s*=)", re.IGNORECASE)
SCRIPT_ADDRESS = re.compile(r"href\s*=\s*[\"']?\s*javascript:", re.IGNORECASE)
ELSEWHERE = re.compile(r"(src|href|action)\s*=\s*[\"']?(https?:)?//", re.IGNORECASE)


def physical(css: str) -> list[str]:
    """Return the declarations that know left from right."""
    text = COMMENT.sub("", css)
    return [match.group() for form in (PHYSICAL_PROPERTY, PHYSICAL_VALUE) for match in form.finditer(text)]


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_styles_are_logical(path: Path) -> None:
    """No stylesheet of ours knows left from right."""
    assert physical(path.read_text()) == []


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_styles_load_nothing_from_elsewhere(path: Path) -> None:
    """No stylesheet asks another host for anything."""
    assert not re.search(r"@import|url\(\s*[\"']?(https?:)?//", COMMENT.sub("", path.read_text()))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "dashboards/templates")))
def test_templates_hold_no_style_and_no_script(path: Path) -> None:
    """What the content policy refuses does not stand in a template either."""
    text = path.read_text()
    for form in (INLINE_STYLE, INLINE_HANDLER, INLINE_SCRIPT, SCRIPT_ADDRESS, ELSEWHERE):
        found = form.search(text)
        assert found is None, found


def test_the_scans_find_what_they_look_for() -> None:
    """Planted left and right are seen; logical properties are not."""
    assert physical("a { margin-left: 1px; float: left } /* left: 0 */") == ["margin-left:", "float: left"]
    assert physical("a { margin-inline-start: 1px; text-align: start; --left: 1px }") == []
    assert INLINE_SCRIPT.search("<script>x</script>")
    assert not INLINE_SCRIPT.search('<script src="x.js" defer></script>')
    assert INLINE_HANDLER.search('<a onclick="x">')
    assert STYLES
    assert TEMPLATES
