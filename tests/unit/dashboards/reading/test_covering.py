"""Which decision covers a payment: what is public, and never more than is certain."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from dashboards.pages.transaction import DecisionCover
from dashboards.reading.covering import Decision
from dashboards.reading.covering import Payment
from dashboards.reading.covering import cover

if TYPE_CHECKING:
    from tests.unit.dashboards.reading.conftest import Village

DAY = dt.date(2026, 3, 10)
OPENED = dt.date(2026, 3, 2)
PAYMENT = Payment(
    booked_on=DAY,
    amount_minor=500_00,
    payee=None,
    purposes=frozenset({("tuin", 1)}),
    refused=False,
    judged=True,
)
DECISION = Decision(
    id="one",
    ceiling_minor=500_00,
    initiative="tuin",
    category=1,
    starts=DAY,
    ends=DAY,
    recorded_on=DAY,
    withdrawn_on=None,
    payee=None,
    purpose=None,
)
COVERED = DecisionCover(state="covered", ceiling_minor=500_00, recorded_on=DAY)


def state(payment: Payment, *decisions: Decision) -> str:
    """What is said of a payment."""
    return cover(payment, 250_00, OPENED, decisions)[0].state


def test_only_decision_that_fits_is_named() -> None:
    """At the ceiling, on its first and last day, recorded that day: it covers."""
    assert cover(PAYMENT, 250_00, OPENED, [DECISION]) == (COVERED, DECISION)


@pytest.mark.parametrize(
    "other",
    [
        replace(DECISION, ceiling_minor=499_99),
        replace(DECISION, starts=DAY + dt.timedelta(days=1)),
        replace(DECISION, ends=DAY - dt.timedelta(days=1)),
        replace(DECISION, recorded_on=DAY + dt.timedelta(days=1)),
        replace(DECISION, withdrawn_on=DAY - dt.timedelta(days=1)),
        replace(DECISION, initiative="feest"),
        replace(DECISION, category=2),
    ],
)
def test_decision_that_cannot_be_it_is_not_named(other: Decision) -> None:
    """Whatever of its public side does not fit rules a decision out."""
    assert state(PAYMENT, other) == "nothing_missing"


def test_of_several_that_fit_none_is_named() -> None:
    """Where the payee alone would tell, and is not public, no decision is claimed."""
    assert state(PAYMENT, DECISION, replace(DECISION, id="two")) == "nothing_missing"


def test_disclosed_payee_tells() -> None:
    """A decision for the disclosed payee is the one; one for another payee is not."""
    paid = replace(PAYMENT, payee="zon")
    for_zon, for_maan = replace(DECISION, id="zon", payee="zon"), replace(DECISION, id="maan", payee="maan")
    assert cover(paid, 250_00, OPENED, [DECISION, for_zon, for_maan])[1] == for_zon
    assert state(paid, for_maan) == "nothing_missing"


def test_a_payees_new_account_keeps_its_decision() -> None:
    """The decision names the entry under which the payee first stood in the register."""
    paid = replace(PAYMENT, payee="zon-2", alike=frozenset({"zon", "zon-2"}))
    for_zon, for_maan = replace(DECISION, id="zon", payee="zon"), replace(DECISION, id="maan", payee="maan")
    assert cover(paid, 250_00, OPENED, [for_maan, DECISION, for_zon])[1] == for_zon


def test_payment_for_two_purposes_names_no_decision() -> None:
    """Its parts may be covered by different ones."""
    assert state(replace(PAYMENT, purposes=frozenset({("tuin", 1), ("feest", 1)})), DECISION) == "nothing_missing"


def test_rules_decide_that_there_is_none() -> None:
    """Where the rules found that nothing covers it, no decision is named."""
    assert state(replace(PAYMENT, refused=True), DECISION) == "none"


def test_nothing_is_said_before_the_rules_looked() -> None:
    """A new payment waits for the rules."""
    assert state(replace(PAYMENT, judged=False), DECISION) == "not_judged"


def test_small_payment_says_within_the_limit_only_of_a_public_payee() -> None:
    """That a masked payee is approved is not said."""
    small = replace(PAYMENT, amount_minor=250_00)
    assert state(small, DECISION) == "nothing_missing"
    shown = cover(replace(small, payee="zon"), 250_00, OPENED, [DECISION])[0]
    assert shown == DecisionCover(state="within_limit", limit_minor=250_00)


def test_payment_from_before_the_foundation_came_is_said_to_be() -> None:
    """What was booked the day before is from before Buurtkas."""
    assert state(replace(PAYMENT, booked_on=OPENED - dt.timedelta(days=1)), DECISION) == "before_buurtkas"


def test_page_tells_what_the_rules_found(village: Village) -> None:
    """The four words on a payment's page, from the database."""
    before = village.line(-400_00, "2026-03-01")
    small = village.line(-20_00, counter=village.payee(village.shop), show=True)
    large = village.line(-700_00)
    village.link(large, -700_00)
    refused = village.line(-900_00)
    income = village.line(900_00)
    assert village.reader.transaction("beemd", large.seq).decision.state == "not_judged"
    village.flag(refused, "PAY-07", show=True)
    village.audit()
    states = {
        line.seq: village.reader.transaction("beemd", line.seq).decision
        for line in (before, small, large, refused, income)
    }
    assert [cover.state for cover in states.values()] == [
        "before_buurtkas",
        "within_limit",
        "covered",
        "none",
        "not_needed",
    ]
    assert states[large.seq].ceiling_minor == 800_00
    assert states[large.seq].recorded_on == dt.date(2026, 3, 2)
    assert village.reader.transaction("beemd", large.seq).purpose is None
