"""What is refused before anything is done: root in another's directory, open secrets, an open door without a proxy.

Fences, the shape of the database, its journal and the role on a server are refused where the installation is opened.
"""

from __future__ import annotations

import ipaddress
import os
import stat
from typing import TYPE_CHECKING

from dashboards.work.errors import StartRefused
from ledger.installation import SECRET
from ledger.signer import KEY

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.installation import Installation

OTHERS = stat.S_IRWXG | stat.S_IRWXO
ROOT = 0


def check_owner(directory: Path) -> None:
    """Refuse root the directory of somebody else, who could not read what root leaves there.

    Raises:
        StartRefused: Says as whom to do it.
    """
    if os.geteuid() == ROOT and directory.exists() and (owner := directory.stat().st_uid) != ROOT:
        raise StartRefused(
            f"{directory} belongs to another user, who could not read what root leaves in it. "
            f'Do this as that user: runuser -u "$(id -nu {owner})" -- buurtkas ...'
        )


def check_safe(installation: Installation) -> None:
    """Refuse to serve an installation whose secrets others on the machine can read.

    Raises:
        StartRefused: Names the file, and the command that mends it.
    """
    for path in (installation.directory / SECRET, installation.signer.directory / KEY):
        if is_open(path):
            raise StartRefused(f"others on this machine can read {path}. Close it with: chmod 600 {path}")


def check_listening(host: str, proxy: str | None) -> None:
    """Refuse to listen beyond this machine where no proxy with https is named.

    Raises:
        StartRefused: Says what to do.
    """
    if proxy is None and not is_loopback(host):
        raise StartRefused(
            f"{host} is open to other machines, and nothing there speaks https. Listen on 127.0.0.1, "
            "or put a proxy with https in front and name its address with --proxy or BUURTKAS_PROXY."
        )


def is_open(path: Path) -> bool:
    """Tell whether others than its owner may read or write a file; one that is out of reach is closed."""
    try:
        return bool(path.stat().st_mode & OTHERS)
    except OSError:
        return False


def is_loopback(host: str) -> bool:
    """Tell whether an address is this machine's own."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
