"""Long files at the desk: read and booked beside the request, with a page that shows how far it has come."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from typing import Any

import pytest
import sqlalchemy as sa

from dashboards.app import create_app
from dashboards.desks import register
from dashboards.desks import upload_pages
from dashboards.work import background
from dashboards.work import kept_preview
from dashboards.work.drafts import SILENT
from importers.errors import AccountUnstated
from importers.progress import Step
from ledger import tables
from ledger.errors import BooksMoved
from tests.unit.dashboards import district as made_up
from tests.unit.dashboards.desks.test_upload import OWN
from tests.unit.dashboards.desks.test_upload import TARGET
from tests.unit.dashboards.desks.test_upload import bring
from tests.unit.dashboards.desks.test_upload import line
from tests.unit.dashboards.desks.test_upload import statement

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.dashboards.desks.conftest import Browser
    from tests.unit.dashboards.district import District
    from tests.unit.dashboards.sample import SampleReader

LINES = 260
NEW = "NL91ABNA0417164300"


class Later:
    """Keeps what is to be done beside a request until it is told to do it."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []

    def __call__(self, work: Callable[[], None]) -> None:
        self.waiting.append(work)

    def work(self) -> None:
        """Do it."""
        for work in [self.waiting.pop(0) for _ in range(len(self.waiting))]:
            work()


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """Work that waits; every file is long, and no page waits for it."""
    monkeypatch.setattr(background, "LONG_BYTES", 10)
    monkeypatch.setattr(background, "PATIENCE", 0)
    return Later()


@pytest.fixture
def treasurer(district: District, reader: SampleReader, make_browser: type[Browser], later: Later) -> Browser:
    """A treasurer at a site that works later."""
    made_up.give_passwords(district)
    app = create_app(reader)
    register(app, district.installation, district.clock, later)
    return make_browser(app.test_client()).sign_in("treasurer")


def many(count: int = LINES) -> bytes:
    """Return a long file; two of its lines look the same."""
    lines = [line(f"A{n}", 1 + n % 31, -100 - n, f"Winkel {n}", "NL91ABNA0417164300") for n in range(count - 2)]
    lines += [line("", 31, -7_777, "Dubbel", "NL91ABNA0417164300")] * 2
    return statement(lines=tuple(lines))


def english(path: str) -> str:
    return path.replace("/bureau", "/en/bureau")


def row(district: District) -> Any:  # noqa: ANN401 - a row
    """Return the only upload."""
    (found,) = district.rows(tables.upload)
    return found


def test_a_long_file_is_answered_at_once_and_read_meanwhile(treasurer: Browser, later: Later) -> None:
    """The page asks again by itself, also after a reload; then come the first lines and those that may be double."""
    preview = bring(treasurer, many())
    for _ in range(2):
        page = treasurer.get(english(preview))
        assert '<meta http-equiv="refresh"' in page
        assert "This file is being read" in page
    assert len(later.waiting) == 1
    later.work()
    page = treasurer.get(english(preview))
    assert "260 new lines" in page
    assert "The first 50 of 260 lines" in page
    assert page.count('<tr class="line--') == 52
    lines = treasurer.get(english(preview.replace("bekijken", "regels/0/2")))
    assert "Lines 201 to 260 of 260" in lines
    assert lines.count('<tr class="line--') == 60
    for nothing in ("regels/0/3", "regels/0/0", "regels/1/1"):
        treasurer.get(preview.replace("bekijken", nothing), 404)


def test_a_long_file_is_booked_meanwhile(treasurer: Browser, district: District, later: Later) -> None:
    """Confirming asks for it once, however often it is clicked; then the receipt is there."""
    preview = bring(treasurer, many())
    treasurer.get(preview)
    later.work()
    check = preview.replace("bekijken", "controleren")
    treasurer.get(check)
    receipt = treasurer.post(check)
    page = treasurer.get(english(receipt))
    assert "This file is being booked" in page
    assert "annuleren" not in page
    assert "This file is being booked" in treasurer.post(english(check), 200)
    assert district.rows(tables.movement) == []
    later.work()
    assert "260 lines are in the book" in treasurer.get(english(receipt))
    assert len(district.rows(tables.movement)) == LINES
    assert treasurer.post(check).endswith("/klaar")
    assert list((district.installation.directory / "uploads").iterdir()) == []


def test_lines_are_linked_page_by_page(treasurer: Browser, district: District, later: Later) -> None:
    """What was chosen on one page stays while the next is asked; from every page one may go on to check."""
    preview = bring(treasurer, many())
    treasurer.get(preview)
    later.work()
    link = preview.replace("bekijken", "toedelen")
    page = treasurer.get(english(link))
    assert ("Page 1 of 3" in page, page.count("<select")) == (True, 100)
    second = treasurer.post(link, **{"line-0-0": TARGET})
    assert second.endswith("?blad=2")
    assert "line 101," in treasurer.get(english(second))
    third = treasurer.post(second, **{"line-0-100": TARGET})
    assert f'value="{TARGET}" selected' in treasurer.get(english(link))
    treasurer.get(third)
    assert treasurer.post(third).endswith("/controleren")
    assert treasurer.post(link, **{"line-0-0": TARGET, "check": "1"}).endswith("/controleren")
    check = treasurer.get(english(preview.replace("bekijken", "controleren")))
    assert "2 of 260 lines count for something. The first 100 of 260 lines" in check
    for nothing in ("?blad=0", "?blad=4"):
        treasurer.get(link + nothing, 404)
    split = treasurer.post(second, **{"line-0-100": TARGET, "split": "0-150"})
    treasurer.get(split)
    assert treasurer.post(split, whole="1").endswith("?blad=2#line-0-150")
    treasurer.post(preview.replace("bekijken", "controleren"))
    treasurer.get(preview.replace("bekijken", "klaar"))
    later.work()
    assert len(district.rows(tables.allocation)) == 2


def test_reading_is_cancelled(treasurer: Browser, district: District, later: Later) -> None:
    """Draft and file are gone; who was about to read finds nothing to do."""
    preview = bring(treasurer, many())
    treasurer.get(preview)
    kept = district.installation.kept_path(row(district).content)
    treasurer.post(preview.replace("bekijken", "annuleren"))
    later.work()
    assert (district.rows(tables.upload), kept.exists()) == ([], False)


def test_booking_is_not_cancelled(treasurer: Browser, district: District, later: Later) -> None:
    """Neither by its button nor by choosing another file."""
    preview = bring(treasurer, many())
    treasurer.get(preview)
    later.work()
    check = preview.replace("bekijken", "controleren")
    treasurer.get(check)
    treasurer.post(check)
    treasurer.post(preview.replace("bekijken", "annuleren"), 409)
    bring(treasurer, statement())
    later.work()
    treasurer.get(preview.replace("bekijken", "klaar"))
    later.work()
    assert len(district.rows(tables.movement)) == LINES


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"geen afschrift", "This is not a file that can be read."), (many()[:-200], "cannot be read. Download it again")],
    ids=["text", "half"],
)
def test_a_long_file_that_cannot_be_read_is_said_so(
    treasurer: Browser, later: Later, content: bytes, said: str
) -> None:
    """In the form in which another one is chosen."""
    preview = bring(treasurer, content)
    treasurer.get(preview)
    later.work()
    page = treasurer.get(english(preview), 422)
    assert said in page
    assert 'href="#statement"' in page


def test_a_long_file_waits_for_its_account(treasurer: Browser, district: District, later: Later) -> None:
    """One that nobody declared is proposed as with a short file; once it is declared, the file is read again."""
    preview = bring(treasurer, statement(NEW))
    treasurer.get(preview)
    later.work()
    question = treasurer.client.get(preview).headers["Location"]
    assert "Whose account is this?" in treasurer.get(english(question))
    treasurer.post(question, account=NEW, holder="Stichting", mandate="alone")
    public = {"account": "00000000000000b2", "mandate": "alone", "basis": "desk"}
    district.append(
        "foundation/00000000000000aa", "account declared", public, {"iban": NEW, "holder": None, "viewers": None}
    )
    assert treasurer.client.get(question).headers["Location"] == preview
    assert treasurer.client.get(preview).headers["Location"] == preview
    treasurer.get(preview)
    later.work()
    assert "3 new lines" in treasurer.get(english(preview))


def test_a_long_file_that_names_no_account_is_asked_about(treasurer: Browser, district: District, later: Later) -> None:
    """And read again with the answer."""
    preview = bring(treasurer, statement().replace(f"<IBAN>{OWN}</IBAN>".encode(), b"", 1))
    treasurer.get(preview)
    later.work()
    assert row(district).refusal["code"] == AccountUnstated.code
    question = treasurer.client.get(preview).headers["Location"]
    treasurer.get(question)
    treasurer.post(question, account=OWN)
    treasurer.get(preview)
    later.work()
    assert "3 new lines" in treasurer.get(english(preview))


def test_who_may_not_say_whose_an_account_is_reads_why(treasurer: Browser, district: District, later: Later) -> None:
    """A draft of a treasurer whose role ended meanwhile."""
    district.role("treasurer", "signatory", "00000000000000aa")
    preview = bring(treasurer, statement(NEW))
    treasurer.get(preview)
    later.work()
    district.end_role("treasurer", "treasurer", "00000000000000aa")
    assert 'href="#statement"' in treasurer.get(preview, 422)


def test_a_preview_that_holds_no_more_is_made_anew(treasurer: Browser, district: District, later: Later) -> None:
    """Where the book has grown since: what is shown is what confirming does."""
    preview = bring(treasurer, many())
    treasurer.get(preview)
    later.work()
    district.pay("Wiebe", "NL20INGB0001234567")
    assert treasurer.client.get(preview).headers["Location"] == preview
    assert "This file is being read" in treasurer.get(english(preview))
    later.work()
    assert "260 new lines" in treasurer.get(english(preview))


def test_a_booking_that_breaks_off_is_said_and_tried_again(
    treasurer: Browser, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside the button that books it; nothing was changed."""
    preview = bring(treasurer, many())
    treasurer.get(preview)
    later.work()
    check = preview.replace("bekijken", "controleren")
    treasurer.get(check)
    receipt = treasurer.post(check)
    treasurer.get(receipt)
    with monkeypatch.context() as patch:
        patch.setattr(background, "confirm_draft", _raising(BooksMoved()))
        later.work()
    assert treasurer.client.get(receipt).headers["Location"] == check
    page = treasurer.get(english(check))
    assert 'href="#book"' in page
    assert "Somebody else wrote in this book" in page
    treasurer.post(check)
    treasurer.get(receipt)
    later.work()
    assert "260 lines are in the book" in treasurer.get(english(receipt))


def test_a_mistake_of_ours_ends_the_work_and_is_logged(
    treasurer: Browser, later: Later, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The page does not ask for ever."""
    preview = bring(treasurer, many())
    treasurer.get(preview)
    with monkeypatch.context() as patch:
        patch.setattr(background, "preview", _raising(ZeroDivisionError()))
        later.work()
    assert "This file cannot be booked." in treasurer.get(english(preview), 422)
    assert "long work on a draft broke off" in caplog.text


def test_a_damaged_copy_is_made_anew(treasurer: Browser, district: District, later: Later) -> None:
    """It is only a copy."""
    preview = bring(treasurer, many())
    treasurer.get(preview)
    later.work()
    place = kept_preview.place_of(district.installation, row(district).id)
    for damage in (b"", b"x" * 100, place.read_bytes()[:-1]):
        place.write_bytes(damage)
        assert treasurer.client.get(preview).headers["Location"] == preview
        treasurer.get(preview)
        later.work()
        assert "260 new lines" in treasurer.get(english(preview))


def test_how_far_it_is_stands_on_the_page(treasurer: Browser, district: District) -> None:
    """As whoever is at it last said, in words and as a bar."""
    preview = bring(treasurer, many())
    for step, done, whole, words in (
        ("read", 42, 100, "42% of the file has been read."),
        ("plan", 18_400, 100_000, "18,400 of 100,000 lines have been compared"),
        ("seal", 0, 0, "This begins in a moment."),
        ("audit", 0, 0, "The rules look at them now."),
    ):
        with district.installation.engine.begin() as connection:
            values = {"stage": f"reading.{step}", "done": done, "whole": whole, "beat_at": district.now}
            connection.execute(sa.update(tables.upload).values(**values))
        page = treasurer.get(english(preview))
        assert words in page
        assert (f'max="{whole}" value="{done}"' in page) == bool(whole)


def test_every_step_has_words() -> None:
    """Whatever an importer tells."""
    assert set(upload_pages.STEPS) == set(Step)


def _raising(error: Exception) -> Any:  # noqa: ANN401 - stands in for any function
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


def test_files_of_one_second_are_short() -> None:
    """A month of an ordinary foundation is read at once."""
    assert background.LONG_BYTES >= 500_000
    assert dt.timedelta(seconds=background.BEATS) < SILENT / 3
