"""The money that moves to private accounts, the small sloppiness, and what becomes of both."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from dashboards.demo.district import GRANTS
from dashboards.demo.district import after
from dashboards.demo.district import date_of
from dashboards.demo.events import AnswerCase
from dashboards.demo.events import CaseMatch
from dashboards.demo.events import CloseCase
from dashboards.demo.events import EscalateCase
from dashboards.demo.events import RuleOnCase
from dashboards.demo.events import TakeUp
from dashboards.demo.events import Upload
from dashboards.demo.payees import PAYEES
from dashboards.demo.story import RECIPIENTS
from dashboards.reading.soon import Payment
from dashboards.reading.soon import gone
from dashboards.reading.soon import next_first
from dashboards.reading.soon import next_monday

if TYPE_CHECKING:
    from dashboards.demo.months import Movement
    from dashboards.demo.world import World

_CASES = TakeUp | AnswerCase | EscalateCase | RuleOnCase | CloseCase


def _moved(world: World) -> list[Movement]:
    return [item for item in world.movements if item.payee is None and not item.covered]


def test_about_96_000_of_250_000_moves_in_one_week(world: World) -> None:
    """Out of one foundation, round and not, within seven days, after an ordinary year."""
    moved = _moved(world)
    assert abs(-sum(item.line.amount_minor for item in moved) - 96_000_00) <= 500_00
    assert sum(grant.amount_minor for grant in GRANTS if grant.foundation == "melkput") == 250_000_00
    assert {item.foundation for item in moved} == {"melkput"}
    days = [item.line.booked_on for item in moved]
    assert (max(days) - min(days)).days < 7
    assert min(days) > date_of(9, 1)
    assert {item.line.amount_minor % 100_00 == 0 for item in moved} == {True, False}


def test_daily_weekly_and_monthly_would_each_have_seen_it_at_another_moment(world: World) -> None:
    """So that the page on how soon it was seen has something to tell: a little, half, all."""
    payments = [Payment(0, item.line.booked_on, -item.line.amount_minor) for item in _moved(world)]
    first, total = min(payment.booked_on for payment in payments), sum(payment.amount_minor for payment in payments)
    daily, weekly, monthly = (gone(payments, day) for day in (first, next_monday(first), next_first(first)))
    assert daily < total // 10 < weekly < total == monthly


def test_the_recipients_are_in_nobodys_register(world: World) -> None:
    """No approved payee has the name or the account of a recipient."""
    registered = {payee.iban for payee in PAYEES.values()}
    assert not registered & {item.line.iban for item in _moved(world)}
    assert not set(RECIPIENTS) & {payee.name for payee in PAYEES.values()}


def test_what_was_moved_is_never_explained(world: World) -> None:
    """Money that disappeared never reads as spent."""
    assert all(not item.shares for item in _moved(world))


def test_every_case_event_follows_the_upload_of_its_payments(world: World) -> None:
    """Nobody takes up, answers or rules on what is not yet on the site."""
    for event in world.events:
        if isinstance(event, _CASES):
            case = event.case
            assert _payments(world, case)
            assert any(
                upload.at < event.at
                for upload in world.events
                if isinstance(upload, Upload)
                and upload.foundation == case.foundation
                and upload.at.month == after(case.booked_to.month)
            )


def _payments(world: World, case: CaseMatch) -> list[Movement]:
    return [
        item
        for item in world.movements
        if item.foundation == case.foundation
        and item.line.iban == case.iban
        and case.booked_from <= item.line.booked_on <= case.booked_to
    ]


def test_each_case_goes_through_its_life_in_order(world: World) -> None:
    """Confirmed only after escalation and by another officer; closed only after a ruling."""
    escalated: dict[CaseMatch, str] = {}
    ruled: set[CaseMatch] = set()
    for event in world.events:
        if isinstance(event, EscalateCase):
            escalated[event.case] = event.actor
        elif isinstance(event, RuleOnCase):
            assert event.outcome == "accepted" or escalated[event.case] != event.actor
            ruled.add(event.case)
        elif isinstance(event, CloseCase):
            assert event.case in ruled
            assert event.second not in {None, event.actor}


def test_the_inbox_is_alive_at_the_end(world: World) -> None:
    """The story is confirmed and partly closed; elsewhere cases are accepted, and the last two still wait."""
    rulings = [event for event in world.events if isinstance(event, RuleOnCase)]
    confirmed = {event.case.payee for event in rulings if event.outcome == "confirmed"}
    assert confirmed == set(RECIPIENTS)
    assert len(rulings) - len(confirmed) >= 9
    closed = {event.case.payee for event in world.events if isinstance(event, CloseCase)}
    assert 0 < len(confirmed & closed) < len(confirmed)


def test_ordinary_sloppiness_is_one_case_a_month_at_most(world: World) -> None:
    """Apart from the story, no foundation forgets more than one approval in a month."""
    forgotten = Counter(
        (item.foundation, item.line.booked_on.month)
        for item in world.movements
        if not item.covered and item.payee is not None
    )
    assert 9 <= sum(forgotten.values()) <= 12
    assert max(forgotten.values()) == 1
