"""What stands open in a book, and what a step of linking did."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from dashboards.errors import Missing
from dashboards.work import unexplained
from dashboards.work.allocations import Split
from dashboards.work.allocations import link
from dashboards.work.allocations import unlink
from ledger import tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from tests.unit.dashboards.district import District


@pytest.fixture
def connection(district: District) -> Iterator[sa.Connection]:
    """A connection that reads the district as it is when a test asks."""
    with district.installation.engine.connect() as reading:
        yield reading


def _pay(district: District, minor: int = 30_000) -> int:
    return district.pay("Kwekerij Vlier", "NL20INGB0001234567", minor)


def _link(district: District, made_up: ModuleType, seq: int, minor: int) -> int:
    """Link a part of a line, and return the entry's place in the log."""
    links = {seq: [Split(made_up.TUIN, 1, minor)]}
    by = (district.ids["treasurer"],)
    (entry,) = link(district.installation, made_up.MEER, links, by=by, now=district.now)
    return entry.idx


def test_counts_are_of_what_is_left(district: District, made_up: ModuleType, connection: sa.Connection) -> None:
    """A part that is linked no longer counts; what came in is counted apart; other books are not looked at."""
    assert unexplained.count_open(connection, made_up.MEER) == unexplained.OpenCount(0, 0, 0)
    connection.rollback()
    first, _, _ = _pay(district), _pay(district, 5_000), _pay(district, -700)
    district.pay("Kwekerij Vlier", "NL20INGB0001234567", 900, made_up.EIK)
    _link(district, made_up, first, -10_000)
    assert unexplained.count_open(connection, made_up.MEER) == unexplained.OpenCount(2, 25_000, 1)
    (line, *_) = unexplained.open_lines(connection, made_up.MEER, limit=1)
    assert (line.seq, line.amount_minor, line.rest_minor, line.name) == (first, -30_000, -20_000, "Kwekerij Vlier")


def test_an_erased_line_has_no_words(district: District, made_up: ModuleType, connection: sa.Connection) -> None:
    """Where the private values are gone, amount and day are left."""
    seq = _pay(district)
    connection.execute(sa.delete(tables.private_value))
    line = unexplained.line_at(connection, made_up.MEER, seq)
    assert (line.name, line.text, line.rest_minor) == (None, None, -30_000)


def test_a_line_of_another_book_is_missing(district: District, made_up: ModuleType, connection: sa.Connection) -> None:
    """A place counts in its own book alone."""
    seq = _pay(district)
    with pytest.raises(Missing, match="not here"):
        unexplained.line_at(connection, made_up.EIK, seq)
    assert unexplained.open_lines_at(connection, made_up.EIK, [seq]) == {}
    assert set(unexplained.open_lines_at(connection, made_up.MEER, [seq, seq + 1])) == {seq}


def test_the_last_linked_stand_first(district: District, made_up: ModuleType, connection: sa.Connection) -> None:
    """By the link, not by the day of payment; what was undone is not among them."""
    seqs = [_pay(district) for _ in range(4)]
    for seq in (seqs[2], seqs[0], seqs[3], seqs[2]):
        _link(district, made_up, seq, -100)
    by = (district.ids["treasurer"],)
    unlink(district.installation, made_up.MEER, seqs[3], "verkeerd", by=by, now=district.now)
    assert [line.seq for line in unexplained.last_linked(connection, made_up.MEER, 3)] == [seqs[2], seqs[0]]
    assert [line.seq for line in unexplained.last_linked(connection, made_up.MEER, 1)] == [seqs[2]]
    assert len(unexplained.parts_at(connection, made_up.MEER, seqs[2])) == 2
    assert unexplained.parts_at(connection, made_up.MEER, seqs[3]) == ()


def test_a_step_tells_its_own_entries_alone(district: District, made_up: ModuleType, connection: sa.Connection) -> None:
    """Neither what came before nor after it, nor for another foundation, nor what was undone since."""
    seq, back = _pay(district), _pay(district, -700)
    _link(district, made_up, seq, -100)
    first = _link(district, made_up, seq, -200)
    _link(district, made_up, back, 700)
    tell = unexplained.explained_by
    assert tell(connection, made_up.MEER, first, 1) == unexplained.Explained(1, 200)
    assert tell(connection, made_up.MEER, first, 2) == unexplained.Explained(2, 900)
    assert tell(connection, made_up.EIK, first, 2) == unexplained.Explained(0, 0)
    connection.rollback()
    unlink(district.installation, made_up.MEER, seq, "verkeerd", by=(district.ids["treasurer"],), now=district.now)
    assert tell(connection, made_up.MEER, first, 2) == unexplained.Explained(1, 700)
