"""Seeded choices and fictional account numbers."""

from __future__ import annotations

from stdnum import iban

from dashboards.demo.chance import Chance
from dashboards.demo.chance import creditor_id
from dashboards.demo.chance import fictional_iban
from dashboards.demo.chance import fictional_kvk

KEYS = [f"somebody {number}" for number in range(500)]


def test_every_fictional_iban_is_well_formed() -> None:
    """Check digits and length are those of a Dutch IBAN."""
    assert all(iban.is_valid(fictional_iban(key)) for key in KEYS)


def test_no_fictional_iban_can_have_been_given_out() -> None:
    """Every account number fails the eleven test that Dutch banks apply."""
    for key in KEYS:
        digits = fictional_iban(key)[8:]
        total = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 0, -1), strict=True))
        assert total % 11 != 0, key


def test_a_creditor_id_has_valid_check_digits_and_the_kvk_number() -> None:
    """The direct debit identifier has the Dutch structure: KvK number and four zeros."""
    found = creditor_id("paraplu")
    national = found[7:]
    number = "".join(str(int(character, 36)) for character in national + found[:4])
    assert int(number) % 97 == 1
    assert national == f"{fictional_kvk('paraplu')}0000"


def test_a_price_stays_within_its_bounds() -> None:
    """A shop's price is never below the lowest or above the highest that was asked."""
    chance = Chance(3)
    prices = [chance.price(4_95, 21_30) for _ in range(2_000)]
    assert min(prices) >= 4_95
    assert max(prices) <= 21_30
    assert len(set(prices)) > 100


def test_the_same_seed_makes_the_same_choices() -> None:
    """Two streams with one seed agree, and another seed differs."""
    first, again, other = Chance(1), Chance(1), Chance(2)
    drawn = [first.below(1_000) for _ in range(50)]
    assert drawn == [again.below(1_000) for _ in range(50)]
    assert drawn != [other.below(1_000) for _ in range(50)]
