"""Upgrading: from the first shape and from the previous release's own code, and back where a migration fails."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import op

from dashboards.work.errors import UpgradeFailed
from dashboards.work.upgrading import upgrade_installation
from ledger import migrations
from ledger.check_views import verify_installation
from ledger.database import WRITING
from ledger.errors import ShapeRefused
from ledger.installation import DATABASE
from ledger.installation import Installation
from ledger.installation import owning
from ledger.migrations import NEWEST
from ledger.migrations import shape
from tests.integration.books import make_older
from tests.integration.books import rows
from tests.integration.books import with_history

if TYPE_CHECKING:
    from tests.proofs.histories import History

NOW = dt.datetime(2027, 3, 1, 12, tzinfo=dt.UTC)
ROOT = Path(__file__).resolve().parents[2]
PREVIOUS = "b10f771"
"""The last revision with the first shape."""
BOOK = """
import datetime as dt, sys
from pathlib import Path
from dashboards.demo.play import play
from dashboards.demo.world import make_world
play(Path(sys.argv[1]), make_world(transactions=40), lambda *_: None).close()
"""


@pytest.fixture
def history(installation: Installation) -> History:
    """A history in an installation."""
    return with_history(installation)


@pytest.mark.parametrize("shape_before", ["0001", "0002"])
def test_an_older_installation_is_upgraded_and_verifies(history: History, shape_before: str) -> None:
    """A backup comes first; every row is then as this version's code makes it."""
    installation = history.installation
    before = rows(installation)
    assert before["line_identity"]
    make_older(installation, shape_before)
    with pytest.raises(ShapeRefused, match="buurtkas upgrade"):
        Installation(installation.directory)
    done = upgrade_installation(installation.directory, NOW)
    assert (done.before, done.after) == (shape_before, NEWEST)
    assert done.backup.name == f"before-{shape_before}-20270301T120000Z.tar.gz"
    assert done.backup.exists()
    there = Installation(installation.directory)
    assert verify_installation(there).ok
    assert rows(there) == before
    there.close()
    history.grow(5)
    history.sign()
    assert verify_installation(installation).ok


def test_upgrading_twice_changes_nothing(history: History) -> None:
    """It makes the fences again, and verifies."""
    installation = history.installation
    before = rows(installation)
    done = upgrade_installation(installation.directory, NOW)
    assert (done.before, done.after) == (NEWEST, NEWEST)
    assert rows(installation) == before


def _content(installation: Installation) -> dict[str, list[str]]:
    """Return the shape, and every row of every table there is, as the database has them."""
    opened = Installation(installation.directory, fenced=False)
    with opened.store.reading() as connection:
        names = sorted(sa.inspect(connection).get_table_names())
        found = {
            name: sorted(repr(tuple(row)) for row in connection.execute(sa.text(f'SELECT * FROM "{name}"')))
            for name in names
        }
        found["shape"] = [shape(connection)]
    opened.close()
    return found


def _break_off(monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    """Have the upgrade fail after its migrations have changed tables."""
    ordinary = op.create_index

    def broken(name: str, *words: Any, **more: Any) -> None:  # noqa: ANN401 - an index is made as ever
        ordinary(name, *words, **more)
        if name == how:
            op.get_bind().execute(sa.text("INSERT INTO nowhere VALUES (1)"))

    if how != "verification":
        monkeypatch.setattr(op, "create_index", broken)
    else:
        monkeypatch.setattr(migrations, "refill", lambda _connection: None)


@pytest.mark.parametrize("how", ["statement_latest", "ix_account_proposal_foundation", "verification"])
def test_an_upgrade_that_fails_is_taken_back_as_a_whole(
    history: History, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """Whether a migration breaks off or its outcome does not verify: everything is exactly what it was."""
    installation = history.installation
    make_older(installation)
    before = _content(installation)
    file = installation.directory / DATABASE
    bytes_before = _sum(file)
    with monkeypatch.context() as patch:
        _break_off(patch, how)
        with pytest.raises(UpgradeFailed, match="exactly what they were") as caught:
            upgrade_installation(installation.directory, NOW)
    assert "before-0001-20270301T120000Z.tar.gz" in str(caught.value)
    assert _content(installation) == before
    assert _sum(file) == bytes_before
    upgrade_installation(installation.directory, NOW + dt.timedelta(hours=1))
    assert verify_installation(installation).ok


def _sum(file: Path) -> str | None:
    """Return a file's SHA-256; None where the books live on a server."""
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else None


def test_a_newer_installation_is_left_alone(history: History) -> None:
    """This version does not know what it would destroy."""
    installation = history.installation
    owned = owning(installation.directory, installation.settings.schema, installation.around)
    with owned as engine, engine.connect().execution_options(**WRITING) as connection, connection.begin():
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ShapeRefused, match="Install the version"):
        upgrade_installation(installation.directory, NOW)
    assert not (installation.directory / "backups").exists()


def test_an_installation_of_the_previous_release_is_upgraded(database: str, tmp_path: Path) -> None:
    """Made by that release's own code, out of the history of this tree; it knew SQLite alone."""
    if database != "sqlite":
        return
    packed = subprocess.run(["git", "archive", PREVIOUS], cwd=ROOT, capture_output=True, check=False)
    if packed.returncode:
        pytest.skip("this checkout has no history; the recipe of the first shape stands in for it")
    code = tmp_path / "code"
    code.mkdir()
    (tmp_path / "code.tar").write_bytes(packed.stdout)
    with tarfile.open(tmp_path / "code.tar") as archive:
        archive.extractall(code, filter="data")
    books = tmp_path / "books"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BUURTKAS_", "PYTEST_", "COV_"))}
    subprocess.run(
        [sys.executable, "-c", BOOK, str(books)], cwd=code, env={**kept, "PYTHONPATH": str(code)}, check=True
    )
    with pytest.raises(ShapeRefused, match="buurtkas upgrade"):
        Installation(books)
    assert upgrade_installation(books, NOW).before == "0001"
    there = Installation(books)
    report = verify_installation(there)
    there.close()
    assert report.ok, report.first
    assert report.entries > 40
