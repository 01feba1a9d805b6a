"""BUD-01: more was spent in a category than its budget line holds.

Payments and refunds of all foundations that pay for the initiative are taken by booking day. A hit is
about the payment with which the line was first passed; where it is nearly used up, about the payment with
which that was first so. Each stands in the book of the foundation that made that payment.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING
from typing import NamedTuple

from audit.examples import budget
from audit.examples import day
from audit.examples import world
from audit.frames import NEARLY_USED
from audit.rule import Example
from audit.rule import Hit
from audit.rule import Parameter
from audit.rule import Parameters
from audit.rule import Rule
from audit.rule import gravest
from audit.spending import rows_of
from audit.wording import N_
from audit.wording import as_json
from audit.wording import reason

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from audit.frames import Context
    from audit.rule import Severity
    from audit.spending import Row
    from audit.wording import Json

OVERRUN = N_("With it %(spent_minor)s was spent, and the budget line is %(budget_minor)s.")
NEARLY = N_("With it %(spent_minor)s of the %(budget_minor)s in the budget line was spent.")


class Crossing(NamedTuple):
    """The payment with which a line was passed."""

    foundation: str
    seq: int
    booked_on: dt.date
    spent_minor: int


class Passed(NamedTuple):
    """A budget line and how grave it is that it was passed."""

    severity: Severity
    crossing: Crossing
    row: Row


def rule(context: Context, parameters: Parameters) -> Iterator[Hit]:
    """Yield a hit for every payment with which budget lines were passed, or nearly used up."""
    found: dict[int, list[Passed]] = {}
    for row in rows_of(context.budgets):
        for passed in _passed(row, parameters):
            if passed.crossing.foundation == context.foundation:
                found.setdefault(passed.crossing.seq, []).append(passed)
    for seq, lines in sorted(found.items()):
        yield _hit(seq, sorted(lines, key=lambda line: (line.row["initiative"], line.row["category"])))


def _passed(row: Row, parameters: Parameters) -> Iterator[Passed]:
    """Yield the payment with which a line was passed, and the one with which it was nearly used up."""
    budget_minor = row["amount_minor"]
    allowed = budget_minor + max(parameters["over_minor"], budget_minor * parameters["over_percent"] // 100)
    nearly = -(-budget_minor * parameters["warn_percent"] // 100) - 1  # the most that is below that part
    over, near = _crossing(row, allowed), _crossing(row, nearly)
    if over is not None:
        yield Passed("medium", over, row)
    elif near is not None and budget_minor:
        yield Passed("info", near, row)


def _crossing(row: Row, most_minor: int) -> Crossing | None:
    """Return the first payment with which more than this was spent, if it still is."""
    links = sorted(row["links"], key=lambda link: (link[2], link[0], link[1]))
    spent = list(accumulate(-amount for _, _, _, amount in links))
    if not spent or spent[-1] <= most_minor:
        return None
    place = next(place for place, sum_minor in enumerate(spent) if sum_minor > most_minor)
    foundation, seq, booked_on, _ = links[place]
    return Crossing(foundation, seq, booked_on, spent[place])


def _hit(seq: int, lines: list[Passed]) -> Hit:
    reasons = [
        reason(
            OVERRUN if line.severity == "medium" else NEARLY,
            spent_minor=line.crossing.spent_minor,
            budget_minor=line.row["amount_minor"],
        )
        for line in lines
    ]
    evidence: dict[str, Json] = {
        "booked_on": lines[0].crossing.booked_on.isoformat(),
        "budget": [
            {
                "initiative": line.row["initiative"],
                "category": line.row["category"],
                "budget_minor": line.row["amount_minor"],
                "spent_minor": line.crossing.spent_minor,
            }
            for line in lines
        ],
        "reasons": as_json(dict.fromkeys(reasons)),
    }
    return Hit("BUD-01", (seq,), gravest(*(line.severity for line in lines)), evidence)


def examples() -> tuple[Example, ...]:
    """Return what the rule must find and what it must leave alone."""
    first = ("meer", 10, day("2026-02-01"), -350_000)

    def then(amount_minor: int, seq: int = 11, foundation: str = "meer") -> tuple[str, int, dt.date, int]:
        return (foundation, seq, day("2026-03-01"), amount_minor)

    small = {"amount_minor": 100_000}
    return (
        Example("nothing counted yet", world(budgets=[budget()])),
        Example("a cent below 90 percent", world(budgets=[budget(first, then(-9_999))])),
        Example("90 percent", world(budgets=[budget(first, then(-10_000))]), (((11,), "info"),)),
        Example("ten percent over", world(budgets=[budget(first, then(-90_000))]), (((11,), "info"),)),
        Example("a cent more", world(budgets=[budget(first, then(-90_001))]), (((11,), "medium"),)),
        Example("much over, but only EUR 250", world(budgets=[budget(then(-125_000), **small)]), (((11,), "info"),)),
        Example("a cent more than EUR 250", world(budgets=[budget(then(-125_001), **small)]), (((11,), "medium"),)),
        Example(
            "a refund brings it back",
            world(budgets=[budget(first, then(-90_001), ("meer", 12, day("2026-03-02"), 200_000))]),
        ),
        Example("another foundation passed it", world(budgets=[budget(first, then(-90_001, foundation="eik"))])),
        Example(
            "another foundation had spent most of it",
            world(budgets=[budget(("eik", 10, day("2026-02-01"), -350_000), then(-90_001))]),
            (((11,), "medium"),),
        ),
        Example(
            "one payment passes two lines",
            world(budgets=[budget(first, then(-90_001)), budget(first, then(-10_000), category=2)]),
            (((11,), "medium"),),
        ),
        Example(
            "booked in another order",
            world(budgets=[budget(then(-90_001), first)]),
            (((11,), "medium"),),
        ),
        Example("nothing was planned, EUR 250 spent", world(budgets=[budget(then(-25_000), amount_minor=0)])),
        Example(
            "nothing was planned, a cent more spent",
            world(budgets=[budget(then(-25_001), amount_minor=0)]),
            (((11,), "medium"),),
        ),
    )


RULE = Rule(
    id="BUD-01",
    version="1",
    status="active",
    kind="policy",
    severities=("info", "medium"),
    severity_note=N_("Medium where too much was spent, for information from 90 percent."),
    title=N_("A part of the budget is used up"),
    why=N_("What is spent on one thing cannot be spent on another. Neighbours agreed on the parts together."),
    how=N_(
        "An initiative has a budget for each category. "
        "This rule finds the payment with which more than 10 percent and more than €250 too much was spent. "
        "From 90 percent it gives a warning."
    ),
    example=N_("There is €1,000 for plants. With the last payment, €1,300 was spent on plants."),
    false_positives=N_("Often a payment was linked to the wrong category, or the plan changed meanwhile."),
    references=("RULES BUD-01",),
    parameters=(
        Parameter("over_percent", N_("Percent over the budget that are left alone"), "count", 10),
        Parameter("over_minor", N_("Amount over the budget that is left alone"), "money", 25_000),
        Parameter("warn_percent", N_("Percent of the budget from which it warns"), "count", 90, NEARLY_USED),
    ),
    personal=False,
    reach=None,
    check=rule,
    examples=examples,
)
