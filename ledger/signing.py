"""Who signs, and when: at once by whoever holds the key, or by a process of its own that others wake.

On one machine with SQLite every process may read the key, and signs what it has appended. On a
server the web's processes run as somebody who cannot read the key: they wake the signer's process through the
database (NOTIFY), and wait a moment for its checkpoint. That process looks by itself each second too, outlives
restarts of the database, and there is one of it.

Source: DESIGN "The signer".
"""

from __future__ import annotations

import contextlib
import fcntl
import time
from typing import TYPE_CHECKING

import psycopg
import sqlalchemy as sa

from ledger import postgresql
from ledger import tables
from ledger.database import WRITING
from ledger.database import on_postgresql
from ledger.errors import DatabaseGone
from ledger.errors import DatabaseTrouble
from ledger.errors import SignatureLate
from ledger.errors import SignerInside
from ledger.errors import SignerRunning

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from threading import Event

    from ledger.installation import Installation

LOOK_EACH = 0.02
LOOKS = 100
"""How often a request looks, and every how many seconds, before it answers "not signed yet"."""
WAKE_EACH = 1
FIRST_PAUSE, LONGEST_PAUSE = 1, 30
"""How long (seconds) the signer's process waits before it looks whether a database is back; twice as long each time."""
AT_WORK = "at-work"


def have_signed(installation: Installation, looks: int = LOOKS) -> bool:
    """Have signed what is committed; say whether the newest checkpoint covers it.

    Args:
        installation: Whose log.
        looks: How often to look for the checkpoint of the signer's process, where only that has the key.

    Raises:
        SignerRefused: The database does not continue what was signed before.
    """
    with installation.store.reading() as connection:
        size: int = connection.execute(sa.select(tables.log_head.c.size)).scalar_one()
    return _signed(installation) == size or _ask(installation, size, looks)


def signed_whole(installation: Installation, size: int) -> str:
    """Return a checkpoint of exactly `size` entries, while the caller keeps others from appending.

    Raises:
        SignerRefused: The database does not continue what was signed before.
        SignatureLate: The signer's process did not answer.
    """
    if not _ask(installation, size, LOOKS):
        raise SignatureLate
    return installation.signer.published() or ""


def _signed(installation: Installation) -> int:
    """Return how many entries the newest checkpoint covers; -1 where there is none, or it does not hold."""
    newest = installation.signer.newest()
    return newest.size if newest else -1


def _ask(installation: Installation, size: int, looks: int) -> bool:
    """Sign, or wake whoever can and wait for it."""
    if installation.signer.has_key():
        installation.signer.sign(installation.engine)
        return True
    if on_postgresql(installation.engine) and _signed(installation) < size:
        with installation.engine.connect().execution_options(**WRITING) as connection, connection.begin():
            postgresql.wake(connection)
    for _ in range(looks):
        if _signed(installation) >= size:
            return True
        time.sleep(LOOK_EACH)
    return False


def keep_signing(installation: Installation, stop: Event, tell: Callable[[str], object]) -> None:
    """Sign what is committed, soon after it is, until told to stop.

    Args:
        installation: Whose log; it lives on PostgreSQL.
        stop: Set when it is enough.
        tell: Takes what an operator should know.

    Raises:
        SignerInside: The installation signs by itself.
        SignerRunning: Another process is at it.
        SignerRefused: The database does not continue what was signed before; nothing more is signed.
    """
    if not on_postgresql(installation.engine):
        raise SignerInside
    with _alone(installation):
        pause = FIRST_PAUSE
        while not stop.is_set():
            try:
                for _ in _woken(installation, stop):
                    have_signed(installation)
                    pause = FIRST_PAUSE
            except DatabaseTrouble as trouble:
                tell(str(trouble))
                stop.wait(pause)
                pause = min(2 * pause, LONGEST_PAUSE)


def _woken(installation: Installation, stop: Event) -> Iterator[None]:
    """Yield at once, whenever somebody appended, and each second, until told to stop."""
    with installation.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        driver = postgresql.listen(connection)
        while not stop.is_set():
            yield
            try:
                list(driver.notifies(timeout=WAKE_EACH, stop_after=1))
            except psycopg.OperationalError as error:
                connection.invalidate()
                raise DatabaseGone from error


@contextlib.contextmanager
def _alone(installation: Installation) -> Iterator[None]:
    """Hold the lock that lets one signer's process be at work."""
    with (installation.signer.directory / AT_WORK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SignerRunning from error
        yield
