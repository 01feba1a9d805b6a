"""The desks' pages about cases: the inbox, and one case, as values.

Names here may be private: a case is seen by the district and by its own foundation only. Amounts keep
their sign; templates write them without it, and say in a word whether money went out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Literal

if TYPE_CHECKING:
    import datetime as dt

    from dashboards.pages.desks import DeskUser
    from dashboards.pages.desks import EvidenceLine
    from dashboards.pages.desks import FieldError
    from dashboards.pages.parts import Link
    from dashboards.pages.parts import LookState
    from dashboards.pages.rules import Severity

CaseAction = Literal["take_up", "answer", "accept", "escalate", "confirm", "close", "reopen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTitle:
    """What tells one case from another.

    Args:
        what: what the rules say, as translated text; the whole title where there are no payments.
        who: who was paid, in translated words; None where there are no payments.
        amount_minor: what the payments come to, without sign.
        payments: how many there are.
        days: their days, in the reader's words.
    """

    what: str
    who: str | None = None
    amount_minor: int = 0
    currency: str = ""
    payments: int = 0
    days: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxRow:
    """A case in the inbox.

    Args:
        since: the day it was found, in the reader's words; on the case's own page too.
    """

    id: str
    foundation: Link
    severity: Severity
    state: LookState
    since: str
    title: CaseTitle


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePayment:
    """A payment of the case, with what the bank says, for those who may see the case alone."""

    foundation: Link
    seq: int
    booked_on: dt.date
    amount_minor: int
    currency: str
    counterparty: str | None
    iban: str | None
    remittance: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFinding:
    """What one rule found in the case, said once for all its payments.

    Args:
        rule: its id; empty where it was erased.
        title: a message id.
        severity: the gravest of its hits'.
        reasons: translated sentences, each once.
        payments: what it is about.
        evidence: figures that do not stand with the payments already.
    """

    rule: str
    title: str
    severity: Severity
    reasons: tuple[str, ...]
    payments: tuple[CasePayment, ...]
    evidence: tuple[EvidenceLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HintRow:
    """What an indicator found, for the district alone. Posts `action` take_up or set_aside to desks.hint(hint).

    Args:
        since: the day it was found, in the reader's words.
        finding: what was found, with the payments that it is about.
    """

    id: str
    foundation: Link
    since: str
    title: CaseTitle
    finding: CaseFinding


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxPage:
    """The cases in which the reader can take a step, those that wait for others, and the oldest hints.

    Cases by risk and then by age; those with a tie are counted and not shown. `waiting` counts all hints.
    """

    user: DeskUser
    csrf_token: str
    yours: tuple[InboxRow, ...]
    others: tuple[InboxRow, ...]
    hints: tuple[HintRow, ...] = ()
    waiting: int = 0
    tied: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEvent:
    """A step in the case's life; `state` is the state it led to, `graver` says that it only weighs more since."""

    at: dt.datetime
    state: LookState
    actor: str
    reason: str | None
    graver: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """A case. Posts `action` and `reason` to desks.case(case).

    Args:
        turn: who has to do what now, as a translated sentence.
    """

    user: DeskUser
    csrf_token: str
    id: str
    foundation: Link
    severity: Severity
    state: LookState
    since: str
    title: CaseTitle
    turn: str
    findings: tuple[CaseFinding, ...]
    payments: tuple[CasePayment, ...]
    events: tuple[CaseEvent, ...]
    actions: tuple[CaseAction, ...]
    needs_second: bool = False
    reason: str = ""
    errors: tuple[FieldError, ...] = ()

    @property
    def only(self) -> CaseAction | None:
        """The one step that is possible, where there is one."""
        return self.actions[0] if len(self.actions) == 1 else None
