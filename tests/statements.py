"""The shared collection of bank files, read and held against other readings of each: `make statements`.

    python -m tests.statements [DIRECTORY]

Prints two tables. In the first each file is right, refused or wrong, as an independent reading of its figures in the
collection's index says. In the second stands every name, account, text and reference, and every figure, that mt-940,
ofxparse or a plain reading of CAMT's elements or a CSV's columns says otherwise, with the reason or with UNEXPLAINED.
Ends with 1 where a file is wrong or a difference is unexplained. The same code is behind
tests/unit/importers/test_shared_statements.py.
"""

from __future__ import annotations

import csv
import os
import sys
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from importers.errors import UnreadableFile
from importers.reading import read
from importers.second_opinion import by_elements
from importers.second_opinion import by_mt_940
from importers.second_opinion import by_ofxparse
from importers.second_opinion.comparison import differences
from importers.second_opinion.reasons import REASONS
from tests import plain_csv

if TYPE_CHECKING:
    from collections.abc import Sequence

    from importers.second_opinion.comparison import Difference
    from importers.statement import Statement

KINDS = ("right", "refused", "wrong")
UNEXPLAINED = "UNEXPLAINED"
_OTHERS = {
    "mt94": ("mt-940", by_mt_940.read, REASONS),
    "ofx": ("ofxparse", by_ofxparse.read, REASONS),
    "camt": ("elements", by_elements.read, REASONS),
    "csv": ("columns", plain_csv.read, plain_csv.REASONS),
}
# A closing balance without a currency, which the index passes over; one without an amount, which it takes for nothing.
# A row whose account lost a quotation mark, which the index takes for a row of another account.
_READ_OTHERWISE = {
    "raphaelm.sta": ("closing",),
    "empty_balance.ofx": ("closing",),
    "CSV_A_20180414_112204.csv": ("statements",),
}


@dataclass(frozen=True)
class Outcome:
    """How one file was read: right, refused or wrong, and why.

    Attributes:
        statements: How many the independent reading counted.
    """

    path: str
    kind: str
    why: str
    statements: int


def index(directory: Path) -> list[tuple[Path, dict[str, str]]]:
    """Return each file of the collection and what the independent reading found in it."""
    with (directory / "INDEX.tsv").open(encoding="utf-8", newline="") as lines:
        return [(directory / row["path"], row) for row in csv.DictReader(lines, delimiter="\t")]


def outcome(path: Path, row: dict[str, str]) -> Outcome:
    """Read one file and compare it with its row of the index."""
    name, counted = row["path"].rpartition("/")[2], int(row["n_statements"])
    try:
        statements = read(path)
    except UnreadableFile as refusal:
        return Outcome(name, "refused", str(refusal), counted)
    found, expected = _found(statements, row), _expected(row)
    compared = [key for key in expected if key not in _READ_OTHERWISE.get(name, ())]
    different = [f"{key}: {found[key]}, index {expected[key]}" for key in compared if found[key] != expected[key]]
    return Outcome(name, "wrong" if different else "right", "; ".join(different), counted)


@dataclass(frozen=True)
class Compared:
    """One file that was read twice.

    Attributes:
        other: Who read it beside us; empty where nobody did.
        failed: The error that ended the other reader.
    """

    path: str
    lines: int
    other: str = ""
    failed: str = ""
    differences: tuple[Difference, ...] = ()


def compared(path: Path, row: dict[str, str]) -> Compared | None:
    """Compare our reading of a file with another one; None where we refuse the file."""
    try:
        ours = read(path)
    except UnreadableFile:
        return None
    lines = sum(len(statement.lines) + len(statement.pending) for statement in ours)
    other = next((other for beginning, other in _OTHERS.items() if ours[0].format.startswith(beginning)), None)
    if other is None:
        return Compared(row["path"], lines)
    name, read_otherwise, reasons = other
    try:
        theirs = read_otherwise(path.read_bytes())
    except Exception as error:  # noqa: BLE001 - whatever another's reader raises
        return Compared(row["path"], lines, name, failed=type(error).__name__)
    return Compared(row["path"], lines, name, differences=differences(ours, theirs, reasons))


def shown_differences(files: Sequence[Compared]) -> str:
    """Return the second table: a row for each difference, how many there are for each reason, and what was compared."""
    rows = [f"{file.path} | {_row(one)}" for file in files for one in file.differences]
    counted = Counter(one.reason or UNEXPLAINED for file in files for one in file.differences)
    silent = [f"No opinion on {file.path}: {file.other} ended with {file.failed}" for file in files if file.failed]
    silent += [f"No other reader for {file.path}" for file in files if not file.other]
    told = [file for file in files if file.other and not file.failed]
    reasons = [f"{count:5} {reason}" for reason, count in counted.most_common()]
    total = (
        f"Compared: {sum(file.lines for file in told):,} lines of {len(told)} files with another reader of each; "
        f"{sum(counted.values())} differences, {counted[UNEXPLAINED]} without a reason"
    )
    return "\n".join(["File | line | field | ours | theirs | reason", *rows, *silent, *reasons, total])


def _row(one: Difference) -> str:
    place = f"{one.place or '-'}{f'.{one.part}' if one.part else ''}"
    return f"{place} | {one.what} | {one.ours!r} | {one.theirs!r} | {one.reason or UNEXPLAINED}"


def _found(statements: Sequence[Statement], row: dict[str, str]) -> dict[str, int | None]:
    lines = [line for statement in statements for line in (*statement.lines, *statement.pending)]
    # Of an OFX file the index gives the first account's closing balance, of the others the last statement's.
    opening, closing = statements[0].opening, statements[0 if row["format"].startswith("OFX") else -1].closing
    return {
        "statements": len(statements),
        "lines": len(lines),
        "sum": sum(line.amount_minor for line in lines),
        "opening": opening.amount_minor if opening else None,
        "closing": closing.amount_minor if closing else None,
    }


def _expected(row: dict[str, str]) -> dict[str, int | None]:
    balances = {"opening": _minor(row["opening"]), "closing": _minor(row["closing"])}
    if row["format"] == "CSV":  # the index leaves out many that the file states
        balances = {key: balance for key, balance in balances.items() if balance is not None}
    return {
        # The index counts a CSV file as one statement; we make one of each account in it, and one of none.
        # It counts the statements of an MT940 by their opening balances, which an MT942 has not.
        "statements": max(int(row["n_accounts"]), 1) if row["format"] in {"CSV", "MT942"} else int(row["n_statements"]),
        "lines": int(row["n_transactions"]),
        "sum": _minor(row["sum_amounts"]),
        **balances,
    }


def _minor(written: str) -> int | None:
    return int(Decimal(written) * 100) if written else None


def shown(outcomes: Sequence[Outcome]) -> str:
    """Return the table: a row for each file, how many there are of each kind, and the share of the statements."""
    rows = [f"{one.kind:8} {one.path:60} {one.why}".rstrip() for one in outcomes]
    files = ", ".join(f"{sum(one.kind == kind for one in outcomes)} {kind}" for kind in KINDS)
    of = {kind: sum(one.statements for one in outcomes if one.kind == kind) for kind in KINDS}
    counted = ", ".join(f"{of[kind]:,} {kind}" for kind in KINDS)
    share = f"{Decimal(100 * of['right']) / max(sum(of.values()), 1):.1f}% read right"
    return "\n".join([*rows, f"Files: {files}", f"Statements: {counted}; {share}"])


def main(words: Sequence[str]) -> int:
    """Print both tables; return 1 where a file is wrong or a difference unexplained, 2 where there is no collection."""
    directory = Path(words[0] if words else os.environ.get("BUURTKAS_STATEMENTS", "../shared/statements"))
    if not (directory / "INDEX.tsv").exists():
        sys.stderr.write(
            f"There are no shared bank files in {directory}. Put them there, "
            "or name another directory: BUURTKAS_STATEMENTS=DIRECTORY make statements\n"
        )
        return 2
    outcomes = [outcome(path, row) for path, row in index(directory)]
    sys.stdout.write(shown(outcomes) + "\n\n")
    files = [file for path, row in index(directory) if (file := compared(path, row))]
    sys.stdout.write(shown_differences(files) + "\n")
    is_unexplained = any(one.reason is None for file in files for one in file.differences)
    return int(is_unexplained or any(one.kind == "wrong" for one in outcomes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
