"""Reading the published record: paths, files, sites, and what is missing or damaged."""

from __future__ import annotations

import http.client
import io
import json
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import pytest

from ledger.errors import RecordUnreadable
from ledger.record import PublishedRecord
from ledger.record import tile_path

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("level", "number", "width", "path"),
    [
        ("0", 0, 256, "tile/0/000"),
        ("0", 1234067, 256, "tile/0/x001/x234/067"),
        ("entries", 999, 256, "tile/entries/999"),
        ("entries", 1000, 256, "tile/entries/x001/000"),
        ("1", 5, 17, "tile/1/005.p/17"),
    ],
)
def test_tiles_have_the_paths_of_the_specification(level: str, number: int, width: int, path: str) -> None:
    """C2SP tlog-tiles: three digits a part, all but the last after an x; partial tiles name their width."""
    assert tile_path(level, number, width) == path


@pytest.mark.parametrize(
    "line",
    [
        b"x",
        b"[]",
        b"5",
        b"{}",
        b'["district",0,"name","00"]',
        b'[0,0,"name","00",null]',
        b'["district",true,"name","00",null]',
        b'["district",1e999,"name","00",null]',
        b'["district",0,null,"00",null]',
        b'["district",0,"name",0,null]',
        b"[" * 100_000,
        b"\xff",
    ],
)
def test_a_damaged_disclosure_is_unreadable(tmp_path: Path, line: bytes) -> None:
    """A line that is no disclosure is refused with one kind of error."""
    (tmp_path / "log").mkdir()
    (tmp_path / "log/disclosures").write_bytes(line + b"\n")
    with pytest.raises(RecordUnreadable, match="log/disclosures"):
        list(PublishedRecord(str(tmp_path)).disclosures())


def test_a_disclosure_is_read_from_its_line(tmp_path: Path) -> None:
    """A line holds book, place, field, salt and value."""
    (tmp_path / "log").mkdir()
    (tmp_path / "log/disclosures").write_text(json.dumps(["district", 3, "name", "00", {"a": 1}]) + "\n")
    (item,) = PublishedRecord(str(tmp_path)).disclosures()
    assert (item.book, item.seq, item.field, item.opening.value) == ("district", 3, "name", {"a": 1})


def test_a_missing_file_is_unreadable(tmp_path: Path) -> None:
    """A directory that is no record says which file it lacks."""
    with pytest.raises(RecordUnreadable, match="log/vkey"):
        PublishedRecord(str(tmp_path)).vkey()


@pytest.mark.parametrize(
    "failure",
    [
        urllib.error.URLError("refused"),
        TimeoutError(),
        ConnectionResetError(),
        http.client.IncompleteRead(b""),
        http.client.InvalidURL("x"),
        ValueError("unknown url type"),
    ],
    ids=lambda failure: type(failure).__name__,
)
def test_a_site_that_fails_is_unreadable(monkeypatch: pytest.MonkeyPatch, failure: Exception) -> None:
    """Whatever goes wrong on the way, the reader says which file could not be had."""

    def fail(*_: object, **__: object) -> None:
        raise failure

    monkeypatch.setattr(urllib.request, "urlopen", fail)
    with pytest.raises(RecordUnreadable, match="log/checkpoint"):
        PublishedRecord("http://buurtkas.example/").checkpoint()


def test_a_site_is_read_below_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """The record of a running site stands under one address, with or without a slash."""
    asked: list[str] = []

    def answer(request: urllib.request.Request, **_: object) -> io.BytesIO:
        asked.append(request.full_url)
        return io.BytesIO(b"")

    monkeypatch.setattr(urllib.request, "urlopen", answer)
    assert PublishedRecord("https://buurtkas.example/a/").checkpoint() is None
    assert asked == ["https://buurtkas.example/a/log/checkpoint"]
