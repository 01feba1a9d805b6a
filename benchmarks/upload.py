"""A treasurer's upload: fifty payments previewed and confirmed, with all rules and the signature, on both databases.

.venv/bin/python benchmarks/upload.py [PAYMENTS]

Seconds by the clock on the wall, the median of BENCH_ROUNDS uploads and the slowest, on top of a foundation's
book of so many payments, which the rules have looked at before.
"""

from __future__ import annotations

import datetime as dt
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.durable import durable_server
from benchmarks.rules import BEGIN
from benchmarks.rules import DAYS
from benchmarks.rules import PAYEES
from benchmarks.rules import Books
from benchmarks.rules import iban_of
from dashboards.demo.banks import BankLine
from dashboards.demo.banks import BankStatement
from dashboards.demo.banks import camt053
from dashboards.work.finishing import finish
from dashboards.work.statements import confirm
from dashboards.work.statements import preview
from ledger.environment import DATABASE_URL

if TYPE_CHECKING:
    from ledger.installation import Installation

PAYMENTS = 10_000
LINES = 50
AMOUNT = 1_250
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))


def file_of(turn: int, balance: int) -> tuple[bytes, dt.datetime]:
    """Return a bank's file of one day, and when it is uploaded."""
    day = BEGIN.date() + dt.timedelta(days=DAYS + turn)
    now = dt.datetime.combine(day, dt.time(20), dt.UTC)
    lines = tuple(
        BankLine(f"U{turn}-{line}", day, -AMOUNT - line, "transfer", f"nota {turn}-{line}", f"Winkel {line}", payee)
        for line, payee in enumerate(iban_of(100 + (turn * LINES + line) % PAYEES) for line in range(LINES))
    )
    statement = BankStatement(iban_of(1), "Stichting Maat", turn + 1, day, day, balance, lines)
    return camt053([statement], version="08", message_id=f"M{turn}", created_at=now), now


def uploaded(installation: Installation, content: bytes, now: dt.datetime) -> tuple[float, float]:
    """Preview and confirm a file; return the seconds of both."""
    begun = time.perf_counter()
    assert preview(installation, None, content).new == LINES
    previewed = time.perf_counter()
    assert confirm(installation, None, content, {}, now=now).checkpoint
    return previewed - begun, time.perf_counter() - previewed


def row(name: str, payments: int) -> str:
    """Measure on the database that the environment names and return the table's row."""
    with tempfile.TemporaryDirectory() as folder:
        books = Books(Path(folder) / "books", registered=True, payments=payments)
        finish(books.installation, BEGIN + dt.timedelta(days=DAYS))
        taken, balance = [], books.balance
        for turn in range(1, ROUNDS + 1):
            taken.append(uploaded(books.installation, *file_of(turn, balance)))
            balance -= sum(AMOUNT + line for line in range(LINES))
        books.installation.close()
    previewed, confirmed = zip(*taken, strict=True)
    figures = (statistics.median(previewed), statistics.median(confirmed), max(confirmed))
    return f"| {name} | {payments:,} | " + " | ".join(f"{seconds:.2f}" for seconds in figures) + " |\n"


def main(payments: int) -> None:
    """Measure and print."""
    sys.stdout.write(f"| database | payments before | preview of {LINES} (s) | confirmed (s) | the slowest (s) |\n")
    sys.stdout.write("|---|---|---|---|---|\n")
    os.environ.pop(DATABASE_URL, None)
    sys.stdout.write(row("SQLite", payments))
    sys.stdout.flush()
    with durable_server() as url:
        os.environ[DATABASE_URL] = url
        sys.stdout.write(row("PostgreSQL", payments))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PAYMENTS)
