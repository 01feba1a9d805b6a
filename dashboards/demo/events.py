"""What people of the fictional district do, one after another.

Each event is one act of one person through an ordinary use case. `at` is an aware UTC
instant, whole seconds; `actor` is the e-mail address of a person of the setup file who
has the role that the act asks for. Amounts are hundredths of a euro. Texts are Dutch.
Events refer to what happened before by natural keys only (slugs, IBANs, references),
so that whoever plays them looks up the ids.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - the player and tests read the types at run time
from collections.abc import Mapping  # noqa: TC003 - same
from dataclasses import dataclass
from typing import Literal
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """When, and who did it."""

    at: dt.datetime
    actor: str


@dataclass(frozen=True, slots=True)
class Share:
    """What a line, or part of it, is counted for.

    Attributes:
        initiative: The initiative's slug.
        category: A category of that initiative's budget.
        amount_minor: None for the whole line. In a split it has the line's own sign
            (negative for a payment) and the shares add up to the line.
    """

    initiative: str
    category: str
    amount_minor: int | None = None


@dataclass(frozen=True, slots=True)
class CaseMatch:
    """Which cases are meant: all of this foundation with a transaction that fits.

    A case fits when one of its transactions went to `iban` and was booked from
    `booked_from` to `booked_to`, both included. Usually one case; one per week where
    somebody was paid in several weeks. `payee` is the name on the statement, to be shown.
    """

    foundation: str
    payee: str
    iban: str
    booked_from: dt.date
    booked_to: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposePayee(Act):
    """The treasurer proposes a payee for the register. `kind` is organisation or person."""

    foundation: str
    name: str
    kind: Literal["organisation", "person"]
    ibans: tuple[str, ...]
    kvk: str | None
    starts: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovePayee(Act):
    """A signatory, never the proposer, approves the open proposal for the payee `name`."""

    foundation: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeDecision(Act):
    """The treasurer proposes a decision for an approved payee.

    Attributes:
        reference: Names the proposal for its approval; unique in the world, not to be recorded.
        ceiling_minor: All payments under the decision together stay within it.
    """

    reference: str
    foundation: str
    payee: str
    ceiling_minor: int
    purpose: str
    initiative: str
    category: str
    starts: dt.date
    ends: dt.date
    decided_on: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveDecision(Act):
    """A signatory, never the proposer, approves the decision proposed as `reference`."""

    foundation: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload(Act):
    """The treasurer uploads a bank file, links its lines, and confirms.

    Attributes:
        content: The file's bytes, exactly as the bank wrote them.
        links: From a line's reference in the file (CAMT: the entry's AcctSvcrRef; ING CSV:
            what stands after ``Kenmerk:``; unique in the world) to its shares. Lines that
            are not named stay unexplained. Never names a line that an earlier upload brought.
    """

    foundation: str
    filename: str
    content: bytes
    links: Mapping[str, tuple[Share, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Act):
    """The treasurer links lines of earlier uploads. `links` as in `Upload`."""

    foundation: str
    links: Mapping[str, tuple[Share, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Declare(Act):
    """The district declares what it paid from its own financial system; the amount is positive."""

    foundation: str
    paid_on: dt.date
    amount_minor: int
    name: str
    text: str
    initiative: str
    category: str
    document: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Day(Act):
    """The machine does what a day brings: rules about time, seals of the days since, alarms. Nobody acts.

    With a `foundation` only the rules look again, at its books alone.
    """

    actor: str = ""
    foundation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeUp(Act):
    """An officer takes up cases: open becomes under review."""

    case: CaseMatch


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCase(Act):
    """The foundation answers: open or under review becomes explained."""

    case: CaseMatch
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalateCase(Act):
    """An officer passes cases on to a second officer: escalated."""

    case: CaseMatch
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleOnCase(Act):
    """An officer rules.

    ``accepted``: explained or under review becomes accepted. ``confirmed``: only after
    `EscalateCase`, and by another officer than the one who escalated.
    """

    case: CaseMatch
    outcome: Literal["accepted", "confirmed"]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseCase(Act):
    """An officer closes accepted or confirmed cases.

    Attributes:
        second: A second officer, who takes the same step right after the actor where the
            case then still waits for two people (high and critical ones).
    """

    case: CaseMatch
    reason: str
    second: str | None = None


Event: TypeAlias = (
    ProposePayee
    | ApprovePayee
    | ProposeDecision
    | ApproveDecision
    | Upload
    | Link
    | Declare
    | Day
    | TakeUp
    | AnswerCase
    | EscalateCase
    | RuleOnCase
    | CloseCase
)
