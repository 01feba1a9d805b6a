"""The one byte form of an entry: RFC 8785 (JCS), narrowed to what entries hold.

Entries hold objects with ASCII keys, lists, NFC text, integers below 2^53, booleans
and null. In that subset JCS is what `json.dumps` gives with sorted keys and no
white space, which needs no library. Whatever lies outside the subset is refused,
in writing and in reading: for accepted bytes canonical(parse(bytes)) == bytes.

Source: RFC 8785, section 3; RFC 7493 (I-JSON) for the range of integers.
"""

from __future__ import annotations

import contextlib
import json
import unicodedata
from typing import NoReturn
from typing import TypeAlias

from ledger.errors import MalformedEntry

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"

MAX_INTEGER = 2**53 - 1
MAX_DEPTH = 16
TOO_LARGE = "an integer of 2^53 or more"


def canonical(value: Json, depth: int = 0) -> bytes:
    """Return the canonical bytes of a value.

    Args:
        value: Any JSON value of the subset that the module describes.
        depth: In how many objects and lists it will stand.

    Raises:
        MalformedEntry: The value holds a float, too large an integer, a key that is not
            ASCII, text that is not NFC or not Unicode, or is nested too deeply.
    """
    if value is None:
        return b"null"
    if not value and isinstance(value, list) and depth < MAX_DEPTH:
        return b"[]"
    _check(value, depth)
    return written(value)


def written(value: Json) -> bytes:
    """Return the bytes of a value that is known to lie in the subset, or whose bytes are looked at afterwards.

    Raises:
        ValueError: Not Unicode, or not a number.
        TypeError: Not JSON.
    """
    return _ENCODER.encode(value).encode()


def parse(data: bytes) -> dict[str, Json]:
    """Return the object that canonical bytes stand for.

    Raises:
        MalformedEntry: The bytes are not an object, have a key twice, or are not the
            canonical form of what they say.
    """
    try:
        text = data.decode()
        value, _ = _DECODER.raw_decode(text)
    except (ValueError, RecursionError) as error:
        raise MalformedEntry("not JSON") from error
    if not isinstance(value, dict):
        raise MalformedEntry("not an object")
    _check(value, 0)
    if _ENCODER.encode(value) != text:
        _refuse_double(text)
        raise MalformedEntry("not in canonical form")
    return value


def _check(value: Json, depth: int) -> None:
    """Refuse whatever the subset leaves out."""
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, (dict, list)):
        _check_inside(value, depth)
    elif isinstance(value, int):
        if not -MAX_INTEGER <= value <= MAX_INTEGER:
            raise MalformedEntry(TOO_LARGE)
    elif value is not None:
        raise MalformedEntry(f"a value of type {type(value).__name__}")


def _check_inside(value: dict[str, Json] | list[Json], depth: int) -> None:
    """Refuse what is nested too deeply, and check every value inside."""
    if depth >= MAX_DEPTH:
        raise MalformedEntry("nested too deeply")
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str) or not key.isascii():
                raise MalformedEntry("a key that is not ASCII")
        value = list(value.values())
    for item in value:
        if not isinstance(item, str) or not item.isascii():  # what most values are needs no second look
            _check(item, depth + 1)


def _check_text(text: str) -> None:
    """Refuse text that is not NFC or not encodable."""
    if text.isascii():
        return
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise MalformedEntry("text that is not Unicode") from error
    if not unicodedata.is_normalized("NFC", text):
        raise MalformedEntry("text that is not in form NFC")


def _refuse_double(text: str) -> None:
    """Refuse a key that stands twice, which reading loses and writing again shows."""
    with contextlib.suppress(ValueError):
        json.loads(text, object_pairs_hook=_unique)


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    """Make an object, refusing a key that stands twice."""
    made = dict(pairs)
    if len(made) != len(pairs):
        raise MalformedEntry("a key that stands twice")
    return made


def _refuse_number(_: str) -> NoReturn:
    """Refuse floats, NaN and infinities."""
    raise MalformedEntry("a number that is not an integer")


_DECODER = json.JSONDecoder(parse_float=_refuse_number, parse_constant=_refuse_number)
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
