"""CODA of Belgian banks, record by record; the whole sample is held against its JSON in `test_samples`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from importers.coda import RECORD
from importers.coda import is_coda
from importers.errors import MalformedFile
from importers.reading import read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from importers.statement import Statement

SAMPLE = (Path(__file__).parents[2] / "data" / "importers" / "coda.cod").read_text()
RECORDS = SAMPLE.splitlines()


def written(records: Sequence[str]) -> bytes:
    """Return a file of records."""
    return "\r\n".join([*records, ""]).encode("cp1252")


def only(records: Sequence[str]) -> Statement:
    """Return the one statement of a file."""
    (statement,) = read(written(records))
    return statement


def changed(place: int, start: int, new: str) -> list[str]:
    """Return the sample's records, one of them with other letters from a place on."""
    records = list(RECORDS)
    records[place] = records[place][:start] + new + records[place][start + len(new) :]
    return records


def place_of(begins: str, nth: int = 0) -> int:
    """Return which record begins so."""
    return [place for place, record in enumerate(RECORDS) if record.startswith(begins)][nth]


def test_a_file_is_told_by_its_header() -> None:
    """Not by its name, and not by any other digits."""
    assert is_coda(SAMPLE.encode())
    assert not is_coda(b"0000031032699999" + b" " * 112)


def test_details_are_parts_of_the_movement_that_moved_the_balance() -> None:
    """The total is the line, its parts add up to it."""
    statement = only(RECORDS)
    (batch,) = (line for line in statement.lines if line.parts)
    assert batch.amount_minor == sum(part.amount_minor for part in batch.parts) == -3000
    assert [part.name for part in batch.parts] == ["HULP 1", "HULP 2"]
    assert statement.problems == ()


def test_parts_that_do_not_add_up_are_told() -> None:
    """The line stays, without parts."""
    statement = only(changed(place_of("2100040002"), 32, f"{20010:015d}"))
    assert not any(line.parts for line in statement.lines)
    assert [problem.code for problem in statement.problems] == ["batch"]


def test_mandate_and_creditor_come_out_of_a_structured_communication() -> None:
    """Type 127, over the three records of a movement."""
    collected = only(RECORDS).lines[2]
    assert (collected.mandate, collected.creditor_id, collected.text) == (
        "MANDAAT-7",
        "NL98ZZZ123456780000",
        "stroom maart",
    )


def test_the_trailer_counts_once_more() -> None:
    """Records, and what came in and went out; so do the balances."""
    movement = place_of("21", 0)
    statement = only([record for place, record in enumerate(RECORDS) if not movement <= place < movement + 3])
    assert [problem.code for problem in statement.problems] == ["balance", "summary", "summary"]
    statement = only(changed(movement, 32, f"{12600:015d}"))
    assert [problem.code for problem in statement.problems] == ["balance", "summary"]


@pytest.mark.parametrize(
    ("place", "start", "new", "why"),
    [
        (1, 43, "00000000010000A", "fifteen figures"),
        (1, 43, "000000000100001", "finer than a hundredth"),
        (1, 42, "7", "credit"),
        (1, 39, "E1R", "three letters"),
        (1, 1, "7", "no known structure"),
        (1, 58, "310226", "there is no such date"),
        (1, 58, "31FE26", "six figures"),
        (3, 2, "0009", "continues a movement that is not there"),
        (2, 0, "7", "no record of that type"),
        (2, 0, "0", "a new statement begins"),
        (3, 0, "1", "stands twice"),
        (place_of("2100040001"), 2, "0009", "a part of a movement that is not there"),
    ],
)
def test_a_record_that_cannot_be_read_stops_the_file(place: int, start: int, new: str, why: str) -> None:
    """The refusal names the record and its type."""
    with pytest.raises(MalformedFile, match=rf"In record {place + 1} \(type .\): .*{why}"):
        read(written(changed(place, start, new)))


def test_a_movement_that_cannot_be_read_is_named_by_its_number() -> None:
    """It is whole only when the next one begins."""
    with pytest.raises(MalformedFile, match=r"In movement 0001: a date is not written in six figures"):
        read(written(changed(2, 115, "      ")))


def test_a_file_that_was_cut_off_is_refused() -> None:
    """Before the trailer, or before a balance; a movement after the new balance too."""
    with pytest.raises(MalformedFile, match="ends before the trailer"):
        read(written(RECORDS[:-1]))
    with pytest.raises(MalformedFile, match="old or the new balance"):
        read(written([RECORDS[0], RECORDS[-1]]))
    with pytest.raises(MalformedFile, match="before the header"):
        read(written([*RECORDS, RECORDS[1]]))
    with pytest.raises(MalformedFile, match="outside the old and the new balance"):
        read(written([RECORDS[0], *RECORDS[2:]]))
    with pytest.raises(MalformedFile, match=f"longer than {RECORD}"):
        read(written([RECORDS[0], f"{RECORDS[1]}x", *RECORDS[2:]]))


def test_an_account_in_the_old_structure_is_its_iban() -> None:
    """Twelve figures, in records 1 and 2.3 alike."""
    records = changed(1, 1, "0003539007547034 EUR0BE".ljust(41))
    statement = only(records)
    assert (statement.account, statement.currency) == ("BE68539007547034", "EUR")
    assert statement.lines[1].iban == "BE71096123456769"


def test_several_statements_in_one_file_are_several() -> None:
    """Each between its header and its trailer."""
    assert [len(statement.lines) for statement in read(written([*RECORDS, *RECORDS]))] == [5, 5]
