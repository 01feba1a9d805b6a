"""An installation: a directory with database, keys, stored files and settings.

settings.toml   origin and clock
ledger.sqlite3  the database
secret          the installation secret: identities of lines, flags and cases
signer/         the signing key, its state, the newest checkpoint
files/          bank files as they came, named by their SHA-256 (private)
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from ledger import tables
from ledger.database import WRITING
from ledger.database import check_fences
from ledger.database import open_database
from ledger.errors import InstallationExists
from ledger.errors import InstallationMissing
from ledger.errors import MalformedEntry
from ledger.fields import LOG
from ledger.migrations import check_shape
from ledger.migrations import upgrade
from ledger.signer import Signer
from ledger.signer import write_durably
from ledger.store import Store

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = "settings.toml"
DATABASE = "ledger.sqlite3"
SECRET = "secret"  # noqa: S105 - the name of a file


@dataclass(frozen=True, slots=True)
class Settings:
    """What an installation was made with.

    Attributes:
        origin: The log's origin, such as ``buurtkas.example/voorbeeld``.
        simulated: Its clock is played, for demonstrations and evaluations alone.
    """

    origin: str
    simulated: bool


class Installation:
    """An opened installation.

    Args:
        directory: Where it lies.
        fenced: Refuse it where a fence is missing or the database has another shape; only the verifier and `doctor`,
            which report that, and `upgrade`, which mends it, open it all the same.

    Raises:
        InstallationMissing: There is none in that directory.
        ShapeRefused: Its database is older or newer than this code.
        FenceMissing: Its database does not refuse changes to entries.
    """

    def __init__(self, directory: Path, *, fenced: bool = True) -> None:
        if not (directory / SETTINGS).exists():
            raise InstallationMissing(directory)
        self.directory = directory
        self.settings = _read_settings(directory)
        self.secret = bytes.fromhex((directory / SECRET).read_text())
        self.engine = open_database(directory / DATABASE)
        if fenced:
            with self.engine.connect() as connection:
                check_shape(connection)
                check_fences(connection)
        self.store = Store(self.engine, self.settings.origin)
        self.signer = Signer(directory / "signer", self.settings.origin)

    def keyed(self, *words: str) -> str:
        """Return an HMAC (64 hex digits) under the installation secret of words."""
        message = b"\x00".join(word.encode() for word in words)
        return hmac.digest(self.secret, message, "sha256").hex()

    def keep_file(self, content: bytes) -> str:
        """Keep a bank file as it came and return its SHA-256 (64 hex digits)."""
        name = hashlib.sha256(content).hexdigest()
        path = self._file(name)
        if not path.exists():
            path.parent.parent.mkdir(mode=0o700, exist_ok=True)
            path.parent.mkdir(mode=0o700, exist_ok=True)
            write_durably(path, content)
        return name

    def kept_file(self, name: str) -> bytes:
        """Return a kept file's content."""
        return self._file(name).read_bytes()

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    def _file(self, name: str) -> Path:
        """Return where a kept file lies."""
        return self.directory / "files" / name[:2] / name


def create_installation(directory: Path, settings: Settings) -> Installation:
    """Make a new installation with its keys and an empty log.

    Raises:
        InstallationExists: The directory already holds one.
        MalformedEntry: The origin is not a host name with a path.
    """
    if (directory / SETTINGS).exists():
        raise InstallationExists(directory)
    if not LOG.match(settings.origin):
        raise MalformedEntry("an origin is a host name and a path in lower case, such as buurtkas.example/stad")
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_durably(directory / SECRET, secrets.token_hex(32).encode())
    write_durably(directory / DATABASE, b"")
    engine = open_database(directory / DATABASE)
    upgrade(engine)
    with engine.connect().execution_options(**WRITING) as connection, connection.begin():
        connection.execute(sa.insert(tables.log_head).values(id=1, size=0, recorded_at=None))
    engine.dispose()
    Signer(directory / "signer", settings.origin).create()
    clock = "simulated" if settings.simulated else "real"
    write_durably(directory / SETTINGS, f'origin = "{settings.origin}"\nclock = "{clock}"\n'.encode())
    return Installation(directory)


def _read_settings(directory: Path) -> Settings:
    """Read the settings file."""
    values = tomllib.loads((directory / SETTINGS).read_text())
    return Settings(values["origin"], values["clock"] == "simulated")
