"""Checking a whole installation, and keeping what came of it.

A full check reads every entry, so that it runs by command, after `demo` and once a day, never for a
page. What pages say about it is the last outcome, kept in the installation's directory:
that a checker found everything in order is no fact of the books, so it is no entry.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from ledger.check_views import verify_installation
from ledger.errors import MalformedEntry
from ledger.header import read_instant
from ledger.header import write_instant
from ledger.signer import write_durably
from ledger.verify import Problem

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from ledger.installation import Installation
    from ledger.verify import Report

VERIFIED = "verified.json"


@dataclass(frozen=True, slots=True)
class Verification:
    """What the last full check found.

    Attributes:
        at: When it ran (UTC).
        entries: How many entries it read.
        books: In how many books.
        first: The first bad entry, else the first other problem; None where everything held.
    """

    at: dt.datetime
    entries: int
    books: int
    not_understood: int
    first: Problem | None

    @property
    def ok(self) -> bool:
        """Return whether everything held."""
        return self.first is None

    @property
    def held(self) -> int:
        """Return how many entries held: all before the first bad one."""
        if self.first is None or self.first.index is None:
            return self.entries
        return min(self.first.index, self.entries)


def run_verification(
    installation: Installation, now: dt.datetime, begin: Callable[[str], None] = lambda _part: None
) -> Report:
    """Check an installation and keep the outcome durably.

    Args:
        now: The clock (aware).
        begin: Told which part of the check begins.
    """
    report = verify_installation(installation, begin=begin)
    write_durably(installation.directory / VERIFIED, json.dumps(_as_json(report, now)).encode())
    return report


def kept_verification(installation: Installation) -> bytes | None:
    """Return what is kept of the last full check, as it is on disk; None before the first."""
    path = installation.directory / VERIFIED
    return path.read_bytes() if path.exists() else None


def last_verification(installation: Installation) -> Verification | None:
    """Return what the last full check found; None before the first, or where its file is damaged."""
    try:
        return _read(json.loads((installation.directory / VERIFIED).read_text()))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, MalformedEntry):
        return None


def _as_json(report: Report, now: dt.datetime) -> dict[str, object]:
    checkpoint = report.checkpoint
    return {
        "at": write_instant(now),
        "ok": report.ok,
        "entries": report.entries,
        "books": report.books,
        "checkpoint": {"size": checkpoint.size, "root": checkpoint.root.hex()} if checkpoint else None,
        "unsigned": report.unsigned,
        "not_understood": report.not_understood,
        "problems": [_problem_as_json(problem) for problem in (report.first, *report.problems) if problem],
    }


def _problem_as_json(problem: Problem) -> dict[str, object]:
    return {"book": problem.book, "seq": problem.seq, "index": problem.index, "what": problem.what}


def _read(kept: dict[str, Any]) -> Verification:
    problems = kept["problems"]
    return Verification(
        at=read_instant(kept["at"]),
        entries=int(kept["entries"]),
        books=int(kept["books"]),
        not_understood=int(kept["not_understood"]),
        first=_read_problem(problems[0]) if problems else None,
    )


def _read_problem(kept: dict[str, Any]) -> Problem:
    return Problem(kept["what"], kept["index"], kept["book"], kept["seq"])
