"""Reading bank files, in lines a second: the files of the fictional district, format by format.

.venv/bin/python benchmarks/reading_rates.py [TRANSACTIONS]
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict

from dashboards.demo.events import Upload
from dashboards.demo.world import make_world
from importers.reading import read

TRANSACTIONS = 10_000


def main(transactions: int) -> None:
    """Measure and print."""
    lines: dict[str, int] = defaultdict(int)
    seconds: dict[str, float] = defaultdict(float)  # a duration, no money
    for event in make_world(transactions=transactions).events:
        if isinstance(event, Upload):
            begun = time.perf_counter()
            statements = read(event.content)
            seconds[statements[0].format] += time.perf_counter() - begun
            lines[statements[0].format] += sum(len(statement.lines) for statement in statements)
    sys.stdout.write("| format | lines | seconds | lines/s |\n|---|---|---|---|\n")
    for name, count in sorted(lines.items()):
        sys.stdout.write(f"| {name} | {count:,} | {seconds[name]:.2f} | {count / seconds[name]:,.0f} |\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else TRANSACTIONS)
