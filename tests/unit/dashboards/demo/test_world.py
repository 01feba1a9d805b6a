"""The district as a whole: order, size, money, and who does what."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from dashboards.demo.district import FOUNDATIONS
from dashboards.demo.district import INITIATIVES
from dashboards.demo.events import AnswerCase
from dashboards.demo.events import ApproveDecision
from dashboards.demo.events import ApprovePayee
from dashboards.demo.events import CloseCase
from dashboards.demo.events import Day
from dashboards.demo.events import Declare
from dashboards.demo.events import EscalateCase
from dashboards.demo.events import Link
from dashboards.demo.events import ProposeDecision
from dashboards.demo.events import ProposePayee
from dashboards.demo.events import RuleOnCase
from dashboards.demo.events import TakeUp
from dashboards.demo.events import Upload
from dashboards.demo.payees import PAYEES
from dashboards.demo.people import HOUSEHOLDS
from dashboards.demo.people import PEOPLE
from dashboards.demo.people import signatories
from dashboards.demo.story import RECIPIENTS
from dashboards.demo.world import make_world

if TYPE_CHECKING:
    from dashboards.demo.events import Event
    from dashboards.demo.world import World


def _spent(world: World) -> Counter[tuple[str, str]]:
    spent: Counter[tuple[str, str]] = Counter()
    for movement in world.movements:
        for share in movement.shares:
            minor = movement.line.amount_minor if share.amount_minor is None else share.amount_minor
            spent[share.initiative, share.category] -= minor
    return spent


def _proportions(world: World) -> dict[str, float]:
    spent = _spent(world)
    return {
        item.slug: sum(spent[item.slug, category] for category, _ in item.budget)
        / sum(whole * 100 for _, whole in item.budget)
        for item in INITIATIVES
    }


def test_the_same_seed_gives_the_same_bytes(world: World) -> None:
    """Everything about the world depends on its seed alone."""
    assert make_world() == world
    assert make_world(seed=7) != world


def test_the_number_of_transactions_is_as_asked(world: World) -> None:
    """At least 2,500 by default, and otherwise exactly the number given."""
    assert len(world.movements) == 2_600
    assert len(make_world(transactions=1_200).movements) == 1_200


def test_few_transactions_still_tell_the_story() -> None:
    """What is planned is never left out, however few lines are asked."""
    small = make_world(transactions=10)
    assert sum(movement.payee is None and not movement.covered for movement in small.movements) == 14


def test_events_are_in_order_and_after_the_opening(world: World) -> None:
    """Every instant is aware UTC in whole seconds, and none precedes another."""
    instants = [event.at for event in world.events]
    assert instants == sorted(instants)
    assert instants[0] > world.opened_at
    assert all(at.tzinfo is dt.UTC and not at.microsecond for at in instants)


def test_the_machine_has_its_day_every_four_weeks(world: World) -> None:
    """From the first Monday to the last, once in each of a year's thirteen times four weeks."""
    days = [event.at.date() for event in world.events if isinstance(event, Day) and event.foundation is None]
    assert {day.weekday() for day in days} == {0}
    assert all((later - day).days == 28 for day, later in pairwise(days))
    assert len(days) >= 13


def test_every_actor_has_the_role_that_the_act_asks_for(world: World) -> None:
    """Treasurers upload, signatories approve, officers rule, foundations answer."""
    roles = {person.email: person for person in PEOPLE}
    asked: dict[type[Event], set[str]] = {
        Upload: {"treasurer", "signatory"},
        Link: {"treasurer"},
        Declare: {"treasurer"},
        ProposePayee: {"treasurer"},
        ProposeDecision: {"treasurer"},
        ApprovePayee: {"signatory"},
        ApproveDecision: {"signatory"},
        AnswerCase: {"treasurer", "signatory"},
        TakeUp: {"officer"},
        RuleOnCase: {"officer"},
        EscalateCase: {"officer"},
        CloseCase: {"officer"},
    }
    for event in (one for one in world.events if not isinstance(one, Day)):
        actor = roles[event.actor]
        assert actor.role in asked[type(event)]
        if isinstance(event, AnswerCase):
            assert actor.foundation == event.case.foundation
        elif actor.role != "officer":
            assert actor.foundation == getattr(event, "foundation", None)


def test_every_foundation_has_two_signatories() -> None:
    """A decision takes two people, also when the treasurer is away."""
    assert all(len(signatories(foundation.slug)) == 2 for foundation in FOUNDATIONS)


def test_no_name_collides_with_another() -> None:
    """People, payees, recipients, foundations and initiatives all have names of their own."""
    names = [person.name for person in PEOPLE]
    names += [payee.name for payee in PAYEES.values()]
    names += [name for _, name in HOUSEHOLDS]
    names += [*RECIPIENTS, *(item.name for item in FOUNDATIONS), *(item.name for item in INITIATIVES)]
    assert max(Counter(name.casefold() for name in names).values()) == 1


def test_no_account_is_ever_overdrawn(world: World) -> None:
    """What people spend they have received before."""
    balances = Counter(
        {(item.slug, account.key): account.opening_minor for item in FOUNDATIONS for account in item.accounts}
    )
    for movement in world.movements:
        balances[movement.foundation, movement.account] += movement.line.amount_minor
        assert balances[movement.foundation, movement.account] >= 0


def test_the_pages_of_the_initiatives_differ(world: World) -> None:
    """One is nearly spent, one has just begun, one is finished, and none is overspent as a whole."""
    proportions = _proportions(world)
    assert 0.8 < proportions["buurttuin-de-ekster"] < 0.9
    assert proportions["speelplek-de-krekel"] < 0.1
    assert max(proportions.values()) < 1
    finished = [
        movement.line.booked_on
        for movement in world.movements
        if any(share.initiative == "zomerfeest" for share in movement.shares)
    ]
    assert max(finished) < dt.date(2026, 8, 1)


def test_exactly_one_category_is_overrun(world: World) -> None:
    """More than a tenth and EUR 250 over: the soup's kitchen, and nothing else."""
    spent = _spent(world)
    over = [
        (item.slug, category)
        for item in INITIATIVES
        for category, whole in item.budget
        if spent[item.slug, category] > max(whole * 110, whole * 100 + 250_00)
    ]
    assert over == [("soep-op-woensdag", "keuken")]


def test_transfers_are_booked_on_working_days(world: World) -> None:
    """Only cards and web shops work at the weekend."""
    for movement in world.movements:
        if movement.line.kind not in {"card", "ideal"}:
            assert movement.line.booked_on.weekday() < 5, movement.line
