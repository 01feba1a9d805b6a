"""Hostile files are refused in less than two seconds, in less than 100 MB, in words that name what is wrong."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from importers.errors import UnreadableFile
from importers.reading import read

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]
HEAD = (
    b"<?xml version='1.0' encoding='UTF-8'?><Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.02'>"
    b"<BkToCstmrStmt><GrpHdr><MsgId>M1</MsgId></GrpHdr>"
)
ACCOUNT = b"<Stmt><Id>S</Id><Acct><Id><IBAN>NL69INGB0123456789</IBAN></Id><Ccy>EUR</Ccy></Acct>"
BALANCE = (
    b"<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt>1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>"
    b"<Dt><Dt>2025-03-01</Dt></Dt></Bal>"
)
FOOT = b"</Stmt></BkToCstmrStmt></Document>"
ING = (
    b'"Datum";"Naam / Omschrijving";"Rekening";"Tegenrekening";"Code";"Af Bij";"Bedrag (EUR)";'
    b'"Mutatiesoort";"Mededelingen"\n'
)
SWIFT = b":20:1\n:25:NL69INGB0123456789\n:28C:1\n:60F:C250301EUR1,00\n:86:"


def _entry(inside: bytes) -> bytes:
    return (
        b"<Ntry><Amt Ccy='EUR'>1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>"
        b"<BookgDt><Dt>2025-03-01</Dt></BookgDt>" + inside + b"</Ntry>"
    )


def _many(piece: bytes, size: int) -> Iterator[bytes]:
    """Yield a piece over and over, as many bytes in all."""
    block = piece * (1_000_000 // len(piece))
    return (block for _ in range(size // len(block) + 1))


def _laughs() -> Iterator[bytes]:
    yield b"<?xml version='1.0'?><!DOCTYPE l [<!ENTITY a 'ha'>"
    yield from (b"<!ENTITY %c '%s'>" % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(10))
    yield b"]><Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.02'>&k;</Document>"


def _late_doctype(comment: int) -> Iterator[bytes]:
    yield b"<?xml version='1.0'?><!-- camt.053 -->"
    yield from (b"<!-- " + block + b" -->" for block in _many(b" ", comment))
    yield b"<!DOCTYPE x SYSTEM 'file:///etc/hostname'>"
    yield HEAD.partition(b"?>")[2]


def _zip(*files: tuple[str, bytes]) -> Iterator[bytes]:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    yield whole.getvalue()


@dataclass(frozen=True)
class Hostile:
    """A hostile file.

    Attributes:
        why: What its refusal says.
        write: Yields its bytes.
        size: To which it is lengthened with a hole; 0 where it is not.
    """

    why: str
    write: Callable[[], Iterator[bytes]]
    size: int = 0


def _statement(*inside: bytes) -> Iterator[bytes]:
    yield from (HEAD, ACCOUNT, *inside, FOOT)


FILES = {
    "billion laughs": Hostile("a DOCTYPE", _laughs),
    "a DOCTYPE after 70 KB of comments": Hostile("a DOCTYPE", lambda: _late_doctype(70_000)),
    "a DOCTYPE after 30 MB of comments": Hostile("a DOCTYPE", lambda: _late_doctype(30_000_000)),
    "a million statements": Hostile("more statements", lambda: _many(b"<Stmt><Id>1</Id></Stmt>", 23_000_000)),
    "10 million elements in a header": Hostile("does not end", lambda: _many(b"<a/>", 40_000_000)),
    "10 million elements in an entry": Hostile("does not end", lambda: _many(b"<a/>", 40_000_000)),
    "elements between entries": Hostile(
        "elements in a statement that none has",
        lambda: _statement(*(_entry(b"") + b"<a/>" * 9_000 for _ in range(200))),
    ),
    "balances between entries": Hostile(
        "ever more balances", lambda: _statement(*(_entry(b"") + BALANCE for _ in range(50_000)))
    ),
    "group headers": Hostile("ever more group headers", lambda: _many(b"<GrpHdr/>", 9_000_000)),
    "a text of 100 MB": Hostile("a text or a tag that does not end", lambda: _many(b"x", 100_000_000)),
    "an attribute of 100 MB": Hostile("a text or a tag that does not end", lambda: _many(b"x", 100_000_000)),
    "CDATA of 30 MB": Hostile("does not end", lambda: _many(b"x>", 30_000_000)),
    "a million attributes": Hostile("does not end", lambda: _many(b"x", 1)),
    "ever new names": Hostile(
        "ever new names",
        lambda: _statement(
            *(_entry(b"".join(b"<x%d/>" % n for n in range(m, m + 999))) for m in range(0, 99_900, 999))
        ),
    ),
    "a million levels": Hostile("the XML is damaged", lambda: _many(b"<a>", 3_000_000)),
    "a line of 1 GB": Hostile("1024 MB; at most 256 MB", lambda: iter([ING * 600]), 1 << 30),
    "a CAMT file with a hole of 1 GB": Hostile("NUL|does not end", lambda: iter([HEAD, b" " * 70_000]), 1 << 30),
    "a CSV line of 60 MB": Hostile("a line that does not end", lambda: _many(b"x", 60_000_000)),
    "an MT940 line of 60 MB": Hostile("a line that does not end", lambda: _many(b"x", 60_000_000)),
    "an OFX text of 60 MB": Hostile("a text that does not end", lambda: _many(b"x", 60_000_000)),
    "60 MB of brackets": Hostile("a JSON file", lambda: _many(b"[", 60_000_000)),
    "10,000 columns": Hostile("too many columns", lambda: iter([b";".join(b"c%d" % n for n in range(10_000)) + b"\n"])),
    "UTF-16": Hostile("UTF-16", lambda: iter(["Datum;Naam".encode("utf-16"), b"x\0" * 1_000_000])),
    "a PDF": Hostile("a PDF", lambda: iter([b"%PDF-1.7 ", b"x" * 10_000_000])),
    "a picture": Hostile("a picture", lambda: iter([b"\x89PNG\r\n", b"x" * 10_000_000])),
    "a ZIP packed tightly": Hostile("more tightly", lambda: _zip(("1.xml", b"<" + b" " * 100_000_000))),
    "a ZIP of a ZIP": Hostile(
        "inside a ZIP",
        lambda: _zip(("1.zip", b"".join(_zip(("1.xml", b"<"))))),
    ),
    "a ZIP of 20,000 files": Hostile("too many files", lambda: _zip(*((f"{n}", b"") for n in range(20_000)))),
}
AHEAD = {
    "a million statements": HEAD,
    "10 million elements in a header": HEAD + ACCOUNT,
    "10 million elements in an entry": HEAD + ACCOUNT + _entry(b"").removesuffix(b"</Ntry>"),
    "group headers": HEAD,
    "a text of 100 MB": HEAD + ACCOUNT + b"<Nm>",
    "an attribute of 100 MB": HEAD + ACCOUNT + b"<Nm a='",
    "CDATA of 30 MB": HEAD + ACCOUNT + b"<Nm><![CDATA[",
    "a million attributes": HEAD + ACCOUNT + b"<Nm " + b" ".join(b"a%d=''" % n for n in range(1_000_000)),
    "a million levels": HEAD + ACCOUNT,
    "a CSV line of 60 MB": ING,
    "an MT940 line of 60 MB": SWIFT,
    "an OFX text of 60 MB": b"OFXHEADER:100\n<OFX>",
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    """What came of each hostile file; one is on the disk at a time."""
    path = tmp_path_factory.mktemp("hostile") / "file"
    found = {}
    for name, hostile in FILES.items():
        with path.open("wb") as file:
            file.write(AHEAD.get(name, b""))
            file.writelines(hostile.write())
        if hostile.size:
            os.truncate(path, hostile.size)
        found[name] = _measured(path)
    path.unlink()
    return found


def _measured(path: Path) -> dict[str, object]:
    command = [sys.executable, "-m", "tests.unit.importers.measuring", str(path)]
    run = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    found: dict[str, dict[str, object]] = json.loads(run.stdout)
    return found[str(path)]


@pytest.mark.parametrize("name", FILES)
def test_trap_14_a_hostile_file_is_refused_quickly_in_little_memory(
    outcomes: dict[str, dict[str, object]], name: str
) -> None:
    """From where it lies, as `import`, `parse` and `watch` read it."""
    found = outcomes[name]
    assert any(why in str(found["said"]) for why in FILES[name].why.split("|")), found
    assert float(str(found["seconds"])) < 2, found
    assert float(str(found["megabytes"])) < 100, found


@pytest.mark.parametrize(
    "name", ["billion laughs", "10 million elements in an entry", "a text of 100 MB", "10,000 columns"]
)
def test_trap_14_bytes_are_refused_as_files_are(name: str) -> None:
    """As the desk reads what somebody uploads."""
    data = AHEAD.get(name, b"") + b"".join(piece for piece, _ in zip(FILES[name].write(), range(12), strict=False))
    with pytest.raises(UnreadableFile, match=FILES[name].why):
        read(data)
