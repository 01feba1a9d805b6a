"""The signer: it never signs what does not continue what it signed, and it survives crashes."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import threading
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from ledger import signer as module
from ledger import tables
from ledger.check_views import verify_installation
from ledger.checkpoint import open_note
from ledger.database import FENCELESS
from ledger.database import FENCES
from ledger.entry import DISTRICT
from ledger.errors import BuurtkasError
from ledger.errors import SignerDamaged
from ledger.errors import SignerRefused
from ledger.merkle import EMPTY_ROOT
from ledger.merkle import leaf_hash
from tests.conftest import ORIGIN

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.installation import Installation
    from tests.conftest import MakeInstallation

POWER = "the power went"
NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


def _write(installation: Installation, count: int) -> None:
    with installation.store.writing(NOW) as appender:
        for _ in range(count):
            draft = installation.store.draft(DISTRICT, "run", {"size": 0, "rules": "5e" * 32}, {"hits": []})
            appender.append(draft)


def _sign(installation: Installation) -> str:
    return installation.signer.sign(installation.engine)


def _execute(installation: Installation, *statements: str) -> None:
    with installation.engine.execution_options(**FENCELESS).begin() as connection:
        for name in FENCES:
            connection.execute(sa.text(f"DROP TRIGGER {name}"))
        for statement in statements:
            connection.execute(sa.text(statement))


def test_the_checkpoint_covers_the_log(installation: Installation) -> None:
    """Size and root are those of all entries, and the note opens with the published key."""
    signer = installation.signer
    assert (signer.published(), signer.size(), signer.signed_leaves()) == (None, 0, b"")
    assert open_note(_sign(installation), signer.vkey()).root == EMPTY_ROOT
    _write(installation, 3)
    note = _sign(installation)
    assert (signer.published(), signer.size(), len(signer.signed_leaves())) == (note, 3, 96)
    assert open_note(note, signer.vkey()).size == 3
    assert verify_installation(installation).checkpoint == open_note(note, signer.vkey())


def test_signing_again_gives_the_same_bytes(installation: Installation) -> None:
    """Nothing new, nothing different."""
    _write(installation, 3)
    assert _sign(installation) == _sign(installation)


def test_a_crash_before_publishing_is_finished(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """The state is on disk before the checkpoint; the next run publishes what was left behind."""
    _write(installation, 2)
    first = _sign(installation)
    _write(installation, 2)
    durably = module.write_durably

    def crash(path: Path, data: bytes, mode: int) -> None:
        if path.name == module.CHECKPOINT:
            raise KeyboardInterrupt(POWER)
        durably(path, data, mode)

    with monkeypatch.context() as patch:
        patch.setattr(module, "write_durably", crash)
        with pytest.raises(KeyboardInterrupt, match=POWER):
            _sign(installation)
    assert installation.signer.published() == first
    assert installation.signer.size() == 4
    assert verify_installation(installation).unsigned == 2
    assert open_note(_sign(installation), installation.signer.vkey()).size == 4
    assert verify_installation(installation).ok


def test_a_crash_after_keeping_leaves_is_finished(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves beyond the state are not believed, and written over by the next run."""
    _write(installation, 2)
    _sign(installation)
    _write(installation, 2)

    def crash(_path: Path, _data: bytes, _mode: int) -> None:
        raise KeyboardInterrupt(POWER)

    with monkeypatch.context() as patch:
        patch.setattr(module, "write_durably", crash)
        with pytest.raises(KeyboardInterrupt, match=POWER):
            _sign(installation)
    assert (installation.signer.size(), len(installation.signer.signed_leaves())) == (2, 64)
    _sign(installation)
    assert len(installation.signer.signed_leaves()) == 128


def test_lost_leaves_are_not_guessed(installation: Installation) -> None:
    """Without its leaves the signer goes on signing; the verifier then knows the root alone."""
    _write(installation, 2)
    _sign(installation)
    (installation.signer.directory / module.LEAVES).unlink()
    assert installation.signer.signed_leaves() == b""
    _write(installation, 1)
    _sign(installation)
    assert installation.signer.signed_leaves() == b""
    assert verify_installation(installation).ok


@pytest.mark.parametrize(
    ("statements", "what"),
    [
        (["DELETE FROM entry WHERE idx >= 1", "UPDATE log_head SET size = 1"], "holds 1 entries where 2 were signed"),
        (["DELETE FROM log_head"], "head is missing"),
        (["UPDATE log_head SET size = 'x'"], "head is missing"),
        (["DELETE FROM entry WHERE idx = 2"], "entry 2 of the log is missing"),
        (["DELETE FROM entry WHERE idx = 3"], "head says 4 entries, 3 are there"),
        (["UPDATE entry SET body = x'00' WHERE idx = 2"], "entry 2 .* does not hash to its leaf"),
        (["UPDATE entry SET body = 'text' WHERE idx = 2"], "entry 2 .* does not hash to its leaf"),
        (["UPDATE entry SET hash = 5 WHERE idx = 3"], "entry 3 .* does not hash to its leaf"),
    ],
)
def test_a_log_that_does_not_continue_is_not_signed(
    installation: Installation, statements: list[str], what: str
) -> None:
    """A shortened log or an altered entry is refused, and the checkpoint stays as it was."""
    _write(installation, 2)
    first = _sign(installation)
    _write(installation, 2)
    _execute(installation, *statements)
    with pytest.raises(SignerRefused, match=what):
        _sign(installation)
    assert (installation.signer.published(), installation.signer.size()) == (first, 2)


def test_an_entry_altered_after_signing_is_never_signed(installation: Installation) -> None:
    """The tree grows from the signer's own state, so that a rewritten past does not enter it; verify names it."""
    _write(installation, 4)
    _sign(installation)
    _execute(installation, "UPDATE entry SET body = (SELECT body FROM entry WHERE idx = 2) WHERE idx = 1")
    _write(installation, 1)
    _sign(installation)
    report = verify_installation(installation)
    assert report.first is not None
    assert report.first.index == 1


STATES = (
    *(b"", b"{}", b"[]", b"null", b'{"size":1,"nodes":[]}', b'{"size":1,"nodes":["zz"]}', b'{"size":1.5,"nodes":[]}'),
    *(b'{"size":null,"nodes":[]}', b'{"size":1,"nodes":[5]}', b'{"size":1,"nodes":5}', b"[" * 100_000, b"\xff"),
)


@pytest.mark.parametrize("state", STATES)
def test_a_damaged_state_stops_the_signer(installation: Installation, state: bytes) -> None:
    """A signer that does not know what it signed signs nothing, and verify says why."""
    (installation.signer.directory / module.STATE).write_bytes(state)
    with pytest.raises(SignerRefused, match="own state cannot be read"):
        _sign(installation)
    report = verify_installation(installation)
    assert report.first is not None
    assert report.first.what.startswith("signer: ")


def test_a_state_that_does_not_lead_to_the_log_signs_nothing(installation: Installation) -> None:
    """One damaged digit, and leaves that are lost: the root that would be signed is not the log's."""
    _write(installation, 3)
    _sign(installation)
    before = installation.signer.published()
    path = installation.signer.directory / module.STATE
    state = json.loads(path.read_text())
    state["nodes"][0] = "00" * 32
    path.write_text(json.dumps(state))
    (installation.signer.directory / module.LEAVES).unlink()
    _write(installation, 1)
    with pytest.raises(SignerRefused, match="first 3 entries lead to another root than was signed"):
        _sign(installation)
    assert installation.signer.published() == before


def test_the_signer_of_another_log_signs_nothing(make_installation: MakeInstallation) -> None:
    """Also where both logs are called the same, and the leaves of the other one are lost."""
    one, other = make_installation("one"), make_installation("other")
    for installation in (one, other):
        _write(installation, 3)
        _sign(installation)
    for name in (module.KEY, module.VKEY, module.STATE, module.CHECKPOINT):
        shutil.copy(other.signer.directory / name, one.signer.directory / name)
    (one.signer.directory / module.LEAVES).unlink()
    _write(one, 1)
    with pytest.raises(SignerRefused, match="lead to another root"):
        _sign(one)


def _with_older_state(installation: Installation) -> None:
    """Sign two entries and then two more, and put the first state back."""
    _write(installation, 2)
    _sign(installation)
    path = installation.signer.directory / module.STATE
    old = path.read_bytes()
    _write(installation, 2)
    _sign(installation)
    path.write_bytes(old)


def test_a_state_put_back_signs_on_where_the_log_holds_what_was_published(installation: Installation) -> None:
    """The newest checkpoint beside it says what was signed last."""
    _with_older_state(installation)
    _write(installation, 1)
    assert open_note(_sign(installation), installation.signer.vkey()).size == 5
    assert verify_installation(installation).ok


def test_a_state_put_back_does_not_sign_another_log(installation: Installation) -> None:
    """A database put back with it, and written on, does not hold what the newest checkpoint says."""
    _with_older_state(installation)
    _execute(
        installation,
        "DELETE FROM entry WHERE idx >= 2",
        "DELETE FROM private_value WHERE idx >= 2",
        "DELETE FROM run WHERE idx >= 2",
        "UPDATE book_head SET length = 2, hash = (SELECT hash FROM entry WHERE idx = 1)",
        "UPDATE log_head SET size = 2",
    )
    before = installation.signer.published()
    with pytest.raises(SignerRefused, match="holds 2 entries where 4 were signed"):
        _sign(installation)
    _write(installation, 3)
    with pytest.raises(SignerRefused, match="first 4 entries lead to another root"):
        _sign(installation)
    assert installation.signer.published() == before


def test_a_state_put_back_signs_no_altered_entry_below_a_kept_node(installation: Installation) -> None:
    """The nodes of the tree say what was signed, the entries below them do not any more."""
    _with_older_state(installation)
    state = (installation.signer.directory / module.STATE).read_bytes()
    _write(installation, 300)
    before = _sign(installation)
    (installation.signer.directory / module.STATE).write_bytes(state)
    with installation.store.reading() as connection:
        body = connection.execute(sa.select(tables.entry.c.body).where(tables.entry.c.idx == 7)).scalar_one()
    altered = body.replace(b"5e5e", b"5e5f", 1)
    _execute(
        installation,
        f"UPDATE entry SET body = x'{altered.hex()}', hash = x'{leaf_hash(altered).hex()}' WHERE idx = 7",
    )
    with pytest.raises(SignerRefused, match="first 304 entries lead to another root"):
        _sign(installation)
    assert installation.signer.published() == before


def test_a_hash_that_is_none_is_not_signed_over(installation: Installation) -> None:
    """Whatever stands in the place of a hash, the signer says so in words."""
    _write(installation, 2)
    _sign(installation)
    _execute(installation, "UPDATE entry SET hash = 'text' WHERE idx = 0")
    with pytest.raises(SignerRefused, match="lead to another root"):
        _sign(installation)


@pytest.mark.parametrize(
    ("key", "what"),
    [(b"", "key cannot be read"), (b"x" * 31, "key cannot be read"), (b"x" * 32, "not the one that verifiers have")],
)
def test_a_key_that_is_not_the_verifiers_signs_nothing(installation: Installation, key: bytes, what: str) -> None:
    """Cut short, or another one: no checkpoint is made that nobody could verify."""
    _write(installation, 2)
    _sign(installation)
    before = installation.signer.published()
    (installation.signer.directory / module.KEY).write_bytes(key)
    with pytest.raises(SignerDamaged, match=what):
        _sign(installation)
    assert installation.signer.published() == before


def test_a_signer_that_was_half_made_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key comes last, so that making one again never finds a key without a state."""
    durably = module.write_durably
    for broken in (module.VKEY, module.LEAVES, module.STATE, module.KEY):

        def crash(path: Path, data: bytes, mode: int = 0o600, at: str = broken) -> None:
            if path.name == at:
                raise KeyboardInterrupt(POWER)
            durably(path, data, mode)

        with monkeypatch.context() as patch:
            patch.setattr(module, "write_durably", crash)
            with pytest.raises(KeyboardInterrupt, match=POWER):
                module.Signer(tmp_path / "signer", ORIGIN).create()
    signer = module.Signer(tmp_path / "signer", ORIGIN)
    signer.create()
    assert (signer.size(), signer.has_key()) == (0, True)


def test_two_signers_at_once_sign_one_log(installation: Installation) -> None:
    """Each waits for the other; every checkpoint holds, and the last one covers all."""
    _write(installation, 1)
    stop = threading.Event()
    failed: list[Exception] = []

    def sign_on() -> None:
        signer = module.Signer(installation.signer.directory, installation.settings.origin)
        while not stop.is_set():
            try:
                signer.sign(installation.engine)
            except BuurtkasError as error:
                failed.append(error)
                return

    threads = [threading.Thread(target=sign_on) for _ in range(2)]
    for thread in threads:
        thread.start()
    for _ in range(10):
        _write(installation, 2)
    stop.set()
    for thread in threads:
        thread.join()
    assert failed == []
    _sign(installation)
    assert verify_installation(installation).ok
    assert len(installation.signer.signed_leaves()) == 21 * 32


def test_key_and_state_are_for_the_owner_alone(installation: Installation) -> None:
    """Nobody else on the machine reads the key."""
    directory = installation.signer.directory
    assert directory.stat().st_mode & 0o077 == 0
    assert (directory / module.KEY).stat().st_mode & 0o077 == 0
    assert json.loads((directory / module.STATE).read_text()) == {"size": 0, "nodes": []}


def test_a_database_put_back_and_written_on_is_refused(installation: Installation) -> None:
    """After the last signed entry was replaced by another, the signer signs nothing that follows."""
    _write(installation, 1)
    _sign(installation)
    _execute(
        installation,
        "DELETE FROM entry",
        "DELETE FROM private_value",
        "DELETE FROM book_head",
        "DELETE FROM run",
        "UPDATE log_head SET size = 0, recorded_at = NULL",
    )
    _write(installation, 2)
    with pytest.raises(SignerRefused, match="entry 0 of the log is another one than was signed"):
        _sign(installation)
