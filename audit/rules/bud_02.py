"""BUD-02: counted for an initiative outside the period of the grants that it is paid out of.

A payment is in time when one of those grants covers its day. After a grant's last day there are
some days for late invoices. A grant that was closed early ends on that day.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from typing import NamedTuple

from audit.examples import day
from audit.examples import grant
from audit.examples import instant
from audit.examples import payment
from audit.examples import world
from audit.rule import Example
from audit.rule import Hit
from audit.rule import Parameter
from audit.rule import Parameters
from audit.rule import Rule
from audit.spending import recorded_day
from audit.spending import rows_of
from audit.spending import spending
from audit.wording import N_
from audit.wording import as_json
from audit.wording import reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.frames import Context
    from audit.rule import Expected
    from audit.spending import Payment
    from audit.spending import Row
    from audit.wording import Json

BEFORE = N_("It was paid on %(booked_on)s; the grant begins on %(starts_on)s.")
AFTER = N_("It was paid on %(booked_on)s; the grant ended on %(ends_on)s.")


class Period(NamedTuple):
    """The days of a grant."""

    starts_on: dt.date
    ends_on: dt.date
    grant: str


def rule(context: Context, parameters: Parameters) -> Iterator[Hit]:
    """Yield a hit for every payment of which something was counted outside the period of its grants."""
    grace = dt.timedelta(days=parameters["days"])
    periods = _periods(context)
    for paid in spending(context):
        late = {
            name: periods[name]
            for name, _, _ in sorted(paid.allocations)
            if name in periods and not _in_time(paid.booked_on, periods[name], grace)
        }
        if late:
            yield _hit(paid, late)


def _in_time(day: dt.date, periods: list[Period], grace: dt.timedelta) -> bool:
    return any(period.starts_on <= day <= period.ends_on + grace for period in periods)


def _periods(context: Context) -> dict[str, list[Period]]:
    """Return the periods of the grants that each initiative is paid out of, in order."""
    periods: dict[str, list[Period]] = {}
    for row in rows_of(context.grants):
        for initiative in row["initiatives"]:
            periods.setdefault(initiative, []).append(_period(row))
    return {initiative: sorted(found) for initiative, found in periods.items()}


def _period(row: Row) -> Period:
    ends_on = row["ends"].date()
    if row["closed_at"]:
        ends_on = min(ends_on, recorded_day(row["closed_at"]))
    return Period(row["starts"].date(), ends_on, row["id"])


def _hit(paid: Payment, late: dict[str, list[Period]]) -> Hit:
    nearest = [_nearest(paid.booked_on, periods) for periods in late.values()]
    booked_on = paid.booked_on.isoformat()
    reasons = [
        reason(BEFORE, booked_on=booked_on, starts_on=period.starts_on.isoformat())
        if paid.booked_on < period.starts_on
        else reason(AFTER, booked_on=booked_on, ends_on=period.ends_on.isoformat())
        for period in nearest
    ]
    evidence: dict[str, Json] = {
        "amount_minor": sum(amount for name, _, amount in paid.allocations if name in late),
        "currency": paid.currency,
        "booked_on": booked_on,
        "grants": [
            {"grant": period.grant, "starts_on": period.starts_on.isoformat(), "ends_on": period.ends_on.isoformat()}
            for period in sorted({period for periods in late.values() for period in periods})
        ],
        "reasons": as_json(dict.fromkeys(reasons)),
    }
    return Hit("BUD-02", (paid.seq,), "medium", evidence)


def _nearest(day: dt.date, periods: list[Period]) -> Period:
    """Return the last period that began by a day, or else the first one."""
    return max((period for period in periods if period.starts_on <= day), default=periods[0])


def examples() -> tuple[Example, ...]:
    """Return what the rule must find and what it must leave alone."""
    tuin = (("tuin", 1, -30_000),)
    award = grant(starts=day("2026-01-15"), ends=day("2026-02-08"))
    on_day_30 = payment(allocations=tuin)
    day_31 = payment(allocations=tuin, booked_on=day("2026-03-11"))
    early = payment(allocations=tuin, booked_on=day("2026-01-14"))
    found: Expected = (((10,), "medium"),)
    return (
        Example("thirty days after the last day", world(on_day_30, grants=[award])),
        Example("a day later", world(day_31, grants=[award]), found),
        Example("on the first day", world({**early, "booked_on": day("2026-01-15")}, grants=[award])),
        Example("the day before", world(early, grants=[award]), found),
        Example("another grant covers the day", world(day_31, grants=[award, grant("next")])),
        Example("another initiative's grant does not", world(day_31, grants=[award, grant(initiatives=("x",))]), found),
        Example("closed early", world(day_31, grants=[grant(closed_at=instant("2026-02-08"))]), found),
        Example("closed after its last day", world(on_day_30, grants=[{**award, "closed_at": instant("2026-03-01")}])),
        Example("not counted for anything yet", world(payment(booked_on=day("2026-12-31")), grants=[award])),
        Example("an initiative without a grant", world(day_31)),
        Example(
            "one of two purposes, between two grants",
            world(
                payment(allocations=(("tuin", 1, -10_000), ("feest", 1, -20_000))),
                grants=[
                    grant("old", starts=day("2025-01-01"), ends=day("2025-12-31")),
                    grant("new", starts=day("2026-04-01")),
                ],
            ),
            found,
        ),
        Example("money given back", world({**day_31, "amount_minor": 30_000}, grants=[award])),
    )


RULE = Rule(
    id="BUD-02",
    version="2",
    status="active",
    kind="policy",
    severities=("medium",),
    severity_note=N_("Always medium."),
    title=N_("Paid outside the period of the grant"),
    why=N_("The district gave the money for a certain time. What is left afterwards goes back."),
    how=N_(
        "A grant has a first and a last day. "
        "This rule finds payments before the first day, or more than 30 days after the last. "
        "Only payments that are linked to an initiative with a grant are looked at."
    ),
    example=N_("A grant ends on 31 December. A bill for it is paid on 15 February."),
    false_positives=N_("Often an invoice came late, or the payment was linked to the wrong initiative."),
    references=("RULES BUD-02",),
    parameters=(Parameter("days", N_("Days after the grant's last day that are left alone"), "days", 30),),
    personal=False,
    check=rule,
    examples=examples,
)
