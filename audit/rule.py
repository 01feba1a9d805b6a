"""What a rule is: metadata, typed parameters, examples, and one pure function from a context to hits.

A policy rule is a breach of something agreed; an indicator is a statistical hint and never
above medium. A hit is never an accusation. Evidence is JSON of whole numbers and texts and
carries ids, amounts and days, never a name or an IBAN, so that it can outlive an erasure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Final
from typing import Literal

from audit.errors import ParameterRefused

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from collections.abc import Mapping

    from audit.frames import Context
    from audit.wording import Json

Severity = Literal["info", "low", "medium", "high", "critical"]
Kind = Literal["policy", "indicator"]
RuleStatus = Literal["active", "trial", "retired"]
Unit = Literal["money", "count", "days"]
Parameters = dict[str, int]
Expected = tuple[tuple[tuple[int, ...], Severity], ...]

SEVERITIES: Final[tuple[Severity, ...]] = ("info", "low", "medium", "high", "critical")


def severity_rank(severity: Severity) -> int:
    """Return a severity's place from mild (0) to grave."""
    return SEVERITIES.index(severity)


def gravest(*severities: Severity) -> Severity:
    """Return the gravest of one or more severities."""
    return max(severities, key=severity_rank)


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule fired.

    Attributes:
        rule: The rule's id.
        subjects: Places in the foundation's book of what it is about, in order.
        severity: How grave.
        evidence: JSON of whole numbers and texts; `reasons` is a list of [message id, parameters].
    """

    rule: str
    subjects: tuple[int, ...]
    severity: Severity
    evidence: dict[str, Json]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A threshold that a foundation can set: a whole number, never below `minimum`.

    It is known by its place in its rule's list, so that a new one goes to the end and none is ever taken out.
    """

    name: str
    label: str
    unit: Unit
    default: int
    minimum: int = 0


@dataclass(frozen=True, slots=True)
class Example:
    """A case with its expected hits as (subjects, severity); none where the rule must keep quiet."""

    title: str
    context: Context
    hits: Expected = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule: what its public page says, and what it computes. All texts are message ids.

    Attributes:
        severities: Every severity that it can give, from mild to grave.
        severity_note: When it gives which.
        personal: What it says tells something about a person, so until a ruling the public
            sees only that the payment is being looked at.
        reach: How many days back a payment can change hits: with 7, one of the 20th can change hits about the 13th
            and later. An upload is judged with a few times as many days before it (`audit.window`), so keep it small:
            what goes further back (register, decisions, statements, sums of budgets) has a frame of its own, which
            is always whole. None where a rule looks at such frames only: then all its hits are judged each time.
        adds_up: The amount alone makes a hit medium or high, so that several of one payee or one week weigh together;
            its evidence says it as `amount_minor`.
        check: The pure function.
        examples: What it must find and what it must leave alone.
    """

    id: str
    version: str
    status: RuleStatus
    kind: Kind
    severities: tuple[Severity, ...]
    severity_note: str
    title: str
    why: str
    how: str
    example: str
    false_positives: str
    references: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    personal: bool
    reach: int | None = 0
    adds_up: bool = False
    check: Callable[[Context, Parameters], Iterator[Hit]]
    examples: Callable[[], tuple[Example, ...]]

    def settings(self, overrides: Mapping[str, int] | None = None) -> Parameters:
        """Return every parameter's value: the default, or what was set instead.

        Raises:
            ParameterRefused: There is no such parameter, or the value is no whole number from its minimum.
        """
        given = dict(overrides or {})
        values = {parameter.name: self._value(parameter, given) for parameter in self.parameters}
        if given:
            known = ", ".join(values) or "none"
            raise ParameterRefused(self.id, f"there is no parameter {', '.join(sorted(given))}, but {known}")
        return values

    def _value(self, parameter: Parameter, given: dict[str, int]) -> int:
        value = given.pop(parameter.name, parameter.default)
        if isinstance(value, bool) or not isinstance(value, int) or value < parameter.minimum:
            raise ParameterRefused(self.id, f"{parameter.name} is a whole number from {parameter.minimum}")
        return value

    def run(self, context: Context, overrides: Mapping[str, int] | None = None) -> Iterator[Hit]:
        """Return the rule's hits.

        Raises:
            ParameterRefused: The overrides do not fit the rule.
        """
        return self.check(context, self.settings(overrides))
