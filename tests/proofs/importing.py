"""Importing a file in a process of its own, so that it can be killed at any instant, or run beside others.

Children come from a fork server that has everything imported already and no database open: they begin at
once and share nothing.
"""

from __future__ import annotations

import multiprocessing
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from dashboards.work.finishing import finish
from dashboards.work.statements import confirm
from ledger import tables
from ledger.check_views import verify_installation
from ledger.environment import DATABASE_URL
from ledger.environment import OWNER_URL
from ledger.errors import BuurtkasError
from ledger.installation import Installation
from tests.proofs.bank import NOW

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkServerContext
    from multiprocessing.context import ForkServerProcess
    from pathlib import Path

READY = "ready"
DONE = "done"


@dataclass(frozen=True, slots=True)
class Where:
    """An installation, and the addresses of its database where that is PostgreSQL."""

    directory: Path
    around: tuple[tuple[str, str], ...] = ()

    def open(self) -> Installation:
        """Open it, as any start does."""
        os.environ.update(self.around)
        return Installation(self.directory)


def where(directory: Path) -> Where:
    """Return where an installation is, with what this process's environment says of its database."""
    return Where(directory, tuple((name, os.environ[name]) for name in (DATABASE_URL, OWNER_URL) if name in os.environ))


def context() -> ForkServerContext:
    """Return what starts children."""
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload([__name__])
    return found


def start(place: Where, files: list[bytes]) -> tuple[ForkServerProcess, Connection]:
    """Start a child that says that it is ready, waits for a word, and imports files one by one, each as a new start.

    It sends `ready`, then `done` after each file, or the message of what went wrong.
    """
    ours, theirs = context().Pipe()
    child = context().Process(target=_run, args=(place, files, theirs), daemon=True)
    child.start()
    theirs.close()
    return child, ours


def _run(place: Where, files: list[bytes], pipe: Connection) -> None:
    """Import files, in the child."""
    pipe.send(READY)
    pipe.recv()
    for content in files:
        try:
            installation = place.open()
            confirm(installation, None, content, {}, now=NOW)
            installation.close()
        except BuurtkasError as error:
            pipe.send(f"{error.code}: {error}")
        except OSError as error:
            pipe.send(f"system: {error.strerror}")
        else:
            pipe.send(DONE)


def lines_booked(installation: Installation) -> int:
    """Return how many lines stand in the book."""
    with installation.store.reading() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(tables.movement)).scalar_one()


def examine(place: Where) -> tuple[int, list[str]]:
    """Start again after what happened: finish, have all signed, and verify.

    Returns:
        How many lines are booked, and what is wrong.
    """
    installation = place.open()
    try:
        finish(installation, NOW)
        installation.signer.sign(installation.engine)
        report = verify_installation(installation)
        wrong = [problem.what for problem in (report.first, *report.problems) if problem]
        if report.unsigned:
            wrong.append(f"{report.unsigned} entries are not signed")
        return lines_booked(installation), wrong
    finally:
        installation.close()
