"""The page where texts of payments are released, as values; for a foundation's own people only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from dashboards.pages.desks import DeskUser
    from dashboards.pages.desks import FieldError
    from dashboards.pages.parts import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class TextWord:
    """A word of a text; `hidden` where it is blacked out."""

    number: int
    word: str
    hidden: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRow:
    """A payment with its text.

    Args:
        shown: what everybody reads now; None where nothing was released.
        chosen: whether it is to be released.
    """

    seq: int
    booked_on: dt.date
    amount_minor: int
    currency: str
    counterparty: str | None
    words: tuple[TextWord, ...]
    shown: str | None
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TextsPage:
    """Texts of payments.

    Posts `release` with the number of each payment to release, and `hide-<number>` with the number of each word
    that is blacked out, to desks.texts(slug); hiding one again posts to desks.text_hide(slug, seq). Searching asks
    for this page again with `zoek`.

    Args:
        statements: the statements whose texts these are, where not all are asked for.
        done: how many were released just before.
        may_release: whether this person may; who may not, only looks.
    """

    user: DeskUser
    foundation: Link
    csrf_token: str
    rows: tuple[TextRow, ...]
    number: int
    pages: int
    may_release: bool
    statements: tuple[int, ...] = ()
    search: str = ""
    done: int = 0
    errors: tuple[FieldError, ...] = ()
