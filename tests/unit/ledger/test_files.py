"""Keeping files by their content: once, whole or not at all, wherever they come from."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

import pytest

from ledger import files
from ledger.files import digest_of
from ledger.files import keep
from ledger.files import place_of

if TYPE_CHECKING:
    from pathlib import Path

CONTENT = b"a statement" * 400_000
NAME = hashlib.sha256(CONTENT).hexdigest()


def test_bytes_a_path_and_an_opened_file_are_the_same(tmp_path: Path) -> None:
    """The same content has the same name and one place."""
    path = tmp_path / "statement.xml"
    path.write_bytes(CONTENT)
    stream = io.BytesIO(CONTENT)
    stream.seek(5)
    for content in (CONTENT, path, stream):
        assert digest_of(content) == keep(tmp_path / "files", content) == NAME
    assert not stream.closed
    place = place_of(tmp_path / "files", NAME)
    assert place.read_bytes() == CONTENT
    assert [found for found in (tmp_path / "files").rglob("*") if found.is_file()] == [place]


def test_what_is_kept_is_not_copied_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only looked at."""
    keep(tmp_path, CONTENT)
    monkeypatch.setattr(files, "_copied", None)
    assert keep(tmp_path, CONTENT) == NAME


def test_a_crash_while_copying_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No name, and no half a file."""

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        keep(tmp_path, CONTENT)
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_named_by_what_was_copied(tmp_path: Path) -> None:
    """Whoever writes meanwhile changes the name, never what lies under one."""
    path = tmp_path / "growing"
    path.write_bytes(CONTENT)

    class Growing(io.BytesIO):
        """Has another byte each time it is read from its beginning."""

        def seek(self, offset: int, whence: int = 0, /) -> int:
            super().seek(0, 2)
            self.write(b"x")
            return super().seek(offset, whence)

    name = keep(tmp_path / "files", Growing(CONTENT))
    assert name == hashlib.sha256(CONTENT + b"xx").hexdigest()
    assert digest_of(place_of(tmp_path / "files", name)) == name
