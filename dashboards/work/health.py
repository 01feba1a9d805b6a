"""The few quick questions that tell whether an installation does its work, for /healthz and `doctor` alike."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import sqlalchemy as sa

from ledger import tables
from ledger.database import check_fences
from ledger.entry import read_entry
from ledger.errors import BuurtkasError
from ledger.errors import SignerRefused
from ledger.migrations import check_shape

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.installation import Installation

LONGEST_UNSIGNED = dt.timedelta(minutes=2)
"""Signing takes a second; what waits for minutes waits for somebody."""


def is_live(installation: Installation) -> bool:
    """Tell whether the database answers."""
    try:
        with installation.store.reading() as connection:
            return bool(connection.execute(sa.select(tables.log_head.c.size)).scalar_one() >= 0)
    except (BuurtkasError, sa.exc.SQLAlchemyError, OSError):
        return False


def troubles(installation: Installation, now: dt.datetime) -> tuple[str, ...]:
    """Return the names of what keeps an installation from being ready; nothing where it is."""
    checks: dict[str, Callable[[], None]] = {
        "shape": lambda: _within(installation, check_shape),
        "fences": lambda: _within(installation, check_fences),
        "signer": lambda: check_signer(installation),
        "unsigned": lambda: _check_age(installation, now),
    }
    return tuple(name for name, check in checks.items() if _fails(check))


def check_signer(installation: Installation) -> None:
    """Refuse a log that is shorter than what was signed, or holds another entry at the end of it.

    Raises:
        SignerRefused: It does not continue what was signed.
    """
    signed = installation.signer.newest()
    if signed is None or signed.size == 0:
        return
    with installation.store.reading() as connection:
        size = connection.execute(sa.select(tables.log_head.c.size)).scalar_one()
    if size < signed.size:
        raise SignerRefused(f"it holds {size} entries where {signed.size} were signed")


def waiting_since(installation: Installation) -> dt.datetime | None:
    """Return when the first entry was recorded that is not signed yet; None where all are."""
    signed = installation.signer.newest()
    place = signed.size if signed else 0
    with installation.store.reading() as connection:
        body = connection.execute(sa.select(tables.entry.c.body).where(tables.entry.c.idx == place)).scalar()
    return None if body is None else read_entry(place, bytes(body)).recorded_at


def _check_age(installation: Installation, now: dt.datetime) -> None:
    """Refuse entries that wait for the signer for too long."""
    since = waiting_since(installation)
    if since is not None and now - since > LONGEST_UNSIGNED:
        raise SignerRefused("entries wait to be signed")


def _within(installation: Installation, check: Callable[[sa.Connection], None]) -> None:
    """Check something in the database."""
    with installation.store.reading() as connection:
        check(connection)


def _fails(check: Callable[[], None]) -> bool:
    """Tell whether a check fails, whatever the reason."""
    try:
        check()
    except (BuurtkasError, sa.exc.SQLAlchemyError, OSError):
        return True
    return False
