"""Links never exceed their line, never leave the foundation, and can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dashboards.work import allocations
from dashboards.work.allocations import Split
from dashboards.work.allocations import link
from dashboards.work.allocations import unlink
from dashboards.work.errors import SplitRefused
from ledger import tables
from ledger.check_views import verify_installation
from ledger.entry import MAX_BYTES

if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

    from tests.unit.dashboards.district import District


def _sums(district: District) -> list[tuple[Any, ...]]:
    """Return every sum that links change."""
    sums = [(row.foundation, row.paid_minor, row.explained_minor) for row in district.rows(tables.foundation_sum)]
    spent = [
        (row.category, row.month, row.spent_minor) for row in district.rows(tables.category_month) if row.spent_minor
    ]
    return [*sums, *spent, *((row.seq, row.allocated_minor) for row in district.rows(tables.movement))]


def _link(district: District, foundation: str, links: dict[int, list[Split]]) -> int:
    """Link lines as the treasurer, and return how many entries that took."""
    by = (district.ids["treasurer"],)
    size = district.size()
    entries = link(district.installation, foundation, links, by=by, now=district.now)
    assert [entry.idx for entry in entries] == list(range(size, district.size()))
    return len(entries)


def _pay(district: District, minor: int = 30_000) -> int:
    return district.pay("Kwekerij Vlier", "NL20INGB0001234567", minor)


def test_a_line_can_be_split_and_undone(district: District, made_up: ModuleType) -> None:
    """Undoing gives back every sum, and the line can be linked again."""
    seq = _pay(district)
    before = _sums(district)
    halves = [Split(made_up.TUIN, 1, -10_000), Split(made_up.TUIN, 1, -20_000)]
    assert _link(district, made_up.MEER, {seq: halves}) == 1
    assert (seq, -30_000) in _sums(district)
    by = (district.ids["treasurer"],)
    assert unlink(district.installation, made_up.MEER, seq, "verkeerd", by=by, now=district.now) == 2
    assert _sums(district) == before
    assert unlink(district.installation, made_up.MEER, seq, "nog eens", by=by, now=district.now) == 0
    assert _link(district, made_up.MEER, {seq: halves}) == 1
    assert verify_installation(district.installation).problems == ()


def test_a_line_can_be_linked_bit_by_bit_but_never_beyond(district: District, made_up: ModuleType) -> None:
    """What is linked already counts."""
    seq = _pay(district)
    _link(district, made_up.MEER, {seq: [Split(made_up.TUIN, 1, -29_999)]})
    size = district.size()
    with pytest.raises(SplitRefused, match="more than what is left"):
        _link(district, made_up.MEER, {seq: [Split(made_up.TUIN, 1, -2)]})
    assert district.size() == size
    _link(district, made_up.MEER, {seq: [Split(made_up.TUIN, 1, -1)]})
    assert (seq, -30_000) in _sums(district)


@pytest.mark.parametrize(
    ("initiative", "category", "amount", "why"),
    [
        ("FEEST", 1, -100, "does not pay for that initiative"),
        ("TUIN", 2, -100, "not in the initiative's budget"),
        ("TUIN", 1, 100, "other sign"),
        ("TUIN", 1, 0, "is nought"),
        ("TUIN", 1, -30_001, "more than what is left"),
    ],
)
def test_a_split_that_does_not_fit_links_nothing(  # noqa: PLR0917 - what is wrong, and why
    district: District, made_up: ModuleType, initiative: str, category: int, amount: int, why: str
) -> None:
    """One wrong split refuses all."""
    first, second = _pay(district), _pay(district)
    size = district.size()
    wrong = Split(getattr(made_up, initiative), category, amount)
    with pytest.raises(SplitRefused, match=why) as caught:
        _link(district, made_up.MEER, {first: [Split(made_up.TUIN, 1, -100)], second: [wrong]})
    assert caught.value.seq == second
    assert district.size() == size


def test_parts_cannot_hide_in_one_another(district: District, made_up: ModuleType) -> None:
    """Together they may not exceed the line, whatever each does."""
    seq = _pay(district)
    with pytest.raises(SplitRefused, match="more than"):
        _link(district, made_up.MEER, {seq: [Split(made_up.TUIN, 1, -20_000)] * 2})


def test_a_closed_initiative_takes_nothing_more(district: District, made_up: ModuleType) -> None:
    """Its budget is settled."""
    seq = _pay(district)
    district.append(f"initiative/{made_up.TUIN}", "closed", {"outcome": "finished"}, {"reason": None})
    with pytest.raises(SplitRefused, match="does not pay"):
        _link(district, made_up.MEER, {seq: [Split(made_up.TUIN, 1, -1)]})


def test_only_the_foundations_own_payments_are_linked(district: District, made_up: ModuleType) -> None:
    """Neither another's, nor an entry that is no payment."""
    other = district.pay("Kwekerij Vlier", "NL20INGB0001234567", foundation=made_up.EIK)
    _pay(district)
    for seq in (other, 0, 10_000):
        with pytest.raises(SplitRefused, match="no payment of this foundation"):
            _link(district, made_up.MEER, {seq: [Split(made_up.TUIN, 1, -1)]})


def test_many_links_are_split_over_entries(
    district: District, made_up: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that each stays below 65,535 bytes."""
    assert len(b"[9007199254740991,-9007199254740991,999],") * allocations.ITEMS < MAX_BYTES
    monkeypatch.setattr(allocations, "ITEMS", 2)
    seqs = [_pay(district, 100) for _ in range(3)]
    assert _link(district, made_up.MEER, {seq: [Split(made_up.TUIN, 1, -100)] for seq in seqs}) == 2
