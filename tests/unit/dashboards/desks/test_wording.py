"""What rules found, said in the reader's language."""

from __future__ import annotations

import ast
import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import importers
from audit.rules import RULES
from dashboards.app import create_app
from dashboards.desks import wording
from dashboards.templating import translated
from dashboards.work.casebook import CaseFlag
from dashboards.work.errors import SplitRefused
from dashboards.work.setup_file import PAYEE_KINDS
from dashboards.work.setup_file import RELATIONS
from importers.errors import BookingRefused
from importers.errors import MalformedFile
from importers.errors import Unclear
from importers.errors import UnreadableFile
from importers.statement import Problem
from ledger.entries.foundation.statement import PROBLEMS
from ledger.errors import BooksMoved
from ledger.errors import BuurtkasError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.canonical import Json
    from tests.unit.dashboards.sample import SampleReader


def kinds_of(root: type[BuurtkasError]) -> list[type[BuurtkasError]]:
    """Every refusal below one; `Unclear` never leaves the readers."""
    below = [kind for child in root.__subclasses__() for kind in (child, *kinds_of(child))]
    return [kind for kind in below if kind is not Unclear]


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


def test_every_problem_that_the_ledger_knows_has_words() -> None:
    """Known codes have a sentence of their own, unknown ones a general one."""
    assert wording.problem_sentence(Problem("new", "")) == translated(wording.OTHER_PROBLEM)
    for code in set(PROBLEMS) - {"other"}:
        assert wording.problem_sentence(Problem(code, "")) != translated(wording.OTHER_PROBLEM), code


def test_every_problem_that_a_reader_finds_is_on_the_ledgers_list() -> None:
    """What importers call a problem has a word here, because the ledger knows it by the same code."""
    found = {code for path in Path(importers.__file__).parent.rglob("*.py") for code in _problem_codes(path)}
    assert found
    assert found <= set(PROBLEMS)


def _problem_codes(path: Path) -> set[str]:
    """Return the codes of the problems that a module makes."""
    calls = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
    made = (call.args[0] for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Problem")
    return {str(ast.literal_eval(code)) for code in made}


@pytest.mark.parametrize("kind", [*kinds_of(UnreadableFile), *kinds_of(BookingRefused), SplitRefused, BooksMoved])
def test_every_refusal_of_a_file_has_words(kind: type[BuurtkasError]) -> None:
    """No file is refused with a sentence that only says that it was refused."""
    assert kind.code in wording.FILES


def test_a_refused_file_names_its_line() -> None:
    """Whoever brings a damaged file reads where it is damaged; elsewhere the sentence stays general."""
    assert wording.file_sentence(MalformedFile("line 1204", "")).startswith("Line 1,204 of this file")
    assert wording.file_sentence(MalformedFile("entry 7 (statement 2)", "")).startswith("Line 7 of this file")
    assert wording.file_sentence(MalformedFile("the file", "")) == translated(wording.FILES["malformed_file"])
    assert wording.file_sentence(BuurtkasError()) == translated(wording.OTHER_FILE)


@pytest.mark.parametrize(
    ("name", "codes"), [("kind", PAYEE_KINDS), ("relation", ("own", *RELATIONS)), ("problem", PROBLEMS)]
)
def test_codes_in_reasons_are_said_in_words(name: str, codes: tuple[str, ...]) -> None:
    """A reason never shows a code of the program."""
    for code in codes:
        assert wording.say(f"%({name})s", {name: code}, "EUR") != code
