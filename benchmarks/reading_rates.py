"""Reading bank files of one account in every format, in lines a second and memory, beside libraries that read the same.

.venv/bin/python benchmarks/reading_rates.py [LINES]

All sides run in turn, each in a process of its own; the figures are medians of BENCH_ROUNDS, and the most memory.
The maker of the files lies in the folder that BUURTKAS_REFERENCE names; without it nothing is measured.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import logging
import os
import resource
import subprocess
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent.parent))

from importers.reading import read
from importers.reconcile import decimal_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable

    from benchmarks.booking import Cost
    from importers.statement import Line

LINES = 100_000
ROUNDS = 3
FILES = {"CAMT": "camt.xml", "MT940": "stmt.sta", "OFX": "v102.ofx", "CSV": "ing.csv", "PSD2": "report.json"}
BESIDE = {"MT940": "mt-940", "OFX": "ofxtools", "CSV": "csv and Decimal"}


def read_ours(path: Path) -> int:
    """Read with our reader, and count the lines."""
    return sum(len(statement.lines) for statement in read(path))


def read_mt_940(path: Path) -> int:
    """Read with mt-940, as its documentation advises, and count the lines."""
    import mt940  # noqa: PLC0415 - only this side's process holds it

    logging.disable(logging.CRITICAL)
    return len(mt940.parse(path.read_text(encoding="utf-8"), options=mt940.Options.all()))


def read_ofxtools(path: Path) -> int:
    """Read with ofxtools into its own objects, and count the lines."""
    from ofxtools.Parser import OFXTree  # noqa: PLC0415 - only this side's process holds it

    tree = OFXTree()
    tree.parse(str(path))
    return sum(len(statement.transactions) for statement in tree.convert().statements)


def read_plainly(path: Path) -> int:
    """Read ING's CSV into tuples with the standard library and nothing else: no check, no label, no order."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines, delimiter=";")
        next(rows)
        read_rows = [
            (
                dt.date.fromisoformat(day),
                name,
                account,
                other,
                code,
                Decimal(amount.replace(",", ".")) * (-1 if direction == "Af" else 1),
                text,
                Decimal(running.replace(",", ".")),
            )
            for day, name, account, other, code, direction, amount, _, text, running, _ in rows
        ]
    return len(read_rows)


SIDES: dict[str, Callable[[Path], int]] = {
    "Buurtkas": read_ours,
    "mt-940": read_mt_940,
    "ofxtools": read_ofxtools,
    "csv and Decimal": read_plainly,
}


def one_side(side: str, path: Path, expected: int) -> None:
    """Run one side in this process, and print its figures."""
    begun = time.perf_counter()
    found = SIDES[side](path)
    seconds = time.perf_counter() - begun
    assert found == expected, f"{side} found {found} lines"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(f"{seconds:.3f} s {peak} MB\n")


def write_report(lines: Iterable[Line], path: Path) -> None:
    """Write the lines of another file as a PSD2 account report."""
    booked = [
        {
            "transactionId": line.bank_reference,
            "bookingDate": line.booked_on.isoformat(),
            "transactionAmount": {"currency": line.currency, "amount": decimal_text(line.amount_minor)},
            "debtorName" if line.amount_minor > 0 else "creditorName": line.name,
            "remittanceInformationUnstructured": line.text,
        }
        for line in lines
    ]
    path.write_text(json.dumps({"account": {"iban": "NL69INGB0123456789"}, "transactions": {"booked": booked}}))


def main(lines: int) -> None:
    """Measure and print."""
    from benchmarks.booking import REFERENCE  # noqa: PLC0415 - a side's own process holds nothing but its reader

    tools = Path(os.environ.get("BUURTKAS_REFERENCE", REFERENCE))
    if not (tools / "make_statements.py").exists():
        sys.stdout.write("The maker of files is not here: name its folder in BUURTKAS_REFERENCE.\n")
        return
    rounds = int(os.environ.get("BENCH_ROUNDS", str(ROUNDS)))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = [sys.executable, str(tools / "make_statements.py"), str(lines), name]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - the folder named by who runs this
        (statement,) = read((folder / FILES["OFX"]).read_bytes())
        write_report(statement.lines, folder / FILES["PSD2"])
        sys.stdout.write("| format | reader | lines/s | seconds | peak MB |\n|---|---|---|---|---|\n")
        for kind, file in FILES.items():
            sys.stdout.writelines(rows(kind, folder / file, lines, rounds))


def rows(kind: str, path: Path, lines: int, rounds: int) -> list[str]:
    """Measure one format, our side and the one beside it in turn, and return their rows."""
    from benchmarks.booking import measured  # noqa: PLC0415 - a side's own process holds nothing but its reader
    from benchmarks.booking import median  # noqa: PLC0415 - likewise

    sides = ["Buurtkas", *filter(None, [BESIDE.get(kind)])]
    costs: dict[str, list[Cost]] = {side: [] for side in sides}
    for _ in range(rounds):
        for side in sides:
            costs[side].append(measured([__file__, "--side", side, str(path), str(lines)]))
    found = []
    for side in sides:
        cost = median(costs[side])
        found.append(f"| {kind} | {side} | {lines / cost.seconds:,.0f} | {cost.seconds:.2f} | {cost.peak_mb} |\n")
    return found


if __name__ == "__main__":
    if sys.argv[1:2] == ["--side"]:
        one_side(sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else LINES)
