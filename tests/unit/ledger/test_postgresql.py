"""PostgreSQL: its fences refuse every change to an entry, and several installations live in one database."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import psycopg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from ledger import postgresql
from ledger import tables
from ledger.check_views import verify_installation
from ledger.database import WRITING
from ledger.database import check_fences
from ledger.database import is_sound
from ledger.database import open_database
from ledger.entry import DISTRICT
from ledger.environment import Surroundings
from ledger.environment import surroundings
from ledger.errors import DatabaseBusy
from ledger.errors import FenceMissing
from ledger.errors import MalformedEntry
from ledger.errors import RoleTooMighty
from ledger.errors import SchemaTaken
from ledger.errors import SettingRefused
from ledger.errors import StrangersFound
from ledger.installation import Installation
from ledger.installation import create_installation
from ledger.installation import unless_finished
from tests.conftest import MADE
from tests.conftest import SCHEMAS
from tests.conftest import new_settings
from tests.server import server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.installation import Settings
    from tests.conftest import MakeInstallation

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.parametrize("database", ["postgresql"], indirect=True),
    pytest.mark.usefixtures("database"),
]

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
CALL = "EXECUTE FUNCTION entry_refuse()"
CHANGES = (
    "UPDATE entry SET seq = 5",
    "UPDATE entry SET body = 'x' WHERE idx = 0",
    "DELETE FROM entry",
    "DELETE FROM entry WHERE idx = 1",
    "TRUNCATE entry",
    "INSERT INTO entry SELECT idx, book, seq, type, hash, body FROM entry ON CONFLICT (idx) DO UPDATE SET seq = 9",
    "WITH gone AS (DELETE FROM entry RETURNING *) SELECT * FROM gone",
    "MERGE INTO entry USING (SELECT 0 AS place) AS s ON entry.idx = s.place WHEN MATCHED THEN DELETE",
)


def _write(installation: Installation, count: int = 2) -> None:
    with installation.store.writing(NOW) as appender:
        for _ in range(count):
            draft = installation.store.draft(DISTRICT, "run", {"size": 0, "rules": "5e" * 32}, {"hits": []})
            appender.append(draft)


@pytest.fixture
def owner(installation: Installation) -> Iterator[sa.Engine]:
    """The installation's schema, as the role that owns its tables; every transaction may write."""
    schema = installation.settings.schema
    assert schema is not None
    engine = open_database(server().owner, schema)
    yield engine.execution_options(**WRITING)
    engine.dispose()


def _execute(engine: sa.Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


@pytest.mark.parametrize("change", CHANGES)
def test_neither_role_may_change_entries(installation: Installation, owner: sa.Engine, change: str) -> None:
    """The right is taken from the role of every day, and from the owner too."""
    _write(installation)
    for engine in (installation.engine.execution_options(**WRITING), owner):
        with pytest.raises(sa.exc.ProgrammingError, match="permission denied for table entry"):
            _execute(engine, change)


@pytest.mark.parametrize("change", CHANGES)
def test_triggers_stop_whoever_has_the_right(installation: Installation, owner: sa.Engine, change: str) -> None:
    """An owner who gives herself the right still changes nothing, also as a replica does; then the door is shut."""
    _write(installation)
    _execute(owner, "GRANT ALL ON entry TO CURRENT_USER")
    with pytest.raises(sa.exc.DatabaseError, match="entries are never changed"):
        _execute(owner, change)
    with psycopg.connect(server().admin) as mighty:
        mighty.execute(f"SET search_path = {installation.settings.schema}")
        mighty.execute("SET session_replication_role = replica")
        with pytest.raises(psycopg.errors.RestrictViolation, match="entries are never changed"):
            mighty.execute(change)
    with owner.connect() as connection, pytest.raises(FenceMissing, match="the ban on UPDATE, the ban on DELETE, the"):
        check_fences(connection)


@pytest.mark.parametrize(
    ("statements", "missing"),
    [
        (["DROP TRIGGER entry_no_change ON entry"], "the trigger entry_no_change"),
        (["DROP TRIGGER entry_no_truncate ON entry"], "the trigger entry_no_truncate"),
        (["ALTER TABLE entry DISABLE TRIGGER entry_no_change"], "the trigger entry_no_change"),
        (["ALTER TABLE entry ENABLE TRIGGER entry_no_change"], "the trigger entry_no_change"),
        (
            [
                "DROP TRIGGER entry_no_change ON entry",
                "CREATE TRIGGER entry_no_change BEFORE UPDATE ON entry FOR EACH ROW " + CALL,
                "ALTER TABLE entry ENABLE ALWAYS TRIGGER entry_no_change",
            ],
            "the trigger entry_no_change",
        ),
        (
            [
                "DROP TRIGGER entry_no_change ON entry",
                "CREATE TRIGGER entry_no_change BEFORE UPDATE OF seq OR DELETE ON entry FOR EACH ROW " + CALL,
                "ALTER TABLE entry ENABLE ALWAYS TRIGGER entry_no_change",
            ],
            "the trigger entry_no_change",
        ),
        (
            [
                "DROP TRIGGER entry_no_change ON entry",
                "CREATE TRIGGER entry_no_change BEFORE UPDATE OR DELETE ON entry FOR EACH ROW WHEN (OLD.idx > 9) "
                + CALL,
                "ALTER TABLE entry ENABLE ALWAYS TRIGGER entry_no_change",
            ],
            "the trigger entry_no_change",
        ),
        (
            ["CREATE OR REPLACE FUNCTION entry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN OLD; END$$"],
            "the trigger entry_no_change, the trigger entry_no_truncate",
        ),
        (["GRANT UPDATE (seq) ON entry TO PUBLIC"], "the ban on UPDATE"),
        (["GRANT DELETE ON entry TO PUBLIC"], "the ban on DELETE"),
        (["GRANT TRUNCATE ON entry TO PUBLIC"], "the ban on TRUNCATE"),
    ],
)
def test_a_missing_fence_is_noticed_at_the_door(
    installation: Installation, owner: sa.Engine, statements: list[str], missing: str
) -> None:
    """Dropped, asleep, narrowed, emptied, or a right given back: it does not open, and an upgrade mends it."""
    _execute(owner, *statements)
    with pytest.raises(FenceMissing, match=missing):
        Installation(installation.directory)
    assert "fences: " in str(verify_installation(installation).problems)
    installation.upgrade()
    Installation(installation.directory).close()


ATTACKS = (
    "ALTER TABLE entry DISABLE TRIGGER ALL",
    "SET session_replication_role = replica",
    "DROP TRIGGER entry_no_change ON entry",
    "CREATE OR REPLACE FUNCTION entry_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
    "ALTER FUNCTION entry_refuse() SECURITY DEFINER",
    "DROP FUNCTION entry_refuse() CASCADE",
    "CREATE RULE quiet AS ON DELETE TO entry DO INSTEAD NOTHING",
    "CREATE TRIGGER quiet BEFORE INSERT ON entry FOR EACH ROW " + CALL,
    "CREATE TEMPORARY TABLE child () INHERITS (entry)",
    "CREATE TABLE child (a int)",
    "CREATE FUNCTION hashtext(name) RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "ALTER TABLE entry OWNER TO CURRENT_USER",
    "ALTER TABLE entry RENAME TO old",
    "ALTER TABLE entry SET UNLOGGED",
    "ALTER TABLE entry ALTER COLUMN body TYPE text USING 'x'",
    "ALTER TABLE entry ENABLE ROW LEVEL SECURITY",
    "DROP TABLE entry CASCADE",
    "TRUNCATE log_head CASCADE",
    "COPY entry FROM PROGRAM 'true'",
    "LOCK TABLE entry IN ACCESS EXCLUSIVE MODE",
    "SELECT * FROM entry FOR UPDATE",
    "UPDATE alembic_version SET version_num = '0001'",
    "DO $$BEGIN EXECUTE 'DELETE FROM entry'; END$$",
    "SELECT lo_import('/etc/hostname')",
)


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_role_of_every_day_cannot_come_near_the_fences(installation: Installation, attack: str) -> None:
    """It owns nothing, makes nothing, and locks nobody out."""
    _write(installation)
    with pytest.raises(sa.exc.DatabaseError, match=r"permission denied|must be owner"):
        _execute(installation.engine.execution_options(**WRITING), attack)
    assert verify_installation(installation).ok


def test_an_installation_cannot_reach_the_schema_of_another_role(make_installation: MakeInstallation) -> None:
    """Two in one database with roles of their own: neither reads nor writes what is the other's."""
    one, other = make_installation("one"), f"{SCHEMAS}_other"
    _execute_as_admin(f"CREATE ROLE {other} LOGIN PASSWORD 'x'")
    engine = open_database(_as(other), str(one.settings.schema))
    for statement in ("SELECT * FROM person", "INSERT INTO entry SELECT * FROM entry", "UPDATE log_head SET size = 0"):
        with pytest.raises(sa.exc.ProgrammingError, match=r"permission denied for schema|does not exist"):
            _execute(engine.execution_options(**WRITING), statement)
    engine.dispose()
    _execute_as_admin(f"DROP ROLE {other}")


@pytest.mark.parametrize(
    ("grant", "what"),
    [
        ("GRANT postgres TO {role}", "superuser or can act as one"),
        ("GRANT postgres TO {role} WITH INHERIT FALSE", "superuser or can act as one"),
        ("GRANT pg_write_all_data TO {role} WITH INHERIT FALSE", "may write every table"),
        ("GRANT pg_write_server_files TO {role}", "the files of the server"),
        ("GRANT pg_execute_server_program TO {role}", "the files of the server"),
        ("GRANT {owner} TO {role} WITH INHERIT FALSE", "can act as the owner"),
        ("ALTER SCHEMA {schema} OWNER TO {role}; GRANT USAGE ON SCHEMA {schema} TO {owner}", "can act as the owner"),
    ],
)
def test_a_role_that_can_act_as_a_mighty_one_is_refused(installation: Installation, grant: str, what: str) -> None:
    """Whether it inherits the rights or has to say SET ROLE first; a schema's owner can drop what is in it."""
    role, schema = f"{SCHEMAS}_mighty", installation.settings.schema
    owner = str(postgresql.role_of(server().owner))
    _execute_as_admin(f"CREATE ROLE {role} LOGIN PASSWORD 'x'")
    try:
        around = Surroundings(_as(role), server().owner)
        Installation(installation.directory, fenced=False, around=around).upgrade()
        Installation(installation.directory, around=around).close()
        _execute_as_admin(grant.format(role=role, owner=owner, schema=schema))
        with pytest.raises(RoleTooMighty, match=what):
            Installation(installation.directory, around=around)
    finally:
        _execute_as_admin(
            f"ALTER SCHEMA {schema} OWNER TO {owner}", f"DROP OWNED BY {role} CASCADE", f"DROP ROLE {role}"
        )


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("CREATE TRIGGER quiet BEFORE INSERT ON entry FOR EACH ROW " + CALL, "the trigger quiet"),
        ("CREATE TRIGGER entry_no_change BEFORE INSERT ON person FOR EACH ROW " + CALL, "the trigger entry_no_change"),
        ("CREATE RULE quiet AS ON DELETE TO private_value DO INSTEAD NOTHING", "the rule quiet"),
        ("CREATE TABLE child () INHERITS (entry)", "what belongs to the table"),
        ("ALTER TABLE entry ENABLE ROW LEVEL SECURITY", "the policies of entry"),
        ("ALTER TABLE person SET UNLOGGED", "the unlogged table person"),
    ],
)
def test_what_is_not_ours_is_noticed_at_the_door(
    installation: Installation, owner: sa.Engine, statement: str, what: str
) -> None:
    """The owner of the tables can add what changes, hides or forgets entries beside the fences; it is named."""
    _write(installation)
    _execute(owner, statement)
    with pytest.raises(StrangersFound, match=what):
        Installation(installation.directory)


def test_a_view_for_a_report_is_no_stranger(installation: Installation, owner: sa.Engine) -> None:
    """The owner may show others a part of the tables."""
    _execute(owner, "CREATE VIEW report AS SELECT idx FROM entry")
    Installation(installation.directory).close()


def test_nobody_but_the_owner_makes_anything_in_the_schema(installation: Installation, owner: sa.Engine) -> None:
    """A function of another's there could come before one of the server's; an upgrade takes the right away again."""
    _execute(owner, f"GRANT CREATE ON SCHEMA {installation.settings.schema} TO PUBLIC")
    with pytest.raises(FenceMissing, match="the ban on CREATE"):
        Installation(installation.directory)
    installation.upgrade()
    Installation(installation.directory).close()


def _as(role: str) -> str:
    """Return the address of a role that was made for a test."""
    return sa.make_url(server().everyday).set(username=role, password="x").render_as_string(hide_password=False)


def _execute_as_admin(*statements: str) -> None:
    with psycopg.connect(server().admin, autocommit=True) as mighty:
        for statement in statements:
            mighty.execute(statement)


def test_a_superuser_is_refused(installation: Installation) -> None:
    """No fence stops one, so that nobody is to work as one."""
    with pytest.raises(RoleTooMighty, match="Make an ordinary role"):
        Installation(installation.directory, around=Surroundings(server().admin))


def test_a_role_alone_may_be_owner_and_everyday(tmp_path: Path) -> None:
    """Where no owner is named, the one role makes the tables and has no right to change entries either."""
    alone = Surroundings(server().owner)
    made = create_installation(tmp_path / "alone", new_settings(), alone)
    _write(made)
    assert verify_installation(made).ok
    with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
        _execute(made.engine.execution_options(**WRITING), "DELETE FROM entry")
    made.upgrade()
    made.close()


def test_migrations_lead_to_the_tables_of_the_code(installation: Installation) -> None:
    """Nothing is missing, left over, or of another type, and every text is ordered by its bytes."""
    with installation.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, tables.metadata) == []
        assert is_sound(connection)
        query = (
            "SELECT 1 FROM information_schema.columns WHERE table_schema = current_schema() AND collation_name <> 'C'"
        )
        assert connection.exec_driver_sql(query).all() == []


def test_two_installations_live_in_one_database(make_installation: MakeInstallation) -> None:
    """Each in its own schema, with its own log; neither sees the other."""
    one, other = make_installation("one"), make_installation("other")
    _write(one, 2)
    _write(other, 3)
    assert (verify_installation(one).entries, verify_installation(other).entries) == (2, 3)


def test_a_schema_that_holds_something_is_left_alone(installation: Installation, tmp_path: Path) -> None:
    """A second installation in the same schema is refused, and the first one stays."""
    _write(installation)
    with pytest.raises(SchemaTaken, match="holds something already"):
        create_installation(tmp_path / "again", installation.settings)
    assert verify_installation(installation).entries == 2


def _fail_half_way(directory: Path, settings: Settings) -> None:
    """Make an installation, and then something that is refused."""
    create_installation(directory, settings).close()
    create_installation(directory.with_name("other"), replace(settings, origin=""))


@pytest.mark.parametrize("made_before", [False, True])
def test_what_fails_half_way_leaves_nothing_in_the_database(tmp_path: Path, *, made_before: bool) -> None:
    """A new schema goes again; one that somebody made beforehand stays, and is empty."""
    settings, around = new_settings(), surroundings()
    assert settings.schema is not None
    query = f"SELECT count(*) FROM pg_namespace WHERE nspname = '{settings.schema}'"
    with psycopg.connect(server().owner, autocommit=True) as owning:
        if made_before:
            owning.execute(f"CREATE SCHEMA {settings.schema}")
        with pytest.raises(MalformedEntry, match="host name"), unless_finished(tmp_path, settings.schema, around):
            _fail_half_way(tmp_path / "books", settings)
        assert owning.execute(query).fetchone() == (int(made_before),)
    create_installation(tmp_path / "again", settings).close()


def test_without_its_server_an_installation_is_not_opened(installation: Installation) -> None:
    """Its settings say that it lives on a server; the environment must say on which."""
    with pytest.raises(SettingRefused, match=r"BUURTKAS_DATABASE_URL .* lives on a PostgreSQL server"):
        Installation(installation.directory, around=Surroundings())


@pytest.mark.parametrize("name", ["", "Boek", "pg_boek", "1boek", "a b", 'a"b', "a" * 64, "boek\n", "é"])
def test_a_schema_has_a_plain_name(name: str) -> None:
    """It stands in SQL as it is, so that nothing else may be in it."""
    with pytest.raises(SettingRefused, match="small letters"):
        open_database(server().owner, name)


@pytest.mark.parametrize("name", ["order", "user"])
def test_a_word_of_sql_may_be_a_schema(tmp_path: Path, name: str) -> None:
    """It is quoted wherever it stands in SQL."""
    MADE.append(name)
    made = create_installation(tmp_path / name, replace(new_settings(), schema=name))
    _write(made)
    made.upgrade()
    assert verify_installation(made).ok
    made.close()


@pytest.mark.parametrize("url", ["", "boek", "mysql://eva:geheim@x/y", "postgresql://eva:geheim@x:y/z"])
def test_an_address_is_one_of_postgresql(url: str) -> None:
    """A refusal says how one looks, and never shows the one that was given."""
    with pytest.raises(SettingRefused, match="reads postgresql://") as caught:
        open_database(url, "boek")
    assert "geheim" not in str(caught.value)


def test_readers_see_one_state_and_change_nothing(installation: Installation) -> None:
    """What is committed in between is not seen, and a reader cannot write."""
    with installation.store.reading() as connection:
        before = connection.execute(sa.select(sa.func.count()).select_from(tables.entry)).scalar()
        _write(installation)
        assert connection.execute(sa.select(sa.func.count()).select_from(tables.entry)).scalar() == before
        with pytest.raises(sa.exc.InternalError, match="read-only"):
            connection.execute(sa.delete(tables.run))


def test_whoever_waits_too_long_for_the_head_is_told(installation: Installation) -> None:
    """Writers queue at the log's head, and not for ever."""
    engine = installation.engine.execution_options(**WRITING)
    lock = sa.select(tables.log_head).with_for_update()
    with engine.begin() as first, engine.connect() as second, second.begin():
        first.execute(lock)
        second.exec_driver_sql("SET LOCAL lock_timeout = '1ms'")
        with pytest.raises(DatabaseBusy, match="try again"):
            second.execute(lock)


def test_a_sum_of_whole_numbers_is_one(installation: Installation) -> None:
    """Money is counted in whole numbers, in Python too."""
    _write(installation, 3)
    with installation.store.reading() as connection:
        total = connection.execute(sa.select(sa.func.sum(tables.entry.c.idx))).scalar_one()
    assert (total, type(total)) == (3, int)


def test_nothing_stands_in_front_of_a_table(installation: Installation) -> None:
    """A temporary table of the same name hides nothing, and instants come back in UTC."""
    with installation.engine.connect().execution_options(**WRITING) as connection, connection.begin():
        connection.exec_driver_sql("CREATE TEMPORARY TABLE log_head (size bigint)")
        assert connection.execute(sa.select(tables.log_head.c.id)).scalar_one() == 1
        assert connection.exec_driver_sql("SHOW timezone").scalar_one() == "UTC"


def test_what_is_committed_is_on_disk(installation: Installation) -> None:
    """Whatever the role or the server has as its own setting: it is signed at once, and must not go again."""
    role = str(postgresql.role_of(server().everyday))
    _execute_as_admin(f"ALTER ROLE {role} SET synchronous_commit = off")
    try:
        opened = Installation(installation.directory)
        with opened.store.reading() as connection:
            assert connection.exec_driver_sql("SHOW synchronous_commit").scalar_one() == "on"
        opened.close()
    finally:
        _execute_as_admin(f"ALTER ROLE {role} RESET synchronous_commit")


def test_the_role_is_read_from_the_address() -> None:
    """So that the tables can be opened to it."""
    assert postgresql.role_of("postgresql://eva:geheim@x/y") == "eva"
    assert replace(Surroundings(), database_url="postgresql://x/y").owner_url is None
