"""People: addresses, passwords, and what they may do now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher

from dashboards import errors
from dashboards.access import sessions
from dashboards.work import people
from dashboards.work.ordinary import changing
from ledger import tables

if TYPE_CHECKING:
    from types import ModuleType

    from tests.unit.dashboards.district import District


def person(district: District, who: str = "treasurer") -> people.Person:
    with district.installation.store.reading() as connection:
        found = people.person_by_id(connection, district.ids[who])
    assert found is not None
    return found


def roles(district: District, who: str) -> people.Roles:
    with district.installation.store.reading() as connection:
        return people.roles_of(connection, district.ids[who])


def test_an_address_is_found_however_it_is_typed(district: District) -> None:
    """Case and spaces around an address do not matter."""
    with district.installation.store.reading() as connection:
        found = people.person_by_email(connection, " Treasurer@MEER.example ")
    assert found == person(district)


def test_an_address_is_given_once(district: District) -> None:
    """Nobody gets an address that somebody has."""
    with changing(district.installation.engine) as connection, pytest.raises(errors.EmailTaken, match="already"):
        people.add_person(connection, "TREASURER@meer.example", "Iemand", district.now)


@pytest.mark.parametrize("email", ["", "treasurer", "a b@meer.example", "@meer.example", "x@" + "y" * 254])
def test_what_is_no_address_is_refused(district: District, email: str) -> None:
    """An address has something on both sides of one at sign."""
    with changing(district.installation.engine) as connection, pytest.raises(errors.EmailRefused, match="e-mail"):
        people.add_person(connection, email, "Iemand", district.now)


def test_a_person_has_a_name(district: District) -> None:
    """Nobody is added without a name."""
    with changing(district.installation.engine) as connection, pytest.raises(errors.NameRefused, match="name"):
        people.add_person(connection, "iemand@meer.example", " ", district.now)


def test_only_the_right_password_is_right(district: District, made_up: ModuleType) -> None:
    """The password itself, and nothing else, of a person who has one."""
    assert not people.right_password(person(district), "")
    with changing(district.installation.engine) as connection:
        people.set_password(connection, district.ids["treasurer"], made_up.PASSWORD)
    kept = person(district)
    assert people.right_password(kept, made_up.PASSWORD)
    assert not people.right_password(kept, made_up.PASSWORD + "!")
    assert not people.right_password(kept, "x" * 2000)
    assert not people.right_password(None, made_up.PASSWORD)
    assert kept.password_hash is not None
    assert made_up.PASSWORD not in kept.password_hash


def test_a_broken_hash_fits_no_password(district: District) -> None:
    """What is no hash refuses instead of failing."""
    broken = people.Person(district.ids["nobody"], "n@meer.example", "N", "not a hash")
    assert not people.right_password(broken, "not a hash")


@pytest.mark.parametrize("password", ["elf tekens.", "x" * 1025])
def test_a_short_or_endless_password_is_refused(district: District, password: str) -> None:
    """A password has 12 characters at least, 1,024 at most."""
    with changing(district.installation.engine) as connection, pytest.raises(errors.PasswordRefused, match="12"):
        people.set_password(connection, district.ids["treasurer"], password)


def test_a_password_belongs_to_somebody(district: District, made_up: ModuleType) -> None:
    """An unknown person gets none."""
    with changing(district.installation.engine) as connection, pytest.raises(errors.Missing, match="not here"):
        people.set_password(connection, "00000000000000ff", made_up.PASSWORD)


def test_a_new_password_ends_old_sessions(district: District, made_up: ModuleType) -> None:
    """Whoever was signed in with the old password is not any more."""
    with changing(district.installation.engine) as connection:
        token = sessions.begin(connection, person(district), district.now)
        people.set_password(connection, district.ids["treasurer"], made_up.PASSWORD)
        assert sessions.person_of(connection, token, district.now) is None


def test_a_hash_is_renewed_when_it_has_become_weak(
    district: District, made_up: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With stronger parameters a right password is hashed anew; with the same ones nothing changes."""
    made_up.give_passwords(district)
    weak = person(district)
    with changing(district.installation.engine) as connection:
        people.renew_hash(connection, weak, made_up.PASSWORD)
    assert person(district) == weak
    monkeypatch.setattr(people, "HASHER", PasswordHasher(time_cost=2, memory_cost=8, parallelism=1))
    with changing(district.installation.engine) as connection:
        people.renew_hash(connection, weak, made_up.PASSWORD)
    assert person(district).password_hash != weak.password_hash
    assert people.right_password(person(district), made_up.PASSWORD)


def test_roles_are_those_of_now(district: District, made_up: ModuleType) -> None:
    """Each role gives what it gives, and one that ended gives nothing."""
    assert roles(district, "treasurer") == people.Roles(treasurer=frozenset({made_up.MEER}))
    assert roles(district, "owner") == people.Roles(owner=frozenset({made_up.TUIN}))
    assert roles(district, "officer") == people.Roles(officer=True)
    assert roles(district, "head") == people.Roles(head=True)
    assert roles(district, "nobody") == people.Roles()
    assert roles(district, "other").foundations == {made_up.EIK}
    district.end_role("officer", "officer")
    assert not roles(district, "officer").rules


def test_a_tie_holds_until_it_ends(district: District, made_up: ModuleType) -> None:
    """A declared tie counts, one that ended does not; acting for a foundation is a tie too."""
    assert roles(district, "tied").tied(made_up.MEER)
    assert not roles(district, "tied").tied(made_up.EIK)
    assert roles(district, "treasurer").tied(made_up.MEER)
    district.tie("tied", made_up.MEER, ended=True)
    assert not roles(district, "tied").tied(made_up.MEER)


def test_the_names_are_for_desks(district: District, made_up: ModuleType) -> None:
    """Every person's name is found by id, and stands in no entry."""
    with district.installation.store.reading() as connection:
        names = people.names_of(connection)
    assert names == {district.ids[who]: name for who, name in made_up.PEOPLE.items()}
    bodies = b"".join(row.body for row in district.rows(tables.entry))
    assert not any(name.encode() in bodies for name in names.values())
