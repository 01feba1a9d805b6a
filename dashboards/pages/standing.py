"""The page of a foundation's standing rules, as values; for its own people only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from dashboards.pages.desks import DeskUser
    from dashboards.pages.parts import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """A standing rule.

    Args:
        what: which payments it is for, as a translated sentence.
        payee: the register's name for them, where there is one.
        idle: whether its initiative is closed or its budget line gone, so that it says nothing.
        matched: how many payments were linked by it.
        ended_by: who ended it, and when; None while it stands.
    """

    id: str
    what: str
    payee: str | None
    initiative: str
    category: str
    idle: bool
    made_by: str
    made_on: dt.date
    matched: int
    ended_by: str | None = None
    ended_on: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesPage:
    """The standing rules. Ending one posts to desks.standing_end(slug, rule)."""

    user: DeskUser
    foundation: Link
    csrf_token: str
    standing: tuple[RuleRow, ...]
    ended: tuple[RuleRow, ...]
    may_end: bool
