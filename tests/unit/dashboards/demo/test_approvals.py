"""Ordinary spending is in order: payees approved and decisions taken beforehand."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from typing import Any

from dashboards.demo.approvals import approvals
from dashboards.demo.approvals import payments_of
from dashboards.demo.district import LIMIT_MINOR
from dashboards.demo.events import ApproveDecision
from dashboards.demo.events import ApprovePayee
from dashboards.demo.events import ProposeDecision
from dashboards.demo.events import ProposePayee
from dashboards.demo.payees import PAYEES

if TYPE_CHECKING:
    from dashboards.demo.world import World

OPENING = dt.date(2025, 10, 30)


def _approved_on(world: World, setup: dict[str, Any]) -> dict[tuple[str, str], dt.date]:
    found = {(item["foundation"], item["name"]): OPENING for item in setup["payee"]}
    for event in world.events:
        if isinstance(event, ApprovePayee):
            found[event.foundation, event.name] = event.at.date()
    return found


def _decided(world: World, setup: dict[str, Any]) -> dict[tuple[str, str], tuple[dt.date, dt.date, int]]:
    found = {
        (item["foundation"], item["payee"]): (OPENING, item["ends"], int(item["ceiling"].replace(".", "")))
        for item in setup["decision"]
    }
    proposals = {event.reference: event for event in world.events if isinstance(event, ProposeDecision)}
    for event in world.events:
        if isinstance(event, ApproveDecision):
            proposal = proposals[event.reference]
            period = event.at.date(), proposal.ends, proposal.ceiling_minor
            found[event.foundation, proposal.payee] = period
    return found


def test_ordinary_payments_have_payees_approved_beforehand(world: World, setup: dict[str, Any]) -> None:
    """The approval is recorded before the booking day, except where it was forgotten."""
    approved = _approved_on(world, setup)
    for movement in world.movements:
        for paid in payments_of(movement):
            since = approved.get((paid.foundation, PAYEES[paid.payee].name))
            assert not movement.covered or (since is not None and since < paid.booked_on)


def test_large_payments_and_persons_have_a_decision_beforehand(world: World, setup: dict[str, Any]) -> None:
    """Recorded before the booking day, still running on it, and covering all of the payee's payments."""
    decided = _decided(world, setup)
    totals: dict[tuple[str, str], int] = {}
    for movement in (item for item in world.movements if item.covered):
        for paid in payments_of(movement):
            key = paid.foundation, PAYEES[paid.payee].name
            totals[key] = totals.get(key, 0) + paid.amount_minor
            if paid.amount_minor > LIMIT_MINOR or PAYEES[paid.payee].kind == "person":
                since, until, _ = decided[key]
                assert since < paid.booked_on <= until
    assert all(totals[key] <= ceiling for key, (_, _, ceiling) in decided.items())


def test_a_payee_with_a_decision_is_paid_for_one_purpose(world: World) -> None:
    """One initiative and one category, so that no other payment uses up the ceiling."""
    for item in approvals(world.movements):
        if item.needs_decision:
            assert len({(paid.initiative, paid.category) for paid in item.payments}) == 1


def test_a_proposal_is_approved_later_by_somebody_else(world: World) -> None:
    """Every approval follows a proposal of another person, and none is left over."""
    proposed: dict[tuple[str, str], str] = {}
    for event in world.events:
        if isinstance(event, ProposePayee):
            proposed[event.foundation, event.name] = event.actor
        elif isinstance(event, ProposeDecision):
            proposed[event.foundation, event.reference] = event.actor
        elif isinstance(event, ApprovePayee):
            assert proposed.pop((event.foundation, event.name)) != event.actor
        elif isinstance(event, ApproveDecision):
            assert proposed.pop((event.foundation, event.reference)) != event.actor
    assert not proposed


def test_a_decision_is_proposed_for_an_approved_payee(world: World, setup: dict[str, Any]) -> None:
    """The payee stands in the register before anything is decided about it."""
    approved = _approved_on(world, setup)
    for event in world.events:
        if isinstance(event, ProposeDecision):
            assert approved[event.foundation, event.payee] < event.at.date()
