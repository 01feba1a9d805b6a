"""Sessions: what the browser holds and what the database keeps."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING

import pytest

from dashboards.access import sessions
from dashboards.work.ordinary import changing
from dashboards.work.people import person_by_id
from ledger import tables

if TYPE_CHECKING:
    from tests.unit.dashboards.district import District


@pytest.fixture
def token(district: District) -> str:
    """A session of the treasurer."""
    with changing(district.installation.engine) as connection:
        person = person_by_id(connection, district.ids["treasurer"])
        assert person is not None
        return sessions.begin(connection, person, district.now)


def whose(district: District, token: str) -> str | None:
    with district.installation.store.reading() as connection:
        return sessions.person_of(connection, token, district.now)


def test_the_database_keeps_only_a_hash(district: District, token: str) -> None:
    """Who reads the table cannot sign in with what stands there."""
    (row,) = district.rows(tables.web_session)
    assert row.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert whose(district, token) == district.ids["treasurer"]
    assert whose(district, row.token_hash) is None


def test_a_session_lasts_twelve_hours(district: District, token: str) -> None:
    """A second before it holds, at twelve hours it does not."""
    district.later(hours=11, minutes=59, seconds=59)
    assert whose(district, token) == district.ids["treasurer"]
    district.later(seconds=1)
    assert whose(district, token) is None


def test_a_session_that_ended_is_forgotten(district: District, token: str) -> None:
    """Signing in sweeps away what expired, whoever's it was."""
    district.later(hours=13)
    with changing(district.installation.engine) as connection:
        person = person_by_id(connection, district.ids["officer"])
        assert person is not None
        sessions.begin(connection, person, district.now)
    (row,) = district.rows(tables.web_session)
    assert row.person == district.ids["officer"]
    assert row.expires_at - row.created_at == dt.timedelta(hours=12)
    assert whose(district, token) is None


def test_ending_a_session_ends_no_other(district: District, token: str) -> None:
    """Signing out on one device leaves the other signed in."""
    with changing(district.installation.engine) as connection:
        person = person_by_id(connection, district.ids["treasurer"])
        assert person is not None
        other = sessions.begin(connection, person, district.now)
        sessions.end(connection, token)
    assert whose(district, token) is None
    assert whose(district, other) == district.ids["treasurer"]
