"""The byte form of each type of entry as one regular expression, so that a verifier needs one look.

What a form matches is canonical, well formed and of its type; what it does not match may still be all
of that (a signed entry, a leap day, a very large amount), so it is then read step by step, which also tells
what is wrong. A form is thus a short cut and never a judge; a test holds the two against each other.

Source: RFC 8785: members are sorted, there is no white space, and ASCII without quotes stands for itself.
"""

from __future__ import annotations

import functools
import json
import re
from typing import TYPE_CHECKING

from ledger.canonical import written
from ledger.entries import known_type
from ledger.entry import MAX_BYTES
from ledger.entry import Entry
from ledger.fields import AMOUNT
from ledger.fields import BOOK
from ledger.fields import COUNT
from ledger.fields import HASH
from ledger.fields import ID
from ledger.fields import LETTERS
from ledger.fields import LOG
from ledger.fields import RULE
from ledger.fields import Calendar
from ledger.fields import Code
from ledger.fields import Maybe
from ledger.fields import Row
from ledger.fields import Rows
from ledger.fields import Text
from ledger.fields import Whole
from ledger.fields import YesNo
from ledger.header import HEADER_KINDS
from ledger.merkle import leaf_hash

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.canonical import Json
    from ledger.entry import EntryType
    from ledger.fields import Kind

DAY = "[1-9][0-9]{3}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
TIME = "T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z"
PLAIN = (ID, HASH, RULE)
WHOLE = {COUNT: "(?:0|[1-9][0-9]{0,7})", AMOUNT: "(?:0|-?[1-9][0-9]{0,14})"}
_DECODER = json.JSONDecoder()
NOTHING = "(?!)"
"""Matches nothing: what has no simple form is read step by step."""


def quick_entry(idx: int, data: bytes) -> Entry | None:
    """Return the entry that bytes stand for if they match their type's form, else None."""
    try:
        body, _ = _DECODER.raw_decode(data.decode())  # what may follow it, the form refuses
        form = _form(body["book"].partition("/")[0], body["type"], body["v"])
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
    if len(data) > MAX_BYTES or not form.fullmatch(data):
        return None
    return Entry(idx, body, data, leaf_hash(data))


def quick_making(idx: int, body: dict[str, Json], type_: EntryType) -> Entry | None:
    """Return a new entry if its bytes match its type's form, else None: then it is looked at step by step."""
    try:
        data = written(body)
        form = _form(str(body["book"]).partition("/")[0], type_.name, type_.version)
    except (ValueError, TypeError):
        return None
    if len(data) > MAX_BYTES or not form.fullmatch(data):
        return None
    return Entry(idx, body, data, leaf_hash(data))


@functools.lru_cache(maxsize=512)
def _form(book: str, name: str, version: int) -> re.Pattern[bytes]:
    """Return the form of a type."""
    type_ = known_type({"book": book, "type": name, "v": version})
    return re.compile(form_of(type_).encode() if type_ else NOTHING.encode())


def form_of(type_: EntryType) -> str:
    """Return the form of an entry's canonical bytes as a regular expression."""
    members = {
        "v": str(type_.version),
        "type": f'"{type_.name}"',
        "log": _text(LOG),
        "book": _text(BOOK),
        **{name: _kind(kind) for name, kind in HEADER_KINDS.items()},
        "recorded": f'"{DAY}{TIME}"',
        "by": _list(_text(ID), type_.least_people),
        **{name: _kind(kind) for name, kind in type_.public.items()},
    }
    if type_.committed:
        members["commit"] = _object(dict.fromkeys(type_.committed, f'"[A-Za-z0-9_-]{{{LETTERS}}}"'))
    return _object(members)


def _object(members: Mapping[str, str]) -> str:
    """Return the form of an object: its members sorted."""
    return r"\{" + ",".join(f'"{name}":{form}' for name, form in sorted(members.items())) + r"\}"


def _list(item: str, least: int = 0) -> str:
    """Return the form of a list of at least so many items."""
    some = rf"{item}(?:,{item}){{{max(least, 1) - 1},}}"
    return rf"\[{some}\]" if least else rf"\[(?:{some})?\]"


def _text(form: re.Pattern[str]) -> str:
    """Return the form of a text that needs no escapes."""
    return '"' + form.pattern.removesuffix(r"\Z") + '"'


def _kind(kind: Kind) -> str:
    """Return the form of a kind of field."""
    form = WHOLE.get(kind, NOTHING) if isinstance(kind, Whole) else NOTHING
    match kind:
        case Text(pattern) if pattern in PLAIN:
            form = _text(pattern)
        case Calendar():
            form = f'"{DAY}"'
        case YesNo():
            form = "(?:true|false)"
        case Code(choices):
            form = '"(?:' + "|".join(map(re.escape, choices)) + ')"'
        case Maybe(inner):
            form = f"(?:null|{_kind(inner)})"
        case Row(kinds):
            form = r"\[" + ",".join(map(_kind, kinds)) + r"\]"
        case Rows(inner):
            form = _list(_kind(inner))
    return form
