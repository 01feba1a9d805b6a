"""AMT-01: the same amount to the same account twice within a week.

Naive doubles are mostly instalments and rent. So an amount counts only where it is of some size and not round, and a
series of payments a week apart, four or more, is left alone: a third payment does not make one of the first
two. What came back between two payments was not paid twice.
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
from audit.spending import rows_of
from audit.spending import spending
from audit.wording import N_
from audit.wording import as_json
from audit.wording import reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.frames import Context
    from audit.rule import Expected
    from audit.wording import Json

SERIES, WEEK = 4, range(6, 9)
"""How many payments with days between them as for a weekly one, give or take a weekend, make a series."""
REACH_DAYS = (SERIES - 2) * WEEK[-1]
TWICE = N_("%(amount_minor)s went to the same account on %(first_on)s and on %(second_on)s.")


class Paid(NamedTuple):
    """One of equal amounts to one account."""

    booked_on: dt.date
    seq: int


Equal = tuple[str, str, int]
"""What equal payments have in common: account, currency and amount."""


def rule(context: Context, parameters: Parameters) -> Iterator[Hit]:
    """Yield a hit for every two equal payments to one account within a few days, save instalments."""
    least, round_to = parameters["from_minor"], parameters["round_minor"]
    equal: dict[Equal, list[Paid]] = {}
    for line in spending(context):
        for share in line.shares:
            amount = share.amount_minor
            if share.party.iban and amount >= least and amount % round_to:
                key = (share.party.iban, line.currency, amount)
                equal.setdefault(key, []).append(Paid(line.booked_on, line.seq))
    within = dt.timedelta(days=parameters["days"])
    twice = [(key, pair) for key, paid in equal.items() for pair in _pairs(paid, within)]
    back = Back(context) if twice else None
    for key, (first, second) in twice:
        if back is None or not back.between(key, first, second):
            yield _hit(key, first, second)


def _pairs(paid: list[Paid], within: dt.timedelta) -> Iterator[tuple[Paid, Paid]]:
    """Yield two payments that follow each other within a few days and are none of a series; payments come by day."""
    weekly = [(second.booked_on - first.booked_on).days in WEEK for first, second in pairwise(paid)]
    for place, pair in enumerate(pairwise(paid)):
        first, second = pair
        around = [weekly[start : start + SERIES - 1] for start in range(max(place - SERIES + 2, 0), place + 1)]
        series = any(len(gaps) == SERIES - 1 and all(gaps) for gaps in around)
        if not series and second.booked_on - first.booked_on <= within:
            yield pair


class Back:
    """Equal amounts that came back: given back by the bank, or paid back from the account they went to."""

    def __init__(self, context: Context) -> None:
        self._corrected: dict[int, dt.date] = {}
        self._from: dict[Equal, list[Paid]] = {}
        frame = context.payments
        for row in rows_of(frame.loc[frame["amount_minor"] > 0]):
            back = Paid(row["booked_on"].date(), row["seq"])
            if row["corrects"] is not None:
                self._corrected[row["corrects"]] = back.booked_on
            elif row["iban"]:
                self._from.setdefault((row["iban"], row["currency"], row["amount_minor"]), []).append(back)

    def between(self, key: Equal, first: Paid, second: Paid) -> bool:
        """Return whether the first payment had come back when the second was made."""
        corrected = self._corrected.get(first.seq)
        if corrected is not None and corrected <= second.booked_on:
            return True
        return any(first < back < second for back in self._from.get(key, ()))


def _hit(key: Equal, first: Paid, second: Paid) -> Hit:
    _, currency, amount = key
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
        Example(
            "three times: the third takes nothing away",
            world(first, payment(11, -12_345), payment(12, -12_345)),
            (((10, 11), "medium"), ((11, 12), "medium")),
        ),
        Example(
            "a third one a week later",
            world(first, payment(11, -12_345), payment(12, -12_345, booked_on=day("2026-03-17"))),
            (((10, 11), "medium"), ((11, 12), "medium")),
        ),
        Example(
            "three weekly instalments, which may be doubles",
            world(first, week_later, payment(12, -12_345, booked_on=day("2026-03-24"))),
            (((10, 11), "medium"), ((11, 12), "medium")),
        ),
        Example(
            "four weekly instalments, one of them after a weekend",
            world(
                payment(9, -12_345, booked_on=day("2026-03-02")),
                first,
                week_later,
                payment(12, -12_345, booked_on=day("2026-03-24")),
            ),
        ),
        Example(
            "one twice among weekly instalments",
            world(
                payment(8, -12_345, booked_on=day("2026-03-03")),
                first,
                payment(11, -12_345),
                payment(12, -12_345, booked_on=day("2026-03-17")),
            ),
            (((8, 10), "medium"), ((10, 11), "medium"), ((11, 12), "medium")),
        ),
        Example(
            "given back by the bank, and paid again",
            world(first, payment(11, 12_345, iban=None, corrects=10), payment(12, -12_345)),
        ),
        Example(
            "paid back from the same account, and paid again",
            world(first, payment(11, 12_345), payment(12, -12_345)),
        ),
        Example(
            "paid back from another account",
            world(first, payment(11, 12_345, iban=STRANGER), payment(12, -12_345)),
            (((10, 12), "medium"),),
        ),
        Example(
            "another amount came back",
            world(first, payment(11, 12_346), payment(12, -12_345)),
            (((10, 12), "medium"),),
        ),
        Example(
            "paid twice, and given back afterwards",
            world(first, payment(11, -12_345), payment(12, 12_345, corrects=10, booked_on=day("2026-03-12"))),
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
    version="2",
    status="active",
    kind="indicator",
    severities=("medium",),
    severity_note=N_("Always medium."),
    title=N_("The same amount was paid twice"),
    why=N_("A bill that is paid twice costs the neighbourhood money, and is easily asked back."),
    how=N_(
        "This rule finds two payments of the same amount to the same account within a week. "
        "Small and round amounts are left out, and so are four or more payments a week apart, such as instalments. "
        "What came back and was paid again was not paid twice."
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
