"""Pages that are given again as they were made: never another's, never an old one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dashboards.app import create_app
from dashboards.keeping import Kept
from dashboards.keeping import Shelf
from tests.unit.dashboards import sample

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from dashboards.pages.home import HomePage


class CountingReader(sample.SampleReader):
    """Counts how often the start page is made; its mark is set by the test."""

    def __init__(self) -> None:
        super().__init__()
        self.state = 1
        self.made = 0

    def mark(self) -> object:
        """Return what the test says."""
        return self.state

    def home(self) -> HomePage:
        """Count, and return the start page."""
        self.made += 1
        return super().home()


@pytest.fixture
def counting() -> CountingReader:
    """A fresh counting reader."""
    return CountingReader()


@pytest.fixture
def visitor(counting: CountingReader) -> FlaskClient:
    """Somebody who reads its pages."""
    return create_app(counting).test_client()


def _kept(size: int, mark: int = 1) -> Kept:
    return Kept(mark, bytes(size), "text/html", "tag", 60)


def test_a_page_is_made_once_while_nothing_changes(visitor: FlaskClient, counting: CountingReader) -> None:
    """The second visitor gets the same bytes and headers, and nothing is made for it."""
    first, second = visitor.get("/"), visitor.get("/")
    headers = [{name: value for name, value in each.headers if name != "Date"} for each in (first, second)]
    assert (second.data, headers[1]) == (first.data, headers[0])
    assert counting.made == 1


def test_a_page_is_made_anew_once_anything_changed(visitor: FlaskClient, counting: CountingReader) -> None:
    """An answer of an earlier state is never given."""
    visitor.get("/")
    counting.state += 1
    visitor.get("/")
    assert counting.made == 2


def test_languages_and_questions_are_kept_apart(visitor: FlaskClient) -> None:
    """Each language and each question has an answer of its own."""
    dutch, english = visitor.get("/betalingen"), visitor.get("/en/betalingen")
    assert b'lang="nl"' in visitor.get("/betalingen").data
    assert b'lang="en"' in visitor.get("/en/betalingen").data
    assert dutch.data != english.data
    assert visitor.get("/betalingen?zoek=hout").data != dutch.data


def test_another_host_has_its_own_answer(visitor: FlaskClient) -> None:
    """A page that names the host it is asked from does not name that of another visitor."""
    one = visitor.get("/controleer", headers={"Host": "een.example"})
    assert b"een.example" in one.data
    assert b"een.example" not in visitor.get("/controleer", headers={"Host": "twee.example"}).data


def test_whoever_has_a_page_is_told_that_it_is_the_same(visitor: FlaskClient) -> None:
    """A kept page answers 304 to whoever names its tag."""
    tag = visitor.get("/").headers["ETag"]
    again = visitor.get("/", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


def test_a_head_asks_for_no_body(visitor: FlaskClient) -> None:
    """HEAD is answered from what is kept, without the page."""
    length = visitor.get("/").headers["Content-Length"]
    head = visitor.head("/")
    assert (head.data, head.headers["Content-Length"]) == (b"", length)


def test_what_is_missing_is_not_kept(visitor: FlaskClient) -> None:
    """A page that is not there may be there tomorrow."""
    assert [visitor.get("/stichting/nergens").status_code for _ in range(2)] == [404, 404]


def test_a_shelf_lets_go_of_what_is_least_asked_for() -> None:
    """Never more is kept than was said, and what was asked for last stays."""
    shelf = Shelf(most_bytes=250)
    for key in ("a", "b"):
        shelf.put(key, _kept(100))
    shelf.find("a", 1)
    shelf.put("c", _kept(100))
    assert [shelf.find(key, 1) is not None for key in ("a", "b", "c")] == [True, False, True]


def test_a_shelf_counts_what_takes_the_place_of_another() -> None:
    """A page that is made anew takes the room of the one before it, not more."""
    shelf = Shelf(most_bytes=250)
    for mark in (1, 2, 3):
        shelf.put("a", _kept(100, mark))
        shelf.put("b", _kept(100, mark))
    assert shelf.find("a", 3) is not None
    assert shelf.find("a", 2) is None


def test_a_mark_is_asked_for_again_once_it_is_old(counting: CountingReader, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where many ask, the state is looked up ten times a second; what was posted here shows at once."""
    now = [0]
    monkeypatch.setattr("dashboards.keeping.time.monotonic_ns", lambda: now[0])
    visitor = create_app(counting, config={"MARK_MS": 100}).test_client()
    visitor.get("/")
    counting.state += 1
    now[0] = 99_000_000
    visitor.get("/")
    assert counting.made == 1
    now[0] = 100_000_000
    visitor.get("/")
    assert counting.made == 2
    counting.state += 1
    visitor.post("/")
    visitor.get("/")
    assert counting.made == 3
