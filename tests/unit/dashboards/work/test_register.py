"""Payees and decisions: who may do what, and what becomes public."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING
from typing import Any

import pytest
import sqlalchemy as sa

from dashboards import errors
from dashboards.work import register
from dashboards.work.people import roles_of
from dashboards.work.proposals import DecisionProposal
from dashboards.work.proposals import PayeeProposal
from ledger import tables

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from ledger.canonical import Json
    from tests.unit.dashboards.district import District

SHOP_IBAN, PERSON_IBAN, OTHER_IBAN = "NL91ABNA0417164300", "NL20INGB0001234567", "NL39RABO0300065264"
DAY = dt.date(2026, 11, 1)
SHOP = PayeeProposal(name="Bouwmarkt Zonnehoed", ibans=(SHOP_IBAN,), kvk="12345678", kind="organisation", starts=DAY)
PERSON = PayeeProposal(name="Gijs Hermelijn", ibans=(PERSON_IBAN,), kvk=None, kind="person", starts=DAY)
SPEND = DecisionProposal(
    payee=None,
    ceiling_minor=5_000,
    month_ceiling_minor=20_000,
    purpose="koffie en papier",
    starts=DAY,
    ends=dt.date(2026, 12, 31),
    decided_on=DAY,
)
EVERYBODY = ("treasurer", "signatory", "other", "owner", "officer", "second", "head", "tied", "nobody")
ACTING = {"treasurer", "signatory"}


def propose(district: District, who: str = "treasurer", proposal: PayeeProposal = SHOP) -> str:
    return register.propose_payee(district.installation, district.ids[who], _meer(district), proposal, district.now)


def approve(district: District, who: str, payee: str) -> str:
    return register.approve_payee(district.installation, district.ids[who], payee, district.now)


def decide(district: District, who: str = "treasurer", proposal: DecisionProposal = SPEND) -> str:
    return register.propose_decision(district.installation, district.ids[who], _meer(district), proposal, district.now)


def agree(district: District, who: str, decision: str) -> str:
    return register.approve_decision(district.installation, district.ids[who], decision, district.now)


def _meer(district: District) -> str:
    return next(str(row.id) for row in district.rows(tables.foundation) if row.slug == "meer")


def _revoke(district: District, who: str) -> str:
    payee = propose(district)
    return register.revoke_payee(district.installation, district.ids[who], payee, "gestopt", district.now)


def _withdraw(district: District, who: str) -> str:
    decision = decide(district)
    return register.withdraw_decision(district.installation, district.ids[who], decision, "vervallen", district.now)


STEPS: dict[str, Callable[[Any, str], str]] = {
    "propose payee": propose,
    "approve payee": lambda district, who: approve(district, who, propose(district, _another(who))),
    "revoke payee": _revoke,
    "propose decision": decide,
    "approve decision": lambda district, who: agree(district, who, decide(district, _another(who))),
    "withdraw decision": _withdraw,
}


def _another(who: str) -> str:
    return "signatory" if who == "treasurer" else "treasurer"


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("who", EVERYBODY)
def test_only_who_acts_for_the_foundation_changes_its_register(district: District, who: str, step: str) -> None:
    """A treasurer or signatory of the foundation may; nobody else, and then nothing is appended."""
    if who in ACTING:
        assert STEPS[step](district, who)
        return
    before = district.size()
    with pytest.raises(errors.NotAllowed, match="Your role does not allow this"):
        STEPS[step](district, who)
    assert all("proposed" in type_ for type_ in district.types(before))


def test_a_role_that_ended_no_longer_counts(district: District) -> None:
    """Whoever resigned a moment ago proposes nothing."""
    district.end_role("treasurer", "treasurer", _meer(district))
    with district.installation.store.reading() as connection:
        assert roles_of(connection, district.ids["treasurer"]).foundations == frozenset()
    with pytest.raises(errors.NotAllowed, match="Your role"):
        propose(district)


def test_nobody_approves_an_own_payee(district: District) -> None:
    """The second person is another than the first."""
    payee = propose(district)
    with pytest.raises(errors.OwnProposal, match="Somebody else"):
        approve(district, "treasurer", payee)
    assert district.status(tables.payee, payee) == "proposed"


def test_nobody_approves_an_own_decision(district: District) -> None:
    """The second person is another than the first."""
    decision = decide(district)
    with pytest.raises(errors.OwnProposal, match="Somebody else"):
        agree(district, "treasurer", decision)
    assert district.status(tables.decision, decision) == "proposed"


def test_a_lone_person_approves_nothing(district: District) -> None:
    """With one person left, what a former treasurer proposed waits."""
    payee = propose(district)
    district.end_role("treasurer", "treasurer", _meer(district))
    with pytest.raises(errors.TwoNeeded, match="two people"):
        approve(district, "signatory", payee)


def test_what_is_settled_is_not_settled_again(district: District) -> None:
    """An approved payee cannot be approved again, nor a revoked one revoked."""
    payee = propose(district)
    approve(district, "signatory", payee)
    with pytest.raises(errors.Settled, match="already settled"):
        approve(district, "signatory", payee)
    register.revoke_payee(district.installation, district.ids["signatory"], payee, "gestopt", district.now)
    with pytest.raises(errors.Settled, match="already settled"):
        register.revoke_payee(district.installation, district.ids["signatory"], payee, "gestopt", district.now)


def test_the_approver_is_not_the_payee_by_name(district: District) -> None:
    """Whoever bears the payee's name does not approve it, however it is written."""
    payee = propose(district, proposal=replace(PERSON, name="  DOUTZEN morgenster"))
    with pytest.raises(errors.OwnPayment, match="would go to you"):
        approve(district, "signatory", payee)


def test_the_approver_is_not_the_payee_by_account(district: District, made_up: ModuleType) -> None:
    """An account that somebody declared as the approver's counts as the approver."""
    payee = propose(district, proposal=PERSON)
    values: dict[str, Json] = {"person": "Doutzen Morgenster", "relation": "board", "ibans": [PERSON_IBAN]}
    public = {"declaration": "00000000000000e1", "basis": "opening"}
    district.append(f"foundation/{made_up.MEER}", "declaration", public, values)
    with pytest.raises(errors.OwnPayment, match="would go to you"):
        approve(district, "signatory", payee)


def test_a_decision_for_the_approver_is_for_somebody_else_to_approve(district: District) -> None:
    """Nobody approves money for themselves."""
    payee = propose(district, proposal=replace(PERSON, name="Doutzen Morgenster"))
    decision = decide(district, proposal=replace(SPEND, payee=payee, month_ceiling_minor=None))
    with pytest.raises(errors.OwnPayment, match="would go to you"):
        agree(district, "signatory", decision)


def test_an_organisation_is_shown_with_its_earlier_payments(district: District) -> None:
    """Approving shows the name on payments to that IBAN under that name, and on no other."""
    same = district.pay("BOUWMARKT  zonnehoed", SHOP_IBAN)
    other_name = district.pay("Gijs Hermelijn", SHOP_IBAN)
    other_iban = district.pay("Bouwmarkt Zonnehoed", OTHER_IBAN)
    payee = propose(district)
    approve(district, "signatory", payee)
    names = {row.seq: row.name for row in district.rows(tables.movement)}
    assert names == {same: "BOUWMARKT  zonnehoed", other_name: None, other_iban: None}
    (row,) = district.rows(tables.payee)
    assert (row.name, row.kvk, row.kind, row.status) == ("Bouwmarkt Zonnehoed", "12345678", "organisation", "approved")
    assert district.rows(tables.movement)[0].text is None


@pytest.mark.parametrize("kind", ["person", "sole_trader"])
def test_persons_are_never_shown(district: District, kind: str) -> None:
    """Approving a person or a sole trader discloses nothing."""
    district.pay("Gijs Hermelijn", PERSON_IBAN)
    before = len(district.rows(tables.disclosure))
    payee = propose(district, proposal=replace(PERSON, kind=kind))
    approve(district, "signatory", payee)
    assert len(district.rows(tables.disclosure)) == before
    assert {row.name for row in district.rows(tables.movement)} == {None}
    assert district.rows(tables.payee)[0].name is None


def test_a_purpose_stays_private(district: District) -> None:
    """A decision's purpose and payee are committed and not shown."""
    decision = decide(district)
    agree(district, "signatory", decision)
    (row,) = district.rows(tables.decision)
    assert (row.purpose, row.payee, row.private_purpose) == (None, None, "koffie en papier")
    assert (row.status, row.approved_by) == ("approved", district.ids["signatory"])


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"name": " "}, errors.NameRefused),
        ({"name": "z" * 141}, errors.NameRefused),
        ({"name": "\N{ZERO WIDTH SPACE}"}, errors.NameRefused),
        ({"name": "Winkel\x00"}, errors.NameRefused),
        ({"name": "Winkel\x1b[31m"}, errors.NameRefused),
        ({"name": "\N{RIGHT-TO-LEFT OVERRIDE}lekniW"}, errors.NameRefused),
        ({"ibans": ()}, errors.IbanRefused),
        ({"ibans": ("NL91ABNA0417164301",)}, errors.IbanRefused),
        ({"kvk": "1234567"}, errors.KvkRefused),
        ({"kvk": "١٢٣٤٥٦٧٨"}, errors.KvkRefused),
        ({"kind": "friend"}, errors.KindRefused),
    ],
)
def test_a_wrong_payee_is_refused(
    district: District, changes: dict[str, Any], refused: type[errors.FieldRefused]
) -> None:
    """Each field that is wrong has a refusal of its own, and nothing is appended."""
    before = district.size()
    with pytest.raises(refused, match=r"\w"):
        propose(district, proposal=replace(SHOP, **changes))
    assert district.size() == before


def test_an_iban_stands_in_the_register_once(district: District) -> None:
    """An account that waits or stands is not proposed again, spaces or not."""
    payee = propose(district)
    with pytest.raises(errors.IbanKnown, match="in the register already"):
        propose(district, proposal=replace(SHOP, ibans=("NL91 ABNA 0417 1643 00",)))
    register.revoke_payee(district.installation, district.ids["treasurer"], payee, "fout", district.now)
    assert propose(district) != payee


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"payee": "00000000000000ff", "month_ceiling_minor": None}, errors.PayeeRefused),
        ({"ceiling_minor": 0}, errors.CeilingRefused),
        ({"ceiling_minor": 2**53}, errors.CeilingRefused),
        ({"month_ceiling_minor": None}, errors.MonthCeilingRefused),
        ({"month_ceiling_minor": 4_999}, errors.MonthCeilingRefused),
        ({"purpose": "  "}, errors.PurposeRefused),
        ({"ends": dt.date(2026, 10, 31)}, errors.EndRefused),
        ({"decided_on": dt.date(2026, 11, 3)}, errors.DecidedRefused),
        ({"initiative": "00000000000000c2"}, errors.TargetRefused),
        ({"initiative": "00000000000000c1", "category": 2}, errors.TargetRefused),
        ({"category": 1}, errors.TargetRefused),
    ],
)
def test_a_wrong_decision_is_refused(
    district: District, changes: dict[str, Any], refused: type[errors.FieldRefused]
) -> None:
    """Each field that is wrong has a refusal of its own, and nothing is appended."""
    before = district.size()
    with pytest.raises(refused, match=r"\w"):
        decide(district, proposal=replace(SPEND, **changes))
    assert district.size() == before


def test_a_decision_for_a_payee_has_no_ceiling_per_month(district: District) -> None:
    """A ceiling per month is for small expenses alone."""
    payee = propose(district)
    with pytest.raises(errors.MonthCeilingRefused, match="small expenses"):
        decide(district, proposal=replace(SPEND, payee=payee))
    meant = replace(SPEND, payee=payee, month_ceiling_minor=None, initiative="00000000000000c1", category=1)
    assert decide(district, proposal=meant)


def test_a_reason_is_asked_for(district: District) -> None:
    """Nothing is revoked or withdrawn without a reason."""
    payee = propose(district)
    with pytest.raises(errors.ReasonRefused, match="reason"):
        register.revoke_payee(district.installation, district.ids["treasurer"], payee, "", district.now)


def test_what_is_not_there_is_missing(district: District) -> None:
    """An unknown payee or decision is said to be missing."""
    with pytest.raises(errors.Missing, match="not here"):
        approve(district, "signatory", "00000000000000ff")
    with pytest.raises(errors.Missing, match="not here"):
        agree(district, "signatory", "00000000000000ff")


def test_no_name_stands_in_an_entry(district: District) -> None:
    """Names and IBANs are committed, never written into the record."""
    approve(district, "signatory", propose(district))
    bodies = b"".join(row.body for row in district.rows(tables.entry))
    assert b"Zonnehoed" not in bodies
    assert SHOP_IBAN.encode() not in bodies


def test_many_earlier_payments_are_shown_in_several_entries(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long list is split, so that no entry grows too long."""
    monkeypatch.setattr(register, "PAIRS_IN_ONE_ENTRY", 2)
    for _ in range(3):
        district.pay("Bouwmarkt Zonnehoed", SHOP_IBAN)
    payee = propose(district)
    before = district.size()
    approve(district, "signatory", payee)
    assert district.types(before) == ["payee approved", "disclosed", "disclosed", "disclosed"]
    with district.installation.store.reading() as connection:
        shown = sa.select(sa.func.count()).select_from(tables.movement).where(tables.movement.c.name.is_not(None))
        assert connection.execute(shown).scalar_one() == 3


@pytest.mark.parametrize(("proposal", "public"), [(SHOP, True), (PERSON, False)])
def test_a_decision_shows_its_payee_only_where_that_is_an_organisation(
    district: District, proposal: PayeeProposal, *, public: bool
) -> None:
    """Whom a decision is for becomes public with its approval, a person never."""
    payee = propose(district, proposal=proposal)
    approve(district, "signatory", payee)
    decision = decide(district, proposal=replace(SPEND, payee=payee, month_ceiling_minor=None))
    agree(district, "signatory", decision)
    (row,) = (row for row in district.rows(tables.decision) if row.id == decision)
    assert row.private_payee == payee
    assert row.payee == (payee if public else None)
