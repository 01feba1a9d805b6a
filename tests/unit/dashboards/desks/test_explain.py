"""Explaining payments that were booked before, as a browser meets it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from typing import Any

import pytest

from dashboards.desks import explain
from dashboards.work.allocations import link
from ledger import tables
from ledger.check_views import verify_installation

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from tests.unit.dashboards.desks.conftest import Browser
    from tests.unit.dashboards.district import District

EXPLAIN = "/bureau/meer/toelichten"
TARGET, FOREIGN = "00000000000000c1/1", "00000000000000c2/1"
SHOP, SHOP_IBAN = "Kwekerij Vlier", "NL91ABNA0417164300"
EVERYBODY_ELSE = ("other", "owner", "officer", "head", "tied", "nobody")


def pay(district: District, minor: int = 30_000, foundation: str = "00000000000000aa") -> int:
    return district.pay(SHOP, SHOP_IBAN, minor, foundation)


def transfer(district: District) -> int:
    """Move money to an own account, as the importer books it."""
    public: dict[str, Any] = {"account": "00000000000000d1", "statement": 1, "line": 0, "booked_on": "2026-10-20"}
    public |= {"valued_on": None, "amount": -500, "currency": "EUR"}
    private: dict[str, Any] = {"name": "Spaar", "iban": "NL02ABNA0123456789", "text": None}
    private |= {"counter": "account:00000000000000d1", "refs": {}, "code": None, "parts": []}
    return district.append("foundation/00000000000000aa", "transaction", public, private).seq


def money(district: District) -> tuple[int, int, int]:
    """What the foundation paid, and what of it is explained and came back."""
    row = next(row for row in district.rows(tables.foundation_sum) if row.foundation == "00000000000000aa")
    return row.paid_minor, row.explained_minor, row.refunded_minor


def linked(district: District) -> dict[int, int]:
    """What is linked now, by place in the book."""
    return {row.seq: row.allocated_minor for row in district.rows(tables.movement) if row.allocated_minor}


def test_what_was_chosen_is_linked_and_the_rest_waits(browse: Callable[[str], Browser], district: District) -> None:
    """Only chosen payments are linked; the page tells how many and how much, and lists what is left."""
    first, second, third = (pay(district, minor) for minor in (10_000, 14_000, 5_000))
    browser = browse("treasurer")
    assert "3 payments are not explained yet" in re.sub(r"<[^>]+>", "", browser.get(f"/en{EXPLAIN}"))
    form = {f"line-{first}": TARGET, f"line-{second}": TARGET, f"line-{third}": ""}
    where = browser.post(f"/en{EXPLAIN}", **form)
    page = re.sub(r"<[^>]+>", "", browser.get(where))
    assert "2 payments explained, €240.00" in page
    assert linked(district) == {first: -10_000, second: -14_000}
    assert money(district) == (29_000, 24_000, 0)
    assert f'name="line-{third}"' in browser.get(EXPLAIN)
    assert f'name="line-{first}"' not in browser.get(EXPLAIN)
    assert "payments explained" not in browser.get(f"/en{EXPLAIN}")
    assert verify_installation(district.installation).problems == ()


def test_the_address_after_explaining_names_nobody(browse: Callable[[str], Browser], district: District) -> None:
    """It holds places in the log alone, and what they did is read from the book."""
    seq = pay(district)
    where = browse("treasurer").post(EXPLAIN, **{f"line-{seq}": TARGET})
    assert re.fullmatch(rf"{EXPLAIN}\?vanaf=\d+&aantal=1", where)


@pytest.mark.parametrize("query", ["vanaf=0&aantal=999999999999999", "vanaf=9&aantal=9", "vanaf=x&aantal=-1"])
def test_an_address_made_up_says_nothing_untrue(
    browse: Callable[[str], Browser], district: District, query: str
) -> None:
    """Whatever the address names, the page tells only what was linked for this foundation."""
    pay(district)
    assert 'role="status"' not in browse("treasurer").get(f"{EXPLAIN}?{query}")


@pytest.mark.parametrize("who", EVERYBODY_ELSE)
def test_only_the_foundations_own_people_look(browse: Callable[[str], Browser], district: District, who: str) -> None:
    """Everybody else is told that the page is not for them, and changes nothing."""
    seq = pay(district)
    browser, size = browse(who), district.size()
    for path in (EXPLAIN, f"{EXPLAIN}/{seq}", "/bureau/geen/toelichten"):
        browser.get(path, 403)
    browser.post(EXPLAIN, 403, **{f"line-{seq}": TARGET})
    browser.post(f"{EXPLAIN}/{seq}", 403, **{"target-1": TARGET, "amount-1": "1"})
    browser.post(f"{EXPLAIN}/{seq}/ongedaan", 403, reason="zomaar")
    assert district.size() == size


def test_a_signatory_looks_and_links_nothing(browse: Callable[[str], Browser], district: District) -> None:
    """The pages open without forms, and a form sent all the same is refused."""
    seq = pay(district)
    browse("treasurer").post(f"{EXPLAIN}/{seq}", **{"target-1": TARGET, "amount-1": "100"})
    browser, size = browse("signatory"), district.size()
    assert "<select" not in browser.get(EXPLAIN)
    assert SHOP in browser.get(EXPLAIN)
    page = browser.get(f"{EXPLAIN}/{seq}")
    assert "De Tuin" in page
    assert "<select" not in page
    assert "ongedaan" not in page
    browser.post(EXPLAIN, 403, **{f"line-{seq}": TARGET})
    browser.post(f"{EXPLAIN}/{seq}", 403, **{"target-1": TARGET, "amount-1": "1"})
    browser.post(f"{EXPLAIN}/{seq}/ongedaan", 403, reason="zomaar")
    assert district.size() == size
    assert "not explained yet</span>" not in browser.get("/en/bureau")


def test_a_treasurer_who_left_links_nothing(browse: Callable[[str], Browser], district: District) -> None:
    """The role is read at every request."""
    seq, browser = pay(district), browse("treasurer")
    browser.get(EXPLAIN)
    district.end_role("treasurer", "treasurer", "00000000000000aa")
    browser.post(EXPLAIN, 403, **{f"line-{seq}": TARGET})
    assert linked(district) == {}


@pytest.mark.parametrize("path", ["", "/{seq}", "/{seq}/ongedaan"])
def test_a_form_without_its_token_is_refused(browse: Callable[[str], Browser], district: District, path: str) -> None:
    """Another site cannot link or undo in somebody's name."""
    seq, browser = pay(district), browse("treasurer")
    browser.token = "wrong"
    form = {f"line-{seq}": TARGET, "target-1": TARGET, "amount-1": "1", "reason": "zomaar"}
    size = district.size()
    browser.post(EXPLAIN + path.format(seq=seq), 400, **form)
    assert district.size() == size


@pytest.mark.parametrize("wrong", ["transfer", "foreign", "settled", "opened", "huge"])
def test_one_line_that_cannot_be_linked_links_none(
    browse: Callable[[str], Browser], district: District, made_up: ModuleType, wrong: str
) -> None:
    """A transfer, another foundation's payment, one explained before, no payment at all: all or nothing."""
    good = pay(district)
    for _ in range(9):
        foreign = pay(district, foundation=made_up.EIK)
    settled, moved = pay(district), transfer(district)
    browser = browse("treasurer")
    browser.post(EXPLAIN, **{f"line-{settled}": TARGET})
    seqs = {"transfer": moved, "foreign": foreign, "settled": settled, "opened": 0, "huge": 10**15 - 1}
    size = district.size()
    browser.post(EXPLAIN, 409, **{f"line-{good}": TARGET, f"line-{seqs[wrong]}": TARGET})
    assert district.size() == size


@pytest.mark.parametrize("value", [FOREIGN, "00000000000000c1/9", "<b>"])
def test_what_was_not_offered_is_refused_and_the_rest_kept(
    browse: Callable[[str], Browser], district: District, value: str
) -> None:
    """The summary leads to the line; other choices stand as they were, and nothing is linked."""
    first, second = pay(district), pay(district)
    page = browse("treasurer").post(EXPLAIN, 422, **{f"line-{first}": value, f"line-{second}": TARGET})
    assert f'href="#line-{first}"' in page
    assert f'value="{TARGET}" selected' in page
    assert linked(district) == {}


def test_a_form_without_a_choice_is_said_so(browse: Callable[[str], Browser], district: District) -> None:
    """The summary leads to the first line."""
    seq = pay(district)
    assert f'href="#line-{seq}"' in browse("treasurer").post(EXPLAIN, 422, **{f"line-{seq}": "", "line-x": TARGET})


def test_who_was_slower_is_told_so(
    browse: Callable[[str], Browser], district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What somebody else linked between looking and linking is not linked twice."""
    seq, browser = pay(district), browse("treasurer")

    def slower(*args: Any, **more: Any) -> Any:  # noqa: ANN401 - passes on whatever comes
        link(*args, **more)
        return link(*args, **more)

    monkeypatch.setattr(explain, "link", slower)
    browser.post(EXPLAIN, 409, **{f"line-{seq}": TARGET})
    assert linked(district) == {seq: -30_000}


def test_the_last_payment_to_a_payee_suggests_the_next(browse: Callable[[str], Browser], district: District) -> None:
    """The suggestion is filled in and says why, here as in the upload."""
    treasurer = browse("treasurer")
    shop = {"name": SHOP, "iban": SHOP_IBAN, "kvk": "12345678", "kind": "organisation", "starts": "2026-01-01"}
    treasurer.post("/bureau/meer/begunstigden/nieuw", **shop)
    (payee,) = district.rows(tables.payee)
    public: dict[str, Any] = {"account": "00000000000000d1", "statement": 1, "line": 0, "booked_on": "2026-10-20"}
    public |= {"valued_on": None, "amount": -500, "currency": "EUR"}
    private: dict[str, Any] = {"name": SHOP, "iban": SHOP_IBAN, "text": None, "counter": f"payee:{payee.id}"}
    private |= {"refs": {}, "code": None, "parts": []}
    first, _ = (district.append("foundation/00000000000000aa", "transaction", public, private).seq for _ in range(2))
    assert "selected" not in treasurer.get(EXPLAIN)
    treasurer.post(EXPLAIN, **{f"line-{first}": TARGET})
    page = treasurer.get(f"/en{EXPLAIN}")
    assert f'value="{TARGET}" selected' in page
    assert "The last payment to this payee was for the same." in page
    district.append("initiative/00000000000000c1", "closed", {"outcome": "finished"}, {"reason": None})
    assert "The last payment" not in treasurer.get(f"/en{EXPLAIN}")


def test_money_paid_back_is_linked_as_a_refund(browse: Callable[[str], Browser], district: District) -> None:
    """What came in stands apart, and counts against what was spent."""
    bought, back = pay(district), pay(district, -2_000)
    browser = browse("treasurer")
    assert "nothing was paid back" in browser.get(f"/en{EXPLAIN}")
    browser.post(EXPLAIN, **{f"line-{bought}": TARGET, f"line-{back}": TARGET})
    assert money(district) == (30_000, 30_000, 2_000)
    page = browser.get(f"/en{EXPLAIN}")
    assert "Every payment is explained" in page
    assert "€20.00" in browser.get(f"/en{EXPLAIN}/{back}")


def test_what_the_bank_gives_back_is_suggested_for_the_same(
    browse: Callable[[str], Browser], district: District
) -> None:
    """A returned payment counts against what the original counts for, once somebody says so."""
    bought, back = pay(district), pay(district, -30_000)
    browser = browse("treasurer")
    browser.post(EXPLAIN, **{f"line-{bought}": TARGET})
    assert "selected" not in browser.get(EXPLAIN)
    district.append("foundation/00000000000000aa", "correction linked", {"items": [[back, bought]]})
    page = browser.get(f"/en{EXPLAIN}")
    assert f'value="{TARGET}" selected' in page
    assert "The bank gives back a payment that counts for this." in page


def test_lines_are_shown_in_pages_oldest_first(
    browse: Callable[[str], Browser], district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came in follows the last payment; a page too far is the last one."""
    monkeypatch.setattr(explain, "ON_A_PAGE", 2)
    back = pay(district, -2_000)
    seqs = [pay(district) for _ in range(4)]
    browser = browse("treasurer")
    shown = [re.findall(r'<select id="line-(\d+)"', browser.get(f"{EXPLAIN}?bladzijde={n}")) for n in (0, 1, 2, 3, 99)]
    one, two, three = ([str(seq) for seq in part] for part in (seqs[:2], seqs[2:], [back]))
    assert shown == [one, one, two, three, three]
    where = browser.post(f"{EXPLAIN}?bladzijde=2", **{f"line-{seqs[2]}": TARGET})
    assert "bladzijde=2" in where


def test_a_payment_is_split_bit_by_bit(browse: Callable[[str], Browser], district: District) -> None:
    """Parts may be less than the payment; the rest stays open and can be split again."""
    seq = pay(district)
    browser, path = browse("treasurer"), f"{EXPLAIN}/{seq}"
    parts = {"target-1": TARGET, "amount-1": "100", "target-3": TARGET, "amount-3": "50,50"}
    page = browser.get(browser.post(f"/en{path}", **parts))
    assert "€149.50" in page
    assert linked(district) == {seq: -15_050}
    assert "what is left of" in browser.get(f"/en{EXPLAIN}")
    browser.post(path, **{"target-1": TARGET, "amount-1": "149,50"})
    assert money(district) == (30_000, 30_000, 0)
    assert "amount-1" not in browser.get(path)


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ({"target-1": TARGET, "amount-1": "200", "target-2": TARGET, "amount-2": "100,01"}, "amount-1"),
        ({"target-1": TARGET, "amount-1": "300", "target-2": TARGET, "amount-2": ""}, "amount-2"),
        ({"target-1": TARGET, "amount-1": "0"}, "amount-1"),
        ({"target-1": TARGET, "amount-1": "-5"}, "amount-1"),
        ({"target-1": TARGET, "amount-1": "1,250"}, "amount-1"),
        ({"target-2": "", "amount-2": "10"}, "target-2"),
        ({"target-2": FOREIGN, "amount-2": "10"}, "target-2"),
        ({}, "target-1"),
    ],
)
def test_parts_that_do_not_fit_are_said_so(
    browse: Callable[[str], Browser], district: District, parts: dict[str, str], field: str
) -> None:
    """The summary leads to the field, what was typed stays, and nothing is linked."""
    seq = pay(district)
    page = browse("treasurer").post(f"{EXPLAIN}/{seq}", 422, **parts)
    assert f'href="#{field}"' in page
    assert all(f'value="{text}"' in page for name, text in parts.items() if text and name.startswith("amount"))
    assert linked(district) == {}


def test_undoing_gives_back_every_sum(browse: Callable[[str], Browser], district: District) -> None:
    """The payment stands open again; the reason is kept privately, and undoing twice is told."""
    seq, browser = pay(district), browse("treasurer")
    before = money(district)
    browser.post(f"{EXPLAIN}/{seq}", **{"target-1": TARGET, "amount-1": "120"})
    assert f"{EXPLAIN}/{seq}" in browser.get(EXPLAIN)
    size = district.size()
    assert browser.post(f"{EXPLAIN}/{seq}/ongedaan", reason="Was voor het feest.") == f"{EXPLAIN}/{seq}"
    assert money(district) == before
    assert linked(district) == {}
    assert district.types(size) == ["deallocation"]
    assert "Was voor het feest." not in browser.get(f"{EXPLAIN}/{seq}")
    browser.post(f"{EXPLAIN}/{seq}/ongedaan", 409, reason="Nog eens.")
    assert district.size() == size + 1
    assert verify_installation(district.installation).problems == ()


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2_001])
def test_undoing_needs_a_reason(browse: Callable[[str], Browser], district: District, reason: str) -> None:
    """Without one nothing is undone, and what was typed stays."""
    seq, browser = pay(district), browse("treasurer")
    browser.post(EXPLAIN, **{f"line-{seq}": TARGET})
    page = browser.post(f"{EXPLAIN}/{seq}/ongedaan", 422, reason=reason)
    assert 'href="#reason"' in page
    assert linked(district) == {seq: -30_000}


@pytest.mark.parametrize("wrong", ["transfer", "foreign", "opened", "huge"])
def test_a_line_that_is_no_payment_has_no_page(
    browse: Callable[[str], Browser], district: District, made_up: ModuleType, wrong: str
) -> None:
    """A transfer, another foundation's payment, another entry: not here."""
    for _ in range(9):
        foreign = pay(district, foundation=made_up.EIK)
    seqs = {"transfer": transfer(district), "foreign": foreign, "opened": 0, "huge": 10**30}
    path, browser = f"{EXPLAIN}/{seqs[wrong]}", browse("treasurer")
    size = district.size()
    for answer in (browser.client.get(path), browser.client.get(f"/en{path}")):
        assert answer.status_code == 404
    if wrong != "huge":
        browser.post(path, 404, **{"target-1": TARGET, "amount-1": "1"})
        browser.post(f"{path}/ongedaan", 404, reason="zomaar")
    assert district.size() == size


def test_my_desk_counts_what_is_not_explained(browse: Callable[[str], Browser], district: District) -> None:
    """The treasurer is led to it; once everything is explained it waits no more."""
    seq, browser = pay(district), browse("treasurer")
    assert "payment is not explained yet" in browser.get("/en/bureau")
    browser.post(EXPLAIN, **{f"line-{seq}": TARGET})
    assert "not explained yet</span>" not in browser.get("/en/bureau")
