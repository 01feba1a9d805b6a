"""Cases: who takes which step, and what the book says afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audit import errors as audit_errors
from dashboards import errors
from dashboards.work import casebook
from dashboards.work import cases
from dashboards.work.casebook import find_case
from dashboards.work.people import roles_of
from ledger import tables
from ledger.errors import BuurtkasError

if TYPE_CHECKING:
    from types import ModuleType

    from dashboards.work.casebook import Case
    from dashboards.work.cases import Action
    from tests.unit.dashboards.district import District

EVERYBODY = ("treasurer", "signatory", "other", "owner", "officer", "second", "head", "tied", "nobody")
DISTRICT = {"officer", "second", "head"}
MEMBERS = {"treasurer", "signatory"}
CASE = "ca5e".ljust(64, "0")
BEFORE: dict[Action, tuple[tuple[str, Action], ...]] = {
    "take_up": (),
    "answer": (),
    "accept": (("treasurer", "answer"),),
    "escalate": (("treasurer", "answer"),),
    "confirm": (("treasurer", "answer"), ("starter", "escalate")),
    "close": (("treasurer", "answer"), ("starter", "accept")),
    "reopen": (("treasurer", "answer"), ("starter", "accept"), ("starter", "close")),
}
ALLOWED = {**dict.fromkeys(BEFORE, DISTRICT), "answer": MEMBERS, "reopen": DISTRICT | MEMBERS}


def step(district: District, who: str, action: Action, reason: str = "omdat het zo is", case: str = CASE) -> str:
    return cases.take_step(
        district.installation, district.ids[who], case, action, reason=reason, now=district.later(minutes=1)
    )


def read(district: District, who: str = "officer", case: str = CASE) -> Case:
    with district.installation.store.reading() as connection:
        return cases.case_for(connection, district.ids[who], case)


def may(district: District, who: str) -> tuple[Action, ...]:
    with district.installation.store.reading() as connection:
        found = find_case(connection, CASE)
        roles = roles_of(connection, district.ids[who])
    return cases.actions(found, cases.actor_of(roles, district.ids[who], found.foundation), district.now)


@pytest.fixture
def flags(district: District) -> list[str]:
    """Two medium flags on one payment: one case."""
    seq = district.pay("Gijs Hermelijn", "NL20INGB0001234567")
    return [district.flag("PAY-01", "medium", seq), district.flag("PAY-07", "medium", seq)]


@pytest.fixture
def grave(district: District) -> str:
    """A high flag on one payment."""
    seq = district.pay("Gijs Hermelijn", "NL20INGB0001234567", 450_000)
    return str(district.flag("PAY-02", "high", seq))


@pytest.mark.parametrize("action", BEFORE)
@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.usefixtures("flags")
def test_each_step_is_for_its_own_people(district: District, who: str, action: Action) -> None:
    """Answers are the foundation's, the rest the district's without a tie; else nothing is appended."""
    starter = "second" if who == "officer" else "officer"
    for by, before in BEFORE[action]:
        step(district, starter if by == "starter" else by, before)
    size = district.size()
    if who in ALLOWED[action]:
        assert action in may(district, who)
        assert step(district, who, action) == CASE
        assert district.types(size).count(cases.STEPS[action].name) == 2
        return
    assert action not in may(district, who)
    with pytest.raises(audit_errors.StepRefused, match=r"\w"):
        step(district, who, action)
    assert district.size() == size


@pytest.mark.usefixtures("flags")
def test_a_step_is_one_entry_for_each_flag(district: District, flags: list[str]) -> None:
    """A ruling on a case stands once for each of its flags, with its outcome and reason."""
    step(district, "treasurer", "answer", "de bon is gevonden")
    size = district.size()
    step(district, "officer", "accept", "de bon is gezien")
    assert district.types(size) == ["flag ruled", "flag ruled"]
    assert {district.status(tables.flag, flag) for flag in flags} == {"accepted"}
    steps = [row for row in district.rows(tables.flag_step) if row.step == "flag ruled"]
    assert [row.private_reason for row in steps] == ["de bon is gezien"] * 2
    assert [row.reason for row in steps] == [None, None]
    assert all(row.by == [district.ids["officer"]] for row in steps)


def test_a_flag_elsewhere_in_its_life_stays_where_it_is(district: District, flags: list[str]) -> None:
    """A flag that came later is ruled on alone, and the others do not move."""
    step(district, "treasurer", "answer")
    step(district, "officer", "accept")
    late = district.flag("BNK-01", "medium", 5)
    step(district, "officer", "take_up", "")
    assert [district.status(tables.flag, flag) for flag in (*flags, late)] == ["accepted", "accepted", "under_review"]
    assert read(district).status == "under_review"


@pytest.mark.usefixtures("grave")
def test_a_high_case_closes_only_by_two_different_people(district: District, grave: str) -> None:
    """The first asks, a second agrees; the first cannot agree with herself."""
    step(district, "officer", "take_up")
    step(district, "officer", "accept")
    step(district, "officer", "close")
    assert district.status(tables.flag, grave) == "closing"
    with pytest.raises(audit_errors.SecondPersonNeeded, match="Somebody else"):
        step(district, "officer", "close")
    with pytest.raises(audit_errors.TiedToFoundation, match="tie"):
        step(district, "tied", "close")
    with pytest.raises(audit_errors.NotYourStep, match="district officer"):
        step(district, "treasurer", "close")
    step(district, "second", "close")
    assert district.status(tables.flag, grave) == "closed"


def test_a_high_flag_makes_its_whole_case_ask_two(district: District, flags: list[str], grave: str) -> None:
    """A case has one ruling, so that the gravest of its flags says who closes it."""
    step(district, "officer", "take_up")
    step(district, "officer", "accept")
    step(district, "officer", "close")
    assert {district.status(tables.flag, flag) for flag in (*flags, grave)} == {"closing"}


@pytest.mark.usefixtures("flags")
def test_a_medium_case_closes_by_one_person(district: District, flags: list[str]) -> None:
    """Below high nobody else need agree."""
    step(district, "treasurer", "answer")
    step(district, "officer", "accept")
    step(district, "officer", "close")
    assert {district.status(tables.flag, flag) for flag in flags} == {"closed"}


@pytest.mark.usefixtures("grave")
def test_who_escalated_does_not_confirm(district: District) -> None:
    """The second officer is another than the first."""
    step(district, "officer", "take_up")
    step(district, "officer", "escalate")
    with pytest.raises(audit_errors.SecondPersonNeeded, match="Somebody else"):
        step(district, "officer", "confirm")
    step(district, "second", "confirm")
    assert read(district).status == "confirmed"


@pytest.mark.usefixtures("flags")
def test_the_foundation_is_heard_before_a_mild_case_is_escalated(district: District) -> None:
    """A medium case is escalated after the answer, or two weeks after it was asked for."""
    step(district, "officer", "take_up")
    with pytest.raises(audit_errors.FoundationNotHeard, match="not answered"):
        step(district, "officer", "escalate")
    district.later(days=15)
    step(district, "officer", "escalate")
    assert read(district).status == "escalated"


def test_confirming_shows_rules_only_where_they_tell_nothing_about_a_person(
    district: District, flags: list[str], grave: str
) -> None:
    """PAY-01 and PAY-07 become public with the confirmation, PAY-02 never."""
    step(district, "officer", "take_up")
    step(district, "officer", "escalate")
    size = district.size()
    step(district, "second", "confirm")
    assert district.types(size) == ["flag confirmed"] * 3 + ["disclosed"]
    shown = {row.id: (row.rule, row.severity) for row in district.rows(tables.flag)}
    assert shown == {flags[0]: ("PAY-01", "medium"), flags[1]: ("PAY-07", "medium"), grave: (None, None)}


def test_accepting_shows_nothing(district: District, flags: list[str]) -> None:
    """What was hidden stays hidden when it was in order."""
    step(district, "treasurer", "answer")
    step(district, "officer", "accept")
    assert {row.rule for row in district.rows(tables.flag) if row.id in flags} == {None}


@pytest.mark.usefixtures("flags")
def test_every_step_but_taking_up_has_a_reason(district: District) -> None:
    """A ruling without a reason is refused; taking up needs none."""
    step(district, "officer", "take_up", " ")
    with pytest.raises(errors.ReasonRefused, match="reason"):
        step(district, "officer", "accept", " ")
    with pytest.raises(errors.ReasonRefused, match="at most"):
        step(district, "officer", "accept", "x" * 2001)


@pytest.mark.parametrize("case", ["ffff".ljust(64, "0"), "ca5e", "CA5E00000000", "%" * 12, ""])
@pytest.mark.usefixtures("flags")
def test_what_is_no_case_is_missing(district: District, case: str) -> None:
    """Only a case's own number finds it: at least twelve digits of it."""
    with pytest.raises(errors.Missing, match="not here"):
        step(district, "officer", "take_up", case=case)


@pytest.mark.usefixtures("flags")
def test_a_short_number_finds_the_case(district: District) -> None:
    """Twelve digits are enough."""
    assert read(district, case=CASE[:12]).id == CASE
    assert read(district).number == CASE[:12]


def test_a_number_of_two_cases_finds_none(district: District) -> None:
    """What could mean two cases means none."""
    seq = district.pay("Gijs Hermelijn", "NL20INGB0001234567")
    district.flag("PAY-01", "medium", seq, case="ca5e000000000001")
    district.flag("PAY-01", "medium", seq, case="ca5e000000000002")
    with pytest.raises(errors.Missing, match="not here"):
        read(district, case="ca5e00000000")


def test_the_inbox_is_sorted_by_risk_then_age(district: District) -> None:
    """The gravest come first, of equals the oldest; what is closed is gone."""
    seqs = [district.pay("Gijs Hermelijn", "NL20INGB0001234567") for _ in range(4)]
    for number, severity in enumerate(("low", "high", "medium", "high")):
        district.flag("PAY-01", severity, seqs[number], case=f"{number + 1}")
        district.later(days=1)
    with district.installation.store.reading() as connection:
        found, tied = cases.inbox(connection, district.ids["officer"])
    assert [case.id[0] for case in found] == ["2", "4", "3", "1"]
    assert tied == 0
    low = "1".ljust(64, "0")
    step(district, "treasurer", "answer", case=low)
    step(district, "officer", "accept", case=low)
    step(district, "officer", "close", case=low)
    with district.installation.store.reading() as connection:
        assert len(cases.inbox(connection, district.ids["officer"])[0]) == 3


@pytest.mark.usefixtures("flags")
def test_a_tie_hides_a_case_and_counts_it(district: District) -> None:
    """An officer with a tie sees how many, and none of them."""
    with district.installation.store.reading() as connection:
        assert cases.inbox(connection, district.ids["tied"]) == ((), 1)
    with pytest.raises(errors.Tied, match="another officer"):
        read(district, "tied")


@pytest.mark.usefixtures("flags")
@pytest.mark.parametrize("who", ["other", "owner", "nobody"])
def test_a_case_is_not_for_others(district: District, who: str) -> None:
    """Another foundation's treasurer, an owner and a stranger see no case."""
    with pytest.raises(errors.NotAllowed, match="role"):
        read(district, who)


@pytest.mark.usefixtures("flags")
def test_the_inbox_of_a_foundation_is_its_own(district: District) -> None:
    """A treasurer sees her foundation's cases, another's sees none, an owner has no inbox."""
    with district.installation.store.reading() as connection:
        assert len(cases.inbox(connection, district.ids["treasurer"])[0]) == 1
        assert cases.inbox(connection, district.ids["other"]) == ((), 0)
        with pytest.raises(errors.NotAllowed, match="role"):
            cases.inbox(connection, district.ids["owner"])


def test_who_may_see_a_case_sees_names(district: District, flags: list[str]) -> None:
    """The officer and the foundation see what the bank says, and the steps with their reasons."""
    step(district, "treasurer", "answer", "de bon komt nog")
    for who in ("officer", "treasurer"):
        case = read(district, who)
        (payment,) = case.payments
        assert (payment.name, payment.iban, payment.text) == ("Gijs Hermelijn", "NL20INGB0001234567", "nota 7")
        assert {found.reason for found in case.steps} == {"de bon komt nog"}
        assert {flag.id for flag in case.flags} == set(flags)
        assert (case.amount_minor, case.severity) == (30_000, "medium")


def test_a_flag_whose_case_was_erased_stands_alone(district: District, made_up: ModuleType) -> None:
    """Without its private values a flag is a case of its own, and two people close it."""
    seq = district.pay("Gijs Hermelijn", "NL20INGB0001234567")
    flag = "ab".ljust(64, "0")
    private = {"rule": None, "severity": None, "case": None, "evidence": None}
    district.append(f"foundation/{made_up.MEER}", "flag raised", {"flag": flag, "about": [seq]}, private)
    case = read(district, case=flag)
    assert (case.id, case.severity, case.flags[0].rule) == (flag, "high", "")


def test_what_use_cases_refuse_is_of_one_tree() -> None:
    """Every refusal of a step is an error of Buurtkas."""
    assert issubclass(audit_errors.StepRefused, BuurtkasError)
    assert issubclass(errors.DeskError, BuurtkasError)


@pytest.mark.usefixtures("grave")
def test_each_named_step_is_a_step(district: District) -> None:
    """The functions by name take their own step."""
    who, other = district.ids["officer"], district.ids["second"]
    installation = district.installation
    assert cases.take_up(installation, who, CASE, "", district.now) == CASE
    assert cases.answer(installation, district.ids["treasurer"], CASE, "gezien", district.now) == CASE
    assert cases.escalate(installation, who, CASE, "kijk mee", district.now) == CASE
    assert cases.confirm(installation, other, CASE, "niet in orde", district.now) == CASE
    assert cases.close(installation, other, CASE, "klaar", district.now) == CASE
    assert cases.close(installation, who, CASE, "klaar", district.now) == CASE
    assert cases.reopen(installation, who, CASE, "een nieuwe bon", district.now) == CASE
    assert [row.status for row in district.rows(tables.flag_step)][-1] == "open"
    assert cases.take_up(installation, who, CASE, "", district.now) == CASE
    assert cases.accept(installation, who, CASE, "toch in orde", district.now) == CASE


def test_names_and_steps_of_many_cases_stay_apart(
    district: District, made_up: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lines of two books have the same places, and a query takes only so many; nothing is mixed up."""
    monkeypatch.setattr(casebook, "AT_ONCE", 1)
    named = {}
    for case, foundation, name in (
        ("c1", made_up.MEER, "Kar en Kist"),
        ("c2", made_up.MEER, "Zaden & Zo"),
        ("c3", made_up.EIK, "Gijs Hermelijn"),
    ):
        seq = district.pay(name, made_up.PERSON_IBAN, foundation=foundation)
        district.flag("PAY-01", "high", seq, case=case, foundation=foundation)
        district.flag("PAY-02", "low", seq, case=case, foundation=foundation)
        named[case.ljust(64, "0")] = name
    step(district, "officer", "take_up", case="c1".ljust(64, "0"))
    step(district, "officer", "accept", case="c1".ljust(64, "0"))
    with district.installation.store.reading() as connection:
        found = casebook.cases(connection)
        told = casebook.with_names(connection, casebook.with_steps(connection, found))
    assert {case.id: [payment.name for payment in case.payments] for case in told} == {
        id_: [name] for id_, name in named.items()
    }
    by_id = {case.id: [step.status for step in case.steps] for case in told}
    assert by_id["c1".ljust(64, "0")] == ["under_review", "under_review", "accepted", "accepted"]
    assert by_id["c2".ljust(64, "0")] == by_id["c3".ljust(64, "0")] == []
