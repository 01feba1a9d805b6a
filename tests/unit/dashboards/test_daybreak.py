"""A site without a timer: the first answer of a day is given, then the day's work is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dashboards import daybreak
from dashboards.daybreak import Daybreak
from dashboards.site import make_site
from dashboards.work.daily import do_day
from ledger import tables

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.unit.dashboards.district import District


@pytest.fixture
def client(district: District) -> FlaskClient:
    """A client of a site that looks after its own days."""
    site = make_site(district.installation, district.clock)
    Daybreak(district.installation, district.clock).install(site)
    return site.test_client()


def seals(district: District) -> list[int]:
    """Return the sealed days of the month."""
    return [row.day.day for row in district.rows(tables.seal)]


def ask(client: FlaskClient) -> None:
    """Look at a page and read it to its end."""
    client.get("/regels").close()


def test_the_first_answer_of_a_day_begins_it(district: District, client: FlaskClient) -> None:
    """Later ones do nothing, until the next day."""
    assert seals(district) == []
    ask(client)
    ask(client)
    assert seals(district) == [2]
    district.later(days=1)
    ask(client)
    assert seals(district) == [2, 3]


def test_a_timer_may_have_been_there_first(district: District, client: FlaskClient) -> None:
    """Then there is nothing left to do."""
    do_day(district.installation, district.now)
    size = district.size()
    ask(client)
    assert district.size() == size


def test_what_goes_wrong_is_logged_and_the_answer_stands(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A reader never meets it."""

    def broken(*_: object) -> None:
        message = "no room"
        raise OSError(message)

    monkeypatch.setattr(daybreak, "do_day", broken)
    ask(client)
    assert "buurtkas daily" in caplog.text
