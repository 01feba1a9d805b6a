"""Opening an installation's schema on a PostgreSQL server, and its fences there.

Readers see one frozen state (REPEATABLE READ, READ ONLY). Writers run READ COMMITTED and queue at
the locked row of the log's head. Every name is looked for in the installation's own schema and
nowhere else, temporary tables last, so that nothing can stand in front of a table.

Two fences stand inside the server: triggers that refuse UPDATE, DELETE and TRUNCATE of entries
whoever asks, also a replica that applies changes; and the missing right to do so, taken from the owner too. A
superuser passes both, so a superuser is refused at the door, and so is whoever can act as one, or as the owner of
the tables. What no fence stops and we did not make is found there as well: triggers, rules, policies, tables that join.

Text is ordered by its bytes (COLLATE "C"), as SQLite orders it: proofs and seals sort by
names of books, and an index must not depend on the machine's language data.

Source: DESIGN "Append-only, three fences"; PostgreSQL 16 documentation, "Client Connection Defaults".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from typing import Any
from typing import cast

import sqlalchemy as sa
from psycopg import IsolationLevel
from psycopg.adapt import Loader

from ledger.errors import RoleTooMighty
from ledger.errors import SettingRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg
    from psycopg.abc import Buffer

COPY = "COPY "
SCHEMA = re.compile(r"[a-z][a-z0-9_]{0,62}\Z", re.ASCII)
OF_THE_SERVER = "pg_"
NAMES = ("postgresql", "postgres", "postgresql+psycopg")
WRITING = "buurtkas_writing"
SETTINGS = {
    "timezone": "UTC",
    "lock_timeout": "120s",
    "statement_timeout": "600s",
    "idle_in_transaction_session_timeout": "600s",
    "default_transaction_isolation": "read committed",
    "synchronous_commit": "on",
}
"""A writer waits two minutes for its turn: a queue of large files is long. A statement that takes ten
minutes, or a transaction that does nothing for ten, hangs: a booking of a million lines sends far shorter ones. What is
committed is on disk, whatever the server's own setting: it is signed and shown at once."""
CONNECT_SECONDS = 10
POOL = {"pool_size": 8, "max_overflow": 8, "pool_timeout": 30, "pool_pre_ping": True}
"""As many as a worker has threads, and some for what opens a second one; stale ones are noticed after a restart."""

FUNCTION = "entry_refuse"
REFUSAL = "BEGIN RAISE EXCEPTION 'entries are never changed, deleted or replaced' USING ERRCODE = '23001'; END"
TRIGGERS = {
    "entry_no_change": ("BEFORE UPDATE OR DELETE ON entry FOR EACH ROW", 1 + 2 + 8 + 16),
    "entry_no_truncate": ("BEFORE TRUNCATE ON entry FOR EACH STATEMENT", 2 + 32),
}
"""What each refuses, and how the catalogue writes it: ROW 1, BEFORE 2, DELETE 8, UPDATE 16, TRUNCATE 32."""
RIGHTS = ("UPDATE", "DELETE", "TRUNCATE")
"""What nobody may do with entries."""
MIGHT = """
WITH reached AS (SELECT rolname, rolsuper FROM pg_roles WHERE pg_has_role(oid, 'MEMBER')),
place AS (
    SELECT c.relowner, n.nspowner FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid = to_regclass('entry')
)
SELECT CASE
WHEN EXISTS (SELECT FROM reached WHERE rolsuper) THEN 'is a superuser or can act as one'
WHEN EXISTS (SELECT FROM reached WHERE rolname IN
('pg_write_all_data', 'pg_write_server_files', 'pg_execute_server_program'))
THEN 'may write every table or the files of the server'
WHEN EXISTS (SELECT FROM place WHERE relowner <> to_regrole(quote_ident(current_user))
AND (pg_has_role(relowner, 'MEMBER') OR pg_has_role(nspowner, 'MEMBER')))
THEN 'can act as the owner of the tables or of their schema'
END
"""
"""What makes the role one that no fence stops, whether it inherits the rights or has to say SET ROLE first."""
MAKERS = """
SELECT DISTINCT acl.grantee FROM pg_namespace n, aclexplode(n.nspacl) acl
WHERE n.oid = current_schema()::regnamespace AND acl.privilege_type = 'CREATE' AND acl.grantee <> n.nspowner
AND acl.grantee <> (SELECT relowner FROM pg_class WHERE oid = to_regclass('entry'))
"""
"""Who may make something in the schema, such as a function that comes before one of the server's, without owning it."""
STRANGERS = """
WITH ours AS (SELECT oid, relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace)
SELECT 'the trigger ' || quote_ident(t.tgname) FROM pg_trigger t JOIN ours ON ours.oid = t.tgrelid
WHERE NOT t.tgisinternal AND NOT (ours.relname = 'entry' AND t.tgname IN ('entry_no_change', 'entry_no_truncate'))
UNION ALL SELECT 'the rule ' || quote_ident(r.rulename) FROM pg_rewrite r JOIN ours ON ours.oid = r.ev_class
WHERE r.rulename <> '_RETURN'
UNION ALL SELECT 'the policies of ' || quote_ident(ours.relname) FROM ours JOIN pg_class c USING (oid)
WHERE c.relrowsecurity
UNION ALL SELECT 'the unlogged table ' || quote_ident(ours.relname) FROM ours JOIN pg_class c USING (oid)
WHERE c.relkind = 'r' AND c.relpersistence <> 'p'
UNION ALL SELECT 'what belongs to the table ' || quote_ident(ours.relname) FROM pg_inherits i
JOIN ours ON ours.oid IN (i.inhparent, i.inhrelid)
ORDER BY 1
"""
"""What acts by itself, hides rows, adds some, or forgets them when the server falls over; a view does none of it."""
STANDING = """
SELECT t.tgname, t.tgtype, p.proname, p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
WHERE t.tgrelid = to_regclass('entry') AND t.tgenabled = 'A' AND t.tgqual IS NULL AND t.tgattr::text = ''
AND p.pronamespace = current_schema()::regnamespace
"""
"""The triggers of our own function that stand whoever connects, without a condition, for all columns."""


def open_schema(url: str, schema: str) -> sa.Engine:
    """Return an engine on one schema of a server.

    Raises:
        SettingRefused: This is no address of a PostgreSQL database, or no name of a schema.
    """
    place = _address(url)
    if not SCHEMA.match(schema) or schema.startswith(OF_THE_SERVER):
        raise SettingRefused(
            "schema", "its name is small letters, digits and underscores; it begins with a letter, and not with pg_"
        )
    options = {"search_path": f"{schema},pg_temp", **SETTINGS}
    arguments = {
        "options": " ".join(f"-c {name}={_escaped(value)}" for name, value in options.items()),
        "connect_timeout": CONNECT_SECONDS,
        "application_name": "buurtkas",
    }
    engine = sa.create_engine(place, connect_args=arguments, hide_parameters=True, **POOL)
    sa.event.listen(engine, "connect", _prepare)
    sa.event.listen(engine, "begin", _begin)
    sa.event.listen(engine, "do_executemany", _copy)
    return engine


def role_of(url: str) -> str | None:
    """Return the role that an address signs in as, where it says so."""
    return _address(url).username


def _address(url: str) -> sa.URL:
    """Return the parsed address of a PostgreSQL database; refusals never show it, for it holds a password."""
    try:
        place = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        place = None
    if place is None or place.drivername not in NAMES:
        raise SettingRefused("database", "its address reads postgresql://ROLE:PASSWORD@HOST/DATABASE") from None
    return place.set(drivername="postgresql+psycopg")


def _escaped(value: str) -> str:
    """Return a setting's value as libpq's `options` take it."""
    return value.replace(" ", "\\ ")


class _WholeNumber(Loader):
    """Reads PostgreSQL's `numeric` as the whole number that a sum of whole numbers is."""

    def load(self, data: Buffer) -> int:
        """Return the number."""
        return int(bytes(data))


def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DBAPI connection
    """Set up one connection."""
    connection.adapters.register_loader("numeric", _WholeNumber)


def _begin(connection: sa.Connection) -> None:
    """Say how the transaction shall be that begins now."""
    writing = bool(connection.get_execution_options().get(WRITING))
    driver: Any = connection.connection.driver_connection
    driver.read_only = not writing
    driver.isolation_level = IsolationLevel.READ_COMMITTED if writing else IsolationLevel.REPEATABLE_READ


def _copy(cursor: Any, statement: str, rows: Sequence[Any], _context: object) -> bool:  # noqa: ANN401 - the driver's
    """Copy rows into a table where a statement says COPY; say whether it did."""
    if not statement.startswith(COPY):
        return False
    with cursor.copy(statement) as copying:
        for row in rows:
            copying.write_row(row)
    return True


def queue(connection: sa.Connection) -> None:
    """Wait for whoever changes this schema's ordinary tables now, and have others wait until this transaction ends."""
    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('buurtkas'), hashtext(current_schema()))")


def wake(connection: sa.Connection) -> None:
    """Wake whoever listens to this schema, once the transaction is committed."""
    connection.exec_driver_sql("SELECT pg_notify(current_schema(), '')")


def listen(connection: sa.Connection) -> psycopg.Connection[Any]:
    """Listen to this schema; return the driver's connection, which tells when somebody is to wake."""
    schema = connection.exec_driver_sql("SELECT current_schema()").scalar_one()
    connection.exec_driver_sql(f'LISTEN "{schema}"')
    driver: Any = connection.connection.driver_connection
    return cast("psycopg.Connection[Any]", driver)


def make_fences(connection: sa.Connection, everyday: str | None = None) -> None:
    """Make the triggers again, and take the right to change entries from everybody.

    Args:
        connection: A connection of the tables' owner, in a writing transaction.
        everyday: The role of every day, where it is another one: it may read and write all tables, entries only insert.
    """
    _order_by_bytes(connection)
    connection.exec_driver_sql(
        f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $${REFUSAL}$$"
    )
    for name, (event, _) in TRIGGERS.items():
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name} ON entry")
        connection.exec_driver_sql(f"CREATE TRIGGER {name} {event} EXECUTE FUNCTION {FUNCTION}()")
        connection.exec_driver_sql(f"ALTER TABLE entry ENABLE ALWAYS TRIGGER {name}")
    if everyday is not None:
        _grant(connection, everyday)
    others = ("PUBLIC", *([_quoted(connection, everyday)] if everyday else ()))
    for role in (*others, "CURRENT_USER"):
        connection.exec_driver_sql(f"REVOKE {', '.join(RIGHTS)} ON entry FROM {role}")
    for role in others:
        connection.exec_driver_sql(f"REVOKE CREATE ON SCHEMA {_schema(connection)} FROM {role}")


def _grant(connection: sa.Connection, everyday: str) -> None:
    """Let the everyday role use every table and every counter of the schema; its shape is not that role's business."""
    role, schema = _quoted(connection, everyday), _schema(connection)
    connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA {schema} TO {role}")
    connection.exec_driver_sql(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}")
    connection.exec_driver_sql(f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {role}")
    connection.exec_driver_sql(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}")


def _schema(connection: sa.Connection) -> str:
    """Return the name of the installation's schema as SQL writes it."""
    return _quoted(connection, connection.exec_driver_sql("SELECT current_schema()").scalar_one())


def _quoted(connection: sa.Connection, name: str) -> str:
    """Return a name as SQL writes it."""
    return connection.dialect.identifier_preparer.quote_identifier(name)


def _order_by_bytes(connection: sa.Connection) -> None:
    """Give every text column of the schema the order of its bytes."""
    rows = connection.exec_driver_sql(
        "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a "
        "JOIN pg_class c ON c.oid = a.attrelid WHERE c.relnamespace = current_schema()::regnamespace "
        "AND c.relkind = 'r' AND a.attnum > 0 AND a.attcollation <> 0 AND a.attcollation <> '\"C\"'::regcollation"
    ).all()
    for table, column, kind in rows:
        connection.exec_driver_sql(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" TYPE {kind} COLLATE "C"')


def missing_fences(connection: sa.Connection) -> tuple[str, ...]:
    """Return the fences that are missing: triggers that do not stand, rights that were not taken away.

    Raises:
        RoleTooMighty: The role is one that no fence stops.
    """
    might = connection.exec_driver_sql(MIGHT).scalar_one()
    if might:
        raise RoleTooMighty(might)
    standing = {tuple(row) for row in connection.exec_driver_sql(STANDING)}
    missing = [
        f"the trigger {name}" for name, (_, kind) in TRIGGERS.items() if (name, kind, FUNCTION, REFUSAL) not in standing
    ]
    for right in RIGHTS:
        held = sa.func.has_any_column_privilege if right == "UPDATE" else sa.func.has_table_privilege
        if connection.execute(sa.select(held("entry", right))).scalar_one():
            missing.append(f"the ban on {right}")
    if connection.exec_driver_sql(MAKERS).all():
        missing.append("the ban on CREATE")
    return tuple(missing)


def strangers(connection: sa.Connection) -> tuple[str, ...]:
    """Return what stands in the schema, is not ours, and could change, hide or forget entries."""
    return tuple(connection.exec_driver_sql(STRANGERS).scalars())


def make_schema(connection: sa.Connection, schema: str) -> bool:
    """Make a schema; say whether it is new, and not one that somebody made beforehand and left empty."""
    present = connection.execute(sa.text("SELECT to_regnamespace(:name) IS NOT NULL"), {"name": schema}).scalar_one()
    if not present:
        connection.exec_driver_sql(f'CREATE SCHEMA "{schema}"')
    return not present


def is_empty(connection: sa.Connection) -> bool:
    """Say whether the installation's schema holds no table yet."""
    query = "SELECT NOT EXISTS (SELECT FROM pg_class WHERE relnamespace = current_schema()::regnamespace)"
    return bool(connection.exec_driver_sql(query).scalar_one())


def unmake_schema(connection: sa.Connection, schema: str, *, whole: bool) -> None:
    """Take away what a failed beginning left; the schema itself stays where somebody else made it."""
    if whole:
        connection.exec_driver_sql(f'DROP SCHEMA "{schema}" CASCADE')
        return
    query = "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'"
    for table in connection.exec_driver_sql(query).scalars().all():
        connection.exec_driver_sql(f'DROP TABLE "{table}" CASCADE')
    connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {FUNCTION}()")
