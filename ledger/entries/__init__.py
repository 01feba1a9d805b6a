"""The closed list of entry types: every module of the folders below that has a `TYPE`.

A type is found by the kind of book, its name and its version. Adding a type is adding a file.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING

from ledger.entries import district
from ledger.entries import every
from ledger.entries import foundation
from ledger.entries import initiative
from ledger.errors import UnknownType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.canonical import Json
    from ledger.entry import EntryType

FOLDERS = (district, foundation, initiative, every)


@cache
def all_types() -> tuple[EntryType, ...]:
    """Return every entry type, each once."""
    found: list[EntryType] = []
    for folder in FOLDERS:
        modules = pkgutil.iter_modules(folder.__path__, folder.__name__ + ".")
        found.extend(importlib.import_module(module.name).TYPE for module in modules)
    return tuple(found)


@cache
def _registry() -> dict[tuple[str, str, int], EntryType]:
    """Return the types by kind of book, name and version."""
    return {(book, type_.name, type_.version): type_ for type_ in all_types() for book in type_.books}


def known_type(body: Mapping[str, Json]) -> EntryType | None:
    """Return the type of an entry's body, or None where this version does not know it."""
    kind = str(body["book"]).partition("/")[0]
    version = body["v"]
    return _registry().get((kind, str(body["type"]), version if isinstance(version, int) else 0))


def entry_type(book: str, name: str, version: int = 1) -> EntryType:
    """Return a type by book, name and version.

    Raises:
        UnknownType: That kind of book has no such type.
    """
    kind = book.partition("/")[0]
    try:
        return _registry()[kind, name, version]
    except KeyError as error:
        raise UnknownType(kind, name, version) from error
