"""What a payment is probably for: a suggestion, and why it is made.

What somebody said outright comes first: a decision that covers the payee in that period, a standing rule, an
initiative's code marked in the text ("#tuin"). Where these disagree nothing is suggested, and it is said
why. Then come, in this order: an initiative's code as a plain word of the text, the last payment of the same
amount to the same counterparty, and the last payment to it. Only open initiatives that the foundation pays and
lines of their budgets are ever suggested.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import sqlalchemy as sa

from dashboards.pages.words import word
from dashboards.work.allocations import Split
from dashboards.work.allocations import open_budgets
from dashboards.work.history import History
from dashboards.work.standing import Target
from dashboards.work.standing import speaking
from dashboards.work.standing import standing_rules
from importers.corrections import GivesBack
from importers.corrections import evidence_of
from importers.corrections import original_of
from ledger import tables

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dashboards.work.history import Earlier
    from dashboards.work.standing import Payment
    from importers.planned import Account
    from importers.statement import Line

BY_DECISION = word("A decision says so.")
BY_RULE = word("A standing rule says so.")
BY_CODE = word("The text names this initiative.")
BY_AMOUNT = word("The last payment of this amount to this payee was for the same.")
BY_LAST_PAYMENT = word("The last payment to this payee was for the same.")
BY_CORRECTION = word("The bank gives back a payment that counts for this.")
GIVES_BACK_SPLIT = word("The bank gives back a payment that was split. Split this too.")
WAS_SPLIT = word("No suggestion: the last payment to this payee was split.")
WHICH_LINE = word("The text names an initiative, but not which part of its budget.")
DISAGREE = {
    frozenset({BY_DECISION}): word("No suggestion: several decisions cover this payee."),
    frozenset({BY_RULE}): word("No suggestion: two standing rules disagree."),
    frozenset({BY_CODE}): word("No suggestion: the text names several initiatives."),
    frozenset({BY_DECISION, BY_RULE}): word("No suggestion: a decision and a standing rule disagree."),
    frozenset({BY_DECISION, BY_CODE}): word("No suggestion: a decision and the text disagree."),
    frozenset({BY_RULE, BY_CODE}): word("No suggestion: a standing rule and the text disagree."),
}
SHORTEST_PLAIN = 3
"""Letters of a code that needs no mark."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a payment is probably for.

    Attributes:
        why: A message id.
        target: None where what is known disagrees; `why` then says so.
        rule: The standing rule that says so, or agrees.
    """

    why: str
    target: Target | None = None
    rule: str | None = None

    @property
    def settled(self) -> bool:
        """Tell whether a decision or a standing rule says so, so that no new rule is needed."""
        return self.target is not None and self.why in {BY_DECISION, BY_RULE}


@dataclass(frozen=True, slots=True)
class _Opinion:
    """What one source says: one of these; `loose` where it names an initiative alone."""

    why: str
    targets: frozenset[Target]
    rule: str | None = None
    loose: bool = False


class Suggestions:
    """Suggestions for one foundation's new lines.

    Args:
        connection: A connection that reads.
        foundation: The foundation's id.
    """

    def __init__(self, connection: sa.Connection, foundation: str) -> None:
        budgets = open_budgets(connection, foundation)
        self._connection, self._foundation = connection, foundation
        self._open = frozenset(Target(initiative, line) for initiative, lines in budgets.items() for line in lines)
        self._decisions = _decisions(connection, foundation)
        self._rules = standing_rules(connection, foundation)
        self._codes = _Codes(connection, budgets)
        self._history = History(connection, foundation)
        self._given_back: set[tuple[str, int]] = set()

    def suggest(self, payment: Payment) -> Suggestion | None:
        """Return what a payment is probably for, or why nothing is suggested; None where nothing is known."""
        outright = self._outright(payment)
        if outright is not None:
            return outright
        plain = self._named(payment, marked=False)
        return self._agreed([plain], payment) if plain else self._habit(payment)

    @property
    def has_rules(self) -> bool:
        """Tell whether any standing rule could say something."""
        return bool(self._rules)

    def ruled(self, payment: Payment) -> Suggestion | None:
        """Return what a standing rule says a payment is for, unless something else said outright disagrees."""
        outright = self._outright(payment) if self._rules else None
        return outright if outright and outright.rule and outright.target else None

    def corrected(self, original: int, amount_minor: int) -> Suggestion | None:
        """Return what a line that gives back an earlier one counts for: what the original does.

        Args:
            original: The earlier line's place in the foundation's book.
            amount_minor: What comes back, with the sign of the line that brings it.
        """
        parts = given_back(self._connection, self._foundation, original, amount_minor)
        targets = {Target(part.initiative, part.category) for part in parts}
        if len(targets) > 1:
            return Suggestion(GIVES_BACK_SPLIT)
        return next((Suggestion(BY_CORRECTION, target) for target in targets & self._open), None)

    def brought_back(self, account: Account, line: Line) -> Suggestion | None:
        """Return what a new line is probably for that gives back one of the book; None where it is none, or unknown.

        Of two lines asked about the second gives back another one than the first.
        """
        evidence = evidence_of(line)
        if evidence is None:
            return None
        one = GivesBack(account, -1, line.booked_on, line.amount_minor, evidence)
        original = original_of(self._connection, one, self._given_back)
        if original is None:
            return None
        self._given_back.add((self._foundation, original))
        return self.corrected(original, line.amount_minor)

    def paid_before(self, payment: Payment) -> bool:
        """Tell whether its counterparty was paid before for something, so that money from it may be paid back."""
        return bool(self._history.of(payment))

    def _outright(self, payment: Payment) -> Suggestion | None:
        """Return what follows from what somebody said outright."""
        opinions = [self._decided(payment), self._ruled(payment), self._named(payment, marked=True)]
        found = [opinion for opinion in opinions if opinion]
        return self._agreed(found, payment) if found else None

    def _decided(self, payment: Payment) -> _Opinion | None:
        """Return what decisions that cover the payee on that day say."""
        covering = {
            Target(row.initiative, row.category)
            for row in self._decisions.get((payment.counter or "").removeprefix("payee:"), ())
            if row.starts <= payment.booked_on <= row.ends
        }
        targets = self._open & covering
        return _Opinion(BY_DECISION, targets) if targets else None

    def _ruled(self, payment: Payment) -> _Opinion | None:
        """Return what standing rules say."""
        rules = [rule for rule in speaking(self._rules, payment) if rule.target in self._open]
        return _Opinion(BY_RULE, frozenset(rule.target for rule in rules), rules[0].id) if rules else None

    def _named(self, payment: Payment, *, marked: bool) -> _Opinion | None:
        """Return what the text says: every line of the budgets of the initiatives that it names."""
        named = self._codes.named(payment.text or "", marked=marked)
        if len(named) > 1:
            return _Opinion(BY_CODE, frozenset(target for target in self._open if target.initiative in named))
        targets = frozenset(target for target in self._open if target.initiative in named)
        return _Opinion(BY_CODE, targets, loose=True) if targets else None

    def _agreed(self, opinions: list[_Opinion], payment: Payment) -> Suggestion:
        """Return the one budget line that all opinions allow, or why there is none."""
        common = frozenset.intersection(*(opinion.targets for opinion in opinions))
        if len(common) > 1 and opinions[0].loose:
            habits = [earlier.targets for earlier in self._history.of(payment) if earlier.targets <= common]
            if not habits or len(habits[0]) > 1:
                return Suggestion(WHICH_LINE)
            common = habits[0]
        if len(common) != 1:
            return Suggestion(_disagreement(opinions))
        rule = next((opinion.rule for opinion in opinions if opinion.rule), None)
        return Suggestion(opinions[0].why, next(iter(common)), rule)

    def _habit(self, payment: Payment) -> Suggestion | None:
        """Return what the last payment of this amount, or else the last one, to the same counterparty was for."""
        earlier = self._history.of(payment)
        same = next((found for found in earlier if found.amount_minor == payment.amount_minor), None)
        if not earlier:
            return None
        why = BY_LAST_PAYMENT if same is None or same.targets == earlier[0].targets else BY_AMOUNT
        return self._again(same or earlier[0], why)

    def _again(self, earlier: Earlier, why: str) -> Suggestion | None:
        """Return what an earlier payment was for; nothing where that is closed."""
        if len(earlier.targets) > 1:
            return Suggestion(WAS_SPLIT)
        (target,) = earlier.targets
        return Suggestion(why, target) if target in self._open else None


class _Codes:
    """The codes of initiatives, as a treasurer writes them into a payment's text: their slugs, hyphens or not."""

    def __init__(self, connection: sa.Connection, initiatives: Iterable[str]) -> None:
        table = tables.initiative
        query = sa.select(table.c.id, table.c.slug).where(table.c.id.in_(list(initiatives)), table.c.slug.is_not(None))
        slugs = {row.slug.casefold(): str(row.id) for row in connection.execute(query)}
        short = {slug.replace("-", ""): initiative for slug, initiative in slugs.items()}
        self._initiatives = short | slugs
        longest_first = sorted(self._initiatives, key=len, reverse=True)
        codes = "|".join(map(re.escape, longest_first)) or "(?!)"
        self._form = re.compile(rf"(?<![\w-])(?P<mark>#|buurtkas:\s?)?(?P<code>{codes})(?![\w-])", re.IGNORECASE)

    def named(self, text: str, *, marked: bool) -> set[str]:
        """Return the initiatives that a text names, with a mark or as plain words."""
        found = self._form.finditer(text)
        return {
            self._initiatives[match["code"].casefold()]
            for match in found
            if (match["mark"] is not None if marked else len(match["code"]) >= SHORTEST_PLAIN)
        }


def given_back(connection: sa.Connection, foundation: str, original: int, amount_minor: int) -> tuple[Split, ...]:
    """Return what a line counts for that gives back an earlier one: what the original counts for, with its own sign.

    Args:
        original: The earlier line's place in the foundation's book.
        amount_minor: What comes back, with the sign of the line that brings it.

    Returns:
        Nothing where the original counts for nothing, or where it was split and only a part came back.
    """
    part = tables.allocation
    mine = (part.c.foundation == foundation, part.c.seq == original, part.c.undone.is_(False))
    columns = (part.c.initiative, part.c.category, part.c.amount_minor)
    rows = connection.execute(sa.select(*columns).where(*mine).order_by(part.c.idx, part.c.item)).all()
    if len(rows) == 1:
        return (Split(rows[0].initiative, rows[0].category, amount_minor),)
    whole = sum(row.amount_minor for row in rows) == -amount_minor
    return tuple(Split(row.initiative, row.category, -row.amount_minor) for row in rows) if whole else ()


def _decisions(connection: sa.Connection, foundation: str) -> dict[str, list[sa.Row[tuple[object, ...]]]]:
    """Return a foundation's approved decisions about a budget line, by payee."""
    table = tables.decision
    about = (table.c.initiative.is_not(None), table.c.category.is_not(None), table.c.private_payee.is_not(None))
    query = sa.select(table).where(table.c.foundation == foundation, table.c.status == "approved", *about)
    found = defaultdict(list)
    for row in connection.execute(query):
        found[row.private_payee].append(row)
    return found


def _disagreement(opinions: list[_Opinion]) -> str:
    """Return which of the opinions disagree, as a message id."""
    for one, other in combinations(opinions, 2):
        if not one.targets & other.targets:
            return DISAGREE[frozenset({one.why, other.why})]
    alone = next((opinion for opinion in opinions if len(opinion.targets) > 1 and not opinion.loose), opinions[0])
    return DISAGREE[frozenset({alone.why})]
