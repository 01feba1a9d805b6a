"""The rules against their own examples, against shuffled facts, and against each other."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import random
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from audit.covering import judged
from audit.errors import ParameterRefused
from audit.examples import COLLECTING
from audit.examples import STRANGER
from audit.examples import ZON
from audit.examples import account
from audit.examples import day
from audit.examples import decision
from audit.examples import declaration
from audit.examples import instant
from audit.examples import listed
from audit.examples import payment
from audit.examples import statement
from audit.examples import world
from audit.frames import empty_context
from audit.rule import severity_rank
from audit.rules import RULES
from audit.rules import digest
from audit.rules import evaluate
from audit.rules import rule_set_hash
from audit.rules import settings
from audit.spending import CHARGES

if TYPE_CHECKING:
    from audit.frames import Context
    from audit.rule import Example
    from audit.rule import Hit
    from audit.rule import Rule

EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.id}: {example.title}")
    for rule in RULES.values()
    for example in rule.examples()
]
FRAMES = ("payments", "register", "decisions", "statements", "accounts", "declarations", "grants", "budgets")
NAMES = st.sampled_from(["Bouwmarkt Zon", "Mevr. Q. Dauwhoek", "Ottoline Maanzaad", "Stichting Klaver", "Mollie", None])


def _reasons(hit: Hit) -> list[str]:
    """Return the message ids of a hit's reasons."""
    reasons = hit.evidence["reasons"]
    assert isinstance(reasons, list)
    return [str(item[0]) for item in reasons if isinstance(item, list)]


@st.composite
def _payments(draw: st.DrawFn) -> list[dict[str, object]]:
    """Draw payments of a spring: some to payees of the register, some to strangers, some received."""
    return [
        payment(
            seq,
            draw(st.integers(-60_000, 5_000)),
            booked_on=day("2026-01-25") + dt.timedelta(days=draw(st.integers(0, 100))),
            name=draw(NAMES),
            iban=draw(st.sampled_from([ZON, STRANGER, None])),
            type_code=draw(st.sampled_from(["BA", "DV", "OV", None])),
            counter=draw(st.sampled_from([None, "payee:zon", "account:savings"])),
            allocations=draw(st.sampled_from([(), (("tuin", 1, -100),)])),
        )
        for seq in range(draw(st.integers(0, 8)))
    ]


def _shuffled(context: Context, seed: int) -> Context:
    """Return the same facts in another order."""
    order = random.Random(seed)
    frames = {}
    for name in FRAMES:
        frame = getattr(context, name)
        frames[name] = frame.iloc[order.sample(range(len(frame)), len(frame))]
    return dataclasses.replace(context, **frames)


def _busy(payments: list[dict[str, object]]) -> Context:
    """Return a world with several payees, decisions, declarations and statements."""
    return world(
        *payments,
        register=[
            listed(),
            listed("zon2", approved_at=instant("2026-03-20")),
            listed("maan", name="Ottoline Maanzaad", iban=STRANGER, kind="person", revoked_at=instant("2026-03-01")),
        ],
        decisions=[
            decision("a", ceiling_minor=60_000),
            decision("b", initiative="tuin", month_ceiling_minor=30_000),
            decision("c", payee=None, ceiling_minor=20_000, month_ceiling_minor=40_000),
            decision("d", payee="zon2", withdrawn_at=instant("2026-03-15")),
        ],
        declarations=[declaration("bob", STRANGER), declaration("cas", STRANGER, relation="household")],
        accounts=[account("main", "NL39RABO0300065264")],
        statements=[statement(5, 0, 1), statement(6, 2, 3, opening_date=day("2026-01-10"))],
    )


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_a_rule_finds_what_its_examples_say(rule: Rule, example: Example) -> None:
    """Every example gives exactly its hits, each a severity that the rule announces."""
    hits = tuple(rule.run(example.context))
    assert tuple((hit.subjects, hit.severity) for hit in hits) == example.hits
    assert all(hit.severity in rule.severities and hit.rule == rule.id for hit in hits)


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_evidence_is_plain_and_names_nobody(rule: Rule, example: Example) -> None:
    """Evidence is JSON of whole numbers and texts with reasons, and holds no IBAN and no name."""
    for hit in rule.run(example.context):
        text = json.dumps(hit.evidence, allow_nan=False)
        assert json.loads(text, parse_float=pytest.fail) == hit.evidence
        assert _reasons(hit)
        for value in (ZON, STRANGER, "Dauwhoek", "Maanzaad", "Bouwmarkt"):
            assert value not in text


def test_each_rule_has_examples_that_fire_and_that_do_not() -> None:
    """A rule without a quiet example, or without a loud one, proves nothing."""
    for rule in RULES.values():
        assert {bool(example.hits) for example in rule.examples()} == {True, False}


def test_each_rule_says_what_its_page_needs() -> None:
    """No text is empty, and severities go from mild to grave; indicators stay below high."""
    for rule in RULES.values():
        assert all((rule.title, rule.why, rule.how, rule.example, rule.false_positives, rule.severity_note))
        assert list(rule.severities) == sorted(rule.severities, key=severity_rank)


def test_only_what_tells_something_about_a_person_is_personal() -> None:
    """Who looks private, and who is close to the board, is hidden until a ruling."""
    assert [rule.id for rule in RULES.values() if rule.personal] == ["PAY-02", "PAY-03"]


def test_nothing_happened_gives_no_hits() -> None:
    """An empty foundation has no hits, and the digest of nothing."""
    evaluation = evaluate(empty_context("meer", day("2026-01-01"), 25_000))
    assert evaluation.hits == ()
    assert evaluation.digest == digest(())


@hypothesis_settings(max_examples=40, deadline=None)
@given(payments=_payments(), seed=st.integers(0, 1000))
def test_the_order_of_facts_does_not_matter(payments: list[dict[str, object]], seed: int) -> None:
    """Shuffled frames give the same hits and the same digest."""
    context = _busy(payments)
    first, second = evaluate(context), evaluate(_shuffled(context, seed))
    assert first == second
    assert first.digest == second.digest


@hypothesis_settings(max_examples=25, deadline=None)
@given(payments=_payments())
def test_rules_leave_their_frames_alone(payments: list[dict[str, object]]) -> None:
    """Evaluating changes no frame."""
    context = _busy(payments)
    before = {name: getattr(context, name).copy(deep=True) for name in FRAMES}
    evaluate(context)
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(context, name), before[name])


@hypothesis_settings(max_examples=25, deadline=None)
@given(payments=_payments())
def test_only_money_that_left_to_others_is_looked_at(payments: list[dict[str, object]]) -> None:
    """No payment rule ever names money received or a transfer to a declared account."""
    spent = {
        row["seq"] for row in payments if int(str(row["amount_minor"])) < 0 and row["counter"] != "account:savings"
    }
    hits = [hit for hit in evaluate(_busy(payments)).hits if not hit.rule.startswith("BNK-")]
    assert {seq for hit in hits for seq in hit.subjects} <= spent


def test_hits_come_in_order_of_rule_and_subjects() -> None:
    """Two payments and three rules: sorted, whatever the order of booking."""
    early = payment(12, iban=STRANGER, booked_on=day("2026-02-01"))
    hits = evaluate(world(payment(11, iban=STRANGER), early)).hits
    assert [(hit.rule, hit.subjects) for hit in hits] == [
        ("PAY-01", (11,)),
        ("PAY-01", (12,)),
        ("PAY-07", (11,)),
        ("PAY-07", (12,)),
    ]


def test_the_rule_set_hash_follows_the_parameters() -> None:
    """Another threshold is another rule set; the default said aloud is not."""
    assert rule_set_hash() == rule_set_hash({"PAY-01": {"high_from_minor": 25_000}})
    assert rule_set_hash() != rule_set_hash({"PAY-01": {"high_from_minor": 25_001}})
    assert len(rule_set_hash()) == 64


def test_a_parameter_moves_the_threshold() -> None:
    """What is high by default is medium where the foundation's threshold is above it."""
    hits = evaluate(world(payment(iban=STRANGER)), {"PAY-01": {"high_from_minor": 30_001}}).hits
    assert hits[0].severity == "medium"


@pytest.mark.parametrize(
    ("overrides", "what"),
    [
        ({"PAY-99": {}}, "PAY-99 do not fit: there is no such rule"),
        ({"PAY-01": {"low_from_minor": 1}}, "there is no parameter low_from_minor"),
        ({"PAY-01": {"people": 0}}, "people is a whole number from 1"),
        ({"PAY-01": {"people": True}}, "people is a whole number from 1"),
    ],
)
def test_parameters_that_do_not_fit_are_refused(overrides: dict[str, dict[str, int]], what: str) -> None:
    """An unknown rule, an unknown parameter and a value that makes no sense are named."""
    with pytest.raises(ParameterRefused, match=what):
        settings(overrides)


def test_pay_01_shows_the_register_as_it_stood() -> None:
    """The evidence says which payee was considered, and when it was approved instead."""
    (hit,) = RULES["PAY-01"].run(world(payment(), register=[listed(approved_at=instant("2026-03-12"))]))
    assert hit.evidence["register"] == [
        {
            "part": None,
            "payee": "zon",
            "reason": ["The approval was recorded only on %(approved_on)s.", {"approved_on": "2026-03-12"}],
        }
    ]


def test_pay_01_says_what_no_account_means() -> None:
    """A line without an account, and a firm that passes payments on, have reasons of their own."""
    (cash,) = RULES["PAY-01"].run(world(payment(name=None, iban=None)))
    (passed,) = RULES["PAY-01"].run(world(payment(name="Maan via Mollie", iban=COLLECTING)))
    (typed,) = RULES["PAY-01"].run(world(payment(name="Maan via Mollie", iban=STRANGER)))
    assert "names no account" in _reasons(cash)[0]
    assert "passes payments on" in _reasons(passed)[0]
    assert "not in the register" in _reasons(typed)[0]


STRANGERS_WORDS = {
    "a processor": {"name": "Bouwmarkt Zon via Mollie"},
    "a processor's foundation": {"name": "Stichting Mollie Payments inzake Bouwmarkt Zon"},
    "a shop in the text": {"name": "Mollie", "text": "M0123 Bouwmarkt Zon"},
    "an approved name": {"name": "Bouwmarkt Zon"},
    "a card's words": {
        "name": "Bouwmarkt Zon",
        "text": "BEA, Betaalpas Bouwmarkt Zon,PAS012 NR:0ABC0D, 10.03.26/14:37 A",
    },
    "a cash machine's words": {"text": "GEA, Betaalpas Geldmaat,PAS012 NR:0ABC0D, 10.03.26/14:37 A"},
    "charges": {"name": "Kosten", "text": "Kosten rekening"},
    "charges of a bank": {"name": "ING Bank", "text": "Kosten"},
    "interest": {"name": "Rabobank", "text": "Debetrente Periode 01-01-2026 t/m 31-01-2026"},
    "a collector's number": {"creditor_id": "NL12ZZZ123456780000", "mandate": "M-1"},
    "a charge's code": {"type_code": "PMNT-MDOP-CHRG"},
    "an interest's code": {"type_code": "ACMT-MDOP-INTR"},
    "a payment request": {"name": "Tikkie inzake Bouwmarkt Zon", "type_code": "ID", "text": "Bouwmarkt Zon"},
}


@pytest.mark.parametrize("words", STRANGERS_WORDS.values(), ids=STRANGERS_WORDS)
def test_whatever_is_typed_a_strangers_account_is_a_strangers(words: dict[str, object]) -> None:
    """No words beside an account that nobody approved keep PAY-01 and PAY-07 from finding it, both of them high."""
    context = world({**payment(iban=STRANGER), **words}, register=[listed()], decisions=[decision()])
    found = {hit.rule: hit.severity for hit in evaluate(context).hits}
    assert (found["PAY-01"], found["PAY-07"]) == ("high", "high")


@pytest.mark.parametrize("words", STRANGERS_WORDS.values(), ids=STRANGERS_WORDS)
def test_whatever_is_typed_beside_a_persons_name_it_stays_a_persons(words: dict[str, object]) -> None:
    """A title on a stranger's account looks private, whatever else is said beside it."""
    typed = {**words, "name": f"Mevr. Dauwhoek {words.get('name') or ''}"}
    if typed.get("type_code") != "ID":
        context = world({**payment(iban=STRANGER), **typed})
        assert "PAY-02" in {hit.rule for hit in evaluate(context).hits}


def test_a_name_without_an_account_is_the_payers_word() -> None:
    """Where a bank's file names no account, and its code no card, an approved name approves nothing."""
    line = payment(iban=None, type_code="DEBIT", counter="payee:zon")
    found = {hit.rule for hit in evaluate(world(line, register=[listed()], decisions=[decision()])).hits}
    assert {"PAY-01", "PAY-07"} <= found


def test_a_known_payees_name_beside_a_processors_is_still_that_name() -> None:
    """PAY-04 finds the shop's name on a stranger's account, with a firm that passes payments on or without."""
    for name in ("Bouwmarkt Zon", "Bouwmarkt Zon via Mollie", "Stichting Mollie Payments inzake Bouwmarkt Zon B.V."):
        assert list(RULES["PAY-04"].run(world(payment(name=name, iban=STRANGER), register=[listed()])))
    assert not list(RULES["PAY-04"].run(world(payment(name="Mollie", iban=STRANGER), register=[listed()])))


def test_more_accounts_of_processors_can_be_known() -> None:
    """What an installation adds is believed as the code's own table is."""
    line = payment(name="Bouwmarkt Zon via Mollie", iban=STRANGER)
    assert not list(RULES["PAY-01"].run(world(line, register=[listed()], processors=frozenset({STRANGER}))))


def test_a_shops_own_account_at_a_processor_counts_as_its_own() -> None:
    """An approved account is approved, whatever the bank's line calls its owner; a collecting account never is."""
    own = payment(name="Webwinkel via Buckaroo", iban=ZON, type_code="ID")
    shared = payment(name="Webwinkel via Buckaroo", iban=COLLECTING, type_code="ID")
    assert not list(RULES["PAY-01"].run(world(own, register=[listed()])))
    assert list(RULES["PAY-01"].run(world(shared, register=[listed(iban=COLLECTING)])))


def test_pay_01_knows_a_payee_whose_account_was_erased() -> None:
    """Where the bank's line has no account any more, the payee resolved on booking counts."""
    gone = payment(name=None, iban=None, counter="payee:zon", type_code=None)
    assert not list(RULES["PAY-01"].run(world(gone, register=[listed(iban=None)])))


def test_a_merchants_processor_in_the_register_approves_nothing() -> None:
    """A firm that passes payments on stays unapproved, even where the line shows only its account."""
    (hit,) = RULES["PAY-01"].run(world(payment(name=None), register=[listed(name="Mollie")]))
    assert "merchant behind it" in _reasons(hit)[0]


def test_a_short_name_is_no_merchant() -> None:
    """Three letters in a terminal's line match by chance, so they match nobody."""
    line = payment(name="AB Zon", iban=None, type_code="BA")
    assert list(RULES["PAY-01"].run(world(line, register=[listed(name="Zon")])))


def test_a_batch_to_an_account_closed_before_is_spending() -> None:
    """A declared account counts from its declaration to its closing, and for all time before the opening."""
    part = ({"amount_minor": -30_000, "iban": STRANGER},)
    closed = account("old", STRANGER, closed_at=instant("2026-03-09"))
    later = account("new", STRANGER, declared_at=instant("2026-03-11"))
    before = payment(parts=part, booked_on=day("2025-12-01"))
    assert list(RULES["PAY-01"].run(world(payment(parts=part), accounts=[closed])))
    assert list(RULES["PAY-01"].run(world(payment(parts=part), accounts=[later])))
    assert not list(RULES["PAY-01"].run(world(before, accounts=[later, account("none", STRANGER) | {"iban": None}])))
    assert not list(RULES["PAY-01"].run(world(before, accounts=[later])))


def test_pay_07_names_every_decision_and_why_it_does_not_cover() -> None:
    """Three decisions are considered and each has its own reason."""
    decisions = [
        decision("a", ceiling_minor=29_999),
        decision("b", ends=day("2026-03-09")),
        decision("c", payee=None, ceiling_minor=100, month_ceiling_minor=1_000),
    ]
    (hit,) = RULES["PAY-07"].run(world(payment(), register=[listed()], decisions=decisions))
    considered = hit.evidence["decisions"]
    assert isinstance(considered, list)
    assert [item["decision"] for item in considered if isinstance(item, dict)] == ["b", "a", "c"]
    assert [text.split()[:3] for text in _reasons(hit)] == [
        ["The", "decision", "is"],
        ["The", "decision", "leaves"],
        ["The", "decision", "allows"],
    ]


def test_pay_07_names_a_decision_for_the_same_initiative_and_another_payee() -> None:
    """Who decided on one shop and paid another sees which decision was meant."""
    paid = payment(allocations=(("tuin", 1, -30_000),))
    decisions = [decision("m", payee="maan", initiative="tuin"), decision("n", payee="maan", initiative="feest")]
    (hit,) = RULES["PAY-07"].run(world(paid, register=[listed()], decisions=decisions))
    assert hit.evidence["decisions"] == [
        {"part": None, "decision": "m", "reason": ["The decision is for another payee.", {}]}
    ]


def test_pay_07_covers_two_purposes_by_two_decisions() -> None:
    """A payment that was allocated to two initiatives is covered purpose by purpose, its rest by either."""
    split = payment(allocations=(("tuin", 1, -10_000), ("feest", 2, -15_000)))
    decisions = [decision("t", initiative="tuin", ceiling_minor=15_000), decision("f", initiative="feest", category=2)]
    assert not list(RULES["PAY-07"].run(world(split, register=[listed()], decisions=decisions)))
    (hit,) = RULES["PAY-07"].run(world(split, register=[listed()], decisions=decisions[:1]))
    assert hit.evidence["amount_minor"] == 15_000


@pytest.mark.parametrize("ids", [("a", "b"), ("b", "a")])
def test_the_earlier_entry_breaks_a_tie(ids: tuple[str, str]) -> None:
    """Of two decisions alike the earlier one is used up, whatever its random id; what is left covers the rest."""
    first, second = ids
    alike = [decision(second, entry=8, ceiling_minor=60_000), decision(first, entry=7, ceiling_minor=30_000)]
    (hit,) = RULES["PAY-07"].run(
        world(payment(9), payment(10), payment(11, -60_000), register=[listed()], decisions=alike)
    )
    assert hit.subjects == (11,)
    considered = hit.evidence["decisions"]
    assert isinstance(considered, list)
    assert [item["decision"] for item in considered if isinstance(item, dict)] == [first, second]


@pytest.mark.parametrize("ids", [("a", "b"), ("b", "a")])
def test_the_earlier_entry_breaks_a_tie_between_payees(ids: tuple[str, str]) -> None:
    """So it does where one account stands under two payees, whatever their random ids."""
    first, second = ids
    register = [listed(first), listed(second, name="Zon Verhuur")]
    alike = [
        decision("late", payee=second, entry=8, ceiling_minor=60_000),
        decision("early", payee=first, entry=7, ceiling_minor=30_000),
    ]
    assert not list(RULES["PAY-07"].run(world(payment(9), payment(10, -60_000), register=register, decisions=alike)))


def test_what_the_bank_gave_back_restores_each_decision_that_covered_it() -> None:
    """A payment for two initiatives, covered by two decisions, comes back whole and can be made again."""
    split = (("tuin", 1, -10_000), ("feest", 2, -15_000))
    decisions = [
        decision("t", initiative="tuin", ceiling_minor=10_000),
        decision("f", initiative="feest", ceiling_minor=20_000),
    ]
    back = payment(11, 30_000, iban=None, name=None, corrects=10)
    rows = [payment(10, allocations=split), back, payment(12, allocations=split)]
    assert not list(RULES["PAY-07"].run(world(*rows, register=[listed()], decisions=decisions)))
    assert list(RULES["PAY-07"].run(world(rows[0], rows[2], register=[listed()], decisions=decisions)))


def test_a_payment_comes_back_once() -> None:
    """Neither a second return nor more than was paid leaves more than the ceiling."""
    once = [payment(10, -80_000), payment(11, 80_000, corrects=10), payment(12, 80_000, corrects=10)]
    later = [payment(13, -80_000), payment(14, -30_000)]
    hits = RULES["PAY-07"].run(world(*once, *later, register=[listed()], decisions=[decision()]))
    assert [hit.subjects for hit in hits] == [(14,)]


def test_the_limits_for_charges_are_a_foundations_own() -> None:
    """Each rule that leaves charges out has them among its parameters."""
    charge = payment(amount_minor=-4_000, name=None, iban=None, type_code="PMNT-MDOP-CHRG")
    for rule in ("PAY-01", "PAY-02", "PAY-07"):
        assert not list(RULES[rule].run(world(charge)))
        assert list(RULES[rule].run(world(charge), {"charge_minor": 3_999}))
        assert list(RULES[rule].run(world(charge), {"charges_minor": 3_999}))
    (hit,) = RULES["PAY-01"].run(world(charge), {"charge_minor": 3_999})
    assert "more than may pass as such" in _reasons(hit)[0]


def test_charges_of_earlier_payments_count_for_their_month() -> None:
    """What was booked before the payments that are looked at is not looked at, and counts."""
    charge = payment(amount_minor=-5_000, name=None, iban=None, type_code="PMNT-MDOP-CHRG")
    context = world(*({**charge, "seq": seq, "amount_minor": -5_000} for seq in (8, 9)))
    later = world({**charge, "amount_minor": -1})
    assert not list(RULES["PAY-01"].run(later))
    assert list(RULES["PAY-01"].run(dataclasses.replace(later, earlier=context.payments)))


def test_the_same_question_is_asked_once() -> None:
    """A default that is said aloud, by place or by name, is no other question."""
    context = world(payment())
    assert judged(context, 2) is judged(context, people=2) is judged(context, 2, CHARGES)


def test_pay_07_keeps_to_a_payees_month_ceiling() -> None:
    """Rent of EUR 300 a month is covered once a month."""
    rent = [decision(month_ceiling_minor=30_000)]
    rows = [payment(9), payment(10), payment(11, booked_on=day("2026-04-01"))]
    hits = RULES["PAY-07"].run(world(*rows, register=[listed()], decisions=rent))
    assert [hit.subjects for hit in hits] == [(10,)]


def test_pay_07_small_expenses_without_a_month_ceiling_are_one_sum() -> None:
    """Without a month's ceiling, the ceiling is for all payments together."""
    small = [decision(payee=None, ceiling_minor=5_000)]
    hits = RULES["PAY-07"].run(world(payment(9, -3_000), payment(10, -3_000), decisions=small))
    assert [hit.subjects for hit in hits] == [(10,)]


def test_pay_07_ignores_declarations_that_name_no_account_or_person() -> None:
    """Whom an account belongs to is unknown, so nobody is the payee."""
    nobody = [declaration(None, ZON), {**declaration("bob", ZON), "iban": None}]
    context = world(payment(), register=[listed()], decisions=[decision()], declarations=nobody)
    assert not list(RULES["PAY-07"].run(context))


def test_pay_02_asks_the_banks_own_check_where_there_is_one() -> None:
    """A bank that knows the account's owner decides before the name's form does."""
    plain = world(payment(name="Ottoline Maanzaad", iban=STRANGER))
    checked = dataclasses.replace(plain, name_check=lambda _name, _iban: "organisation")
    assert list(RULES["PAY-02"].run(plain))
    assert not list(RULES["PAY-02"].run(checked))


def test_bnk_01_shows_both_balances() -> None:
    """The evidence holds this opening, the previous closing, and that a statement seems to be missing."""
    march = statement(6, 900, 1_000, opening_date=day("2026-03-01"), closing_date=day("2026-03-31"))
    (hit,) = RULES["BNK-01"].run(world(statements=[statement(5, 0, 1_000), march]))
    assert (hit.evidence["opening_minor"], hit.evidence["previous_closing_minor"]) == (900, 1_000)
    assert "seems to be missing" in _reasons(hit)[1]


def test_bnk_01_compares_with_the_latest_period_not_the_latest_file() -> None:
    """A short statement inside a long one does not become the one to continue."""
    inside = statement(6, 0, 0, opening_date=day("2026-01-01"), closing_date=day("2026-01-02"))
    february = statement(7, 1_000, 1_000, opening_date=day("2026-02-01"), closing_date=day("2026-02-28"))
    booked = payment(10, 1_000, booked_on=day("2026-01-15"))
    statements = [statement(5, 0, 1_000), inside, february]
    assert not list(RULES["BNK-01"].run(world(booked, statements=statements)))
    later_inside = {**inside, "opening_date": day("2026-01-10"), "closing_date": day("2026-01-12")}
    assert not list(RULES["BNK-01"].run(world(booked, statements=[statements[0], later_inside, february])))
