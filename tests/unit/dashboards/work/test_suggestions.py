"""What payments are probably for: who says so, in which order, and nothing where they disagree."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from typing import Any

import pytest
import sqlalchemy as sa

from dashboards.work import suggestions
from dashboards.work.allocations import Split
from dashboards.work.allocations import link
from dashboards.work.allocations import unlink
from dashboards.work.ordinary import changing
from dashboards.work.standing import Conditions
from dashboards.work.standing import Payment
from dashboards.work.standing import Target
from dashboards.work.standing import conditions_for
from dashboards.work.standing import make_rule
from dashboards.work.suggestions import Suggestion
from dashboards.work.suggestions import Suggestions
from dashboards.work.suggestions import given_back
from ledger.entry import foundation_book
from ledger.entry import initiative_book

if TYPE_CHECKING:
    from tests.unit.dashboards.district import District

MEER = "00000000000000aa"
TUIN = Target("00000000000000c1", 1)
LOODS = "00000000000000c5"
VERF, HOUT = Target(LOODS, 1), Target(LOODS, 2)
SHOP, OTHER = "NL91ABNA0417164300", "NL39RABO0300065264"
PAYEE = "00000000000000f1"
DAY = dt.date(2026, 10, 25)


@pytest.fixture(autouse=True)
def _shed(district: District) -> None:
    """A second initiative of the foundation, with two lines in its budget."""
    book = initiative_book(LOODS)
    opened: dict[str, Any] = {"round": None, "payers": [MEER], "grants": [], "basis": "opening"}
    private: dict[str, Any] = {"slug": "oude-loods", "name": "De Loods", "promise": "Dicht.", "theme": "groen"}
    entry = district.append(book, "opened", opened, {**private, "contact": None})
    district.append(book, "disclosed", {"pairs": [[entry.seq, "slug"], [entry.seq, "name"]]})
    lines: dict[str, Any] = {"lines": [[1, 50_000, None, None], [2, 50_000, None, None]]}
    district.append(book, "budget set", {"currency": "EUR", **lines}, {"names": ["verf", "hout"]})


def paid(**more: Any) -> Payment:  # noqa: ANN401 - whatever a payment has
    return Payment(**{"booked_on": DAY, "amount_minor": -1_250, "iban": SHOP, "name": "Kwekerij Vlier", **more})


def suggest(district: District, **more: Any) -> Suggestion | None:  # noqa: ANN401 - whatever a payment has
    with district.installation.store.reading() as connection:
        return Suggestions(connection, MEER).suggest(paid(**more))


def book(district: District, target: Target | None = None, minor: int = 1_250, **more: Any) -> int:  # noqa: ANN401 - what the bank says
    """Book a payment, link it where a target is given, and return its place."""
    public: dict[str, Any] = {"account": "00000000000000d1", "statement": 1, "line": 0, "booked_on": "2026-10-20"}
    public |= {"valued_on": None, "amount": -minor, "currency": "EUR"} | more.pop("public", {})
    private: dict[str, Any] = {"name": "Kwekerij Vlier", "iban": SHOP, "text": None, "counter": None, "parts": []}
    seq = district.append(
        foundation_book(MEER), "transaction", public, {**private, "refs": {}, "code": None, **more}
    ).seq
    if target is not None:
        connect(district, seq, Split(*target, -minor))
    return seq


def connect(district: District, seq: int, *splits: Split) -> None:
    link(district.installation, MEER, {seq: splits}, by=(district.ids["treasurer"],), now=district.now)


def rule(district: District, target: Target, **conditions: Any) -> str:  # noqa: ANN401 - of any condition
    with changing(district.installation.engine) as connection:
        asked = Conditions(**conditions)
        return make_rule(connection, MEER, asked, target, district.ids["treasurer"], district.now)


def decide(district: District, number: int, target: Target) -> None:
    """Let a decision stand for a payee in October."""
    public: dict[str, Any] = {"decision": f"{number:016x}", "ceiling": 90_000, "month_ceiling": None, "currency": "EUR"}
    public |= {"initiative": target.initiative, "category": target.category, "starts": "2026-10-01"}
    public |= {"ends": "2026-10-31", "decided_on": "2026-09-30", "basis": "opening"}
    private: dict[str, Any] = {"payee": PAYEE, "purpose": "planten"}
    store, by = district.installation.store, (district.ids["treasurer"],)
    with store.writing(district.now) as appender:
        appender.append(store.draft(foundation_book(MEER), "decision proposed", public, private, by))
        approved: dict[str, Any] = {"decision": public["decision"], "basis": "opening"}
        appender.append(
            store.draft(foundation_book(MEER), "decision approved", approved, by=(district.ids["signatory"],))
        )


def test_nothing_is_known_of_somebody_new(district: District) -> None:
    """No guess is made."""
    book(district, TUIN, iban=OTHER, name="Ander")
    assert suggest(district) is None


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ({}, {}),
        ({"name": "Anders geschreven"}, {}),
        ({"iban": None, "name": "BAKKER  Bol 3"}, {"iban": None, "name": "Bakker Bol3"}),
        ({"counter": f"payee:{PAYEE}", "iban": OTHER}, {"counter": f"payee:{PAYEE}"}),
        ({}, {"counter": f"payee:{PAYEE}"}),
    ],
    ids=["iban", "another name", "card", "payee with two numbers", "registered since"],
)
def test_the_last_payment_to_the_same_counterparty_suggests(
    district: District, before: dict[str, Any], now: dict[str, Any]
) -> None:
    """Registered or not: by payee, by IBAN, by the name of a card payment."""
    book(district, VERF, 500, **before)
    assert suggest(district, **now) == Suggestion(suggestions.BY_LAST_PAYMENT, VERF)


def test_the_newest_linked_payment_counts(district: District) -> None:
    """One that nobody linked, one that was undone and one that came in say nothing."""
    book(district, VERF, 500)
    book(district, HOUT, 700, public={"booked_on": "2026-10-22"})
    book(district, TUIN, 600, public={"booked_on": "2026-10-21"})
    book(district, None, 800, public={"booked_on": "2026-10-23"})
    book(district, TUIN, -900, public={"booked_on": "2026-10-24"})
    undone = book(district, TUIN, 950, public={"booked_on": "2026-10-24"})
    unlink(district.installation, MEER, undone, "fout", by=(district.ids["treasurer"],), now=district.now)
    assert suggest(district) == Suggestion(suggestions.BY_LAST_PAYMENT, HOUT)


def test_the_same_amount_says_more_than_the_last_time(district: District) -> None:
    """Where both say the same the last time is named."""
    book(district, VERF, 1_250)
    book(district, HOUT, 900, public={"booked_on": "2026-10-22"})
    assert suggest(district) == Suggestion(suggestions.BY_AMOUNT, VERF)
    assert suggest(district, amount_minor=-900) == Suggestion(suggestions.BY_LAST_PAYMENT, HOUT)


def test_what_was_split_is_not_guessed(district: District) -> None:
    """The page says why there is no suggestion."""
    seq = book(district, None, 1_000)
    connect(district, seq, Split(*VERF, -400), Split(*HOUT, -600))
    assert suggest(district) == Suggestion(suggestions.WAS_SPLIT)


def test_a_batch_has_no_counterparty(district: District) -> None:
    """Neither when it was booked nor when it comes."""
    parts: list[Any] = [{"amount": -1, "name": "A", "iban": SHOP, "text": None, "end_to_end": None}]
    book(district, VERF, 500, iban=None, name="Verzamelboeking", parts=parts)
    book(district, VERF, 500)
    assert suggest(district, iban=None, name="Verzamelboeking") is None
    assert suggest(district, batch=True) is None


def test_what_is_closed_is_not_suggested(district: District) -> None:
    """By whichever way."""
    book(district, VERF)
    rule(district, VERF, iban=OTHER)
    decide(district, 1, VERF)
    district.append(initiative_book(LOODS), "closed", {"outcome": "finished"}, {"reason": None})
    assert suggest(district) is None
    assert suggest(district, iban=OTHER, text="#oude-loods") is None
    assert suggest(district, iban=OTHER, counter=f"payee:{PAYEE}") is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("hout voor de TUIN, oktober", "BY_CODE"),
        ("#tuin", "BY_CODE"),
        ("nota 7 Buurtkas: tuin", "BY_CODE"),
        ("buurtkas:tuin", "BY_CODE"),
        ("tuinen, moestuin, tuin-2 en tuin_3", None),
        ("#tuinen", None),
        ("#oude-loods", "WHICH_LINE"),
        ("dak oudeloods", "WHICH_LINE"),
        ("feest", None),
        (None, None),
    ],
)
def test_a_code_in_the_text_names_an_initiative(district: District, text: str | None, why: str | None) -> None:
    """As a whole word, whatever its case, marked or not; another foundation's is no code here."""
    found = suggest(district, text=text)
    assert (found and found.why) == (why and getattr(suggestions, why))
    assert (found and found.target) == (TUIN if why == "BY_CODE" else None)


def test_which_line_of_a_budget_the_last_payment_says(district: District) -> None:
    """A text names an initiative; what the same counterparty was paid for there completes it."""
    book(district, HOUT, 500)
    book(district, TUIN, 600, public={"booked_on": "2026-10-22"})
    assert suggest(district, text="#oude-loods") == Suggestion(suggestions.BY_CODE, HOUT)
    assert suggest(district, text="oude-loods") == Suggestion(suggestions.BY_CODE, HOUT)
    connect(district, book(district, None, 900), Split(*VERF, -400), Split(*HOUT, -500))
    assert suggest(district, text="#oude-loods", iban=OTHER) == Suggestion(suggestions.WHICH_LINE)


def test_a_plain_word_yields_to_what_was_said_outright(district: District) -> None:
    """A creditor's text happens to hold a word; a mark is written on purpose."""
    rule(district, VERF, mandate="M-1")
    found = suggest(district, mandate="M-1", text="groet uit de tuin")
    assert found is not None
    assert found.target == VERF
    assert suggest(district, mandate="M-1", text="#tuin") == Suggestion(
        "No suggestion: a standing rule and the text disagree."
    )
    assert suggest(district, text="tuin en oude-loods") == Suggestion(
        "No suggestion: the text names several initiatives."
    )


def test_the_more_particular_rule_speaks(district: District) -> None:
    """By mandate before IBAN, with an amount before without; otherwise they disagree."""
    wide, exact = rule(district, VERF, iban=SHOP), rule(district, HOUT, iban=SHOP, amount_minor=-1_250)
    assert suggest(district, amount_minor=-1) == Suggestion(suggestions.BY_RULE, VERF, wide)
    assert suggest(district) == Suggestion(suggestions.BY_RULE, HOUT, exact)
    debit = rule(district, TUIN, mandate="M-1")
    assert suggest(district, mandate="M-1") == Suggestion(suggestions.BY_RULE, TUIN, debit)
    rule(district, VERF, iban=SHOP, words="kwekerij VLIER nota")
    assert suggest(district, text="nota 9") == Suggestion("No suggestion: two standing rules disagree.")


def test_a_decision_comes_first_and_contradicts(district: District) -> None:
    """With a rule or a mark that says the same it stands; otherwise nothing is suggested, and why is said."""
    payee = {"counter": f"payee:{PAYEE}"}
    book(district, TUIN, 500)
    decide(district, 1, VERF)
    assert suggest(district, **payee) == Suggestion(suggestions.BY_DECISION, VERF)
    assert suggest(district, **payee, text="#oude-loods") == Suggestion(suggestions.BY_DECISION, VERF)
    assert suggest(district, **payee, text="#tuin") == Suggestion("No suggestion: a decision and the text disagree.")
    assert suggest(district, **payee, booked_on=dt.date(2026, 11, 1)) == Suggestion(suggestions.BY_LAST_PAYMENT, TUIN)
    agreeing = rule(district, VERF, iban=SHOP)
    assert suggest(district, **payee) == Suggestion(suggestions.BY_DECISION, VERF, agreeing)
    rule(district, HOUT, iban=SHOP)
    disagree = "No suggestion: a decision and a standing rule disagree."
    assert suggest(district, **payee) == Suggestion(disagree)
    decide(district, 2, TUIN)
    assert suggest(district, **payee, iban=OTHER) == Suggestion("No suggestion: several decisions cover this payee.")


def test_money_from_somebody_who_was_paid_is_asked_about(district: District) -> None:
    """A grant comes from nobody that was paid."""
    book(district, VERF)
    with district.installation.store.reading() as connection:
        found = Suggestions(connection, MEER)
        assert found.paid_before(paid(amount_minor=500))
        assert not found.paid_before(paid(amount_minor=500, iban=OTHER))


def test_what_comes_back_counts_for_what_the_original_did(district: District) -> None:
    """Split as it was where all of it comes back; a part of what was split is for a person to say."""
    whole, split, free = book(district, VERF, 1_000), book(district, None, 1_000), book(district, None, 1_000)
    connect(district, split, Split(*VERF, -400), Split(*HOUT, -600))
    with district.installation.store.reading() as connection:
        assert given_back(connection, MEER, whole, 250) == (Split(*VERF, 250),)
        assert given_back(connection, MEER, split, 1_000) == (Split(*VERF, 400), Split(*HOUT, 600))
        assert given_back(connection, MEER, split, 250) == ()
        assert given_back(connection, MEER, free, 1_000) == ()
        found = Suggestions(connection, MEER)
        assert found.corrected(whole, 250) == Suggestion(suggestions.BY_CORRECTION, VERF)
        assert found.corrected(split, 1_000) == Suggestion(suggestions.GIVES_BACK_SPLIT)
        assert found.corrected(free, 1_000) is None


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ({"mandate": "M-1"}, {"mandate": "M-1"}),
        ({}, {"iban": SHOP}),
        ({"iban": None, "name": None, "text": "Kosten betaalrekening 01-10-2026"}, {"words": "Kosten betaalrekening"}),
        ({"iban": None, "name": "Bakker", "text": "2 broden"}, None),
        ({"iban": None, "name": None, "text": None}, None),
        ({"iban": None, "name": "Verzamelboeking lonen", "batch": True}, None),
    ],
)
def test_always_means_as_little_as_tells_the_kind_apart(said: dict[str, Any], asked: dict[str, Any] | None) -> None:
    """A mandate, else an IBAN, else the words up to the first figure; too little is no rule."""
    found = conditions_for(paid(**said))
    assert (found and found.asked) == asked
    if found:
        assert found.hold_for(paid(**said))
        exact = conditions_for(paid(**said), with_amount=True)
        assert exact is not None
        assert exact.outdo(found)
        assert not exact.hold_for(paid(**said, amount_minor=-1))


def test_conditions_that_ask_nothing_hold_for_nothing() -> None:
    """A rule for everything would be a mistake."""
    assert not Conditions().hold_for(paid())


def test_one_look_in_an_index_for_each_counterparty(district: District) -> None:
    """However many lines a file has from the same one; and none where nothing was ever linked."""
    made: list[tuple[str, Any]] = []
    engine = district.installation.engine
    sa.event.listen(engine, "before_cursor_execute", lambda *words: made.append(words[2:4]))
    book(district, None)
    with district.installation.store.reading() as connection:
        found = Suggestions(connection, MEER)
        before = len(made)
        assert [found.suggest(paid()) for _ in range(3)] == [None] * 3
        assert len(made) == before
    book(district, VERF)
    with district.installation.store.reading() as connection:
        found = Suggestions(connection, MEER)
        before = len(made)
        assert all(found.suggest(paid()) for _ in range(3))
        assert len(made) == before + 1
        statement, values = made[-1]
        plan = str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all())
        assert "INDEX movement_last_to (foundation=? AND private_party=?)" in plan
