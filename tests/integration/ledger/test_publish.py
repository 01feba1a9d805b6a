"""The published record: exported, verified, and verifiable with the standard library and cryptography alone."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ledger.checkpoint import open_note
from ledger.errors import DirectoryNotEmpty
from ledger.errors import RecordUnreadable
from ledger.errors import SignerRefused
from ledger.publish import disclosure_lines
from ledger.publish import entry_bundle
from ledger.publish import export_record
from ledger.publish import hash_tile
from ledger.publish import publish
from ledger.publish import shown
from ledger.publish import tile_places
from ledger.record import PublishedRecord
from ledger.verify import verify
from tests.proofs.histories import History

if TYPE_CHECKING:
    from ledger.installation import Installation

ROOT = Path(__file__).parents[3]
BLOCKED = (
    "sqlalchemy",
    "alembic",
    "flask",
    "jinja2",
    "pandas",
    "numpy",
    "plotly",
    "lxml",
    "babel",
    "argon2",
    "hypothesis",
)
ALONE = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in set({blocked!r}):
            raise ImportError("blocked: " + name)
sys.meta_path.insert(0, Blocked())
from ledger.record import PublishedRecord
from ledger.verify import verify
report = verify(PublishedRecord(sys.argv[1]))
own = set(sys.stdlib_module_names) | {{"ledger", "cryptography", "_cffi_backend", "cffi", "typing_extensions"}}
from importlib.util import find_spec
print(report.ok, report.entries, sorted(name for name in sys.modules if "." not in name
      and name not in own and "site-packages" in str(getattr(sys.modules[name], "__file__", ""))
      and not name.startswith(("_", "pywin", "a1_", "distutils", "sitecustomize"))))
"""


@pytest.fixture
def history(installation: Installation) -> History:
    """A random history of some hundred entries."""
    made = History(installation, random.Random(7))
    made.open()
    made.grow(260)
    return made


def test_an_exported_record_verifies(history: History, tmp_path: Path) -> None:
    """The export covers the whole log, signed just before, with the disclosures of that moment."""
    export_record(history.installation, tmp_path / "record")
    report = verify(PublishedRecord(str(tmp_path / "record")))
    assert report.ok, report.first
    assert report.checkpoint is not None
    assert report.entries == report.checkpoint.size == history.installation.signer.size() > 256
    assert report.unsigned == 0
    assert list(PublishedRecord(str(tmp_path / "record")).disclosures())


def test_an_export_of_nothing_verifies(installation: Installation, tmp_path: Path) -> None:
    """An empty log has a record too; an empty directory may be there already."""
    (tmp_path / "record").mkdir()
    export_record(installation, tmp_path / "record")
    assert verify(PublishedRecord(str(tmp_path / "record"))).ok


def test_a_later_withdrawal_makes_no_older_export_wrong(history: History, tmp_path: Path) -> None:
    """An export is complete in itself, whatever happens to the log after it."""
    export_record(history.installation, tmp_path / "old")
    for _ in range(3):
        with history.transaction():
            history.withdraw()
            history.disclose()
    export_record(history.installation, tmp_path / "new")
    for name in ("old", "new"):
        assert verify(PublishedRecord(str(tmp_path / name))).ok


def test_checkpoint_and_disclosures_are_published_together(history: History) -> None:
    """What is shown at the checkpoint's size is exactly what is published with it."""
    published = publish(history.installation)
    assert published.size == open_note(published.checkpoint, history.installation.signer.vkey()).size
    with history.installation.store.reading() as connection:
        assert b"".join(disclosure_lines(connection)) == published.disclosures
    assert all(len(json.loads(line)) == 5 for line in published.disclosures.splitlines())


def test_a_running_site_shows_nothing_ahead_of_its_checkpoint(history: History) -> None:
    """What is not yet signed is signed first; what is signed is not signed again."""
    signer = history.installation.signer
    assert signer.published() is None
    lines = shown(history.installation)
    first = signer.published()
    assert first is not None
    assert lines == shown(history.installation) == publish(history.installation).disclosures
    assert signer.published() == first
    with history.transaction():
        history.disclose()
    shown(history.installation)
    assert signer.published() != first


def test_every_changed_file_of_an_export_is_found(history: History, tmp_path: Path) -> None:
    """A flipped byte anywhere in what a verifier reads is a finding, or a file that cannot be read."""
    export_record(history.installation, tmp_path / "record")
    rng = random.Random(3)
    log = tmp_path / "record" / "log"
    for path in sorted(path for path in log.rglob("*") if path.is_file() and "/tile/1/" not in str(path)):
        whole = path.read_bytes()
        changed = bytearray(whole)
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
        path.write_bytes(bytes(changed))
        assert not _holds(tmp_path / "record"), path
        path.write_bytes(whole)
        path.unlink()
        assert not _holds(tmp_path / "record"), path
        path.write_bytes(whole)
    assert _holds(tmp_path / "record")


def _holds(directory: Path) -> bool:
    try:
        return verify(PublishedRecord(str(directory))).ok
    except Exception as error:
        if type(error).__module__ != "ledger.errors":
            raise
        return False


def test_an_unreadable_entry_is_named_in_a_published_record(history: History, tmp_path: Path) -> None:
    """The first bad entry of an export is named by its place in the log."""
    export_record(history.installation, tmp_path / "record")
    path = tmp_path / "record/log/tile/entries/000"
    data = bytearray(path.read_bytes())
    data[2 + 5] ^= 1
    path.write_bytes(bytes(data))
    report = verify(PublishedRecord(str(tmp_path / "record")))
    assert report.first is not None
    assert report.first.index == 0
    path.write_bytes(bytes(data[:-1]))
    with pytest.raises(RecordUnreadable, match="tile/entries/000"):
        verify(PublishedRecord(str(tmp_path / "record")))


def test_nothing_is_written_over(installation: Installation, tmp_path: Path) -> None:
    """A directory with something in it, a file, or a draft left by a crash is refused with what to do."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full/a").touch()
    (tmp_path / ".draft.new").mkdir()
    for name in ("full", "full/a", "draft"):
        with pytest.raises(DirectoryNotEmpty, match="Remove it"):
            export_record(installation, tmp_path / name)


def test_a_database_that_does_not_continue_is_not_exported(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be signed cannot be published, and no half export is left."""

    def refuse(_engine: object) -> str:
        raise SignerRefused("it holds 1 entries where 2 were signed")

    monkeypatch.setattr(history.installation.signer, "sign", refuse)
    with pytest.raises(SignerRefused, match="Not signed"):
        export_record(history.installation, tmp_path / "record")
    assert not (tmp_path / "record").exists()


def test_tiles_beyond_the_log_are_refused(history: History) -> None:
    """Only what the log holds is served."""
    with history.installation.store.reading() as connection:
        assert len(hash_tile(connection, 0, 0)) == 256 * 32
        assert len(hash_tile(connection, 1, 0, 1)) == 32
        for number, width in ((5, 256), (-1, 256), (0, 0), (0, 257)):
            with pytest.raises(RecordUnreadable, match="tile/entries"):
                entry_bundle(connection, number, width)
            with pytest.raises(RecordUnreadable, match="tile/0"):
                hash_tile(connection, 0, number, width)
        for level in (-1, 2, 8):
            with pytest.raises(RecordUnreadable, match="tile/"):
                hash_tile(connection, level, 0, 1)


def test_tiles_have_their_places() -> None:
    """Each level holds one hash for each full tile below it."""
    assert list(tile_places(0)) == []
    assert list(tile_places(1)) == [(0, 0, 1)]
    assert list(tile_places(513)) == [(0, 0, 256), (0, 1, 256), (0, 2, 1), (1, 0, 2)]
    assert list(tile_places(65_536))[-2:] == [(1, 0, 256), (2, 0, 1)]


def test_a_verifier_needs_no_more_than_cryptography(history: History, tmp_path: Path) -> None:
    """With every other package blocked, a program of its own imports the verifier and verifies an export."""
    export_record(history.installation, tmp_path / "record")
    program = ALONE.format(blocked=BLOCKED)
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "record")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.stdout == f"True {history.installation.signer.size()} []\n"
