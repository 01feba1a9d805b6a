"""A ZIP of bank files is read file by file, whole or not at all, and a hostile one costs nothing."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
from typing import TYPE_CHECKING

import pytest

from importers.archive import MAX_FILES
from importers.errors import FileTooLarge
from importers.errors import ForbiddenContent
from importers.errors import MalformedFile
from importers.errors import MemberRefused
from importers.errors import UnknownFormat
from importers.errors import UnreadableFile
from importers.progress import Step
from importers.reading import read

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from importers.statement import Statement
    from tests.unit.importers.conftest import CamtWriter
    from tests.unit.importers.conftest import IngWriter

SWIFT = (
    b":20:1\n:25:NL69INGB0123456789\n:28C:1\n:60F:C250301EUR1,00\n:61:2503010301D1,00NTRFNONREF\n:62F:C250301EUR0,00\n-"
)


def _zip(*files: tuple[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a ZIP of files."""
    whole = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(whole, "w", packing) as archive:
        warnings.simplefilter("ignore", UserWarning)  # two files of one name
        for name, content in files:
            archive.writestr(name, content)
    return whole.getvalue()


def test_trap_11_a_zip_holds_several_files(camt: CamtWriter, ing: IngWriter, tmp_path: Path) -> None:
    """Of any format, in the order of the ZIP; each statement says which file it came in."""
    two = camt.file(camt.statement(camt.entry(-1), number="1"), camt.statement(camt.entry(-2), number="2"))
    whole = _zip(("maart/1.xml", two), ("2.sta", SWIFT), ("3.csv", ing.file(ing.row(-3))))
    path = tmp_path / "maart.zip"
    path.write_bytes(whole)
    for source in (whole, path):
        statements = read(source)
        assert [(one.format, one.member) for one in statements] == [
            ("camt.053.001.02", "1"), ("camt.053.001.02", "1"), ("mt940", "2"), ("csv", "3"),
        ]  # fmt: skip
        assert [line.amount_minor for one in statements for line in one.lines] == [-1, -2, -100, -3]


def test_what_a_computer_adds_is_no_file(camt: CamtWriter) -> None:
    """Folders and a Mac's or Windows's own notes."""
    added = [("a/", b""), ("__MACOSX/a/._1.xml", b"\0\5"), ("a/.DS_Store", b"\0Bud1"), ("Thumbs.db", b"\xd0\xcf")]
    (statement,) = read(_zip(*((name, content) for name, content in added), ("a/1.xml", camt.one(camt.entry(-1)))))
    assert statement.member == "1"


def test_the_same_statement_in_two_files_is_no_double(camt: CamtWriter) -> None:
    """Files of a ZIP may overlap as files that come one by one do; within one of them it stays a problem."""
    one = camt.statement(camt.entry(-1))
    apart = read(_zip(("1.xml", camt.file(one)), ("2.xml", camt.file(one))))
    assert [statement.problems for statement in apart] == [(), ()]
    together = read(_zip(("1.xml", camt.file(one, one))))
    assert [problem.code for statement in together for problem in statement.problems] == ["double"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"%PDF-1.7", "file 2 in it is refused. This is a PDF"),
        (b"", "file 2 in it is refused. This is an empty file"),
        (_zip(("x", b"x")), "a ZIP or a workbook inside a ZIP"),
        (b"<Document xmlns='camt.053'><!DOCTYPE x>", "a DOCTYPE"),
    ],
)
def test_a_file_that_is_no_statement_refuses_the_whole(camt: CamtWriter, content: bytes, why: str) -> None:
    """The refusal names the file by its place, never by its name."""
    with pytest.raises(MemberRefused, match=why) as refused:
        read(_zip(("1.xml", camt.one(camt.entry(-1))), ("jansen.pdf", content)))
    assert refused.value.number == 2
    assert "jansen" not in str(refused.value)


def test_a_workbook_is_no_archive() -> None:
    """Excel and OpenDocument files are ZIPs too."""
    with pytest.raises(MalformedFile, match="In the workbook: it is damaged"):
        read(_zip(("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook/>")))


@pytest.mark.parametrize("name", ["../1.xml", "a/../../1.xml", "/etc/1.xml", "C:\\1.xml", "..\\1.xml", "\\1.xml"])
def test_names_that_lead_elsewhere_are_refused(camt: CamtWriter, name: str) -> None:
    """No name is ever used, and such a one no bank gives."""
    with pytest.raises(ForbiddenContent, match="leads out of the ZIP"):
        read(_zip((name, camt.one(camt.entry(-1)))))


def test_two_files_of_one_name_are_refused(camt: CamtWriter) -> None:
    """Which of them another program would show is anybody's guess."""
    one = camt.one(camt.entry(-1))
    with pytest.raises(ForbiddenContent, match="same name"):
        read(_zip(("1.xml", one), ("1.xml", one)))


def test_a_file_without_a_name_is_refused() -> None:
    """No program writes one."""
    with pytest.raises(ForbiddenContent, match="name"):
        read(_zip(("maart.sta", SWIFT)).replace(b"maart.sta", b"\0aart.sta"))


def test_a_zip_without_files_is_refused() -> None:
    """An empty one, and one of folders alone."""
    for whole in (_zip(), _zip(("a/", b""))):
        with pytest.raises(UnknownFormat, match="without a file"):
            read(whole)


def test_too_many_files_are_refused() -> None:
    """By their number, before any of them is looked at; also where the number is hidden."""
    whole = _zip(*((f"{n}.xml", b"x") for n in range(MAX_FILES + 1)))
    with pytest.raises(FileTooLarge, match="1,000 files"):
        read(whole)
    hidden = whole[:-22] + whole[-22:].replace(struct.pack("<HH", *[MAX_FILES + 1] * 2), struct.pack("<HH", 1, 1))
    assert hidden != whole
    with pytest.raises(FileTooLarge, match="1,000 files"):
        read(hidden)


def test_a_file_that_is_packed_too_tightly_is_refused() -> None:
    """Zeros pack a thousand times smaller, a bank's file forty times."""
    with pytest.raises(ForbiddenContent, match="more tightly"):
        read(_zip(("1.xml", b"<" + b" " * 20_000_000)))


def _declaring(size: int) -> bytes:
    """Return a ZIP whose list claims that its file is so large."""
    whole = bytearray(_zip(("1.xml", b"<" * 2_000_000), packing=zipfile.ZIP_STORED))
    at = whole.index(b"PK\x01\x02")
    whole[at + 20 : at + 28] = struct.pack("<II", size // 2, size)
    return bytes(whole)


def test_a_zip_that_is_too_large_when_unpacked_is_refused() -> None:
    """By what its list says, before anything is unpacked."""
    with pytest.raises(FileTooLarge, match="2,047 MB in a ZIP; at most 1,024 MB"):
        read(_declaring(2_147_000_000))


def test_a_list_that_lies_is_found_out(camt: CamtWriter) -> None:
    """No more is unpacked than the list says, and the checksum of that does not hold."""
    whole = bytearray(_zip(("1.xml", camt.one(camt.entry(-1)))))
    at = whole.index(b"PK\x01\x02")
    whole[at + 24 : at + 28] = struct.pack("<I", 300)
    with pytest.raises(MemberRefused, match="damaged"):
        read(bytes(whole))


def test_a_password_and_unusual_packings_are_refused(camt: CamtWriter) -> None:
    """With what to do instead."""
    plain = _zip(("1.xml", camt.one(camt.entry(-1))))
    locked = bytearray(plain)
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(UnknownFormat, match=r"password\. Unpack it"):
        read(bytes(locked))
    with pytest.raises(UnknownFormat, match=r"unusual way\. Unpack it"):
        read(_zip(("1.xml", camt.one(camt.entry(-1))), packing=zipfile.ZIP_LZMA))


def _read_or_refused(whole: bytes) -> Sequence[Statement] | None:
    try:
        return read(whole)
    except UnreadableFile:
        return None


def test_every_cut_and_every_damage_is_refused_or_read(camt: CamtWriter) -> None:
    """A download that broke off gives nothing; a flipped byte never gives anything but a refusal or the same."""
    whole = _zip(("1.xml", camt.one(camt.entry(-1))))
    same = read(whole)
    for end in range(4, len(whole)):
        with pytest.raises(UnreadableFile, match=r"This|In |ZIP"):
            read(whole[:end])
    for place in range(4, len(whole)):
        flipped = whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :]
        assert _read_or_refused(flipped) in {same, None}, place


def test_progress_goes_on_over_the_files(camt: CamtWriter) -> None:
    """In bytes of the ZIP, never backwards."""
    whole = _zip(*((f"{n}.xml", camt.one(camt.entry(-n))) for n in range(1, 6)))
    told: list[int] = []

    def telling(step: Step, done: int, size: int) -> None:
        assert (step, size) == (Step.READ, len(whole))
        told.append(done)

    read(whole, progress=telling)
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0, len(whole))
