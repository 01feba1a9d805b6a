"""What rules found, said in the reader's language."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from audit.rules import RULES
from dashboards.app import create_app
from dashboards.desks import wording
from dashboards.templating import translated
from dashboards.work.casebook import Case
from dashboards.work.casebook import CaseFlag
from importers.statement import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.canonical import Json
    from tests.unit.dashboards.sample import SampleReader

AT = dt.datetime(2026, 11, 2, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _english(reader: SampleReader) -> Iterator[None]:
    """A request in English."""
    app = create_app(reader)
    with app.test_request_context(environ_overrides={"buurtkas.language": "en"}):
        app.preprocess_request()
        yield


def flag(rule: str, evidence: dict[str, Json]) -> CaseFlag:
    return CaseFlag(
        id="0" * 64,
        idx=0,
        rule=rule,
        severity="high",
        status="open",
        raised_at=AT,
        changed_at=AT,
        about=(1,),
        evidence=evidence,
        shown=False,
    )


@pytest.mark.parametrize("rule", RULES)
def test_every_reason_of_a_rule_is_a_whole_sentence(rule: str) -> None:
    """No parameter of any example stays unwritten, and no reason is empty."""
    for example in RULES[rule].examples():
        for hit in RULES[rule].run(example.context):
            said = wording.flag_sentence(flag(rule, hit.evidence))
            assert said
            assert "%(" not in said


def test_parameters_are_written_as_their_names_tell() -> None:
    """Amounts, days, instants, counts and texts each in their own way."""
    message = "%(left_minor)s %(booked_on)s %(seen_at)s %(people)s %(name)s %(odd_on)s"
    params: dict[str, Json] = {
        "left_minor": 125_000,
        "booked_on": "2026-03-01",
        "seen_at": "2026-03-01T11:00:00Z",
        "people": 1200,
        "name": "x",
        "odd_on": "once",
    }
    said = wording.say(message, params, "EUR")
    assert said.startswith("€1,250.00 ")
    assert "March" in said
    assert said.endswith("1,200 x once")


@pytest.mark.parametrize("params", [{}, {"other": 1}])
def test_a_message_without_its_parameters_is_shown_as_it_is(params: dict[str, Json]) -> None:
    """A page never fails over evidence."""
    assert wording.say("100% of %(what)s", params, "EUR") == "100% of %(what)s"


@pytest.mark.parametrize("reasons", [None, "x", [], [["a"]], [[1, {}]], [["a", []]]])
def test_evidence_of_another_form_falls_back(reasons: Json) -> None:
    """Where there is no reason to read, the rule speaks for itself."""
    assert wording.flag_sentence(flag("PAY-01", {"reasons": reasons})) == translated(RULES["PAY-01"].how)


def test_an_erased_rule_still_has_words() -> None:
    """A flag whose rule was erased has a title, a sentence and no figures."""
    erased = flag("", {})
    assert wording.rule_title("") == wording.UNKNOWN_RULE
    assert wording.flag_sentence(erased)
    assert wording.evidence_lines(erased) == ()


def test_a_case_without_payments_is_its_rule() -> None:
    """A case about a statement has no amount to name."""
    case = Case(id="0" * 64, foundation="0" * 16, flags=(flag("BNK-01", {}),), steps=(), payments=())
    assert wording.case_sentence(case) == translated(RULES["BNK-01"].title)


def test_every_problem_and_refusal_has_words() -> None:
    """Known codes have a sentence of their own, unknown ones a general one."""
    for code in wording.PROBLEMS:
        assert wording.problem_sentence(Problem(code, "")) != translated(wording.OTHER_PROBLEM)
    assert wording.problem_sentence(Problem("new", "")) == translated(wording.OTHER_PROBLEM)
    assert wording.file_sentence("new") == translated(wording.OTHER_FILE)
