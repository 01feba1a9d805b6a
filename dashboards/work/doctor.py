"""What an operator wants to know, one finding for each thing: in order, worth a look, or wrong, and what to do.

It reads and changes nothing. Every check stands alone: one that cannot be made is a finding itself and keeps
no other from being made, so that a sick installation is described as far as it can be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from dashboards.work import doctor_books
from dashboards.work import doctor_machine
from dashboards.work.findings import FAILURE
from dashboards.work.findings import Finding
from ledger.environment import surroundings
from ledger.errors import BuurtkasError
from ledger.installation import Installation

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from collections.abc import Iterator
    from pathlib import Path

VERIFY = "Run `buurtkas verify`, and see docs/operate.md."


def examine(
    directory: Path, now: dt.datetime, clock_of: Callable[[Installation], Callable[[], dt.datetime]]
) -> list[Finding]:
    """Return what is in order with an installation and what is not.

    Args:
        directory: Where it lies.
        now: The machine's clock.
        clock_of: Gives the installation's own clock.

    Raises:
        InstallationMissing: There is none.
    """
    findings = list(doctor_machine.examine(directory, surroundings()))
    try:
        installation = Installation(directory, fenced=False)
        own_now = clock_of(installation)()
    except BuurtkasError as error:
        return [*findings, Finding(FAILURE, "database", str(error))]
    except (sa.exc.SQLAlchemyError, OSError) as error:
        return [*findings, Finding(FAILURE, "database", f"it cannot be opened ({type(error).__name__})", VERIFY)]
    try:
        findings += _asked(doctor_books.checks(installation, now, own_now))
    finally:
        installation.close()
    return findings


def _asked(checks: dict[str, Callable[[], Iterator[Finding]]]) -> Iterator[Finding]:
    """Yield what each check finds; one that fails is a finding."""
    for about, check in checks.items():
        try:
            yield from check()
        except BuurtkasError as error:
            yield Finding(FAILURE, about, str(error))
        except (sa.exc.SQLAlchemyError, OSError, ValueError) as error:
            yield Finding(FAILURE, about, f"it could not be looked at ({type(error).__name__})", VERIFY)
