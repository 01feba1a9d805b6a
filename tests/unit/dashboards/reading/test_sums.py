"""The sum that every page keeps, and the lines that stand beside it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from dashboards.pages.home import OTHERS
from dashboards.pages.parts import StatementBadge
from dashboards.reading.sums import together
from ledger import tables

if TYPE_CHECKING:
    from dashboards.pages.parts import Sums
    from ledger.canonical import Json
    from tests.unit.dashboards.reading.conftest import MakeVillage
    from tests.unit.dashboards.reading.conftest import Village

NOTHING_ELSE: dict[str, Json] = {"promise": None, "theme": None, "contact": None}


def adds_up(sums: Sums) -> bool:
    """Whether granted = explained + unexplained + left."""
    return sums.granted_minor == sums.explained_minor + sums.unexplained_minor + sums.left_minor


@pytest.fixture
def busy(village: Village) -> Village:
    """The village after a payment half explained, one not explained, a refund, income and a transfer."""
    shop = village.payee(village.shop)
    half = village.line(-1_000_00, counter=shop, show=True)
    village.link(half, -600_00)
    village.line(-50_00, "2026-03-12")
    refund = village.line(100_00, "2026-03-20", counter=shop, show=True)
    village.link(refund, 100_00)
    village.line(30_000_00, "2026-03-01", name="Stadsdeel Dauwrijk")
    village.line(-5_000_00, "2026-03-21", counter=f"account:{village.account(village.savings)}", show=True)
    village.statement(closing=5_000_00, iban=village.savings, closed_on="2026-03-25")
    village.sign()
    return village


def test_foundation_sum_separates_explained_unexplained_and_left(busy: Village) -> None:
    """Linked payments less linked refunds are explained; payments less linked payments are not."""
    sums = busy.reader.foundation("beemd").sums
    assert (sums.granted_minor, sums.explained_minor, sums.unexplained_minor) == (60_000_00, 500_00, 450_00)
    assert sums.left_minor == 59_050_00
    assert adds_up(sums)


def test_transfer_between_own_accounts_is_no_spending(busy: Village) -> None:
    """What moves to the savings account is neither paid nor received."""
    page = busy.reader.foundation("beemd")
    assert page.sums.income_minor == 30_000_00
    assert page.latest[0].payee.kind == "own"
    assert page.latest[0].payee.iban == busy.savings
    assert not page.latest[0].spending


def test_balance_is_what_the_banks_last_stated_together(busy: Village) -> None:
    """The last stated balance of each account is added up."""
    assert busy.reader.foundation("beemd").sums.balance_minor == 55_000_00
    assert busy.reader.home().sums.balance_minor == 55_000_00


def test_bank_sum_adds_up_and_its_payments_are_those_of_the_page(busy: Village) -> None:
    """What was there, came in, was paid and moved gives the balance, to the cent; on the start page all together."""
    page, home = busy.reader.foundation("beemd"), busy.reader.home()
    assert page.bank is not None
    assert (page.bank.opening_minor, page.bank.came_in_minor) == (31_050_00 - 100_00, 30_000_00)
    assert page.bank.paid_minor == page.sums.paid_minor == 950_00
    assert (page.bank.moved_minor, page.bank.balance_minor) == (-5_000_00, 55_000_00)
    assert home.bank is None, "the other foundation's account has no balance yet"


def test_bank_sum_waits_for_every_balance(village: Village) -> None:
    """While the newest statement of an account does not say what there is, no sum is shown."""
    village.line(-10_00)
    assert village.reader.foundation("beemd").bank is None
    village.statement(closing=1_00, iban=village.savings)
    assert village.reader.foundation("beemd").bank is not None
    village.statement(closing=None, closed_on="2026-04-30")
    assert village.reader.foundation("beemd").bank is None


def test_home_adds_up_all_foundations(busy: Village) -> None:
    """The start page's sum is that of all foundations, and what is not granted stands beside it."""
    page = busy.reader.home()
    assert page.sums.granted_minor == 70_000_00
    assert page.sums.unexplained_minor == 450_00
    assert page.unawarded_minor == 30_000_00
    assert adds_up(page.sums)
    assert all(adds_up(card.sums) for card in page.foundations)
    assert all(adds_up(card.sums) for card in page.initiatives)


def test_initiative_sum_is_its_budget_and_the_unexplained_stands_apart(busy: Village) -> None:
    """An initiative's own sum has nothing unexplained; what its foundations cannot explain is a line of its own."""
    page = busy.reader.initiative("tuin")
    assert (page.sums.granted_minor, page.sums.explained_minor, page.sums.unexplained_minor) == (5_000_00, 500_00, 0)
    assert page.unexplained_minor == 450_00
    assert [(line.name, line.spent_minor) for line in page.categories] == [("planten", 500_00), ("hekwerk", 0)]
    assert adds_up(page.sums)


def test_months_have_no_holes(village: Village) -> None:
    """A month without payments stands between its neighbours with nothing spent."""
    for on in ("2026-03-10", "2026-05-10"):
        village.link(village.line(-10_00, on), -10_00)
    months = village.reader.initiative("tuin").months
    assert [(line.month, line.spent_minor, line.total_minor) for line in months] == [
        (dt.date(2026, 3, 1), 10_00, 10_00),
        (dt.date(2026, 4, 1), 0, 10_00),
        (dt.date(2026, 5, 1), 10_00, 20_00),
    ]


def test_undone_link_no_longer_counts(village: Village) -> None:
    """What was taken back stands on no page."""
    line = village.line(-10_00)
    linked = village.link(line, -10_00)
    village.append(linked.book, "deallocation", {"allocation": linked.seq, "items": [0]}, {"reason": None})
    assert village.reader.foundation("beemd").sums.unexplained_minor == 10_00
    assert village.reader.initiative("tuin").latest == ()
    assert village.reader.transaction("beemd", line.seq).parts == ()


def test_steps_stand_in_order_and_those_to_come_last(village: Village) -> None:
    """From plan to result, in order of day."""
    village.link(village.line(-10_00, "2026-03-10"), -10_00)
    village.append(
        f"initiative/{village.initiative()}", "progress", {"done_on": "2026-03-12"}, {"text": None, "picture": None}
    )
    steps = village.reader.initiative("tuin").steps
    assert [(step.kind, step.on) for step in steps] == [
        ("granted", dt.date(2026, 1, 1)),
        ("opened", dt.date(2026, 3, 2)),
        ("first_payment", dt.date(2026, 3, 10)),
        ("progress", dt.date(2026, 3, 12)),
        ("closed", None),
        ("reported", None),
    ]


def test_flow_fits_what_is_explained(busy: Village) -> None:
    """Streams out of the first place come to what is explained; only a foundation's go on to categories."""
    for page in (busy.reader.home(), busy.reader.foundation("beemd")):
        first = [link for link in page.flow if link.step == 0]
        assert sum(link.amount_minor for link in first) == page.sums.explained_minor == 500_00
    assert {link.step for link in busy.reader.home().flow} == {0}
    assert [link.target for link in busy.reader.foundation("beemd").flow if link.step == 1] == ["planten"]


def test_up_to_date_is_the_day_that_every_account_reaches(busy: Village) -> None:
    """Of two accounts the one that is behind says how far the figures go."""
    assert busy.reader.foundation("beemd").badge.up_to == dt.date(2026, 3, 25)


def test_late_after_the_agreed_days(busy: Village) -> None:
    """A statement is late the day after the agreed number of days."""
    busy.now = dt.datetime(2026, 4, 29, 12, tzinfo=dt.UTC)
    busy.line(1_00, "2026-03-22")
    assert not busy.reader.foundation("beemd").badge.late
    busy.now = dt.datetime(2026, 4, 30, 12, tzinfo=dt.UTC)
    busy.line(1_00, "2026-03-22")
    assert busy.reader.foundation("beemd").badge.late


def test_empty_district_has_pages(make_village: MakeVillage) -> None:
    """Before the first statement every page is there and says that there is nothing."""
    reader = make_village().reader
    assert reader.home().latest == ()
    assert reader.home().flow == ()
    assert reader.foundation("beemd").badge.up_to is None
    assert reader.foundation("beemd").sums.balance_minor is None
    assert reader.initiative("feest").months == ()


def test_shared_initiative_flows_from_each_foundation_what_it_paid(village: Village) -> None:
    """Of an initiative that two foundations pay for, each one's picture shows its own part."""
    shared = "00000000000000e1"
    payers: list[Json] = [village.foundation(), village.foundation("kade")]
    public: dict[str, Json] = {"round": None, "payers": payers, "grants": [], "basis": "desk"}
    private: dict[str, Json] = {"slug": "samen", "name": "Samen Spel", **NOTHING_ELSE}
    opened = village.append(f"initiative/{shared}", "opened", public, private)
    village.disclose(opened, "slug", "name")
    village.link(village.line(-30_00), -30_00, slug="samen")
    village.statement(slug="kade", iban=village.group_iban)
    village.link(village.line(-12_00, slug="kade", account=village.group_iban), -12_00, slug="samen")
    reader = village.reader
    flows = [reader.foundation(slug).flow for slug in ("beemd", village.foundation("kade"))]
    assert [[link.amount_minor for link in flow] for flow in flows] == [[30_00, 30_00], [12_00, 12_00]]
    assert reader.initiative("samen").sums.explained_minor == 42_00
    assert reader.initiative("samen").categories[0].budget_minor == 0


def test_of_very_many_initiatives_the_small_ones_share_a_stream(village: Village) -> None:
    """The picture stays readable, and its streams still come to what is explained."""
    for number in range(14):
        private: dict[str, Json] = {
            "slug": f"plan-{number}",
            "name": f"Plan {number}",
            "promise": None,
            "theme": None,
            "contact": None,
        }
        public: dict[str, Json] = {"round": None, "payers": [village.foundation()], "grants": [], "basis": "desk"}
        opened = village.append(f"initiative/{number:016x}", "opened", public, private)
        village.disclose(opened, "slug", "name")
        village.link(village.line(-10_00 - number), -10_00 - number, slug=f"plan-{number}")
    page = village.reader.home()
    first = [link for link in page.flow if link.step == 0]
    assert len(first) == 13
    assert sum(link.amount_minor for link in first) == page.sums.explained_minor
    assert [link.amount_minor for link in first if link.target == OTHERS] == [20_01]


def test_transfer_to_another_foundation_bears_its_name(village: Village) -> None:
    """A declared account of another foundation is no account of one's own."""
    counter = f"account:{village.account(village.group_iban)}"
    line = village.line(-10_00, counter=counter, show=True)
    payee = village.reader.transaction("beemd", line.seq).payee
    assert (payee.kind, payee.name) == ("named", f"#{village.foundation('kade')[:8]}")


def test_several_neighbourhoods_are_called_by_their_district(make_village: MakeVillage) -> None:
    """With rounds for two neighbourhoods the start page bears the district's name."""
    more = '[[round]]\nslug = "twee"\nneighbourhood = "Dauwkade"\namount = "1.00"\nthemes = []\n'
    assert make_village().reader.home().neighbourhood == "Moerbeemd"
    assert make_village(more).reader.home().neighbourhood == "Stadsdeel Dauwrijk"


def test_days_without_a_statement_are_counted(busy: Village) -> None:
    """Only where one is late; from the day that the figures go to."""
    badge = busy.reader.foundation("beemd").badge
    assert (badge.up_to, badge.late, badge.days) == (dt.date(2026, 3, 25), False, 0)
    busy.now = dt.datetime(2026, 4, 30, 12, tzinfo=dt.UTC)
    busy.line(1_00, "2026-03-22")
    assert busy.reader.foundation("beemd").badge.days == 36


def test_every_page_about_money_says_how_far_it_goes(busy: Village) -> None:
    """The start page and an initiative as far as the foundation that is furthest behind."""
    own = busy.reader.foundation("beemd").badge
    assert busy.reader.initiative("tuin").badge == own
    home = busy.reader.home().badge
    assert home is not None
    assert (home.up_to, home.late) == (own.up_to, own.late)


def test_a_statement_seen_by_two_people_is_said(busy: Village) -> None:
    """The newest that was, once every open account has one."""
    assert busy.reader.foundation("beemd").badge.seen_to is None
    with busy.installation.store.reading() as connection:
        rows = connection.execute(sa.select(tables.statement).where(tables.statement.c.foundation == busy.foundation()))
        stated = {row.account: row for row in rows if row.closed_on}
    book, person = f"foundation/{busy.foundation()}", "00000000000000f1"
    store = busy.installation.store
    for row in stated.values():
        with store.writing(busy.now) as appender:
            draft = store.draft(book, "statement confirmed", {"statement": row.seq}, by=(person,))
            appender.append(draft)
    badge = busy.reader.foundation("beemd").badge
    assert badge.seen_to == min(row.closed_on for row in stated.values())
    line = busy.reader.foundation("beemd").latest[0]
    assert busy.reader.transaction("beemd", line.seq).statement.seen


def test_freshness_of_several_is_that_of_the_one_furthest_behind() -> None:
    """What rests on no bank does not count; one without any statement is said apart."""
    day = dt.date(2026, 3, 25)
    good = StatementBadge(up_to=day + dt.timedelta(days=3), late=False, seen_to=day)
    late = StatementBadge(up_to=day, late=True, days=40, without=1)
    none = StatementBadge(up_to=None, late=False)
    declared = StatementBadge(up_to=None, late=False, declared=True)
    assert together([declared]) is None
    assert together([good, declared]) == good
    assert together([good, late, none]) == StatementBadge(up_to=day, late=True, days=40, of_one=True, without=2)
    assert together([none]) == none
