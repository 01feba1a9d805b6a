"""SQLite: its fences refuse every change to an entry, and its journal fits the library at hand."""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from pysqlite3 import dbapi2

from ledger import sqlite
from ledger.check_views import verify_installation
from ledger.database import FENCELESS
from ledger.database import WRITING
from ledger.database import check_fences
from ledger.database import is_sound
from ledger.database import open_database
from ledger.entry import DISTRICT
from ledger.errors import FenceMissing
from ledger.errors import JournalRefused
from ledger.errors import StrangersFound
from ledger.installation import DATABASE
from ledger.installation import Installation
from ledger.migrations import upgrade
from ledger.sqlite import FENCES

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
ATTACKS = (
    *(f"DROP TRIGGER {name}" for name in FENCES),
    "DROP TABLE entry",
    "ALTER TABLE entry RENAME TO old",
    "ALTER TABLE entry ADD COLUMN more",
    "PRAGMA writable_schema=ON",
    "PRAGMA recursive_triggers=OFF",
    "PRAGMA Writable_Schema(1)",
    "PRAGMA main.RECURSIVE_TRIGGERS=OFF",
    "PRAGMA Journal_Mode=OFF",
    "PRAGMA secure_delete=OFF",
    "CREATE TRIGGER more AFTER INSERT ON entry BEGIN UPDATE log_head SET size = 0; END",
    "CREATE TEMPORARY TRIGGER more BEFORE INSERT ON main.entry BEGIN SELECT RAISE(IGNORE); END",
    "CREATE TEMPORARY TABLE entry (idx, book, seq, type, hash, body)",
    "CREATE TEMPORARY VIEW log_head AS SELECT 1 AS id, 0 AS size, NULL AS recorded_at",
)


def _write(installation: Installation) -> None:
    with installation.store.writing(NOW) as appender:
        for _ in range(2):
            draft = installation.store.draft(DISTRICT, "run", {"size": 0, "rules": "5e" * 32}, {"hits": []})
            appender.append(draft)


def _execute(engine: sa.Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
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


@pytest.mark.parametrize("again", [False, True], ids=["at first", "after an upgrade"])
@pytest.mark.parametrize("attack", ATTACKS)
def test_this_program_cannot_take_a_fence_away(installation: Installation, attack: str, *, again: bool) -> None:
    """Its own connections refuse that, also the one that a migration has just used."""
    if again:
        upgrade(installation.engine)
    with pytest.raises(sa.exc.DatabaseError, match="not authorized"):
        _execute(installation.engine.execution_options(**WRITING), attack)
    with installation.engine.connect() as connection:
        check_fences(connection)


@pytest.mark.parametrize("name", FENCES)
def test_a_missing_fence_is_noticed_at_the_door(installation: Installation, name: str) -> None:
    """An installation without one of its fences does not open, unless to be verified; an upgrade mends it."""
    _execute(installation.engine.execution_options(**FENCELESS), f"DROP TRIGGER {name}")
    with pytest.raises(FenceMissing, match=name):
        Installation(installation.directory)
    opened = Installation(installation.directory, fenced=False)
    opened.upgrade()
    opened.close()
    Installation(installation.directory).close()


def test_a_fence_that_reads_otherwise_is_noticed(installation: Installation) -> None:
    """A trigger of the same name that does nothing is no fence."""
    nothing = "CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry BEGIN SELECT 1; END"
    _execute(installation.engine.execution_options(**FENCELESS), "DROP TRIGGER entry_no_delete", nothing)
    with installation.engine.connect() as connection, pytest.raises(FenceMissing, match="entry_no_delete"):
        check_fences(connection)


@pytest.mark.parametrize("table", ["entry", "person"])
def test_a_trigger_of_a_stranger_is_noticed(installation: Installation, table: str) -> None:
    """Another program can put one into the file, on whatever table; it is named, and nothing opens."""
    with contextlib.closing(sqlite3.connect(installation.directory / DATABASE)) as other:
        other.execute(f"CREATE TRIGGER quiet BEFORE INSERT ON {table} BEGIN SELECT RAISE(IGNORE); END")
    with pytest.raises(StrangersFound, match="the trigger quiet"):
        Installation(installation.directory)
    assert "the trigger quiet" in str(verify_installation(installation).problems)


@pytest.mark.parametrize("change", [*CHANGES, "PRAGMA recursive_triggers=OFF; " + CHANGES[-2]])
def test_another_program_does_not_pass_the_fences_either(installation: Installation, change: str) -> None:
    """They stand in the file itself, whoever opens it."""
    _write(installation)
    with (
        contextlib.closing(sqlite3.connect(installation.directory / DATABASE)) as other,
        pytest.raises(sqlite3.IntegrityError, match="entries are never"),
    ):
        other.executescript(change)
    assert verify_installation(installation).ok


@pytest.mark.parametrize(
    ("safe", "mode", "synchronous"), [((99, 0, 0), "delete", 3), ((3, 0, 0), "wal", 2)], ids=["old", "safe"]
)
def test_the_journal_fits_the_sqlite_at_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, safe: tuple[int, int, int], mode: str, synchronous: int
) -> None:
    """Only a SQLite whose write-ahead log is sound gets one; deleted content is overwritten in any case."""
    monkeypatch.setattr(sqlite, "SAFE_WAL", safe)
    engine = open_database(tmp_path / "any.sqlite3")
    with engine.connect() as connection:
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")]
        assert found == [mode, synchronous]
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1
        assert is_sound(connection)
    engine.dispose()


def test_a_journal_that_cannot_be_made_safe_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """An older SQLite never works on with a write-ahead log."""

    class Stuck:
        """A connection whose journal stays as it is."""

        isolation_level: str | None = ""

        def execute(self, _statement: str) -> Stuck:
            """Do nothing."""
            return self

        def fetchone(self) -> tuple[str]:
            """Say that the journal is what it was."""
            return ("wal",)

    monkeypatch.setattr(sqlite, "SAFE_WAL", (99, 0, 0))
    with pytest.raises(JournalRefused, match="Stop every other program"):
        sqlite._prepare(Stuck(), None)


def test_the_newest_sqlite_at_hand_is_taken() -> None:
    """Python's own may be too old for a write-ahead log, where the one in the package is not."""
    at_hand = (sqlite3.sqlite_version_info, dbapi2.sqlite_version_info)
    assert sqlite.DRIVER.sqlite_version_info == max(at_hand)


def test_damaged_text_is_read_as_something_that_equals_nothing(tmp_path: Path) -> None:
    """Broken UTF-8 raises nothing while reading, and cannot be mistaken for text."""
    engine = open_database(tmp_path / "any.sqlite3")
    with engine.connect() as connection:
        text = connection.exec_driver_sql("SELECT CAST(x'61ff' AS TEXT)").scalar_one()
    engine.dispose()
    assert text == "a\udcff"
