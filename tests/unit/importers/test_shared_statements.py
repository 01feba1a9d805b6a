"""Every real or realistic file of the shared collection, held against an independent reading of it."""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from importers.errors import UnreadableFile
from importers.reading import read

pytestmark = [
    pytest.mark.statements,
    pytest.mark.skipif("BUURTKAS_STATEMENTS" not in os.environ, reason="BUURTKAS_STATEMENTS names no directory"),
]

# A closing balance without a currency, which the index passes over; one without an amount, which it takes for nothing.
_READ_OTHERWISE = {"raphaelm.sta": ("closing",), "empty_balance.ofx": ("closing",)}


@dataclass(frozen=True)
class Outcome:
    """How one file was read: right, refused or wrong, and why."""

    path: str
    kind: str
    why: str


def _is_ours(row: dict[str, str]) -> bool:
    if row["format"] == "CSV":
        return row["bank"] in {"ING", "Rabobank"}
    return row["format"].startswith(("camt.05", "MT94", "OFX"))


def _index() -> list[tuple[Path, dict[str, str]]]:
    directory = Path(os.environ["BUURTKAS_STATEMENTS"])
    with (directory / "INDEX.tsv").open(encoding="utf-8", newline="") as lines:
        return [(directory / row["path"], row) for row in csv.DictReader(lines, delimiter="\t")]


def _minor(written: str) -> int | None:
    return int(Decimal(written) * 100) if written else None


def _outcome(path: Path, row: dict[str, str]) -> Outcome:
    """Read one file and compare it with its row of the index."""
    name = row["path"].rpartition("/")[2]
    try:
        statements = read(path.read_bytes())
    except UnreadableFile as refusal:
        return Outcome(name, "refused", str(refusal))
    lines = [line for statement in statements for line in (*statement.lines, *statement.pending)]
    # Of an OFX file the index gives the first account's closing balance, of the others the last statement's.
    opening, closing = statements[0].opening, statements[0 if row["format"].startswith("OFX") else -1].closing
    found = {
        "statements": len(statements),
        "lines": len(lines),
        "sum": sum(line.amount_minor for line in lines),
        "opening": opening and opening.amount_minor,
        "closing": closing and closing.amount_minor,
    }
    expected = {
        # The index counts a CSV file as one statement; we make one of each account in it.
        # It counts the statements of an MT940 by their opening balances, which an MT942 has not.
        "statements": int(row["n_accounts"] if row["format"] in {"CSV", "MT942"} else row["n_statements"]),
        "lines": int(row["n_transactions"]),
        "sum": _minor(row["sum_amounts"]),
        "opening": _minor(row["opening"]),
        "closing": _minor(row["closing"]),
    }
    for figure in _READ_OTHERWISE.get(name, ()):
        del expected[figure]
    different = [f"{key}: {found[key]}, index {expected[key]}" for key in expected if found[key] != expected[key]]
    return Outcome(name, "wrong", "; ".join(different)) if different else Outcome(name, "right", "")


def _table(outcomes: list[Outcome]) -> str:
    rows = [f"{outcome.kind:8} {outcome.path:45} {outcome.why}" for outcome in outcomes]
    counts = {kind: sum(outcome.kind == kind for outcome in outcomes) for kind in ("right", "refused", "wrong")}
    return "\n".join([*rows, ", ".join(f"{count} {kind}" for kind, count in counts.items())])


def test_every_format_is_read_right_or_refused() -> None:
    """Every file is exactly right or refused with a reason, none silently wrong; whole files are read."""
    outcomes = [_outcome(path, row) for path, row in _index() if _is_ours(row)]
    print(_table(outcomes))  # noqa: T201 - the table is the test's report
    assert len(outcomes) >= 141
    assert [outcome for outcome in outcomes if outcome.kind == "wrong"] == []
    assert sum(outcome.kind == "right" for outcome in outcomes) >= 103


def test_of_a_hundred_statements_of_mt940_not_one_is_refused() -> None:
    """By statements, as the index counts them; one file has a line after its end, which nothing gives a currency."""
    counted = {"right": 0, "refused": 0}
    for path, row in _index():
        if row["format"].startswith("MT94"):
            counted[_outcome(path, row).kind] += int(row["n_statements"])
    assert counted["right"] >= 99 * counted["refused"]
    assert counted["right"] >= 184


def test_statements_of_ofx_are_refused_only_without_a_date_or_an_amount() -> None:
    """What their makers broke on purpose: each lacks what no reader can know."""
    outcomes = [(_outcome(path, row), row) for path, row in _index() if row["format"].startswith("OFX")]
    refused = {outcome.path for outcome, row in outcomes if outcome.kind == "refused" and row["n_statements"] != "0"}
    assert refused == {"test_ofx_wrong.ofx", "date_missing.ofx", "decimal_error.ofx"}


def test_what_is_refused_is_no_whole_statement() -> None:
    """Refused are lines without a currency, investments, files without a statement, and damaged ones."""
    outcomes = [_outcome(path, row) for path, row in _index() if row["format"].startswith(("MT94", "OFX"))]
    reasons = [outcome.why for outcome in outcomes if outcome.kind == "refused"]
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
        if _outcome(path, row).kind == "refused":
            continue
        problems = [problem.code for statement in read(path.read_bytes()) for problem in statement.problems]
        failing = int(row["balance_check"].partition("/")[2].removesuffix("fail"))
        assert problems.count("balance") == failing, row["path"]
        judged += 1
    assert judged >= 57


def test_every_other_format_is_refused_in_clear_words() -> None:
    """CSV of other banks comes later: until then it is refused, never misread."""
    outcomes = [_outcome(path, row) for path, row in _index() if not _is_ours(row)]
    assert len(outcomes) > 10
    assert [outcome for outcome in outcomes if outcome.kind != "refused"] == []
