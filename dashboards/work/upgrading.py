"""Upgrading: backup, migrate, make views and fences again, verify; or everything as it was.

All of it but the backup is one transaction of the database. The verifier looks at what that transaction sees, and
only books in which everything holds are committed; otherwise the database takes back the whole of it by itself.

Source: DESIGN "The command line".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboards.work.backup import make_backup
from dashboards.work.errors import UpgradeFailed
from ledger.check_views import verify_installation
from ledger.errors import BuurtkasError
from ledger.errors import ShapeRefused
from ledger.installation import Installation
from ledger.migrations import NEWEST
from ledger.migrations import shape

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    import sqlalchemy as sa

BACKUPS = "backups"
NOT_ITS_OWNER = "42501"
"""PostgreSQL's insufficient_privilege. Source: PostgreSQL 16 documentation, appendix A."""


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What an upgrade did.

    Attributes:
        before: The shape that the database had.
        after: The shape it has now.
        backup: The backup that was made first.
    """

    before: str
    after: str
    backup: Path


class _DoesNotVerify(Exception):
    """The migrated books do not verify; carries what is wrong."""


def upgrade_installation(directory: Path, now: dt.datetime) -> Upgraded:
    """Bring an installation to the newest shape; all of it or nothing.

    Raises:
        ShapeRefused: A newer version of Buurtkas made it.
        UpgradeFailed: A migration failed, or the migrated books do not verify; nothing changed.
    """
    installation = Installation(directory, fenced=False)
    try:
        with installation.engine.connect() as connection, connection.begin():
            before = shape(connection)
        if before > NEWEST:
            raise ShapeRefused(before, NEWEST)
        backup = _backup(installation, before, now)
        _migrate(installation, backup)
    finally:
        installation.close()
    return Upgraded(before, NEWEST, backup)


def _backup(installation: Installation, before: str, now: dt.datetime) -> Path:
    """Make the backup of before, in a folder of its own."""
    folder = installation.directory / BACKUPS
    folder.mkdir(mode=0o700, exist_ok=True)
    return make_backup(installation, folder / f"before-{before}-{now:%Y%m%dT%H%M%SZ}.tar.gz", now).path


def _migrate(installation: Installation, backup: Path) -> None:
    """Migrate, and verify before anything is committed."""

    def settle(connection: sa.Connection) -> None:
        report = verify_installation(installation, connection)
        if report.first is not None:
            raise _DoesNotVerify(report.first.what)

    try:
        installation.upgrade(settle)
    except _DoesNotVerify as error:
        raise UpgradeFailed(f"the books do not verify afterwards ({error})", backup) from error
    except Exception as error:  # whatever a migration raises, its transaction was taken back
        raise UpgradeFailed(_why(error), backup) from error


def _why(error: Exception) -> str:
    """Say why a migration failed, without the text of an error, which may quote a row."""
    if getattr(getattr(error, "orig", None), "sqlstate", None) == NOT_ITS_OWNER:
        return "this role does not own the tables; name the one that does in BUURTKAS_OWNER_URL"
    return f"a migration failed ({error.code if isinstance(error, BuurtkasError) else type(error).__name__})"
