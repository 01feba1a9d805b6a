"""verify, checkpoint, rebuild, export and audit."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from ledger.installation import DATABASE
from tests.unit.dashboards.commands.conftest import SETUP

if TYPE_CHECKING:
    from tests.unit.dashboards.commands.conftest import Line

NOW = ("--now", "2026-11-02T12:00:00Z")
REPORT = ["ok", "entries", "books", "checkpoint", "unsigned", "not_understood", "problems"]


@pytest.fixture
def booked(made: Line) -> Line:
    """A district with a payment."""
    assert made("import", made.file("a.xml", -30_000), *NOW).code == 0
    return made


def test_verify_says_how_long_each_part_took(booked: Line) -> None:
    """Where it is asked for; on standard error, so that the document stays alone."""
    said = booked("verify", "--times", "--json")
    assert said.document["ok"]
    assert [line.partition(" s  ")[2] for line in said.err.splitlines()] == [
        "record", "private values, and views made again", "views compared", "fences and indexes"
    ]  # fmt: skip


def test_an_installation_in_order_is_exit_0(booked: Line) -> None:
    """By option, by argument and by environment; the document has the promised shape."""
    said = booked("verify")
    assert said.code == 0
    assert said.out.startswith("Everything holds: ")
    assert booked("verify", "--dir", booked.var, BUURTKAS_DIR="elsewhere").code == 0
    document = booked("verify", booked.var, "--json", BUURTKAS_DIR="elsewhere").document
    assert list(document) == REPORT
    assert (document["ok"], document["unsigned"], document["problems"]) == (True, 0, [])
    assert document["checkpoint"]["size"] == document["entries"]


def test_a_tampered_installation_is_exit_1_and_the_first_bad_entry_comes_first(booked: Line) -> None:
    """With the fences gone too: a missing fence is a finding, not a refusal to look."""
    with sqlite3.connect(booked.var / DATABASE) as connection:
        connection.execute("DROP TRIGGER entry_no_update")
        for idx in (9, 5):
            connection.execute("UPDATE entry SET body = replace(body, '2026', '2025') WHERE idx = ?", (idx,))
    connection.close()
    said = booked("verify", "--json")
    assert (said.code, said.document["ok"]) == (1, False)
    assert said.document["problems"][0]["index"] == 5
    words = booked("verify")
    assert words.code == 1
    assert words.out.startswith("NOT in order. Entry 5 of the log (")


def test_what_is_no_record_is_exit_2(line: Line) -> None:
    """There is nothing to check."""
    said = line("verify")
    assert (said.code, said.out) == (2, "")
    assert "is missing or cut short" in said.err


def test_unsigned_entries_are_counted_and_signed(booked: Line) -> None:
    """`checkpoint` signs the rest and prints the note."""
    signer = booked.var / "signer"
    kept = {path: path.read_bytes() for path in signer.iterdir()}
    assert booked("import", booked.file("b.xml", -1, iban="NL69INGB0123456789"), *NOW).code == 0
    for path, content in kept.items():
        path.write_bytes(content)
    assert "not signed yet" in booked("verify").out
    said = booked("checkpoint")
    assert (said.code, said.out.splitlines()[0]) == (0, "buurtkas.example/proef")
    assert booked("verify", "--json").document["unsigned"] == 0


def test_views_are_made_again(booked: Line) -> None:
    """And everything still holds."""
    assert "entries replayed" in booked("rebuild").out
    assert booked("verify").code == 0


def test_the_record_can_be_written_out_and_checked(booked: Line) -> None:
    """On another machine, without the database."""
    target = booked.place / "record"
    assert booked("export", target).code == 0
    assert booked("verify", target).code == 0


def test_flags_are_listed(booked: Line) -> None:
    """In words and as the promised document; as of an earlier day there is none, and nothing is appended."""
    entries = booked("verify", "--json").document["entries"]
    assert booked("audit", "--as-of", "2026-09-30", "--json").document == {"flags": []}
    assert booked("audit", "--as-of", "2026-10-01").out.endswith("3 open flags\n")
    assert booked("verify", "--json").document["entries"] == entries
    flags = booked("audit", *NOW, "--foundation", "meer", "--json").document["flags"]
    assert len(flags) == 3
    assert list(flags[0]) == [
        "id", "rule", "kind", "severity", "foundation", "status", "first_seen", "transactions", "evidence"
    ]  # fmt: skip
    assert booked("audit", *NOW, "--foundation", "eik").out == "0 open flags\n"
    assert booked("audit", "--foundation", "zee").code == 2
    assert booked("audit", "--as-of", "yesterday").code == 2


def test_an_officer_sets_a_parameter(line: Line) -> None:
    """For one foundation; what does not fit, and who is unknown, is told in words."""
    person = '[[person]]\nemail = "o@example.org"\nname = "Oda Zandoog"\n'
    role = '[[role]]\nperson = "o@example.org"\nrole = "officer"\n'
    assert line.init(SETUP + person + role).code == 0
    words = ("parameter", "AMT-01", "days", "5", "--foundation", "meer", "--reason", "Kort genoeg.", *NOW)
    assert line(*words, "--by", "o@example.org").out == "AMT-01: days is 5 from now on, for meer.\n"
    assert line("verify").code == 0
    assert line(*words, "--by", "nobody@example.org").code == 2
    refused = line("parameter", "AMT-01", "weeks", "5", "--by", "o@example.org", "--reason", "Kort.", *NOW)
    assert (refused.code, "no parameter weeks, but days, from_minor, round_minor" in refused.err) == (2, True)


def test_a_hint_is_listed_and_is_no_flag(made: Line) -> None:
    """Counted apart from the open flags."""
    assert made("import", made.file("a.xml", -12_345, -12_345), *NOW).code == 0
    said = made("audit", *NOW)
    assert said.out.splitlines()[-1].endswith(" open flags, 1 to look at as hints")
    assert "AMT-01 meer: hint" in said.out
