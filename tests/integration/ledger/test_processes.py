"""Several processes at one installation: writers queue, signers take turns."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.check_views import verify_installation
from ledger.checkpoint import open_note

if TYPE_CHECKING:
    from ledger.installation import Installation

ROOT = Path(__file__).parents[3]
WRITES = 12
PROGRAM = """
import datetime as dt, sys
from pathlib import Path
from ledger.installation import Installation
installation = Installation(Path(sys.argv[1]))
for number in range(int(sys.argv[2])):
    with installation.store.writing(dt.datetime(2026, 3, 1, tzinfo=dt.UTC)) as appender:
        for _ in range(3):
            public = {"size": number, "rules": "5e" * 32}
            appender.append(installation.store.draft("district", "run", public, {"hits": []}))
    installation.signer.sign(installation.engine)
"""


def test_three_processes_write_and_sign_at_once(installation: Installation) -> None:
    """No place is given twice or left out, and the last checkpoint covers everything."""
    command = [sys.executable, "-c", PROGRAM, str(installation.directory), str(WRITES)]
    running = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    assert [(process.communicate()[1], process.returncode) for process in running] == [("", 0)] * 3
    report = verify_installation(installation)
    assert report.ok, report.first
    assert (report.entries, report.books, report.unsigned) == (3 * 3 * WRITES, 1, 0)
    note = installation.signer.published()
    assert note is not None
    assert open_note(note, installation.signer.vkey()).size == installation.signer.size() == report.entries
