"""Pieces that several pages show.

Amounts are whole hundredths with a currency beside them. Names are only ever public ones: where a name
may not be shown the value has none, so that no template can print it by mistake. Every sum keeps
granted = explained + unexplained + left, because left is computed and stored nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Literal

if TYPE_CHECKING:
    import datetime as dt

SMALLEST_SHOWN_GROUP = 3

SumKind = Literal["spent", "unexplained", "left", "over"]
PayeeKind = Literal["named", "masked", "private", "pending", "bank", "own"]
ReceiptState = Literal["attached", "awaited", "late", "not_needed"]
LookState = Literal[
    "open", "under_review", "explained", "accepted", "escalated", "confirmed", "closing", "closed", "not_reproduced"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Something with a page of its own: a foundation or an initiative."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A part of a bar, as SVG lengths."""

    kind: SumKind
    start: str
    width: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """The sum that every page keeps: granted = explained + unexplained + left.

    Args:
        currency: ISO 4217 code of every amount.
        granted_minor: what was granted or budgeted.
        explained_minor: allocated payments less refunds.
        unexplained_minor: payments not yet allocated.
        received_minor: what came in from the district; None where it has no meaning.
        own_income_minor: what came in from elsewhere; None where it has no meaning.
        income_minor: what came in in all, linked refunds left out, where nobody says from whom.
        balance_minor: what the bank says there is; None when no statement says so.
    """

    currency: str
    granted_minor: int
    explained_minor: int
    unexplained_minor: int
    received_minor: int | None = None
    own_income_minor: int | None = None
    income_minor: int | None = None
    balance_minor: int | None = None

    @property
    def left_minor(self) -> int:
        """What is granted and not yet paid out; below zero when more was paid."""
        return self.granted_minor - self.explained_minor - self.unexplained_minor

    @property
    def paid_minor(self) -> int:
        """What was paid, whether or not we know what for; refunds taken off."""
        return self.explained_minor + self.unexplained_minor

    @property
    def overspent(self) -> bool:
        """Whether more was paid than granted."""
        return self.left_minor < 0

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The bar: spent, not yet explained, left, in this order; empty parts are left out.

        Where everything is explained, what was paid above the plan is a part of its own.
        """
        over = max(-self.left_minor, 0) if not self.unexplained_minor else 0
        parts: tuple[tuple[SumKind, int], ...] = (
            ("spent", max(self.explained_minor - over, 0)),
            ("unexplained", max(self.unexplained_minor, 0)),
            ("left", max(self.left_minor, 0)),
            ("over", over),
        )
        return _segments(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class BankSum:
    """How the bank comes to its balance: what was there, came in and was paid, to the cent.

    Args:
        opening_minor: what stood there before the first line here.
        came_in_minor: what came in, linked refunds left out.
        paid_minor: what was paid, linked refunds taken off; above zero is money out.
        moved_minor: transfers between declared accounts, signed; not nought while one side is not here yet.
        balance_minor: what the banks last stated together.
    """

    currency: str
    opening_minor: int
    came_in_minor: int
    paid_minor: int
    moved_minor: int
    balance_minor: int

    def __post_init__(self) -> None:
        """Refuse a sum that does not add up."""
        if self.opening_minor + self.came_in_minor - self.paid_minor + self.moved_minor != self.balance_minor:
            message = "what was there, came in, was paid and moved must give the balance"
            raise ValueError(message)


def _segments(parts: tuple[tuple[SumKind, int], ...]) -> tuple[Segment, ...]:
    whole = sum(amount for _, amount in parts) or 1
    placed = []
    before = 0
    for kind, amount in parts:
        if amount:
            placed.append(Segment(kind=kind, start=_share(before, whole), width=_share(amount, whole)))
        before += amount
    return tuple(placed)


def _share(part: int, whole: int) -> str:
    permyriad = (part * 10_000 + whole // 2) // whole
    return f"{permyriad // 100}.{permyriad % 100:02d}%"


@dataclass(frozen=True, slots=True, kw_only=True)
class Payee:
    """Who was paid (or who paid), as far as may be shown.

    Args:
        kind: `masked` where nothing may be said, not even whether it is a person.
        name: of the kind `named` alone.
        iban: of the kind `own` alone: which of the foundation's own accounts.
    """

    kind: PayeeKind
    name: str | None = None
    iban: str | None = None

    def __post_init__(self) -> None:
        """Refuse a name where none may stand."""
        if (self.kind == "named") != (self.name is not None):
            message = "a payee has a name exactly when its kind is 'named'"
            raise ValueError(message)
        if self.iban is not None and self.kind != "own":
            message = "only an account of one's own is shown by its IBAN"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRow:
    """One line of a list of payments.

    Args:
        foundation: whose account it is.
        seq: the transaction's number in that foundation's book.
        booked_on: the bank's booking day.
        amount_minor: signed; below zero is money out.
        payee: who was paid, as far as public.
        initiative: what it was for; None when not yet explained, or when no spending.
        category: the budget category's own name.
        looked_at: whether an open flag may be shown on it.
        spending: False for money in and for transfers between own accounts.
        partly: whether a part of it is explained and a part is not.
        declared: whether the district declared it, so that it stands on no bank statement.
    """

    foundation: Link
    seq: int
    booked_on: dt.date
    amount_minor: int
    currency: str
    payee: Payee
    initiative: Link | None = None
    category: str | None = None
    looked_at: bool = False
    partly: bool = False
    spending: bool = True
    declared: bool = False

    @property
    def unexplained(self) -> bool:
        """Whether this is a payment that nobody has linked yet."""
        return self.spending and self.initiative is None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementBadge:
    """How fresh a foundation's figures are.

    Args:
        up_to: last day that the statements of every account cover; None when there is no statement yet.
        late: whether a newer one should have been there.
        days: how many days ago the last day was, where that is late.
        of_one: whether the days are those of one foundation among several.
        without: of how many open accounts there is no statement at all, while others have one.
        seen_to: last day of the newest statement that two people brought, the same; None without one.
        declared: whether there is no bank at all: a district declares what it pays.
    """

    up_to: dt.date | None
    late: bool
    days: int = 0
    of_one: bool = False
    without: int = 0
    seen_to: dt.date | None = None
    declared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundationCard:
    """A foundation in a list."""

    link: Link
    sums: Sums
    badge: StatementBadge
    initiatives: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiativeCard:
    """An initiative in a list; `theme` is the round's own word."""

    link: Link
    theme: str
    sums: Sums


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateTotal:
    """What went to private persons together; the number of persons is None below three."""

    payments: int
    amount_minor: int
    currency: str
    persons: int | None

    def __post_init__(self) -> None:
        """Refuse a group so small that it points at somebody."""
        if self.persons is not None and self.persons < SMALLEST_SHOWN_GROUP:
            message = f"a group of {self.persons} persons is not shown; use PrivateTotal.counted"
            raise ValueError(message)

    @classmethod
    def counted(cls, *, persons: int, payments: int, amount_minor: int, currency: str) -> PrivateTotal:
        """Make the value, hiding a number of persons below three."""
        shown = persons if persons >= SMALLEST_SHOWN_GROUP else None
        return cls(payments=payments, amount_minor=amount_minor, currency=currency, persons=shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingTotal:
    """What went to payees that nobody has approved yet."""

    payments: int
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedAt:
    """A payment that is or was looked at; the rule only where its name may be public.

    Args:
        foundation: whose payment it is.
        seq: the payment's number in that book.
        state: where the look stands.
        since: the day it began.
        amount_minor: signed amount of the payment.
        rule: the rule's id, None when saying it would say something about a person.
        ruled_on: the day of the ruling; None before it.
    """

    foundation: Link
    seq: int
    booked_on: dt.date
    amount_minor: int
    currency: str
    state: LookState
    since: dt.date
    rule: str | None = None
    ruled_on: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LookCounts:
    """How many payments are looked at, and how many were; each payment counts once.

    Args:
        open: without a ruling on every flag.
        not_in_order: ruled on, and not in order.
        in_order: ruled on, and in order.
    """

    open: int = 0
    not_in_order: int = 0
    in_order: int = 0


NO_LOOKS = LookCounts()
