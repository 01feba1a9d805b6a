"""Which format a file is, by its content alone, and what hostile files come to."""

from __future__ import annotations

import time
import tracemalloc
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.errors import FileTooLarge
from importers.errors import ForbiddenContent
from importers.errors import MalformedFile
from importers.errors import UnknownFormat
from importers.errors import UnreadableFile
from importers.reading import read
from importers.source import MAX_BYTES

if TYPE_CHECKING:
    from tests.unit.importers.conftest import CamtWriter
    from tests.unit.importers.conftest import IngWriter

_LAUGHS = (
    b"<?xml version='1.0'?><!DOCTYPE lolz [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]>"
    b"<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.02'>&b;</Document>"
)
_EXTERNAL = (
    b"<?xml version='1.0'?><!DOCTYPE Document SYSTEM 'file:///etc/hostname'>"
    b"<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.02'/>"
)


def test_both_formats_are_told_apart_by_content(camt: CamtWriter, ing: IngWriter) -> None:
    """The same call reads CAMT and ING's CSV, also after a byte order mark or a blank line."""
    assert read(camt.one(camt.entry(-1)))[0].format == "camt.053.001.02"
    assert read(b"\xef\xbb\xbf\n" + camt.one(camt.entry(-1)))[0].format == "camt.053.001.02"
    assert read(ing.file(ing.row(-1)))[0].format == "csv"
    assert len(read(b"\xef\xbb\xbfsep=;\r\n" + ing.file(ing.row(-1)))[0].lines) == 1


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "empty file"),
        (b" \r\n\t", "empty file"),
        (b"%PDF-1.7 ...", "a PDF.*CAMT.053"),
        (b"\x89PNG\r\n", "a picture"),
        (b"\xff\xd8\xff\xe0", "a picture"),
        (b"\x1f\x8b\x08", "gzip"),
        ("Datum;Naam".encode("utf-16"), "UTF-16"),
        ("Datum;Naam".encode("utf-16-le"), "UTF-16"),
        (b"<!doctype html><html>", "a web page"),
        (b"<HTML><body>", "a web page"),
        (b"<?xml version='1.0'?><Workbook/>", "not a bank statement"),
        (b"OFXHEADER:100\nDATA:OFXSGML", "an OFX file without a statement"),
        (b"<?xml version='1.0'?><?OFX OFXHEADER='200'?><OFX>", "an OFX file without a statement"),
        (b'{"transactions": {}}', "a JSON file, but not an account report"),
        (b"KNAB EXPORT;;;\nRekeningnummer;", "not a bank file"),
        (b"hello, neighbours", "not a bank file"),
    ],
)
def test_what_is_not_read_is_named_with_what_to_do(data: bytes, what: str) -> None:
    """The refusal says what the file is and ends with advice."""
    with pytest.raises(UnknownFormat, match=what):
        read(data)


@pytest.mark.parametrize("data", [_LAUGHS, _EXTERNAL])
def test_a_doctype_is_never_opened(data: bytes) -> None:
    """Entities, internal or external, are refused before the parser sees them."""
    with pytest.raises(ForbiddenContent, match="DOCTYPE"):
        read(data)


def test_a_doctype_far_inside_is_refused_too(camt: CamtWriter) -> None:
    """A prolog longer than what recognition looks at hides nothing."""
    data = camt.one().replace(b"<Document", b"<!--" + b" " * 90_000 + b"--><!DOCTYPE x><Document")
    with pytest.raises(UnreadableFile, match=r"DOCTYPE|XML"):
        read(data)


def test_an_undeclared_entity_is_refused(camt: CamtWriter) -> None:
    """An entity without declaration is damage."""
    with pytest.raises(MalformedFile, match="line 1: the XML is damaged"):
        read(camt.one(camt.entry(-1, more="<AddtlNtryInf>&boom;</AddtlNtryInf>")))


def test_deep_nesting_is_refused(camt: CamtWriter) -> None:
    """A thousand levels are no bank's."""
    with pytest.raises(MalformedFile, match="XML"):
        read(camt.one("<a>" * 1000 + "</a>" * 1000))


def test_a_text_of_many_megabytes_is_refused(camt: CamtWriter) -> None:
    """One text of 11 MB is no bank's."""
    with pytest.raises(FileTooLarge, match="does not end"):
        read(camt.one("<Nm>" + "x" * 11_000_000 + "</Nm>"))


def test_a_file_over_the_limit_is_refused() -> None:
    """The size is looked at before the content."""
    with pytest.raises(FileTooLarge, match="256 MB"):
        read(b"x" * (MAX_BYTES + 1))


@pytest.mark.parametrize(
    "data",
    [
        b";".join(b"c%d" % n for n in range(10_000)) + b"\n",
        b"x" * 50_000_000,
        b"Datum;" * 3_000_000,
        b"<" * 20_000_000,
        b"[" * 20_000_000,
    ],
    ids=["10,000 columns", "one line of 50 MB", "a header of 18 MB", "only brackets", "deep JSON"],
)
def test_hostile_files_are_refused_quickly_and_in_little_memory(data: bytes) -> None:
    """The refusal costs less than a second and less memory than the file itself."""
    tracemalloc.start()
    began = time.process_time()
    with pytest.raises(UnreadableFile, match=r"[Tt]his"):
        read(data)
    took = time.process_time() - began
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert took < 2
    assert peak < 4_000_000


def test_a_statement_that_stands_twice_is_a_problem(camt: CamtWriter) -> None:
    """Its money would count twice; another statement with equal lines is not a double."""
    one = camt.statement(camt.entry(-1), number="1")
    other = camt.statement(camt.entry(-1), number="2")
    codes = [[problem.code for problem in s.problems] for s in read(camt.file(one, other, one))]
    assert codes == [[], [], ["double"]]


def _is_read_or_refused(data: bytes) -> bool:
    try:
        return len(read(data)) > 0
    except UnreadableFile as refusal:
        return str(refusal).endswith(".")


@given(st.data())
def test_a_mutant_is_read_or_refused(camt: CamtWriter, data: st.DataObject) -> None:
    """Flipped, cut, doubled: nothing but our own refusal comes out."""
    details = camt.details(name="Kwekerij Vlier", iban="NL02ABNA0123456789", text="planten")
    whole = camt.one(camt.balance("OPBD", 5), camt.balance("CLBD", 5), camt.entry(-1, details=details), camt.entry(1))
    place = data.draw(st.integers(0, len(whole) - 1))
    size = data.draw(st.integers(0, 300))
    piece = data.draw(st.one_of(st.binary(max_size=4), st.just(whole[place : place + size] * 2)))
    assert _is_read_or_refused(whole[:place] + piece + whole[place + size :])


@given(st.binary(max_size=200))
def test_noise_is_refused(noise: bytes) -> None:
    """Random bytes are never a statement."""
    with pytest.raises(UnreadableFile, match=r"This|In "):
        read(noise)


def test_every_cut_of_a_file_is_refused(camt: CamtWriter) -> None:
    """A download that broke off gives nothing, wherever it broke off."""
    whole = camt.one(camt.balance("OPBD", 5), camt.entry(-1))
    for end in range(len(whole)):
        with pytest.raises(UnreadableFile, match=r"This|In "):
            read(whole[:end])
