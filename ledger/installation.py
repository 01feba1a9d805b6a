"""An installation: a directory with database, keys, stored files and settings.

settings.toml   origin, clock, and which database
ledger.sqlite3  the database, unless it is a schema on a PostgreSQL server
secret          the installation secret: identities of lines, flags and cases
signer/         the signing key, its state, the newest checkpoint; BUURTKAS_SIGNER_DIR puts it elsewhere
files/          bank files as they came, named by their SHA-256 (private)

The address of a server holds a password, so it stands in the environment (`ledger.environment`) and never
in the settings; the schema's name stands in the settings, so that nobody opens another one by mistake.
"""

from __future__ import annotations

import contextlib
import hmac
import secrets
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from ledger import postgresql
from ledger import tables
from ledger.database import WRITING
from ledger.database import check_fences
from ledger.database import open_database
from ledger.environment import DATABASE_URL
from ledger.environment import Surroundings
from ledger.environment import surroundings
from ledger.errors import InstallationExists
from ledger.errors import InstallationMissing
from ledger.errors import MalformedEntry
from ledger.errors import SchemaTaken
from ledger.errors import SettingRefused
from ledger.fields import LOG
from ledger.files import keep
from ledger.files import place_of
from ledger.migrations import check_shape
from ledger.migrations import upgrade
from ledger.signer import Signer
from ledger.signer import write_durably
from ledger.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.files import Content

SETTINGS = "settings.toml"
DATABASE = "ledger.sqlite3"
FILES = "files"
SECRET = "secret"  # noqa: S105 - the name of a file
SECRET_BYTES = 32
CLOCKS = {"real": False, "simulated": True}
DATABASES = {"sqlite": False, "postgresql": True}
UNLIKE_WRITTEN = "its file is not what `buurtkas init` wrote; put that one back, or restore a backup"


@dataclass(frozen=True, slots=True)
class Settings:
    """What an installation was made with.

    Attributes:
        origin: The log's origin, such as ``buurtkas.example/voorbeeld``.
        simulated: Its clock is played, for demonstrations and evaluations alone.
        schema: Where it lives on a PostgreSQL server; None where it lives in a SQLite file.
    """

    origin: str
    simulated: bool
    schema: str | None = None


class Installation:
    """An opened installation.

    Args:
        directory: Where it lies.
        fenced: Refuse it where a fence is missing or the database has another shape; only the verifier and `doctor`,
            which report that, and `upgrade`, which mends it, open it all the same.
        around: What lies outside the directory; what the environment says where this is None.

    Raises:
        InstallationMissing: There is none in that directory.
        ShapeRefused: Its database is older or newer than this code.
        FenceMissing: Its database does not refuse changes to entries.
        SettingRefused: It lives on a server, and nothing says on which.
    """

    def __init__(self, directory: Path, *, fenced: bool = True, around: Surroundings | None = None) -> None:
        if not (directory / SETTINGS).exists():
            raise InstallationMissing(directory)
        self.directory = directory
        self.around = around or surroundings()
        self.settings = read_settings(directory)
        self.secret = _read_secret(directory)
        self.engine = _open(directory, self.settings.schema, self.around.database_url)
        if fenced:
            _check_door(self.engine)
        self.store = Store(self.engine, self.settings.origin)
        self.signer = signer_of(directory, self.settings.origin, self.around)

    def upgrade(self, settle: Callable[[sa.Connection], None] | None = None) -> None:
        """Bring the database to the newest shape and make its fences again, as the owner of its tables.

        Args:
            settle: Looks at the outcome before it is committed; whatever it raises takes everything back.
        """
        with owning(self.directory, self.settings.schema, self.around) as engine:
            upgrade(engine, everyday=everyday_role(self.around), settle=settle)

    def keyed(self, *words: str) -> str:
        """Return an HMAC (64 hex digits) under the installation secret of words."""
        return self.key(*words).hex()

    def key(self, *words: str) -> bytes:
        """Return an HMAC (32 bytes) under the installation secret of words."""
        return hmac.digest(self.secret, "\0".join(words).encode(), "sha256")

    def keep_file(self, content: Content) -> str:
        """Keep a bank file as it came and return its SHA-256 (64 hex digits)."""
        return keep(self.directory / FILES, content)

    def kept_file(self, name: str) -> bytes:
        """Return a kept file's content; for a file that may be long, see `kept_path`."""
        return self.kept_path(name).read_bytes()

    def kept_path(self, name: str) -> Path:
        """Return where a kept file lies."""
        return place_of(self.directory / FILES, name)

    def drop_file(self, name: str) -> None:
        """Forget a kept file that nothing names any more."""
        self.kept_path(name).unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()


def create_installation(directory: Path, settings: Settings, around: Surroundings | None = None) -> Installation:
    """Make a new installation with its keys and an empty log; of its database all or nothing.

    Raises:
        InstallationExists: The directory already holds one.
        MalformedEntry: The origin is not a host name with a path.
        SchemaTaken: Its schema on the server holds something already.
    """
    around = around or surroundings()
    if (directory / SETTINGS).exists():
        raise InstallationExists(directory)
    if not LOG.match(settings.origin):
        raise MalformedEntry("an origin is a host name and a path in lower case, such as buurtkas.example/stad")
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_durably(directory / SECRET, secrets.token_hex(SECRET_BYTES).encode())
    with unless_finished(directory, settings.schema, around):
        _make_database(directory, settings.schema, around)
        signer_of(directory, settings.origin, around).create()
        write_durably(directory / SETTINGS, written_settings(settings))
    return Installation(directory, around=around)


def _check_door(engine: sa.Engine) -> None:
    """Refuse a database of another shape, and one without its fences."""
    try:
        with engine.connect() as connection:
            check_shape(connection)
            check_fences(connection)
    except BaseException:
        engine.dispose()
        raise


@contextlib.contextmanager
def unless_finished(directory: Path, schema: str | None, around: Surroundings) -> Iterator[None]:
    """Take a half-made installation's tables off the server again when making it fails.

    Raises:
        SchemaTaken: Its schema holds something already, which stays.
    """
    if schema is None:
        yield
        return
    with owning(directory, schema, around) as engine:
        with engine.connect().execution_options(**WRITING) as connection, connection.begin():
            new = postgresql.make_schema(connection, schema)
            if not postgresql.is_empty(connection):
                raise SchemaTaken(schema)
        try:
            yield
        except BaseException:
            with engine.connect().execution_options(**WRITING) as connection, connection.begin():
                postgresql.unmake_schema(connection, schema, whole=new)
            raise


def _make_database(directory: Path, schema: str | None, around: Surroundings) -> None:
    """Make every table, the fences, and the head of an empty log."""
    if schema is None:
        write_durably(directory / DATABASE, b"")
    with owning(directory, schema, around) as engine:
        upgrade(engine, everyday=everyday_role(around))
        with engine.connect().execution_options(**WRITING) as connection, connection.begin():
            connection.execute(sa.insert(tables.log_head).values(id=1, size=0, recorded_at=None))


def _open(directory: Path, schema: str | None, url: str | None) -> sa.Engine:
    """Open the database."""
    if schema is None:
        return open_database(directory / DATABASE)
    if url is None:
        raise SettingRefused(DATABASE_URL, "this installation lives on a PostgreSQL server; name its address there")
    return open_database(url, schema)


@contextlib.contextmanager
def owning(directory: Path, schema: str | None, around: Surroundings) -> Iterator[sa.Engine]:
    """Open the database as the owner of its tables."""
    engine = _open(directory, schema, around.owner_url or around.database_url)
    try:
        yield engine
    finally:
        engine.dispose()


def everyday_role(around: Surroundings) -> str | None:
    """Return the role of every day where it is not the owner of the tables."""
    return postgresql.role_of(around.database_url) if around.owner_url and around.database_url else None


def signer_of(directory: Path, origin: str, around: Surroundings) -> Signer:
    """Return the signer, in its own directory where the environment names one."""
    apart = around.signer_directory
    return Signer(apart or directory / "signer", origin, apart=apart is not None)


def written_settings(settings: Settings) -> bytes:
    """Return the settings file."""
    lines = [f'origin = "{settings.origin}"', f'clock = "{"simulated" if settings.simulated else "real"}"']
    if settings.schema is None:
        lines.append('database = "sqlite"')
    else:
        lines += ['database = "postgresql"', f'schema = "{settings.schema}"']
    return "".join(f"{line}\n" for line in lines).encode()


def read_settings(directory: Path) -> Settings:
    """Read the settings file; one from before there was a choice means SQLite.

    Raises:
        SettingRefused: It is not what was written there once.
    """
    try:
        values = tomllib.loads((directory / SETTINGS).read_text(encoding="utf-8"))
        origin, schema = str(values["origin"]), values.get("schema")
        simulated, remote = CLOCKS[values["clock"]], DATABASES[values.get("database", "sqlite")]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SettingRefused(SETTINGS, UNLIKE_WRITTEN) from error
    if not LOG.match(origin) or (remote and not isinstance(schema, str)):
        raise SettingRefused(SETTINGS, UNLIKE_WRITTEN)
    return Settings(origin, simulated, schema if remote else None)


def _read_secret(directory: Path) -> bytes:
    """Return the installation secret.

    Raises:
        SettingRefused: It is not what was written there once: under another one no line would be known again.
    """
    try:
        secret = bytes.fromhex((directory / SECRET).read_text(encoding="ascii"))
    except ValueError as error:
        raise SettingRefused(SECRET, UNLIKE_WRITTEN) from error
    if len(secret) != SECRET_BYTES:
        raise SettingRefused(SECRET, UNLIKE_WRITTEN)
    return secret
