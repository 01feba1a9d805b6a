"""Reads files, each in a process of its own, and prints as JSON what came of it and what that cost.

    python -m tests.unit.importers.measuring FILE...

Every process is a fork of one that has loaded the readers, so that its memory and its time are those of reading alone.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path

from importers.errors import UnreadableFile
from importers.reading import read

KILOBYTE = 1024


def measured(path: Path) -> dict[str, object]:
    """Read a file here; return what came of it, CPU seconds, and megabytes that the process grew by at most."""
    before = _most_memory()
    try:
        said = f"read {len(read(path))}"
    except UnreadableFile as refusal:
        said = str(refusal)
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {"said": said, "seconds": used.ru_utime + used.ru_stime, "megabytes": (_most_memory() - before) / KILOBYTE}


def _most_memory() -> int:
    """Return the most memory that this process has had, in kilobytes; a fork counts anew."""
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line.split()[1] for line in status if line.startswith("VmHWM")))


def apart(path: Path) -> dict[str, object]:
    """Read a file in a fork."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        with os.fdopen(into, "w") as pipe:
            json.dump(measured(path), pipe)
        os._exit(0)
    os.close(into)
    with os.fdopen(out) as pipe:
        found: dict[str, object] = json.load(pipe)
    os.waitpid(child, 0)
    return found


if __name__ == "__main__":
    json.dump({path: apart(Path(path)) for path in sys.argv[1:]}, sys.stdout)
