"""Appending, verifying, rebuilding and signing, in entries a second, on a fresh installation.

.venv/bin/python benchmarks/ledger_rates.py [ENTRIES]
"""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.check_views import verify_installation
from ledger.entries import entry_type
from ledger.entry import foundation_book
from ledger.installation import Settings
from ledger.installation import create_installation
from ledger.rebuild import rebuild

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.installation import Installation

ENTRIES = 5_000
BATCH = 1_000
START = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)
BOOK = foundation_book("00112233445566aa")


def append(installation: Installation, count: int) -> None:
    """Append transactions, a thousand in one database transaction, private values and views included."""
    example = entry_type(BOOK, "transaction").example
    for batch in range(0, count, BATCH):
        lines = range(batch, min(batch + BATCH, count))
        drafts = [
            installation.store.draft(BOOK, "transaction", {**example.public, "line": line}, example.private)
            for line in lines
        ]
        with installation.store.writing(START + dt.timedelta(seconds=batch)) as appender:
            appender.extend(drafts)


def measured(what: str, count: int, work: Callable[[], object]) -> str:
    """Do the work once and return its row."""
    begun = time.perf_counter()
    work()
    seconds = time.perf_counter() - begun
    return f"| {what} | {count:,} | {seconds:.2f} | {count / seconds:,.0f} |\n"


def main(count: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        installation = create_installation(Path(folder) / "books", Settings("buurtkas.example/rates", simulated=True))
        sys.stdout.write("| what | entries | seconds | entries/s |\n|---|---|---|---|\n")
        sys.stdout.write(measured("append", count, lambda: append(installation, count)))
        sys.stdout.write(measured("sign", count, lambda: installation.signer.sign(installation.engine)))
        sys.stdout.write(measured("verify, views too", count, lambda: verify_installation(installation)))
        sys.stdout.write(measured("rebuild", count, lambda: rebuild(installation.store)))
        installation.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES)
