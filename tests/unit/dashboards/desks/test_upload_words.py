"""What an upload tells the one who brings a file: what is in it, what is wrong with it, and where to go on."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import TYPE_CHECKING

import pytest

from dashboards.demo.banks import BankLine
from dashboards.demo.banks import BankStatement
from dashboards.demo.banks import camt053
from dashboards.desks import upload
from dashboards.desks import upload_links
from ledger import tables
from ledger.check_views import verify_installation
from tests.unit.dashboards.desks.test_upload import MADE
from tests.unit.dashboards.desks.test_upload import OWN
from tests.unit.dashboards.desks.test_upload import TARGET
from tests.unit.dashboards.desks.test_upload import UPLOAD
from tests.unit.dashboards.desks.test_upload import bring
from tests.unit.dashboards.desks.test_upload import line
from tests.unit.dashboards.desks.test_upload import statement

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.dashboards.desks.conftest import Browser
    from tests.unit.dashboards.district import District

SHOP = "NL91ABNA0417164300"


def quiet_month(opening: int) -> bytes:
    """A bank's file of a November in which nothing happened."""
    days = (dt.date(2026, 11, 1), dt.date(2026, 11, 30))
    one = BankStatement(OWN, "Stichting Kievitsmeer", 11, *days, opening, ())
    return camt053([one], version="08", message_id="M2", created_at=MADE)


def english(path: str) -> str:
    return path.replace("/bureau", "/en/bureau")


def plain(page: str) -> str:
    """A page's text, without its markup."""
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    return re.sub(r" ([.,])", r"\1", text)


def booked(browser: Browser, content: bytes) -> str:
    """Bring a file and confirm it; return its receipt."""
    check = bring(browser, content).replace("bekijken", "controleren")
    browser.get(check)
    return plain(browser.get(english(browser.post(check))))


def test_a_month_in_which_nothing_happened_is_booked(browse: Callable[[str], Browser], district: District) -> None:
    """It brings no lines, but up to when nothing else happened; the same file again brings nothing at all."""
    browser = browse("treasurer")
    booked(browser, statement())
    preview = bring(browser, quiet_month(445_000))
    page = plain(browser.get(english(preview)))
    assert "No new lines, but newer days" in page
    assert "everybody sees that nothing else happened up to 30 November 2026" in page
    check = browser.post(preview)
    page = plain(browser.get(english(check)))
    assert "The book will say that nothing else happened up to 30 November 2026." in page
    assert "0 lines" not in page
    page = plain(browser.get(english(browser.post(check))))
    assert "The statement is in the book" in page
    assert sorted(row.closed_on.isoformat() for row in district.rows(tables.statement)) == ["2026-10-31", "2026-11-30"]
    assert len(district.rows(tables.movement)) == 3
    assert "Nothing new in this file" in browser.get(english(bring(browser, quiet_month(445_000))))
    assert verify_installation(district.installation).ok


def test_a_file_that_brings_nothing_waits_for_nobody(browse: Callable[[str], Browser], district: District) -> None:
    """The button that leads home forgets the file, so that the desk does not call it unfinished."""
    browser = browse("treasurer")
    booked(browser, statement())
    preview = bring(browser, statement())
    assert "The book holds all of this already." in browser.get(english(preview))
    assert browser.post(preview.replace("bekijken", "annuleren"), home="1").endswith("/bureau")
    assert "that you have not finished" not in browser.get("/en/bureau")
    assert [row.confirmed_at is None for row in district.rows(tables.upload)] == [False]


def test_another_file_takes_no_place_unsaid(browse: Callable[[str], Browser]) -> None:
    """Step 1 names the file that is not finished, and leads back to it; nobody else's, and no finished one."""
    browser = browse("treasurer")
    assert "You have not finished" not in browser.get(english(UPLOAD))
    preview = bring(browser, statement())
    page = browser.get(english(UPLOAD))
    assert "You have not finished oktober.xml yet." in plain(page)
    assert english(preview) in page
    assert "You have not finished" not in browse("signatory").get(english(UPLOAD))
    check = preview.replace("bekijken", "controleren")
    browser.get(check)
    browser.post(check)
    assert "You have not finished" not in browser.get(english(UPLOAD))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "This file is empty. Download it from your bank again."),
        (b"%PDF-1.7\n", "This is a PDF: a picture of a statement."),
        (b"geen afschrift", "This is not a file that can be read."),
    ],
    ids=["empty", "pdf", "text"],
)
def test_what_is_wrong_with_a_file_is_said_by_its_kind(
    browse: Callable[[str], Browser], content: bytes, words: str
) -> None:
    """An empty file and a picture of a statement are told apart from what nobody can read."""
    browser = browse("treasurer")
    browser.get(UPLOAD)
    assert words in browser.post(english(UPLOAD), 422, statement=(io.BytesIO(content), "oktober.xml"))


def test_who_cannot_declare_an_account_hears_who_can(browse: Callable[[str], Browser]) -> None:
    """A second signatory with a new account's file is sent to the treasurer, who can declare it."""
    browser = browse("signatory")
    browser.get(UPLOAD)
    page = browser.post(english(UPLOAD), 422, statement=(io.BytesIO(statement(SHOP)), "oktober.xml"))
    assert "The treasurer can bring this file and declare it." in page


def test_who_waits_for_a_second_person_can_leave(browse: Callable[[str], Browser]) -> None:
    """The page that waits leads back to the desk, not only to forgetting the file."""
    browser = browse("treasurer")
    question = browser.client.get(bring(browser, statement(SHOP))).headers["Location"]
    browser.get(question)
    browser.post(question, account=SHOP, holder="Stichting Kievitsmeer", mandate="together")
    assert re.search(r'class="button" href="/en/bureau"', browser.get(english(question)))


def test_what_does_not_add_up_is_said_in_money(browse: Callable[[str], Browser]) -> None:
    """Where the lines lead, what the bank states, and by how much that differs."""
    page = plain(browse_preview(browse, statement().replace(b"4450.00", b"4451.50")))
    assert "The lines lead to €4,450.00 at the end. The bank states €4,451.50. That differs by €1.50." in page


def test_what_does_not_follow_is_told_with_where_the_book_ends(browse: Callable[[str], Browser]) -> None:
    """The day and the amount tell which days are missing; nothing is told where it follows."""
    browser = browse("treasurer")
    booked(browser, statement())
    page = plain(browser.get(english(bring(browser, quiet_month(400_000)))))
    assert "The last statement in the book ends on 31 October 2026 with €4,450.00." in page
    assert "The last statement in the book" not in browser.get(english(bring(browser, quiet_month(445_000))))


def test_what_differs_is_said_once(browse: Callable[[str], Browser]) -> None:
    """A line that is not there and another closing balance are two differences, and one sentence."""
    booked(browse("treasurer"), statement())
    other = browse("signatory")
    fewer = statement(lines=(line("A1", 5, -12_000, "Bouwmarkt Zonnehoed", SHOP),))
    page = other.get(english(bring(other, fewer)))
    assert page.count("Somebody else brought a file of the same days") == 1


def test_a_refusal_at_a_desk_leads_back_to_the_desk(
    browse: Callable[[str], Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who pressed twice goes back to work, not to the public pages; so does who brought too large a file."""
    monkeypatch.setattr(upload, "LARGEST_FILE", 10_000)
    browser = browse("treasurer")
    preview = bring(browser, statement())
    browser.get(preview)
    cancel = preview.replace("bekijken", "annuleren")
    browser.post(english(cancel))
    large = browser.post(english(UPLOAD), 413, statement=(io.BytesIO(b"x" * 10_001), "oktober.xml"))
    for page in (browser.post(english(cancel), 404), large):
        assert 'href="/en/bureau"' in page
        assert "Look up a payment" not in page
    assert "Look up a payment" in browser.client.get("/en/geen-pagina").text


def test_lines_that_look_the_same_are_explained(browse: Callable[[str], Browser]) -> None:
    """What is possibly double comes with what happens to it and what to do; without such lines nothing is said."""
    twin = BankLine("A2", dt.date(2026, 10, 5), -500, "card", "bon", "Bakkerij Zon")
    page = plain(browse_preview(browse, statement(lines=(line("A1", 5, -500, "Gijs", SHOP), twin, twin))))
    assert "2 possibly double" in page
    assert "They are all booked, for the bank booked them all." in page
    assert "They are all booked" not in plain(browse_preview(browse, statement()))


def browse_preview(browse: Callable[[str], Browser], content: bytes) -> str:
    """Bring a file and look at it."""
    browser = browse("treasurer")
    return browser.get(english(bring(browser, content)))


def test_the_check_tells_of_money_that_came_in(browse: Callable[[str], Browser]) -> None:
    """Every line that is booked is told of: what came in and counts for nothing as well."""
    browser = browse("treasurer")
    preview = bring(browser, statement())
    check = preview.replace("bekijken", "controleren")
    assert "1 line is money that came in: €20.00." in plain(browser.get(english(check)))
    link = preview.replace("bekijken", "toedelen")
    assert "Money that came in: was something paid back?" in browser.get(english(link))
    browser.post(link, **{"line-0-2": TARGET})
    assert "money that came in" not in plain(browser.get(english(check)))


def test_going_back_keeps_what_was_chosen(browse: Callable[[str], Browser], monkeypatch: pytest.MonkeyPatch) -> None:
    """From a page of lines to the page before, and from the first one to the file."""
    monkeypatch.setattr(upload_links, "ON_A_PAGE", 2)
    browser = browse("treasurer")
    preview = bring(browser, statement())
    link = preview.replace("bekijken", "toedelen")
    page = browser.get(f"{english(link)}?blad=2")
    assert "Previous page" in page
    back = browser.post(f"{link}?blad=2", **{"line-0-2": TARGET, "back": "1"})
    assert back.endswith("/toedelen")
    assert "Back to the file" in browser.get(english(back))
    assert browser.post(link, **{"line-0-0": TARGET, "line-0-1": "", "back": "1"}) == preview
    for number in (1, 2):
        assert browser.get(f"{link}?blad={number}").count(f'value="{TARGET}" selected') == 1, number
