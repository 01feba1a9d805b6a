"""The header of an entry, which all types have in common: its fields, their forms, and its instants.

    {"v", "log", "book", "seq", "prev", "type", "recorded", "by", ["sig": [{"by", "key", "sig"}]]}

Source: DESIGN "Entry".
"""

from __future__ import annotations

import datetime as dt
import functools
from typing import TYPE_CHECKING

from ledger.errors import MalformedEntry
from ledger.fields import BOOK
from ledger.fields import COUNT
from ledger.fields import HASH_HEX
from ledger.fields import IDENTITY
from ledger.fields import INSTANT
from ledger.fields import LOG
from ledger.fields import SIGNATURE
from ledger.fields import TYPE_NAME
from ledger.fields import Row
from ledger.fields import Rows
from ledger.fields import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.canonical import Json
    from ledger.fields import Kind

MAX_VERSION = 99
HEADER = frozenset({"v", "log", "book", "seq", "prev", "type", "recorded", "by"})
INSTANT_KIND = Text(INSTANT, "an instant YYYY-MM-DDTHH:MM:SSZ")
HEADER_KINDS: Mapping[str, Kind] = {"seq": COUNT, "prev": HASH_HEX, "recorded": INSTANT_KIND, "by": Rows(IDENTITY)}
SIGNATURE_KINDS = {"by": IDENTITY, "key": HASH_HEX, "sig": Text(SIGNATURE, "a signature of 128 hex digits")}


def check_fields(kinds: Mapping[str, Kind], body: Mapping[str, Json]) -> None:
    """Check fields, naming the one that is wrong.

    Raises:
        MalformedEntry: A field is not of its kind.
    """
    name = ""
    try:
        for name, kind in kinds.items():
            kind.check(body[name])
    except MalformedEntry as error:
        raise MalformedEntry(f"{name}: {error.what}") from error


def check_header(body: Mapping[str, Json]) -> None:
    """Refuse a body whose header is not well formed.

    Raises:
        MalformedEntry: A header field is missing or wrong.
    """
    if not body.keys() >= HEADER:
        raise MalformedEntry("a header field is missing")
    version, log, type_, book = body["v"], body["log"], body["type"], body["book"]
    if isinstance(version, bool) or not isinstance(version, int):
        raise MalformedEntry("v is not a version")
    _check_names(version, _text(log), _text(type_), _text(book))
    check_fields(HEADER_KINDS, body)
    read_instant(str(body["recorded"]))
    if "sig" in body:
        _check_signature_form(body["sig"])


def _text(value: Json) -> str:
    """Return a text; whatever else it is becomes a text that fits no form."""
    return value if isinstance(value, str) else ""


@functools.lru_cache(maxsize=4096)
def _check_names(version: int, log: str, type_: str, book: str) -> None:
    """Check the part of a header that many entries have in common."""
    if not 0 < version <= MAX_VERSION:
        raise MalformedEntry("v is not a version")
    if not LOG.match(log):
        raise MalformedEntry("log is not an origin")
    if not TYPE_NAME.match(type_):
        raise MalformedEntry("type is not the name of a type")
    if not BOOK.match(book):
        raise MalformedEntry("there is no such kind of book")


def _check_signature_form(value: Json) -> None:
    """Check the form of `sig`; whether it holds is for `ledger.verify`."""
    if not isinstance(value, list) or not value:
        raise MalformedEntry("sig is a list of signatures")
    for item in value:
        if not isinstance(item, dict) or item.keys() != SIGNATURE_KINDS.keys():
            raise MalformedEntry("a signature has by, key and sig")
        Row(tuple(SIGNATURE_KINDS.values())).check([item[name] for name in SIGNATURE_KINDS])


def write_instant(instant: dt.datetime) -> str:
    """Return an aware instant in whole seconds as it stands in an entry.

    Raises:
        MalformedEntry: The instant is naive.
    """
    if instant.tzinfo is None:
        raise MalformedEntry("an instant needs its time zone")
    return instant.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@functools.lru_cache(maxsize=4096)
def read_instant(text: str) -> dt.datetime:
    """Return the aware instant that stands in an entry.

    Raises:
        MalformedEntry: There is no such instant.
    """
    if not INSTANT.match(text):
        raise MalformedEntry("there is no such instant")
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise MalformedEntry("there is no such instant") from error
