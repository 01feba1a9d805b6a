"""Standing rules: what payments of one kind count for, as a treasurer said once ("always like this").

A rule has conditions that must all hold, and a budget line. It only says what new payments are probably for; where
a bank's file is booked without anybody choosing, what rules say is linked at once. Of rules that hold for one
payment the more particular one speaks: by mandate before others, with more conditions before fewer.

Conditions hold account numbers and a bank's words, so that rules are for a foundation's own people alone.
A rule is never changed: it is ended, and another one made.
"""

from __future__ import annotations

import re
from dataclasses import asdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

import sqlalchemy as sa

from ledger import tables
from ledger.entry import new_id

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from collections.abc import Mapping

SHORTEST_WORDS = 8
WITHOUT_FIGURES = re.compile(r"[^\d]+")
LABELS = re.compile(r"(\s+\S+:)+$")
"""What a bank writes before a figure, such as the number of a card; it tells nothing about who was paid."""


class Target(NamedTuple):
    """An initiative and a category of its budget."""

    initiative: str
    category: int


@dataclass(frozen=True, slots=True)
class Payment:
    """What is known of a payment before anybody says what it was for; as the bank says it.

    Attributes:
        counter: "payee:<id>" where the register knows who was paid.
        batch: It stands for several payments, so that nothing it says is of one counterparty.
    """

    booked_on: dt.date
    amount_minor: int
    counter: str | None = None
    iban: str | None = None
    mandate: str | None = None
    name: str | None = None
    text: str | None = None
    batch: bool = False

    @property
    def said(self) -> str:
        """Return name and text on one line."""
        return " ".join(f"{self.name or ''} {self.text or ''}".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What a payment must be like; None asks nothing.

    Attributes:
        mandate: The reference of a direct debit's mandate.
        words: They stand in the name or the text, whatever their case. What a payer can type tells nothing about who
            was paid, so that words alone hold only where the bank names neither an account nor a mandate.
    """

    iban: str | None = None
    mandate: str | None = None
    amount_minor: int | None = None
    words: str | None = None

    @property
    def asked(self) -> dict[str, str | int]:
        """Return the conditions that ask something."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    def hold_for(self, payment: Payment) -> bool:
        """Tell whether all of them hold."""
        return (
            self != NOTHING
            and self.mandate in {None, payment.mandate}
            and self.iban in {None, payment.iban}
            and self.amount_minor in {None, payment.amount_minor}
            and (self.words is None or self._has_words(payment))
        )

    def _has_words(self, payment: Payment) -> bool:
        """Tell whether the words stand in a payment, and are the bank's where nothing else tells who was paid."""
        alone = self.iban is None and self.mandate is None
        if alone and (payment.iban or payment.mandate):
            return False
        return (self.words or "").casefold() in payment.said.casefold()

    def outdo(self, other: Conditions) -> bool:
        """Tell whether they are more particular than others that hold as well."""
        if (self.mandate is None) != (other.mandate is None):
            return self.mandate is not None
        return self.asked.keys() > other.asked.keys()


NOTHING = Conditions()
"""They ask nothing, and hold for nothing: a rule for everything would be a mistake."""


@dataclass(frozen=True, slots=True)
class StandingRule:
    """A rule.

    Attributes:
        matched: How many payments were linked by it.
    """

    id: str
    conditions: Conditions
    target: Target
    made_by: str
    made_at: dt.datetime
    ended_by: str | None
    ended_at: dt.datetime | None
    matched: int


def conditions_for(payment: Payment, *, with_amount: bool = False) -> Conditions | None:
    """Return what "always like this" means beside a payment; None where nothing tells its kind apart.

    A direct debit is known by its mandate, another payment by its IBAN; what has neither, such as the bank's own
    charges, by the words up to the first figure and its label.
    """
    amount = payment.amount_minor if with_amount else None
    if payment.mandate:
        return Conditions(mandate=payment.mandate, amount_minor=amount)
    if payment.iban:
        return Conditions(iban=payment.iban, amount_minor=amount)
    found = WITHOUT_FIGURES.match(payment.said)
    words = LABELS.sub("", found[0].strip()) if found else ""
    if payment.batch or len(words) < SHORTEST_WORDS:
        return None
    return Conditions(words=words, amount_minor=amount)


def all_rules(connection: sa.Connection, foundation: str) -> tuple[StandingRule, ...]:
    """Return a foundation's rules: those that stand first, the newest first."""
    table = tables.standing_rule
    order = (table.c.ended_at.is_not(None), table.c.made_at.desc(), table.c.id)
    rows = connection.execute(sa.select(table).where(table.c.foundation == foundation).order_by(*order))
    return tuple(map(_rule, rows))


def standing_rules(connection: sa.Connection, foundation: str) -> tuple[StandingRule, ...]:
    """Return the rules that nobody ended."""
    return tuple(rule for rule in all_rules(connection, foundation) if rule.ended_at is None)


def speaking(rules: Iterable[StandingRule], payment: Payment) -> tuple[StandingRule, ...]:
    """Return the rules that hold for a payment, without those that a more particular one outdoes."""
    held = [rule for rule in rules if rule.conditions.hold_for(payment)]
    return tuple(
        rule for rule in held if not any(other.conditions.outdo(rule.conditions) for other in held if other != rule)
    )


def make_rule(  # noqa: PLR0917 - where, what, for what, who and when
    connection: sa.Connection, foundation: str, conditions: Conditions, target: Target, by: str, now: dt.datetime
) -> str:
    """Make a rule and return its id; one with the same conditions is ended, or stays where it says the same.

    Args:
        connection: One that changes.
        by: Who says so; that they may is for the caller to know.
    """
    for rule in standing_rules(connection, foundation):
        if rule.conditions == conditions and rule.target == target:
            return rule.id
        if rule.conditions == conditions:
            end_rule(connection, foundation, rule.id, by, now)
    row = {"id": new_id(), "foundation": foundation, "conditions": conditions.asked, "made_by": by, "made_at": now}
    connection.execute(sa.insert(tables.standing_rule).values({**row, **target._asdict()}))
    return str(row["id"])


def end_rule(connection: sa.Connection, foundation: str, rule: str, by: str, now: dt.datetime) -> bool:
    """End a rule; tell whether this foundation has it and it stood."""
    table = tables.standing_rule
    here = (table.c.id == rule, table.c.foundation == foundation, table.c.ended_at.is_(None))
    return bool(connection.execute(sa.update(table).where(*here).values(ended_by=by, ended_at=now)).rowcount)


def count_matches(connection: sa.Connection, matches: Mapping[str, int]) -> None:
    """Add to how often rules matched."""
    table = tables.standing_rule
    for rule, times in sorted(matches.items()):
        connection.execute(sa.update(table).where(table.c.id == rule).values(matched=table.c.matched + times))


def _rule(row: sa.Row[Any]) -> StandingRule:
    """Return a rule of the table."""
    return StandingRule(
        id=row.id,
        conditions=Conditions(**row.conditions),
        target=Target(row.initiative, row.category),
        made_by=row.made_by,
        made_at=row.made_at,
        ended_by=row.ended_by,
        ended_at=row.ended_at,
        matched=row.matched,
    )
