"""What is moved to its place is there as a whole, or taken back; one process is at it at a time."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from dashboards.work import placing
from dashboards.work.errors import RestoreRefused
from dashboards.work.placing import draft_beside
from dashboards.work.placing import move
from dashboards.work.placing import take_back

POWER = "the power went"


def _tree(directory: Path) -> dict[str, str]:
    """Return every file below a directory with what is in it."""
    return {path.relative_to(directory).as_posix(): path.read_text() for path in directory.rglob("*") if path.is_file()}


def _restore(directory: Path, place: Path) -> None:
    """Make an installation with a signer of its own, and move it to its place."""
    with draft_beside(directory, place) as draft:
        _made(draft, signer=True)
        move(draft, directory, place)


def _made(draft: Path, *, signer: bool) -> None:
    """Fill a draft with what an installation is made of."""
    names = ["settings.toml", "secret", "ledger.sqlite3", "files/ab/abcd"]
    for name in [*names, *(("signer/key", "signer/vkey") if signer else ())]:
        (draft / name).parent.mkdir(parents=True, exist_ok=True)
        (draft / name).write_text(f"new {name}")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where the signer's directory is; it has a key."""
    found = tmp_path / "book" / "signer"
    found.mkdir(parents=True)
    for name in ("key", "vkey"):
        (found / name).write_text(f"old {name}")
    return found


@pytest.mark.parametrize("signer", [False, True], ids=["the same signer", "another signer"])
@pytest.mark.parametrize("renames", range(7))
def test_a_move_that_is_cut_off_is_taken_back(
    tmp_path: Path, place: Path, monkeypatch: pytest.MonkeyPatch, renames: int, *, signer: bool
) -> None:
    """After any number of renames there is what was before; or all, once the settings are there."""
    draft, directory, done = tmp_path / "book.restore", tmp_path / "book", 0
    _made(draft, signer=signer)
    before, rename, shift = _tree(directory), Path.rename, shutil.move

    def count() -> None:
        nonlocal done
        if done == renames:
            raise KeyboardInterrupt(POWER)
        done += 1

    def cut(path: Path, target: Path) -> Path:
        count()
        return rename(path, target)

    def cut_shift(source: Path, target: Path) -> None:
        count()
        shift(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", cut)
        patch.setattr(shutil, "move", cut_shift)
        try:
            move(draft, directory, place)
        except KeyboardInterrupt:
            cut_off = True
        else:
            cut_off = False
    assert cut_off == (renames < (6 if signer else 4))
    take_back(draft, directory, place)
    if cut_off:
        assert _tree(directory) == before
    else:
        assert _tree(directory)["settings.toml"] == "new settings.toml"
        assert _tree(directory)["signer/key"] == ("new signer/key" if signer else "old key")


def test_half_a_signer_on_another_disk_is_taken_back(tmp_path: Path, place: Path) -> None:
    """There a move is a copy: what was copied goes again, and the old one comes back."""
    draft, directory = tmp_path / "book.restore", tmp_path / "book"
    draft.mkdir()
    (draft / placing.NOTE).write_text('{"vkey": "new"}')
    place.rename(directory / "signer.before")
    place.mkdir()
    (place / "leaves").write_text("half")
    take_back(draft, directory, place)
    assert _tree(directory) == {"signer/key": "old key", "signer/vkey": "old vkey"}


def test_a_signer_that_somebody_put_there_meanwhile_stays(tmp_path: Path, place: Path) -> None:
    """It is none that was made here."""
    draft, directory = tmp_path / "book.restore", tmp_path / "book"
    draft.mkdir()
    (draft / placing.NOTE).write_text('{"vkey": "new"}')
    take_back(draft, directory, place)
    assert _tree(directory) == {"signer/key": "old key", "signer/vkey": "old vkey"}


def test_what_an_earlier_one_left_is_taken_back_first(tmp_path: Path, place: Path) -> None:
    """Its process was killed, so that whoever comes next finds a note, and empties the draft."""
    draft, directory = tmp_path / "book.restore", tmp_path / "book"
    _made(draft, signer=False)
    (draft / placing.NOTE).write_text('{"vkey": null}')
    (draft / "secret").rename(directory / "secret")
    with draft_beside(directory, place) as found:
        assert list(found.iterdir()) == []
        assert _tree(directory) == {"signer/key": "old key", "signer/vkey": "old vkey"}
    assert not draft.exists()


def test_a_failure_while_moving_leaves_nothing(tmp_path: Path, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is taken back at once."""
    directory = tmp_path / "book"
    before, rename = _tree(directory), Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if path.name == "ledger.sqlite3":
            raise PermissionError(POWER)
        return rename(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", refuse)
        with pytest.raises(PermissionError, match=POWER):
            _restore(directory, place)
    assert _tree(directory) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["book"]


def test_two_at_once_do_not_disturb_each_other(tmp_path: Path, place: Path) -> None:
    """The second is told to wait, and the first goes on."""
    with draft_beside(tmp_path / "book", place) as draft:
        (draft / "mine").write_text("x")
        with pytest.raises(RestoreRefused, match="already"), draft_beside(tmp_path / "book", place):
            pass
        assert (draft / "mine").exists()


def test_a_draft_of_somebody_else_is_refused(tmp_path: Path, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who owns it could change what is restored; a link leads nobody elsewhere either."""
    draft = tmp_path / "book.restore"
    draft.mkdir()
    with monkeypatch.context() as patch:
        patch.setattr(os, "geteuid", lambda: 12345)
        with pytest.raises(RestoreRefused, match="belongs to somebody else"), draft_beside(tmp_path / "book", place):
            pass
    draft.rmdir()
    draft.symlink_to(tmp_path)
    with pytest.raises(OSError, match=r"book\.restore"), draft_beside(tmp_path / "book", place):
        pass


def test_an_old_signer_is_never_written_over(tmp_path: Path, place: Path) -> None:
    """One that was kept at an earlier restore has to be put away first."""
    (tmp_path / "book" / "signer.before").mkdir()
    _made(tmp_path / "draft", signer=True)
    with pytest.raises(RestoreRefused, match="Put it away"):
        move(tmp_path / "draft", tmp_path / "book", place)
    assert (place / "key").read_text() == "old key"
