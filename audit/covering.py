"""Which prior decision covers a payment, and why others do not.

Payments are taken in the order of booking, and each uses up what a decision allows. Up to the
approval limit a payment to an approved payee needs none and uses up nothing. A payment that was
allocated to several purposes is covered purpose by purpose; a batch payee by payee. A decision
that names the payee comes before one for small expenses, which has a ceiling for each payment
and one for each month (or, where no month's ceiling was set, one for all together).
A decision does not count for an account that one of its own approvers declared.

Source: RULES PAY-07.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING
from typing import Final
from typing import NamedTuple

from audit.payees import register_of
from audit.sharing import once
from audit.spending import recorded_day
from audit.spending import rows_of
from audit.spending import spending
from audit.wording import N_
from audit.wording import Reason
from audit.wording import reason

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from audit.frames import Context
    from audit.spending import Payment
    from audit.spending import Row
    from audit.spending import Share

MOST_OTHERS: Final = 5

NO_DECISION = N_("No decision names this payee, and none for small expenses was in force.")
OTHER_PAYEE = N_("The decision is for another payee.")
NOT_APPROVED = N_("The decision was proposed, but never approved.")
TOO_FEW = N_("Fewer people than agreed approved the decision: %(people)s.")
APPROVER_IS_PAYEE = N_("Somebody who approved is the payee.")
RECORDED_LATER = N_("The decision was recorded only on %(recorded_on)s.")
DECIDED_LATER = N_("The decision was taken only on %(decided_on)s.")
WITHDRAWN = N_("The decision was withdrawn on %(withdrawn_on)s.")
NOT_IN_PERIOD = N_("The decision is for %(starts_on)s to %(ends_on)s.")
OTHER_PURPOSE = N_("The decision is for another purpose than the payment was counted for.")
OVER_CEILING = N_("The decision leaves %(left_minor)s, and %(amount_minor)s was paid.")
OVER_EACH = N_("The decision allows %(ceiling_minor)s a payment, and %(amount_minor)s was paid.")
OVER_MONTH = N_("The decision leaves %(left_minor)s for the month, and %(amount_minor)s was paid.")


class Piece(NamedTuple):
    """A part of a share that one decision has to cover.

    Attributes:
        purposes: What it was counted for, as (initiative, category); empty where it was not yet.
    """

    amount_minor: int
    purposes: tuple[tuple[str, int], ...]


class Considered(NamedTuple):
    """A decision that does not cover a piece, and why; without an id: there was none to consider."""

    decision: str | None
    reason: Reason


@dataclass(frozen=True, slots=True)
class Judged:
    """What the decisions say of one share of a payment.

    Attributes:
        needed: It needs a decision; otherwise the payee's approval and the limit are enough.
        named: Every piece is covered by a decision that names the payee.
        covered_by: The decisions that cover it.
        considered: Where it is not covered: what was considered, and why that was not enough.
        uncovered_minor: How much is not covered.
    """

    payment: Payment
    share: Share
    needed: bool
    named: bool
    covered_by: tuple[str, ...]
    considered: tuple[Considered, ...]
    uncovered_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A prior decision, as far as it matters for covering."""

    id: str
    payee: str | None
    ceiling_minor: int
    month_ceiling_minor: int | None
    initiative: str | None
    category: int | None
    starts_on: dt.date
    ends_on: dt.date
    decided_on: dt.date
    people: frozenset[str]
    recorded_on: dt.date | None
    withdrawn_on: dt.date | None
    at_opening: bool

    def refusal_by_form(self, day: dt.date, opened_on: dt.date, people: int) -> Reason | None:
        """Return why the decision was not in force on a booking day, or None where it was."""
        return next(self._refusals_by_form(day, opened_on, people), None)

    def _refusals_by_form(self, day: dt.date, opened_on: dt.date, people: int) -> Iterator[Reason]:
        claimed = self.at_opening and day < opened_on
        if self.recorded_on is None:
            yield reason(NOT_APPROVED)
        elif self.recorded_on > day and not claimed:
            yield reason(RECORDED_LATER, recorded_on=self.recorded_on.isoformat())
        if claimed and self.decided_on > day:
            yield reason(DECIDED_LATER, decided_on=self.decided_on.isoformat())
        if len(self.people) < people:
            yield reason(TOO_FEW, people=len(self.people))
        if self.withdrawn_on is not None and self.withdrawn_on < day:
            yield reason(WITHDRAWN, withdrawn_on=self.withdrawn_on.isoformat())
        if not self.starts_on <= day <= self.ends_on:
            yield reason(NOT_IN_PERIOD, starts_on=self.starts_on.isoformat(), ends_on=self.ends_on.isoformat())

    def fits(self, purposes: tuple[tuple[str, int], ...]) -> bool:
        """Return whether the decision is for what was paid; what was not yet counted for anything fits."""
        if not purposes or self.initiative is None:
            return True
        return any(
            initiative == self.initiative and self.category in {None, category} for initiative, category in purposes
        )


class Book:
    """The decisions of a foundation and how much of each is used; payments come in the order of booking."""

    def __init__(self, context: Context, people: int) -> None:
        self.register = register_of(context)
        self._opened_on = context.opened_on
        self._limit_minor = context.approval_limit_minor
        self._people = people
        self._owners = _owners(context)
        self._named: dict[str, list[Decision]] = {}
        self._of_initiative: dict[str, list[Decision]] = {}
        self._small: dict[tuple[int, int], list[Decision]] = {}
        self._used: Counter[str] = Counter()
        self._used_in_month: Counter[tuple[str, int, int]] = Counter()
        self._months = frozenset(
            (day.year, day.month) for day in context.payments["booked_on"].dt.to_period("M").unique().to_timestamp()
        )
        for decision in sorted((_decision(row) for row in rows_of(context.decisions)), key=_precedence):
            self._add(decision)

    def judge(self, payment: Payment, share: Share) -> Judged:
        """Return what the decisions say of a share, and use up what covers it."""
        if self._needs_none(payment, share):
            return Judged(payment, share, needed=False, named=False, covered_by=(), considered=(), uncovered_minor=0)
        covers: list[Decision] = []
        considered: list[Considered] = []
        uncovered_minor = 0
        for piece in _pieces(payment, share):
            decision, refusals = self._cover(payment, share, piece)
            if decision is None:
                uncovered_minor += piece.amount_minor
                considered.extend(refusals)
            else:
                covers.append(decision)
        return Judged(
            payment=payment,
            share=share,
            needed=True,
            named=not uncovered_minor and all(decision.payee for decision in covers),
            covered_by=tuple(dict.fromkeys(decision.id for decision in covers)),
            considered=tuple(dict.fromkeys(considered)),
            uncovered_minor=uncovered_minor,
        )

    def _needs_none(self, payment: Payment, share: Share) -> bool:
        if share.amount_minor > self._limit_minor:
            return False
        approved = self.register.approved(share, payment.booked_on, self._people)
        return approved is not None and not self._is_own(share, approved.people)

    def _is_own(self, share: Share, people: frozenset[str]) -> bool:
        """Return whether one of these people declared the account that was paid."""
        return not people.isdisjoint(self._owners.get(share.party.iban or "", frozenset()))

    def _add(self, decision: Decision) -> None:
        if decision.payee:
            self._named.setdefault(decision.payee, []).append(decision)
            if decision.initiative:
                self._of_initiative.setdefault(decision.initiative, []).append(decision)
            return
        first = (decision.starts_on.year, decision.starts_on.month)
        last = (decision.ends_on.year, decision.ends_on.month)
        for month in self._months:
            if first <= month <= last:
                self._small.setdefault(month, []).append(decision)

    def _candidates(self, payment: Payment, share: Share) -> Iterator[Decision]:
        for payee in sorted(self.register.payees(share)):
            yield from self._named.get(payee, ())
        yield from self._small.get((payment.booked_on.year, payment.booked_on.month), ())

    def _cover(self, payment: Payment, share: Share, piece: Piece) -> tuple[Decision | None, list[Considered]]:
        refusals: list[Considered] = []
        for decision in self._candidates(payment, share):
            why = self._refusal(decision, payment, share, piece)
            if why is None:
                self._use(decision, payment.booked_on, piece.amount_minor)
                return decision, []
            refusals.append(Considered(decision.id, why))
        return None, refusals or self._for_others(piece) or [Considered(None, reason(NO_DECISION))]

    def _for_others(self, piece: Piece) -> list[Considered]:
        """Return a few decisions for the same initiative that name another payee."""
        others = (decision for name, _ in piece.purposes for decision in self._of_initiative.get(name, ()))
        return [Considered(decision.id, reason(OTHER_PAYEE)) for decision in islice(others, MOST_OTHERS)]

    def _refusal(self, decision: Decision, payment: Payment, share: Share, piece: Piece) -> Reason | None:
        why = decision.refusal_by_form(payment.booked_on, self._opened_on, self._people)
        if why is not None:
            return why
        if self._is_own(share, decision.people):
            return reason(APPROVER_IS_PAYEE)
        if not decision.fits(piece.purposes):
            return reason(OTHER_PURPOSE)
        return self._over(decision, payment.booked_on, share, piece)

    def _over(self, decision: Decision, day: dt.date, share: Share, piece: Piece) -> Reason | None:
        """Return which ceiling a piece would pass, or None."""
        amount, ceiling = piece.amount_minor, decision.ceiling_minor
        if decision.payee is None and share.amount_minor > ceiling:
            return reason(OVER_EACH, ceiling_minor=ceiling, amount_minor=share.amount_minor)
        month_ceiling = decision.month_ceiling_minor
        left = ceiling - self._used[decision.id]
        if amount > left and (decision.payee or month_ceiling is None):
            return reason(OVER_CEILING, left_minor=left, amount_minor=amount)
        if month_ceiling is not None:
            left = month_ceiling - self._used_in_month[decision.id, day.year, day.month]
            if amount > left:
                return reason(OVER_MONTH, left_minor=left, amount_minor=amount)
        return None

    def _use(self, decision: Decision, day: dt.date, amount_minor: int) -> None:
        self._used[decision.id] += amount_minor
        self._used_in_month[decision.id, day.year, day.month] += amount_minor

    def self_approved(self, payment: Payment, share: Share) -> bool:
        """Return whether the payee was approved that day, by somebody who declared the account as hers."""
        approved = self.register.approved(share, payment.booked_on, self._people)
        return approved is not None and self._is_own(share, approved.people)


@once
def judged(context: Context, people: int) -> tuple[Book, tuple[tuple[Payment, tuple[Judged, ...]], ...]]:
    """Return what the decisions say of every share of every payment, in the order of booking.

    Args:
        context: What is known of the foundation.
        people: How many people have to agree on a payee or a decision.

    Returns:
        The decisions as the last payment leaves them, and each payment with what they say of its shares.
    """
    book = Book(context, people)
    for payment in spending(replace(context, payments=context.earlier)):
        for share in payment.shares:
            book.judge(payment, share)
    payments = spending(context)
    return book, tuple((payment, tuple(book.judge(payment, share) for share in payment.shares)) for payment in payments)


def _pieces(payment: Payment, share: Share) -> list[Piece]:
    """Return what decisions have to cover; which purpose a batch's part had, nobody wrote down."""
    if share.part is not None or len(payment.allocations) <= 1:
        purposes = tuple(dict.fromkeys((name, category) for name, category, _ in payment.allocations))
        return [Piece(share.amount_minor, purposes)]
    pieces = [Piece(amount, ((name, category),)) for name, category, amount in sorted(payment.allocations)]
    rest = share.amount_minor - sum(piece.amount_minor for piece in pieces)
    return [*pieces, Piece(rest, ())] if rest > 0 else pieces


def _precedence(decision: Decision) -> tuple[bool, bool, dt.date, dt.date, str]:
    """Order decisions: those that say most first, then those that end first."""
    return (decision.payee is None, decision.initiative is None, decision.ends_on, decision.starts_on, decision.id)


def _owners(context: Context) -> dict[str, frozenset[str]]:
    """Return the ids of the people who declared each IBAN."""
    owners: dict[str, frozenset[str]] = {}
    for row in rows_of(context.declarations):
        if row["person"] and row["iban"]:
            owners[row["iban"]] = owners.get(row["iban"], frozenset()) | {row["person"]}
    return owners


def _decision(row: Row) -> Decision:
    return Decision(
        id=row["id"],
        payee=row["payee"],
        ceiling_minor=row["ceiling_minor"],
        month_ceiling_minor=row["month_ceiling_minor"],
        initiative=row["initiative"],
        category=row["category"],
        starts_on=row["starts"].date(),
        ends_on=row["ends"].date(),
        decided_on=row["decided_on"].date(),
        people=frozenset((*row["approved_by"], row["proposed_by"])),
        recorded_on=recorded_day(row["recorded_at"]) if row["recorded_at"] else None,
        withdrawn_on=recorded_day(row["withdrawn_at"]) if row["withdrawn_at"] else None,
        at_opening=row["basis"] == "opening",
    )
