"""Pages about the rules: what each looks for, why, and how often it was right.

All words are the rules' own, from `audit.rules`: a rule says the same to a program and to a neighbour.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Literal

if TYPE_CHECKING:
    import datetime as dt

    from dashboards.pages.parts import Link

RuleKind = Literal["policy", "indicator"]
Severity = Literal["info", "low", "medium", "high", "critical"]
Unit = Literal["money", "count", "days"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSummary:
    """A rule in the list; `title` and `what` are message ids."""

    id: str
    kind: RuleKind
    title: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleParameter:
    """One threshold: its name is a message id, money counts in hundredths; since None means from the start.

    Args:
        foundation: whose it is, where it was set for one alone.
        past: it was set otherwise later.
    """

    name: str
    value: int
    unit: Unit
    since: dt.date | None = None
    foundation: Link | None = None
    past: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleScore:
    """How often the rule was right, among what has been ruled on."""

    hits: int
    ruled: int
    accepted: int
    confirmed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePage:
    """All that a rule's page shows; its texts are message ids.

    Args:
        weight: when a hit weighs how much.
        parameters: what counts for everybody.
        history: what was ever set, the newest first.
        score: None where a count would tell something about persons.
    """

    id: str
    version: str
    kind: RuleKind
    title: str
    what: str
    why: str
    example: str
    innocent: str
    weight: str
    parameters: tuple[RuleParameter, ...]
    history: tuple[RuleParameter, ...]
    score: RuleScore | None
