"""How far work on a file has come is told seldom, in order, and can be stopped before anything is booked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from importers.booking import Delivery
from importers.booking import book
from importers.errors import Cancelled
from importers.progress import MOST
from importers.progress import Counting
from importers.progress import Step
from importers.progress import nothing
from importers.reading import read

if TYPE_CHECKING:
    from tests.unit.importers.conftest import Books
    from tests.unit.importers.conftest import CamtWriter
    from tests.unit.importers.conftest import StatementMaker

Told = list[tuple[Step, int, int]]


def test_a_long_step_is_told_a_few_hundred_times_at_most() -> None:
    """However many values there are; what is done only grows and ends at the whole."""
    told: Told = []
    counting = Counting(lambda *how: told.append(how), Step.SEAL, 1_000_000)
    assert sum(1 for _ in counting.along(range(1_000_000))) == 1_000_000
    counting.finish()
    assert len(told) <= MOST + 2
    assert told == sorted(told)
    assert (told[0], told[-1]) == ((Step.SEAL, 0, 1_000_000), (Step.SEAL, 1_000_000, 1_000_000))


def test_reading_tells_its_beginning_and_its_end(camt: CamtWriter) -> None:
    """In bytes of the file."""
    told: Told = []
    data = camt.one(camt.entry(-1))
    read(data, progress=lambda *how: told.append(how))
    assert (told[0], told[-1]) == ((Step.READ, 0, len(data)), (Step.READ, len(data), len(data)))


def test_booking_tells_its_steps_in_order(books: Books, statement: StatementMaker) -> None:
    """Planning, sealing, booking; each from nought to all new lines of all statements."""
    told: Told = []
    files = (statement((3, -500), (4, 200), days=(1, 5), number="7"), statement((6, -1), days=(5, 9), number="8"))
    delivery = Delivery("0" * 64, "upload", (), "a gap")
    book(books.installation, files, delivery, books.now, progress=lambda *how: told.append(how))
    assert told == [(step, done, 3) for step in (Step.PLAN, Step.SEAL, Step.BOOK) for done in (0, 3)]


@pytest.mark.parametrize("stop", [Step.PLAN, Step.SEAL, Step.BOOK])
def test_stopping_leaves_nothing_booked(books: Books, statement: StatementMaker, stop: Step) -> None:
    """Even when all lines were appended already: the transaction is taken back."""
    before = books.size()

    def stopping(step: Step, done: int, whole: int) -> None:
        if step is stop and done == whole:
            raise Cancelled

    with pytest.raises(Cancelled, match="Nothing was booked"):
        book(books.installation, (statement((3, -500)),), Delivery("0" * 64), books.now, progress=stopping)
    assert books.size() == before
    assert len(books.book(statement((3, -500)))) == 1


def test_nobody_need_listen() -> None:
    """Telling nobody does nothing at all."""
    nothing(Step.READ, 1, 2)
    assert list(Counting(nothing, Step.BOOK, 0).along([])) == []


@pytest.mark.parametrize("name", ["stmt.940", "v1.ofx"])
def test_long_files_of_any_format_say_how_far_they_have_come(name: str) -> None:
    """At most a few hundred times, forward only; who is told may stop the reading."""
    line = ":61:2601050105D1,00NTRFNONREF\n:86:stoelen\n"
    transaction = "<STMTTRN><DTPOSTED>20260105<TRNAMT>-1.00<NAME>x</STMTTRN>\n"
    data = {
        "stmt.940": f":20:A\n:25:B\n:60F:C260101EUR0,\n{line * 3000}:62F:D260131EUR3000,\n-\n",
        "v1.ofx": f"<OFX><STMTRS><CURDEF>EUR<BANKTRANLIST>{transaction * 3000}</BANKTRANLIST></STMTRS></OFX>",
    }[name].encode()
    told: list[int] = []
    read(data, progress=lambda _step, done, _whole: told.append(done))
    assert told == sorted(told)
    assert 100 < len(told) <= 210
    with pytest.raises(Cancelled, match="stopped"):
        read(data, progress=_stop_later)


def _stop_later(_step: Step, done: int, _whole: int) -> None:
    if done > 1000:
        raise Cancelled
