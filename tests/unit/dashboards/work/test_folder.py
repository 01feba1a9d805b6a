"""The folder of deliveries: what is claimed and when, and where files go."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from dashboards.work import folder as folders
from dashboards.work.errors import FolderHeld
from dashboards.work.folder import Folder
from dashboards.work.folder import Growing
from dashboards.work.folder import content_of
from importers.errors import FileTooLarge

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    """A folder that this process holds."""
    found = Folder(tmp_path)
    with found.held():
        yield found


def names(paths: list[Path]) -> list[str]:
    return [path.name for path in paths]


def test_a_file_is_claimed_once_it_stood_still(folder: Folder) -> None:
    """The first look sees it, the second claims it, and then it lies in work/ alone."""
    (folder.path / "a.xml").write_bytes(b"1")
    assert folder.claimed() == []
    assert folder.waiting() == ["a.xml"]
    assert names(folder.claimed()) == ["a.xml"]
    assert (folder.waiting(), (folder.path / "a.xml").exists()) == ([], False)


def test_a_file_that_grows_waits(folder: Folder) -> None:
    """Each change begins the waiting anew, also one that leaves the size as it was."""
    path = folder.path / "a.xml"
    path.write_bytes(b"1")
    folder.claimed()
    path.write_bytes(b"12")
    assert folder.claimed() == []
    path.write_bytes(b"21")
    os.utime(path, (1, 1))
    assert folder.claimed() == []
    assert names(folder.claimed()) == ["a.xml"]


def test_a_file_that_is_open_for_writing_waits(folder: Folder) -> None:
    """However long it stood still."""
    with (folder.path / "a.xml").open("wb") as writer:
        writer.write(b"1")
        writer.flush()
        folder.claimed()
        assert folder.claimed() == []
    folder.claimed()
    assert names(folder.claimed()) == ["a.xml"]


@pytest.mark.parametrize("name", ["a.part", "a.xml.tmp", "a.FILEPART", ".a.xml"])
def test_names_of_unfinished_files_are_left_alone(folder: Folder, name: str) -> None:
    """Until their sender renames them; then they stand still once more."""
    (folder.path / name).write_bytes(b"1")
    folder.claimed()
    assert folder.claimed() == []
    (folder.path / name).rename(folder.path / "whole.xml")
    assert folder.claimed() == []
    assert names(folder.claimed()) == ["whole.xml"]


def test_links_folders_and_pipes_are_left_alone(folder: Folder, tmp_path: Path) -> None:
    """Whatever is no plain file stays where it is."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "a.xml").write_bytes(b"1")
    (folder.path / "link.xml").symlink_to(elsewhere / "a.xml")
    os.mkfifo(folder.path / "pipe.xml")
    folder.claimed()
    assert folder.claimed() == []
    assert (folder.path / "link.xml").is_symlink()


def test_the_oldest_comes_first(folder: Folder) -> None:
    """Statements follow each other."""
    for name, second in (("b.xml", 1), ("a.xml", 2)):
        (folder.path / name).write_bytes(b"1")
        os.utime(folder.path / name, (second, second))
    folder.claimed()
    assert names(folder.claimed()) == ["b.xml", "a.xml"]


def test_what_lies_in_work_is_claimed_already(folder: Folder) -> None:
    """It was claimed before an interruption."""
    (folder.path / "work" / "a.xml").write_bytes(b"1")
    assert names(folder.claimed()) == ["a.xml"]


def test_no_name_is_ever_overwritten(folder: Folder) -> None:
    """A file whose name is taken gets a number, and its reason with it."""
    found = []
    for _ in range(3):
        path = folder.path / "work" / "a.xml"
        path.write_bytes(b"1")
        found.append(folder.finish(path).name)
        path.write_bytes(b"2")
        found.append(folder.refuse(path, "Because.").name)
    assert found == ["a.xml", "a.xml", "a-2.xml", "a-2.xml", "a-3.xml", "a-3.xml"]
    assert (folder.path / "refused" / "a-3.xml.reason.txt").read_text() == "Because.\n"


def test_a_reason_takes_the_place_of_no_file(folder: Folder) -> None:
    """Not even of one that is named like a reason."""
    for name in ("a.xml.reason.txt", "a.xml"):
        path = folder.path / "work" / name
        path.write_bytes(name.encode())
        folder.refuse(path, "Because.")
    assert (folder.path / "refused" / "a.xml.reason.txt").read_text() == "a.xml.reason.txt"
    assert (folder.path / "refused" / "a-2.xml").read_text() == "a.xml"


def test_a_very_long_name_is_cut(folder: Folder) -> None:
    """So that there is room for a number and for the reason beside it."""
    (folder.path / ("x" * 251 + ".xml")).write_bytes(b"1")
    folder.claimed()
    (path,) = folder.claimed()
    assert folder.refuse(path, "Because.").name == "x" * 196 + ".xml"


def test_one_process_holds_a_folder(folder: Folder) -> None:
    """The second is told so, and may when the first lets go."""
    with pytest.raises(FolderHeld, match="Another `buurtkas watch` looks after"), Folder(folder.path).held():
        pass


def test_a_claimed_file_that_changes_is_not_read(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer that comes back is seen, and the file goes back to where it was dropped."""
    path = folder.path / "work" / "a.xml"
    path.write_bytes(b"1")
    assert content_of(path) == b"1"
    marks = iter([folders.Mark(1, 1, 1, 1), folders.Mark(1, 1, 2, 2)])
    monkeypatch.setattr(folders, "_mark", lambda _: next(marks))
    with pytest.raises(Growing):
        content_of(path)
    folder.give_back(path)
    assert (folder.path / "a.xml").exists()


def test_a_file_larger_than_any_is_not_read(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is refused before a byte of it is read."""
    monkeypatch.setattr(folders, "MAX_BYTES", 0)
    path = folder.path / "work" / "a.xml"
    path.write_bytes(b"1")
    with pytest.raises(FileTooLarge, match="at most 0 MB is read"):
        content_of(path)
