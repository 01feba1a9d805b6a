"""A payment's page: one sentence, what it rests on, and the proof."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING
from typing import Literal

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from dashboards.pages.parts import Link
    from dashboards.pages.parts import LookedAt
    from dashboards.pages.parts import LookState
    from dashboards.pages.parts import Payee
    from dashboards.pages.parts import ReceiptState

DecisionState = Literal[
    "covered", "within_limit", "nothing_missing", "none", "not_judged", "not_needed", "before_buurtkas"
]
Answer = Literal[
    "looked_at",
    "not_in_order",
    "found_in_order",
    "looked_and_closed",
    "approved_payee",
    "decided",
    "nothing_missing",
    "not_judged",
    "before_buurtkas",
]
ANSWERS: Mapping[DecisionState, Answer] = MappingProxyType(
    {
        "covered": "decided",
        "within_limit": "approved_payee",
        "nothing_missing": "nothing_missing",
        "not_judged": "not_judged",
        "before_buurtkas": "before_buurtkas",
    }
)
RULINGS: Mapping[LookState, Answer] = MappingProxyType(
    {
        "accepted": "found_in_order",
        "confirmed": "not_in_order",
        "closed": "looked_and_closed",
        "not_reproduced": "looked_and_closed",
    }
)
Channel = Literal["upload", "delivery", "api", "declared"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationPart:
    """A part of the payment, counted for an initiative and a category; amount above zero."""

    initiative: Link
    category: str
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherLine:
    """Another line of the same foundation."""

    seq: int
    booked_on: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionCover:
    """Whether somebody had agreed beforehand, and to what.

    Args:
        state: what was found; `nothing_missing` where the rules are content and the decision cannot be named.
        ceiling_minor: the most that was agreed to, when covered.
        recorded_on: the day the decision was recorded, when covered.
        limit_minor: the foundation's own limit, when within it.
    """

    state: DecisionState
    ceiling_minor: int | None = None
    recorded_on: dt.date | None = None
    limit_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementReference:
    """Where the line stands in the bank's own statement.

    Args:
        number: the bank's.
        seen: whether two people brought that statement, the same.
    """

    number: str | None
    line: int
    from_date: dt.date
    to_date: dt.date
    channel: Channel
    seen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What anyone needs to check this entry on her own machine.

    Args:
        book: the book's id.
        seq: the entry's number in it.
        index: its place in the log.
        size: how many entries the checkpoint speaks for.
        entry_text: the entry's exact bytes as text.
        entry_hash_hex: SHA-256 over a zero byte and those bytes.
        prev_hash_hex: hash of the same book's previous entry.
        path_hex: the sister hashes from leaf to root.
        root_hex: the log's root.
        checkpoint: the signed note, as published.
    """

    book: str
    seq: int
    index: int
    size: int
    entry_text: str
    entry_hash_hex: str
    prev_hash_hex: str
    path_hex: tuple[str, ...]
    root_hex: str
    checkpoint: str

    @property
    def place(self) -> int:
        """Its place in the log as people count, from 1."""
        return self.index + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionPage:
    """All that a payment's page shows; `proof` is None until the entry is signed.

    Args:
        corrects: the line that the bank gave back with this one.
        corrected_by: the line with which the bank gave this one back.
    """

    foundation: Link
    seq: int
    booked_on: dt.date
    valued_on: dt.date | None
    amount_minor: int
    currency: str
    payee: Payee
    parts: tuple[AllocationPart, ...]
    purpose: str | None
    spending: bool
    decision: DecisionCover
    receipt: ReceiptState
    statement: StatementReference
    corrects: OtherLine | None = None
    corrected_by: OtherLine | None = None
    looked_at: LookedAt | None = None
    proof: Proof | None = None

    @property
    def outgoing(self) -> bool:
        """Whether money left the account."""
        return self.amount_minor < 0

    @property
    def size_minor(self) -> int:
        """The amount without its sign."""
        return abs(self.amount_minor)

    @property
    def unexplained(self) -> bool:
        """Whether this is a payment that nobody has linked yet."""
        return self.spending and not self.parts

    @property
    def rest_minor(self) -> int:
        """What of a payment is not explained, above zero; 0 when all is, or when it is no spending."""
        return self.size_minor - sum(part.amount_minor for part in self.parts) if self.spending else 0

    @property
    def partly(self) -> bool:
        """Whether a part of it is explained and a part is not."""
        return bool(self.parts) and self.rest_minor > 0

    @property
    def answer(self) -> Answer | None:
        """The plain answer above everything: a look and its ruling first, then what was agreed beforehand."""
        if self.looked_at is not None:
            return RULINGS.get(self.looked_at.state, "looked_at")
        return ANSWERS.get(self.decision.state) if self.outgoing and self.spending else None
