"""Every real or realistic file of the shared collection, held against an independent reading of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from importers.reading import read
from tests.statements import compared
from tests.statements import index
from tests.statements import outcome
from tests.statements import shown
from tests.statements import shown_differences

pytestmark = [
    pytest.mark.statements,
    pytest.mark.skipif("BUURTKAS_STATEMENTS" not in os.environ, reason="BUURTKAS_STATEMENTS names no directory"),
]


def _index() -> list[tuple[Path, dict[str, str]]]:
    return index(Path(os.environ["BUURTKAS_STATEMENTS"]))


def test_every_format_is_read_right_or_refused() -> None:
    """Every file is exactly right or refused with a reason, none silently wrong; whole files are read."""
    outcomes = [outcome(path, row) for path, row in _index()]
    print(shown(outcomes))  # noqa: T201 - the table is the test's report
    assert len(outcomes) >= 153
    assert [one for one in outcomes if one.kind == "wrong"] == []
    assert sum(one.kind == "right" for one in outcomes) >= 119


def test_of_a_hundred_statements_of_mt940_not_one_is_refused() -> None:
    """By statements, as the index counts them; one file has a line after its end, which nothing gives a currency."""
    counted = {"right": 0, "refused": 0}
    for path, row in _index():
        if row["format"].startswith("MT94"):
            counted[outcome(path, row).kind] += int(row["n_statements"])
    assert counted["right"] >= 99 * counted["refused"]
    assert counted["right"] >= 184


def test_statements_of_ofx_are_refused_only_without_a_date_or_an_amount() -> None:
    """What their makers broke on purpose: each lacks what no reader can know."""
    outcomes = [(outcome(path, row), row) for path, row in _index() if row["format"].startswith("OFX")]
    refused = {one.path for one, row in outcomes if one.kind == "refused" and row["n_statements"] != "0"}
    assert refused == {"test_ofx_wrong.ofx", "date_missing.ofx", "decimal_error.ofx"}


def test_what_is_refused_is_no_whole_statement() -> None:
    """Refused are lines without a currency, investments, files without a statement, and damaged ones."""
    outcomes = [outcome(path, row) for path, row in _index() if row["format"].startswith(("MT94", "OFX"))]
    reasons = [one.why for one in outcomes if one.kind == "refused"]
    known = (
        "outside any statement",
        "neither a balance (:60F:, :62F:) nor a line (:61:)",
        "investment account",
        "without a statement",
        "says the currency",
        "no date",
        "there is no date",
    )
    assert [why for why in reasons if not any(words in why for words in known)] == []


def test_stated_balances_close_where_the_index_says_so() -> None:
    """Balances are judged as the independent reading judges them."""
    judged = 0
    for path, row in _index():
        if not row["format"].startswith(("camt.053", "MT94")) or row["balance_check"] == "na":
            continue
        if outcome(path, row).kind == "refused":
            continue
        problems = [problem.code for statement in read(path.read_bytes()) for problem in statement.problems]
        failing = int(row["balance_check"].partition("/")[2].removesuffix("fail"))
        assert problems.count("balance") == failing, row["path"]
        judged += 1
    assert judged >= 57


def test_every_csv_is_read_right() -> None:
    """All eighteen, of every bank; not one is refused."""
    outcomes = [outcome(path, row) for path, row in _index() if row["format"] == "CSV"]
    assert len(outcomes) >= 18
    assert [one for one in outcomes if one.kind != "right"] == []


def test_balances_of_a_csv_break_where_the_index_says_so() -> None:
    """The balance of each row is judged as the independent reading judges it, account by account."""
    for path, row in _index():
        if row["format"] == "CSV" and row["balance_check"] != "na":
            problems = [problem.code for statement in read(path) for problem in statement.problems]
            assert ("balance" in problems) == (not row["balance_check"].endswith("/0fail")), row["path"]


def test_no_other_reader_differs_without_a_reason() -> None:
    """Of each file that we read and another reader knows: every figure, name, account, text and reference."""
    files = [file for path, row in _index() if (file := compared(path, row))]
    print(shown_differences(files))  # noqa: T201 - the table is the test's report
    assert [file.path for file in files if file.failed and file.other != "columns"] == []
    assert sum(bool(file.other) and not file.failed for file in files) >= 119
    assert [(file.path, one) for file in files for one in file.differences if one.reason is None] == []
