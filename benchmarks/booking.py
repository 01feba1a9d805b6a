"""Reading, booking and verifying a bank's file, beside a plain program that does the bare minimum of it.

.venv/bin/python benchmarks/booking.py [LINES]

All sides run in turn, each in a process of its own; the figures are medians of BENCH_ROUNDS, and the most memory.
The plain program and the maker of files lie in the folder that BUURTKAS_REFERENCE names; without it nothing is
measured. Booking on PostgreSQL is measured on the server of `benchmarks/durable.py`.
"""

from __future__ import annotations

import datetime as dt
import gc
import hashlib
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.durable import durable_server
from importers.booking import Delivery
from importers.booking import book
from importers.reading import read
from ledger.check_views import DatabaseRecord
from ledger.check_views import verify_installation
from ledger.entry import foundation_book
from ledger.environment import Surroundings
from ledger.installation import Installation
from ledger.installation import Settings
from ledger.installation import create_installation
from ledger.verify import verify

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping
    from collections.abc import Sequence

    from ledger.canonical import Json

    Command = Callable[[], list[str]]

LINES = 100_000
REFERENCE = "../shared/tools"
SERVER = "BUURTKAS_BENCH_POSTGRESQL"
LAUNCH = ["/bin/sh", "-c", '"$@"; exit $?', "launch"]
"""A program begins with the peak of whoever started it: a shell's, not that of this one."""
NOW = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)
FOUNDATION, ACCOUNT = "00112233445566aa", "00112233445566bb"
ORIGIN = "buurtkas.example/bench"
FIGURES = re.compile(r"(?P<seconds>[0-9.]+) s .*?(?P<peak>[0-9]+) MB", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took."""

    seconds: float  # float: a duration
    peak_mb: int


def opened(directory: Path, url: str | None) -> Installation:
    """Make an installation with one foundation and the account that the made files are of."""
    around = Surroundings(database_url=url)
    schema = f"bench_{os.getpid()}" if url else None  # one run, one schema; the server is for measuring alone
    installation = create_installation(directory, Settings(ORIGIN, simulated=True, schema=schema), around)
    store, name = installation.store, foundation_book(FOUNDATION)
    with store.writing(NOW) as appender:
        public: dict[str, Json] = {
            "kind": "foundation",
            "limit": 25_000,
            "currency": "EUR",
            "every": 35,
            "basis": "opening",
        }
        private: dict[str, Json] = {"slug": "meer", "name": "Stichting Meer", "kvk": None}
        appender.append(store.draft(name, "opened", public, private))
        public = {"account": ACCOUNT, "mandate": "together", "basis": "opening"}
        private = {"iban": "NL69INGB0123456789", "holder": None, "viewers": None}
        appender.append(store.draft(name, "account declared", public, private))
    return installation


def book_file(path: Path, directory: Path, url: str | None = None) -> Installation:
    """Read, plan and book a file, and have the log signed."""
    installation = opened(directory, url)
    with path.open("rb") as file:
        name = hashlib.file_digest(file, "sha256").hexdigest()
    book(installation, read(path), Delivery(name), NOW)
    installation.signer.sign(installation.engine)
    return installation


def verify_record(directory: Path) -> None:
    """Check the record alone, as the plain program does."""
    installation = Installation(directory)
    with installation.store.reading() as connection:
        assert verify(DatabaseRecord(connection, installation.signer), installation.signer.signed_leaves()).ok


def verify_all(directory: Path) -> None:
    """Check everything: private values and every view too."""
    assert verify_installation(Installation(directory)).ok


def one_side(what: str, words: Sequence[str]) -> None:
    """Run our side of one comparison, in this process, and print its figures."""
    paths = [Path(word) for word in words]
    url = os.environ.get(SERVER)
    work: dict[str, Callable[[], object]] = {
        "read": lambda: read(paths[0]),
        "book": lambda: book_file(paths[0], paths[1]),
        "book on PostgreSQL": lambda: book_file(paths[0], paths[1], url),
        "verify": lambda: verify_record(paths[0]),
        "verify all": lambda: verify_all(paths[0]),
    }
    gc.freeze()  # as the command line and the server do, once everything is loaded
    begun = time.perf_counter()
    work[what]()
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(f"{what} {seconds:.2f} s {peak} MB\n")


def measured(command: Sequence[str]) -> Cost:
    """Run one side in a process of its own and return what it took, as it says itself."""
    words = [*LAUNCH, sys.executable, *command]
    done = subprocess.run(words, check=True, capture_output=True, text=True)  # noqa: S603 - ours
    found = FIGURES.search(done.stdout)
    assert found is not None, done.stdout
    return Cost(float(found["seconds"]), int(found["peak"]))  # float: seconds


def median(costs: Sequence[Cost]) -> Cost:
    """Return the median of time and the largest peak."""
    return Cost(statistics.median(cost.seconds for cost in costs), max(cost.peak_mb for cost in costs))


def row(what: str, ours: Cost, theirs: Cost) -> str:
    """Return one row of the table."""
    ratio = ours.seconds / theirs.seconds
    return f"| {what} | {ours.seconds:.2f} | {theirs.seconds:.2f} | {ratio:.2f} | {ours.peak_mb} | {theirs.peak_mb} |\n"


class Bench:
    """Runs each comparison some times, both sides in turn.

    Args:
        tools: Where the plain program lies.
        folder: Where files and databases may be made.
        rounds: How often.
    """

    def __init__(self, tools: Path, folder: Path, rounds: int) -> None:
        self.tools = tools
        self._folder = folder
        self._rounds = rounds
        self._made = 0

    def make_file(self, lines: int) -> Path:
        """Make a bank file of so many lines."""
        command = [sys.executable, str(self.tools / "make_statements.py"), str(lines), str(self._folder)]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - the folder named by who runs this
        return self._folder / "camt.xml"

    def fresh(self) -> str:
        """Return a path at which nothing is yet."""
        self._made += 1
        return str(self._folder / f"made-{self._made}")

    def compare(self, ours: Mapping[str, Command], theirs: Command) -> str:
        """Measure all in turn and return the rows, each of ours beside the plain program."""
        costs: dict[str, list[Cost]] = {what: [] for what in ours}
        plain = []
        for _ in range(self._rounds):
            for what, command in ours.items():
                costs[what].append(measured([__file__, "--", *command()]))
            plain.append(measured([str(self.tools / "reference.py"), *theirs()]))
        return "".join(row(what, median(own), median(plain)) for what, own in costs.items())


def main(lines: int) -> None:
    """Measure and print."""
    tools = Path(os.environ.get("BUURTKAS_REFERENCE", REFERENCE))
    if not (tools / "reference.py").exists():
        sys.stdout.write("The plain program is not here: name its folder in BUURTKAS_REFERENCE.\n")
        return
    with tempfile.TemporaryDirectory() as folder, durable_server() as url:
        os.environ[SERVER] = url
        bench = Bench(tools, Path(folder), int(os.environ.get("BENCH_ROUNDS", "5")))
        file = str(bench.make_file(lines))
        sys.stdout.write(f"{lines:,} lines of CAMT.053; seconds, and megabytes at most\n\n")
        sys.stdout.write("| what | Buurtkas | plain | ratio | MB | plain MB |\n|---|---|---|---|---|---|\n")
        for ours, theirs in comparisons(bench, file):
            sys.stdout.write(bench.compare(ours, theirs))
            sys.stdout.flush()


def comparisons(bench: Bench, file: str) -> list[tuple[Mapping[str, Command], Command]]:
    """Return what is compared: our sides' commands by name, and the plain program's."""
    kept, plain_kept = bench.fresh(), bench.fresh()
    measured([__file__, "--", "book", file, kept])
    measured([str(bench.tools / "reference.py"), "book", file, plain_kept])

    def booked(what: str) -> Command:
        return lambda: [what, file, bench.fresh()]

    both = {"booked, SQLite": booked("book"), "booked, PostgreSQL": booked("book on PostgreSQL")}
    return [
        ({"read": lambda: ["read", file]}, lambda: ["read", file]),
        (both, booked("book")),
        (
            {"verify, the record": lambda: ["verify", kept], "verify, the installation": lambda: ["verify all", kept]},
            lambda: ["verify", plain_kept],
        ),
    ]


if __name__ == "__main__":
    if sys.argv[1:2] == ["--"]:
        one_side(sys.argv[2], sys.argv[3:])
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else LINES)
