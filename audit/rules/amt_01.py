"""AMT-01: the same amount to the same account twice within a week, and not a third time.

Naive duplicates are mostly instalments and rent. So a pair counts only where it stands alone
for some weeks, is of some size and no round amount.
"""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import TYPE_CHECKING
from typing import NamedTuple

from audit.examples import STRANGER
from audit.examples import ZON
from audit.examples import day
from audit.examples import payment
from audit.examples import world
from audit.rule import Example
from audit.rule import Hit
from audit.rule import Parameter
from audit.rule import Parameters
from audit.rule import Rule
from audit.spending import spending
from audit.wording import N_
from audit.wording import as_json
from audit.wording import reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.frames import Context
    from audit.rule import Expected
    from audit.wording import Json

REACH_DAYS = 14
TWICE = N_("%(amount_minor)s went to the same account on %(first_on)s and on %(second_on)s.")


class Paid(NamedTuple):
    """One of equal amounts to one account."""

    booked_on: dt.date
    seq: int


def rule(context: Context, parameters: Parameters) -> Iterator[Hit]:
    """Yield a hit for every pair of equal payments to one account that stands alone."""
    least, round_to = parameters["from_minor"], parameters["round_minor"]
    equal: dict[tuple[str, str, int], list[Paid]] = {}
    for line in spending(context):
        for share in line.shares:
            amount = share.amount_minor
            if share.party.iban and amount >= least and amount % round_to:
                key = (share.party.iban, line.currency, amount)
                equal.setdefault(key, []).append(Paid(line.booked_on, line.seq))
    within, alone = dt.timedelta(days=parameters["days"]), dt.timedelta(days=REACH_DAYS)
    for (_, currency, amount), paid in equal.items():
        for first, second in _pairs(paid, within, alone):
            yield _hit(amount, currency, first, second)


def _pairs(paid: list[Paid], within: dt.timedelta, alone: dt.timedelta) -> Iterator[tuple[Paid, Paid]]:
    """Yield pairs within a few days with none before or after them for some weeks; payments come by day."""
    for place, (first, second) in enumerate(pairwise(paid)):
        before = place == 0 or first.booked_on - paid[place - 1].booked_on > alone
        after = place + 2 == len(paid) or paid[place + 2].booked_on - second.booked_on > alone
        if before and after and second.booked_on - first.booked_on <= within:
            yield first, second


def _hit(amount: int, currency: str, first: Paid, second: Paid) -> Hit:
    days = {"first_on": first.booked_on.isoformat(), "second_on": second.booked_on.isoformat()}
    evidence: dict[str, Json] = {
        "amount_minor": amount,
        "currency": currency,
        "payments": [first.seq, second.seq],
        "reasons": as_json([reason(TWICE, amount_minor=amount, **days)]),
    }
    return Hit("AMT-01", tuple(sorted({first.seq, second.seq})), "medium", evidence)


def examples() -> tuple[Example, ...]:
    """Return what the rule must find and what it must leave alone."""
    first = payment(10, -12_345)
    week_later = payment(11, -12_345, booked_on=day("2026-03-17"))
    pair: Expected = (((10, 11), "medium"),)
    parts = ({"amount_minor": -12_345, "iban": ZON}, {"amount_minor": -5_000, "iban": STRANGER})
    return (
        Example("a week apart", world(first, week_later), pair),
        Example("eight days apart", world(first, payment(11, -12_345, booked_on=day("2026-03-18")))),
        Example("once", world(first)),
        Example("a cent differs", world(first, payment(11, -12_346))),
        Example("to another account", world(first, payment(11, -12_345, iban=STRANGER))),
        Example("EUR 50.00", world(payment(10, -5_000), payment(11, -5_000)), pair),
        Example("EUR 49.99", world(payment(10, -4_999), payment(11, -4_999))),
        Example("a round amount", world(payment(10, -20_000), payment(11, -20_000))),
        Example("three times", world(first, payment(11, -12_345), payment(12, -12_345))),
        Example(
            "weekly instalments",
            world(first, week_later, payment(12, -12_345, booked_on=day("2026-03-24"))),
        ),
        Example(
            "another one two weeks before",
            world(payment(9, -12_345, booked_on=day("2026-02-24")), first, week_later),
        ),
        Example(
            "another one fifteen days before",
            world(payment(9, -12_345, booked_on=day("2026-02-23")), first, week_later),
            pair,
        ),
        Example(
            "one of them in a batch",
            world(first, payment(11, -17_345, iban=None, parts=parts)),
            pair,
        ),
        Example("a card line names no account", world(*(payment(seq, -12_345, iban=None) for seq in (10, 11)))),
        Example("between declared accounts", world(first, payment(11, -12_345, counter="account:savings"))),
        Example("paid and given back", world(first, payment(11, 12_345))),
    )


RULE = Rule(
    id="AMT-01",
    version="1",
    status="active",
    kind="indicator",
    severities=("medium",),
    severity_note=N_("Always medium."),
    title=N_("The same amount was paid twice"),
    why=N_("A bill that is paid twice costs the neighbourhood money, and is easily asked back."),
    how=N_(
        "This rule finds two payments of the same amount to the same account within a week. "
        "Small and round amounts are left out, and so is what is paid more often, such as rent."
    ),
    example=N_("€123.45 goes to a printer on 10 March, and once more on 12 March. Perhaps it was the same bill."),
    false_positives=N_("Often there were two orders of the same price, or two instalments."),
    references=("RULES AMT-01",),
    parameters=(
        Parameter("days", N_("Days between the two payments at most"), "days", 7),
        Parameter("from_minor", N_("From this amount"), "money", 5_000),
        Parameter("round_minor", N_("Multiples of this amount are left out"), "money", 10_000, 1),
    ),
    personal=False,
    reach=REACH_DAYS,
    check=rule,
    examples=examples,
)
