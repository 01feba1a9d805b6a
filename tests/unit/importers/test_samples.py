"""Samples with made-up people, each with what must be read beside it as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import mt940
import pytest

from importers.asdict import statement_as_json
from importers.reading import read
from importers.reconcile import decimal_text

_SAMPLES = Path(__file__).parents[2] / "data" / "importers"
_NAMES = sorted(path.name for path in _SAMPLES.iterdir() if path.with_name(f"{path.name}.json").exists())
_MT940 = [name for name in _NAMES if name.endswith((".940", ".942", ".sta"))]
# What mt-940 refuses: ASN and its kin, expected lines, a text that looks like a tag; it misreads decimal points.
_REFUSED_BY_MT_940 = {"asn", "german", "knab-old", "rabobank-old", "regiobank", "sns"}
_SECOND_OPINIONS = [name for name in _MT940 if name.partition(".")[0] not in _REFUSED_BY_MT_940]
_GIVEN_BACK = {
    "abnamro-old.940": ["12.50"],
    "asn.940": ["25.00"],
    "berlin.json": ["12.50"],
    "accounts.ofx": ["12.50"],
    "german.sta": ["25.00", "10.00"],
    "ing.940": ["25.50"],
    "regiobank.940": ["25.00"],
    "sns.940": ["25.00"],
    "vanlanschot.940": ["48.25"],
}


def _found(data: bytes) -> list[dict[str, object]]:
    return [statement_as_json(statement) for statement in read(data)]


def test_every_dialect_has_its_sample() -> None:
    """Of MT940 and its kind alone there are two dozen."""
    assert len(_MT940) >= 20
    assert set(_GIVEN_BACK) <= set(_NAMES)


@pytest.mark.parametrize("name", _NAMES)
def test_a_sample_is_read_as_it_says_beside_it(name: str) -> None:
    """Every field, as the command line prints it."""
    assert _found((_SAMPLES / name).read_bytes()) == json.loads((_SAMPLES / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", _SECOND_OPINIONS)
def test_another_reader_finds_the_same_amounts(name: str) -> None:
    """mt-940, which shares no code with ours, on all samples that it can read."""
    data = (_SAMPLES / name).read_bytes()
    theirs = mt940.parse(data.decode(), options=mt940.Options.all())
    ours = [line for statement in read(data) for line in statement.lines]
    assert [int(one.data["amount"].amount * 100) for one in theirs.transactions if "amount" in one.data] == [
        line.amount_minor for line in ours
    ]


@pytest.mark.parametrize("name", _MT940)
@pytest.mark.parametrize("ending", [b"\r\n", b"\r"])
def test_a_dialect_is_read_the_same_however_its_lines_end(name: str, ending: bytes) -> None:
    """With a mark of byte order before and zeros behind, too."""
    data = (_SAMPLES / name).read_bytes()
    assert _found(b"\xef\xbb\xbf" + data.replace(b"\n", ending) + b"\x1a\0\0") == _found(data)


@pytest.mark.parametrize("name", [*_MT940, *(name for name in _NAMES if name.endswith((".ofx", ".qfx", ".json")))])
def test_what_a_bank_marks_as_given_back_is_told(name: str) -> None:
    """By sign, type, return code, kind of transaction or correction; never by the payer's words."""
    lines = [line for statement in read((_SAMPLES / name).read_bytes()) for line in statement.lines]
    given_back = [decimal_text(line.amount_minor) for line in lines if line.returned]
    assert given_back == _GIVEN_BACK.get(name, [])
