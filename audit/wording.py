"""The words of the audit: English message ids, translated where they are shown.

A reason is a message id and its parameters, so that a page can say it in any language.
The name of a parameter tells how it is written: `..._minor` is an amount in minor units,
`..._on` a date (ISO 8601), `..._at` an instant (ISO 8601, UTC); another whole number is a
count, another text stands as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]


class Reason(NamedTuple):
    """One sentence: its message id, and its parameters as (name, value) in order of name."""

    message: str
    params: tuple[tuple[str, int | str], ...] = ()


def N_(message: str) -> str:  # noqa: N802 - the name that extraction of message ids looks for
    """Mark a message id; it is translated where it is shown."""
    return message


def reason(message: str, **params: int | str) -> Reason:
    """Return a sentence with its parameters."""
    return Reason(message, tuple(sorted(params.items())))


def as_json(reasons: Iterable[Reason]) -> list[Json]:
    """Return reasons as they stand in evidence: [[message id, {parameter: value}], ...]."""
    return [[item.message, dict(item.params)] for item in reasons]
