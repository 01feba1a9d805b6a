"""What `doctor` finds in the books and around them: database, fences, clock, signer, rules, the last of each duty."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from audit.run import unfinished
from dashboards.work.backup import last_backup
from dashboards.work.findings import FAILURE
from dashboards.work.findings import OK
from dashboards.work.findings import WARNING
from dashboards.work.findings import Finding
from dashboards.work.findings import judged
from dashboards.work.health import LONGEST_UNSIGNED
from dashboards.work.health import check_signer
from dashboards.work.health import waiting_since
from dashboards.work.progress import last_done
from dashboards.work.verification import last_verification
from ledger.database import check_fences
from ledger.database import is_sound
from ledger.database import on_postgresql
from ledger.header import read_instant
from ledger.migrations import check_shape
from ledger.sqlite import DRIVER
from ledger.sqlite import SAFE_WAL

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator

    import sqlalchemy as sa

    from ledger.installation import Installation

DAY = dt.timedelta(days=1)
RECENT = dt.timedelta(hours=26)
"""A timer that runs once a day is never exactly a day late."""
BACKUP_OLD, BACKUP_TOO_OLD = 2 * DAY, 14 * DAY
CLOCK_BEHIND = dt.timedelta(seconds=5)
POSTGRESQL = 160000
"""The oldest version of the server: 16.0."""


def checks(
    installation: Installation, now: dt.datetime, own_now: dt.datetime
) -> dict[str, Callable[[], Iterator[Finding]]]:
    """Return every check by what it is about.

    Args:
        installation: Opened, though perhaps without fences or of another shape.
        now: The machine's clock.
        own_now: The installation's clock; a played one goes on from its last entry.
    """
    return {
        "database": lambda: _database(installation),
        "shape": lambda: _shape(installation),
        "fences": lambda: _fences(installation),
        "clock": lambda: _clock(installation, now),
        "signer": lambda: _signer(installation),
        "unsigned": lambda: _unsigned(installation, own_now),
        "rules": lambda: _rules(installation),
        "daily": lambda: _daily(installation, own_now),
        "verified": lambda: _verified(installation, own_now),
        "backup": lambda: _backup(installation, now),
    }


def _database(installation: Installation) -> Iterator[Finding]:
    """Find which database it is, how it keeps its promises, and whether it is whole."""
    with installation.store.reading() as connection:
        if on_postgresql(connection):
            yield _server(connection)
            yield _lasting(connection)
            return
        journal = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
        synchronous = connection.exec_driver_sql("PRAGMA synchronous").scalar_one()
        wal = journal == "wal"
        what = f"SQLite {DRIVER.sqlite_version}, journal {journal}, synchronous {synchronous}"
        unsafe = (wal and DRIVER.sqlite_version_info < SAFE_WAL) or int(synchronous) < (2 if wal else 3)
        yield judged("database", what, "Install pysqlite3, or stop every other program that opened it.", fails=unsafe)
        sound = is_sound(connection)
        yield judged(
            "integrity",
            "the file is whole" if sound else "indexes do not fit tables",
            "Stop the server, copy the directory, and restore the newest backup.",
            fails=not sound,
        )


def _server(connection: sa.Connection) -> Finding:
    """Find the server's version and who we are there; that the role is an ordinary one, the fences tell."""
    number = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one())
    role, schema = connection.exec_driver_sql("SELECT current_user, current_schema()").one()
    what = f"PostgreSQL {number // 10000}.{number % 10000}, role {role}, schema {schema}"
    return judged("database", what, "Move to PostgreSQL 16 or newer.", fails=number < POSTGRESQL)


def _lasting(connection: sa.Connection) -> Finding:
    """Find whether the server keeps what it confirmed when the machine falls over; each commit asks for it anyway."""
    rows = connection.exec_driver_sql(
        "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'full_page_writes') ORDER BY name"
    )
    found = {str(name): str(setting) for name, setting in rows}
    what = ", ".join(f"{name} is {value}" for name, value in found.items())
    do = "Set both to on in postgresql.conf: without them a power cut can damage books that were signed."
    return judged("durability", what, do, fails=set(found.values()) != {"on"})


def _shape(installation: Installation) -> Iterator[Finding]:
    """Find whether the database has the shape of this code."""
    with installation.store.reading() as connection:
        check_shape(connection)
    yield Finding(OK, "shape", "the database has the shape of this version")


def _fences(installation: Installation) -> Iterator[Finding]:
    """Find whether the database refuses changes of entries."""
    with installation.store.reading() as connection:
        check_fences(connection)
    yield Finding(OK, "fences", "the database refuses every change of an entry")


def _clock(installation: Installation, now: dt.datetime) -> Iterator[Finding]:
    """Find whether the machine's clock fits the log."""
    last = installation.store.last_recorded()
    if installation.settings.simulated:
        do = "Its months are played: never use it for real money."
        yield Finding(WARNING, "clock", "this installation plays its clock, for demonstrations", do)
    elif last is not None and now < last - CLOCK_BEHIND:
        do = "Set the machine's clock right; until then nothing can be appended."
        yield Finding(FAILURE, "clock", f"{now:%Y-%m-%d %H:%M:%S} UTC is before the last entry", do)
    else:
        yield Finding(OK, "clock", f"{now:%Y-%m-%d %H:%M:%S} UTC")


def _signer(installation: Installation) -> Iterator[Finding]:
    """Find whether the log continues what was signed."""
    check_signer(installation)
    newest = installation.signer.newest()
    if newest is None:
        do = "Run `buurtkas checkpoint`; if it is refused, see docs/operate.md."
        yield Finding(WARNING, "signer", "there is no checkpoint that holds", do)
    else:
        yield Finding(OK, "signer", f"{newest.size} entries are signed")


def _unsigned(installation: Installation, now: dt.datetime) -> Iterator[Finding]:
    """Find whether entries wait to be signed."""
    since = waiting_since(installation)
    if since is None:
        yield Finding(OK, "unsigned", "every entry is signed")
        return
    do = "See that `buurtkas signer` runs, or run `buurtkas checkpoint`."
    late = now - since > LONGEST_UNSIGNED
    yield judged("unsigned", f"entries wait to be signed since {since:%Y-%m-%d %H:%M} UTC", do, fails=late)


def _rules(installation: Installation) -> Iterator[Finding]:
    """Find whether the rules have looked at everything."""
    left = unfinished(installation)
    what = "payments wait for the rules" if left else "the rules have looked at everything"
    yield judged("rules", what, "Run `buurtkas audit`; the next start does it as well.", warns=left)


def _daily(installation: Installation, now: dt.datetime) -> Iterator[Finding]:
    """Find when the day's work was done last."""
    with installation.store.reading() as connection:
        last = last_done(connection)
    do = "Run `buurtkas daily` every day from a timer: without it no rule notices that time passes."
    what = "the day's work was never done" if last is None else f"done on {last:%Y-%m-%d %H:%M} UTC"
    yield judged("daily", what, do, warns=last is None or now - last > RECENT)


def _verified(installation: Installation, now: dt.datetime) -> Iterator[Finding]:
    """Find when everything was verified last, and how that ended."""
    last = last_verification(installation)
    if last is None:
        yield Finding(WARNING, "verified", "never", "Run `buurtkas verify`; `buurtkas daily` does it as well.")
    elif not last.ok:
        do = "Stop the server, copy the whole directory, tell the district. Do not repair."
        yield Finding(FAILURE, "verified", f"on {last.at:%Y-%m-%d %H:%M} UTC something did NOT hold", do)
    else:
        what = f"on {last.at:%Y-%m-%d %H:%M} UTC all {last.entries} entries held"
        yield judged(
            "verified", what, "Run `buurtkas verify`; `buurtkas daily` does it as well.", warns=now - last.at > RECENT
        )


def _backup(installation: Installation, now: dt.datetime) -> Iterator[Finding]:
    """Find when the last backup was made."""
    made = last_backup(installation.directory)
    do = "Run `buurtkas backup FILE` every day from a timer, and keep one copy elsewhere."
    if made is None:
        yield Finding(WARNING, "backup", "none was made yet", do)
        return
    age = now - read_instant(made)
    yield judged("backup", f"the last one is of {made}", do, fails=age > BACKUP_TOO_OLD, warns=age > BACKUP_OLD)
