"""Deliveries: what fits is booked by itself, what does not is refused and told, what cannot be done now waits."""

from __future__ import annotations

import datetime as dt
import errno
from typing import TYPE_CHECKING
from typing import Any

import pytest

from dashboards.demo.banks import BankLine
from dashboards.demo.banks import BankStatement
from dashboards.demo.banks import camt053
from dashboards.work import folder as folders
from dashboards.work import watching
from dashboards.work.folder import Folder
from dashboards.work.watching import Watch
from dashboards.work.watching import keep_watching
from dashboards.work.watching import shown_name
from dashboards.work.watching import watch_once
from ledger import tables
from ledger.errors import DiskFull

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dashboards.work.watching import Look
    from tests.unit.dashboards.district import District

OWN = "NL02ABNA0123456789"
MADE = dt.datetime(2026, 11, 1, 6, tzinfo=dt.UTC)


def statement(first: int, last: int, opening: int, *amounts: int, iban: str = OWN) -> bytes:
    """Return a bank file of some days of October."""
    begin, end = dt.date(2026, 10, first), dt.date(2026, 10, last)
    lines = tuple(
        BankLine(f"R{first}-{place}", begin, amount, "transfer", "nota", "Wiebe Zandoog", "NL20INGB0001234567")
        for place, amount in enumerate(amounts)
    )
    one = BankStatement(iban, "Stichting Kievitsmeer", first, begin, end, opening, lines)
    return camt053([one], version="08", message_id="M1", created_at=MADE)


@pytest.fixture
def dropped(tmp_path: Path) -> Path:
    """The folder of deliveries."""
    path = tmp_path / "delivered"
    path.mkdir()
    return path


@pytest.fixture
def watch(district: District, dropped: Path) -> Iterator[Watch]:
    """Who looks after it."""
    folder = Folder(dropped)
    with folder.held():
        yield Watch(district.installation, folder, district.clock)


def looked(watch: Watch) -> Look:
    """Look twice, as it takes for a file to have stood still."""
    watch.look()
    return watch.look()


def there(dropped: Path) -> set[str]:
    """Return every file in the folder and those in it."""
    return {str(path.relative_to(dropped)) for path in dropped.rglob("*") if path.is_file()} - {folders.LOCK}


def test_what_fits_is_booked(district: District, dropped: Path, watch: Watch) -> None:
    """By nobody, through the channel that says so, and the file goes to done/."""
    (dropped / "oktober.xml").write_bytes(statement(1, 31, 500_000, -12_000))
    look = looked(watch)
    assert [(one.file, one.new, one.known) for one in look.booked] == [("oktober.xml", 1, 0)]
    assert (look.refused, look.troubles, look.waiting) == ([], [], 0)
    assert there(dropped) == {"done/oktober.xml"}
    (row,) = district.rows(tables.statement)
    assert row.channel == "delivery"


def test_the_same_file_again_brings_nothing_new(district: District, dropped: Path, watch: Watch) -> None:
    """Banks deliver twice now and then."""
    for _ in range(2):
        (dropped / "oktober.xml").write_bytes(statement(1, 31, 500_000, -12_000))
        look = looked(watch)
    assert [(one.file, one.new, one.known) for one in look.booked] == [("oktober-2.xml", 0, 1)]
    assert there(dropped) == {"done/oktober.xml", "done/oktober-2.xml"}
    assert len(district.rows(tables.movement)) == 1


def test_a_claimed_file_is_taken_up_again(dropped: Path, watch: Watch) -> None:
    """What a crash left in work/ is done at the next start."""
    (dropped / "work" / "oktober.xml").write_bytes(statement(1, 31, 500_000, -12_000))
    assert [one.new for one in watch.look().booked] == [1]
    assert there(dropped) == {"done/oktober.xml"}


def test_files_may_come_in_any_order(district: District, dropped: Path, watch: Watch) -> None:
    """A statement that goes on from another is booked after it, whichever was written first."""
    (dropped / "work" / "a.xml").write_bytes(statement(21, 31, 487_500, -100))
    (dropped / "work" / "b.xml").write_bytes(statement(11, 20, 488_000, -500))
    (dropped / "work" / "c.xml").write_bytes(statement(1, 10, 500_000, -12_000))
    (dropped / "work" / "begin.xml").write_bytes(statement(1, 1, 500_000))
    look = watch.look()
    assert look.refused == []
    assert len(district.rows(tables.movement)) == 3


def test_what_does_not_fit_is_refused_and_told(district: District, dropped: Path, watch: Watch) -> None:
    """Nobody stands behind a delivery who could give a reason; the foundation's treasurer hears of it."""
    (dropped / "oktober.xml").write_bytes(statement(1, 31, 500_000, -12_000).replace(b"5000.00", b"4999.00", 1))
    look = looked(watch)
    assert [one.file for one in look.refused] == ["oktober.xml"]
    assert there(dropped) == {"refused/oktober.xml", "refused/oktober.xml.reason.txt"}
    reason = (dropped / "refused" / "oktober.xml.reason.txt").read_text()
    assert reason.startswith("This does not fit:")
    assert "Zandoog" not in reason
    assert district.rows(tables.movement) == []
    (row,) = district.rows(tables.refused_delivery)
    assert (row.foundation, row.code, row.filename) == ("00000000000000aa", "not_accepted", "oktober.xml")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"geen afschrift", "unknown_format"),
        (b"", "unknown_format"),
        (statement(1, 31, 500_000, -12_000, iban="NL91ABNA0417164300"), "account_unknown"),
        (statement(1, 31, 500_000, -12_000)[:-200], "malformed_file"),
    ],
    ids=["text", "empty", "account", "half"],
)
def test_what_nobody_can_place_is_told_to_the_district(
    district: District, dropped: Path, watch: Watch, content: bytes, code: str
) -> None:
    """Where there are several foundations, and the file does not say whose it is."""
    (dropped / "x.xml").write_bytes(content)
    assert len(looked(watch).refused) == 1
    (row,) = district.rows(tables.refused_delivery)
    assert (row.foundation, row.code) == (None, code)


def test_what_cannot_be_done_now_waits(
    district: District, dropped: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk refuses nothing; the file is tried again at the next look."""
    (dropped / "oktober.xml").write_bytes(statement(1, 31, 500_000, -12_000))
    with monkeypatch.context() as patch:
        patch.setattr(watching, "confirm", _raising(DiskFull()))
        look = looked(watch)
    assert (look.booked, look.refused, look.waiting) == ([], [], 1)
    assert "The disk is full." in look.troubles[0]
    assert there(dropped) == {"work/oktober.xml"}
    assert len(watch.look().booked) == 1
    assert len(district.rows(tables.movement)) == 1


def test_a_reason_that_cannot_be_written_waits(dropped: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is never refused without its reason beside it."""
    (dropped / "x.xml").write_bytes(b"geen afschrift")
    with monkeypatch.context() as patch:
        patch.setattr(folders, "write_durably", _raising(OSError(errno.ENOSPC, "No space left on device", "x")))
        look = looked(watch)
    assert look.troubles == ["The system says: No space left on device."]
    assert there(dropped) == {"work/x.xml"}
    assert len(watch.look().refused) == 1


def test_a_file_that_may_not_be_read_is_refused(
    district: District, dropped: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In words that tell whose rights to look at; renaming needs none on the file."""
    (dropped / "x.xml").write_bytes(statement(1, 31, 500_000))
    monkeypatch.setattr(watching, "content_of", _raising(PermissionError(errno.EACCES, "Permission denied")))
    assert [one.reason[:29] for one in looked(watch).refused] == ["This file may not be read. Le"]
    assert [row.code for row in district.rows(tables.refused_delivery)] == ["out_of_reach"]


def test_a_file_that_is_too_large_is_refused(dropped: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without being read."""
    (dropped / "x.xml").write_bytes(statement(1, 31, 500_000))
    monkeypatch.setattr(folders, "MAX_BYTES", 10)
    assert "is read" in looked(watch).refused[0].reason


def test_a_claimed_file_that_grows_goes_back(dropped: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its writer came back: it is looked at anew."""
    (dropped / "x.xml").write_bytes(statement(1, 31, 500_000))
    with monkeypatch.context() as patch:
        patch.setattr(watching, "content_of", _raising(folders.Growing()))
        looked(watch)
    assert there(dropped) == {"x.xml"}
    assert len(looked(watch).booked) == 1


def test_looking_goes_on_until_it_is_enough(dropped: Path, watch: Watch) -> None:
    """Each look is told, and in between somebody else decides how long to wait."""
    (dropped / "oktober.xml").write_bytes(statement(1, 31, 500_000, -12_000))
    answers, told = iter([False, False, True]), list[Any]()
    keep_watching(watch, lambda: next(answers), told.append)
    assert [len(look.booked) for look in told] == [0, 1, 0]


def test_looking_once_is_looking_twice(dropped: Path, watch: Watch) -> None:
    """With a pause in between where there is something that may be unfinished, and else without."""
    paused: list[int] = []
    assert watch_once(watch, lambda: paused.append(1)).booked == []
    assert paused == []
    (dropped / "oktober.xml").write_bytes(statement(1, 31, 500_000, -12_000))
    look = watch_once(watch, lambda: paused.append(1))
    assert (paused, [one.new for one in look.booked], look.waiting) == ([1], [1], 0)


def test_an_account_number_in_a_name_is_masked(tmp_path: Path) -> None:
    """Names stand in logs; letters that are none are replaced."""
    assert shown_name(tmp_path / "camt-NL02ABNA0123456789-okt.xml") == "camt-NL02…6789-okt.xml"
    assert shown_name(tmp_path / "\udcff.xml") == "\N{REPLACEMENT CHARACTER}.xml"


def _raising(error: BaseException) -> Any:  # noqa: ANN401 - stands in for any function
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail
