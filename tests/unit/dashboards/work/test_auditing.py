"""Running the rules by command: once, for whom it is asked, and as of a day without a trace."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest

from dashboards.work.auditing import flags_as_of
from dashboards.work.auditing import run_and_list
from dashboards.work.errors import FoundationUnknown
from ledger import tables

if TYPE_CHECKING:
    from types import ModuleType

    from tests.unit.dashboards.district import District


def test_flags_are_raised_once(district: District, made_up: ModuleType) -> None:
    """A rerun finds the same and appends one run."""
    seq = district.pay("Wiebe Kwikstaart", made_up.PERSON_IBAN)
    found = run_and_list(district.installation, None, district.now)
    assert {flag["rule"] for flag in found} == {"PAY-01", "PAY-02", "PAY-07"}
    (flag,) = (flag for flag in found if flag["rule"] == "PAY-02")
    transactions = [{"book": f"foundation/{made_up.MEER}", "seq": seq, "booked_on": "2026-10-20", "amount": "-300.00"}]
    assert {name: flag[name] for name in ("kind", "foundation", "status", "transactions")} == {
        "kind": "policy", "foundation": "meer", "status": "open", "transactions": transactions
    }  # fmt: skip
    assert flag["first_seen"] == "2026-11-02T12:00:00Z"
    assert json.loads(json.dumps(found)) == found
    size = district.size()
    assert run_and_list(district.installation, None, district.now) == found
    assert district.types(size) == ["run"]
    assert district.installation.signer.size() == district.size()


def test_one_foundation_can_be_asked_for(district: District, made_up: ModuleType) -> None:
    """By its slug; another is not looked at."""
    district.pay("Wiebe Kwikstaart", made_up.PERSON_IBAN)
    assert run_and_list(district.installation, "eik", district.now) == []
    assert district.rows(tables.flag) == []
    with pytest.raises(FoundationUnknown, match="no foundation 'zee'"):
        run_and_list(district.installation, "zee", district.now)
    with pytest.raises(FoundationUnknown, match="no foundation 'zee'"):
        flags_as_of(district.installation, "zee", district.now.date())


def test_as_of_a_day_uses_facts_up_to_it_and_appends_nothing(district: District, made_up: ModuleType) -> None:
    """A payment of the 20th is seen from the 20th on."""
    district.pay("Wiebe Kwikstaart", made_up.PERSON_IBAN)
    size = district.size()
    assert flags_as_of(district.installation, None, dt.date(2026, 10, 19)) == []
    found = flags_as_of(district.installation, "meer", dt.date(2026, 10, 20))
    assert sorted(flag["rule"] for flag in found) == ["PAY-01", "PAY-02", "PAY-07"]
    assert json.loads(json.dumps(found)) == found
    assert district.size() == size
    raised = {flag["id"] for flag in run_and_list(district.installation, None, district.now)}
    assert {flag["id"] for flag in found} == raised
