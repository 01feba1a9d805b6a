"""Accounts that nobody declared: one person proposes, another one of the same foundation approves or refuses."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from dashboards import errors
from dashboards.demo.banks import BankStatement
from dashboards.demo.banks import camt053
from dashboards.work.accounts import approve_account
from dashboards.work.accounts import are_declared
from dashboards.work.accounts import count_proposals
from dashboards.work.accounts import declared_accounts
from dashboards.work.accounts import proposals
from dashboards.work.accounts import propose_account
from dashboards.work.accounts import refuse_account
from dashboards.work.accounts import undeclared
from ledger import tables
from ledger.check_views import verify_installation
from ledger.entry import read_entry

if TYPE_CHECKING:
    from tests.unit.dashboards.district import District

MEER, EIK = "00000000000000aa", "00000000000000bb"
NEW = "NL91ABNA0417164300"
OWN = "NL02ABNA0123456789"


def propose(district: District, who: str = "treasurer", foundation: str = MEER, iban: str = NEW) -> str:
    """Say that an account is a foundation's."""
    person, now = district.ids[who], district.now
    return propose_account(district.installation, person, foundation, iban, "Stichting Kievitsmeer", "together", now)


def test_a_second_person_declares_it(district: District) -> None:
    """The book says so by both, the number becomes public, and everything still holds."""
    proposal = propose(district)
    assert district.rows(tables.account_proposal)[0].settled_at is None
    account = approve_account(district.installation, district.ids["signatory"], proposal, district.now)
    (row,) = (row for row in district.rows(tables.account) if row.id == account)
    assert (row.foundation, row.mandate, row.private_iban, row.iban) == (MEER, "together", NEW, NEW)
    (body,) = (entry.body for entry in district.rows(tables.entry) if entry.idx == row.idx)
    entry = read_entry(row.idx, body)
    assert (entry.by, entry.words("basis")) == ([district.ids["treasurer"], district.ids["signatory"]], "desk")
    (settled,) = district.rows(tables.account_proposal)
    assert (settled.settled_by, settled.account) == (district.ids["signatory"], account)
    assert verify_installation(district.installation).ok
    with district.installation.store.reading() as connection:
        assert [one.iban for one in declared_accounts(connection, MEER)] == [OWN, NEW]
        assert are_declared(connection, [NEW, OWN])


def test_residents_keep_their_number_to_themselves(district: District) -> None:
    """An own account of residents is committed, and not disclosed."""
    district.append(
        "foundation/00000000000000dd",
        "opened",
        {"kind": "residents", "limit": 0, "currency": "EUR", "every": 35, "basis": "desk"},
        {"slug": "bewoners", "name": "Bewoners", "kvk": None},
    )
    for who, role in (("treasurer", "treasurer"), ("signatory", "signatory")):
        district.role(who, role, "00000000000000dd")
    proposal = propose(district, foundation="00000000000000dd")
    account = approve_account(district.installation, district.ids["signatory"], proposal, district.now)
    (row,) = (row for row in district.rows(tables.account) if row.id == account)
    assert (row.private_iban, row.iban) == (NEW, None)


def test_the_number_of_a_card_is_never_shown(district: District) -> None:
    """Also where the foundation's account numbers are public: it is committed, and not disclosed."""
    card = "1234********6416"
    account = approve_account(
        district.installation, district.ids["signatory"], propose(district, iban=card), district.now
    )
    (row,) = (row for row in district.rows(tables.account) if row.id == account)
    assert (row.private_iban, row.iban) == (card, None)
    with district.installation.store.reading() as connection:
        assert are_declared(connection, [card])


def test_who_proposed_it_never_approves_it(district: District) -> None:
    """Whatever roles she has; taking it back she may."""
    district.role("treasurer", "signatory", MEER)
    proposal = propose(district)
    with pytest.raises(errors.OwnProposal, match="Somebody else must do this one"):
        approve_account(district.installation, district.ids["treasurer"], proposal, district.now)
    refuse_account(district.installation, district.ids["treasurer"], proposal, district.now)
    with pytest.raises(errors.Settled, match="already settled"):
        approve_account(district.installation, district.ids["signatory"], proposal, district.now)
    assert len(district.rows(tables.account)) == 1


@pytest.mark.parametrize("who", ["other", "officer", "nobody"])
def test_nobody_else_answers(district: District, who: str) -> None:
    """Only who acts for the same foundation does, and only of what is there."""
    proposal = propose(district)
    for answer in (approve_account, refuse_account):
        with pytest.raises(errors.NotAllowed, match="Your role does not allow this"):
            answer(district.installation, district.ids[who], proposal, district.now)
        with pytest.raises(errors.Missing, match="This is not here"):
            answer(district.installation, district.ids["signatory"], "0" * 16, district.now)


@pytest.mark.parametrize("who", ["signatory", "other", "officer", "nobody"])
def test_only_the_treasurer_proposes(district: District, who: str) -> None:
    """Who brings the statements says whose they are."""
    with pytest.raises(errors.NotAllowed, match="Your role does not allow this"):
        propose(district, who)


def test_it_takes_two_people_with_a_role(district: District) -> None:
    """Who was given a role for the moment alone is not enough."""
    proposal = propose(district)
    district.end_role("treasurer", "treasurer", MEER)
    with pytest.raises(errors.TwoNeeded, match="This needs two people with a role"):
        approve_account(district.installation, district.ids["signatory"], proposal, district.now)


def test_proposing_twice_is_proposing_once(district: District) -> None:
    """What waits stays as it is; after a refusal it may be proposed again."""
    first = propose(district)
    assert propose(district) == first
    with district.installation.store.reading() as connection:
        assert count_proposals(connection, MEER, district.ids["signatory"]) == 1
        assert count_proposals(connection, MEER, district.ids["treasurer"]) == 0
    refuse_account(district.installation, district.ids["signatory"], first, district.now)
    assert propose(district) != first
    with district.installation.store.reading() as connection:
        assert [one.id for one in proposals(connection, MEER, settled=True)] == [first]


def test_an_account_is_declared_once(district: District) -> None:
    """Two foundations may both say it is theirs; the second learns no more than that it is not."""
    district.role("second", "signatory", EIK)
    first, second = propose(district), propose(district, "other", EIK)
    approve_account(district.installation, district.ids["signatory"], first, district.now)
    with pytest.raises(errors.AccountTaken, match="cannot be declared for your foundation"):
        approve_account(district.installation, district.ids["second"], second, district.now)
    with pytest.raises(errors.Settled, match="already settled"):
        propose(district, "other", EIK)


@pytest.mark.parametrize(
    ("holder", "mandate", "refused"),
    [
        ("  ", "together", errors.HolderRefused),
        ("x" * 141, "alone", errors.HolderRefused),
        ("A", "", errors.MandateRefused),
    ],
)
def test_what_is_not_said_is_asked(
    district: District, holder: str, mandate: str, refused: type[errors.FieldRefused]
) -> None:
    """In whose name, and who can pay."""
    with pytest.raises(refused, match=r"Fill in whose name|Choose whether one person"):
        propose_account(district.installation, district.ids["treasurer"], MEER, NEW, holder, mandate, district.now)


def test_a_files_accounts_are_told_apart(district: District) -> None:
    """Those that nobody declared, each once."""
    day, made = dt.date(2026, 10, 1), dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    parts = [BankStatement(iban, "Stichting", 1, day, day, 0, ()) for iban in (NEW, OWN, NEW)]
    content = camt053(parts, version="08", message_id="M1", created_at=made)
    assert undeclared(district.installation, content) == (NEW,)
