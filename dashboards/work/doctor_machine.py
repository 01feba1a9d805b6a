"""What `doctor` finds about the machine: files and who can read them, room on disk, the user, the surroundings."""

from __future__ import annotations

import os
import shutil
import stat
from typing import TYPE_CHECKING

from dashboards.work.findings import FAILURE
from dashboards.work.findings import Finding
from dashboards.work.findings import judged
from dashboards.work.safety import is_loopback
from dashboards.work.safety import is_open
from ledger.environment import value_of
from ledger.errors import InstallationMissing
from ledger.installation import SECRET
from ledger.installation import SETTINGS
from ledger.signer import KEY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.environment import Surroundings

LITTLE_ROOM, NO_ROOM = 1_000_000_000, 100_000_000
"""Bytes: a backup of a city's year, and less than one large upload."""


def examine(directory: Path, around: Surroundings) -> Iterator[Finding]:
    """Yield what is found before anything is opened.

    Raises:
        InstallationMissing: There is no installation.
    """
    if not (directory / SETTINGS).exists():
        raise InstallationMissing(directory)
    yield _folder(directory)
    signer = around.signer_directory or directory / "signer"
    for about, path in (("secret", directory / SECRET), ("signing key", signer / KEY)):
        yield _private(about, path)
    yield _room(directory)
    yield _user()
    yield _door()


def _folder(directory: Path) -> Finding:
    """Find whether others can look into the directory."""
    mode = stat.S_IMODE(directory.stat().st_mode)
    do = f"Close it with: chmod 700 {directory}"
    return judged("directory", f"{directory} has mode {mode:04o}", do, warns=bool(mode & stat.S_IRWXO))


def _private(about: str, path: Path) -> Finding:
    """Find whether others can read a secret; a key that is out of reach belongs to the signer's own user."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except PermissionError:
        return judged(about, f"{path} is out of this user's reach")
    except FileNotFoundError:
        return Finding(FAILURE, about, f"{path} is missing", "Put it back from where it is kept apart.")
    return judged(about, f"{path} has mode {mode:04o}", f"Close it with: chmod 600 {path}", fails=is_open(path))


def _room(directory: Path) -> Finding:
    """Find how much room there is."""
    free = shutil.disk_usage(directory).free
    do = "Make room: a full disk stops every upload, though it damages nothing."
    return judged("disk", f"{free / 1e9:.1f} GB free", do, fails=free < NO_ROOM, warns=free < LITTLE_ROOM)


def _user() -> Finding:
    """Find as whom this runs."""
    mighty = os.geteuid() == 0
    what = "this runs as root" if mighty else "this runs as an ordinary user"
    return judged("user", what, "Serve as a user of its own; deploy/ has units that do.", warns=mighty)


def _door() -> Finding:
    """Find where gunicorn would listen, and whom it would believe."""
    listen, proxy = value_of("BUURTKAS_LISTEN") or "127.0.0.1:8000", value_of("BUURTKAS_PROXY")
    local = listen.startswith("unix:") or is_loopback(listen.rpartition(":")[0])
    believed = f"believing {proxy}" if proxy else "believing nobody about visitors and https"
    do = "Name the address of the proxy with https in BUURTKAS_PROXY; without one, listen on 127.0.0.1."
    return judged("door", f"listening on {listen}, {believed}", do, fails=not local and not proxy, warns=not proxy)
