"""What a new statement's lines count for, appended together with them in one transaction.

Somebody chose, in the browser; or nobody did, and what standing rules say is linked at once. Rules that a
treasurer makes while linking ("always like this") begin with the same booking.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

from dashboards.work.allocations import Linked
from dashboards.work.allocations import Split
from dashboards.work.allocations import append_allocations
from dashboards.work.errors import SplitRefused
from dashboards.work.ordinary import changing
from dashboards.work.standing import Payment
from dashboards.work.standing import Target
from dashboards.work.standing import conditions_for
from dashboards.work.standing import count_matches
from dashboards.work.standing import make_rule
from dashboards.work.suggestions import Suggestions
from ledger.entries.foundation.transaction import MOVED
from ledger.entries.foundation.transaction import PAID
from ledger.entries.foundation.transaction import kind_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from importers.booking import Booked
    from importers.booking import Place
    from importers.planned import PlannedLine
    from importers.planned import PlannedStatement
    from ledger.installation import Installation
    from ledger.store import Appender

LineKey = str
"""A line of a file: "<place of the statement, from 0>.<place of the line, from 0>"."""


def key_of(planned: PlannedStatement, place: int) -> LineKey:
    """Return the key of a line."""
    return f"{planned.place}.{place}"


def payment_of(planned: PlannedLine) -> Payment:
    """Return what a planned line says, for suggestions."""
    line = planned.line
    return Payment(
        booked_on=line.booked_on,
        amount_minor=line.amount_minor,
        counter=planned.counter,
        iban=line.iban,
        mandate=line.mandate,
        name=line.name,
        text=line.text,
        batch=bool(line.parts),
    )


@dataclass(frozen=True, slots=True)
class Linking:
    """What lines of a file count for.

    Attributes:
        links: What was chosen, by line; None where nobody chooses, so that standing rules do.
        by: Who brings the file.
        always: Lines beside which somebody said "always like this".
    """

    installation: Installation
    links: Mapping[LineKey, Sequence[Split]] | None
    by: Sequence[str]
    always: Collection[LineKey] = field(default=())

    def append(self, appender: Appender, booked: Sequence[Booked]) -> None:
        """Append the allocations that belong to what was just booked, and keep the rules.

        Raises:
            SplitRefused: A link does not fit.
        """
        by_foundation: dict[str, list[Booked]] = {}
        for done in booked if self.links is None or self.links else ():
            by_foundation.setdefault(done.planned.account.foundation, []).append(done)
        for foundation, own in by_foundation.items():
            self._append(appender, foundation, own)

    def _append(self, appender: Appender, foundation: str, booked: Sequence[Booked]) -> None:
        """Append the allocations of one foundation."""
        suggestions = Suggestions(appender.connection, foundation)
        if self.links is None and not suggestions.has_rules:
            return
        linked: list[Linked] = []
        matches: Counter[str] = Counter()
        for key, planned, place, statement in _new_lines(booked):
            splits = self._splits(key, planned, suggestions)
            if not splits:
                continue
            amount = planned.line.amount_minor
            if kind_of(amount, planned.counter) == MOVED:
                raise SplitRefused(place.seq, "it moves money between declared accounts")
            linked.append(Linked(place.seq, statement, amount, amount, splits))
            matches.update(matching(suggestions, payment_of(planned), splits))
            self._keep_rule(appender, foundation, key, planned, splits)
        append_allocations(self.installation, appender, foundation, linked, self.by)
        count_matches(appender.connection, matches)

    def _splits(self, key: LineKey, planned: PlannedLine, suggestions: Suggestions) -> tuple[Split, ...]:
        """Return what a line counts for."""
        if self.links is not None:
            return tuple(self.links.get(key, ()))
        amount = planned.line.amount_minor
        paid = kind_of(amount, planned.counter) == PAID
        said = suggestions.ruled(payment_of(planned)) if paid else None
        return (Split(*said.target, amount),) if said and said.target else ()

    def _keep_rule(
        self, appender: Appender, foundation: str, key: LineKey, planned: PlannedLine, splits: Sequence[Split]
    ) -> None:
        """Make the rule that somebody asked for beside a line that counts for one thing as a whole."""
        conditions = conditions_for(payment_of(planned)) if key in self.always and len(splits) == 1 else None
        if conditions is not None:
            target = Target(splits[0].initiative, splits[0].category)
            make_rule(appender.connection, foundation, conditions, target, self.by[0], appender.now)


def remember(  # noqa: PLR0917 - where, for whom, about what, who and when
    installation: Installation,
    foundation: str,
    linked: Sequence[tuple[Payment, Sequence[Split]]],
    always: Collection[Payment],
    by: str,
    now: dt.datetime,
) -> None:
    """Count which standing rules were followed by what was just linked, and make those that somebody asked for.

    Args:
        linked: Payments of the book, and what they count for.
        always: Those beside which somebody said "always like this".
    """
    with changing(installation.engine) as connection:
        suggestions = Suggestions(connection, foundation)
        count_matches(connection, Counter(rule for line in linked for rule in matching(suggestions, *line)))
        for payment, splits in linked:
            conditions = conditions_for(payment) if payment in always and len(splits) == 1 else None
            if conditions is not None:
                target = Target(splits[0].initiative, splits[0].category)
                make_rule(connection, foundation, conditions, target, by, now)


def matching(suggestions: Suggestions, payment: Payment, splits: Sequence[Split]) -> tuple[str, ...]:
    """Return the id of the standing rule that what was linked follows, if there is one."""
    said = suggestions.ruled(payment)
    follows = said and [(split.initiative, split.category) for split in splits] == [said.target]
    return (said.rule,) if said and said.rule and follows else ()


def _new_lines(booked: Sequence[Booked]) -> Iterator[tuple[LineKey, PlannedLine, Place, int]]:
    """Yield the lines that were just booked: key, line, where it stands, and its statement's place."""
    for done in booked:
        lines = zip(done.planned.lines, done.transactions, strict=True)
        for at, (planned, place) in enumerate(lines):
            if place is not None:
                yield key_of(done.planned, at), planned, place, done.entry.seq
