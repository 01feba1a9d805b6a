"""Where a file's bytes lie makes no difference to what is read, and none to how little memory that takes."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

import pytest

from importers import source as module
from importers.errors import FileTooLarge
from importers.errors import UnknownFormat
from importers.reading import read
from importers.source import refuse_endless
from importers.source import source_of
from tests.unit.importers.measuring import apart

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.importers.conftest import CamtWriter


def test_bytes_a_path_and_an_opened_file_read_the_same(camt: CamtWriter, tmp_path: Path) -> None:
    """Also where the opened file does not stand at its beginning; it stays open."""
    data = camt.one(camt.entry(-1))
    path = tmp_path / "a.xml"
    path.write_bytes(data)
    with path.open("rb") as opened:
        opened.seek(9)
        assert read(data) == read(path) == read(opened)
        assert not opened.closed


def test_a_pipe_is_read_too(camt: CamtWriter, tmp_path: Path) -> None:
    """As the shell gives it: it is taken into memory."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    data = camt.one(camt.entry(-1))
    if os.fork() == 0:
        pipe.write_bytes(data)
        os._exit(0)
    assert read(pipe) == read(data)
    os.wait()


def test_a_pipe_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes out of it has a limit."""
    monkeypatch.setattr(module, "MAX_BYTES", 1000)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    if os.fork() == 0:
        pipe.write_bytes(b"x" * 1001)
        os._exit(0)
    with pytest.raises(FileTooLarge, match="at most"):
        read(pipe)
    os.wait()


def test_an_empty_file_is_one_wherever_it_lies(tmp_path: Path) -> None:
    """An empty file cannot be mapped; it is refused as empty bytes are."""
    path = tmp_path / "empty"
    path.touch()
    for given in (b"", path, io.BytesIO()):
        with pytest.raises(UnknownFormat, match="an empty file"):
            read(given)
    assert source_of(path).octets() == b""


@pytest.mark.parametrize("size", [2, 999, 65_536, 65_537, 200_000])
def test_the_longest_stretch_is_measured_over_pieces(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever way the file is cut into pieces."""
    for piece in (7, 65_536):
        monkeypatch.setattr(module, "LOOK_AT", piece)
        source = source_of(b"x\n" + b"x" * size + b"\r" + b"x\r\n" * 40)
        refuse_endless(source, b"\n\r", size, "a line")
        with pytest.raises(FileTooLarge, match="a line"):
            refuse_endless(source, b"\n\r", size - 1, "a line")


@pytest.mark.parametrize("days", [1, 250], ids=["one statement", "a statement each day"])
def test_four_times_as_many_lines_take_no_more_memory(camt: CamtWriter, tmp_path: Path, days: int) -> None:
    """Ten thousand and forty thousand lines, in one statement or in very many."""
    details = camt.details(name="Kwekerij Vlier", iban="NL02ABNA0123456789", text="planten voor de tuin")
    forty = "".join(camt.entry(-n, details=details) for n in range(1, 41))
    grown = []
    for times in (1, 4):
        path = tmp_path / f"{times}.xml"
        statement = camt.statement(forty * (250 // days))
        path.write_bytes(camt.file(*[statement.replace("<Id>S1", f"<Id>S{n}") for n in range(days * times)]))
        if days == 1:
            path.write_bytes(camt.one(forty * 250 * times))
        grown.append(float(str(apart(path)["megabytes"])))
    assert grown[1] < grown[0] + 4, grown
