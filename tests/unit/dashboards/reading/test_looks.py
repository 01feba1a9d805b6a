"""What of flags is shown: calm words, and a rule only where it is disclosed."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import get_args

import pytest

from dashboards.pages.parts import LookCounts
from dashboards.pages.payments import PaymentFilter
from dashboards.pages.payments import Standing
from dashboards.pages.reader import PageMissing
from dashboards.pages.rules import RuleScore
from ledger.entry import foundation_book

if TYPE_CHECKING:
    from ledger.canonical import Json
    from tests.unit.dashboards.reading.conftest import Village


def test_rule_about_a_person_is_not_named(village: Village) -> None:
    """Until it is disclosed, a flag says only that the payment is being looked at."""
    line = village.line(-400_00)
    village.flag(line, "PAY-02", show=False)
    look = village.reader.transaction("beemd", line.seq).looked_at
    assert look is not None
    assert (look.state, look.rule, look.amount_minor) == ("open", None, -400_00)
    assert village.reader.home().latest[0].looked_at
    assert village.reader.foundation("beemd").looked_at == (look,)


def test_disclosed_rule_speaks_for_a_payment_with_several_flags(village: Village) -> None:
    """Of flags that are equally far, the one whose rule may be named is shown."""
    line = village.line(-400_00)
    village.flag(line, "PAY-02", show=False, number=1)
    village.flag(line, "PAY-07", show=True, number=2)
    looks = village.reader.foundation("beemd").looked_at
    assert [look.rule for look in looks] == ["PAY-07"]


def test_ruled_payment_is_no_longer_looked_at_but_says_how_it_ended(village: Village) -> None:
    """After the ruling the list is empty, and the payment's own page tells the outcome."""
    line = village.line(-400_00)
    flag = village.flag(line, "PAY-07", show=True)
    village.step("flag ruled", flag, "accepted", outcome="accepted")
    page = village.reader.transaction("beemd", line.seq)
    assert page.looked_at is not None
    assert page.looked_at.state == "accepted"
    assert village.reader.foundation("beemd").looked_at == ()
    assert not village.reader.home().latest[0].looked_at


def test_flag_that_waits_for_its_closing_shows_its_ruling(village: Village) -> None:
    """While a second person is asked to close it, the outcome stands."""
    line = village.line(-400_00)
    flag = village.flag(line, "PAY-07", show=True)
    village.step("flag ruled", flag, "accepted", outcome="accepted")
    village.step("flag closed", flag, "closing")
    look = village.reader.transaction("beemd", line.seq).looked_at
    assert look is not None
    assert look.state == "accepted"


def test_payment_ruled_not_in_order_stays_on_the_page(village: Village) -> None:
    """What was not in order is listed with the day of the ruling, also after the flag is closed."""
    line = village.line(-400_00)
    flag = village.flag(line, "PAY-07", show=True)
    village.step("flag confirmed", flag, "confirmed")
    ruled_on = village.now.date()
    village.step("flag closed", flag, "closed")
    page = village.reader.foundation("beemd")
    assert [(look.seq, look.state, look.ruled_on) for look in page.not_in_order] == [(line.seq, "confirmed", ruled_on)]
    assert page.looks == LookCounts(open=0, not_in_order=1, in_order=0)
    assert village.reader.transaction("beemd", line.seq).answer == "not_in_order"


def test_one_bad_ruling_speaks_before_a_good_one(village: Village) -> None:
    """A payment with two rulings is in order only if both say so, and counts once on every page."""
    line = village.line(-400_00)
    village.link(line, -400_00)
    good = village.flag(line, "PAY-01", show=True, number=1)
    bad = village.flag(line, "PAY-07", show=True, number=2)
    village.step("flag ruled", good, "accepted", outcome="accepted")
    reader = village.reader
    assert reader.home().looks == LookCounts(open=1)
    village.step("flag confirmed", bad, "confirmed")
    found = (reader.home().looks, reader.verify().looks, reader.initiative("tuin").looks)
    assert set(found) == {LookCounts(not_in_order=1)}


def test_payments_can_be_listed_by_how_they_stand(village: Village) -> None:
    """Being looked at, not in order and not fully explained are each a list."""
    looked, bad, half, whole = (village.line(-400_00 - number) for number in range(4))
    village.flag(looked, "PAY-02", show=False, number=1)
    village.step("flag confirmed", village.flag(bad, "PAY-07", show=True, number=2), "confirmed")
    village.link(half, -100_00)
    village.link(whole, -400_03)
    found = {
        standing: {row.seq for row in village.reader.payments(PaymentFilter(standing=standing), 1).rows}
        for standing in get_args(Standing)
    }
    assert found == {
        "looked_at": {looked.seq},
        "not_in_order": {bad.seq},
        "unexplained": {looked.seq, bad.seq, half.seq},
    }
    assert [row.seq for row in village.reader.payments(PaymentFilter(), 1).rows if row.partly] == [half.seq]


def test_statement_being_looked_at_is_counted_apart(village: Village) -> None:
    """A flag about a statement has no payment to point at."""
    village.flag(village.statement(closing=1), "BNK-01", show=True)
    page = village.reader.foundation("beemd")
    assert page.looked_at == ()
    assert page.statements_looked_at == 1


def test_an_account_being_looked_at_is_counted_apart(village: Village) -> None:
    """A flag about how an account was declared says that something is looked at, and not what."""
    public: dict[str, Json] = {"account": "00000000000000d9", "mandate": "alone", "basis": "desk"}
    private: dict[str, Json] = {"iban": None, "holder": None, "viewers": None}
    book = foundation_book(village.foundation())
    village.flag(village.append(book, "account declared", public, private), "BNK-08", show=True)
    page = village.reader.foundation("beemd")
    assert (page.accounts_looked_at, page.statements_looked_at, page.looked_at) == (1, 0, ())


def test_score_counts_what_is_disclosed_and_the_newest_ruling(village: Village) -> None:
    """How often a rule was right counts each flag once."""
    for number in (1, 2, 3):
        village.flag(village.line(-400_00), "PAY-07", show=True, number=number)
    village.step("flag ruled", f"{1:064x}", "accepted", outcome="accepted")
    village.step("flag confirmed", f"{1:064x}", "confirmed")
    village.step("flag ruled", f"{2:064x}", "accepted", outcome="accepted")
    village.step("flag closed", f"{2:064x}", "closed")
    assert village.reader.rule("PAY-07").score == RuleScore(hits=3, ruled=2, accepted=1, confirmed=1)


def test_rule_about_persons_shows_no_count(village: Village) -> None:
    """A rule that tells something about persons says not how often."""
    village.flag(village.line(-400_00), "PAY-02", show=False)
    assert village.reader.rule("PAY-02").score is None


def test_rules_stand_in_order_with_their_limits(village: Village) -> None:
    """Every rule has a page; money is written as money."""
    reader = village.reader
    ids = [rule.id for rule in reader.rules()]
    assert ids == sorted(ids)
    assert [parameter.value for parameter in reader.rule("PAY-07").parameters] == [250_00, 2, 50_00, 100_00, 10_00]
    with pytest.raises(PageMissing, match="no such page"):
        reader.rule("XXX-99")
