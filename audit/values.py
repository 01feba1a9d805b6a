"""The kinds of value that a frame's column holds: its dtype, and what one value must be.

A converter takes a Python value and returns what goes into the column; it raises TypeError,
with words that complete "the column holds ...", for anything of another type. Whole numbers
are never taken from floats or booleans.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING
from typing import Final

if TYPE_CHECKING:
    from collections.abc import Callable

DTYPES: Final = {
    "number": "int64",
    "maybe number": "Int64",
    "yes or no": "bool",
    "word": "str",
    "maybe word": "str",
    "date": "datetime64[s]",
    "maybe date": "datetime64[s]",
    "instant": "datetime64[s, UTC]",
    "maybe instant": "datetime64[s, UTC]",
    "words": "object",
    "parts": "object",
    "allocations": "object",
    "links": "object",
}
ALLOCATION_LENGTH = 3
LINK_LENGTH = 4


def _number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        message = f"{type(value).__name__} where a whole number is due"
        raise TypeError(message)
    return value


def _yes_or_no(value: object) -> bool:
    if not isinstance(value, bool):
        message = f"{type(value).__name__} where yes or no is due"
        raise TypeError(message)
    return value


def _word(value: object) -> str:
    if not isinstance(value, str):
        message = f"{type(value).__name__} where text is due"
        raise TypeError(message)
    return value


def _date(value: object) -> dt.datetime:
    if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
        message = f"{type(value).__name__} where a date is due"
        raise TypeError(message)
    return dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a bank's day has no time zone


def _instant(value: object) -> dt.datetime:
    if not isinstance(value, dt.datetime) or value.tzinfo is None:
        message = f"{type(value).__name__} where an instant with its time zone is due"
        raise TypeError(message)
    return value.astimezone(dt.UTC).replace(microsecond=0)


def _words(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        message = f"{type(value).__name__} where a list of texts is due"
        raise TypeError(message)
    return tuple(_word(item) for item in value)


def _parts(value: object) -> tuple[Mapping[str, object], ...]:
    """Return a batch's parts; None, as the ledger keeps it for other lines, is no parts."""
    if value is None:
        return ()
    if not isinstance(value, list | tuple):
        message = f"{type(value).__name__} where a list of parts is due"
        raise TypeError(message)
    return tuple(_part(item) for item in value)


def _part(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        message = f"{type(value).__name__} where a batch's part is due"
        raise TypeError(message)
    texts = {key: _maybe_word(value.get(key)) for key in ("name", "iban", "text")}
    return {"amount_minor": _number(value.get("amount_minor")), **texts}


def _allocations(value: object) -> tuple[tuple[str, int, int], ...]:
    if not isinstance(value, list | tuple):
        message = f"{type(value).__name__} where a list of allocations is due"
        raise TypeError(message)
    return tuple(_allocation(item) for item in value)


def _allocation(value: object) -> tuple[str, int, int]:
    if not isinstance(value, list | tuple) or len(value) != ALLOCATION_LENGTH:
        message = "something else than (initiative, category, amount_minor)"
        raise TypeError(message)
    initiative, category, amount_minor = value
    return _word(initiative), _number(category), _number(amount_minor)


def _links(value: object) -> tuple[tuple[str, int, dt.date, int], ...]:
    if not isinstance(value, list | tuple):
        message = f"{type(value).__name__} where a list of links is due"
        raise TypeError(message)
    return tuple(_link(item) for item in value)


def _link(value: object) -> tuple[str, int, dt.date, int]:
    if not isinstance(value, list | tuple) or len(value) != LINK_LENGTH:
        message = "something else than (foundation, seq, booked_on, amount_minor)"
        raise TypeError(message)
    foundation, seq, booked_on, amount_minor = value
    return _word(foundation), _number(seq), _date(booked_on).date(), _number(amount_minor)


def _maybe_number(value: object) -> int | None:
    return None if value is None else _number(value)


def _maybe_word(value: object) -> str | None:
    return None if value is None else _word(value)


def _maybe_date(value: object) -> dt.datetime | None:
    return None if value is None else _date(value)


def _maybe_instant(value: object) -> dt.datetime | None:
    return None if value is None else _instant(value)


CONVERTERS: Final[Mapping[str, Callable[[object], object]]] = {
    "number": _number,
    "maybe number": _maybe_number,
    "yes or no": _yes_or_no,
    "word": _word,
    "maybe word": _maybe_word,
    "date": _date,
    "maybe date": _maybe_date,
    "instant": _instant,
    "maybe instant": _maybe_instant,
    "words": _words,
    "parts": _parts,
    "allocations": _allocations,
    "links": _links,
}
