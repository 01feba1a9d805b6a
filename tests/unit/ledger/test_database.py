"""Either database: what it cannot do now is said in words, and no error carries values."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite

from ledger import sqlite as ledger_sqlite
from ledger.database import WRITING
from ledger.database import open_database
from ledger.errors import DatabaseBusy
from ledger.errors import DatabaseGone
from ledger.errors import DiskFull
from ledger.tables import UTCDateTime
from ledger.tables import person

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import MakeInstallation

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


def test_an_error_of_the_database_carries_no_value(tmp_path: Path) -> None:
    """What stands in a row, such as a name, does not reach a log by way of an exception."""
    engine = open_database(tmp_path / "any.sqlite3")
    with engine.connect() as connection, pytest.raises(sa.exc.OperationalError, match="hidden") as caught:
        connection.execute(sa.text("INSERT INTO nowhere VALUES (:name)"), {"name": "Jacoba Kikkerbeet"})
    engine.dispose()
    assert "Kikkerbeet" not in str(caught.value)


@pytest.mark.postgresql
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_server_does_not_quote_the_row_that_it_refuses(make_installation: MakeInstallation) -> None:
    """PostgreSQL says in DETAIL what stood in the row; that part of the message is forgotten."""
    engine = make_installation().engine
    row = {"id": "1", "email": "jacoba@kikkerbeet.example", "name": "Jacoba Kikkerbeet", "created_at": NOW}
    with engine.connect().execution_options(**WRITING) as connection:
        connection.execute(sa.insert(person).values(row))
        with pytest.raises(sa.exc.IntegrityError, match="duplicate key") as caught:
            connection.execute(sa.insert(person).values(row | {"id": "2"}))
    assert isinstance(caught.value.orig, psycopg.Error)
    assert "jacoba" not in str(caught.value) + str(caught.value.orig)


def test_waiting_for_other_writers_ends_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits too long is told that others write, and that nothing was changed."""
    monkeypatch.setattr(ledger_sqlite, "BUSY_SECONDS", 0.01)
    engine = open_database(tmp_path / "any.sqlite3")
    with engine.connect().execution_options(**WRITING) as first, first.begin():
        first.exec_driver_sql("CREATE TABLE x (y)")
        with (
            engine.connect().execution_options(**WRITING) as second,
            pytest.raises(DatabaseBusy, match="try again"),
        ):
            second.begin()
    engine.dispose()


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    """A database that may not grow says so in words."""
    engine = open_database(tmp_path / "any.sqlite3")
    with engine.connect().execution_options(**WRITING) as connection, connection.begin():
        connection.exec_driver_sql("CREATE TABLE x (y)")
        connection.exec_driver_sql("PRAGMA max_page_count=3")
        with pytest.raises(DiskFull, match="make room"):
            connection.exec_driver_sql("INSERT INTO x VALUES (zeroblob(100000))")
    engine.dispose()


def test_a_server_that_is_not_there_is_told_without_its_address(tmp_path: Path) -> None:
    """Its address holds a password, and the advice is the same wherever it is."""
    engine = open_database(f"postgresql://eva:geheim@/boek?host={tmp_path}", "boek")
    with pytest.raises(DatabaseGone, match="does not answer") as caught:
        engine.connect()
    assert "geheim" not in str(caught.value)
    engine.dispose()


def test_instants_are_aware_on_both_databases() -> None:
    """UTCDateTime takes aware instants of any zone, and gives back UTC."""
    kind = UTCDateTime()
    amsterdam = dt.datetime(2026, 3, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    on_sqlite, on_postgresql = sqlite.dialect(), postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's
    assert kind.process_bind_param(amsterdam, on_sqlite) == dt.datetime(2026, 3, 1)  # noqa: DTZ001 - what SQLite keeps
    assert kind.process_bind_param(amsterdam, on_postgresql) == NOW
    assert kind.process_bind_param(None, on_sqlite) is None
    assert kind.process_result_value(dt.datetime(2026, 3, 1), on_sqlite) == NOW  # noqa: DTZ001 - what SQLite keeps
    assert kind.process_result_value(amsterdam, on_postgresql) == NOW
    assert kind.process_result_value(None, on_sqlite) is None
    with pytest.raises(TypeError, match="time zone"):
        kind.process_bind_param(dt.datetime(2026, 3, 1), on_sqlite)  # noqa: DTZ001 - naive on purpose
