"""Pages about the rules: what each looks for, why, and how often it was right.

The plain words for the rules stand in `rule_words`; a rule that has none shows its own title and reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Literal

if TYPE_CHECKING:
    import datetime as dt

RuleKind = Literal["policy", "indicator"]
Severity = Literal["info", "low", "medium", "high", "critical"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSummary:
    """A rule in the list; `title` and `what` are message ids."""

    id: str
    kind: RuleKind
    title: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleParameter:
    """One threshold: its name is a message id, its value text; since None means from the start."""

    name: str
    value: str
    since: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleScore:
    """How often the rule was right, among what has been ruled on."""

    hits: int
    ruled: int
    accepted: int
    confirmed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePage:
    """All that a rule's page shows; title, what, why, example and the rest are message ids.

    Args:
        score: None where a count would tell something about persons.
    """

    id: str
    version: str
    kind: RuleKind
    severities: tuple[Severity, ...]
    title: str
    what: str
    why: str
    example: str
    innocent: str
    parameters: tuple[RuleParameter, ...]
    score: RuleScore | None
