"""The comparison of views and private values with the entries: each kind of damage by name."""

from __future__ import annotations

import random
import re
import sqlite3
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from ledger import check_views
from ledger import tables
from ledger.check_views import verify_installation
from ledger.commitment import dump_openings
from ledger.commitment import load_openings
from ledger.comparing import scratch_database
from ledger.database import FENCELESS
from ledger.database import FENCES
from ledger.entries import known_type
from ledger.errors import MalformedEntry
from ledger.installation import DATABASE
from ledger.installation import Installation
from tests.proofs.histories import History

if TYPE_CHECKING:
    from ledger.entry import Entry
    from ledger.entry import Views


@pytest.fixture
def history(installation: Installation) -> History:
    """A short signed history."""
    made = History(installation, random.Random(12))
    made.open()
    made.grow(40)
    made.sign()
    return made


def _execute(installation: Installation, *statements: str) -> None:
    with installation.engine.execution_options(**FENCELESS).begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def _first(installation: Installation) -> str:
    first = verify_installation(installation).first
    assert first is not None
    assert first.what.isascii()
    return first.what


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("DELETE FROM foundation", "view foundation: the row .* is missing"),
        ("UPDATE foundation SET limit_minor = 'x'", "view foundation: the row .* differs"),
        ("UPDATE foundation_sum SET movements = 99", "view foundation_sum: the row .* differs"),
        ("INSERT INTO run VALUES (-1, 0, 'x', '')", "view run: the row -1 differs"),
        ("INSERT INTO run VALUES (9, 0, 'x', '')", "view run: the row 9 differs"),
        ("UPDATE log_head SET recorded_at = NULL", "view log_head: the row 1 differs"),
        ("UPDATE book_head SET hash = 'x' WHERE book = 'district'", "view book_head: the row district differs"),
        ("DROP TABLE month_sum", "database: it cannot be read"),
        ("DROP TABLE entry", "database: it cannot be read"),
        (
            "UPDATE private_value SET body = '{' WHERE idx = 0",
            "values of district entry 0: they cannot be read",
        ),
        ("UPDATE private_value SET body = CAST(body AS BLOB) WHERE idx = 0", "district entry 0: they cannot be read"),
        ("UPDATE private_value SET body = '{}' WHERE idx = 0", "district entry 0: there are none in their row"),
        ("DELETE FROM private_value WHERE idx = 0", "private values of district: 1 are missing, 0 were erased"),
        ("INSERT INTO private_value VALUES (99999, '{}')", "private values 99999: they belong to no entry"),
        ("UPDATE disclosure SET value = 5", "disclosure of .* does not open its commitment"),
        ("UPDATE disclosure SET value = x'00'", "disclosure of .* does not open its commitment"),
        ("UPDATE disclosure SET value = ' ' || value", "view disclosure: the row .* differs"),
        ("UPDATE disclosure SET value = '" + "[" * 99_999 + "'", "disclosure of .* does not open its commitment"),
        (
            "UPDATE disclosure SET seq = 'x' WHERE rowid = (SELECT min(rowid) FROM disclosure)",
            "disclosure of .* was never decided",
        ),
        ("DROP TRIGGER entry_no_update", "fences: .*entry_no_update"),
    ],
)
def test_each_kind_of_damage_is_named(history: History, statement: str, what: str) -> None:
    """Views, heads, private values, disclosures and fences are found by name."""
    _execute(history.installation, statement)
    found = _first(history.installation)
    assert re.search(what, found), found


def test_a_private_value_that_was_exchanged_is_named(history: History) -> None:
    """A value under its own salt still has to be the value that was committed to."""
    private = tables.private_value
    with history.installation.engine.connect() as connection, connection.begin():
        body = connection.execute(sa.select(private.c.body).where(private.c.idx == 0)).scalar_one()
        changed = body.replace("name", "naam")
        connection.execute(sa.update(private).where(private.c.idx == 0).values(body=changed))
    assert _first(history.installation) == "private value naam of district entry 0 does not open its commitment"


def test_a_partly_deleted_value_counts_as_missing(history: History) -> None:
    """What is gone must have been erased, value by value."""
    private = tables.private_value
    with history.installation.engine.connect() as connection, connection.begin():
        idx, body = connection.execute(sa.select(private).where(private.c.idx == 1)).one()
        left = dict(list(load_openings(body).items())[1:])
        connection.execute(sa.update(private).where(private.c.idx == idx).values(body=dump_openings(left)))
    assert _first(history.installation) == "private values of district: 1 are missing, 0 were erased"


def test_an_entry_of_which_no_view_can_be_made_is_named(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry that an operator with the key put past the writer is a finding, not a crash."""

    def refuse(entry: Entry, *_: object) -> None:
        raise MalformedEntry(f"the view of {entry.type} would have a row twice")

    monkeypatch.setattr(
        check_views,
        "known_type",
        lambda body: _Refusing(refuse) if body["type"] == "log opened" else known_type(body),
    )
    first = verify_installation(history.installation).first
    assert first is not None
    assert (first.index, first.book, first.seq) == (0, "district", 0)
    assert first.what.startswith("no view can be made of it")


def test_two_entries_that_make_the_same_row_are_a_finding(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the database of the installation would have refused is no crash either."""

    def insert(_entry: Entry, _private: object, views: Views) -> None:
        views.insert("initiative_payer", {"initiative": "00112233445566aa", "foundation": "00112233445566bb"})

    monkeypatch.setattr(check_views, "known_type", lambda _body: _Refusing(insert))
    assert any(
        problem.what == "views: two entries make the same row"
        for problem in verify_installation(history.installation).problems
    )


class _Refusing:
    """A type whose views cannot be made."""

    def __init__(self, apply: object) -> None:
        self.apply = apply


def test_entries_that_are_not_known_are_passed_over(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    """An older program compares what it understands, and finds the rest of the views unexplained."""
    monkeypatch.setattr(check_views, "known_type", lambda _body: None)
    assert _first(history.installation).startswith("view ")


def test_a_replay_refuses_what_an_entry_refers_to_in_vain(history: History) -> None:
    """A reference to an entry that is not there is refused by the replay too."""
    with history.installation.store.reading() as connection, scratch_database() as made:
        replay = check_views._Replay(connection, made, "buurtkas.example/proef")
        with pytest.raises(MalformedEntry, match="the book has no entry 999"):
            replay.views.find("district", [999])


def test_lost_fences_do_not_hide_what_was_done(history: History) -> None:
    """The object that was changed is named first, the fences after it."""
    _execute(history.installation, *(f"DROP TRIGGER {name}" for name in FENCES), "UPDATE run SET size = -1")
    _execute(history.installation, "DELETE FROM book_head")
    assert _first(history.installation).startswith(("view run", "view book_head"))
    assert any(problem.what.startswith("fences") for problem in verify_installation(history.installation).problems)


def test_a_damaged_file_is_a_finding(history: History) -> None:
    """Bytes changed in the file itself, below SQL, are reported and never raised."""
    history.installation.close()
    path = history.installation.directory / DATABASE
    whole = path.read_bytes()
    rng = random.Random(2)
    for _ in range(40):
        damaged = bytearray(whole[: rng.randrange(200, len(whole))])
        damaged[rng.randrange(100, 4096) % len(damaged)] ^= 0xFF
        path.write_bytes(bytes(damaged))
        installation = Installation(history.installation.directory, fenced=False)
        assert not verify_installation(installation).ok
        installation.close()
    path.write_bytes(whole)
    assert verify_installation(history.installation).ok


def test_an_index_that_misleads_is_a_finding(history: History) -> None:
    """Pages read through indexes, so that an index must fit its table."""
    history.installation.close()
    path = history.installation.directory / DATABASE
    connection = sqlite3.connect(path)
    number = "SELECT rootpage FROM sqlite_master WHERE name = 'movement_by_day'"
    size = connection.execute("PRAGMA page_size").fetchone()[0]
    place = (connection.execute(number).fetchone()[0] - 1) * size
    connection.close()
    data = bytearray(path.read_bytes())
    found = re.search(rb"20\d\d-\d\d-\d\d", data[place : place + size])
    assert found is not None
    data[place + found.start() : place + found.start() + 4] = b"1999"
    path.write_bytes(bytes(data))
    assert _first(history.installation) == "database: its indexes do not fit its tables"
