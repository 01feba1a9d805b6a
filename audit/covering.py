"""Which prior decision covers a payment, and why others do not.

Payments are taken in the order of booking, and each uses up what a decision allows. Up to the
approval limit a payment to an approved payee needs none and uses up nothing. A payment that was
allocated to several purposes is covered purpose by purpose; a batch payee by payee. A decision
that names the payee comes before one for small expenses, which has a ceiling for each payment
and one for each month (or, where no month's ceiling was set, one for all together); of two alike the
earlier entry. A decision is for a payee, not for an account: it also covers what goes to an account of the
payee that was approved later. It does not count for an account that one of its own approvers declared.

Money that came back restores what its decision had left, from the day on which it came: all of it where the
bank gave the payment back, and as much as was used where the payee paid it back and it was taken off from spending.

Source: RULES PAY-07.
"""

from __future__ import annotations

from collections import Counter
from collections import deque
from dataclasses import dataclass
from dataclasses import replace
from itertools import chain
from itertools import islice
from typing import TYPE_CHECKING
from typing import Final
from typing import NamedTuple

from audit.frames import payments_frame
from audit.payees import register_of
from audit.sharing import once
from audit.spending import CHARGES
from audit.spending import came_back
from audit.spending import recorded_day
from audit.spending import rows_of
from audit.spending import spending
from audit.wording import N_
from audit.wording import Reason
from audit.wording import reason

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from collections.abc import Iterator

    from audit.frames import Context
    from audit.payees import Listed
    from audit.spending import CameBack
    from audit.spending import Charges
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
        small: Every piece is covered by a decision that leaves the payee out: for small expenses, or agreed cash.
        approved: The payee that the register had approved on that day.
        covered_by: The decisions that cover it.
        considered: Where it is not covered: what was considered, and why that was not enough.
        uncovered_minor: How much is not covered.
    """

    payment: Payment
    share: Share
    needed: bool
    named: bool
    small: bool
    approved: Listed | None
    covered_by: tuple[str, ...]
    considered: tuple[Considered, ...]
    uncovered_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A prior decision, as far as it matters for covering."""

    id: str
    entry: int
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


@dataclass(slots=True)
class Use:
    """What a payment used up of a decision, and what of that did not come back."""

    decision: Decision
    month: tuple[int, int]
    left_minor: int


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
        self._uses: dict[int, list[Use]] = {}
        self._uses_by: dict[str, list[Use]] = {}
        self._months = frozenset(
            (day.year, day.month) for day in context.payments["booked_on"].dt.to_period("M").unique().to_timestamp()
        )
        for decision in sorted((_decision(row) for row in rows_of(context.decisions)), key=_precedence):
            self._add(decision)

    def judge(self, payment: Payment, share: Share) -> Judged:
        """Return what the decisions say of a share, and use up what covers it."""
        listed = self.register.listed(share)
        approved = self.register.approved_of(listed, payment.booked_on, self._people)
        if approved and share.amount_minor <= self._limit_minor and not self._is_own(share, approved.people):
            return Judged(payment, share, False, False, False, approved, (), (), 0)  # noqa: FBT003 - named in its class
        payees = frozenset(row.payee for row in listed)
        if approved:
            payees |= self.register.alike(approved.payee)  # a decision holds for each account approved on that day
        covers: list[Decision] = []
        considered: list[Considered] = []
        uncovered_minor = 0
        for piece in _pieces(payment, share):
            decision, refusals = self._cover(payment, share, payees, piece)
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
            small=not uncovered_minor and not any(decision.payee for decision in covers),
            approved=approved,
            covered_by=tuple(dict.fromkeys(decision.id for decision in covers)),
            considered=tuple(dict.fromkeys(considered)),
            uncovered_minor=uncovered_minor,
        )

    def judge_all(
        self, payments: Iterable[Payment], returns: Iterable[CameBack]
    ) -> Iterator[tuple[Payment, tuple[Judged, ...]]]:
        """Yield what the decisions say of payments, which come in the order of booking as what came back does."""
        waiting = deque(returns)
        for payment in payments:
            while waiting and (waiting[0].booked_on, waiting[0].seq) < (payment.booked_on, payment.seq):
                self.give_back(waiting.popleft())
            yield payment, tuple(self.judge(payment, share) for share in payment.shares)
        for back in waiting:
            self.give_back(back)

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

    def _candidates(self, payment: Payment, payees: frozenset[str]) -> Iterator[Decision]:
        named = [self._named[payee] for payee in payees if payee in self._named]
        yield from named[0] if len(named) == 1 else sorted(chain.from_iterable(named), key=_precedence)
        yield from self._small.get((payment.booked_on.year, payment.booked_on.month), ())

    def _cover(
        self, payment: Payment, share: Share, payees: frozenset[str], piece: Piece
    ) -> tuple[Decision | None, list[Considered]]:
        refusals: list[Considered] = []
        for decision in self._candidates(payment, payees):
            why = self._refusal(decision, payment, share, piece)
            if why is None:
                self._use(decision, payment, payees, piece.amount_minor)
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

    def _use(self, decision: Decision, payment: Payment, payees: frozenset[str], amount_minor: int) -> None:
        use = Use(decision, (payment.booked_on.year, payment.booked_on.month), amount_minor)
        self._used[decision.id] += amount_minor
        self._used_in_month[decision.id, *use.month] += amount_minor
        self._uses.setdefault(payment.seq, []).append(use)
        for payee in payees:
            self._uses_by.setdefault(payee, []).append(use)

    def give_back(self, back: CameBack) -> None:
        """Restore what decisions had left before a payment that came back."""
        left = back.share.amount_minor
        for use in self._uses.get(back.corrects, ()) if back.corrects is not None else self._paid_back(back):
            amount = min(left, use.left_minor)
            left -= amount
            use.left_minor -= amount
            self._used[use.decision.id] -= amount
            self._used_in_month[use.decision.id, *use.month] -= amount

    def _paid_back(self, back: CameBack) -> Iterator[Use]:
        """Yield what the payee that paid back had been paid by, for what it was taken off from; the latest first."""
        purposes = tuple((name, category) for name, category, _ in back.allocations)
        for payee in sorted(self.register.payees(back.share)):
            yield from (use for use in reversed(self._uses_by.get(payee, [])) if use.decision.fits(purposes))

    def self_approved(self, judged: Judged) -> bool:
        """Return whether the payee was approved that day, by somebody who declared the account as hers."""
        return judged.approved is not None and self._is_own(judged.share, judged.approved.people)


@once
def judged(
    context: Context, people: int, charges: Charges = CHARGES
) -> tuple[Book, tuple[tuple[Payment, tuple[Judged, ...]], ...]]:
    """Return what the decisions say of every share of every payment, in the order of booking.

    Args:
        context: What is known of the foundation.
        people: How many people have to agree on a payee or a decision.
        charges: What may pass as the bank's own charges.

    Returns:
        The decisions as the last payment leaves them, and each payment with what they say of its shares.
    """
    book = Book(context, people)
    before = replace(context, payments=context.earlier, earlier=payments_frame())
    for _ in book.judge_all(spending(before, charges), came_back(before)):
        pass
    return book, tuple(book.judge_all(spending(context, charges), came_back(context)))


def _pieces(payment: Payment, share: Share) -> list[Piece]:
    """Return what decisions have to cover; which purpose a batch's part had, nobody wrote down."""
    if share.part is not None or len(payment.allocations) <= 1:
        purposes = tuple(dict.fromkeys((name, category) for name, category, _ in payment.allocations))
        return [Piece(share.amount_minor, purposes)]
    pieces = [Piece(amount, ((name, category),)) for name, category, amount in sorted(payment.allocations)]
    rest = share.amount_minor - sum(piece.amount_minor for piece in pieces)
    return [*pieces, Piece(rest, ())] if rest > 0 else pieces


def _precedence(decision: Decision) -> tuple[bool, bool, dt.date, dt.date, int]:
    """Order decisions: those that say most first, then those that end first; of two alike the earlier entry."""
    return (decision.payee is None, decision.initiative is None, decision.ends_on, decision.starts_on, decision.entry)


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
        entry=row["entry"],
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
