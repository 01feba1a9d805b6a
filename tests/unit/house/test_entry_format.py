"""docs/entry-format.md says of every entry type what may stand in it, and it is always true.

`make docs` writes the page again after a type was added or changed.
"""

from __future__ import annotations

import importlib
import inspect
import json
import os
import pkgutil
from typing import TYPE_CHECKING

import pytest

from ledger.entries import FOLDERS
from ledger.entries import all_types
from ledger.fields import AMOUNT
from ledger.fields import COUNT
from ledger.fields import CURRENCY
from ledger.fields import Calendar
from ledger.fields import Code
from ledger.fields import Maybe
from ledger.fields import Row
from ledger.fields import Rows
from ledger.fields import Text
from ledger.fields import Whole
from ledger.fields import YesNo
from ledger.header import HEADER

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ledger.entry import EntryType
    from ledger.fields import Kind

PAGE = "docs/entry-format.md"
REWRITE = "BUURTKAS_WRITE_DOCS"
MANY = 12
PLAIN: dict[Kind, str] = {
    AMOUNT: "amount in hundredths",
    COUNT: "whole number from 0 to 99,999,999",
    CURRENCY: "ISO 4217 code of a currency",
    Calendar(): "day, YYYY-MM-DD",
    YesNo(): "true or false",
}
BOOKS = {
    "district": "The district's book",
    "foundation": "A foundation's book",
    "initiative": "An initiative's book",
}
BEGIN = "<!-- The rest of this page is written by `make docs` from ledger/entries. -->"


def kind_words(kind: Kind) -> str:
    """Return in words what a public field may hold."""
    if kind in PLAIN:
        return PLAIN[kind]
    match kind:
        case Whole(least=least, most=most):
            words = f"whole number from {least} to {most}"
        case Text(what=words):
            pass
        case Code(choices=choices):
            words = _choices(choices)
        case Maybe(kind=inner):
            words = f"{kind_words(inner)}; or null"
        case Row(kinds=kinds):
            words = "[" + "; ".join(kind_words(inner) for inner in kinds) + "]"
        case Rows(kind=inner):
            words = f"list of: {kind_words(inner)}"
        case _:
            raise AssertionError(kind)
    return words


def _choices(choices: Sequence[str]) -> str:
    shown = ", ".join(f"`{choice}`" for choice in choices[:MANY])
    return f"one of {shown}" + (f" and {len(choices) - MANY} more" if len(choices) > MANY else "")


def _tables(type_: EntryType) -> list[str]:
    lines = ["| public field | holds |", "|---|---|"]
    lines += [f"| `{name}` | {kind_words(kind)} |" for name, kind in type_.public.items()]
    if not type_.public:
        lines = ["No public fields of its own."]
    committed = ", ".join(f"`{name}`" for name in type_.committed) or "none"
    return [*lines, "", f"Committed: {committed}."]


def _example(type_: EntryType) -> list[str]:
    example = {**type_.example.public, **({"commit": dict(type_.example.private)} if type_.committed else {})}
    return ["```json", json.dumps(example, ensure_ascii=False, sort_keys=False), "```"]


def _sections(heading: str, types: Sequence[tuple[EntryType, str]]) -> list[str]:
    lines = [f"## {heading}", ""]
    for type_, said in types:
        version = f" (version {type_.version})" if type_.version > 1 else ""
        lines += [f"### {type_.name}{version}", ""]
        if said:
            lines += [said[0].upper() + said[1:], ""]
        if len(type_.books) > 1:
            lines += [f"Books: {', '.join(type_.books)}.", ""]
        lines += [*_tables(type_), "", *_example(type_), ""]
    return lines


def said_of_types() -> list[str]:
    """Return what each type's module says of it, in the order of `all_types`."""
    names = (
        module.name for folder in FOLDERS for module in pkgutil.iter_modules(folder.__path__, folder.__name__ + ".")
    )
    documentation = (inspect.getdoc(importlib.import_module(name)) or "" for name in names)
    return [
        "\n\n".join(" ".join(part.split()) for part in said.partition(": ")[2].split("\n\n")) for said in documentation
    ]


def rendered() -> str:
    """Return the generated part of the page."""
    described = list(zip(all_types(), said_of_types(), strict=True))
    lines: list[str] = []
    for kind, heading in BOOKS.items():
        lines += _sections(heading, [pair for pair in described if pair[0].books == (kind,)])
    lines += _sections("More than one kind of book", [pair for pair in described if len(pair[0].books) > 1])
    return "\n".join(lines).rstrip() + "\n"


def test_the_page_says_what_the_types_say(root: Path) -> None:
    """Every type stands on the page with its fields and its example, exactly as the code has it."""
    page = root / PAGE
    written, mark, generated = page.read_text(encoding="utf-8").partition(BEGIN)
    assert mark, f"{PAGE} has lost the line that begins its generated part"
    expected = f"\n\n{rendered()}"
    if REWRITE in os.environ and generated != expected:
        page.write_text(written + BEGIN + expected, encoding="utf-8")
        return
    assert generated == expected, "the page is old: run `make docs`"


@pytest.mark.parametrize("name", sorted(HEADER))
def test_the_page_explains_every_header_field(root: Path, name: str) -> None:
    """Each field of the header has its row in the part written by hand."""
    written = (root / PAGE).read_text(encoding="utf-8").partition(BEGIN)[0]
    assert f"| `{name}` |" in written
