"""Standing rules: made once, ended once, counted, and carried out where nobody chooses."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING
from typing import Any

import pytest

from dashboards.demo.banks import BankLine
from dashboards.demo.banks import BankStatement
from dashboards.demo.banks import camt053
from dashboards.work.allocations import Split
from dashboards.work.errors import SplitRefused
from dashboards.work.ordinary import changing
from dashboards.work.standing import Conditions
from dashboards.work.standing import Payment
from dashboards.work.standing import Target
from dashboards.work.standing import all_rules
from dashboards.work.standing import conditions_for
from dashboards.work.standing import end_rule
from dashboards.work.standing import make_rule
from dashboards.work.standing import standing_rules
from dashboards.work.statements import confirm
from dashboards.work.statements import preview
from ledger import tables
from ledger.check_views import verify_installation
from ledger.entry import initiative_book

if TYPE_CHECKING:
    from dashboards.work.statements import Receipt
    from tests.unit.dashboards.district import District

MEER, EIK = "00000000000000aa", "00000000000000bb"
TUIN = Target("00000000000000c1", 1)
OWN, SHOP, OTHER = "NL02ABNA0123456789", "NL91ABNA0417164300", "NL20INGB0001234567"
AT_SHOP = Conditions(iban=SHOP)


def file(*lines: tuple[int, str], day: int = 5, opening: int = 1_000_000) -> bytes:
    """A bank's file of one day in October."""
    on = dt.date(2026, 10, day)
    booked = tuple(
        BankLine(f"R{day}-{at}", on, minor, "transfer" if minor < 0 else "received", f"nota {at}", "Vlier", iban)
        for at, (minor, iban) in enumerate(lines)
    )
    statement = BankStatement(OWN, "Stichting Kievitsmeer", day, on, on, opening, booked)
    made = dt.datetime(2026, 11, 1, 6, tzinfo=dt.UTC)
    return camt053([statement], version="08", message_id=f"M{day}", created_at=made)


def bring(district: District, content: bytes, links: Any = None, **more: Any) -> Receipt:  # noqa: ANN401 - passed on
    return confirm(district.installation, MEER, content, links, now=district.now, **more)


def rule(district: District, conditions: Conditions = AT_SHOP, target: Target = TUIN, foundation: str = MEER) -> str:
    with changing(district.installation.engine) as connection:
        return make_rule(connection, foundation, conditions, target, district.ids["treasurer"], district.now)


def linked(district: District) -> list[tuple[int, tuple[str, ...]]]:
    """What is linked, and by whom."""
    with district.installation.store.reading() as connection:
        bodies = connection.exec_driver_sql("SELECT body FROM entry WHERE type = 'allocation' ORDER BY idx").scalars()
        by = [b'"by":[]' in body for body in bodies]
    amounts = [row.amount_minor for row in district.rows(tables.allocation)]
    return [(amount, ("nobody",) if nobody else ("somebody",)) for amount, nobody in zip(amounts, by, strict=True)]


def test_a_rule_is_made_once_and_ended_once(district: District) -> None:
    """Saying the same again changes nothing; something else in the same case ends what was said before."""
    first = rule(district)
    assert rule(district) == first
    second = rule(district, target=Target(TUIN.initiative, 2))
    with changing(district.installation.engine) as connection:
        now, by = district.now, district.ids["treasurer"]
        assert [found.id for found in standing_rules(connection, MEER)] == [second]
        assert [found.id for found in all_rules(connection, MEER)] == [second, first]
        assert not end_rule(connection, EIK, second, by, now)
        assert not end_rule(connection, MEER, first, by, now)
        assert end_rule(connection, MEER, second, by, now)
        assert standing_rules(connection, MEER) == ()
        assert {found.ended_by for found in all_rules(connection, MEER)} == {by}


def test_what_rules_say_is_linked_where_nobody_chooses(district: District) -> None:
    """At once, in the transaction of the booking, by nobody; other payments and what came in stay as they are."""
    one = rule(district)
    rule(district, foundation=EIK)
    size = district.size()
    done = bring(district, file((-1_200, SHOP), (-300, OTHER), (500, SHOP)))
    assert linked(district) == [(-1_200, ("nobody",))]
    assert district.types(size)[:5] == ["statement", *["transaction"] * 3, "allocation"]
    assert done.new == 3
    assert {row.id: row.matched for row in district.rows(tables.standing_rule) if row.foundation == MEER} == {one: 1}
    assert verify_installation(district.installation).problems == ()


def test_typed_words_link_no_payment_to_an_account() -> None:
    """A rule made for the bank's own charges, by their words, does not hold for a transfer with these words in it."""
    typed = Payment(dt.date(2026, 10, 5), -1_200, iban=OTHER, text="kosten zakelijk pakket")
    conditions = Conditions(words="kosten zakelijk pakket")
    assert not conditions.hold_for(typed)
    assert not conditions.hold_for(replace(typed, iban=None, mandate="M-1"))
    assert conditions.hold_for(replace(typed, iban=None))
    assert Conditions(iban=OTHER, words="zakelijk").hold_for(typed)


def test_who_brings_a_file_stands_beside_its_links(district: District) -> None:
    """`import --by` names a person."""
    rule(district)
    bring(district, file((-1_200, SHOP)), by=(district.ids["treasurer"],))
    assert linked(district) == [(-1_200, ("somebody",))]


@pytest.mark.parametrize("how", ["ended", "closed", "split", "disagreeing", "none"])
def test_a_rule_that_does_not_stand_links_nothing(district: District, how: str) -> None:
    """Nor does it keep the file from being booked."""
    one = rule(district) if how != "none" else ""
    if how == "ended":
        with changing(district.installation.engine) as connection:
            end_rule(connection, MEER, one, district.ids["treasurer"], district.now)
    if how == "closed":
        district.append(initiative_book(TUIN.initiative), "closed", {"outcome": "finished"}, {"reason": None})
    if how == "split":
        rule(district, Conditions(amount_minor=-1_200), Target(TUIN.initiative, 9))
    if how == "disagreeing":
        budget: dict[str, Any] = {"lines": [[1, 1, None, None], [2, 1, None, None]], "currency": "EUR"}
        district.append(initiative_book(TUIN.initiative), "budget set", budget, {"names": ["a", "b"]})
        rule(district, Conditions(amount_minor=-1_200), Target(TUIN.initiative, 2))
    assert bring(district, file((-1_200, SHOP))).new == 1
    assert linked(district) == ([(-1_200, ("nobody",))] if how == "split" else [])


def test_what_somebody_chose_stands(district: District) -> None:
    """Where somebody looked, only what was chosen is linked; following the rule counts, leaving it does not."""
    one = rule(district)
    content = file((-1_200, SHOP), (-1_300, SHOP))
    shown = preview(district.installation, MEER, content).statements[0].lines
    assert [(line.suggestion, line.why) for line in shown] == [
        (Split(*TUIN, -1_200), "A standing rule says so."),
        (Split(*TUIN, -1_300), "A standing rule says so."),
    ]
    bring(district, content, {"0.1": [Split(*TUIN, -1_300)]})
    assert linked(district) == [(-1_300, ("nobody",))]
    assert [(row.id, row.matched) for row in district.rows(tables.standing_rule)] == [(one, 1)]
    bring(district, file((-50, SHOP), day=6, opening=997_500), {})
    assert len(linked(district)) == 1


def test_always_like_this_begins_with_the_booking(district: District) -> None:
    """A line that is linked as a whole becomes a rule; one that is split or left open does not."""
    by = (district.ids["treasurer"],)
    content = file((-1_200, SHOP), (-1_300, OTHER), (-800, "NL39RABO0300065264"))
    halves = [Split(*TUIN, -600), Split(*TUIN, -700)]
    links = {"0.0": [Split(*TUIN, -1_200)], "0.1": halves}
    bring(district, content, links, by=by, always=("0.0", "0.1", "0.2"))
    (row,) = district.rows(tables.standing_rule)
    assert (row.conditions, row.initiative, row.category, row.made_by) == ({"iban": SHOP}, *TUIN, by[0])
    assert row.matched == 0
    bring(district, file((-70, SHOP), day=6, opening=996_700))
    assert district.rows(tables.standing_rule)[0].matched == 1


def test_a_booking_that_fails_makes_no_rule(district: District) -> None:
    """All of it or nothing."""
    wrong = {"0.0": [Split(*TUIN, -1_200)], "0.1": [Split("00000000000000c2", 1, -5)]}
    with pytest.raises(SplitRefused, match="does not pay"):
        bring(district, file((-1_200, SHOP), (-5, OTHER)), wrong, by=(district.ids["treasurer"],), always=("0.0",))
    assert district.rows(tables.standing_rule) == []


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("Bakkerij De Warme Korst", "Pasvolgnr: 012 03-11-2026 Term: 8A753A", "Bakkerij De Warme Korst"),
        (None, "Kosten betaalrekening november", "Kosten betaalrekening november"),
        (None, "Kosten: rekening Kenmerk: Nr: 7", "Kosten: rekening"),
        ("Zon", "Pasvolgnr: 012", None),
    ],
    ids=["card", "charges", "labels", "short"],
)
def test_always_leaves_out_the_labels_of_figures(name: str | None, text: str, words: str | None) -> None:
    """What a bank writes before a figure is no part of the words; the words still stand in what is said."""
    payment = Payment(dt.date(2026, 11, 3), -500, name=name, text=text)
    conditions = conditions_for(payment)
    assert (conditions.words if conditions else None) == words
    assert conditions is None or conditions.hold_for(payment)
