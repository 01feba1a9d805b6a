"""The setup file: it parses, and its sums fit."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from stdnum import iban

if TYPE_CHECKING:
    from dashboards.demo.banks import BankLine
    from dashboards.demo.world import World

Setup = dict[str, Any]


def _total(amounts: list[str]) -> Decimal:
    return sum((Decimal(amount) for amount in amounts), Decimal(0))


def test_the_setup_holds_what_the_demo_promises(setup: Setup) -> None:
    """One round, five holders of money of four kinds, at least fourteen initiatives, a simulated clock."""
    assert setup["district"]["clock"] == "simulated"
    assert len(setup["round"]) == 1
    kinds = [foundation["kind"] for foundation in setup["foundation"]]
    assert sorted(kinds) == ["district", "foundation", "foundation", "intermediary", "residents"]
    assert len(setup["initiative"]) >= 14
    assert {role["role"] for role in setup["role"]} == {"treasurer", "signatory", "owner", "officer", "head"}


def test_only_where_money_disappears_can_one_person_pay(setup: Setup) -> None:
    """The mandate of the bank account is what made it possible."""
    alone = [foundation["slug"] for foundation in setup["foundation"] if foundation["mandate"] == "alone"]
    assert alone == ["melkput"]


def test_grants_fit_into_the_round_and_budgets_into_their_grant(setup: Setup) -> None:
    """What is promised never exceeds what it is promised from."""
    granted = {grant["reference"]: Decimal(grant["amount"]) for grant in setup["grant"]}
    assert sum(granted.values()) <= Decimal(setup["round"][0]["amount"])
    budgeted: dict[str, Decimal] = defaultdict(Decimal)
    for initiative in setup["initiative"]:
        (reference,) = initiative["grants"]
        budgeted[reference] += _total(list(initiative["budget"].values()))
        assert 3 <= len(initiative["budget"]) <= 6
    assert all(budgeted[reference] <= granted[reference] for reference in budgeted)


def test_tranches_add_up_to_the_grants(setup: Setup, world: World) -> None:
    """The district pays each grant in full within the year, except what it spends itself."""
    paid: dict[str, int] = defaultdict(int)
    for movement in world.movements:
        if movement.line.text.startswith("Voorschot MW-"):
            paid[movement.line.text.removeprefix("Voorschot ")] += movement.line.amount_minor
    own = next(item["slug"] for item in setup["foundation"] if item["kind"] == "district")
    granted = {grant["reference"]: grant for grant in setup["grant"] if grant["foundation"] != own}
    assert paid == {reference: int(Decimal(grant["amount"]) * 100) for reference, grant in granted.items()}


def test_references_within_the_setup_exist(setup: Setup) -> None:
    """Every foundation, grant, initiative, category, payee and person named is declared."""
    foundations = {item["slug"] for item in setup["foundation"]}
    people = {item["email"] for item in setup["person"]}
    budgets = {item["slug"]: item["budget"] for item in setup["initiative"]}
    payees = {(item["foundation"], item["name"]) for item in setup["payee"]}
    assert {item["person"] for item in setup["role"]} == people
    for heading in ("grant", "initiative", "payee", "decision", "declaration"):
        assert {item["foundation"] for item in setup[heading]} <= foundations
    for decision in setup["decision"]:
        assert decision["category"] in budgets[decision["initiative"]]
        assert (decision["foundation"], decision["payee"]) in payees
        assert decision["proposed_by"] != decision["approved_by"]
        assert {decision["proposed_by"], decision["approved_by"]} <= people
    assert all(len(set(item["approved_by"])) == 2 for item in setup["payee"])


def test_every_iban_is_valid_and_one_person_s_own(setup: Setup, world: World) -> None:
    """No two parties share an account number, and all check digits fit."""
    owners: dict[str, set[str]] = defaultdict(set)
    for item in (*setup["foundation"], *setup["payee"], *setup["declaration"]):
        for account in item.get("ibans") or item["accounts"]:
            owners[account].add(item.get("name") or item["person"])
    for movement in world.movements:
        for name, account in _counterparties(movement.line):
            owners[account].add(name)
    assert len(owners) > 70
    assert all(iban.is_valid(account) for account in owners)
    assert all(len(names) == 1 for names in owners.values())


def _counterparties(line: BankLine) -> list[tuple[str, str]]:
    if line.parts:
        return [(part.name, part.iban) for part in line.parts]
    return [(line.name or "", line.iban)] if line.iban else []


def test_nothing_declared_at_the_start_begins_after_the_first_month(setup: Setup) -> None:
    """The setup is the opening state: it precedes the first bank line."""
    for decision in setup["decision"]:
        assert decision["decided_on"] <= decision["starts"] < dt.date(2025, 11, 1) < decision["ends"]
