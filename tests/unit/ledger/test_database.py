"""The database: its fences refuse every change to an entry, and its types refuse what loses meaning."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite

from ledger import database
from ledger.database import FENCES
from ledger.database import OLD_PRAGMAS
from ledger.database import SAFE_PRAGMAS
from ledger.database import check_fences
from ledger.database import open_database
from ledger.entry import DISTRICT
from ledger.errors import FenceMissing
from ledger.installation import Installation
from ledger.migrations import upgrade
from ledger.tables import UTCDateTime

if TYPE_CHECKING:
    from pathlib import Path

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
CHANGES = (
    "UPDATE entry SET seq = 5",
    "UPDATE OR REPLACE entry SET idx = 1 WHERE idx = 0",
    "UPDATE entry SET body = x'00' WHERE idx = 0",
    "DELETE FROM entry",
    "DELETE FROM entry WHERE idx = 1",
    "INSERT OR REPLACE INTO entry SELECT idx, book, seq, type, hash, x'00' FROM entry",
    "REPLACE INTO entry SELECT idx + 100, book, seq, type, hash, x'00' FROM entry",
    "INSERT INTO entry SELECT idx, book, seq, type, hash, body FROM entry WHERE 1 ON CONFLICT DO UPDATE SET seq = 9",
)


def _write(installation: Installation) -> None:
    with installation.store.writing(NOW) as appender:
        for _ in range(2):
            draft = installation.store.draft(DISTRICT, "run", {"size": 0, "rules": "5e" * 32}, {"hits": []})
            appender.append(draft)


def _execute(engine: sa.Engine, statement: str) -> None:
    with engine.connect() as connection, connection.begin():
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize("again", [False, True], ids=["at first", "after an upgrade"])
@pytest.mark.parametrize("change", CHANGES)
def test_entries_cannot_be_changed_by_sql(installation: Installation, change: str, *, again: bool) -> None:
    """UPDATE, DELETE and REPLACE in every form are refused, also after the migrations ran again."""
    _write(installation)
    if again:
        upgrade(installation.engine)
    with pytest.raises(sa.exc.IntegrityError, match="entries are never"):
        _execute(installation.engine, change)


@pytest.mark.parametrize("name", FENCES)
def test_a_missing_fence_is_noticed_at_the_door(installation: Installation, name: str) -> None:
    """An installation without one of its fences does not open, unless to be verified; an upgrade mends it."""
    _execute(installation.engine, f"DROP TRIGGER {name}")
    with pytest.raises(FenceMissing, match=name):
        Installation(installation.directory)
    Installation(installation.directory, fenced=False).close()
    upgrade(installation.engine)
    Installation(installation.directory).close()


def test_a_fence_that_reads_otherwise_is_noticed(installation: Installation) -> None:
    """A trigger of the same name that does nothing is no fence."""
    _execute(installation.engine, "DROP TRIGGER entry_no_delete")
    _execute(installation.engine, "CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry BEGIN SELECT 1; END")
    with installation.engine.connect() as connection, pytest.raises(FenceMissing, match="entry_no_delete"):
        check_fences(connection)


@pytest.mark.parametrize(
    ("safe", "mode", "synchronous"), [((99, 0, 0), "delete", 3), ((3, 0, 0), "wal", 2)], ids=["old", "safe"]
)
def test_the_journal_fits_the_sqlite_at_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, safe: tuple[int, int, int], mode: str, synchronous: int
) -> None:
    """Only a SQLite whose write-ahead log is sound gets one; deleted content is overwritten in any case."""
    monkeypatch.setattr(database, "SAFE_WAL", safe)
    engine = open_database(tmp_path / "any.sqlite3")
    with engine.connect() as connection:
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")]
        assert found == [mode, synchronous]
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1
    engine.dispose()
    assert SAFE_PRAGMAS != OLD_PRAGMAS


def test_damaged_text_is_read_as_something_that_equals_nothing(tmp_path: Path) -> None:
    """Broken UTF-8 raises nothing while reading, and cannot be mistaken for text."""
    engine = open_database(tmp_path / "any.sqlite3")
    with engine.connect() as connection:
        text = connection.exec_driver_sql("SELECT CAST(x'61ff' AS TEXT)").scalar_one()
    engine.dispose()
    assert text == "a\udcff"


def test_an_error_of_the_database_carries_no_value(tmp_path: Path) -> None:
    """What stands in a row, such as a name, does not reach a log by way of an exception."""
    engine = open_database(tmp_path / "any.sqlite3")
    with engine.connect() as connection, pytest.raises(sa.exc.OperationalError, match="hidden") as caught:
        connection.execute(sa.text("INSERT INTO nowhere VALUES (:name)"), {"name": "Jacoba Kikkerbeet"})
    engine.dispose()
    assert "Kikkerbeet" not in str(caught.value)


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
