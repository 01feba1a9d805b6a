"""Signing in: the right password, the brake on guessing, and what is kept of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dashboards.access import sign_in as door
from dashboards.access import throttle
from dashboards.errors import SignInRefused
from dashboards.errors import TooManyAttempts
from dashboards.work import people
from ledger import tables

if TYPE_CHECKING:
    from types import ModuleType

    from tests.unit.dashboards.district import District

ADDRESS = "192.0.2.7"


@pytest.fixture(autouse=True)
def _passwords(district: District, made_up: ModuleType) -> None:
    """Everybody has a password."""
    made_up.give_passwords(district)


def knock(district: District, password: str, who: str = "treasurer", address: str = ADDRESS) -> str:
    return door.sign_in(district.installation, f"{who}@meer.example", password, address, district.now)


def test_the_right_password_opens(district: District, made_up: ModuleType) -> None:
    """A session begins, a new one each time."""
    first, second = knock(district, made_up.PASSWORD), knock(district, made_up.PASSWORD)
    assert first != second
    assert len(district.rows(tables.web_session)) == 2


def test_wrong_and_unknown_get_the_same_answer(district: District) -> None:
    """Nobody learns who has an account."""
    with pytest.raises(SignInRefused, match="do not belong together") as wrong:
        knock(district, "verkeerd wachtwoord")
    with pytest.raises(SignInRefused, match="do not belong together") as unknown:
        knock(district, "verkeerd wachtwoord", "stranger")
    assert str(wrong.value) == str(unknown.value)
    assert district.rows(tables.web_session) == []


def test_an_unknown_account_costs_a_hash_too(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same work is done for an account that does not exist."""
    seen: list[str] = []

    class Counting:
        def verify(self, kept: str, _password: str) -> bool:
            seen.append(kept)
            return False

        def hash(self, _password: str) -> str:
            return "decoy"

    monkeypatch.setattr(people, "HASHER", Counting())
    for who in ("treasurer", "stranger"):
        with pytest.raises(SignInRefused, match="belong"):
            knock(district, "verkeerd wachtwoord", who)
    assert len(seen) == 2


def test_five_wrong_passwords_close_the_account_for_a_quarter(district: District, made_up: ModuleType) -> None:
    """After five, even the right one waits; a quarter of an hour later it opens."""
    for _ in range(throttle.PER_ACCOUNT):
        with pytest.raises(SignInRefused, match="belong"):
            knock(district, "verkeerd wachtwoord")
    with pytest.raises(TooManyAttempts, match="quarter of an hour"):
        knock(district, made_up.PASSWORD)
    with pytest.raises(TooManyAttempts, match="quarter of an hour"):
        knock(district, made_up.PASSWORD, address="198.51.100.1")
    assert knock(district, made_up.PASSWORD, "officer")
    district.later(minutes=15)
    assert knock(district, made_up.PASSWORD)


def test_an_unknown_account_is_closed_too(district: District) -> None:
    """Being closed tells nothing about whether an account exists."""
    for _ in range(throttle.PER_ACCOUNT):
        with pytest.raises(SignInRefused, match="belong"):
            knock(district, "verkeerd wachtwoord", "stranger")
    with pytest.raises(TooManyAttempts, match="quarter of an hour"):
        knock(district, "verkeerd wachtwoord", "stranger")


def test_an_address_that_tries_many_accounts_is_stopped(district: District, made_up: ModuleType) -> None:
    """Few guesses at each of many accounts are many guesses."""
    for number in range(throttle.PER_ADDRESS):
        with pytest.raises(SignInRefused, match="belong"):
            knock(district, "verkeerd wachtwoord", f"stranger{number}")
    with pytest.raises(TooManyAttempts, match="quarter of an hour"):
        knock(district, made_up.PASSWORD)
    assert knock(district, made_up.PASSWORD, address="198.51.100.1")


def test_the_right_password_clears_the_account(district: District, made_up: ModuleType) -> None:
    """Whoever signs in begins anew."""
    for _ in range(throttle.PER_ACCOUNT - 1):
        with pytest.raises(SignInRefused, match="belong"):
            knock(district, "verkeerd wachtwoord")
    knock(district, made_up.PASSWORD)
    for _ in range(throttle.PER_ACCOUNT):
        with pytest.raises(SignInRefused, match="belong"):
            knock(district, "verkeerd wachtwoord")


def test_no_address_is_kept(district: District) -> None:
    """Accounts and addresses stand in the table as HMACs, and old ones are forgotten."""
    with pytest.raises(SignInRefused, match="belong"):
        knock(district, "verkeerd wachtwoord")
    kept = [row.subject for row in district.rows(tables.sign_in_attempt)]
    assert len(kept) == 2
    assert all(len(subject) == 64 and ADDRESS not in subject and "meer" not in subject for subject in kept)
    district.later(minutes=16)
    with pytest.raises(SignInRefused, match="belong"):
        knock(district, "verkeerd wachtwoord", "officer")
    assert not {row.subject for row in district.rows(tables.sign_in_attempt)} & {kept[0]}


def test_signing_out_ends_the_session(district: District, made_up: ModuleType) -> None:
    """The row is gone."""
    door.sign_out(district.installation, knock(district, made_up.PASSWORD))
    assert district.rows(tables.web_session) == []
